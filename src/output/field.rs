//! In which field a finding stands: column, JSON pointer, code points within the field.

use std::ops::Range;

use crate::anchor::marks::{Rows, cells};
use crate::anchor::values::{JsonValues, SqlValues};
use crate::scan::{Format, Item, PageReport};
use crate::span::Span;

/// Where a finding stands in its field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FieldPlace {
    /// Code points in the decoded text of the field, half-open.
    pub(super) text_start: usize,
    pub(super) text_end: usize,
    /// Header or JSON pointer.
    pub(super) name: Option<String>,
    /// Value of the id field of the row.
    pub(super) record_id: Option<String>,
}

/// Walks over the rows of a page beside its findings, which come in ascending order.
pub(super) struct Fields<'p> {
    page: &'p PageReport<'p>,
    id_field: &'p str,
    rows: Option<Rows<'p>>,
    row: Range<usize>,
    /// Contents of the row's fields (bytes of the page) with their names.
    fields: Vec<(Range<usize>, Option<String>)>,
    record_id: Option<String>,
}

impl<'p> Fields<'p> {
    pub(super) fn new(page: &'p PageReport<'p>, id_field: &'p str) -> Fields<'p> {
        let unit = page.unit();
        let rows = unit
            .format
            .has_rows()
            .then(|| Rows::of_bytes(page.bytes(), unit.encoding, &unit.format, page.is_first()));
        Fields {
            page,
            id_field,
            rows,
            row: 0..0,
            fields: Vec::new(),
            record_id: None,
        }
    }

    /// The place of a finding; findings are asked for in ascending order.
    pub(super) fn place(&mut self, item: &Item<'p>) -> FieldPlace {
        let span = item.finding().span;
        if self.rows.is_none() {
            return self.in_line(span);
        }
        let base = self.page.offset();
        let at = span.start.saturating_sub(base);
        while at >= self.row.end {
            let Some(row) = self.rows.as_mut().and_then(Iterator::next) else {
                break;
            };
            self.row = row.range;
            if at < self.row.end {
                self.read_row(row.start);
            }
        }
        let field = self
            .fields
            .iter()
            .find(|(range, _)| range.start <= at && at < range.end.max(range.start + 1));
        let (start, name) = field.map_or((self.row.start, None), |(range, name)| {
            (range.start, name.clone())
        });
        let text_start = self.chars(base + start, span.start);
        let text_end = text_start + self.chars(span.start, span.end);
        FieldPlace {
            text_start,
            text_end,
            name,
            record_id: self.record_id.clone(),
        }
    }

    /// Running text: the field is the line.
    fn in_line(&self, span: Span) -> FieldPlace {
        let (bytes, base) = self.page.context_bytes();
        let before = &bytes[..span.start.saturating_sub(base).min(bytes.len())];
        let start = memchr::memrchr(b'\n', before).map_or(0, |i| i + 1);
        let wide = self.page.unit().encoding;
        // In UTF-16 the line break's second byte may belong to the text.
        let start = if wide.is_ascii_cuttable() {
            start
        } else {
            (start + 1) & !1
        };
        let text_start = self.chars(base + start.min(before.len()), span.start);
        let text_end = text_start + self.chars(span.start, span.end);
        FieldPlace {
            text_start,
            text_end,
            name: None,
            record_id: None,
        }
    }

    fn chars(&self, from: usize, to: usize) -> usize {
        self.page.text_of(Span::new(from, to)).chars().count()
    }

    /// Reads the fields of the current row. Positions in other encodings than UTF-8 are found by decoding what stands before.
    fn read_row(&mut self, value_start: usize) {
        self.fields.clear();
        self.record_id = None;
        let unit = self.page.unit();
        let raw = &self.page.bytes()[self.row.clone()];
        let mut buffer = Vec::new();
        let row = crate::text::decode::decode(raw, unit.encoding, &mut buffer, &mut Vec::new());
        let same = row.len() == raw.len();
        let base = self.row.start;
        let mut walker = crate::text::decode::Walker::new(raw, unit.encoding, row);
        let mut to_page = |range: Range<usize>| {
            if same {
                base + range.start..base + range.end
            } else {
                base + walker.to_source(range.start)..base + walker.to_source(range.end)
            }
        };
        let is_id =
            |name: &str| name == self.id_field || name.strip_prefix('/') == Some(self.id_field);
        match &unit.format {
            Format::Table { delimiter, quoted } => {
                for cell in cells(row, delimiter, *quoted) {
                    let name = unit
                        .layout
                        .column(cell.index)
                        .and_then(|c| c.header.clone());
                    if name.as_deref().is_some_and(is_id) {
                        self.record_id = Some(row[cell.content.clone()].to_owned());
                    }
                    self.fields.push((to_page(cell.content), name));
                }
            }
            Format::Sql => {
                for cell in SqlValues::new(row) {
                    let name = unit
                        .layout
                        .column(cell.index)
                        .and_then(|c| c.header.clone());
                    if name.as_deref().is_some_and(is_id) {
                        self.record_id = Some(row[cell.content.clone()].to_owned());
                    }
                    self.fields.push((to_page(cell.content), name));
                }
            }
            Format::JsonLines | Format::Json => {
                let from = if same {
                    value_start.saturating_sub(base)
                } else {
                    0
                };
                let mut values = JsonValues::new(row, from);
                while let Some(content) = values.next() {
                    let name = values.pointer();
                    if is_id(&name) {
                        self.record_id = Some(row[content.clone()].to_owned());
                    }
                    self.fields.push((to_page(content), Some(name)));
                }
            }
            Format::Text | Format::Markup => {}
        }
    }
}
