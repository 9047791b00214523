//! JSON Lines: one object a line, the contract that programs read.

use std::io::Write;
use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::field::{FieldPlace, Fields};
use super::json::{integer, key, number, ratio, span, string, text, word};
use super::{Options, detail, records_by_last};
use crate::error::{Error, Result};
use crate::evidence::{EvidenceSet, Weight};
use crate::finding::{Detail, Finding};
use crate::kind::Kind;
use crate::record::Record;
use crate::report::Figures;
use crate::scan::{Item, Origin, PageReport, Place, Scanner, Sink, Warning};

/// About the length of the line of a finding, its share of a record included.
const LINE_BYTES: usize = 640;

/// Writes findings, records and warnings as JSON Lines; the caller ends it with [`finish`](JsonLinesSink::finish).
#[derive(Debug)]
pub struct JsonLinesSink<W> {
    writer: W,
    options: Options,
}

impl<W: Write> JsonLinesSink<W> {
    /// A sink that writes to `writer`.
    pub const fn new(writer: W, options: Options) -> JsonLinesSink<W> {
        JsonLinesSink { writer, options }
    }

    /// Writes a warning about the scan as a whole.
    ///
    /// # Errors
    /// When writing fails.
    pub fn warn(&mut self, warning: &Warning) -> Result<()> {
        let mut line = Vec::new();
        write_warning(&mut line, &Origin::path("-"), warning);
        self.writer.write_all(&line).map_err(|e| Error::io("-", e))
    }

    /// Writes the summary, the last line.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self, figures: &Figures, elapsed_ms: u64, threads: usize) -> Result<()> {
        let mut line = serde_json::to_value(figures).unwrap_or_else(|_| json!({}));
        // The contract of the last line knows no encodings; `report` and the pages for people show them.
        if let Some(members) = line.as_object_mut() {
            members.remove("encodings");
        }
        line["type"] = "summary".into();
        line["elapsed_ms"] = elapsed_ms.into();
        line["threads"] = threads.into();
        // In one piece, so that a full disk leaves no half line.
        self.writer
            .write_all(format!("{line}\n").as_bytes())
            .and_then(|()| self.writer.flush())
            .map_err(|e| Error::io("-", e))
    }
}

impl<W: Write + Send + Sync> Sink for JsonLinesSink<W> {
    type Rendered = Vec<u8>;

    fn render(&self, page: &PageReport<'_>) -> Vec<u8> {
        let mut out = Vec::with_capacity(page.len() * LINE_BYTES);
        for warning in page.warnings() {
            write_warning(&mut out, &page.unit().origin, warning);
        }
        let mut fields = Fields::new(page, &self.options.id_field);
        let ends = records_by_last(page);
        let mut next = 0;
        let mut shown = String::new();
        let mut lines = Lines {
            origin: origin_head(&page.unit().origin),
            evidence: FxHashMap::default(),
            details: FxHashMap::default(),
        };
        for item in page.items() {
            if self.options.wants(&item) {
                let value = item.value();
                let place = fields.place(&item, &value);
                shown.clear();
                self.options.show(item.finding(), &value, &mut shown);
                self.finding(&mut out, page, &item, &place, &shown, &mut lines);
            }
            while let Some((_, record)) = ends
                .get(next)
                .filter(|(last, _)| *last as usize == item.index())
            {
                if self.options.records
                    && let Some((id, record)) = page.record(*record)
                {
                    write_record(&mut out, page, &lines.origin, id, record);
                }
                next += 1;
            }
        }
        out
    }

    fn accept(&mut self, lines: Vec<u8>) -> Result<ControlFlow<()>> {
        self.writer
            .write_all(&lines)
            .map_err(|e| Error::io("-", e))?;
        Ok(ControlFlow::Continue(()))
    }
}

impl<W> JsonLinesSink<W> {
    fn finding(
        &self,
        out: &mut Vec<u8>,
        page: &PageReport<'_>,
        item: &Item<'_>,
        place: &FieldPlace<'_>,
        shown: &str,
        lines: &mut Lines,
    ) {
        let finding = item.finding();
        out.extend_from_slice(b"{\"type\":\"finding\",\"id\":");
        integer(out, item.id() as i64);
        out.extend_from_slice(b",\"kind\":\"");
        out.extend_from_slice(finding.kind.id().as_bytes());
        out.extend_from_slice(b"\",\"form\":\"");
        out.extend_from_slice(finding.form.id().as_bytes());
        out.push(b'"');
        write_origin(out, &lines.origin, item.place(), place);
        span(out, "span", finding.span.start, finding.span.end);
        span(out, "text_span", place.text_start, place.text_end);
        out.extend_from_slice(b",\"value\":");
        string(out, shown);
        if self.options.show_values {
            out.extend_from_slice(b",\"normalized\":");
            string(out, &item.normalized());
        }
        out.extend_from_slice(b",\"confidence\":");
        ratio(out, finding.confidence.basis());
        out.extend_from_slice(b",\"level\":\"");
        out.extend_from_slice(finding.confidence.level().id().as_bytes());
        out.extend_from_slice(b"\",\"evidence\":[");
        lines.evidence(out, page.scanner(), finding);
        out.push(b']');
        let raw = self.options.show_values.then_some(shown);
        lines.detail(out, page.scanner(), finding, raw);
        if let Some(record) = item.record_id() {
            number(out, "record", record as i64);
        }
        out.extend_from_slice(b"}\n");
    }
}

