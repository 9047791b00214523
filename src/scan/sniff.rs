//! Recognises the format of an input from its first bytes.

use memchr::{memchr, memmem};
use smallvec::SmallVec;

use super::columns::better_header;
use super::form::Forms;
use super::html;
use super::input::Format;
use crate::anchor::marks::{Rows, SPACES, cells};
use crate::table::field::field_of;
use crate::table::words;

/// Lines that are looked at.
const LINES: usize = 200;

/// Text between two cells, most telling first. A later one wins only if it divides the lines better.
const DELIMITERS: [&str; 12] = [
    HIVE, UNIT, "\t", "----", "|", ",", ";", "^", "#", "，", "---", SPACES,
];

/// The delimiter of tables that Hive exports.
const HIVE: &str = "\u{1}";

/// The separator of units in ASCII.
const UNIT: &str = "\u{1F}";

/// Recognises the format from the decoded first bytes; a file name is a hint only.
///
/// A single line is running text unless the name or a header-like line says otherwise; prose, chats, key–value lines and
/// pasted delivery lines are running text however many commas they hold.
pub(crate) fn sniff(text: &str, path: Option<&str>) -> Format {
    let text = text.trim_start_matches('\u{FEFF}');
    let extension = path
        .and_then(|p| p.rsplit_once('.'))
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default();
    if let Some(format) = json(text) {
        return format;
    }
    if is_markup(text, &extension) {
        let has_rows = html::survey(text, &words::NONE).is_table;
        return if has_rows {
            Format::HtmlTable
        } else {
            Format::Markup
        };
    }
    if is_sql(text, &extension) {
        return Format::Sql;
    }
    table(text, &extension).unwrap_or(Format::Text)
}

/// Lines of JSON, or a document of JSON.
fn json(text: &str) -> Option<Format> {
    let start = text.trim_start();
    if !start.starts_with(['{', '[']) {
        return None;
    }
    let mut lines = lines(start).map(str::trim).filter(|l| !l.is_empty());
    let first = lines.next()?;
    // `[2024-01-01] 张三: …` is a log or chat.
    let opens = first[1..].trim_start();
    let json_like = opens.is_empty()
        || opens.starts_with(['"', '{', '[', '}', ']'])
        || (first.starts_with('[')
            && first.trim_end_matches(',').ends_with(']')
            && first.contains(','));
    if !json_like {
        return None;
    }
    let closes = |line: &str| {
        (line.starts_with('{') && line.ends_with('}'))
            || (line.starts_with('[') && line.ends_with(']'))
    };
    let next = lines.next();
    if closes(first) {
        let Some(next) = next else {
            return Some(if first.starts_with('{') && !holds_objects(first) {
                Format::JsonLines
            } else {
                Format::Json
            });
        };
        // A line between that is no JSON does not make it text; prose after a bracket does.
        let rest = || std::iter::once(next).chain(lines.clone()).take(LINES);
        let json = rest().filter(|l| l.starts_with(['{', '['])).count();
        return (2 * json > rest().count()).then_some(Format::JsonLines);
    }
    // A line longer than the prefix, or a document over several lines.
    match next {
        Some(next) => next
            .starts_with(['"', '{', '}', '[', ']', '-', ','])
            .then_some(Format::Json),
        None if first.starts_with('{') && first.len() < text.len() => None,
        None => Some(Format::Json),
    }
}

/// The lines of a text.
fn lines(text: &str) -> impl Iterator<Item = &str> + Clone {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes());
    let mut start = 0;
    ends.chain([text.len()]).map(move |end| {
        let line = &text[start..end];
        start = text.len().min(end + 1);
        line
    })
}

/// Whether a member of an object is a list of objects.
fn holds_objects(line: &str) -> bool {
    memchr::memchr_iter(b'[', line.as_bytes()).any(|at| {
        let (before, list) = line.split_at(at);
        list.starts_with("[{") && before.strip_suffix(' ').unwrap_or(before).ends_with(':')
    })
}

fn is_markup(text: &str, extension: &str) -> bool {
    const TAGS: [&str; 8] = [
        "<!doctype",
        "<html",
        "<?xml",
        "<table",
        "<div",
        "<body",
        "<!--",
        "<meta",
    ];
    let head = text.trim_start();
    let named = matches!(extension, "html" | "htm" | "xml" | "xhtml");
    if !named && !head.starts_with('<') {
        return false;
    }
    let opens = |tag: &str| {
        head.get(..tag.len())
            .is_some_and(|h| h.eq_ignore_ascii_case(tag))
    };
    let tags = text.bytes().filter(|b| *b == b'<').count();
    TAGS.iter().any(|tag| opens(tag))
        || (named && tags > 0)
        || (tags >= 3 && (text.contains("</") || text.contains("/>")))
}

