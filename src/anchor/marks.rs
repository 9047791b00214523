//! Where rows end and cells begin. One walk serves both the pager, on the bytes of the input, and the look-up of cells
//! around findings, on decoded text, so that the two never disagree.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use super::html::{opens_row, table_end};
use crate::scan::Format;
use crate::text::encoding::Encoding;

/// A quoted cell or literal may hold at most so many bytes; a quote that is not closed by then is a character like others.
/// Without the limit one stray quote would swallow the rest of a dump.
pub(crate) const QUOTED_MAX: usize = 64 * 1024;

/// The delimiter of columns that are parted by runs of spaces: two or more of them.
pub(crate) const SPACES: &str = "  ";

/// One row of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its bytes, line break included. Rows follow each other without gaps.
    pub(crate) range: Range<usize>,
    /// Where its value begins: after the enclosing brackets in JSON, else the start of `range`.
    pub(crate) start: usize,
}

/// Walks over the rows of a piece of an input that begins with a row.
#[derive(Clone, Debug)]
pub(crate) struct Rows<'t> {
    units: Units<'t>,
    format: &'t Format,
    at: usize,
    /// Nesting of a JSON document around the next row.
    nest: Nest,
    /// The first quote that is not closed, if one was met.
    pub(crate) unclosed: Option<usize>,
}

impl<'t> Rows<'t> {
    /// Rows of decoded text; `first` says whether it begins with the first row of the input.
    pub(crate) fn new(text: &'t str, format: &'t Format, first: bool) -> Rows<'t> {
        Rows::of_bytes(text.as_bytes(), Encoding::Utf8, format, first)
    }

    /// Rows of bytes in any encoding.
    pub(crate) fn of_bytes(
        bytes: &'t [u8],
        encoding: Encoding,
        format: &'t Format,
        first: bool,
    ) -> Rows<'t> {
        Rows {
            units: Units { bytes, encoding },
            format,
            at: 0,
            nest: if first {
                Nest::default()
            } else {
                Nest::in_array()
            },
            unclosed: None,
        }
    }

    fn line_end(&self, from: usize) -> usize {
        self.units.after(self.units.find(from, b'\n'))
    }

    /// End of a row of a table whose cells may be quoted.
    fn quoted_end(&mut self, delimiter: &str) -> usize {
        let mut at = self.at;
        while let Some((i, c)) = self.units.find2(at, b'\n', b'"') {
            at = i + self.units.width();
            if c == b'\n' {
                return at;
            }
            if self.opens_cell(i, delimiter) {
                match self.closing_quote(at) {
                    Some(close) => at = close,
                    None => self.unclosed = self.unclosed.or(Some(i)),
                }
            }
        }
        self.units.bytes.len()
    }

    /// Whether the quote at `i` stands at the start of a cell, `="` included.
    fn opens_cell(&self, i: usize, delimiter: &str) -> bool {
        let width = self.units.width();
        let mut before = i;
        while before > self.at && matches!(self.units.at(before - width), Some(b'=' | b' ')) {
            before -= width;
        }
        if before == self.at {
            return true;
        }
        delimiter.bytes().rev().all(|d| {
            let Some(low) = before.checked_sub(width) else {
                return false;
            };
            before = low;
            low >= self.at && self.units.at(low) == Some(d)
        })
    }

    /// One past the quote that closes a cell whose content begins at `from`; doubled quotes are content.
    fn closing_quote(&self, from: usize) -> Option<usize> {
        let width = self.units.width();
        let mut at = from;
        while let Some(i) = self.units.find(at, b'"').filter(|i| i - from <= QUOTED_MAX) {
            if self.units.at(i + width) != Some(b'"') {
                return Some(i + width);
            }
            at = i + 2 * width;
        }
        None
    }

    /// End of an SQL row: a line break outside literals, or the comma or semicolon after a tuple.
    fn sql_end(&mut self) -> usize {
        let width = self.units.width();
        let mut at = self.at;
        while let Some((i, c)) = self.units.find3(at, b'\n', b'\'', b')') {
            at = i + width;
            match c {
                b'\n' => return at,
                b')' => {
                    if matches!(self.units.at(at), Some(b',' | b';')) {
                        at += width;
                        if self.units.at(at) == Some(b'\n') {
                            at += width;
                        }
                        return at;
                    }
                }
                _ => {
                    let before = i.checked_sub(width).and_then(|b| self.units.at(b));
                    // An apostrophe inside a word of COPY data opens nothing.
                    if i == self.at || matches!(before, Some(b'(' | b',' | b' ' | b'=')) {
                        match self.closing_apostrophe(at) {
                            Some(close) => at = close,
                            None => self.unclosed = self.unclosed.or(Some(i)),
                        }
                    }
                }
            }
        }
        self.units.bytes.len()
    }

    fn closing_apostrophe(&self, from: usize) -> Option<usize> {
        let width = self.units.width();
        let mut at = from;
        while let Some((i, c)) = self
            .units
            .find2(at, b'\'', b'\\')
            .filter(|f| f.0 - from <= QUOTED_MAX)
        {
            at = i + width;
            if c == b'\\' || self.units.at(at) == Some(b'\'') {
                at += width;
            } else {
                return Some(at);
            }
        }
        None
    }

    /// End of a row of HTML: where the next one begins, or behind the end of a table.
    fn html_end(&self) -> usize {
        let width = self.units.width();
        let mut at = self.at + width;
        while let Some(i) = self.units.find(at, b'<') {
            at = i + width;
            match self.units.at(at) {
                Some(b'/') => {
                    if let Some(end) = table_end(self.units, at) {
                        return end;
                    }
                }
                Some(b't' | b'T' | b'r' | b'R' | b'w' | b'W' | b'a' | b'A')
                    if opens_row(self.units, at) =>
                {
                    return i;
                }
                _ => {}
            }
        }
        self.units.bytes.len()
    }

    /// End of a row of a JSON document: the comma after an object of its outermost array. Also tells where the object begins.
    fn json_end(&mut self) -> (usize, usize) {
        let width = self.units.width();
        let (mut at, mut start, mut depth) = (self.at, self.at, 0_usize);
        while let Some((i, c)) = self.units.find_structure(at) {
            at = i + width;
            match c {
                b'"' => at = self.units.json_string_end(at),
                b'{' | b'[' if depth > 0 => depth += 1,
                b'{' if self.nest.row_may_start() => {
                    start = i;
                    depth = 1;
                }
                b'{' | b'[' => self.nest.open(c == b'['),
                _ if depth > 0 => {
                    depth -= 1;
                    if depth == 0 {
                        let mut end = at;
                        if self.units.at(end) == Some(b',') {
                            end += width;
                        }
                        return (end, start);
                    }
                }
                _ => self.nest.close(),
            }
        }
        (self.units.bytes.len(), start)
    }
}

