//! What is known of the columns of a table.

use std::collections::BTreeMap;

use crate::kind::Kind;
use crate::table::field::{Field, field_of};
use crate::table::words::Words;

/// One column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The header's text, if there is a header.
    pub header: Option<String>,
    /// What the header says.
    pub field: Option<Field>,
    /// What most of the cells are, where the learnt prefix of the table shows it.
    pub kind: Option<Kind>,
    /// The kind of its numbers where, in the learnt prefix, most of them follow one another or stand there again and again:
    /// numbers that were made up, labels printed for parcels that hold nothing.
    pub serial: Option<Kind>,
}

/// The columns of a table, learnt from a fixed prefix of the input; empty for running text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The columns, left to right.
    pub columns: Vec<Column>,
    /// Whether there is a header.
    pub has_header: bool,
    /// Rows up to and including the header, which are no data.
    pub header_rows: u64,
}

impl Layout {
    /// A layout from the cells of a header row.
    pub fn from_header<'a>(cells: impl IntoIterator<Item = &'a str>) -> Layout {
        let columns = cells
            .into_iter()
            .map(|cell| {
                let header = cell.trim().trim_matches(['"', '\u{FEFF}', '`']).trim();
                Column {
                    header: Some(header.to_owned()),
                    field: field_of(header),
                    ..Column::default()
                }
            })
            .collect();
        Layout {
            columns,
            has_header: true,
            header_rows: 1,
        }
    }

    /// Adds what the caller's own words say of the columns.
    pub(crate) fn apply(&mut self, words: &Words) {
        if self.columns.len() < words.columns() {
            self.columns.resize(words.columns(), Column::default());
        }
        for (i, column) in self.columns.iter_mut().enumerate() {
            let named = column.header.as_deref().and_then(|h| words.own(h));
            column.field = words.column(i + 1).or(named).or(column.field);
        }
    }

    /// The column at a 0-based position.
    pub fn column(&self, index: usize) -> Option<&Column> {
        self.columns.get(index)
    }

    /// Sets what the columns mostly hold, from the 1-based columns and kinds of the findings in `rows` rows.
    ///
    /// A column is of a kind when at least [`COLUMN_SHARE`] of its rows hold one; names, which are the hardest to see alone,
    /// from [`NAME_SHARE`] on. Two rows teach nothing.
    pub(crate) fn learn_kinds(&mut self, cells: impl Iterator<Item = (u32, Kind)>, rows: u64) {
        if rows < 3 {
            return;
        }
        let mut counts: Vec<[u64; Kind::ALL.len()]> = Vec::new();
        for (column, kind) in cells {
            let Some(column) = (column as usize)
                .checked_sub(1)
                .filter(|c| *c < MAX_COLUMNS)
            else {
                continue;
            };
            if counts.len() <= column {
                counts.resize(column + 1, [0; Kind::ALL.len()]);
            }
            counts[column][kind as usize] += 1;
        }
        if self.columns.len() < counts.len() {
            self.columns.resize(counts.len(), Column::default());
        }
        for (column, counts) in self.columns.iter_mut().zip(&counts) {
            column.kind = Kind::ALL
                .into_iter()
                .max_by_key(|k| counts[*k as usize])
                .filter(|k| {
                    let share = if *k == Kind::Name {
                        NAME_SHARE
                    } else {
                        COLUMN_SHARE
                    };
                    counts[*k as usize] * 100 >= rows * share
                });
        }
    }

    /// Sets which columns hold numbers in a row, from the 1-based columns, kinds and values of the findings.
    pub(crate) fn learn_serials(&mut self, numbers: impl Iterator<Item = (u32, Kind, u64)>) {
        let mut columns: BTreeMap<(usize, Kind), Vec<u64>> = BTreeMap::new();
        for (column, kind, number) in numbers {
            if let Some(column) = (column as usize).checked_sub(1) {
                columns.entry((column, kind)).or_default().push(number);
            }
        }
        for ((column, kind), mut numbers) in columns {
            let all = numbers.len();
            numbers.sort_unstable();
            numbers.dedup();
            let followed = numbers.windows(2).filter(|n| n[0] + 1 == n[1]).count();
            let serial = all >= FEWEST_NUMBERS
                && (followed * 2 >= numbers.len() || numbers.len() * OFTEN <= all);
            if let Some(column) = self.columns.get_mut(column).filter(|_| serial) {
                column.serial = Some(kind);
            }
        }
    }
}

/// Numbers of a column from which on it can be said that they follow one another or repeat.
const FEWEST_NUMBERS: usize = 10;
/// How often each number of a column stands there, on average, where they repeat.
const OFTEN: usize = 5;
/// Percentage of rows from which on a column is of a kind.
const COLUMN_SHARE: u64 = 50;
/// The same for names.
const NAME_SHARE: u64 = 30;
/// Columns beyond this one are not learnt.
const MAX_COLUMNS: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_row_and_numbers_again_and_again() {
        let serial = |number: fn(u64) -> u64, n: u64| {
            let mut layout = Layout::from_header(["单号"]);
            layout.learn_serials((0..n).map(|i| (1, Kind::Waybill, number(i))));
            layout.columns[0].serial
        };
        assert_eq!(serial(|i| 500 - i, 20), Some(Kind::Waybill));
        assert_eq!(serial(|_| 7, 20), Some(Kind::Waybill));
        assert_eq!(serial(|i| i * 7_919 % 1_000, 20), None);
        // Two parcels of one order are no sign.
        assert_eq!(serial(|i| i / 2 * 7_919 % 1_000, 20), None);
        assert_eq!(serial(|i| i, 5), None);
    }
}
