//! Cells of the rows of HTML tables.

use super::marks::{Cell, Units};
use crate::text::encoding::Encoding;
use crate::text::tags::Tag;

/// A cell may reach over so many columns.
const SPAN_MAX: usize = 1_000;

/// Whether a piece of an HTML document is a row of a table, and not what stands before, between and behind tables.
pub(crate) fn is_row(piece: &[u8], encoding: Encoding) -> bool {
    let units = Units {
        bytes: piece,
        encoding,
    };
    units.at(0) == Some(b'<') && units.spell(units.width(), b"tr").is_some()
}

/// Walks over the cells of a row, which `colspan` moves to the right; what stands outside cells is in none.
#[derive(Clone, Debug)]
pub(crate) struct HtmlCells<'t> {
    row: &'t str,
    at: usize,
    index: usize,
}

impl<'t> HtmlCells<'t> {
    /// The cells of a row.
    pub(crate) fn new(row: &'t str) -> HtmlCells<'t> {
        HtmlCells {
            row,
            at: 0,
            index: 0,
        }
    }

    /// The next tag that is one of these, and where it begins.
    fn tag(&self, from: usize, names: &[&str]) -> Option<(usize, Tag<'t>)> {
        memchr::memchr_iter(b'<', &self.row.as_bytes()[from..])
            .map(|i| from + i)
            .find_map(|at| Some((at, Tag::read(&self.row[at..])?)).filter(|(_, t)| t.is_any(names)))
    }
}

impl Iterator for HtmlCells<'_> {
    type Item = Cell;

    fn next(&mut self) -> Option<Cell> {
        let (open, tag) = loop {
            let (at, tag) = self.tag(self.at, &["td", "th"])?;
            self.at = at + tag.len;
            if !tag.closes {
                break (at, tag);
            }
        };
        let start = open + tag.len;
        let end = self
            .tag(start, &["td", "th", "tr", "table"])
            .map_or(self.row.len(), |(at, _)| at);
        self.at = end;
        let index = self.index;
        let columns = tag.attribute("colspan").and_then(|n| n.trim().parse().ok());
        self.index += columns.unwrap_or(1).clamp(1, SPAN_MAX);
        let content = self.row[start..end].trim();
        let start = content.as_ptr() as usize - self.row.as_ptr() as usize;
        Some(Cell {
            index,
            content: start..start + content.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_their_columns() {
        let cells = |row: &str| -> Vec<(usize, String)> {
            HtmlCells::new(row)
                .map(|c| (c.index, row[c.content].to_owned()))
                .collect()
        };
        let own = |cells: &[(usize, &str)]| -> Vec<(usize, String)> {
            cells.iter().map(|(i, t)| (*i, (*t).to_owned())).collect()
        };
        assert_eq!(
            cells("<tr>\n <TD class=a> 张三\n </TD>\n<td COLSPAN=2>a<b>1</b></td><th></th></tr>\n"),
            own(&[(0, "张三"), (1, "a<b>1</b>"), (3, "")])
        );
        // Nothing must be closed.
        assert_eq!(cells("<tr><td>a<td>b"), own(&[(0, "a"), (1, "b")]));
        assert_eq!(cells("张三"), []);
        assert_eq!(
            cells("<tr><td colspan=99999999999>a<td colspan=0>b<td>c"),
            own(&[(0, "a"), (SPAN_MAX, "b"), (SPAN_MAX + 1, "c")])
        );
    }

    #[test]
    fn rows_are_told_from_what_stands_around_them() {
        let is = |text: &str| is_row(text.as_bytes(), Encoding::Utf8);
        assert!(is("<tr>") && is("<TR height=19>"));
        assert!(!is("<track>") && !is("<html><tr>") && !is(""));
        let wide: Vec<u8> = "<tr >".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(is_row(&wide, Encoding::Utf16Be));
    }
}