impl Iterator for Rows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if self.at >= self.units.bytes.len() {
            return None;
        }
        let from = self.at;
        let (end, start) = match self.format {
            Format::Table {
                delimiter,
                quoted: true,
            } => (self.quoted_end(delimiter), from),
            Format::Sql => (self.sql_end(), from),
            Format::Json => self.json_end(),
            Format::HtmlTable => (self.html_end(), from),
            _ => (self.line_end(from), from),
        };
        self.at = end.min(self.units.bytes.len());
        Some(Row {
            range: from..self.at,
            start,
        })
    }
}

/// The open brackets around the rows of a JSON document: one bit each, set for an array.
#[derive(Clone, Copy, Debug, Default)]
struct Nest {
    arrays: u64,
    depth: u32,
}

impl Nest {
    fn in_array() -> Nest {
        Nest {
            arrays: 1,
            depth: 1,
        }
    }

    fn open(&mut self, array: bool) {
        self.arrays = self.arrays << 1 | u64::from(array);
        self.depth += 1;
    }

    fn close(&mut self) {
        self.arrays >>= 1;
        self.depth = self.depth.saturating_sub(1);
    }

    /// Rows are objects in an array; what closes more than was opened leaves a list of objects.
    fn row_may_start(self) -> bool {
        self.arrays & 1 == 1
    }
}

/// Bytes in an encoding, in which ASCII characters are looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Units<'t> {
    pub(crate) bytes: &'t [u8],
    pub(crate) encoding: Encoding,
}