fn is_sql(text: &str, extension: &str) -> bool {
    const STATEMENTS: [&str; 8] = [
        "INSERT INTO ",
        "CREATE TABLE ",
        "COPY ",
        "DROP TABLE ",
        "LOCK TABLES ",
        "REPLACE INTO ",
        "INSERT IGNORE ",
        "INSERT [",
    ];
    let opens = |line: &str, word: &str| {
        line.get(..word.len())
            .is_some_and(|h| h.eq_ignore_ascii_case(word))
    };
    let statements = text
        .lines()
        .take(LINES)
        .map(str::trim_start)
        .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter(|line| STATEMENTS.iter().any(|word| opens(line, word)))
        .count();
    let comment = || text.trim_start().starts_with("-- ") || text.trim_start().starts_with("/*!");
    statements > 1
        || statements == 1
            && (extension == "sql"
                || comment()
                || text.trim_end().ends_with(';')
                || text.contains("VALUES"))
}

/// How well a delimiter divides the lines.
struct Fit {
    delimiter: &'static str,
    cells: usize,
    rows: usize,
    /// Lines that are divided into just so many cells, in hundredths of all.
    share: usize,
    header: bool,
    score: usize,
}

fn table(text: &str, extension: &str) -> Option<Format> {
    let hint = match extension {
        "csv" => Some(","),
        "tsv" | "tab" => Some("\t"),
        _ => None,
    };
    let one_line = !text.trim_end().contains('\n');
    if one_line && hint.is_none() && !text.contains("----") && !may_be_header(text) {
        return None;
    }
    let best = DELIMITERS
        .iter()
        .filter(|d| match d.as_bytes() {
            [one] => memchr(*one, text.as_bytes()).is_some(),
            more => memmem::find(text.as_bytes(), more).is_some(),
        })
        .filter_map(|d| fit(text, d, hint.is_some()))
        .max_by_key(|f| f.score);
    let Some(fit) = best else {
        // An empty or one-column file of that name is a table still.
        return hint
            .filter(|_| looks_one_column(text))
            .map(|d| Format::Table {
                delimiter: d.into(),
                quoted: true,
            });
    };
    Some(Format::Table {
        quoted: is_quoted(text, fit.delimiter),
        delimiter: fit.delimiter.into(),
    })
}

/// Whether the cells of a workbook's sheet, parted by tabs, are a form and no table.
pub(super) fn is_form(sheet: &str) -> bool {
    let mut forms = Forms::default();
    for line in sheet.lines().take(LINES) {
        forms.row(line.split('\t'), &words::NONE);
    }
    forms.is_form()
}

/// A quick look at a single line, since most texts that are handed over by themselves are one: headers are short and hold no
/// numbers and no sentences.
fn may_be_header(line: &str) -> bool {
    let mut digits = 0;
    line.len() <= 4096
        && !line.bytes().any(|b| {
            digits = if b.is_ascii_digit() { digits + 1 } else { 0 };
            digits > 2
        })
        && !line.contains(['。', '！', '？'])
}

fn looks_one_column(text: &str) -> bool {
    text.lines()
        .next()
        .is_none_or(|l| field_of(l.trim_matches('"')).is_some())
}

/// Whether cells stand in quotes: some cell begins with one, and they come in pairs.
fn is_quoted(text: &str, delimiter: &str) -> bool {
    delimiter.len() == 1
        || delimiter != SPACES
            && (text.starts_with('"')
                || text
                    .match_indices('"')
                    .any(|(at, _)| text[..at].ends_with(delimiter)))
}

