//! In which field a finding stands: column, JSON pointer, code points within the field.

use std::ops::Range;

use crate::anchor::marks::Rows;
use crate::anchor::values::{JsonValues, RowReader};
use crate::scan::{Format, Item, PageReport};
use crate::span::Span;
use crate::text::decode::Buffer;
use crate::text::encoding::Encoding;
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
    /// What parts the cells of a page, where nothing but this and line breaks has to be looked at.
    delimiter: Option<u8>,
    rows: Option<Rows<'p>>,
    reader: RowReader<'p>,
    row: Range<usize>,
    /// Contents of the row's fields (bytes of the page) with the 0-based positions of their columns, or of their pointers.
    fields: Vec<(Range<usize>, usize)>,
    /// JSON pointers of the row's fields; empty in tables.
    pointers: Vec<String>,
    /// Columns that identify a row.
    ids: Vec<usize>,
    record_id: Option<String>,
    /// Code points from the start of a field (an offset in the input) up to the start of the last finding in it.
    counted: Counted,
    buffer: Buffer,
    stretches: Vec<Stretch>,
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
        let columns = unit.layout.columns.iter().enumerate();
        let ids = columns.filter(|(_, c)| c.header.as_deref().is_some_and(|h| is_id(h, id_field)));
        let ids: Vec<usize> = ids.map(|(i, _)| i).collect();
        Fields {
            page,
            id_field,
            delimiter: plain_delimiter(page).filter(|_| ids.is_empty()),
            rows,
            reader: RowReader::new(&unit.format, unit.layout.headed(), page.has_row_spans()),
            row: 0..0,
            fields: Vec::new(),
            pointers: Vec::new(),
            ids,
            record_id: None,
            counted: Counted::default(),
            buffer: Buffer::default(),
            stretches: Vec::new(),
        }
    }

    /// The place of a finding, whose text is `value`; findings are asked for in ascending order.
    pub(super) fn place(&mut self, item: &Item<'p>, value: &str) -> FieldPlace<'_> {
        let span = item.finding().span;
        if self.rows.is_none() {
            let (text_start, text_end) = self.count(self.line_start(span.start), span, value);
            return FieldPlace {
                text_start,
                text_end,
                ..FieldPlace::default()
            };
        }
        if self.begins_cell(span.start, value) {
            let column = (item.column() as usize).checked_sub(1);
            let column = column.and_then(|index| self.page.unit().layout.column(index));
            return FieldPlace {
                text_start: 0,
                text_end: code_points(value),
                name: column.and_then(|c| c.header.as_deref()),
                record_id: None,
            };
        }
        let base = self.page.offset();
        let at = span.start.saturating_sub(base);
        while at >= self.row.end {
            let Some(row) = self.rows.as_mut().and_then(Iterator::next) else {
                break;
            };
            self.row = row.range;
            if at < self.row.end || self.reader.needs_all() {
                self.read_row(row.start);
            }
        }
        let field = self
            .fields
            .iter()
            .position(|(range, _)| range.start <= at && at < range.end.max(range.start + 1));
        let start = field.map_or(self.row.start, |i| self.fields[i].0.start);
        let (text_start, text_end) = self.count(base + start, span, value);
        let name = field.and_then(|i| {
            let index = self.fields[i].1;
            match self.pointers.get(index) {
                Some(pointer) => Some(pointer.as_str()),
                None => self.page.unit().layout.column(index)?.header.as_deref(),
            }
        });
        FieldPlace {
            text_start,
            text_end,
            name,
            record_id: self.record_id.as_deref(),
        }
    }

    /// Whether a value is known to stand at the beginning of a plain cell, as nearly all values of a dump do: then neither its
    /// row nor what stands before it in the field has to be read.
    fn begins_cell(&self, start: usize, value: &str) -> bool {
        let (Some(delimiter), bytes) = (self.delimiter, self.page.bytes()) else {
            return false;
        };
        let at = start.wrapping_sub(self.page.offset());
        let behind_border = at == 0
            || bytes
                .get(at.wrapping_sub(1))
                .is_some_and(|b| *b == delimiter || *b == b'\n');
        // White space and a spreadsheet's apostrophe are not part of a cell's content.
        let first = value.chars().next();
        behind_border && first.is_some_and(|c| c != '\'' && !c.is_whitespace())
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

    /// The code points of a span, whose text is `value`, in the field that starts at offset `field`. Counts on from the last finding in the same field,
    /// which may be a line without end.
    fn count(&mut self, field: usize, span: Span, value: &str) -> (usize, usize) {
        let (from, before) = match self.counted {
            c if c.field == field && c.until <= span.start => (c.until, c.chars),
            _ => (field, 0),
        };
        let start = if from == span.start {
            before
        } else {
            let skipped = self.page.text_of(Span::new(from, span.start));
            before + self.chars(field, &skipped)
        };
        let end = start + self.chars(field, value);
        self.counted = Counted {
            field,
            until: span.start,
            chars: start,
        };
        (start, end)
    }

    /// The code points of a piece of text in the field that starts at offset `field`; a doubled quote in a quoted cell is one.
    fn chars(&self, field: usize, text: &str) -> usize {
        let quoted = memchr::memchr(b'"', text.as_bytes()).is_some() && self.is_quoted(field);
        let doubled = if quoted {
            text.matches("\"\"").count()
        } else {
            0
        };
        code_points(text) - doubled
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
        self.pointers.clear();
        self.record_id = None;
        let unit = self.page.unit();
        let raw = &self.page.bytes()[self.row.clone()];
        let row = self
            .page
            .decode_row(raw, &mut self.buffer, &mut self.stretches);
        let mut walker = Walker::new(raw, unit.encoding, row, &self.stretches);
        let row = row.text;
        let same = row.len() == raw.len();
        let base = self.row.start;
        let mut to_page = |range: Range<usize>| {
            if same {
                base + range.start..base + range.end
            } else {
                base + walker.to_source(range.start)..base + walker.end_to_source(range.end)
            }
        };
        if self.reader.read(row, |cell| {
            if self.ids.contains(&cell.index) {
                self.record_id = Some(row[cell.content.clone()].to_owned());
            }
            self.fields.push((to_page(cell.content), cell.index));
        }) {
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
                    if is_id(&name, self.id_field) {
                        self.record_id = Some(row[content.clone()].to_owned());
                    }
                    self.fields.push((to_page(content), self.pointers.len()));
                    self.pointers.push(name);
                }
            }
            _ => {}
        }
    }
}

