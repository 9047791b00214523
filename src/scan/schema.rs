//! Follows the statements of an SQL dump: which table the next rows are of, and what its columns are called.

use std::collections::HashMap;

use crate::anchor::values::SqlValues;
use crate::record::{Column, Layout};
use crate::table::field::field_of;
use crate::text::decode;
use crate::text::encoding::Encoding;

/// Bytes of the longest definition of a table that is read.
const DEFINITION_MAX: usize = 256 * 1024;

/// Tables and columns that are remembered.
const TABLES_MAX: usize = 10_000;
const COLUMNS_MAX: usize = 1_024;

/// What is known of the tables of a dump, up to some row of it.
///
/// Columns are named by `CREATE TABLE` with its comments, by `COMMENT ON COLUMN`, and by the lists of `INSERT` and `COPY`.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    tables: HashMap<String, Vec<Column>>,
    /// The table whose rows come, once there is one.
    table: Option<String>,
    columns: Vec<Column>,
    /// The last statement that names a table, up to its values; most rows begin with the same one.
    head: Vec<u8>,
    /// The lines of `COPY` data go on.
    copying: bool,
    /// A `CREATE TABLE` whose end is still to come.
    definition: Option<Definition>,
}

impl Schema {
    /// The schema of a dump whose first table has these columns.
    pub(crate) fn new(first: &Layout) -> Schema {
        Schema {
            columns: first.columns.clone(),
            ..Schema::default()
        }
    }

    /// Takes the next row; gives the columns that hold from this row on where they change.
    pub(crate) fn row(&mut self, row: &[u8], encoding: Encoding) -> Option<Layout> {
        if matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be) {
            let mut buf = decode::Buffer::default();
            let text = decode::decode(row, encoding, &mut buf, &mut Vec::new()).text;
            return self.text_row(text.as_bytes(), Encoding::Utf8);
        }
        self.text_row(row, encoding)
    }

    fn text_row(&mut self, row: &[u8], encoding: Encoding) -> Option<Layout> {
        if self.copying {
            self.copying = !row.starts_with(b"\\.");
            return None;
        }
        if !self.head.is_empty() && row.starts_with(&self.head) {
            return None;
        }
        let row = row.trim_ascii_start();
        let may_begin = matches!(row.first(), Some(b'I' | b'i' | b'R' | b'r' | b'C' | b'c'));
        if self.definition.is_none() && !may_begin {
            return None;
        }
        let mut buf = decode::Buffer::default();
        let text = decode::decode(row, encoding, &mut buf, &mut Vec::new()).text;
        if let Some(definition) = &mut self.definition {
            if definition.take(text) {
                self.define();
            }
            return None;
        }
        match Statement::read(text)? {
            Statement::Create { table, rest } => {
                let mut definition = Definition::new(table);
                let ended = definition.take(rest);
                self.definition = Some(definition);
                if ended {
                    self.define();
                }
                None
            }
            Statement::Comment {
                table,
                column,
                comment,
            } => {
                let columns = self.tables.get_mut(&table)?;
                let named = |c: &&mut Column| c.header.as_deref() == Some(column.as_str());
                let column = columns.iter_mut().find(named)?;
                column.field = field_of(&comment).or(column.field);
                None
            }
            Statement::Rows {
                table,
                columns,
                copy,
                head,
            } => {
                self.copying = copy;
                self.head.clear();
                if encoding == Encoding::Utf8 || head.is_ascii() {
                    self.head.extend_from_slice(head.as_bytes());
                }
                self.enter(table, columns)
            }
        }
    }

    /// The statement names a table; gives its columns if they are others than those before.
    fn enter(&mut self, table: String, named: Vec<String>) -> Option<Layout> {
        let known = self.tables.get(&table);
        let columns: Vec<Column> = if named.is_empty() {
            known.cloned().unwrap_or_default()
        } else {
            let known = |name: &str| {
                let same = |c: &&Column| c.header.as_deref() == Some(name);
                known.and_then(|k| k.iter().find(same)).cloned()
            };
            named
                .into_iter()
                .map(|name| known(&name).unwrap_or_else(|| column(name, None)))
                .collect()
        };
        let first = self.table.is_none();
        let same_table = self.table.as_deref() == Some(table.as_str());
        let same = (first || same_table) && headers(&columns).eq(headers(&self.columns));
        self.table = Some(table);
        if same {
            return None;
        }
        self.columns.clone_from(&columns);
        Some(Layout {
            columns,
            ..Layout::default()
        })
    }

    fn define(&mut self) {
        if let Some(definition) = self.definition.take()
            && self.tables.len() < TABLES_MAX
        {
            let columns = definition.columns();
            self.tables.insert(definition.table, columns);
        }
    }
}

fn headers(columns: &[Column]) -> impl Iterator<Item = &str> {
    columns.iter().filter_map(|c| c.header.as_deref())
}

fn column(name: String, comment: Option<&str>) -> Column {
    Column {
        field: comment.and_then(field_of).or_else(|| field_of(&name)),
        header: Some(name),
        ..Column::default()
    }
}

