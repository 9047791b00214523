//! Where on a page findings stand: rows, columns, lines.

use std::ops::Range;

use smallvec::SmallVec;

use super::input::Format;
use crate::anchor::aligned::Headed;
use crate::anchor::html::{Overhang, is_row};
use crate::anchor::marks::Rows;
use crate::anchor::values::RowReader;
use crate::score::Judged;
use crate::text::OffsetMap;
use crate::text::dense;
use crate::text::encoding::Encoding;

/// Number of line breaks.
pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    // Between neighbours there is none as a rule.
    match memchr::memchr(b'\n', bytes) {
        None => 0,
        Some(first) => 1 + memchr::memchr_iter(b'\n', &bytes[first + 1..]).count() as u64,
    }
}

/// Number of rows in `data`; a last row without a line break counts, blank rows do not.
pub(super) fn rows_of(text: &str, data: &Range<usize>, format: &Format, first: bool) -> u64 {
    if !format.has_rows() {
        return 0;
    }
    let data = &text[data.clone()];
    Rows::new(data, format, first)
        .filter(|row| counts(&data[row.range.clone()], format))
        .count() as u64
}

/// Whether a piece of a text is a row that counts: in HTML a row of a table, elsewhere what is not blank.
pub(super) fn counts(row: &str, format: &Format) -> bool {
    match format {
        Format::HtmlTable => is_row(row.as_bytes(), Encoding::Utf8),
        _ => !is_blank(row.as_bytes()),
    }
}

fn is_blank(row: &[u8]) -> bool {
    row.iter().all(u8::is_ascii_whitespace)
}

/// Finds row and column of each finding, given in the order of the text, in a table whose header names `headed` columns; returns
/// the number of rows.
pub(super) fn locate(
    text: &str,
    data: &Range<usize>,
    format: &Format,
    headed: Headed<'_>,
    first: bool,
    map: &OffsetMap,
    found: &mut [Judged],
) -> u64 {
    if !format.has_rows() {
        return 0;
    }
    let (base, data) = (data.start, &text[data.clone()]);
    if let Format::Table { delimiter, quoted } = format
        && let [delimiter] = delimiter.as_bytes()
        && (!quoted || memchr::memchr(b'"', data.as_bytes()).is_none())
    {
        return locate_plain(data, *delimiter, base, map, found);
    }
    let mut rows = Rows::new(data, format, first);
    let spans = *format == Format::HtmlTable && Overhang::stands_in(data);
    let mut reader = RowReader::new(format, headed, spans);
    let mut cells = Cells::new();
    let (mut number, mut end) = (0u32, 0);
    for j in found {
        let start = map
            .start_to_source(j.finding.span.start)
            .saturating_sub(base);
        while start >= end {
            let Some(row) = rows.next() else { break };
            end = row.range.end;
            let row_text = &data[row.range.clone()];
            number += u32::from(counts(row_text, format));
            if start < end || reader.needs_all() {
                columns(row_text, row.range.start, format, &mut reader, &mut cells);
            }
        }
        let column = cells
            .iter()
            .rfind(|(at, _)| *at <= start)
            .map_or(0, |(_, column)| column + 1);
        j.spot.row = number.saturating_sub(1);
        j.spot.column = column as u32;
    }
    u64::from(number)
        + rows
            .filter(|row| counts(&data[row.range.clone()], format))
            .count() as u64
}

/// As [`locate`], for a table in which every line is a row and every delimiter ends a cell, as in nearly all dumps.
#[inline(never)]
fn locate_plain(
    data: &str,
    delimiter: u8,
    base: usize,
    map: &OffsetMap,
    found: &mut [Judged],
) -> u64 {
    let (data, same) = (data.as_bytes(), map.is_identity());
    let start_of = |j: Option<&Judged>| {
        let Some(j) = j else { return usize::MAX };
        let start = j.finding.span.start;
        let start = if same {
            start
        } else {
            map.start_to_source(start)
        };
        start.saturating_sub(base)
    };
    let mut found = found.iter_mut();
    let mut next = found.next();
    let mut start = start_of(next.as_deref());
    // Row, line and column behind the last mark.
    let (mut rows, mut line, mut column) = (0u32, 1u32, 1u32);
    let mut row_start = 0;
    for at in dense::places(data, [b'\n', delimiter]) {
        while start <= at
            && let Some(Judged { spot, .. }) = next
        {
            (spot.row, spot.line, spot.column) = (rows, line, column);
            next = found.next();
            start = start_of(next.as_deref());
        }
        if data[at] != b'\n' {
            column += 1;
            continue;
        }
        rows += u32::from(!is_blank(&data[row_start..at]));
        (line, column, row_start) = (line + 1, 1, at + 1);
    }
    for Judged { spot, .. } in next.into_iter().chain(found) {
        (spot.row, spot.line, spot.column) = (rows, line, column);
    }
    rows += u32::from(!is_blank(&data[row_start..]));
    u64::from(rows)
}

/// Start and 0-based column of every cell of a row.
type Cells = SmallVec<[(usize, usize); 16]>;

/// Start and 0-based column of every cell of a row that begins at `base`.
fn columns(row: &str, base: usize, format: &Format, reader: &mut RowReader<'_>, out: &mut Cells) {
    out.clear();
    match format {
        // Nothing to look at but the delimiters, as in nearly every row of a dump.
        Format::Table { delimiter, quoted }
            if delimiter.len() == 1
                && (!quoted || memchr::memchr(b'"', row.as_bytes()).is_none()) =>
        {
            out.push((base, 0));
            let starts = memchr::memchr_iter(delimiter.as_bytes()[0], row.as_bytes());
            out.extend(starts.map(|i| base + i + 1).zip(1..));
        }
        _ => {
            reader.read(row, |c| out.push((base + c.content.start, c.index)));
        }
    }
}
