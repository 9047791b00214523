//! One page from bytes to findings and records.

use std::ops::Range;

use super::Engine;
use super::input::Format;
use super::report::{Place, UnitInfo, Warning};
use super::scratch::Scratch;
use super::structure;
use crate::anchor::View;
use crate::anchor::marks::{self, Rows};
use crate::anchor::values::SqlValues;
use crate::finding::Finding;
use crate::record::{Layout, Record, assemble};
use crate::score::{self, Judged, Spot, Surroundings};
use crate::span::Span;
use crate::text::decode::{self, Walker};
use crate::text::{OffsetMap, fold};

/// A page to scan.
#[derive(Clone, Debug)]
pub(crate) struct Page<'p> {
    /// The page's own bytes with context before and after.
    pub(crate) bytes: &'p [u8],
    /// The page's own bytes.
    pub(crate) core: Range<usize>,
    /// Offset of `bytes` in the input.
    pub(crate) offset: usize,
    /// Whether it is the input's first page.
    pub(crate) first: bool,
}

/// What was found on a page; spans are offsets in the input.
#[derive(Debug, Default)]
pub(crate) struct PageOutput {
    pub(crate) findings: Vec<Finding>,
    pub(crate) places: Vec<Place>,
    pub(crate) owners: Vec<Option<u32>>,
    pub(crate) records: Vec<Record>,
    pub(crate) warnings: Vec<Warning>,
    /// Line breaks in the page's own bytes.
    pub(crate) lines: u64,
    /// Data rows that start on the page.
    pub(crate) rows: u64,
}

impl PageOutput {
    pub(crate) fn clear(&mut self) {
        self.findings.clear();
        self.places.clear();
        self.owners.clear();
        self.records.clear();
        self.warnings.clear();
        self.lines = 0;
        self.rows = 0;
    }
}

/// Findings from this confidence on (in ten-thousandths) are linked into records and teach the layout.
const LIKELY: u16 = 5_000;

impl Engine {
    /// Scans a page into `out`, which is cleared first.
    pub(crate) fn scan_page(
        &self,
        unit: &UnitInfo,
        page: &Page<'_>,
        scratch: &mut Scratch,
        out: &mut PageOutput,
    ) {
        out.clear();
        let Scratch {
            decoded,
            folded,
            map,
            candidates,
            spots,
            judged,
            groups,
            malformed,
        } = scratch;
        let (text, core) = decode_page(unit, page, decoded, malformed);
        warn_malformed(page, malformed, out);
        warn_structure(unit, page, text, &core, out);
        let view_text = if fold(text, unit.format.escapes(), folded, map) {
            folded.as_str()
        } else {
            text
        };
        let view = View::new(view_text);
        let own = map.to_view(core.start)..map.to_view(core.end);
        self.detect(&view, candidates);
        let header = if page.first {
            unit.layout.header_rows
        } else {
            0
        };
        out.lines = count_lines(&text.as_bytes()[core.clone()]);
        if candidates.is_empty() {
            out.rows = rows_of(text, &core, &unit.format, page.first).saturating_sub(header);
            return;
        }
        candidates.sort_unstable_by_key(|c| (c.span, c.rule));
        let starts = candidates.iter().map(|c| map.start_to_source(c.span.start));
        let rows = locate(text, &core, &unit.format, page.first, starts, spots);
        out.rows = rows.saturating_sub(header);
        let mut surroundings = Surroundings {
            text: view_text,
            format: &unit.format,
            layout: &unit.layout,
            spots,
        };
        score::judge(&mut surroundings, &self.detectors, candidates, judged);
        let whole_lines = whole_lines_from(view_text, own.start);
        judged.retain(|j| j.finding.span.start >= whole_lines && self.reports(&j.finding));
        let keep = select(judged, view_text, &own, unit, groups, out);
        let kept = judged
            .iter()
            .zip(&keep)
            .filter(|(_, keep)| **keep)
            .map(|(j, _)| j);
        place(kept, text, map, &core, page, unit, out);
        for place in &mut out.places {
            place.row = place.row.saturating_sub(header);
        }
    }

    /// Runs every detector.
    fn detect(&self, view: &View<'_>, candidates: &mut Vec<crate::detect::Candidate>) {
        candidates.clear();
        for (rule, detector) in self.detectors.iter().enumerate() {
            let first = candidates.len();
            detector.detect(view, candidates);
            for candidate in &mut candidates[first..] {
                candidate.rule = rule as u8;
            }
        }
    }

    fn reports(&self, finding: &Finding) -> bool {
        self.reported[finding.kind as usize] && finding.confidence >= self.min_confidence
    }

