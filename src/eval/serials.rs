//! Labelled serials: a table between tabs with one number a row.

use std::io::BufRead;
use std::path::Path;

use serde::Serialize;

use super::gold::{GoldEntity, GoldLine};
use crate::error::{Error, Result};

/// Where a serial of a table is put before it is scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Setting {
    /// Nothing stands around it.
    #[default]
    Alone,
    /// A waybill in this text in place of `{}`, a near miss in the context that its row gives.
    Within(String),
}

/// How often the likeliest courier was the labelled one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CourierTally {
    /// Serials that were found and whose courier is labelled.
    pub found: u64,
    /// Of these, with the labelled courier as the likeliest.
    pub right: u64,
    /// Of these, with the labelled courier as the likeliest or among the others that fit.
    pub fitting: u64,
}

/// The columns of a table of serials by their headers.
struct Columns {
    number: usize,
    courier: Option<usize>,
    kind: Option<usize>,
    context: Option<usize>,
}

impl Columns {
    fn read(header: &str) -> Option<Columns> {
        let of = |name: &str| header.trim_end().split('\t').position(|cell| cell == name);
        Some(Columns {
            number: of("number")?,
            courier: of("courier_code"),
            kind: of("kind"),
            context: of("context"),
        })
    }
}

/// Reads a table with a header row. Rows with a `courier_code` column are waybills; others, which may have a `kind` and a
/// `context`, are near misses.
pub(super) fn read(path: &Path, reader: impl BufRead, setting: &Setting) -> Result<Vec<GoldLine>> {
    let wrong = |what: String| Error::Format {
        path: path.to_owned(),
        what,
    };
    let mut rows = reader.lines();
    let header = rows.next().transpose().map_err(|e| Error::io(path, e))?;
    let columns = header
        .as_deref()
        .and_then(Columns::read)
        .ok_or_else(|| wrong("line 1: a table of serials has a column `number`".to_owned()))?;
    let mut lines = Vec::new();
    for (i, row) in rows.enumerate() {
        let row = row.map_err(|e| Error::io(path, e))?;
        let cells: Vec<&str> = row.split('\t').collect();
        let number = cells.get(columns.number).copied().unwrap_or_default();
        if number.is_empty() {
            return Err(wrong(format!("line {}: no number", i + 2)));
        }
        let cell = |column: Option<usize>| column.and_then(|c| cells.get(c).copied());
        let line = format!("{}", i + 2);
        lines.push(match cell(columns.courier) {
            Some(courier) => waybill(line, number, courier, setting),
            None => near_miss(
                line,
                number,
                cell(columns.kind),
                cell(columns.context),
                setting,
            ),
        });
    }
    Ok(lines)
}

fn waybill(id: String, number: &str, courier: &str, setting: &Setting) -> GoldLine {
    let (before, after) = match setting {
        Setting::Alone => ("", ""),
        Setting::Within(text) => text.split_once("{}").unwrap_or((text, "")),
    };
    // What stands behind the first dash is the number of a package.
    let serial = number.split('-').next().unwrap_or(number);
    let start = before.chars().count();
    let lettered = serial.contains(|c: char| c.is_ascii_alphabetic());
    GoldLine {
        id,
        text: format!("{before}{number}{after}"),
        entities: vec![GoldEntity {
            label: "WAYBILL".to_owned(),
            start,
            end: start + serial.chars().count(),
            value: Some(serial.to_ascii_uppercase()),
            style: Some(if lettered { "lettered" } else { "bare" }.to_owned()),
            courier: Some(courier.to_owned()).filter(|c| !c.is_empty()),
            ..GoldEntity::default()
        }],
        ..GoldLine::default()
    }
}

fn near_miss(
    id: String,
    number: &str,
    kind: Option<&str>,
    context: Option<&str>,
    setting: &Setting,
) -> GoldLine {
    let text = match setting {
        Setting::Alone => number,
        Setting::Within(_) => context.unwrap_or(number),
    };
    GoldLine {
        id,
        text: text.to_owned(),
        category: kind.map(|k| format!("neg {k}")),
        ..GoldLine::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(table: &str, setting: &Setting) -> Result<Vec<GoldLine>> {
        read(Path::new("set.tsv"), table.as_bytes(), setting)
    }

    #[test]
    fn waybills_alone_and_in_a_text() {
        let table = "number\tcourier_code\nJDVA11408814000-1-1-\tJD\n";
        let alone = lines(table, &Setting::Alone).expect("a table");
        assert_eq!(alone[0].text, "JDVA11408814000-1-1-");
        assert_eq!(alone[0].entities[0].end, 15);
        let within = lines(table, &Setting::Within("单号：{} 已发".to_owned())).expect("a table");
        assert_eq!(within[0].text, "单号：JDVA11408814000-1-1- 已发");
        assert_eq!(
            (within[0].entities[0].start, within[0].entities[0].end),
            (3, 18)
        );
    }

    #[test]
    fn near_misses_stand_in_their_own_context() {
        let table = "number\tkind\tcontext\n6970964382938\tean13\t条码 6970964382938\n";
        let within = lines(table, &Setting::Within("单号：{}".to_owned())).expect("a table");
        assert_eq!(within[0].text, "条码 6970964382938");
        assert!(within[0].entities.is_empty());
    }

    #[test]
    fn wrong_tables_name_the_line() {
        assert!(lines("a\tb\n", &Setting::Alone).is_err_and(|e| e.to_string().contains("line 1")));
        assert!(
            lines("number\n\n", &Setting::Alone).is_err_and(|e| e.to_string().contains("line 2"))
        );
    }
}
