//! One page from bytes to findings and records.

use std::ops::Range;

use memchr::memmem;

use super::Engine;
use super::input::Format;
use super::locate::{count_lines, locate, rows_of};
use super::report::{Place, UnitInfo, Warning};
use super::scratch::Scratch;
use super::structure;
use crate::anchor::View;
use crate::anchor::breaks::Breaks;
use crate::detect::Candidate;
use crate::evidence::Context;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::record::group::{self, Found, Group};
use crate::record::{Record, assemble, form, nested};
use crate::score::{self, Judged, Surroundings};
use crate::span::Span;
use crate::text::decode::{self, Text};
use crate::text::encoding::Certainty;
use crate::text::mixed::{self, Reading, Stretch, Walker};
use crate::text::{OffsetMap, fold};

/// A page to scan.
#[derive(Clone, Debug)]
pub(crate) struct Page<'p> {
    /// The page's own bytes with context before and after.
    pub(crate) bytes: &'p [u8],
    /// Their text, where it is known to be the bytes as they stand.
    pub(crate) plain: Option<&'p str>,
    /// The page's own bytes.
    pub(crate) core: Range<usize>,
    /// Offset of `bytes` in the input.
    pub(crate) offset: usize,
    /// Whether it is the input's first page.
    pub(crate) first: bool,
}

/// What was found on a page, or on page after page; spans are offsets in the input.
#[derive(Debug, Default)]
pub(crate) struct PageOutput {
    pub(crate) findings: Vec<Finding>,
    pub(crate) places: Vec<Place>,
    pub(crate) owners: Vec<Option<u32>>,
    pub(crate) records: Vec<Record>,
    pub(crate) warnings: Vec<Warning>,
    /// What is read in another encoding than the input.
    pub(crate) stretches: Vec<Stretch>,
    /// Line breaks in the pages' own bytes.
    pub(crate) lines: u64,
    /// Data rows that start on the pages.
    pub(crate) rows: u64,
    /// Findings that were left out because they are allowed.
    pub(crate) allowed: u64,
}

impl PageOutput {
    pub(crate) fn clear(&mut self) {
        self.findings.clear();
        self.places.clear();
        self.owners.clear();
        self.records.clear();
        self.warnings.clear();
        self.stretches.clear();
        self.lines = 0;
        self.rows = 0;
        self.allowed = 0;
    }

    /// Makes room for as many pages like the first one, so that the lists are not moved again and again.
    pub(super) fn reserve_for(&mut self, pages: usize) {
        let more = pages.saturating_sub(1);
        self.findings.reserve(self.findings.len() * more);
        self.places.reserve(self.places.len() * more);
        self.owners.reserve(self.owners.len() * more);
        self.records.reserve(self.records.len() * more);
    }
}

/// What the places of a page are counted on from.
#[derive(Clone, Copy)]
struct Before {
    /// Lines and rows of the pages before it.
    lines: u64,
    rows: u64,
    /// Rows of the page's header, which are no rows.
    header: u64,
    /// Whether rows are counted.
    has_rows: bool,
}

impl Before {
    /// The place of a finding whose line on the page is counted from 0.
    #[inline]
    fn place(self, j: &Judged, line: u64) -> Place {
        let row = (u64::from(j.spot.row) + 1).saturating_sub(self.header);
        let counts = self.has_rows && row > 0;
        Place {
            line: self.lines + line + 1,
            row: if counts { self.rows + row } else { 0 },
            column: j.spot.column,
        }
    }
}

/// How far, in bytes of the decoded text, the seam between two pages is looked for. With [`detect::REACH`](crate::detect::REACH)
/// more on either side it fits into the context of a page.
const SEAM: usize = 1024;

/// Findings from this confidence on (in ten-thousandths) are linked into records and teach the layout.
pub(super) const LIKELY: u16 = 5_000;

