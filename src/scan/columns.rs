//! Learns the columns of an input from its first bytes.

use super::Engine;
use super::html;
use super::input::Format;
use super::locate::{locate, rows_of};
use super::page::LIKELY;
use super::schema::Schema;
use super::scratch::Scratch;
use crate::anchor::View;
use crate::anchor::aligned::Places;
use crate::anchor::labels::json_key;
use crate::anchor::marks::{Rows, SPACES, cells};
use crate::canon::trailing_number;
use crate::kind::{Form, Kind};
use crate::record::Layout;
use crate::score::{self, Judged, Surroundings};
use crate::table::words::Words;
use crate::text::encoding::Encoding;
use crate::text::fold;

/// A text of fewer bytes is a message or a listing, unless it has so many rows: what its columns or keys hold does not show in so little, nor
/// whether its numbers follow one another. Looking for that would be half of the work on it.
const LIST_BYTES: usize = 1_024;
const FEWEST_ROWS: u64 = 3;

/// So many rows tell what their columns hold. Those that are learnt from are read twice, which is half of the work on a small file.
const LEARNT_ROWS: usize = 256;

/// A text up to the end of so many lines behind its header, which ends at `from`.
fn first_lines(text: &str, from: usize) -> &str {
    let mut breaks = memchr::memchr_iter(b'\n', &text.as_bytes()[from..]);
    let end = breaks.nth(LEARNT_ROWS);
    end.map_or(text, |end| &text[..=from + end])
}

/// Whether values of a kind are numbers of which one may follow another.
const fn is_numbered(kind: Kind) -> bool {
    matches!(kind, Kind::Mobile | Kind::Waybill)
}

/// A row with so many known words is the header; one with fewer may be a line before it.
const SURE_HEADER: usize = 3;

/// Lines before a header that hold no table: a title, the time of the export, a blank.
const PREAMBLE: usize = 8;

/// Lines before a sure header: statements of payment services begin with two dozen that say whose they are.
pub(super) const LONG_PREAMBLE: usize = 32;

/// Known words of a row, counted from 0 on, if it may be the header and is more of one than what stands before with `most` of them.
pub(super) fn better_header<'c>(
    row: usize,
    cells: impl Iterator<Item = &'c str>,
    words: &Words,
    most: usize,
) -> Option<usize> {
    if row >= LONG_PREAMBLE || most >= SURE_HEADER {
        return None;
    }
    let least = if row < PREAMBLE { 1 } else { SURE_HEADER };
    Some(header_words(cells, words)).filter(|known| *known >= least && *known > most)
}

impl Engine {
    /// Learns the columns of a table from the decoded text of its first bytes: the header, and what the cells of each
    /// column mostly are. Of JSON it learns which keys hold names; of everything without columns, whether its numbers follow one
    /// another.
    pub(crate) fn learn(&self, text: &str, format: &Format, scratch: &mut Scratch) -> Layout {
        let (mut layout, from) = learn(text, format, &self.words);
        let by_key = matches!(format, Format::JsonLines | Format::Json);
        if format.has_rows() && !by_key {
            layout.apply(&self.words);
        }
        let few = layout.header_rows + FEWEST_ROWS;
        if text.len() < LIST_BYTES && rows_of(text, &(0..text.len()), format, true) < few {
            return layout;
        }
        // Rows of other tables say nothing of the first one's columns.
        let text = match format {
            Format::Sql => &text[..sql_columns(text).1],
            _ => text,
        };
        let text = if format.has_rows() {
            first_lines(text, from)
        } else {
            text
        };
        let Scratch {
            folded,
            map,
            candidates,
            order,
            judged,
            ..
        } = scratch;
        let view_text = if fold(text, format.escapes(), folded, map) {
            folded.as_str()
        } else {
            text
        };
        let view = View::new(view_text);
        if format.has_rows() {
            self.detect(&view, candidates);
        } else {
            self.detect_where(&view, candidates, is_numbered);
        }
        score::list(candidates, order, judged);
        let headed = layout.headed();
        let rows = locate(text, &(0..text.len()), format, headed, true, map, judged);
        let surroundings = Surroundings {
            text: view_text,
            format,
            layout: &layout,
            words: &self.words,
        };
        score::judge(&surroundings, &self.weights, judged, |_| true);
        if by_key {
            let names = judged.iter().filter(|j| j.finding.kind == Kind::Name);
            let values = names.filter_map(|j| {
                let span = j.finding.span;
                let likely = j.finding.confidence.basis() >= LIKELY;
                Some((json_key(view_text, span)?, &view_text[span.range()], likely))
            });
            layout.learn_keys(values, rows);
        } else {
            learn_cells(&mut layout, judged, view_text, map.to_view(from), rows);
        }
        let numbers = judged.iter().filter_map(|Judged { finding, spot }| {
            let sure = finding.form == Form::Full && finding.confidence.basis() >= LIKELY;
            let asked = sure && is_numbered(finding.kind);
            let number = || trailing_number(&view_text[finding.span.range()]);
            Some((spot.column, finding.kind, asked.then(number).flatten()?))
        });
        layout.learn_serials(numbers);
        layout
    }
}

