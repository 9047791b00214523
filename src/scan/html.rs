//! Tables in HTML: whether a document's rows are records, and what its columns are called.

use std::sync::LazyLock;

use aho_corasick::packed::Searcher;

use super::columns::header_of;
use super::form::is_labelled;
use super::input::Format;
use super::report::PageReport;
use crate::anchor::html::{Overhang, is_row};
use crate::anchor::marks::Rows;
use crate::record::{Column, Layout};
use crate::table::words::{self, Words};
use crate::text::encoding::Encoding;
use crate::text::{Escapes, decode, unescaped};

/// Rows of a document that are looked at.
const ROWS: usize = 200;

/// Cells of a row that are read for its header.
const COLUMNS: usize = 1_024;

/// What the first rows of a document show.
pub(super) struct Survey {
    /// Whether its rows are records.
    pub(super) is_table: bool,
    /// The columns of its first table that has a header; else empty.
    pub(super) layout: Layout,
    /// Where that header ends.
    pub(super) header_end: usize,
}

/// Looks at the first rows of a document.
///
/// Rows are records where they stand under a header that names personal data, or where most of them have as many cells. Tables of
/// labels and values, and tables that only place things on a page, are read as text.
pub(super) fn survey(text: &str, words: &Words) -> Survey {
    let mut found = Survey {
        is_table: false,
        layout: Layout::default(),
        header_end: 0,
    };
    // Rows below the header, rows of labels and values, and how many of the others have so many cells.
    let (mut below, mut labelled, mut counted) = (0, 0, Vec::new());
    let mut rows = 0;
    let mut overhang = Overhang::default();
    for row in Rows::new(text, &Format::HtmlTable, true) {
        let piece = &text[row.range.clone()];
        if rows >= ROWS {
            break;
        }
        let heads = if below == 0 {
            &found.layout.columns[..]
        } else {
            &[]
        };
        let cells = texts(piece, heads, &mut overhang);
        if !is_row(piece.as_bytes(), Encoding::Utf8) {
            continue;
        }
        rows += 1;
        let columns = found.layout.columns.len();
        let filled: Vec<&str> = cells
            .iter()
            .map(String::as_str)
            .filter(|c| !c.is_empty())
            .collect();
        if filled.len() < 2 {
            continue;
        }
        if below == 0 && is_header(&cells, words) {
            found.layout = Layout {
                header_rows: rows as u64,
                ..layout(&cells)
            };
            found.header_end = row.range.end;
        } else if is_labelled(&filled, words) {
            labelled += 1;
        } else if columns > 0 && cells.len().abs_diff(columns) <= 1 + columns / 4 {
            below += 1;
        } else {
            counted.push(cells.len());
        }
    }
    found.is_table = below > labelled || (below == 0 && labelled == 0 && are_alike(counted));
    if below == 0 {
        found.layout = Layout::default();
        found.header_end = 0;
    }
    found
}

/// Whether there are some rows, and nearly all have the same number of cells, three or more.
fn are_alike(mut counts: Vec<usize>) -> bool {
    counts.sort_unstable();
    let middle = counts.get(counts.len() / 2).copied().unwrap_or(0);
    let same = counts.iter().filter(|n| **n == middle).count();
    middle >= 3 && same >= 3 && same * 5 >= counts.len() * 4
}

/// The texts of the cells of a row, each in its column. Under a cell of the header row that reaches down, its text stands again.
fn texts(row: &str, heads: &[Column], overhang: &mut Overhang) -> Vec<String> {
    let mut out = Vec::new();
    let above: Vec<usize> = overhang.columns(heads.len()).collect();
    overhang.cells(row, |cell| {
        if cell.index >= COLUMNS {
            return;
        }
        out.resize(cell.index, String::new());
        let raw = &row[cell.content];
        let text = unescaped(raw, Escapes::Html).unwrap_or_else(|| raw.to_owned());
        out.push(text.trim().to_owned());
    });
    for index in above {
        out.resize(out.len().max(index + 1), String::new());
        let head = heads[index].header.as_deref();
        head.unwrap_or_default().clone_into(&mut out[index]);
    }
    out
}