impl Engine {
    /// Scans a page; what is found comes behind what `out` holds of the pages before it.
    pub(crate) fn scan_page(
        &self,
        unit: &UnitInfo,
        page: &Page<'_>,
        scratch: &mut Scratch,
        out: &mut PageOutput,
    ) {
        let Scratch {
            decoded,
            folded,
            map,
            digits,
            candidates,
            order,
            judged,
            likely,
            groups,
            malformed,
            stretches,
            ..
        } = scratch;
        let (text, core) = decode_page(unit, page, decoded, malformed, stretches);
        warn_malformed(page, malformed, out);
        warn_stretches(unit, page, stretches, out);
        let core = &core;
        let decoded = Decoded {
            text,
            core,
            stretches,
        };
        let text = text.text;
        let lines = warn_structure(unit, page, decoded, out);
        out.stretches
            .extend(stretches.iter().map(|s| s.shifted(page.offset)));
        if let Some(selection) = self.selection.as_ref().filter(|_| page.first) {
            out.warnings
                .extend(selection.check(unit, &text[core.clone()]));
        }
        let view_text = if fold(text, unit.format.escapes(), folded, map) {
            folded.as_str()
        } else {
            text
        };
        let view = View::reusing(view_text, std::mem::take(digits));
        self.detect(&view, candidates);
        *digits = view.into_buffer();
        let header = if page.first {
            unit.layout.header_rows
        } else {
            0
        };
        let before = Before {
            lines: out.lines,
            rows: out.rows,
            header,
            has_rows: unit.format.has_rows(),
        };
        out.lines += lines;
        if candidates.is_empty() {
            let rows = rows_of(text, core, &unit.format, page.first);
            out.rows += rows.saturating_sub(header);
            return;
        }
        score::list(candidates, order, judged);
        let headed = unit.layout.headed();
        let rows = locate(text, core, &unit.format, headed, page.first, map, judged);
        out.rows += rows.saturating_sub(header);
        if let Some(selection) = &self.selection {
            selection.retain(unit, text, core, page.first, map, judged);
        }
        let surroundings = Surroundings {
            text: view_text,
            format: &unit.format,
            layout: &unit.layout,
            words: &self.words,
        };
        // What is neither linked nor reported has no part in what follows.
        let counts = |f: &Finding| f.confidence.basis() >= LIKELY || self.reports(f);
        score::judge(&surroundings, &self.weights, judged, counts);
        let mut seam = |open: bool, cut: usize| {
            let at = map.to_view(cut);
            if !open {
                return at;
            }
            let low = map.to_view(cut.saturating_sub(SEAM));
            let low = low + whole_lines_from(&view_text.as_bytes()[low..at]);
            let high = map.to_view(cut + SEAM);
            first_group(judged, view_text, low, at, high, likely, groups)
        };
        let from = seam(page.core.start > 0, core.start);
        let to = seam(page.core.end < page.bytes.len(), core.end);
        let own = from..to;
        judged.retain(|j| own.contains(&j.finding.span.start) && self.reports(&j.finding));
        out.allowed += self.drop_allowed(view_text, judged);
        list_likely(judged, view_text, likely);
        if matches!(unit.format, Format::Json | Format::JsonLines) {
            nested::name_parties(view_text, judged, likely);
        }
        let found = Found::new(judged, likely, view_text, &unit.format);
        group::group(found, groups);
        let first = out.findings.len();
        assemble::records(found, groups, first, &mut out.records, &mut out.owners);
        place(judged, decoded, map, page, unit, before, out);
    }

    /// Runs every detector.
    pub(super) fn detect(&self, view: &View<'_>, candidates: &mut Vec<Candidate>) {
        self.detect_where(view, candidates, |_| true);
    }

    /// Runs the detectors of the kinds that are `wanted`.
    pub(super) fn detect_where(
        &self,
        view: &View<'_>,
        candidates: &mut Vec<Candidate>,
        wanted: impl Fn(Kind) -> bool,
    ) {
        candidates.clear();
        for (rule, detector) in self.detectors.iter().enumerate() {
            if !wanted(detector.card().kind) {
                continue;
            }
            let first = candidates.len();
            detector.detect(view, candidates);
            for candidate in &mut candidates[first..] {
                candidate.rule = rule as u8;
            }
        }
    }

    fn reports(&self, finding: &Finding) -> bool {
        self.floors[finding.kind as usize].is_some_and(|floor| finding.confidence >= floor)
    }