impl Units<'_> {
    /// Bytes of an ASCII character.
    pub(crate) const fn width(&self) -> usize {
        match self.encoding {
            Encoding::Utf16Le | Encoding::Utf16Be => 2,
            _ => 1,
        }
    }

    /// The ASCII character at a place, if one stands there.
    pub(crate) fn at(&self, at: usize) -> Option<u8> {
        let (c, zero) = match self.encoding {
            Encoding::Utf16Le => (*self.bytes.get(at)?, *self.bytes.get(at + 1)?),
            Encoding::Utf16Be => (*self.bytes.get(at + 1)?, *self.bytes.get(at)?),
            _ => (*self.bytes.get(at)?, 0),
        };
        (zero == 0 && c < 0x80).then_some(c)
    }

    /// One past a character that was found, else the end of the bytes.
    fn after(&self, found: Option<usize>) -> usize {
        found.map_or(self.bytes.len(), |i| i + self.width())
    }

    /// One past a name of ASCII letters, given in lower case, that stands at a place as a whole word.
    pub(crate) fn spell(&self, at: usize, name: &[u8]) -> Option<usize> {
        let width = self.width();
        let mut end = at;
        for letter in name {
            if self.at(end)?.to_ascii_lowercase() != *letter {
                return None;
            }
            end += width;
        }
        (!self.at(end)?.is_ascii_alphanumeric()).then_some(end)
    }

    /// The next place of a mark below 0x40 that is no digit, which is never the second byte of another character.
    pub(crate) fn find(&self, from: usize, c: u8) -> Option<usize> {
        if self.width() == 1 {
            memchr(c, self.bytes.get(from..)?).map(|i| i + from)
        } else {
            self.walk(from, |u| u == c).map(|f| f.0)
        }
    }

    fn find2(&self, from: usize, a: u8, b: u8) -> Option<(usize, u8)> {
        if self.plain(b) {
            let i = memchr2(a, b, self.bytes.get(from..)?)? + from;
            Some((i, self.bytes[i]))
        } else {
            self.walk(from, |u| u == a || u == b)
        }
    }

    fn find3(&self, from: usize, a: u8, b: u8, c: u8) -> Option<(usize, u8)> {
        if self.plain(c) {
            let i = memchr3(a, b, c, self.bytes.get(from..)?)? + from;
            Some((i, self.bytes[i]))
        } else {
            self.walk(from, |u| u == a || u == b || u == c)
        }
    }

    /// Whether a byte search finds `c` and never a part of another character.
    fn plain(&self, c: u8) -> bool {
        match self.encoding {
            Encoding::Utf8 => true,
            Encoding::Gb18030 | Encoding::Big5 => c < 0x40 && !c.is_ascii_digit(),
            _ => false,
        }
    }

    /// The next bracket or quote of JSON.
    fn find_structure(&self, from: usize) -> Option<(usize, u8)> {
        self.walk(from, |u| matches!(u, b'"' | b'{' | b'}' | b'[' | b']'))
    }

    /// One past the quote that closes a JSON string whose content begins at `from`.
    fn json_string_end(&self, from: usize) -> usize {
        let mut at = from;
        while let Some((i, c)) = self.find2(at, b'"', b'\\') {
            at = i + self.width();
            if c == b'"' {
                return at;
            }
            at += self.width();
        }
        self.bytes.len()
    }

    fn walk(&self, from: usize, hit: impl Fn(u8) -> bool) -> Option<(usize, u8)> {
        match self.encoding {
            Encoding::Utf8 => {
                let i = self.bytes.get(from..)?.iter().position(|b| hit(*b))? + from;
                Some((i, self.bytes[i]))
            }
            Encoding::Gb18030 | Encoding::Big5 => {
                let mut at = from;
                while let Some(&b) = self.bytes.get(at) {
                    if b < 0x80 {
                        if hit(b) {
                            return Some((at, b));
                        }
                        at += 1;
                    } else {
                        // A second byte below 0x40 is a character of its own or the digit of a four-byte one.
                        let second = self.bytes.get(at + 1).copied().unwrap_or(0);
                        at += if second < 0x40 { 1 } else { 2 };
                    }
                }
                None
            }
            Encoding::Utf16Le | Encoding::Utf16Be => {
                let mut at = from;
                while at + 1 < self.bytes.len() {
                    if let Some(c) = self.at(at).filter(|c| hit(*c)) {
                        return Some((at, c));
                    }
                    at += 2;
                }
                None
            }
        }
    }
}

