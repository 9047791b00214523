//! The values of a row, one after the other, each with the way to it.

use std::ops::Range;

use super::aligned::Headed;
use super::html::{HtmlCells, Overhang};
use super::marks::{self, Cell, Cells, SPACES};
use crate::scan::Format;
use crate::text::dense::places;

/// The cells of a row of a format with columns.
#[derive(Clone, Debug)]
enum RowCells<'t> {
    Table(Cells<'t>),
    Aligned(std::vec::IntoIter<Cell>),
    Sql(SqlValues<'t>),
    Html(HtmlCells<'t>),
}

impl<'t> RowCells<'t> {
    /// The cells of a row under a header; `None` where the format has no columns.
    ///
    /// Columns that are parted by spaces show no empty cells: where some are missing, their places tell which, or the row has none.
    fn new(row: &'t str, format: &'t Format, headed: Headed<'_>) -> Option<RowCells<'t>> {
        match format {
            Format::Table { delimiter, quoted } => {
                let cells = marks::cells(row, delimiter, *quoted);
                let known = headed.columns == 0
                    || delimiter != SPACES
                    || cells.clone().count() == headed.columns;
                if known {
                    return Some(RowCells::Table(cells));
                }
                let aligned = headed.places.cells(row)?;
                Some(RowCells::Aligned(aligned.into_iter()))
            }
            Format::Sql => Some(RowCells::Sql(SqlValues::new(row))),
            Format::HtmlTable => Some(RowCells::Html(HtmlCells::new(row))),
            Format::Text | Format::JsonLines | Format::Json | Format::Markup => None,
        }
    }
}

impl Iterator for RowCells<'_> {
    type Item = Cell;

    fn next(&mut self) -> Option<Cell> {
        match self {
            RowCells::Table(cells) => cells.next(),
            RowCells::Aligned(cells) => cells.next(),
            RowCells::Sql(values) => values.next(),
            RowCells::Html(cells) => cells.next(),
        }
    }
}

/// Reads the cells of rows that follow one another, which in HTML may reach down into the next ones.
pub(crate) struct RowReader<'f> {
    format: &'f Format,
    headed: Headed<'f>,
    overhang: Option<Overhang>,
}

impl<'f> RowReader<'f> {
    /// A reader of rows under a header; `spans` says whether cells may reach over rows.
    pub(crate) fn new(format: &'f Format, headed: Headed<'f>, spans: bool) -> RowReader<'f> {
        RowReader {
            format,
            headed,
            overhang: spans.then(Overhang::default),
        }
    }

    /// Takes a row whose cells nobody asks for.
    pub(crate) fn pass(&mut self, row: &str) {
        if let Some(overhang) = &mut self.overhang {
            overhang.cells(row, |_| {});
        }
    }

    /// Whether every row is asked for, those without anything of interest too.
    pub(crate) fn needs_all(&self) -> bool {
        self.overhang.is_some()
    }

    /// Passes the cells of the next row on; `false` where the format has no columns.
    pub(crate) fn read(&mut self, row: &str, mut each: impl FnMut(Cell)) -> bool {
        if let Some(overhang) = &mut self.overhang {
            overhang.cells(row, each);
            return true;
        }
        let cells = RowCells::new(row, self.format, self.headed);
        let has_columns = cells.is_some();
        cells.into_iter().flatten().for_each(&mut each);
        has_columns
    }
}

/// Walks over the scalar values of a piece of JSON: strings without their quotes, numbers, words.
///
/// Broken JSON is read as far as it makes sense.
#[derive(Clone, Debug)]
pub(crate) struct JsonValues<'t> {
    text: &'t str,
    at: usize,
    /// The open containers; an object knows its current key, an array its current index.
    path: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Key(Range<usize>),
    Index(usize),
}