    /// Drops what the caller allows, and public figures who are no customers; returns how many.
    fn drop_allowed(&self, text: &str, found: &mut Vec<Judged>) -> u64 {
        if self.allow.is_none() && self.public_figures.is_empty() {
            return 0;
        }
        let before = found.len();
        found.retain(|Judged { finding, .. }| {
            let allow = self.allow.as_ref();
            let may_be_public = !self.public_figures.is_empty() && is_nobodys_customer(finding);
            if allow.is_none() && !may_be_public {
                return true;
            }
            let detector = &self.detectors[usize::from(finding.rule)];
            let value = detector.normalize(&text[finding.span.range()]);
            let public = may_be_public && self.public_figures.contains(&*value);
            !public && !allow.is_some_and(|allow| allow(finding.kind, &value))
        });
        (before - found.len()) as u64
    }
}

/// Whether a finding is a name that nothing connects with a customer: neither label nor header, nor what a record has beside it.
fn is_nobodys_customer(finding: &Finding) -> bool {
    let connected = [
        Context::LabelSame,
        Context::HeaderSame,
        Context::NearMobile,
        Context::NearAddress,
        Context::NearWaybill,
    ];
    finding.kind == Kind::Name
        && !connected
            .into_iter()
            .any(|context| finding.evidence.has_context(context))
}

/// Where the findings of one page end and those of the next begin, for a cut at `at` that may run through a record: where the
/// first group behind it begins, looking only at `low..high`. Both pages see that much in the same way, rows left out, so every
/// finding belongs to exactly one page and a record is not cut in two. One group that goes on and on is cut where the page is.
fn first_group(
    judged: &[Judged],
    text: &str,
    low: usize,
    at: usize,
    high: usize,
    likely: &mut Vec<u32>,
    groups: &mut Vec<Group>,
) -> usize {
    let first = judged.partition_point(|j| j.finding.span.start < low);
    let end = judged.partition_point(|j| j.finding.span.start < high);
    let judged = &judged[first..end];
    list_likely(judged, text, likely);
    let found = Found::new(judged, likely, text, &Format::Text);
    group::group(found, groups);
    let mut starts = groups.iter().map(|g| found.get(g.first).finding.span.start);
    starts.find(|start| *start >= at).unwrap_or(at)
}

/// Where the whole lines of a text begin that may start inside one: after its first blank line, else after its first line break.
/// What stands on a line or in a block that is cut would be grouped with the next one.
fn whole_lines_from(text: &[u8]) -> usize {
    let after = |mark: &str| memmem::find(text, mark.as_bytes()).map(|i| i + mark.len());
    after("\n\n")
        .or_else(|| after("\n\r\n"))
        .or_else(|| after("\n"))
        .unwrap_or(0)
}

/// The positions of the findings that are likely enough to be linked.
fn list_likely(judged: &[Judged], text: &str, likely: &mut Vec<u32>) {
    likely.clear();
    let mut labels = false;
    for (i, j) in (0..).zip(judged) {
        if j.finding.confidence.basis() >= LIKELY {
            labels |= form::has_label(j);
            likely.push(i);
        }
    }
    if labels {
        form::leave_out_other_fields(judged, text, likely);
    }
}

/// Turns view positions into positions of the input, and finds lines.
fn place(
    kept: &[Judged],
    decoded: Decoded<'_>,
    map: &OffsetMap,
    page: &Page<'_>,
    unit: &UnitInfo,
    before: Before,
    out: &mut PageOutput,
) {
    let text = decoded.text.text;
    let (mut line, mut counted) = (0u64, decoded.core.start);
    let mut breaks = Breaks::new(text);
    // Lines that are not known are counted; `start` is the place in the decoded text.
    let mut place = |j: &Judged, start: usize| {
        if j.spot.line > 0 {
            line = u64::from(j.spot.line) - 1;
        } else {
            let start = start.max(counted);
            line += breaks.count(counted..start) as u64;
            counted = start;
        }
        before.place(j, line)
    };
    let finding = |j: &Judged, span: Span| Finding {
        span: span.shifted(page.offset),
        ..j.finding
    };
    // As a rule the view is the text, and the text is the bytes.
    if map.is_identity() && std::ptr::eq(text.as_bytes(), page.bytes) {
        let same = kept.iter().map(|j| finding(j, j.finding.span));
        out.findings.extend(same);
    } else {
        let mut walker = decoded.walker(unit, page);
        out.findings.extend(kept.iter().map(|j| {
            let Span { start, end } = j.finding.span;
            let start = map.start_to_source(start);
            let end = map.end_to_source(end).max(start);
            finding(j, walker.span_to_source(Span::new(start, end)))
        }));
    }
    let start = |j: &Judged| map.start_to_source(j.finding.span.start);
    out.places.extend(kept.iter().map(|j| place(j, start(j))));
}