/// One cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// 0-based column.
    pub(crate) index: usize,
    /// Its content in the row's text: without quotes, `="…"`, a leading apostrophe and white space around.
    pub(crate) content: Range<usize>,
}

/// The cells of one row of a table; the line break at its end is not part of the last one. Between [`SPACES`] no cell is empty.
pub(crate) fn cells<'t>(row: &'t str, delimiter: &'t str, quoted: bool) -> Cells<'t> {
    let row = row.strip_suffix('\n').unwrap_or(row);
    let row = row.strip_suffix('\r').unwrap_or(row);
    let at = match delimiter {
        SPACES => row.len() - row.trim_start_matches(' ').len(),
        _ => 0,
    };
    Cells {
        row,
        delimiter,
        quoted,
        at: Some(at),
        index: 0,
    }
}

/// See [`cells`].
#[derive(Clone, Debug)]
pub(crate) struct Cells<'t> {
    row: &'t str,
    delimiter: &'t str,
    quoted: bool,
    at: Option<usize>,
    index: usize,
}

impl Iterator for Cells<'_> {
    type Item = Cell;

    fn next(&mut self) -> Option<Cell> {
        let from = self.at?;
        let bytes = self.row.as_bytes();
        let mut search = from;
        if self.quoted
            && let Some(close) = quoted_part(&bytes[from..])
        {
            search = from + close;
        }
        let found = match self.delimiter.as_bytes() {
            [one] => memchr(*one, &bytes[search..]),
            [] => None,
            // Cells are short: setting up a search would take longer than the search.
            [first, ..] => memchr_iter(*first, &bytes[search..])
                .find(|i| bytes[search + i..].starts_with(self.delimiter.as_bytes())),
        };
        let end = found.map_or(bytes.len(), |i| search + i);
        self.at = found.map(|_| end + self.delimiter.len());
        if self.delimiter == SPACES {
            let behind = &bytes[end..];
            let spaces = behind.iter().take_while(|b| **b == b' ').count();
            self.at = (spaces < behind.len()).then_some(end + spaces);
        }
        let index = self.index;
        self.index += 1;
        let content = content(&self.row[from..end], self.quoted);
        Some(Cell {
            index,
            content: from + content.start..from + content.end,
        })
    }
}

/// Length of a quoted cell at the start of `cell`, `="` and closing quote included.
fn quoted_part(cell: &[u8]) -> Option<usize> {
    let open = cell.iter().position(|b| !matches!(b, b'=' | b' '))?;
    if cell[open] != b'"' {
        return None;
    }
    let mut at = open + 1;
    while let Some(i) = memchr(b'"', &cell[at..]).filter(|i| at + i - open <= QUOTED_MAX) {
        at += i + 1;
        if cell.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The range of a cell's content.
fn content(cell: &str, quoted: bool) -> Range<usize> {
    let mut part = cell.trim();
    if quoted || part.starts_with("=\"") {
        let inner = part.strip_prefix('=').unwrap_or(part);
        if let Some(inner) = inner.strip_prefix('"') {
            part = inner.strip_suffix('"').unwrap_or(inner).trim();
        }
        // ="""138""" and "=""138""": the spreadsheet's wrapper inside quotes.
        if let Some(inner) = part
            .strip_prefix("=\"\"")
            .and_then(|p| p.strip_suffix("\"\""))
        {
            part = inner;
        }
    }
    // A spreadsheet's mark for "this is text".
    if let Some(rest) = part.strip_prefix('\'')
        && rest.starts_with(|c: char| c.is_ascii_digit())
    {
        part = rest.strip_suffix('\'').unwrap_or(rest);
    }
    let start = part.as_ptr() as usize - cell.as_ptr() as usize;
    start..start + part.len()
}

#[cfg(test)]
mod tests;
