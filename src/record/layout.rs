//! What is known of the columns of a table.

use crate::kind::Kind;
use crate::table::field::{Field, field_of};

/// One column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The header's text, if there is a header.
    pub header: Option<String>,
    /// What the header says.
    pub field: Option<Field>,
    /// What most of the cells are, where the learnt prefix of the table shows it.
    pub kind: Option<Kind>,
}

/// The columns of a table, learnt from a fixed prefix of the input; empty for running text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The columns, left to right.
    pub columns: Vec<Column>,
    /// Whether the first row is a header and no data.
    pub has_header: bool,
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
                    kind: None,
                }
            })
            .collect();
        Layout {
            columns,
            has_header: true,
        }
    }

    /// The column at a 0-based position.
    pub fn column(&self, index: usize) -> Option<&Column> {
        self.columns.get(index)
    }
}