    /// Learns the columns of a table from the decoded text of its first bytes: the header, and what the cells of each
    /// column mostly are.
    pub(crate) fn learn(&self, text: &str, format: &Format, scratch: &mut Scratch) -> Layout {
        let (mut layout, header_rows) = super::columns::learn(text, format);
        layout.header_rows = header_rows as u64;
        if !matches!(format, Format::Table { .. } | Format::Sql) {
            return layout;
        }
        let from = Rows::new(text, format, true)
            .take(header_rows)
            .last()
            .map_or(0, |row| row.range.end);
        let Scratch {
            folded,
            map,
            candidates,
            spots,
            judged,
            ..
        } = scratch;
        let view_text = if fold(text, format.escapes(), folded, map) {
            folded.as_str()
        } else {
            text
        };
        self.detect(&View::new(view_text), candidates);
        candidates.sort_unstable_by_key(|c| (c.span, c.rule));
        let starts = candidates.iter().map(|c| map.start_to_source(c.span.start));
        let rows = locate(text, &(0..text.len()), format, true, starts, spots);
        let mut surroundings = Surroundings {
            text: view_text,
            format,
            layout: &layout,
            spots,
        };
        score::judge(&mut surroundings, &self.detectors, candidates, judged);
        let cells = judged
            .iter()
            .filter(|j| {
                j.finding.span.start >= map.to_view(from) && j.finding.confidence.basis() >= LIKELY
            })
            .map(|j| (j.spot.column, j.finding.kind));
        layout.learn_kinds(cells, rows.saturating_sub(layout.header_rows));
        layout
    }
}

/// Groups the likely findings into records and says which findings belong to this page: those whose group (or, without
/// one, who themselves) start in its core. Fills `out.records` and `out.owners`.
fn select(
    judged: &[Judged],
    text: &str,
    core: &Range<usize>,
    unit: &UnitInfo,
    groups: &mut Vec<assemble::Group>,
    out: &mut PageOutput,
) -> Vec<bool> {
    let likely: Vec<usize> = (0..judged.len())
        .filter(|i| judged[*i].finding.confidence.basis() >= LIKELY)
        .collect();
    let items: Vec<Judged> = likely.iter().map(|i| judged[*i]).collect();
    assemble::group(&items, text, &unit.format, groups);
    groups.retain(|g| core.contains(&items[g.first].finding.span.start));
    let mut keep: Vec<bool> = judged
        .iter()
        .map(|j| j.finding.confidence.basis() < LIKELY && core.contains(&j.finding.span.start))
        .collect();
    for group in groups.iter() {
        for i in group.first..group.end {
            keep[likely[i]] = true;
        }
    }
    let mut owners = Vec::new();
    assemble::records(&items, groups, &mut out.records, &mut owners);
    // Positions in the list that is kept.
    let mut position = vec![0u32; judged.len()];
    let mut n = 0;
    for (i, kept) in keep.iter().enumerate() {
        position[i] = n;
        n += u32::from(*kept);
    }
    out.owners.resize(n as usize, None);
    for (item, owner) in owners.into_iter().enumerate() {
        if keep[likely[item]] {
            out.owners[position[likely[item]] as usize] = owner;
        }
    }
    for record in &mut out.records {
        record.renumber(|m| position[likely[m as usize]]);
    }
    keep
}

/// Where the context before `core` begins to be whole: after its first blank line, else after its first line break. What stands
/// on a line or in a block that is cut would be grouped with the next one, and differently on every page.
fn whole_lines_from(text: &str, core: usize) -> usize {
    let context = &text[..core];
    let blank = |mark: &str| context.find(mark).map(|i| i + mark.len());
    blank("\n\n")
        .or_else(|| blank("\n\r\n"))
        .or_else(|| blank("\n"))
        .unwrap_or(0)
}

/// Turns view positions into positions of the input, and finds lines.
fn place<'j>(
    kept: impl Iterator<Item = &'j Judged>,
    text: &str,
    map: &OffsetMap,
    core: &Range<usize>,
    page: &Page<'_>,
    unit: &UnitInfo,
    out: &mut PageOutput,
) {
    let mut walker = Walker::new(page.bytes, unit.encoding, text);
    let (mut line, mut counted) = (0u64, core.start);
    for j in kept {
        let start = map.start_to_source(j.finding.span.start);
        let end = map.end_to_source(j.finding.span.end).max(start);
        line += count_lines(&text.as_bytes()[counted..start.max(counted)]);
        counted = start.max(counted);
        let span = Span::new(walker.to_source(start), walker.to_source(end)).shifted(page.offset);
        out.findings.push(Finding { span, ..j.finding });
        let row = if unit.format.has_rows() {
            u64::from(j.spot.row) + 1
        } else {
            0
        };
        out.places.push(Place {
            line: line + 1,
            row,
            column: j.spot.column,
        });
    }
}

