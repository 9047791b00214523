//! Cells of the rows of HTML tables.

use std::ops::Range;

use super::marks::{Cell, Units};
use crate::text::encoding::Encoding;
use crate::text::tags::{Tag, fold_tags};

/// A cell may reach over so many columns, or down so many rows.
const SPAN_MAX: usize = 1_000;

/// Cells from above that are remembered at once; each of them is looked at in every row.
const REACHES_MAX: usize = 128;

/// Whether a piece of an HTML document is a row of a table, and not what stands before, between and behind tables.
pub(crate) fn is_row(piece: &[u8], encoding: Encoding) -> bool {
    let units = Units {
        bytes: piece,
        encoding,
    };
    units.at(0) == Some(b'<') && opens_row(units, units.width())
}

/// Names of tags that are looked for behind every bracket.
struct TagNames<const N: usize> {
    names: [&'static [u8]; N],
    /// The letter, from 0 on, in which most other tags differ from all of them.
    telling: usize,
}

/// Tags of rows: HTML, spreadsheets in XML, text documents in Office Open XML and OpenDocument.
const ROWS: TagNames<5> = TagNames {
    names: [b"tr", b"row", b"w:tr", b"a:tr", b"table:table-row"],
    telling: 1,
};

/// The ends of their tables.
const TABLES: TagNames<4> = TagNames {
    names: [b"/table", b"/w:tbl", b"/a:tbl", b"/table:table"],
    telling: 2,
};

impl<const N: usize> TagNames<N> {
    /// One past the first of the names that stands at a place.
    fn spell(&self, units: Units<'_>, at: usize) -> Option<usize> {
        let letter = units
            .at(at + self.telling * units.width())?
            .to_ascii_lowercase();
        // Of cells.
        if matches!(letter, b'd' | b'h') {
            return None;
        }
        let mut alike = self.names.iter().filter(|n| n[self.telling] == letter);
        alike.find_map(|name| units.spell(at, name))
    }
}

/// Whether the name of a tag of a row stands at a place.
pub(super) fn opens_row(units: Units<'_>, at: usize) -> bool {
    ROWS.spell(units, at).is_some()
}

/// One past the tag that ends a table, if the name of one stands at a place.
pub(super) fn table_end(units: Units<'_>, at: usize) -> Option<usize> {
    let end = TABLES.spell(units, at)?;
    (units.at(end) == Some(b'>')).then_some(end + units.width())
}

/// A cell that reaches down into rows below.
#[derive(Clone, Debug)]
struct Reach {
    columns: Range<usize>,
    /// Rows that are still to come.
    rows: usize,
}

/// The cells that reach down into the next row (`rowspan`). Rows are taken one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overhang(Vec<Reach>);

impl Overhang {
    /// Whether a document has cells that reach over rows.
    pub(crate) fn stands_in(text: &str) -> bool {
        ["owspan", "OWSPAN", "owSpan"]
            .iter()
            .any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
    }

    /// Whether some cell reaches into the next row.
    pub(crate) fn is_open(&self) -> bool {
        !self.0.is_empty()
    }

    /// Those of the first so many columns into which cells reach.
    pub(crate) fn columns(&self, count: usize) -> impl Iterator<Item = usize> {
        let reaches = self.0.iter().map(|reach| reach.columns.clone());
        reaches.flat_map(move |r| r.start..r.end.min(count))
    }

    /// The cells of the next row, each in its column.
    pub(crate) fn cells(&mut self, row: &str, mut each: impl FnMut(Cell)) {
        if !is_row(row.as_bytes(), Encoding::Utf8) {
            self.0.clear();
            return;
        }
        let mut cells = HtmlCells {
            above: &self.0,
            ..HtmlCells::new(row)
        };
        let mut below = Vec::new();
        while let Some(cell) = cells.next() {
            if cells.rows > 1 && below.len() < REACHES_MAX {
                below.push(Reach {
                    columns: cell.index..cells.index,
                    rows: cells.rows,
                });
            }
            each(cell);
        }
        let is_sorted = below.is_empty();
        self.0.append(&mut below);
        self.0.retain_mut(|reach| {
            reach.rows -= 1;
            reach.rows > 0
        });
        if !is_sorted {
            self.0.sort_unstable_by_key(|reach| reach.columns.start);
            self.0.truncate(REACHES_MAX);
        }
    }
}

/// Walks over the cells of a row, which `colspan` and the like move to the right; what stands outside cells is in none.
#[derive(Clone, Debug)]
pub(crate) struct HtmlCells<'t> {
    row: &'t str,
    at: usize,
    index: usize,
    /// Cells of rows above that reach into this one, from the left; those that were passed are gone.
    above: &'t [Reach],
    /// Rows over which the last cell reaches.
    rows: usize,
}