impl PageReport<'_> {
    /// Whether cells of its tables may reach over rows.
    pub(crate) fn has_row_spans(&self) -> bool {
        let unit = self.unit();
        unit.format == Format::HtmlTable && holds(self.bytes(), unit.encoding, &SPANS)
    }
}

fn layout(cells: &[String]) -> Layout {
    Layout::from_header(cells.iter().map(String::as_str))
}

/// Whether a row names columns, two or more of them known and one of personal data.
fn is_header(cells: &[String], words: &Words) -> bool {
    let fields = || cells.iter().filter_map(|c| words.field_of(c));
    header_of(cells.iter().map(String::as_str), words)
        && fields().any(|f| f.role.kind().is_some())
        && fields().count() >= 2
}

/// Follows the tables of a document, up to some row of it: each may have a header of its own.
#[derive(Debug, Default)]
pub(super) struct Heads {
    columns: Vec<Column>,
    /// Whether a table was opened whose first row is still to come.
    fresh: bool,
    overhang: Overhang,
    /// Whether a table was opened, as of the last row out of which no cell reaches.
    fresh_there: bool,
}

/// What opens a table, heads a column and reaches over rows.
const TABLES: [&str; 5] = ["<table", "<TABLE", "<Table", "<w:tbl", "<a:tbl"];
const HEADERS: [&str; 2] = ["<th", "<TH"];
const SPANS: [&str; 3] = ["owspan", "OWSPAN", "owSpan"];

/// All of them; most rows have none.
static MARKS: LazyLock<Option<Searcher>> =
    LazyLock::new(|| Searcher::new(TABLES.iter().chain(&HEADERS).chain(&SPANS)));

impl Heads {
    /// The tables of a document whose first header names these columns.
    pub(super) fn new(first: &Layout) -> Heads {
        Heads {
            columns: first.columns.clone(),
            ..Heads::default()
        }
    }

    /// Whether a cell reaches into the row that comes next, which is not to be parted from it.
    pub(super) fn reach_down(&self) -> bool {
        self.overhang.is_open()
    }

    /// Goes back to the last row out of which no cell reaches.
    pub(super) fn rewind(&mut self) {
        self.overhang = Overhang::default();
        self.fresh = self.fresh_there;
    }

    /// Takes the next piece of the document; gives the columns that hold from it on where they change. Then it is to be taken again.
    pub(super) fn row(&mut self, piece: &[u8], encoding: Encoding) -> Option<Layout> {
        let changed = self.piece(piece, encoding);
        if !self.reach_down() {
            self.fresh_there = self.fresh;
        }
        changed
    }

    fn piece(&mut self, piece: &[u8], encoding: Encoding) -> Option<Layout> {
        let wide = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        let may_hold = |m: &Option<Searcher>| m.as_ref().is_none_or(|m| m.find(piece).is_some());
        let marked = wide || may_hold(&MARKS);
        let row = is_row(piece, encoding);
        let fresh = self.fresh && row;
        self.fresh = (self.fresh && !row) || marked && holds(piece, encoding, &TABLES);
        let heads = fresh || marked && holds(piece, encoding, &HEADERS);
        let spans = self.overhang.is_open() || marked && holds(piece, encoding, &SPANS);
        if !(spans || row && heads) {
            return None;
        }
        let (mut buffer, mut malformed) = (decode::Buffer::default(), Vec::new());
        let text = decode::decode(piece, encoding, &mut buffer, &mut malformed).text;
        let before = self.overhang.clone();
        let cells = texts(text, &self.columns, &mut self.overhang);
        if !(row && heads) {
            return None;
        }
        let changed = if is_header(&cells, &words::NONE) {
            layout(&cells)
        } else if fresh && cells.len() != self.columns.len() {
            Layout::default()
        } else {
            return None;
        };
        let headers = |columns: &[Column]| -> Vec<Option<String>> {
            columns.iter().map(|c| c.header.clone()).collect()
        };
        if headers(&changed.columns) == headers(&self.columns) {
            return None;
        }
        self.columns.clone_from(&changed.columns);
        self.overhang = before;
        Some(changed)
    }
}

