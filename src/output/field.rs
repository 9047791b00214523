//! In which field a finding stands: column, JSON pointer, code points within the field.

use std::ops::Range;

use crate::anchor::marks::Rows;
use crate::anchor::values::{JsonValues, RowCells};
use crate::scan::{Format, Item, PageReport};
use crate::span::Span;
use crate::text::mixed::{Stretch, Walker};

/// Where a finding stands in its field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct FieldPlace<'f> {
    /// Code points in the decoded text of the field, half-open.
    pub(super) text_start: usize,
    pub(super) text_end: usize,
    /// Header or JSON pointer.
    pub(super) name: Option<&'f str>,
    /// Value of the id field of the row.
    pub(super) record_id: Option<&'f str>,
}

/// Walks over the rows of a page beside its findings, which come in ascending order.
pub(super) struct Fields<'p> {
    page: &'p PageReport<'p>,
    id_field: &'p str,
    rows: Option<Rows<'p>>,
    row: Range<usize>,
    /// Contents of the row's fields (bytes of the page) with their names.
    fields: Vec<(Range<usize>, Name)>,
    record_id: Option<String>,
    /// Code points from the start of a field (an offset in the input) up to the start of the last finding in it.
    counted: Counted,
    buffer: Vec<u8>,
    stretches: Vec<Stretch>,
}

/// What a field is called.
enum Name {
    /// As the header of the column with this 0-based position.
    Column(usize),
    /// By a JSON pointer.
    Pointer(String),
}

#[derive(Clone, Copy, Default)]
struct Counted {
    field: usize,
    until: usize,
    chars: usize,
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
            counted: Counted::default(),
            buffer: Vec::new(),
            stretches: Vec::new(),
        }
    }

    /// The place of a finding; findings are asked for in ascending order.
    pub(super) fn place(&mut self, item: &Item<'p>) -> FieldPlace<'_> {
        let span = item.finding().span;
        if self.rows.is_none() {
            let (text_start, text_end) = self.count(self.line_start(span.start), span);
            return FieldPlace {
                text_start,
                text_end,
                ..FieldPlace::default()
            };
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
            .position(|(range, _)| range.start <= at && at < range.end.max(range.start + 1));
        let start = field.map_or(self.row.start, |i| self.fields[i].0.start);
        let (text_start, text_end) = self.count(base + start, span);
        let name = field.and_then(|i| match &self.fields[i].1 {
            Name::Column(index) => {
                let column = self.page.unit().layout.column(*index)?;
                column.header.as_deref()
            }
            Name::Pointer(pointer) => Some(pointer.as_str()),
        });
        FieldPlace {
            text_start,
            text_end,
            name,
            record_id: self.record_id.as_deref(),
        }
    }

    /// Running text: the field is the line. Gives its start in the input, or that of the page where it is longer.
    fn line_start(&self, at: usize) -> usize {
        let (bytes, base) = self.page.context_bytes();
        let end = at.saturating_sub(base).min(bytes.len());
        // What was counted last is on the same line unless a line break came since.
        let known = self.counted.until.saturating_sub(base).min(end);
        let wide = !self.page.unit().encoding.is_ascii_cuttable();
        match memchr::memrchr(b'\n', &bytes[known..end]) {
            // In UTF-16 the line break's second byte may belong to the text.
            Some(i) if wide => base + ((known + i + 2) & !1).min(end),
            Some(i) => base + known + i + 1,
            None => self.counted.field.max(base),
        }
    }

    /// The code points of a span in the field that starts at offset `field`. Counts on from the last finding in the same field,
    /// which may be a line without end.
    fn count(&mut self, field: usize, span: Span) -> (usize, usize) {
        let (from, before) = match self.counted {
            c if c.field == field && c.until <= span.start => (c.until, c.chars),
            _ => (field, 0),
        };
        let start = before + self.chars(field, from, span.start);
        let end = start + self.chars(field, span.start, span.end);
        self.counted = Counted {
            field,
            until: span.start,
            chars: start,
        };
        (start, end)
    }

    /// The code points of a piece of the field that starts at offset `field`; a doubled quote in a quoted cell is one.
    fn chars(&self, field: usize, from: usize, to: usize) -> usize {
        if from == to {
            return 0;
        }
        let text = self.page.text_of(Span::new(from, to));
        let doubled = text.matches("\"\"").count();
        let quotes = if doubled > 0 && self.is_quoted(field) {
            doubled
        } else {
            0
        };
        text.chars().count() - quotes
    }

    /// Whether the field that starts at offset `field` is a cell in quotes.
    fn is_quoted(&self, field: usize) -> bool {
        let unit = self.page.unit();
        let quote = if unit.encoding.is_ascii_cuttable() {
            1
        } else {
            2
        };
        matches!(unit.format, Format::Table { quoted: true, .. })
            && field
                .checked_sub(quote)
                .is_some_and(|at| self.page.text_of(Span::new(at, field)) == "\"")
    }

    /// Reads the fields of the current row. Positions in other encodings than UTF-8 are found by decoding what stands before.
    fn read_row(&mut self, value_start: usize) {
        self.fields.clear();
        self.record_id = None;
        let unit = self.page.unit();
        let raw = &self.page.bytes()[self.row.clone()];
        let row = self
            .page
            .decode_row(raw, &mut self.buffer, &mut self.stretches);
        let same = row.len() == raw.len();
        let base = self.row.start;
        let mut walker = Walker::new(raw, unit.encoding, row, &self.stretches);
        let mut to_page = |range: Range<usize>| {
            if same {
                base + range.start..base + range.end
            } else {
                base + walker.to_source(range.start)..base + walker.end_to_source(range.end)
            }
        };
        let is_id =
            |name: &str| name == self.id_field || name.strip_prefix('/') == Some(self.id_field);
        let header = |index| unit.layout.column(index).and_then(|c| c.header.as_deref());
        if let Some(cells) = RowCells::new(row, &unit.format, unit.layout.headed()) {
            for cell in cells {
                if header(cell.index).is_some_and(is_id) {
                    self.record_id = Some(row[cell.content.clone()].to_owned());
                }
                self.fields
                    .push((to_page(cell.content), Name::Column(cell.index)));
            }
            return;
        }
        match &unit.format {
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
                    self.fields.push((to_page(content), Name::Pointer(name)));
                }
            }
            _ => {}
        }
    }
}