impl<'t> HtmlCells<'t> {
    /// The cells of a row.
    pub(crate) fn new(row: &'t str) -> HtmlCells<'t> {
        HtmlCells {
            row,
            at: 0,
            index: 0,
            above: &[],
            rows: 1,
        }
    }

    /// Moves behind the cells from above that begin here or before.
    fn pass_above(&mut self) {
        while let [reach, rest @ ..] = self.above
            && reach.columns.start <= self.index
        {
            self.index = self.index.max(reach.columns.end);
            self.above = rest;
        }
    }

    /// The next tag that is wanted, and where it begins.
    fn tag(&self, from: usize, wanted: impl Fn(&Tag<'t>) -> bool) -> Option<(usize, Tag<'t>)> {
        memchr::memchr_iter(b'<', &self.row.as_bytes()[from..])
            .map(|i| from + i)
            .find_map(|at| Some((at, Tag::read(&self.row[at..])?)).filter(|(_, t)| wanted(t)))
    }
}

impl Iterator for HtmlCells<'_> {
    type Item = Cell;

    fn next(&mut self) -> Option<Cell> {
        let (open, tag) = loop {
            let (at, tag) = self.tag(self.at, Tag::is_cell)?;
            self.at = at + tag.len;
            if !tag.closes {
                break (at, tag);
            }
        };
        let start = open + tag.len;
        let end = self
            .tag(start, |tag| tag.is_cell() || tag.is_row())
            .map_or(self.row.len(), |(at, _)| at);
        self.at = end;
        let number = |name| -> Option<usize> {
            let value = tag.has_attributes().then(|| tag.attribute(name))?;
            value?.trim().parse().ok()
        };
        // Spreadsheets in XML leave out empty cells and say where the next one stands.
        self.pass_above();
        let index = match number("ss:index") {
            Some(n) => n.saturating_sub(1).clamp(self.index, self.index + SPAN_MAX),
            None => self.index,
        };
        let more = number("ss:mergeacross").map(|n| n.saturating_add(1));
        let more = more.or_else(|| number("table:number-columns-repeated"));
        let columns = number("colspan").or(more).unwrap_or(1);
        self.index = index + columns.clamp(1, SPAN_MAX);
        self.rows = number("rowspan").unwrap_or(1).clamp(1, SPAN_MAX);
        // What opens a paragraph in the cell is no part of its text.
        let mut content = self.row[start..end].trim();
        while let Some((len, _)) = fold_tags(content) {
            content = content[len..].trim_start();
        }
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
        assert_eq!(
            cells(
                "<Row><Cell ss:MergeAcross='1'><Data ss:Type=\"String\">张三</Data></Cell><Cell/><Cell ss:Index=\"6\">1</Row>"
            ),
            own(&[(0, "张三</Data>"), (2, ""), (5, "1")])
        );
        assert_eq!(
            cells("<tr><td><p class=a>\n <b>张三</b></p></td>"),
            own(&[(0, "张三</b></p>")])
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
    fn cells_that_reach_down_move_those_below() {
        let columns = |overhang: &mut Overhang, row: &str| -> Vec<usize> {
            let mut out = Vec::new();
            overhang.cells(row, |cell| out.push(cell.index));
            out
        };
        let mut overhang = Overhang::default();
        let first = "<tr><td rowspan=3>a<td>b<td ROWSPAN='2' colspan=2>c<td>d</tr>";
        assert_eq!(columns(&mut overhang, first), [0, 1, 2, 4]);
        assert_eq!(
            columns(&mut overhang, "<tr><td>b<td>d<td>e</tr>"),
            [1, 4, 5]
        );
        assert_eq!(
            columns(&mut overhang, "<tr><td>b<td>c<td>c</tr>"),
            [1, 2, 3]
        );
        assert!(!overhang.is_open());
        assert_eq!(columns(&mut overhang, "<tr><td>a"), [0]);
        // Another table begins anew, and nothing reaches without end.
        columns(&mut overhang, "<tr><td rowspan=9>a");
        assert!(columns(&mut overhang, "</table><table>").is_empty());
        assert_eq!(columns(&mut overhang, "<tr><td rowspan=99999999>b"), [0]);
        assert_eq!(overhang.0[0].rows, SPAN_MAX - 1);
        assert_eq!(columns(&mut overhang, "<tr><td rowspan=0>b"), [1]);
        for _ in 0..3 {
            columns(
                &mut overhang,
                &format!("<tr>{}", "<td rowspan=9>".repeat(REACHES_MAX)),
            );
        }
        assert_eq!(overhang.0.len(), REACHES_MAX);
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