impl<'t> JsonValues<'t> {
    /// The values of the JSON value that starts at byte `from` of `text`.
    pub(crate) fn new(text: &'t str, from: usize) -> JsonValues<'t> {
        JsonValues {
            text,
            at: from,
            path: Vec::new(),
        }
    }

    /// The JSON pointer of the value returned last, such as `/orders/0/mobile`.
    pub(crate) fn pointer(&self) -> String {
        let mut out = String::new();
        // Deeper paths say nothing to people and would make hostile nesting quadratic.
        for step in self.path.iter().take(64) {
            out.push('/');
            match step {
                Step::Key(key) => {
                    let key = self.text.get(key.clone()).unwrap_or_default();
                    out.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
                Step::Index(index) => out.push_str(&index.to_string()),
            }
        }
        out
    }

    /// The keys of the objects around the value returned last, the nearest first; its own key is left out.
    pub(crate) fn keys_around(&self) -> impl Iterator<Item = &'t str> {
        // Farther ones say nothing of the value and would make hostile nesting quadratic.
        let near = self.path.iter().rev().take(16);
        let keys = near.filter_map(|step| match step {
            Step::Key(key) => self.text.get(key.clone()),
            Step::Index(_) => None,
        });
        keys.skip(1)
    }

    /// One past the closing quote of the string whose content begins at `from`.
    fn string_end(&self, from: usize, quote: u8) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(i) = memchr::memchr2(quote, b'\\', &bytes[at.min(bytes.len())..]) {
            at += i + 1;
            if bytes[at - 1] == quote {
                return at;
            }
            at += 1;
        }
        bytes.len() + 1
    }

    /// Whether what ends here is a key.
    fn is_key(&self) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        rest.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':')
    }
}

impl Iterator for JsonValues<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        while let Some(&c) = bytes.get(self.at) {
            let from = self.at;
            self.at += 1;
            match c {
                b'{' => self.path.push(Step::Key(0..0)),
                b'[' => self.path.push(Step::Index(0)),
                b'}' | b']' => {
                    self.path.pop();
                }
                b',' => {
                    if let Some(Step::Index(index)) = self.path.last_mut() {
                        *index += 1;
                    }
                }
                // JavaScript, as the shell of MongoDB prints it, has single quotes too, and keys without any.
                b'"' | b'\'' => {
                    let end = self.string_end(from + 1, c);
                    self.at = end.min(bytes.len());
                    let content = from + 1..(end - 1).min(bytes.len());
                    let is_key = self.is_key();
                    match self.path.last_mut() {
                        Some(Step::Key(key)) if is_key => *key = content,
                        _ => return Some(content),
                    }
                }
                b':' | b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => {
                    let len = bytes[from..]
                        .iter()
                        .position(|b| {
                            matches!(b, b',' | b'}' | b']' | b':' | b'"') || b.is_ascii_whitespace()
                        })
                        .unwrap_or(bytes.len() - from);
                    self.at = from + len.max(1);
                    let content = from..self.at;
                    let is_name = c.is_ascii_alphabetic() || matches!(c, b'_' | b'$');
                    let is_key = is_name && self.is_key();
                    match self.path.last_mut() {
                        Some(Step::Key(key)) if is_key => *key = content,
                        _ => return Some(content),
                    }
                }
            }
        }
        None
    }
}

/// Walks over the values of an SQL row: those of its tuples, or the cells of a line of `COPY` data.
///
/// Each opening bracket starts at column 0 again, so that in `INSERT INTO t (a,b) VALUES (1,'x')` the names come first
/// and the values after them, under the same columns.
#[derive(Clone, Debug)]
pub(crate) struct SqlValues<'t> {
    bytes: &'t [u8],
    at: usize,
    index: usize,
    lines: bool,
    inside: bool,
}

impl<'t> SqlValues<'t> {
    /// The values of a row.
    pub(crate) fn new(row: &'t str) -> SqlValues<'t> {
        let row = row.trim_end_matches(['\n', '\r']);
        SqlValues {
            bytes: row.as_bytes(),
            at: 0,
            index: 0,
            lines: is_copy_line(row),
            inside: false,
        }
    }

    fn next_cell_of_line(&mut self) -> Option<Cell> {
        let from = self.at;
        let rest = self.bytes.get(from..)?;
        let len = memchr::memchr(b'\t', rest).unwrap_or(rest.len());
        self.at = from + len + 1;
        self.index += 1;
        Some(Cell {
            index: self.index - 1,
            content: from..from + len,
        })
    }

    /// One past the quote `quote` that closes the literal whose content begins at `from`.
    fn literal_end(&self, from: usize, quote: u8) -> usize {
        let mut at = from;
        while let Some(&c) = self.bytes.get(at) {
            at += 1;
            if c == b'\\' || (c == quote && self.bytes.get(at) == Some(&quote)) {
                at += 1;
            } else if c == quote {
                return at;
            }
        }
        self.bytes.len() + 1
    }
}

impl Iterator for SqlValues<'_> {
    type Item = Cell;

