//! One page from bytes to findings and records.

use std::ops::Range;

use super::Engine;
use super::input::Format;
use super::report::{Place, UnitInfo, Warning};
use super::scratch::Scratch;
use crate::anchor::marks;
use crate::finding::Finding;
use crate::record::{Layout, Record, assemble};
use crate::score::{self, Judged, Spot, Surroundings};
use crate::span::Span;
use crate::text::decode::{self, Walker};
use crate::text::{OffsetMap, View, fold};

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
        let Scratch { decoded, folded, map, candidates, spots, judged, groups, malformed } = scratch;
        let (text, core) = decode_page(unit, page, decoded, malformed);
        warn_malformed(page, malformed, out);
        let view_text = if fold(text, unit.format.escapes(), folded, map) { folded.as_str() } else { text };
        let view = View::with_core(view_text, map.to_view(core.start)..map.to_view(core.end));
        self.detect(&view, candidates);
        let header = page.first && unit.layout.has_header;
        out.lines = count_lines(&text.as_bytes()[core.clone()]);
        if candidates.is_empty() {
            out.rows = rows_of(text, &core, &unit.format).saturating_sub(u64::from(header));
            return;
        }
        candidates.sort_unstable_by_key(|c| (c.span, c.rule));
        let starts = candidates.iter().map(|c| map.start_to_source(c.span.start));
        let rows = locate(text, &core, &unit.format, starts, spots);
        out.rows = rows.saturating_sub(u64::from(header));
        let mut surroundings =
            Surroundings { text: view_text, format: &unit.format, layout: &unit.layout, spots };
        score::judge(&mut surroundings, &self.detectors, candidates, judged);
        judged.retain(|j| self.reports(&j.finding));
        let keep = select(judged, view_text, &view.core(), unit, groups, out);
        let kept = judged.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(j, _)| j);
        place(kept, text, map, &core, page, unit, out);
        if header {
            for place in &mut out.places {
                place.row = place.row.saturating_sub(1);
            }
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
        let Format::Table { .. } = format else {
            return Layout::default();
        };
        let first_end = marks::next_row_end(text, 0, format);
        let first: Vec<&str> = marks::cells(&text[..first_end], format).map(|c| c.text(text)).collect();
        let mut layout =
            if super::sniff::is_header(&first) { Layout::from_header(first) } else { Layout::default() };
        let from = if layout.has_header { first_end } else { 0 };
        let Scratch { folded, map, candidates, spots, judged, .. } = scratch;
        let view_text = if fold(text, format.escapes(), folded, map) { folded.as_str() } else { text };
        let view = View::new(view_text);
        self.detect(&view, candidates);
        candidates.sort_unstable_by_key(|c| (c.span, c.rule));
        let starts = candidates.iter().map(|c| map.start_to_source(c.span.start));
        let rows = locate(text, &(0..text.len()), format, starts, spots);
        let mut surroundings = Surroundings { text: view_text, format, layout: &layout, spots };
        score::judge(&mut surroundings, &self.detectors, candidates, judged);
        let cells = judged
            .iter()
            .filter(|j| j.finding.span.start >= map.to_view(from) && j.finding.confidence.basis() >= LIKELY)
            .map(|j| (j.spot.column, j.finding.kind));
        let data_rows = rows.saturating_sub(u64::from(layout.has_header));
        layout.learn_kinds(cells, data_rows);
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
    let likely: Vec<usize> =
        (0..judged.len()).filter(|i| judged[*i].finding.confidence.basis() >= LIKELY).collect();
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
        let row = if unit.format.has_rows() { u64::from(j.spot.row) + 1 } else { 0 };
        out.places.push(Place { line: line + 1, row, column: j.spot.column });
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
        out.warnings.push(Warning::loss("decode.malformed", message).at(first.shifted(page.offset)));
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Number of rows in `data`; a last row without a line break counts, blank rows do not.
fn rows_of(text: &str, data: &Range<usize>, format: &Format) -> u64 {
    if !format.has_rows() {
        return 0;
    }
    let (mut at, mut rows) = (data.start, 0);
    while at < data.end {
        let end = marks::next_row_end(text, at, format).max(at + 1);
        rows += u64::from(!is_blank(text, at, end));
        at = end;
    }
    rows
}

fn is_blank(text: &str, at: usize, end: usize) -> bool {
    text.as_bytes()[at..end.min(text.len())].iter().all(u8::is_ascii_whitespace)
}

/// Finds row and column of each candidate, given their ascending starts in the decoded text; returns the number of rows.
fn locate(
    text: &str,
    data: &Range<usize>,
    format: &Format,
    starts: impl Iterator<Item = usize>,
    spots: &mut Vec<Spot>,
) -> u64 {
    spots.clear();
    if !format.has_rows() {
        spots.extend(starts.map(|_| Spot::default()));
        return 0;
    }
    let mut row = 0u32;
    let (mut at, mut end) = (data.start, marks::next_row_end(text, data.start, format));
    let mut cells: Vec<usize> = Vec::new();
    let mut cells_of = usize::MAX;
    let table = matches!(format, Format::Table { .. });
    for start in starts {
        while start >= end && end < data.end {
            row += u32::from(!is_blank(text, at, end));
            at = end;
            end = marks::next_row_end(text, at, format).max(at + 1);
        }
        let mut column = 0;
        if table {
            if cells_of != at {
                cells.clear();
                cells.extend(marks::cells(&text[at..end], format).map(|c| c.span.start + at));
                cells_of = at;
            }
            column = cells.partition_point(|c| *c <= start) as u32;
        }
        spots.push(Spot { row, column, ..Spot::default() });
    }
    u64::from(row) + rows_of(text, &(at..data.end), format)
}
