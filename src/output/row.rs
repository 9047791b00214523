//! One row of a data frame as one JSON object: what a line filter answers.

use super::json::{SPAN, TEXT_SPAN, key, number, ratio, span, text, word};
use super::jsonl::record_members;
use super::{Options, detail};
use crate::scan::{Item, PageReport, RowFindings, RowPlace};

/// Appends what was found in a row as one JSON object, without a line break.
///
/// `id` is the row's own identifier as a JSON value, left out where it is `None`. Findings and records are numbered from 1 within
/// the row. Offsets count from the start of the field's text: `span` in bytes of UTF-8, `text_span` in code points.
///
/// ```
/// use miandan::{Scanner, output::{Options, write_row}};
/// let mut rows = Scanner::new()?.rows(["text"]);
/// let mut out = Vec::new();
/// write_row(&mut out, &rows.scan([Some("快递 13812345678")]), Some("7"), &Options::default());
/// let line = String::from_utf8(out).unwrap();
/// assert!(line.starts_with(r#"{"type":"row","id":7,"findings":[{"id":1,"kind":"mobile""#));
/// assert!(line.contains(r#""text_span":{"start":3,"end":14},"value":"138******78""#));
/// # Ok::<(), miandan::Error>(())
/// ```
pub fn write_row(out: &mut Vec<u8>, row: &RowFindings<'_>, id: Option<&str>, options: &Options) {
    let page = row.page();
    out.extend_from_slice(b"{\"type\":\"row\"");
    if let Some(id) = id {
        key(out, "id");
        out.extend_from_slice(id.as_bytes());
    }
    key(out, "findings");
    out.push(b'[');
    for (item, place) in page.items().zip(row.places()) {
        if options.wants(&item) {
            separate(out);
            finding(
                out,
                &page,
                &row.fields()[place.field],
                place,
                &item,
                options,
            );
        }
    }
    out.push(b']');
    if options.records {
        key(out, "records");
        out.push(b'[');
        for (id, record) in page.records() {
            separate(out);
            out.push(b'{');
            number(out, "id", id as i64);
            record_members(out, &page, record);
            out.push(b'}');
        }
        out.push(b']');
    }
    out.push(b'}');
}

fn separate(out: &mut Vec<u8>) {
    if out.last() == Some(&b'}') {
        out.push(b',');
    }
}

fn finding(
    out: &mut Vec<u8>,
    page: &PageReport<'_>,
    field: &str,
    place: RowPlace,
    item: &Item<'_>,
    options: &Options,
) {
    let finding = item.finding();
    out.push(b'{');
    number(out, "id", item.id() as i64);
    word(out, "kind", finding.kind.id());
    word(out, "form", finding.form.id());
    text(out, "field", field);
    span(out, SPAN, place.bytes.start, place.bytes.end);
    span(out, TEXT_SPAN, place.chars.start, place.chars.end);
    let shown = options.shown(item);
    text(out, "value", &shown);
    if options.show_values {
        text(out, "normalized", &item.normalized());
    }
    key(out, "confidence");
    ratio(out, finding.confidence.basis());
    word(out, "level", finding.confidence.level().id());
    let raw = options.show_values.then_some(&*shown);
    detail::detail(out, page.scanner(), finding, raw);
    if let Some(record) = item.record_id() {
        number(out, "record", record as i64);
    }
    out.push(b'}');
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::scan::Scanner;

    fn object(texts: [&str; 2], id: Option<&str>, options: &Options) -> Value {
        let mut rows = Scanner::new().expect("tables").rows(["标题", "text"]);
        let mut out = Vec::new();
        write_row(&mut out, &rows.scan(texts.map(Some)), id, options);
        serde_json::from_slice(&out).expect("JSON")
    }

    const TEXT: &str = "收件人：张伟 电话：13812345678 地址：浙江省杭州市西湖区文三路128号";

    #[test]
    fn a_row_is_one_object() {
        let row = object(
            ["标\"题\n", TEXT],
            Some("\"L\\u0031\""),
            &Options::default(),
        );
        assert_eq!(row["id"], "L1");
        let findings = row["findings"].as_array().expect("a list");
        assert_eq!(findings.len(), 3);
        assert!(
            findings
                .iter()
                .all(|f| f["field"] == "text" && f["record"] == 1)
        );
        assert_eq!(findings[1]["text_span"]["start"], 10);
        assert_eq!(findings[1]["span"]["start"], 28);
        assert_eq!(findings[1]["value"], "138******78");
        assert_eq!(row["records"][0]["fields"]["mobile"], 2);
        assert!(!row.to_string().contains("13812345678"));
    }

    #[test]
    fn values_records_and_lone_findings_are_as_asked_for() {
        let mut options = Options {
            show_values: true,
            records: false,
            ..Options::default()
        };
        let row = object(["", "电话 138-1234-5678"], None, &options);
        assert_eq!(row["findings"][0]["normalized"], "13812345678");
        assert!(row.get("id").is_none() && row.get("records").is_none());
        options.lone_findings = false;
        let row = object(["", "电话 138-1234-5678"], None, &options);
        assert_eq!(row["findings"], Value::Array(Vec::new()));
    }
}
