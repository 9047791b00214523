//! The rows of a page as texts, for those who judge a row as a whole: listings, messages.

use memchr::memchr_iter;

use super::input::Format;
use super::locate::counts;
use super::report::{PageReport, UnitInfo};
use crate::anchor::marks::Rows;
use crate::anchor::values::{JsonValues, RowReader};
use crate::text::decode::{Buffer, decode};
use crate::text::{Escapes, unescaped};

/// A data row of a page, or a line of running text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowText {
    /// 1-based line of the input on which it begins.
    pub line: u64,
    /// 1-based data row; 0 in running text.
    pub row: u64,
    /// Its fields, decoded and unescaped, each with its name: the column's header, a JSON pointer, or nothing.
    pub fields: Vec<(String, String)>,
}

impl RowText {
    /// The field of a name; JSON fields are also known without the slash at the start of their pointer.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(n, _)| n == name || n.strip_prefix('/') == Some(name))
            .map(|(_, text)| text.as_str())
    }
}

impl PageReport<'_> {
    /// The data rows that begin on the page, or its lines where the format has no rows. Blank ones and the header are left out.
    pub fn row_texts(&self) -> impl Iterator<Item = RowText> + '_ {
        let unit = self.unit;
        let bytes = self.bytes();
        // Lines of running text are rows without fields.
        let format = match &unit.format {
            format if format.has_rows() => format,
            _ => &LINES,
        };
        let header = if self.first {
            unit.layout.header_rows
        } else {
            0
        };
        let (mut line, mut counted, mut number) = (self.place_base.line, 0, 0_u64);
        let mut reader = RowReader::new(format, unit.layout.headed(), self.has_row_spans());
        Rows::of_bytes(bytes, unit.encoding, format, self.first).filter_map(move |row| {
            line += memchr_iter(b'\n', &bytes[counted..row.start]).count() as u64;
            counted = row.start;
            let (mut buffer, mut malformed) = (Buffer::default(), Vec::new());
            let head = &bytes[row.range.start..row.start];
            let head = decode(head, unit.encoding, &mut buffer, &mut malformed)
                .text
                .len();
            let text = &bytes[row.range];
            let text = decode(text, unit.encoding, &mut buffer, &mut malformed).text;
            if !counts(text, format) {
                reader.pass(text);
                return None;
            }
            number += 1;
            let Some(row_number) = number.checked_sub(header).filter(|n| *n > 0) else {
                reader.pass(text);
                return None;
            };
            Some(RowText {
                line: line + 1,
                row: if unit.format.has_rows() {
                    self.place_base.row + row_number
                } else {
                    0
                },
                fields: fields(text, head, unit, &mut reader),
            })
        })
    }
}

/// Splits running text at line breaks only.
static LINES: Format = Format::JsonLines;

/// The fields of a row whose value begins at byte `from` of its text.
fn fields(
    text: &str,
    from: usize,
    unit: &UnitInfo,
    reader: &mut RowReader<'_>,
) -> Vec<(String, String)> {
    let escapes = unit.format.escapes();
    let header = |index: usize| {
        let column = unit.layout.column(index);
        column.and_then(|c| c.header.clone()).unwrap_or_default()
    };
    let mut cells = Vec::new();
    if reader.read(text, |c| {
        cells.push((header(c.index), plain(&text[c.content], escapes)));
    }) {
        return cells;
    }
    match &unit.format {
        Format::JsonLines | Format::Json if text.trim_start().starts_with(['{', '[', ',']) => {
            let mut values = JsonValues::new(text, from);
            let mut out = Vec::new();
            while let Some(content) = values.next() {
                out.push((values.pointer(), plain(&text[content], escapes)));
            }
            out
        }
        _ => vec![(String::new(), plain(text.trim(), escapes))],
    }
}

/// The text with its escapes resolved.
fn plain(text: &str, escapes: Escapes) -> String {
    unescaped(text, escapes).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Encoding, Input, Scanner};

    fn rows(text: &str, format: Format) -> Vec<RowText> {
        let scanner = Scanner::new().expect("a scanner");
        let input = Input::new(text).format(format).encoding(Encoding::Utf8);
        let findings = scanner.scan(input);
        findings
            .as_page(&scanner, text.as_bytes())
            .row_texts()
            .collect()
    }

    #[test]
    fn rows_of_tables_and_objects_have_named_fields() {
        let csv = rows(
            "标题,描述\n\n\"热敏纸, 一箱\",包邮\n袜子,\"五双\n装\"\n",
            Format::csv(),
        );
        assert_eq!(csv.len(), 2);
        assert_eq!(csv[0].field("标题"), Some("热敏纸, 一箱"));
        assert_eq!(
            (csv[1].line, csv[1].row, csv[1].field("描述")),
            (4, 2, Some("五双\n装"))
        );
        let json = rows(
            "{\"title\":\"a\\nb\",\"n\":{\"text\":\"c\"}}\n{}\n",
            Format::JsonLines,
        );
        assert_eq!((json.len(), json[0].field("title")), (2, Some("a\nb")));
        assert_eq!(json[0].field("n/text"), Some("c"));
        let document = "{\"列表\":[{\"title\":\"一\"},{\"title\":\"二\"}]}";
        let wide: Vec<u8> = document.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let scanner = Scanner::new().expect("a scanner");
        let input = || {
            Input::new(&wide)
                .format(Format::Json)
                .encoding(Encoding::Utf16Le)
        };
        let found = scanner.scan(input());
        let titles: Vec<RowText> = found.as_page(&scanner, &wide).row_texts().collect();
        assert_eq!(titles[0].field("title"), Some("一"), "{titles:?}");
        assert_eq!(titles[1].field("title"), Some("二"), "{titles:?}");
    }

    #[test]
    fn lines_of_text_are_rows_without_names() {
        let lines = rows("一\n\n二 \n", Format::Text);
        let texts: Vec<&str> = lines.iter().filter_map(|r| r.field("")).collect();
        assert_eq!(
            (texts, lines[1].line, lines[1].row),
            (vec!["一", "二"], 3, 0)
        );
    }
}