fn fit(text: &str, delimiter: &'static str, hinted: bool) -> Option<Fit> {
    let quoted = is_quoted(text, delimiter);
    let format = Format::Table {
        delimiter: delimiter.into(),
        quoted,
    };
    let mut counts: SmallVec<[usize; 8]> = SmallVec::new();
    let mut header = None;
    let mut prose = 0;
    let (mut labelled, mut empties, mut forms) = (0, 0, Forms::default());
    // The last row of the prefix is cut, unless it is the only one.
    let rows: SmallVec<[&str; 8]> = Rows::new(text, &format, true)
        .map(|r| text[r.range].trim_end_matches(['\n', '\r']))
        .filter(|r| !r.trim().is_empty())
        .take(LINES)
        .collect();
    for (i, row) in rows.iter().enumerate() {
        let columns: SmallVec<[&str; 16]> = cells(row, delimiter, quoted)
            .map(|c| &row[c.content])
            .collect();
        let most = header.map_or(0, |(_, _, known)| known);
        if let Some(known) = better_header(i, columns.iter().copied(), &words::NONE, most) {
            header = Some((i, columns.len(), known));
        }
        forms.row(columns.iter().copied(), &words::NONE);
        empties += usize::from(columns.iter().all(|c| c.is_empty()));
        prose += usize::from(is_prose(&columns));
        labelled += usize::from(
            columns.len() > 1
                && columns.iter().filter(|c| has_label(c)).count() * 2 > columns.len(),
        );
        counts.push(columns.len());
    }
    if counts.is_empty() || empties == counts.len() || forms.is_form() {
        return None;
    }
    let from = header.map_or(0, |h| h.0);
    let counted = &counts[from..];
    let cells = header.map_or_else(|| most_common(counted), |h| h.1);
    if cells < 2 {
        return None;
    }
    // Ragged rows lose a cell or two; a stray delimiter adds one.
    let same = counted.iter().filter(|c| **c == cells).count();
    let near = counted
        .iter()
        .filter(|c| **c > 1 && c.abs_diff(cells) <= 1 + cells / 4)
        .count();
    let share = (same * 2 + near) * 100 / (3 * counted.len());
    let rows_like = counted.len();
    let enough = match (header.is_some(), delimiter) {
        _ if prose * 3 > counts.len() || labelled * 3 > counts.len() => false,
        // A clause or two with known words are no header.
        (true, "，") => share >= 60 && rows_like >= 2 && cells >= 3,
        (true, SPACES) => share >= 60 && rows_like >= 2,
        (false, SPACES) => share >= 80 && rows_like >= 3 && cells >= 3,
        (true, _) => share >= 30 || rows_like == 1,
        _ if hinted && delimiter != "#" && delimiter != "^" => share >= 40 && cells >= 2,
        (false, "\t" | "----" | HIVE | UNIT) => {
            share >= 70 && (rows_like >= 2 || delimiter == "----" && cells >= 2)
        }
        (false, "|") => share >= 80 && rows_like >= 2,
        // Commas and marks of prose: only when many lines agree, or a few with many cells.
        (false, "," | ";") => {
            share >= 85
                && (rows_like >= 3 && cells >= 3 || rows_like >= 2 && cells >= 4 || rows_like >= 6)
        }
        (false, _) => share >= 90 && rows_like >= 3 && cells >= 3,
    };
    enough
        .then(|| Fit {
            delimiter,
            cells,
            rows: rows_like,
            share,
            header: header.is_some(),
            score: 0,
        })
        .map(Fit::scored)
}

impl Fit {
    fn scored(mut self) -> Self {
        let order = DELIMITERS
            .iter()
            .position(|d| *d == self.delimiter)
            .unwrap_or(DELIMITERS.len());
        self.score = self.share * 10
            + self.cells.min(12) * 30
            + if self.header { 1000 } else { 0 }
            + self.rows.min(10)
            + (DELIMITERS.len() - order) * 5;
        self
    }
}

fn most_common(counts: &[usize]) -> usize {
    let mut sorted: SmallVec<[usize; 8]> = SmallVec::from_slice(counts);
    sorted.sort_unstable();
    let mut best = (0, 0);
    for run in sorted.chunk_by(|a, b| a == b) {
        if run.len() >= best.0 {
            best = (run.len(), run[0]);
        }
    }
    best.1
}

/// Whether a row's cells read as clauses: sentence marks inside them, or long runs of words.
fn is_prose(columns: &[&str]) -> bool {
    let marks = columns
        .iter()
        .filter(|c| {
            c.contains(['。', '！', '？', '…']) || c.ends_with(['!', '?', '.']) || c.contains(". ")
        })
        .count();
    let words = columns
        .iter()
        .map(|c| c.split_ascii_whitespace().count())
        .sum::<usize>();
    marks * 3 >= columns.len() && columns.len() < 6 && marks > 0 || words > 6 * columns.len()
}

