//! Which neighbouring findings describe one person.
//!
//! One walk over the findings in the order of the text. A group ends where the structure says so (next row, blank line, the
//! other party's label) or where a kind comes a second time: the next person has begun.

use std::ops::Range;

use super::nested::in_one_object;
use crate::anchor::breaks::Breaks;
use crate::evidence::Context;
use crate::kind::Kind;
use crate::scan::Format;
use crate::score::Judged;
use crate::table::field::Party;

/// Findings further apart than this do not belong together in running text, in bytes.
const TEXT_GAP: usize = 600;
/// The same in line breaks.
const LINE_GAP: usize = 4;
/// The same inside one row of a structured input, where long fields may stand between.
const ROW_GAP: usize = 8_192;
/// A second number this close to the first is the same person's (`13…/0571-…`).
const ALTERNATIVE_GAP: usize = 6;
/// More values of one kind in a row than this are a list, and each is somebody else's.
const ALTERNATIVES: u8 = 3;

/// The findings of a page that are linked, and the text they were found in.
#[derive(Clone, Copy)]
pub(crate) struct Found<'p> {
    /// All findings, sorted, in view positions.
    pub(crate) judged: &'p [Judged],
    /// Positions of those that are likely enough to be linked.
    pub(crate) likely: &'p [u32],
    /// The view's text.
    pub(crate) text: &'p str,
    pub(crate) format: &'p Format,
    /// Whether rows keep them apart.
    by_row: bool,
}

impl<'p> Found<'p> {
    pub(crate) fn new(
        judged: &'p [Judged],
        likely: &'p [u32],
        text: &'p str,
        format: &'p Format,
    ) -> Found<'p> {
        Found {
            judged,
            likely,
            text,
            format,
            by_row: format.has_rows(),
        }
    }

    /// The `i`-th of the likely ones.
    pub(crate) fn get(&self, i: usize) -> &'p Judged {
        &self.judged[self.likely[i] as usize]
    }

    /// Whether two findings stand in different rows.
    pub(super) fn apart(&self, a: &Judged, b: &Judged) -> bool {
        self.by_row && a.spot.row != b.spot.row
    }
}

/// A run of neighbouring findings that describe one person: `first..end` of the likely ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) first: usize,
    pub(crate) end: usize,
    pub(super) party: Party,
    pub(super) kinds: u16,
    /// Line breaks that the group reaches across.
    pub(super) lines: usize,
    /// How many of the last findings are of the same kind.
    alike: u8,
}

impl Group {
    fn new(i: usize, item: &Judged) -> Group {
        Group {
            first: i,
            end: i + 1,
            party: item.spot.party,
            kinds: 1 << item.finding.kind as u16,
            lines: 0,
            alike: 1,
        }
    }

    /// Takes the next finding in, which is of the kind of the last one or not.
    fn join(&mut self, i: usize, item: &Judged, alike: bool) {
        self.end = i + 1;
        self.kinds |= 1 << item.finding.kind as u16;
        self.alike = if alike {
            self.alike.saturating_add(1)
        } else {
            1
        };
        if self.party == Party::Unknown {
            self.party = item.spot.party;
        }
    }

    /// Whether it holds nothing of a finding's kind.
    fn lacks(&self, item: &Judged) -> bool {
        self.kinds & 1 << item.finding.kind as u16 == 0
    }

    /// Whether a finding is said to be of another party.
    fn is_at_odds(&self, item: &Judged) -> bool {
        let party = item.spot.party;
        party != Party::Unknown && self.party != Party::Unknown && party != self.party
    }

    /// Whether it holds several kinds.
    #[inline]
    pub(super) const fn has_several(&self) -> bool {
        self.kinds & self.kinds.wrapping_sub(1) != 0
    }
}

