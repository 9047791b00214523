//! JSON Lines: one object a line, the contract that programs read.

use std::io::Write;
use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::field::{FieldPlace, Fields};
use super::json::{SPAN, TEXT_SPAN, integer, natural, ratio, span, string, text, word};
use super::{Options, Spare, detail, records_by_last};
use crate::error::{Error, Result};
use crate::evidence::{EvidenceSet, Weight};
use crate::finding::{Detail, Finding};
use crate::kind::Kind;
use crate::record::Record;
use crate::report::Figures;
use crate::scan::{Item, Origin, PageReport, Place, Sink, Warning};

/// About the length of the line of a finding, its share of a record included.
const LINE_BYTES: usize = 800;

/// Writes findings, records and warnings as JSON Lines; the caller ends it with [`finish`](JsonLinesSink::finish).
#[derive(Debug)]
pub struct JsonLinesSink<W> {
    writer: W,
    options: Options,
    spare: Spare,
}

impl<W: Write> JsonLinesSink<W> {
    /// A sink that writes to `writer`.
    pub const fn new(writer: W, options: Options) -> JsonLinesSink<W> {
        JsonLinesSink {
            writer,
            options,
            spare: Spare::new(),
        }
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
        let mut out = self.spare.take();
        out.reserve(page.len() * LINE_BYTES);
        for warning in page.warnings() {
            write_warning(&mut out, &page.unit().origin, warning);
        }
        let mut fields = Fields::new(page, &self.options.id_field);
        let ends = records_by_last(page);
        let mut next = 0;
        let mut shown = String::new();
        let mut lines = Lines::new(page);
        for item in page.items() {
            if self.options.wants(&item) {
                let value = item.value();
                let place = fields.place(&item, &value);
                shown.clear();
                self.options.show(item.finding(), &value, &mut shown);
                self.finding(&mut out, &item, &place, &shown, &mut lines);
            }
            while let Some((_, record)) = ends
                .get(next)
                .filter(|(last, _)| *last as usize == item.index())
            {
                if self.options.records
                    && let Some((id, record)) = page.record(*record)
                {
                    lines.record(&mut out, id, record);
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
        self.spare.give(lines);
        Ok(ControlFlow::Continue(()))
    }
}

impl<W> JsonLinesSink<W> {
    fn finding<'p>(
        &self,
        out: &mut Vec<u8>,
        item: &Item<'p>,
        place: &FieldPlace<'_>,
        shown: &str,
        lines: &mut Lines<'p>,
    ) {
        let finding = item.finding();
        out.extend_from_slice(b"{\"type\":\"finding\",\"id\":");
        natural(out, item.id());
        lines.kind_and_origin(out, finding);
        let stands = item.place();
        lines.place(out, stands);
        lines.field(out, stands.column, place.name);
        if let Some(id) = place.record_id {
            out.extend_from_slice(b",\"record_id\":");
            string(out, id);
        }
        out.push(b'}');
        span(out, SPAN, finding.span.start, finding.span.end);
        if !self.options.brief {
            span(out, TEXT_SPAN, place.text_start, place.text_end);
        }
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
        out.push(b'"');
        if !self.options.brief {
            out.extend_from_slice(b",\"evidence\":[");
            lines.evidence(out, finding);
            out.push(b']');
            let raw = self.options.show_values.then_some(shown);
            lines.detail(out, finding, raw);
        }
        if let Some(record) = item.record_id() {
            out.extend_from_slice(b",\"record\":");
            natural(out, record);
        }
        out.extend_from_slice(b"}\n");
    }
}

/// The lines of a page. What is written again and again is kept as it is written: the origin, the place in the input, sets of
/// evidence, of which there are few and which are most of the output, and what is known of numbers.
struct Lines<'p> {
    page: &'p PageReport<'p>,
    /// The beginning of the `origin` object, which all findings of an input share.
    origin: Vec<u8>,
    /// Kind, form and the beginning of the origin; empty before the first finding of a kind and form.
    heads: [[Vec<u8>; FORMS]; Kind::ALL.len()],
    /// Line and row of the finding before.
    place: (Place, Vec<u8>),
    /// Column and field of the findings before, by column.
    fields: Vec<(Option<String>, Vec<u8>)>,
    /// By rule and set, without what is measured.
    evidence: FxHashMap<(u8, EvidenceSet), Vec<u8>>,
    details: FxHashMap<Detail, Vec<u8>>,
}

/// Number of forms.
const FORMS: usize = 4;

/// Columns whose names are kept as they are written.
const COLUMNS: u32 = 64;

impl<'p> Lines<'p> {
    fn new(page: &'p PageReport<'p>) -> Lines<'p> {
        Lines {
            page,
            origin: origin_head(&page.unit().origin),
            heads: Default::default(),
            place: Default::default(),
            fields: Vec::new(),
            evidence: FxHashMap::default(),
            details: FxHashMap::default(),
        }
    }