/// Whether one of these stands in a piece of a document. In UTF-16 its letters are looked for with their zero bytes.
fn holds(piece: &[u8], encoding: Encoding, marks: &[&str]) -> bool {
    marks.iter().any(|mark| match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let wide: Vec<u8> = mark.bytes().flat_map(|b| [b, 0]).collect();
            memchr::memmem::find(piece, &wide[..wide.len() - 1]).is_some()
        }
        _ => memchr::memmem::find(piece, mark.as_bytes()).is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> String {
        let cell = |c: &&str| format!("<td>{c}</td>");
        let row = |r: &&[&str]| format!("<tr>{}</tr>\n", r.iter().map(cell).collect::<String>());
        format!(
            "<table>{}</table>",
            rows.iter().map(row).collect::<String>()
        )
    }

    fn headers(layout: &Layout) -> Vec<&str> {
        layout
            .columns
            .iter()
            .filter_map(|c| c.header.as_deref())
            .collect()
    }

    #[test]
    fn rows_under_a_header_are_records() {
        let text = format!(
            "<h1>订单</h1>{}",
            table(&[
                &["<b>收件人</b>", "颜色", "手机&nbsp;"],
                &["张三", "红", "138"]
            ])
        );
        let found = survey(&text, &words::NONE);
        assert!(found.is_table);
        assert_eq!(headers(&found.layout), ["收件人", "颜色", "手机"]);
        assert!(text[found.header_end..].starts_with("<tr><td>张三"));
    }

    #[test]
    fn rows_alike_are_records_without_a_header() {
        let row: &[&str] = &["张三", "138", "杭州"];
        assert!(survey(&table(&[row; 3]), &words::NONE).is_table);
        assert!(!survey(&table(&[row; 2]), &words::NONE).is_table);
    }

    #[test]
    fn forms_and_placed_things_are_text() {
        for rows in [
            &[&["收件人", "张三"][..], &["电话", "138"], &["地址", "杭州"]][..],
            &[
                &["收件人", "张三", "地址", "杭州"],
                &["电话", "138", "单号", "SF1"],
            ],
            &[&["logo", "首页"], &["左", "右"], &["张三", "李四"]],
        ] {
            assert!(!survey(&table(rows), &words::NONE).is_table, "{rows:?}");
        }
    }

    #[test]
    fn a_header_may_have_two_rows() {
        let text = "<table><tr><th rowspan=2>运单号<th colspan=2>收件<th rowspan=2>地址</tr>\
            <tr><th>收件人<th>手机</tr><tr><td>SF1<td>张三<td>138<td>杭州</tr></table>";
        let found = survey(text, &words::NONE);
        assert!(found.is_table && text[found.header_end..].starts_with("<tr><td>SF1"));
        assert_eq!(headers(&found.layout), ["运单号", "收件人", "手机", "地址"]);
        assert_eq!(found.layout.header_rows, 2);
        let mut heads = Heads::new(&found.layout);
        let rows = Rows::new(text, &Format::HtmlTable, true);
        let changes = rows.filter_map(|r| {
            let piece = &text.as_bytes()[r.range];
            let changed = heads.row(piece, Encoding::Utf8)?;
            assert!(heads.row(piece, Encoding::Utf8).is_none());
            Some(changed)
        });
        let last = changes
            .last()
            .expect("the first row alone is another header");
        assert_eq!(headers(&last), ["运单号", "收件人", "手机", "地址"]);
    }

    #[test]
    fn every_table_has_its_own_columns() {
        let first = table(&[&["收件人", "手机"], &["张三", "138"]]);
        let text = format!(
            "{first}{}{}",
            table(&[&["运单号", "地址", "姓名"], &["1", "杭州", "李四"]]),
            table(&[&["合计", "2", "", ""]])
        );
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
            let bytes: Vec<u8> = match encoding {
                Encoding::Utf8 => text.clone().into_bytes(),
                Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                _ => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            };
            let mut heads = Heads::new(&survey(&text, &words::NONE).layout);
            let changes: Vec<usize> = Rows::of_bytes(&bytes, encoding, &Format::HtmlTable, true)
                .filter_map(|r| heads.row(&bytes[r.range], encoding))
                .map(|layout| layout.columns.len())
                .collect();
            assert_eq!(changes, [3, 0], "{}", encoding.id());
        }
    }
}