/// A statement that says something about columns.
enum Statement<'t> {
    Create {
        table: String,
        /// What follows the name.
        rest: &'t str,
    },
    Comment {
        table: String,
        column: String,
        comment: String,
    },
    Rows {
        table: String,
        columns: Vec<String>,
        copy: bool,
        /// The statement up to its values.
        head: &'t str,
    },
}

impl<'t> Statement<'t> {
    fn read(text: &'t str) -> Option<Statement<'t>> {
        let mut words = Words(text);
        match words.word()?.to_ascii_uppercase().as_str() {
            "CREATE" => {
                words.skip(&["TEMPORARY", "UNLOGGED", "EXTERNAL"]);
                words.expect("TABLE")?;
                words.skip(&["IF", "NOT", "EXISTS"]);
                Some(Statement::Create {
                    table: words.name()?.pop()?,
                    rest: words.0,
                })
            }
            "COMMENT" => {
                words.expect("ON")?;
                words.expect("COLUMN")?;
                let mut path = words.name()?;
                let (column, table) = (path.pop()?, path.pop()?);
                words.expect("IS")?;
                let (_, comment) = words.0.split_once('\'')?;
                let comment = comment.split('\'').next()?.to_owned();
                Some(Statement::Comment {
                    table,
                    column,
                    comment,
                })
            }
            word @ ("INSERT" | "REPLACE" | "COPY") => {
                let copy = word == "COPY";
                words.skip(&["IGNORE", "OR", "REPLACE", "INTO", "OVERWRITE", "TABLE"]);
                let table = words.name()?.pop()?;
                let rest = words.0.trim_start();
                let mut columns = Vec::new();
                let mut after = rest;
                if rest.starts_with('(') {
                    let end = rest.find(')')? + 1;
                    let list = &rest[..end];
                    let names = SqlValues::new(list).map(|c| unquoted(&list[c.content]));
                    columns = names.take(COLUMNS_MAX).collect();
                    after = &rest[end..];
                }
                let values = after.trim_start();
                let opens = if copy { "FROM" } else { "VALUES" };
                // Some writers put the values on a line of their own.
                let follow = values.is_empty() && !copy && !columns.is_empty();
                let stand = values.get(..opens.len());
                if !follow && !stand.is_some_and(|w| w.eq_ignore_ascii_case(opens)) {
                    return None;
                }
                Some(Statement::Rows {
                    table,
                    columns,
                    copy,
                    head: &text[..text.len() - values.len()],
                })
            }
            _ => None,
        }
    }
}

/// The rest of a statement, word by word.
struct Words<'t>(&'t str);

impl<'t> Words<'t> {
    fn word(&mut self) -> Option<&'t str> {
        let text = self.0.trim_start();
        let end = text
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }

    fn expect(&mut self, word: &str) -> Option<()> {
        self.word()?.eq_ignore_ascii_case(word).then_some(())
    }

    /// Passes over words that may stand there, in this order.
    fn skip(&mut self, words: &[&str]) {
        for word in words {
            let mut ahead = Words(self.0);
            if ahead.expect(word).is_some() {
                self.0 = ahead.0;
            }
        }
    }

    /// The parts of a name such as `public."orders"` or `[dbo].[orders]`.
    fn name(&mut self) -> Option<Vec<String>> {
        let mut parts = Vec::new();
        self.0 = self.0.trim_start();
        loop {
            let text = self.0;
            let close = match text.chars().next()? {
                '`' => Some('`'),
                '"' => Some('"'),
                '[' => Some(']'),
                _ => None,
            };
            let (part, rest) = if let Some(close) = close {
                let end = text[1..].find(close)? + 1;
                (&text[1..end], &text[end + 1..])
            } else {
                let end = text
                    .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
                    .unwrap_or(text.len());
                text.split_at(end)
            };
            if part.is_empty() {
                return None;
            }
            parts.push(part.to_owned());
            self.0 = rest;
            let Some(more) = rest.strip_prefix('.') else {
                return Some(parts);
            };
            self.0 = more;
        }
    }
}

fn unquoted(name: &str) -> String {
    name.trim_matches(['`', '"', '[', ']', ' ']).to_owned()
}

/// A `CREATE TABLE` that is read piece by piece.
#[derive(Debug)]
struct Definition {
    table: String,
    /// One text for each column or key.
    items: Vec<String>,
    item: String,
    depth: u32,
    quote: Option<char>,
    bytes: usize,
}

impl Definition {
    fn new(table: String) -> Definition {
        Definition {
            table,
            items: Vec::new(),
            item: String::new(),
            depth: 0,
            quote: None,
            bytes: 0,
        }
    }