/// The decoded text of a page, and the part of it that is the page's own.
fn decode_page<'a>(
    unit: &UnitInfo,
    page: &Page<'a>,
    buffer: &'a mut Vec<u8>,
    malformed: &mut Vec<Span>,
) -> (&'a str, Range<usize>) {
    malformed.clear();
    // Context decodes by itself, since pages are cut between characters.
    let mut decoded_len = |bytes: &[u8]| {
        let mut ignored = Vec::new();
        decode::decode(bytes, unit.encoding, buffer, &mut ignored).len()
    };
    let start = decoded_len(&page.bytes[..page.core.start]);
    let after = decoded_len(&page.bytes[page.core.end..]);
    let text = decode::decode(page.bytes, unit.encoding, buffer, malformed);
    malformed.retain(|span| page.core.contains(&span.start));
    (text, start..text.len().saturating_sub(after).max(start))
}

fn warn_malformed(page: &Page<'_>, malformed: &[Span], out: &mut PageOutput) {
    if let Some(first) = malformed.first() {
        let message = match malformed.len() {
            1 => "1 malformed byte sequence was skipped".to_owned(),
            n => format!("{n} malformed byte sequences were skipped; the first is given"),
        };
        out.warnings
            .push(Warning::loss("decode.malformed", message).at(first.shifted(page.offset)));
    }
}

fn warn_structure(
    unit: &UnitInfo,
    page: &Page<'_>,
    text: &str,
    core: &Range<usize>,
    out: &mut PageOutput,
) {
    if let Some(oddity) = structure::check(unit, &text[core.clone()], page.first) {
        let mut walker = Walker::new(page.bytes, unit.encoding, text);
        let at = walker.to_source(core.start + oddity.at);
        let span = Span::new(at, at + 1).shifted(page.offset);
        out.warnings.push(oddity.warning.at(span));
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Number of rows in `data`; a last row without a line break counts, blank rows do not.
fn rows_of(text: &str, data: &Range<usize>, format: &Format, first: bool) -> u64 {
    if !format.has_rows() {
        return 0;
    }
    let data = &text[data.clone()];
    Rows::new(data, format, first)
        .filter(|row| !is_blank(&data[row.range.clone()]))
        .count() as u64
}

fn is_blank(row: &str) -> bool {
    row.bytes().all(|b| b.is_ascii_whitespace())
}

/// Finds row and column of each candidate, given their ascending starts in the decoded text; returns the number of rows.
fn locate(
    text: &str,
    data: &Range<usize>,
    format: &Format,
    first: bool,
    starts: impl Iterator<Item = usize>,
    spots: &mut Vec<Spot>,
) -> u64 {
    spots.clear();
    if !format.has_rows() {
        spots.extend(starts.map(|_| Spot::default()));
        return 0;
    }
    let data = (data.start, &text[data.clone()]);
    let mut rows = Rows::new(data.1, format, first);
    let mut cells: Vec<(usize, usize)> = Vec::new();
    let (mut number, mut end) = (0u32, 0);
    for start in starts {
        let start = start.saturating_sub(data.0);
        while start >= end {
            let Some(row) = rows.next() else { break };
            end = row.range.end;
            let row_text = &data.1[row.range.clone()];
            number += u32::from(!is_blank(row_text));
            if start < end {
                columns(row_text, row.range.start, format, &mut cells);
            }
        }
        let column = cells
            .partition_point(|(at, _)| *at <= start)
            .checked_sub(1)
            .map_or(0, |i| cells[i].1 + 1);
        spots.push(Spot {
            row: number.saturating_sub(1),
            column: column as u32,
            ..Spot::default()
        });
    }
    u64::from(number)
        + rows
            .filter(|row| !is_blank(&data.1[row.range.clone()]))
            .count() as u64
}

/// Start and 0-based column of every cell of a row that begins at `base`.
fn columns(row: &str, base: usize, format: &Format, out: &mut Vec<(usize, usize)>) {
    out.clear();
    match format {
        Format::Table { delimiter, quoted } => {
            out.extend(
                marks::cells(row, delimiter, *quoted).map(|c| (base + c.content.start, c.index)),
            );
        }
        Format::Sql => out.extend(SqlValues::new(row).map(|c| (base + c.content.start, c.index))),
        _ => {}
    }
}