/// Splits the likely findings of a page into groups; every one is in exactly one group.
pub(crate) fn group(found: Found<'_>, out: &mut Vec<Group>) {
    out.clear();
    let Some((first, rest)) = found.likely.split_first() else {
        return;
    };
    let limit = if found.by_row { ROW_GAP } else { TEXT_GAP };
    let mut breaks = Breaks::new(found.text);
    let mut last = &found.judged[*first as usize];
    let mut group = Group::new(0, last);
    let mut lone = false;
    for (i, at) in (1..).zip(rest) {
        let item = &found.judged[*at as usize];
        if found.apart(last, item) {
            lone |= group.end - group.first == 1;
            out.push(group);
            group = Group::new(i, item);
            last = item;
            continue;
        }
        let gap = last.finding.span.end..item.finding.span.start;
        let lines = match gap.len() {
            // Neighbours in a table stand a comma apart.
            1 if found.text.as_bytes().get(gap.start) != Some(&b'\n') => 0,
            0..=ROW_GAP => breaks.count(gap.clone()),
            _ => usize::MAX / 2,
        };
        if lines == 0 && gap.len() <= limit && group.lacks(item) && !group.is_at_odds(item) {
            group.join(i, item, false);
            last = item;
            continue;
        }
        let between = Between::new(gap, lines, breaks.line_end(), found.text);
        if begins_new(group, last, item, &between, i, found) {
            lone |= group.end - group.first == 1;
            out.push(group);
            group = Group::new(i, item);
        } else {
            group.lines += between.breaks;
            group.join(i, item, last.finding.kind == item.finding.kind);
        }
        last = item;
    }
    lone |= group.end - group.first == 1;
    out.push(group);
    if lone {
        attach_orphans(found, out);
    }
}

/// What lies between two neighbouring findings.
struct Between {
    bytes: usize,
    breaks: usize,
    /// Where the line of the second one ends.
    line_end: usize,
    blank_line: bool,
}

impl Between {
    /// Whether they are values of one JSON object with its keys alone between them.
    fn in_one_object(&self, a: &Judged, b: &Judged, text: &str) -> bool {
        self.bytes <= TEXT_GAP && {
            let gap = text.get(a.finding.span.end..b.finding.span.start);
            gap.is_some_and(in_one_object)
        }
    }

    /// What lies in a gap with so many line breaks.
    fn new(gap: Range<usize>, breaks: usize, line_end: usize, text: &str) -> Between {
        let bytes = gap.len();
        let blank_line = bytes > ROW_GAP
            || breaks > 1
                && text[gap]
                    .split('\n')
                    .skip(1)
                    .take(breaks - 1)
                    .any(|line| line.trim().is_empty());
        Between {
            bytes,
            breaks,
            line_end,
            blank_line,
        }
    }
}

/// So many findings of a line are looked at to see what it holds.
const LINE_FINDINGS: usize = 16;

/// The kinds of the findings from the `i`-th one on that stand on its line, which ends at `end`.
fn kinds_on_line(found: Found<'_>, i: usize, end: usize) -> u16 {
    let some = found.likely[i..].iter().take(LINE_FINDINGS);
    let some = some.map(|at| &found.judged[*at as usize].finding);
    some.take_while(|f| f.span.start < end)
        .fold(0, |mask, f| mask | 1 << f.kind as u16)
}

pub(super) const fn mask(kinds: &[Kind]) -> u16 {
    let mut bits = 0;
    let mut i = 0;
    while i < kinds.len() {
        bits |= 1 << kinds[i] as u16;
        i += 1;
    }
    bits
}

/// Kinds of which one person has one.
const SINGLE: u16 = mask(&[
    Kind::Name,
    Kind::Address,
    Kind::Mobile,
    Kind::Waybill,
    Kind::IdCard,
]);
/// Kinds that say how to reach a person.
const CONTACT: u16 = mask(&[Kind::Mobile, Kind::Landline, Kind::Address]);
/// Whether kinds name a person, say how to reach them, and more.
fn whole(kinds: u16) -> bool {
    kinds & mask(&[Kind::Name]) != 0 && kinds & CONTACT != 0 && kinds.count_ones() >= 3
}

