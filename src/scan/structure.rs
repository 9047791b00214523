//! Says where a page's text is not what its format promises; it is scanned all the same.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::input::Format;
use super::locate::count_lines;
use super::report::{UnitInfo, Warning};
use crate::anchor::marks::{Rows, cells};
use crate::text::dense::places;

/// Something odd, with the offset in the decoded text of the first place.
pub(super) struct Oddity {
    pub(super) at: usize,
    pub(super) warning: Warning,
}

/// Looks at the part of a page that is its own, and counts its line breaks.
///
/// Lines that are no JSON and numbers that lost digits are looked for on every page, which costs a search for line breaks or
/// exponents. Rows with too few or too many cells are counted on the first page only: dividing every row would halve the speed
/// of dense tables.
pub(super) fn check(
    unit: &UnitInfo,
    data: &str,
    first: bool,
) -> (u64, impl Iterator<Item = Oddity> + use<>) {
    let (lines, rows) = match &unit.format {
        Format::JsonLines => not_json(data),
        Format::Table { delimiter, quoted } if first && unit.layout.has_header => (
            count_lines(data.as_bytes()),
            ragged(unit, data, delimiter, *quoted),
        ),
        _ => (count_lines(data.as_bytes()), None),
    };
    let digits = match &unit.format {
        Format::Table { .. } => lost_digits(data),
        _ => None,
    };
    let mut found: Vec<Oddity> = [rows, digits].into_iter().flatten().collect();
    found.sort_by_key(|oddity| oddity.at);
    (lines, found.into_iter())
}

/// Numbers as spreadsheets shorten them (`1.38E+10`): where more digits are gone than are shown, nobody can tell which number
/// it was.
fn lost_digits(data: &str) -> Option<Oddity> {
    let (mut count, mut first) = (0_u64, None);
    let bytes = data.as_bytes();
    // A sign is rarer than the letter before it, and quicker to look for than both.
    let signs = memchr_iter(b'+', bytes).filter_map(|sign| sign.checked_sub(1));
    for exponent in signs.filter(|at| bytes[*at] == b'E') {
        if let Some(start) = shortened(bytes, exponent) {
            count += 1;
            first = first.or(Some(start));
        }
    }
    let at = first?;
    let message = match count {
        1 => "1 number is".to_owned(),
        n => format!("{n} numbers are"),
    };
    Some(Oddity {
        at,
        warning: Warning::note(
            "table.lost-digits",
            format!("{message} in scientific notation: digits were lost when the table was saved"),
        ),
    })
}

/// Where the number begins whose `E+` stands at `exponent`, if digits of it are gone.
fn shortened(data: &[u8], exponent: usize) -> Option<usize> {
    let after = &data[exponent + 2..];
    let digits = after.iter().take_while(|b| b.is_ascii_digit()).count();
    let power: usize = std::str::from_utf8(&after[..digits.min(4)])
        .ok()?
        .parse()
        .ok()?;
    let before = &data[..exponent];
    let shown = before
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_digit())
        .count();
    let [.., left, b'.'] = before[..exponent - shown] else {
        return None;
    };
    let start = exponent - shown - 2;
    let whole = start == 0 || !data[start - 1].is_ascii_alphanumeric() && data[start - 1] != b'.';
    let ends = after.get(digits).is_none_or(|b| !b.is_ascii_alphanumeric());
    // Mobiles have eleven digits, the longest serials twenty.
    (left.is_ascii_digit()
        && shown > 0
        && whole
        && ends
        && (10..=20).contains(&power)
        && shown < power)
        .then_some(start)
}

/// The number of line breaks, and the lines that are no JSON.
fn not_json(data: &str) -> (u64, Option<Oddity>) {
    let (mut lines, mut start) = (0, 0);
    let (mut count, mut first) = (0_u64, None);
    let mut look_at = |line: &[u8], start| {
        let line = line.trim_ascii();
        if !line.is_empty() && !matches!(line, [b'{', .., b'}'] | [b'[', .., b']'] | [0xEF, ..]) {
            count += 1;
            first = first.or(Some(start));
        }
    };
    let bytes = data.as_bytes();
    for end in memchr_iter(b'\n', bytes) {
        look_at(&bytes[start..end], start);
        start = end + 1;
        lines += 1;
    }
    look_at(&bytes[start..], start);
    (lines, first.map(|at| no_json(count, at)))
}

/// What is said of so many lines that are no JSON, the first of them at byte `at`.
fn no_json(count: u64, at: usize) -> Oddity {
    let message = match count {
        1 => "1 line is not JSON; it was read as text".to_owned(),
        n => format!("{n} lines are not JSON; they were read as text; the first is given"),
    };
    Oddity {
        at,
        warning: Warning::note("json.not-json", message),
    }
}