/// Whether a cell is a label and its value (`电话：138…`), which tables do not repeat in each row.
fn has_label(cell: &str) -> bool {
    cell.find([':', '：', '='])
        .is_some_and(|i| i > 0 && i <= 30 && field_of(&cell[..i]).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(delimiter: &'static str) -> Format {
        Format::Table {
            delimiter: delimiter.into(),
            quoted: delimiter.len() == 1,
        }
    }

    #[test]
    fn tables() {
        for (text, delimiter) in [
            ("姓名,电话\n张三,13800138000\n", ","),
            ("姓名,电话", ","),
            (
                "\u{FEFF}收货人姓名,收货地址 ,联系手机\r\n张三,\"浙江省,杭州市\",'13800138000\r\n",
                ",",
            ),
            ("张三\t13800138000\n李四\t13900139000\n", "\t"),
            (
                "张三----13800138000----浙江省杭州市\n李四----13900139000----上海市\n",
                "----",
            ),
            (
                "张三|13800138000|浙江\n李四|13900139000|上海\n王五|13700137000|北京\n",
                "|",
            ),
            (
                "SF1234567890123,张三,13800138000,浙江省杭州市西湖区文三路1号\nSF1234567890124,李四,13900139000,上海市\n",
                ",",
            ),
            (
                "订单导出\n时间：2024-01-01\n\n订单号;姓名;电话\n1;张三;13800138000\n",
                ";",
            ),
            (
                "操作员,管理员\n订单号,姓名,电话,商品,数量\n1,张三,13800138000,帽子,1\n",
                ",",
            ),
            ("张三\u{1}138\u{1}\n李四\u{1}139\u{1}\n", "\u{1}"),
        ] {
            assert_eq!(sniff(text, None), table(delimiter), "{text}");
        }
        assert_eq!(sniff("a,b\n1,2\n3,4\n", Some("x.csv")), table(","));
        for text in [
            "  收件人   手机          地址\n  张三     13800138000   浙江省 杭州市\n",
            "1  张三    13800138000\n2  李四    13900139000\n3  王小五  13700137000\n",
        ] {
            assert_eq!(sniff(text, None), table(SPACES), "{text}");
        }
    }

    #[test]
    fn running_text() {
        for text in [
            "",
            "张三，13800138000，浙江省杭州市西湖区文三路128号",
            "张三,13800138000,浙江省杭州市",
            "收件人：张三，电话：13800138000，地址：杭州\n收件人：李四，电话：13900139000，地址：上海\n",
            "收件人: 张三, 电话: 13800138000, 地址: 杭州\n收件人: 李四, 电话: 13900139000, 地址: 上海\n收件人: 王五, 电话: 13700137000, 地址: 北京\n",
            "今天天气不错,我们去公园散步吧。\n好啊,几点?\n下午三点,老地方见。\n",
            "Hello, world, this is a test.\nAnother line, with, commas in the text.\nAnd a third, of course, no table.\n",
            "[2024-01-01 10:00] 张三: 你好, 在吗\n[2024-01-01 10:01] 李四: 在, 什么事\n",
            "姓名：张三\n电话：13800138000\n地址：杭州\n",
            "电话",
            "收件人,李慧敏\n电话,13926471583\n地址,江苏省苏州市\n",
            "收件人\t李慧敏\n电话\t13926471583\n地址\t江苏省苏州市\n",
            "收件人  李慧敏\n电话    13926471583\n地址    江苏省苏州市\n",
            "好的，  那就这样\n下午  我再来  看看  行吗\n嗯\n",
        ] {
            assert_eq!(sniff(text, None), Format::Text, "{text}");
        }
    }

    #[test]
    fn structured() {
        for (text, format) in [
            ("{\"a\":1}\n{\"a\":2}\n", Format::JsonLines),
            ("{\"a\":1}\n", Format::JsonLines),
            ("{\"a\":1}\nrubbish\n{}\n{}\n", Format::JsonLines),
            ("{\"code\":0}\n好的\n", Format::Text),
            ("[{\"a\":1},{\"a\":2}]", Format::Json),
            ("[\n  {\n \"a\": 1\n}\n]\n", Format::Json),
            ("{\"hits\":{\"hits\":[{\"a\":1}]}}", Format::Json),
            (
                "-- MySQL dump\nDROP TABLE IF EXISTS `t`;\nINSERT INTO `t` VALUES (1,'a');\n",
                Format::Sql,
            ),
            (
                "SET IDENTITY_INSERT [dbo].[T] ON\nINSERT [dbo].[T] ([a]) VALUES (1)\nGO\n",
                Format::Sql,
            ),
            ("<html><body><p>a</p></body></html>", Format::Markup),
        ] {
            assert_eq!(sniff(text, None), format, "{text}");
        }
    }
}
