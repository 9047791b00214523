//! Learns the columns of an input from its first bytes.

use super::input::Format;
use crate::anchor::marks::{Rows, cells};
use crate::anchor::values::SqlValues;
use crate::record::{Column, Layout};
use crate::table::field::field_of;
use crate::table::words::Words;

/// Lines before a header that hold no table: a title, the time of the export, a blank.
pub(super) const PREAMBLE: usize = 8;

/// Whether a row names columns and holds no data: most cells are known words, none holds a number as data do.
pub(crate) fn header_of<'c>(cells: impl Iterator<Item = &'c str>, words: &Words) -> bool {
    let (mut count, mut known, mut data) = (0, 0, 0);
    for cell in cells.map(|c| c.trim().trim_matches(['"', '\u{FEFF}', '`', '\''])) {
        if cell.is_empty() {
            continue;
        }
        count += 1;
        let digits = cell.bytes().filter(u8::is_ascii_digit).count();
        if digits > 2 || cell.chars().count() > 40 {
            data += 1;
        } else if words.field_of(cell).is_some() {
            known += 1;
        }
    }
    data == 0
        && count > 0
        && (known * 3 >= count && known > 0 || known >= 3)
        && (known > 1 || count > 1)
}

/// Learns the columns from the decoded first bytes of an input.
///
/// The second value is the number of rows up to and including the header (preamble lines counted), which are no data.
pub(crate) fn learn(text: &str, format: &Format, words: &Words) -> (Layout, usize) {
    match format {
        Format::Table { delimiter, quoted } => {
            for (i, row) in Rows::new(text, format, true).take(PREAMBLE).enumerate() {
                let row = text[row.range].trim_start_matches('\u{FEFF}');
                let columns = || cells(row, delimiter, *quoted).map(|c| &row[c.content]);
                if header_of(columns(), words) {
                    return (Layout::from_header(columns()), i + 1);
                }
            }
            (Layout::default(), 0)
        }
        Format::Sql => (sql_columns(text), 0),
        _ => (Layout::default(), 0),
    }
}

/// The columns of the first table of an SQL dump: from `CREATE TABLE` with its comments, else from a column list.
fn sql_columns(text: &str) -> Layout {
    let mut columns: Vec<Column> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let line = line.trim();
        let upper = line.get(..12).unwrap_or(line).to_ascii_uppercase();
        if inside {
            if line.starts_with(')') {
                break;
            }
            columns.extend(sql_column(line));
        } else if upper.starts_with("CREATE TABLE") && !line.ends_with(';') {
            inside = true;
        } else if upper.starts_with("INSERT")
            || upper.starts_with("REPLACE")
            || upper.starts_with("COPY ")
        {
            let Some(open) = line.find('(') else { continue };
            let names = &line[open..];
            let close = names.find(')').map_or(names.len(), |i| i + 1);
            let before = line[..open].to_ascii_uppercase();
            if !before.contains("VALUES") {
                let list = &names[..close];
                return Layout::from_header(SqlValues::new(list).map(|c| &list[c.content]));
            }
        }
    }
    Layout {
        columns,
        ..Layout::default()
    }
}

/// One line of `CREATE TABLE`: name, and a comment if that says more.
fn sql_column(line: &str) -> Option<Column> {
    let name = line.trim_start_matches(['`', '"', '[']);
    let end = name.find(['`', '"', ']', ' ', '\t'])?;
    let (name, rest) = name.split_at(end);
    let upper = name.to_ascii_uppercase();
    if matches!(
        upper.as_str(),
        "PRIMARY"
            | "KEY"
            | "UNIQUE"
            | "CONSTRAINT"
            | "INDEX"
            | "FULLTEXT"
            | "FOREIGN"
            | "--"
            | "CHECK"
    ) {
        return None;
    }
    let comment = rest
        .find("COMMENT '")
        .map(|i| &rest[i + 9..])
        .and_then(|c| c.split('\'').next());
    let field = comment.and_then(field_of).or_else(|| field_of(name));
    Some(Column {
        header: Some(name.to_owned()),
        field,
        kind: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::field::Role;
    use crate::table::words::NONE;

    #[test]
    fn columns_are_learnt_below_a_preamble() {
        let text = "订单导出\n\n\"收货人姓名\",\"颜色\",联系手机 \n张三,红,138\n";
        let (layout, rows) = learn(text, &Format::csv(), &NONE);
        assert_eq!(
            (rows, layout.has_header, layout.columns.len()),
            (3, true, 3)
        );
        assert_eq!(layout.columns[2].field.map(|f| f.role), Some(Role::Mobile));
        assert_eq!(learn("张三,138\n", &Format::csv(), &NONE).1, 0);
    }

    #[test]
    fn columns_of_sql_dumps() {
        let create = "CREATE TABLE `t` (\n  `id` int NOT NULL,\n  `f1` varchar(20) COMMENT '收货人手机',\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n";
        let (layout, _) = learn(create, &Format::Sql, &NONE);
        assert_eq!(layout.columns.len(), 2);
        assert_eq!(layout.columns[1].field.map(|f| f.role), Some(Role::Mobile));
        let insert = "INSERT INTO t (id, name, mobile) VALUES (1,'张三','138');\n";
        assert_eq!(learn(insert, &Format::Sql, &NONE).0.columns.len(), 3);
    }
}