/// The number of code points of a text, which is short as a rule: of bytes that begin one.
fn code_points(text: &str) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let (blocks, rest) = text.as_bytes().as_chunks::<8>();
    // In the highest bit of each byte of a block: it is clear, or the one below it is set.
    let begin = |block: &[u8; 8]| {
        let block = u64::from_le_bytes(*block);
        (((!block >> 7) | (block >> 6)) & ONES).count_ones() as usize
    };
    let rest = rest.iter().filter(|b| (**b as i8) >= -0x40).count();
    blocks.iter().map(begin).sum::<usize>() + rest
}

/// The delimiter of a page of a table without quotes, in which bytes tell where the cells begin.
fn plain_delimiter(page: &PageReport<'_>) -> Option<u8> {
    let unit = page.unit();
    let Format::Table { delimiter, .. } = &unit.format else {
        return None;
    };
    let [delimiter] = delimiter.as_bytes() else {
        return None;
    };
    // Elsewhere than in UTF-8, bytes from 0x30 on may be the second of a character.
    let told =
        unit.encoding == Encoding::Utf8 || unit.encoding.is_ascii_cuttable() && *delimiter < 0x30;
    let plain = told
        && page.stretches.is_empty()
        && !page.is_empty()
        && memchr::memchr(b'"', page.bytes()).is_none();
    plain.then_some(*delimiter)
}

/// Whether a header or JSON pointer is that of the field that identifies a row.
fn is_id(name: &str, id_field: &str) -> bool {
    name == id_field || name.strip_prefix('/') == Some(id_field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_are_characters() {
        let mut text = String::new();
        for c in "a张é\u{10FFFF}，1\u{80}".chars().cycle().take(40) {
            assert_eq!(code_points(&text), text.chars().count());
            text.push(c);
        }
    }
}