/// Whether a group ends before the next finding, the `i`-th one.
#[inline(never)]
fn begins_new(
    group: Group,
    last: &Judged,
    next: &Judged,
    between: &Between,
    i: usize,
    found: Found<'_>,
) -> bool {
    let Found {
        text,
        format,
        by_row,
        ..
    } = found;
    let far = between.bytes > TEXT_GAP || between.breaks > LINE_GAP;
    let limit = if by_row { ROW_GAP } else { TEXT_GAP };
    let form = !by_row && far && goes_on(&group, last, next, between, text);
    if between.bytes > limit && !form {
        return true;
    }
    let address = |j: &Judged| j.finding.kind == Kind::Address;
    if matches!(format, Format::Json | Format::JsonLines)
        && address(last)
        && address(next)
        && between.in_one_object(last, next, text)
    {
        return false;
    }
    let several = group.has_several();
    if group.is_at_odds(next) {
        return true;
    }
    let table = matches!(format, Format::Table { .. });
    if !table && between.breaks > 0 {
        let labelled = next.finding.evidence.has_context(Context::LabelSame);
        if between.blank_line && (several || labelled) || between.breaks > LINE_GAP && !form {
            return true;
        }
        // A line that says it all is a person of its own, and so is the line before it.
        if group.lines == 0 {
            let line = kinds_on_line(found, i, between.line_end);
            let repeats = line & group.kinds & SINGLE != 0;
            let full = several && group.kinds & CONTACT != 0;
            if repeats && (full && line.count_ones() >= 2 || whole(line)) {
                return true;
            }
        }
    }
    let bit = 1u16 << next.finding.kind as u16;
    if group.lacks(next) {
        return false;
    }
    if next.spot.party == Party::Sender && group.party == Party::Unknown && several {
        // A buyer under plain headers, then what is headed as the sender's.
        return true;
    }
    match next.finding.kind {
        // Parts of one address stand in several cells; a serial may be printed twice.
        Kind::Address | Kind::Waybill if table => false,
        kind if last.finding.kind == kind => {
            between.breaks > 0 || between.bytes > ALTERNATIVE_GAP || group.alike >= ALTERNATIVES
        }
        kind => several && bit & SINGLE != 0 || !table || kind == Kind::Name,
    }
}

/// Whether a form goes on: both values are labelled, the later one is of a kind that the group lacks, and every line between
/// them has a label as well.
fn goes_on(group: &Group, last: &Judged, next: &Judged, between: &Between, text: &str) -> bool {
    let labelled = |j: &Judged| j.finding.evidence.has_context(Context::LabelSame);
    group.kinds & (1 << next.finding.kind as u16) == 0
        && !between.blank_line
        && between.bytes <= ROW_GAP
        && labelled(last)
        && labelled(next)
        && text
            .get(last.finding.span.end..next.finding.span.start)
            .is_some_and(|gap| gap.split('\n').skip(1).all(|l| l.contains(['：', ':'])))
}

/// A lone number behind a finished group on the same line is that person's second one.
fn attach_orphans(found: Found<'_>, groups: &mut Vec<Group>) {
    let mut kept = 0;
    for i in 1..groups.len() {
        let (before, here) = (groups[kept], groups[i]);
        if is_orphan(found, &before, &here) {
            groups[kept].end = here.end;
        } else {
            kept += 1;
            groups[kept] = here;
        }
    }
    groups.truncate(kept + 1);
}

fn is_orphan(found: Found<'_>, before: &Group, here: &Group) -> bool {
    let lone = here.end - here.first == 1 && before.has_several();
    let same_party = here.party == Party::Unknown || here.party == before.party;
    if !lone || !same_party {
        return false;
    }
    let (a, b) = (found.get(before.end - 1), found.get(here.first));
    let number = matches!(b.finding.kind, Kind::Mobile | Kind::Landline);
    if !number || found.apart(a, b) {
        return false;
    }
    let gap = a.finding.span.end..b.finding.span.start;
    gap.len() <= TEXT_GAP / 4 && !found.text[gap].contains('\n')
}