    /// Takes the next piece; whether the definition ends in it.
    fn take(&mut self, text: &str) -> bool {
        self.bytes += text.len();
        if self.bytes > DEFINITION_MAX || self.items.len() > COLUMNS_MAX {
            return true;
        }
        for c in text.chars() {
            match (self.quote, c) {
                (Some(quote), c) => self.quote = self.quote.filter(|_| c != quote),
                (None, '\'' | '"' | '`') => self.quote = Some(c),
                (None, '(') => {
                    self.depth += 1;
                    if self.depth == 1 {
                        continue;
                    }
                }
                (None, ')') => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        self.items.push(std::mem::take(&mut self.item));
                        return true;
                    }
                }
                (None, ',') if self.depth == 1 => {
                    self.items.push(std::mem::take(&mut self.item));
                    continue;
                }
                // `CREATE TABLE a LIKE b;`
                (None, ';') if self.depth == 0 => return true,
                _ => {}
            }
            if self.depth > 0 {
                self.item.push(c);
            }
        }
        false
    }

    fn columns(&self) -> Vec<Column> {
        self.items.iter().filter_map(|item| defined(item)).collect()
    }
}

/// The column that an item of a definition names, with its comment; `None` for keys.
fn defined(item: &str) -> Option<Column> {
    let mut words = Words(item);
    let bare = !item.trim_start().starts_with(['`', '"', '[']);
    let name = words.name()?.pop()?;
    let key = matches!(
        name.to_ascii_uppercase().as_str(),
        "PRIMARY" | "KEY" | "UNIQUE" | "CONSTRAINT" | "INDEX" | "FULLTEXT" | "FOREIGN" | "CHECK"
    );
    if bare && key {
        return None;
    }
    let upper = words.0.to_ascii_uppercase();
    let comment = upper
        .find("COMMENT ")
        .and_then(|i| words.0[i..].split('\'').nth(1));
    Some(column(name, comment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::field::Role;

    /// Number of the row and roles of the columns, wherever they change.
    fn changes(rows: &[&str]) -> Vec<(usize, Vec<Option<Role>>)> {
        let mut schema = Schema::default();
        let roles = |l: Layout| l.columns.iter().map(|c| c.field.map(|f| f.role)).collect();
        let take = |(i, row): (usize, &&str)| {
            let layout = schema.row(row.as_bytes(), Encoding::Utf8)?;
            Some((i, roles(layout)))
        };
        rows.iter().enumerate().filter_map(take).collect()
    }

    #[test]
    fn tables_have_columns_of_their_own() {
        let found = changes(&[
            "CREATE TABLE `a` (\n",
            "  `id` int NOT NULL,\n",
            "  `f1` varchar(20) DEFAULT NULL COMMENT '收货人手机',\n",
            "  PRIMARY KEY (`id`)\n",
            ") ENGINE=InnoDB;\n",
            "CREATE TABLE IF NOT EXISTS b (id int, receiver_name varchar(20),",
            " price decimal(10,2));\n",
            "INSERT INTO `a` VALUES (1,'138'),",
            "(2,'139');\n",
            "INSERT INTO `a` VALUES (3,'137');\n",
            "INSERT INTO b VALUES (1,'张三',2.5);\n",
            "INSERT INTO `a` (`f1`, `id`) VALUES ('138',1);\n",
            "INSERT INTO c VALUES (1);\n",
        ]);
        let (mobile, name) = (Some(Role::Mobile), Some(Role::Name));
        let order = found[0].1[0];
        assert_eq!(
            found,
            [
                (7, vec![order, mobile]),
                (10, vec![order, name, Some(Role::Other)]),
                (11, vec![mobile, order]),
                (12, vec![]),
            ]
        );
    }

    #[test]
    fn comments_and_copy_of_postgres() {
        let found = changes(&[
            "CREATE TABLE public.\"t\" (\n",
            "    id integer NOT NULL,\n",
            "    f1 character varying(20)\n",
            ");\n",
            "COMMENT ON COLUMN public.t.f1 IS '收货人';\n",
            "COPY public.t (id, f1) FROM stdin;\n",
            "1\tINSERT INTO x VALUES (1)\n",
            "\\.\n",
            "INSERT [dbo].[u] ([mobile], [x]) VALUES (N'138', 1)\n",
        ]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].0, found[0].1[1]), (5, Some(Role::Name)));
        assert_eq!((found[1].0, found[1].1[0]), (8, Some(Role::Mobile)));
    }

    #[test]
    fn values_may_stand_on_a_line_of_their_own() {
        let found = changes(&[
            "insert into ORDERS (ID, RECEIVER_NAME)\n",
            "values (1, '张三');\n",
            "insert into ORDERS (ID, RECEIVER_NAME)\n",
            "values (2, '李四');\n",
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0, found[0].1[1]), (0, Some(Role::Name)));
    }

    #[test]
    fn what_is_no_statement_changes_nothing() {
        assert!(
            changes(&[
                "INSERT",
                "CREATE TABLE",
                "COPY x",
                "insert coin",
                "COMMENT ON",
                ""
            ])
            .is_empty()
        );
        let endless = format!("CREATE TABLE t ({}", "a int,".repeat(100_000));
        assert!(changes(&[&endless, "INSERT INTO t VALUES (1)"]).len() <= 1);
    }
}