/// The decoded text of a page, and the part of it that is the page's own.
fn decode_page<'a>(
    unit: &UnitInfo,
    page: &Page<'a>,
    buffer: &'a mut decode::Buffer,
    malformed: &mut Vec<Span>,
    stretches: &mut Vec<Stretch>,
) -> (Text<'a>, Range<usize>) {
    malformed.clear();
    stretches.clear();
    if let Some(text) = page.plain {
        return (Text::plain(text), page.core.clone());
    }
    let text = match unit.certainty {
        Certainty::Given => decode::decode(page.bytes, unit.encoding, buffer, malformed),
        _ => mixed::decode(page.bytes, unit.encoding, buffer, malformed, stretches),
    };
    malformed.retain(|span| page.core.contains(&span.start));
    let offset = |at| mixed::text_offset(page.bytes, unit.encoding, text.text, stretches, at);
    let start = offset(page.core.start);
    (text, start..offset(page.core.end).max(start))
}

/// The decoded text of a page.
#[derive(Clone, Copy)]
struct Decoded<'a> {
    text: Text<'a>,
    /// The part of it that is the page's own.
    core: &'a Range<usize>,
    stretches: &'a [Stretch],
}

impl<'a> Decoded<'a> {
    fn walker(self, unit: &UnitInfo, page: &Page<'a>) -> Walker<'a> {
        Walker::new(page.bytes, unit.encoding, self.text, self.stretches)
    }
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

/// Tells what was read in another encoding than the input, and of an encoding that is not certain.
fn warn_stretches(unit: &UnitInfo, page: &Page<'_>, stretches: &[Stretch], out: &mut PageOutput) {
    if page.first && unit.certainty == Certainty::Likely {
        let message = format!(
            "the encoding is not certain; it was read as {}",
            unit.encoding.id()
        );
        out.warnings.push(Warning::note("decode.guessed", message));
    }
    let own = |s: &&Stretch| page.core.contains(&s.source.start);
    let mut told: Vec<Reading> = Vec::new();
    for first in stretches.iter().filter(own) {
        if told.contains(&first.reading) {
            continue;
        }
        told.push(first.reading);
        let same = stretches
            .iter()
            .filter(own)
            .filter(|s| s.reading == first.reading);
        let lines: u64 = same
            .map(|s| count_lines(&page.bytes[s.source.range()]).max(1))
            .sum();
        let words = first.reading.words();
        let warning = match first.reading {
            Reading::Plain(_) => Warning::note(
                "decode.mixed",
                format!("{} in {words}; the first are given", counted(lines)),
            ),
            #[cfg(feature = "encodings")]
            Reading::Garbled(_) => Warning::note(
                "decode.garbled",
                format!(
                    "{} {words}, now read back; the first are given",
                    counted(lines)
                ),
            ),
        };
        out.warnings
            .push(warning.at(first.source.shifted(page.offset)));
    }
}

fn counted(lines: u64) -> String {
    match lines {
        1 => "1 line is".to_owned(),
        n => format!("{n} lines are"),
    }
}

/// Warns of what is not as the format promises; gives the number of line breaks.
fn warn_structure(
    unit: &UnitInfo,
    page: &Page<'_>,
    decoded: Decoded<'_>,
    out: &mut PageOutput,
) -> u64 {
    let own = &decoded.text.text[decoded.core.clone()];
    let (lines, oddities) = structure::check(unit, own, page.first);
    let mut walker = None;
    for oddity in oddities {
        let walker = walker.get_or_insert_with(|| decoded.walker(unit, page));
        let at = walker.to_source(decoded.core.start + oddity.at);
        let span = Span::new(at, at + 1).shifted(page.offset);
        out.warnings.push(oddity.warning.at(span));
    }
    lines
}