    /// Appends kind and form, and opens the origin.
    fn kind_and_origin(&mut self, out: &mut Vec<u8>, finding: &Finding) {
        let head = &mut self.heads[finding.kind as usize][finding.form as usize];
        if head.is_empty() {
            word(head, "kind", finding.kind.id());
            word(head, "form", finding.form.id());
            head.extend_from_slice(&self.origin);
        }
        out.extend_from_slice(head);
    }

    /// Appends line and row; findings of a row follow one another.
    fn place(&mut self, out: &mut Vec<u8>, place: Place) {
        let (known, text) = &mut self.place;
        if (known.line, known.row) != (place.line, place.row) {
            *known = place;
            text.clear();
            for (key, n) in [(&b",\"line\":"[..], place.line), (b",\"row\":", place.row)] {
                if n > 0 {
                    text.extend_from_slice(key);
                    natural(text, n);
                }
            }
        }
        out.extend_from_slice(text);
    }

    /// Appends the column, 0 where there is none, and the name of the field.
    fn field(&mut self, out: &mut Vec<u8>, column: u32, name: Option<&str>) {
        let write = |out: &mut Vec<u8>| {
            if column > 0 {
                out.extend_from_slice(b",\"column\":");
                natural(out, column.into());
            }
            if let Some(name) = name {
                out.extend_from_slice(b",\"field\":");
                string(out, name);
            }
        };
        if column >= COLUMNS {
            return write(out);
        }
        let column = column as usize;
        if self.fields.len() <= column {
            self.fields.resize(column + 1, Default::default());
        }
        let (known, text) = &mut self.fields[column];
        if text.is_empty() || known.as_deref() != name {
            *known = name.map(str::to_owned);
            text.clear();
            write(text);
        }
        out.extend_from_slice(text);
    }

    /// Appends the lines of evidence for a finding, parted by commas.
    fn evidence(&mut self, out: &mut Vec<u8>, finding: &Finding) {
        let scanner = self.page.scanner();
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
    fn detail(&mut self, out: &mut Vec<u8>, finding: &Finding, shown: Option<&str>) {
        let scanner = self.page.scanner();
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

    /// Appends a record; it starts where its first finding does.
    fn record(&mut self, out: &mut Vec<u8>, id: u64, record: &Record) {
        out.extend_from_slice(b"{\"type\":\"record\",\"id\":");
        natural(out, id);
        record_members(out, self.page, record);
        let first = record.findings.first().map(|m| *m as usize);
        let start = first.and_then(|first| self.page.item(first));
        out.extend_from_slice(&self.origin);
        self.place(out, start.map(|item| item.place()).unwrap_or_default());
        out.extend_from_slice(b"}}\n");
    }
}

/// Appends a line of evidence, after a comma where it is not the first.
fn evidence(out: &mut Vec<u8>, id: &str, weight: Weight) {
    if out.ends_with(b"}") {
        out.push(b',');
    }
    out.extend_from_slice(b"{\"id\":\"");
    out.extend_from_slice(id.as_bytes());
    out.extend_from_slice(b"\",\"weight\":");
    integer(out, i64::from(weight));
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

/// Appends what a record is apart from its number and where it stands.
pub(super) fn record_members(out: &mut Vec<u8>, page: &PageReport<'_>, record: &Record) {
    out.extend_from_slice(b",\"findings\":[");
    for (i, member) in record.findings.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        natural(out, page.finding_id(*member as usize));
    }
    out.extend_from_slice(b"],\"fields\":{");
    for (i, (kind, member)) in record.fields.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.push(b'"');
        out.extend_from_slice(kind.id().as_bytes());
        out.extend_from_slice(b"\":");
        natural(out, page.finding_id(*member as usize));
    }
    out.extend_from_slice(b"},\"role\":\"");
    out.extend_from_slice(record.role.id().as_bytes());
    out.extend_from_slice(b"\",\"confidence\":");
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