/// Learns what the cells of each column mostly are, from the findings in `rows` rows, those of the header left out, which end at
/// `first` in the view.
fn learn_cells(layout: &mut Layout, judged: &[Judged], text: &str, first: usize, rows: u64) {
    let data = || judged.iter().filter(|j| j.finding.span.start >= first);
    let names = data().filter(|j| j.finding.kind == Kind::Name);
    layout.learn_categories(names.map(|j| (j.spot.column, &text[j.finding.span.range()])));
    let likely = data().filter(|j| j.finding.confidence.basis() >= LIKELY);
    let rows = rows.saturating_sub(layout.header_rows);
    layout.learn_kinds(likely.map(|j| (j.spot.column, j.finding.kind)), rows);
}

/// Whether a row names columns.
pub(crate) fn header_of<'c>(cells: impl Iterator<Item = &'c str>, words: &Words) -> bool {
    header_words(cells, words) > 0
}

/// Cells of a row that names columns which are known words; 0 for a row that holds data: most cells of a header are known words,
/// none holds a number as data do.
fn header_words<'c>(cells: impl Iterator<Item = &'c str>, words: &Words) -> usize {
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
    let names = data == 0
        && count > 0
        && (known * 3 >= count && known > 0 || known >= 3)
        && (known > 1 || count > 1);
    if names { known } else { 0 }
}

/// Learns the columns from the decoded first bytes of an input.
///
/// The second value is where the header ends: what stands before is no data.
fn learn(text: &str, format: &Format, words: &Words) -> (Layout, usize) {
    match format {
        Format::Table { delimiter, quoted } => {
            let mut found = (Layout::default(), 0);
            // A line of the preamble may look like a header (`操作员,管理员`): the one with most known words is it.
            let mut most = 0;
            for (i, row) in Rows::new(text, format, true)
                .take(LONG_PREAMBLE)
                .enumerate()
            {
                let end = row.range.end;
                let row = text[row.range].trim_start_matches('\u{FEFF}');
                let columns = || cells(row, delimiter, *quoted).map(|c| &row[c.content]);
                if let Some(known) = better_header(i, columns(), words, most) {
                    most = known;
                    let layout = Layout {
                        header_rows: i as u64 + 1,
                        places: if delimiter == SPACES {
                            Places::of(row)
                        } else {
                            Places::default()
                        },
                        ..Layout::from_header(columns())
                    };
                    found = (layout, end);
                }
            }
            found
        }
        Format::Sql => (sql_columns(text).0, 0),
        Format::HtmlTable => {
            let found = html::survey(text, words);
            (found.layout, found.header_end)
        }
        _ => (Layout::default(), 0),
    }
}

/// The columns of the first table of an SQL dump that has rows, and where the rows of the next one begin.
pub(super) fn sql_columns(text: &str) -> (Layout, usize) {
    let mut schema = Schema::default();
    let mut first = None;
    for row in Rows::new(text, &Format::Sql, true) {
        let start = row.range.start;
        let Some(layout) = schema.row(&text.as_bytes()[row.range], Encoding::Utf8) else {
            continue;
        };
        match first {
            None => first = Some(layout),
            Some(first) => return (first, start),
        }
    }
    (first.unwrap_or_default(), text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::field::Role;
    use crate::table::words::NONE;

    #[test]
    fn columns_are_learnt_below_a_preamble() {
        let text = "订单导出\n\n\"收货人姓名\",\"颜色\",联系手机 \n张三,红,138\n";
        let (layout, end) = learn(text, &Format::csv(), &NONE);
        assert_eq!(
            (layout.header_rows, layout.has_header, layout.columns.len()),
            (3, true, 3)
        );
        assert!(text[end..].starts_with("张三"));
        assert_eq!(layout.columns[2].field.map(|f| f.role), Some(Role::Mobile));
        assert_eq!(learn("张三,138\n", &Format::csv(), &NONE).1, 0);
        let text = format!(
            "{}收件人,手机,地址\n张三,138,杭州\n",
            "起始时间：[2024-01-01],,\n".repeat(24)
        );
        let (layout, _) = learn(&text, &Format::csv(), &NONE);
        assert_eq!((layout.header_rows, layout.columns.len()), (25, 3));
        let text = "操作员,系统管理员,,\n收件人,颜色,手机,\n张三,红,138,\n";
        let (layout, _) = learn(text, &Format::csv(), &NONE);
        assert_eq!((layout.header_rows, layout.columns.len()), (2, 4));
    }

    #[test]
    fn columns_of_the_first_table_with_rows() {
        let dump = "CREATE TABLE a (id int);\nCREATE TABLE `b` (\n  `id` int NOT NULL,\n  `f1` varchar(20) COMMENT '收货人手机'\n);\nINSERT INTO `b` VALUES (1,'138');\nINSERT INTO a VALUES (1);\n";
        let (layout, end) = sql_columns(dump);
        assert_eq!(layout.columns.len(), 2);
        assert_eq!(layout.columns[1].field.map(|f| f.role), Some(Role::Mobile));
        assert!(dump[end..].starts_with("INSERT INTO a"));
        let insert = "INSERT INTO t (id, name, mobile) VALUES (1,'张三','138');\n";
        assert_eq!(learn(insert, &Format::Sql, &NONE).0.columns.len(), 3);
    }
}