/// What is written again and again on a page, kept as it is written: the origin, sets of evidence, of which there are few and which
/// are most of the output, and what is known of numbers.
struct Lines {
    origin: Vec<u8>,
    /// By rule and set, without what is measured.
    evidence: FxHashMap<(u8, EvidenceSet), Vec<u8>>,
    details: FxHashMap<Detail, Vec<u8>>,
}

impl Lines {
    /// Appends the lines of evidence for a finding, parted by commas.
    fn evidence(&mut self, out: &mut Vec<u8>, scanner: &Scanner, finding: &Finding) {
        let key = (finding.rule, finding.evidence);
        let set = self.evidence.entry(key).or_insert_with(|| {
            let mut set = Vec::new();
            let plain = Finding {
                measured: 0,
                ..*finding
            };
            scanner.each_evidence(&plain, |id, weight| evidence(&mut set, id, weight));
            set
        });
        out.extend_from_slice(set);
        if finding.measured != 0 {
            let measured = Finding {
                evidence: EvidenceSet::EMPTY,
                ..*finding
            };
            scanner.each_evidence(&measured, |id, weight| evidence(out, id, weight));
        }
    }

    /// Appends the detail of a finding. Addresses differ from one another and may be `shown` in parts, and what callers' own detectors
    /// say does not stand in the finding: neither is kept.
    fn detail(
        &mut self,
        out: &mut Vec<u8>,
        scanner: &Scanner,
        finding: &Finding,
        shown: Option<&str>,
    ) {
        if matches!(finding.kind, Kind::Address | Kind::Custom) {
            detail::detail(out, scanner, finding, shown);
            return;
        }
        let line = self.details.entry(finding.detail).or_insert_with(|| {
            let mut line = Vec::new();
            detail::detail(&mut line, scanner, finding, None);
            line
        });
        out.extend_from_slice(line);
    }
}

/// Appends a line of evidence, after a comma where it is not the first.
fn evidence(out: &mut Vec<u8>, id: &str, weight: Weight) {
    if out.ends_with(b"}") {
        out.push(b',');
    }
    out.push(b'{');
    word(out, "id", id);
    number(out, "weight", i64::from(weight));
    out.push(b'}');
}

/// The beginning of the `origin` object, which all findings of an input share.
fn origin_head(origin: &Origin) -> Vec<u8> {
    let mut out = b",\"origin\":{".to_vec();
    text(&mut out, "path", &origin.path);
    for (name, value) in [("entry", &origin.entry), ("sheet", &origin.sheet)] {
        if let Some(value) = value {
            text(&mut out, name, value);
        }
    }
    out
}

fn write_origin(out: &mut Vec<u8>, head: &[u8], place: Place, field: &FieldPlace<'_>) {
    out.extend_from_slice(head);
    for (key, n) in [
        (&b",\"line\":"[..], place.line),
        (b",\"row\":", place.row),
        (b",\"column\":", u64::from(place.column)),
    ] {
        if n > 0 {
            out.extend_from_slice(key);
            integer(out, n as i64);
        }
    }
    for (key, value) in [
        (&b",\"field\":"[..], field.name),
        (b",\"record_id\":", field.record_id),
    ] {
        if let Some(value) = value {
            out.extend_from_slice(key);
            string(out, value);
        }
    }
    out.push(b'}');
}

fn write_record(out: &mut Vec<u8>, page: &PageReport<'_>, origin: &[u8], id: u64, record: &Record) {
    out.extend_from_slice(b"{\"type\":\"record\"");
    record_members(out, page, id, record);
    let start = record
        .findings
        .first()
        .and_then(|m| page.item(*m as usize))
        .map(|i| i.place());
    let place = Place {
        column: 0,
        ..start.unwrap_or_default()
    };
    write_origin(out, origin, place, &FieldPlace::default());
    out.extend_from_slice(b"}\n");
}

/// Appends what a record is apart from where it stands.
pub(super) fn record_members(out: &mut Vec<u8>, page: &PageReport<'_>, id: u64, record: &Record) {
    number(out, "id", id as i64);
    key(out, "findings");
    out.push(b'[');
    for (i, member) in record.findings.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        integer(out, page.finding_id(*member as usize) as i64);
    }
    out.push(b']');
    key(out, "fields");
    out.push(b'{');
    for (kind, member) in &record.fields {
        number(
            out,
            Kind::id(*kind),
            page.finding_id(*member as usize) as i64,
        );
    }
    out.push(b'}');
    word(out, "role", record.role.id());
    key(out, "confidence");
    ratio(out, record.confidence.basis());
}

fn write_warning(out: &mut Vec<u8>, origin: &Origin, warning: &Warning) {
    let mut line = json!({
        "type": "warning",
        "code": warning.code,
        "origin": origin,
        "message": warning.message,
    });
    if let Some(span) = warning.span {
        line["span"] = json!({ "start": span.start, "end": span.end });
    }
    string_of(out, &line);
}

fn string_of(out: &mut Vec<u8>, line: &Value) {
    out.extend_from_slice(line.to_string().as_bytes());
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_one_line_of_json() {
        let mut out = Vec::new();
        write_warning(
            &mut out,
            &Origin::path("a\n.csv"),
            &Warning::loss("io.read", "reading stopped"),
        );
        assert_eq!(out.iter().filter(|b| **b == b'\n').count(), 1);
        let value: Value = serde_json::from_slice(&out).expect("valid");
        assert_eq!(value["origin"]["path"], "a\n.csv");
    }
}
