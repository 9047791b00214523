//! What is known of the columns of a table.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::anchor::aligned::{Headed, Places};
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
    /// Whether few values stand in it again and again: states, couriers, towns, and not people.
    pub(crate) categories: bool,
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
    /// The kind of the numbers of an input without columns, as [`Column::serial`].
    pub serial: Option<Kind>,
    /// What the values behind a key of JSON objects mostly are, as far as they look like names.
    pub(crate) keys: FxHashMap<Box<str>, Column>,
    /// Where the cells of the header stand, in tables whose columns are parted by spaces.
    pub(crate) places: Places,
}

impl Layout {
    /// A layout from the cells of a header row.
    pub fn from_header<'a>(cells: impl IntoIterator<Item = &'a str>) -> Layout {
        let columns = cells
            .into_iter()
            .map(|cell| {
                let header = cell
                    .trim()
                    .trim_matches(['"', '\u{FEFF}', '`', '\''])
                    .trim();
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
            ..Layout::default()
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

    /// The columns that a header names.
    pub(crate) fn headed(&self) -> Headed<'_> {
        let named = self.columns.iter().rposition(|c| c.header.is_some());
        Headed {
            columns: named.filter(|_| self.has_header).map_or(0, |last| last + 1),
            places: &self.places,
        }
    }

    /// The column at a 0-based position.
    pub fn column(&self, index: usize) -> Option<&Column> {
        self.columns.get(index)
    }

    /// What is known of the values behind a key of JSON objects.
    pub(crate) fn key(&self, key: &str) -> Option<&Column> {
        self.keys.get(key)
    }

    /// Whether a column or key of names is known.
    pub(crate) fn has_names(&self) -> bool {
        self.columns
            .iter()
            .chain(self.keys.values())
            .any(|c| match c.field {
                Some(field) => field.role.suits(Kind::Name),
                None => c.kind == Some(Kind::Name),
            })
    }

    /// Sets which columns hold few values again and again, from the 1-based columns of cells and their values.
    pub(crate) fn learn_categories<'t>(&mut self, cells: impl Iterator<Item = (u32, &'t str)>) {
        let mut columns: Vec<(usize, FxHashSet<&str>)> = Vec::new();
        for (column, value) in cells {
            let Some(column) = (column as usize)
                .checked_sub(1)
                .filter(|c| *c < MAX_COLUMNS)
            else {
                continue;
            };
            if columns.len() <= column {
                columns.resize_with(column + 1, Default::default);
            }
            columns[column].0 += 1;
            columns[column].1.insert(value);
        }
        if self.columns.len() < columns.len() {
            self.columns.resize(columns.len(), Column::default());
        }
        for (column, (cells, values)) in self.columns.iter_mut().zip(&columns) {
            column.categories = *cells >= CATEGORY_CELLS && values.len() * CELLS_A_VALUE <= *cells;
        }
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
                })
                .filter(|k| *k != Kind::Name || !column.categories);
        }
    }

    /// Sets what the keys of JSON objects hold, as if each were a column, from the values that look like names in `rows` rows:
    /// key, value, and whether it is likely to be one.
    pub(crate) fn learn_keys<'t>(
        &mut self,
        values: impl Iterator<Item = (&'t str, &'t str, bool)>,
        rows: u64,
    ) {
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        let cells: Vec<(u32, &str, bool)> = values
            .map(|(key, value, likely)| {
                let next = numbers.len() as u32 + 1;
                (*numbers.entry(key).or_insert(next), value, likely)
            })
            .collect();
        let mut table = Layout::default();
        table.learn_categories(cells.iter().map(|c| (c.0, c.1)));
        let likely = cells.iter().filter(|c| c.2);
        table.learn_kinds(likely.map(|c| (c.0, Kind::Name)), rows);
        self.keys = numbers
            .into_iter()
            .filter_map(|(key, n)| Some((key.into(), table.column(n as usize - 1)?.clone())))
            .collect();
    }

    /// Sets which columns hold numbers in a row, from the 1-based columns (0 = the input has none), kinds and values of the findings.
    pub(crate) fn learn_serials(&mut self, numbers: impl Iterator<Item = (u32, Kind, u64)>) {
        let mut columns: BTreeMap<(u32, Kind), Vec<u64>> = BTreeMap::new();
        for (column, kind, number) in numbers {
            columns.entry((column, kind)).or_default().push(number);
        }
        for ((column, kind), mut numbers) in columns {
            let all = numbers.len();
            numbers.sort_unstable();
            numbers.dedup();
            let followed = numbers.windows(2).filter(|n| n[0] + 1 == n[1]).count();
            if all < FEWEST_NUMBERS || followed * 2 < numbers.len() && numbers.len() * OFTEN > all {
                continue;
            }
            let serial = match (column as usize).checked_sub(1) {
                None => Some(&mut self.serial),
                Some(column) => self.columns.get_mut(column).map(|c| &mut c.serial),
            };
            if let Some(serial) = serial {
                *serial = Some(kind);
            }
        }
    }

    /// Whether the numbers of a kind follow one another or repeat in a column, or in an input that has none.
    pub(crate) fn is_serial(&self, column: Option<&Column>, kind: Kind) -> bool {
        column.map_or(self.serial, |c| c.serial) == Some(kind)
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
/// From so many cells on, of which so many share a value, a column is one of categories.
const CATEGORY_CELLS: usize = 8;
const CELLS_A_VALUE: usize = 4;
/// Columns beyond this one are not learnt.
const MAX_COLUMNS: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_few_values_is_one_of_categories() {
        let mut layout = Layout::default();
        let values = ["已签收", "已退回", "派送中"];
        let cells = (0..30).flat_map(|i| [(1, values[i % 3]), (2, "柯慧明")]);
        layout.learn_categories(cells.take(14));
        assert!(!layout.column(0).expect("learnt").categories, "7 cells");
        layout.learn_categories((0..30).map(|i| (2, values[i % 3])));
        assert!(layout.column(1).expect("learnt").categories);
        layout.learn_kinds((0..30).map(|_| (2, Kind::Name)), 30);
        assert_eq!(layout.column(1).and_then(|c| c.kind), None);
        assert!(!layout.has_names());
    }

    #[test]
    fn keys_are_columns_without_a_place() {
        let mut layout = Layout::default();
        let states = ["高管", "金币"];
        let values =
            (0..20).flat_map(|i| [("nm", "柯慧明", i % 2 == 0), ("st", states[i % 2], true)]);
        layout.learn_keys(values, 20);
        let known = |key: &str| layout.key(key).map(|c| (c.kind, c.categories));
        assert_eq!(known("st"), Some((None, true)));
        assert_eq!(known("nm"), Some((None, true)), "one value twenty times");
        let names: Vec<String> = (0..20).map(|i| format!("柯{i}")).collect();
        let values = names.iter().map(|n| ("nm", n.as_str(), true));
        layout.learn_keys(values, 20);
        assert_eq!(layout.key("nm").and_then(|c| c.kind), Some(Kind::Name));
        assert!(layout.has_names() && layout.key("st").is_none());
    }

    #[test]
    fn a_column_of_names_is_known_by_header_or_cells() {
        assert!(Layout::from_header(["单号", "收件人"]).has_names());
        assert!(!Layout::from_header(["单号", "电话"]).has_names());
        let mut layout = Layout::default();
        layout.learn_kinds((0..9).map(|_| (2, Kind::Name)), 10);
        assert!(layout.has_names());
    }

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
        let mut layout = Layout::default();
        layout.learn_serials((0..20).map(|i| (0, Kind::Waybill, i)));
        assert!(layout.is_serial(None, Kind::Waybill) && !layout.is_serial(None, Kind::Mobile));
        // Two parcels of one order are no sign.
        assert_eq!(serial(|i| i / 2 * 7_919 % 1_000, 20), None);
        assert_eq!(serial(|i| i, 5), None);
    }
}
