//! Tables in which an order's further parcels stand in rows of their own, with the buyer's cells left blank or merged.

use std::ops::Range;

use super::group::{Found, Group, mask};
use crate::anchor::marks::SPACES;
use crate::kind::Kind;
use crate::scan::Format;

/// A blank row is looked at so far on either side of its serial, in bytes.
const ROW_BYTES: usize = 4_096;

/// The record of the row above, which the next row may go on.
#[derive(Default)]
pub(super) struct Above {
    /// Its number, and the last row that belongs to it; `None` outside tables.
    last: Option<(u32, u32)>,
    /// The columns that say who it is, 1-based.
    columns: [u32; 4],
}

impl Above {
    /// The record `id` of a group.
    pub(super) fn new(found: Found<'_>, group: &Group, id: u32) -> Above {
        let mut above = Above::default();
        if !matches!(found.format, Format::Table { .. } | Format::HtmlTable) {
            return above;
        }
        let mut next = 0;
        for i in group.first..group.end {
            let item = found.get(i);
            let says_who =
                mask(&[Kind::Name, Kind::Mobile, Kind::Address]) & 1 << item.finding.kind as u16;
            if says_who != 0 && next < above.columns.len() {
                above.columns[next] = item.spot.column;
                next += 1;
            }
            above.last = Some((id, item.spot.row));
        }
        if next < 2 {
            above.last = None;
        }
        above
    }

    /// The record that a group of serials goes on, if it stands in the next row and every cell that would say who it is
    /// for is blank.
    pub(super) fn takes(&mut self, found: Found<'_>, group: &Group) -> Option<u32> {
        let (id, row) = self.last?;
        let first = found.get(group.first);
        let at = first.finding.span.start;
        let blank = || match found.format {
            Format::Table { delimiter, .. } if delimiter == SPACES => false,
            Format::Table { delimiter, .. } => row_around(found.text, at)
                .is_some_and(|(row, _)| self.are_blank(&found.text[row], delimiter)),
            _ => row_around(found.text, at).is_some_and(|(row, at)| {
                let before = &found.text[row][..at];
                self.are_merged(before.matches('\t').count(), first.spot.column)
            }),
        };
        let goes_on = group.kinds == mask(&[Kind::Waybill]) && first.spot.row == row + 1 && blank();
        self.last = goes_on.then_some((id, first.spot.row));
        goes_on.then_some(id)
    }

    fn are_blank(&self, row: &str, delimiter: &str) -> bool {
        let mut cells = row.split(delimiter).zip(1u32..);
        let mut blank = 0;
        let said = cells.any(|(cell, column)| {
            let who = self.columns.contains(&column);
            blank += u32::from(who);
            who && !cell
                .trim_matches(['"', ' ', '\t', '\r', '\u{3000}'])
                .is_empty()
        });
        !said && blank >= 2
    }

    /// Whether the cells that say who it is reach down from the row above: they stand before a cell that has only so many before it
    /// in its own row.
    fn are_merged(&self, before: usize, column: u32) -> bool {
        let who = self.columns.iter().filter(|c| **c > 0);
        let merged = (column as usize).saturating_sub(before + 1);
        self.columns.iter().all(|c| *c < column) && merged >= 2 && merged >= who.count()
    }
}

/// The line on which a position stands, and the place of it there; `None` when it is too long for a row with blanks.
fn row_around(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let bytes = text.as_bytes();
    let low = at.saturating_sub(ROW_BYTES);
    let high = bytes.len().min(at + ROW_BYTES);
    let start = match memchr::memrchr(b'\n', &bytes[low..at]) {
        Some(i) => low + i + 1,
        None if low == 0 => 0,
        None => return None,
    };
    let end = match memchr::memchr(b'\n', &bytes[at..high]) {
        Some(i) => at + i,
        None if high == bytes.len() => high,
        None => return None,
    };
    text.get(start..end).map(|_| (start..end, at - start))
}

#[cfg(test)]
mod tests {
    use crate::{Input, Kind, Scanner};

    /// Waybills of the first record, and the number of records.
    fn scan(table: &str) -> (usize, usize) {
        let findings = Scanner::new()
            .expect("a scanner")
            .scan(Input::new(table.as_bytes()));
        let first = findings.records().first().map_or(0, |r| {
            let is = |i: &&u32| findings.as_slice()[**i as usize].kind == Kind::Waybill;
            r.findings.iter().filter(is).count()
        });
        (first, findings.records().len())
    }

    const HEAD: &str = "订单编号,收件人,手机,地址,商品,运单号\n\
        1001,林静,13926471583,江苏省苏州市吴中区东吴南路92号,台灯,SF1029384756012\n";

    #[test]
    fn further_parcels_belong_to_the_buyer_above() {
        let more = ",,,,茶杯,SF1029384756145\n,,\"\",,茶壶,SF1029384756278\n";
        let next = "1002,余波,15876540918,广东省东莞市虎门镇连升路311号,毛巾,SF1029384756391\n";
        assert_eq!(scan(&format!("{HEAD}{more}{next}")), (3, 2));
    }

    #[test]
    fn cells_of_the_buyer_reach_over_his_parcels() {
        let buyer = |rows: u32, cells: &str| {
            let who = ["林静", "13926471583", "江苏省苏州市吴中区东吴南路92号"];
            let who = who.map(|w| format!("<td rowspan={rows}>{w}</td>")).concat();
            format!("<tr>{who}{cells}</tr>\n")
        };
        let parcel = |n: u32| format!("<td>台灯</td><td>SF102938475{n}</td>");
        let head = "<table><tr><th>收件人<th>手机<th>地址<th>商品<th>运单号</tr>\n";
        let (one, two) = (parcel(6145), format!("<tr>{}</tr>\n", parcel(6278)));
        assert_eq!(scan(&format!("{head}{}{two}", buyer(2, &one))), (2, 1));
        // Nothing reaches into the second row, whose first cells say something.
        let other = format!("<tr><td>？？？<td>？<td>？{}</tr>", parcel(6278));
        assert_eq!(scan(&format!("{head}{}{other}", buyer(1, &one))), (1, 1));
    }

    #[test]
    fn a_row_that_names_somebody_is_its_own() {
        // The name is no name that a scan would know, but the cell is not blank.
        let other = "1002,？？？,,,茶杯,SF1029384756145\n";
        assert_eq!(scan(&format!("{HEAD}{other}")), (1, 1));
    }
}