fn ragged(unit: &UnitInfo, data: &str, delimiter: &str, quoted: bool) -> Option<Oddity> {
    let header = (unit.layout.header_rows as usize).checked_sub(1)?;
    // Not the columns of the layout: those reach as far as the widest row.
    let (mut expected, mut number) = (None, 0);
    let (mut count, mut rows, mut first) = (0_u64, 0_u64, None);
    let bytes = data.as_bytes();
    let mut tell = |row: Range<usize>, cells: usize| {
        number += 1;
        if number <= header + 1 {
            expected = Some(cells).filter(|_| number > header);
            return;
        }
        // As a rule the first byte tells that a row is not blank.
        if !bytes[row.start].is_ascii_graphic() && data[row.clone()].trim().is_empty() {
            return;
        }
        rows += 1;
        if expected != Some(cells) {
            count += 1;
            first = first.or(Some(row.start));
        }
    };
    match delimiter.as_bytes() {
        // Every line is a row and every delimiter ends a cell.
        [one] if !quoted || memchr(b'"', bytes).is_none() => {
            let (mut start, mut cells) = (0, 1);
            for at in places(bytes, [b'\n', *one]) {
                if bytes[at] == *one {
                    cells += 1;
                    continue;
                }
                tell(start..at, cells);
                (start, cells) = (at + 1, 1);
            }
            if start < data.len() {
                tell(start..data.len(), cells);
            }
        }
        _ => {
            for row in Rows::new(data, &unit.format, true) {
                let cells = count_cells(&data[row.range.clone()], delimiter, quoted);
                tell(row.range, cells);
            }
        }
    }
    let (at, expected) = (first?, expected?);
    let have = if count == 1 { "has" } else { "have" };
    let message = format!(
        "{count} of the first {rows} rows {have} more or fewer cells than the header's {expected}"
    );
    Some(Oddity {
        at,
        warning: Warning::note("table.ragged", message),
    })
}

fn count_cells(row: &str, delimiter: &str, quoted: bool) -> usize {
    match delimiter.as_bytes() {
        [one] if !quoted || memchr(b'"', row.as_bytes()).is_none() => {
            memchr_iter(*one, row.as_bytes()).count() + 1
        }
        _ => cells(row, delimiter, quoted).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Layout;

    fn code(format: Format, header: &[&str], data: &str) -> Option<(String, usize)> {
        let unit = UnitInfo {
            layout: Layout {
                has_header: !header.is_empty(),
                ..Layout::from_header(header.iter().copied())
            },
            format,
            ..UnitInfo::default()
        };
        check(&unit, data, true)
            .1
            .map(|o| (o.warning.code.into_owned(), o.at))
            .next()
    }

    #[test]
    fn numbers_that_lost_digits() {
        let csv = |data| code(Format::csv(), &[], data);
        assert_eq!(
            csv("张三,1.38E+10,x\n李四,1.3912E+10\n"),
            Some(("table.lost-digits".into(), 7))
        );
        for data in [
            "E+",
            "1.5E+3",
            "A1.38E+10",
            "1.38E+10x",
            "1.E+10",
            "x1.38E+",
            "1.38123456789E+10",
        ] {
            assert_eq!(csv(data), None, "{data}");
        }
    }

    #[test]
    fn lines_that_are_no_json() {
        let json = |data| code(Format::JsonLines, &[], data);
        assert_eq!(json("{\"a\":1}\r\n\n{}\n"), None);
        assert_eq!(json("{}\nrubbish\n{\n"), Some(("json.not-json".into(), 3)));
    }

    #[test]
    fn ragged_rows() {
        let csv = |data| code(Format::csv(), &["姓名", "电话"], data);
        assert_eq!(csv("姓名,电话\n张三,\"1,3\"\n\n"), None);
        assert_eq!(csv("姓名,电话\n张三\n"), Some(("table.ragged".into(), 14)));
        // A quotation mark somewhere changes nothing for the other rows.
        for last in ["李四,3\n", "李四,\"3\"\n"] {
            let data = format!("姓名,电话\n张三,1\n\u{3000}\n\n张三,1,2\r\n ,\n{last}");
            let found = code(Format::csv(), &["姓名", "电话"], &data);
            assert_eq!(found, Some(("table.ragged".into(), 28)), "{data}");
        }
        // Columns are learnt from the widest row, cells are counted as in the header.
        let wide = code(
            Format::csv(),
            &["姓名", "电话", ""],
            "姓名,电话\n张三,1\n李四,1,格\n",
        );
        assert_eq!(wide, Some(("table.ragged".into(), 23)));
    }
}