    fn next(&mut self) -> Option<Cell> {
        if self.lines {
            return self.next_cell_of_line();
        }
        // A cell may hold a call (`NOW()`, `COALESCE(a,b)`), whose brackets and commas are its own.
        let (mut depth, mut from, mut quoted) = (0_usize, self.at, None);
        while let Some(&c) = self.bytes.get(self.at) {
            self.at += 1;
            let ended = match c {
                b'\'' | b'`' | b'"' => {
                    let open = self.at;
                    let end = self.literal_end(open, c);
                    self.at = end.min(self.bytes.len());
                    quoted = quoted.or(Some(open..(end - 1).min(self.bytes.len())));
                    false
                }
                b'(' if !self.inside => {
                    (self.inside, self.index, from, quoted) = (true, 0, self.at, None);
                    false
                }
                b'(' => {
                    depth += 1;
                    false
                }
                b')' if depth > 0 => {
                    depth -= 1;
                    false
                }
                b')' => std::mem::replace(&mut self.inside, false),
                b',' => self.inside && depth == 0,
                _ => false,
            };
            if ended {
                let index = self.index;
                self.index += 1;
                let content = quoted.unwrap_or_else(|| trimmed(self.bytes, from..self.at - 1));
                return Some(Cell { index, content });
            }
        }
        None
    }
}

/// Whether a row of an SQL dump is a line of `COPY` data: tabs, and no statement.
fn is_copy_line(row: &str) -> bool {
    let head = row.trim_start();
    let statement = [
        "INSERT", "CREATE", "COPY", "ALTER", "UPDATE", "SET", "--", "VALUES",
    ]
    .iter()
    .any(|word| {
        head.get(..word.len())
            .is_some_and(|h| h.eq_ignore_ascii_case(word))
    });
    row.contains('\t') && !statement && !head.starts_with(['(', '`', ')'])
}

fn trimmed(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let part = &bytes[range.clone()];
    let start = range.start + (part.len() - part.trim_ascii_start().len());
    start..start + part.trim_ascii().len()
}

/// Whether some key has an object for its value: rows without any tell nothing new, and most have none.
pub(crate) fn has_inner_objects(text: &str) -> bool {
    let bytes = text.as_bytes();
    places(bytes, [b'{']).any(|at| {
        let before = bytes[..at].iter().rev();
        before.copied().find(|b| !b.is_ascii_whitespace()) == Some(b':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Vec<(String, &str)> {
        let mut values = JsonValues::new(text, 0);
        let mut out = Vec::new();
        while let Some(range) = values.next() {
            out.push((values.pointer(), &text[range]));
        }
        out
    }

    fn sql(row: &str) -> Vec<(usize, &str)> {
        SqlValues::new(row)
            .map(|c| (c.index, &row[c.content]))
            .collect()
    }

    #[test]
    fn json_values_with_their_pointers() {
        assert_eq!(
            json(r#"{"id":7,"orders":[{"mobile":"13\"8"},"x", null],"a/b":"" }"#),
            [
                ("/id".into(), "7"),
                ("/orders/0/mobile".into(), "13\\\"8"),
                ("/orders/1".into(), "x"),
                ("/orders/2".into(), "null"),
                ("/a~1b".into(), "")
            ]
        );
    }

    #[test]
    fn javascript_as_a_shell_prints_it() {
        assert_eq!(
            json(
                "{\n  _id: ObjectId('5f'),\n  name: '张 三',\n  sent: ISODate(\"2024\"), $n: 1, tag: old }"
            ),
            [
                ("/_id".into(), "ObjectId('5f')"),
                ("/name".into(), "张 三"),
                ("/sent".into(), "ISODate("),
                ("/sent".into(), "2024"),
                ("/sent".into(), ")"),
                ("/$n".into(), "1"),
                ("/tag".into(), "old")
            ]
        );
    }

    #[test]
    fn broken_json_is_read_as_far_as_it_goes() {
        assert_eq!(json("{\"a\":\"张").last(), Some(&("/a".to_owned(), "张")));
        assert_eq!(
            json("]}{\"a\" \"b\\"),
            [("/".into(), "a"), ("/".into(), "b\\")]
        );
        assert_eq!(json("姓名,电话").len(), 2);
    }

    #[test]
    fn sql_values_of_tuples() {
        assert_eq!(
            sql("INSERT INTO `t` (`id`, name) VALUES (1, '张\\'三', NOW(), N'x,''y'),\n"),
            [
                (0, "id"),
                (1, "name"),
                (0, "1"),
                (1, "张\\'三"),
                (2, "NOW()"),
                (3, "x,''y")
            ]
        );
        assert_eq!(sql("1\t张三\t\\N\n"), [(0, "1"), (1, "张三"), (2, "\\N")]);
        assert_eq!(sql("(1,'open"), [(0, "1")]);
    }
}
