//! Columns that are parted by spaces: where some cells of a row are empty, the others tell by their places which they are.

use std::ops::Range;

use unicode_width::UnicodeWidthChar as _;

use super::marks::{Cell, SPACES, cells};

/// How a program that aligns columns takes the width of a character: as a terminal shows it, as one, or as its bytes.
type Width = fn(char) -> usize;

const WIDTHS: [Width; 3] = [|c| c.width().unwrap_or(0), |_| 1, char::len_utf8];

/// The places of the header's cells in a line, for each way to take widths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places([Vec<Range<usize>>; 3]);

/// What a header says of where the cells of rows stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Headed<'h> {
    /// Columns that are named; 0 without a header.
    pub(crate) columns: usize,
    /// Where they stand, if they are parted by spaces.
    pub(crate) places: &'h Places,
}

impl Places {
    /// The places of the cells of a header.
    pub(crate) fn of(header: &str) -> Places {
        Places(WIDTHS.map(|width| places(header, width).map(|(place, _)| place).collect()))
    }

    /// The cells of a row of which some are empty, each in its column; `None` where their places do not tell. A cell begins where
    /// that of the header begins, or ends where it ends.
    pub(crate) fn cells(&self, row: &str) -> Option<Vec<Cell>> {
        let mut measured = WIDTHS.iter().zip(&self.0);
        measured.find_map(|(width, header)| {
            let mut next = 0;
            let found = places(row, *width).map(|(place, content)| {
                let begins = header.binary_search_by_key(&place.start, |h| h.start);
                let ends = header.binary_search_by_key(&place.end, |h| h.end);
                let free = [begins, ends].into_iter().flatten();
                let index = free.filter(|index| *index >= next).min()?;
                next = index + 1;
                Some(Cell { index, content })
            });
            found.collect()
        })
    }
}

/// Places and contents of the cells of a line.
fn places(line: &str, width: Width) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
    let (mut at, mut column) = (0, 0);
    cells(line, SPACES, false).map(move |cell| {
        let mut move_to = |byte: usize| {
            column += line[at..byte].chars().map(width).sum::<usize>();
            at = byte;
            column
        };
        let start = move_to(cell.content.start);
        let end = move_to(cell.content.end);
        (start..end, cell.content)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_told_by_their_places() {
        let columns = |header: &str, row: &str| -> Option<Vec<(usize, String)>> {
            let cells = Places::of(header).cells(row)?;
            let text = |c: Cell| (c.index, row[c.content].to_owned());
            Some(cells.into_iter().map(text).collect())
        };
        let own = |cells: &[(usize, &str)]| -> Option<Vec<(usize, String)>> {
            Some(cells.iter().map(|(i, t)| (*i, (*t).to_owned())).collect())
        };
        let header = "  收件人  手机         地址  ";
        // As a terminal shows them, as characters, as bytes.
        for spaces in [17, 14, 20] {
            let row = format!("  张三{}杭州\n", " ".repeat(spaces));
            assert_eq!(
                columns(header, &row),
                own(&[(0, "张三"), (2, "杭州")]),
                "{row}"
            );
        }
        assert_eq!(
            columns("name       qty  city", "            12  x"),
            own(&[(1, "12"), (2, "x")])
        );
        assert_eq!(columns(header, "  张三    138  1  杭州"), None);
        assert_eq!(columns("", "  张三"), None);
    }
}
