//! Groups the findings of a page into records.
//!
//! One walk over the findings in the order of the text. A group ends where the structure says so (next row, blank line, the
//! other party's label) or where a kind comes a second time: the next person has begun.

use super::filled::Above;
use super::{Fields, Members, Record};
use crate::evidence::Context;
use crate::finding::{Confidence, Finding};
use crate::kind::{Form, Kind};
use crate::scan::Format;
use crate::score::Judged;
use crate::span::Span;
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
}

impl<'p> Found<'p> {
    /// The `i`-th of the likely ones.
    pub(crate) fn get(&self, i: usize) -> &'p Judged {
        &self.judged[self.likely[i] as usize]
    }

    /// Whether two findings stand in different rows.
    fn apart(&self, a: &Judged, b: &Judged) -> bool {
        self.format.has_rows() && a.spot.row != b.spot.row
    }
}

/// A run of neighbouring findings that describe one person: `first..end` of the likely ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) first: usize,
    pub(crate) end: usize,
    party: Party,
    pub(super) kinds: u16,
    lines: usize,
    /// How many of the last findings are of the same kind.
    alike: u8,
}

/// A finding in another field of a form that is surer than this is a person's all the same; what is itself the key must be surer.
const SURE_VALUE: u16 = 8_000;
const SURE_KEY: u16 = 9_500;

/// Takes what looks like a name or address in other fields of a form (`单价：59.00`, `仓库：二号仓`) out of the likely findings,
/// so that it begins nobody's record.
pub(crate) fn leave_out_other_fields(judged: &[Judged], text: &str, likely: &mut Vec<u32>) {
    let mut kept = 0_usize;
    for i in 0..likely.len() {
        let at = |n: usize| likely.get(n).map(|j| &judged[*j as usize]);
        let last = kept.checked_sub(1).and_then(at);
        if !at(i).is_some_and(|item| is_other_field(last, item, at(i + 1), text)) {
            likely[kept] = likely[i];
            kept += 1;
        }
    }
    likely.truncate(kept);
}

/// Whether a weak name or address is alone on a line `key：value` whose key is not known, beside labelled values.
fn is_other_field(last: Option<&Judged>, item: &Judged, next: Option<&Judged>, text: &str) -> bool {
    let labelled = |j: &Judged| j.finding.evidence.has_context(Context::LabelSame);
    let finding = &item.finding;
    if !matches!(finding.kind, Kind::Name | Kind::Address)
        || finding.confidence.basis() >= SURE_KEY
        || labelled(item)
        || !(last.is_some_and(labelled) || next.is_some_and(labelled))
    {
        return false;
    }
    let Span { start, end } = finding.span;
    let low = start.saturating_sub(TEXT_GAP);
    let line_start = memchr::memrchr(b'\n', &text.as_bytes()[low..start]).map_or(low, |i| low + i);
    let behind = &text.as_bytes()[end..text.len().min(end + TEXT_GAP)];
    let line_end = end + memchr::memchr(b'\n', behind).unwrap_or(behind.len());
    let alone = last.is_none_or(|l| l.finding.span.end <= line_start)
        && next.is_none_or(|n| n.finding.span.start >= line_end);
    let marks = ['：', ':'];
    let is_key = text[end..].starts_with(marks);
    let weak_value = || {
        finding.confidence.basis() < SURE_VALUE
            && text[..start].trim_end_matches(' ').ends_with(marks)
    };
    alone && (is_key || weak_value())
}

/// Splits the likely findings of a page into groups; every one is in exactly one group.
pub(crate) fn group(found: Found<'_>, out: &mut Vec<Group>) {
    out.clear();
    let mut line_mask = LineMask::default();
    for i in 0..found.likely.len() {
        let item = found.get(i);
        let bit = 1u16 << item.finding.kind as u16;
        if let Some(group) = out.last_mut() {
            let last = found.get(i - 1);
            if !found.apart(last, item) {
                let between = Between::of(last, item, found.text);
                // What a line holds tells nothing in a table, whose rows are apart already.
                let next_line = match found.format {
                    Format::Table { .. } => 0,
                    _ => line_mask.of(found, i, between.breaks > 0),
                };
                if !begins_new(group, last, item, &between, next_line, found) {
                    group.lines += between.breaks;
                    group.end = i + 1;
                    group.kinds |= bit;
                    group.alike = if last.finding.kind == item.finding.kind {
                        group.alike.saturating_add(1)
                    } else {
                        1
                    };
                    if group.party == Party::Unknown {
                        group.party = item.spot.party;
                    }
                    continue;
                }
            }
        }
        out.push(Group {
            first: i,
            end: i + 1,
            party: item.spot.party,
            kinds: bit,
            lines: 0,
            alike: 1,
        });
    }
    attach_orphans(found, out);
}

/// What lies between two neighbouring findings.
struct Between {
    bytes: usize,
    breaks: usize,
    blank_line: bool,
}

impl Between {
    fn of(a: &Judged, b: &Judged, text: &str) -> Between {
        let gap = text
            .get(a.finding.span.end..b.finding.span.start)
            .unwrap_or("");
        if gap.len() > ROW_GAP {
            return Between {
                bytes: gap.len(),
                breaks: usize::MAX / 2,
                blank_line: true,
            };
        }
        // Most neighbours stand a comma apart.
        let breaks = match gap.len() {
            0..8 => gap.bytes().filter(|b| *b == b'\n').count(),
            _ => memchr::memchr_iter(b'\n', gap.as_bytes()).count(),
        };
        let blank_line = breaks > 1
            && (gap.contains("\n\n")
                || gap.contains("\r\n\r\n")
                || gap
                    .split('\n')
                    .skip(1)
                    .any(|l| l.trim().is_empty() && !l.is_empty()));
        Between {
            bytes: gap.len(),
            breaks,
            blank_line,
        }
    }
}

/// So many findings of a line are looked at to see what it holds.
const LINE_FINDINGS: usize = 16;

/// The kinds on the line on which a finding stands, computed once per line.
#[derive(Default)]
struct LineMask {
    current: u16,
}

impl LineMask {
    fn of(&mut self, found: Found<'_>, i: usize, fresh: bool) -> u16 {
        if fresh || self.current == 0 {
            // Only as far as the last finding that could count: a line may go on for ever.
            let last = found.likely.len().min(i + LINE_FINDINGS) - 1;
            let from = found.get(i).finding.span.start;
            let until = found.get(last).finding.span.start;
            let end = memchr::memchr(b'\n', &found.text.as_bytes()[from..until])
                .map_or(usize::MAX, |n| from + n);
            self.current = (i..=last)
                .map(|k| &found.get(k).finding)
                .take_while(|f| f.span.start < end)
                .fold(0, |mask, f| mask | 1 << f.kind as u16);
        }
        self.current
    }
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
/// Kinds that make a record worth the name.
const PERSONAL: u16 = mask(&[
    Kind::Name,
    Kind::Address,
    Kind::Mobile,
    Kind::Waybill,
    Kind::Landline,
    Kind::IdCard,
]);

/// Whether kinds name a person, say how to reach them, and more.
fn whole(kinds: u16) -> bool {
    kinds & mask(&[Kind::Name]) != 0 && kinds & CONTACT != 0 && kinds.count_ones() >= 3
}

fn begins_new(
    group: &Group,
    last: &Judged,
    next: &Judged,
    between: &Between,
    next_line: u16,
    found: Found<'_>,
) -> bool {
    let Found { text, format, .. } = found;
    let far = between.bytes > TEXT_GAP || between.breaks > LINE_GAP;
    let limit = if format.has_rows() { ROW_GAP } else { TEXT_GAP };
    let form = !format.has_rows() && far && goes_on(group, last, next, between, text);
    if between.bytes > limit && !form {
        return true;
    }
    let several = group.kinds.count_ones() >= 2;
    if next.spot.party != Party::Unknown
        && group.party != Party::Unknown
        && next.spot.party != group.party
    {
        return true;
    }
    let table = matches!(format, Format::Table { .. });
    if !table && between.breaks > 0 {
        let labelled = next.finding.evidence.has_context(Context::LabelSame);
        if between.blank_line && (several || labelled) || between.breaks > LINE_GAP && !form {
            return true;
        }
        // A line that says it all is a person of its own, and so is the line before it.
        let repeats = next_line & group.kinds & SINGLE != 0;
        let full = several && group.kinds & CONTACT != 0;
        if group.lines == 0 && repeats && (full && next_line.count_ones() >= 2 || whole(next_line))
        {
            return true;
        }
    }
    let bit = 1u16 << next.finding.kind as u16;
    if group.kinds & bit == 0 {
        return false;
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
    let lone = here.end - here.first == 1 && before.kinds.count_ones() >= 2;
    let (a, b) = (found.get(before.end - 1), found.get(here.first));
    let number = matches!(b.finding.kind, Kind::Mobile | Kind::Landline);
    let same_party = here.party == Party::Unknown || here.party == before.party;
    if !lone || !number || !same_party || found.apart(a, b) {
        return false;
    }
    let between = Between::of(a, b, found.text);
    between.breaks == 0 && between.bytes <= TEXT_GAP / 4
}

/// Turns groups into records, whose members are positions in `found.judged`; `owners` says of each of those which record it
/// belongs to.
///
/// A group is a record when it holds at least two kinds, one of them personal. The waybill of a sender's group goes to the
/// receiver who follows: a parcel is the receiver's.
pub(crate) fn records(
    found: Found<'_>,
    groups: &[Group],
    out: &mut Vec<Record>,
    owners: &mut Vec<Option<u32>>,
) {
    out.clear();
    owners.clear();
    owners.resize(found.judged.len(), None);
    let mut sender: Option<(usize, usize)> = None;
    let mut above = Above::default();
    for (g, group) in groups.iter().enumerate() {
        if group.kinds.count_ones() < 2 || group.kinds & PERSONAL == 0 {
            if let Some(id) = above.takes(found, group) {
                let more = &found.likely[group.first..group.end];
                for m in more {
                    owners[*m as usize] = Some(id);
                }
                out[id as usize].findings.extend_from_slice(more);
            }
            continue;
        }
        let mut members = Members::from_slice(&found.likely[group.first..group.end]);
        if group.party == Party::Receiver
            && let Some((at, record)) = sender.take_if(|(at, _)| *at + 1 == g)
            && group.kinds & mask(&[Kind::Waybill]) == 0
            && !found.apart(found.get(groups[at].first), found.get(group.first))
        {
            move_waybill(found.judged, &mut out[record], &mut members);
        }
        let id = out.len() as u32;
        for &m in &members {
            owners[m as usize] = Some(id);
        }
        if group.party == Party::Sender {
            sender = Some((g, out.len()));
        }
        above = Above::new(found, group, id);
        let fields = fields(found.judged, &members);
        out.push(Record {
            confidence: confidence(found.judged, &fields, group),
            fields,
            findings: members,
            role: group.party,
        });
    }
}

fn move_waybill(found: &[Judged], from: &mut Record, to: &mut Members) {
    if from.fields.len() < 3 {
        // Without its waybill the sender would be a single value.
        return;
    }
    let waybill = |m: &u32| found[*m as usize].finding.kind == Kind::Waybill;
    to.extend(from.findings.iter().copied().filter(waybill));
    to.sort_unstable();
    from.findings.retain(|m| !waybill(m));
    from.fields = fields(found, &from.findings);
}

/// The best finding of each kind: the surest, full forms first.
fn fields(found: &[Judged], members: &[u32]) -> Fields {
    let quality = |m: u32| {
        let f: &Finding = &found[m as usize].finding;
        (
            matches!(f.form, Form::Full | Form::Disguised),
            f.span.len() * usize::from(f.kind == Kind::Address),
            f.score,
        )
    };
    let mut best = [u32::MAX; Kind::ALL.len()];
    for &m in members {
        let slot = &mut best[found[m as usize].finding.kind as usize];
        if *slot == u32::MAX || quality(m) > quality(*slot) {
            *slot = m;
        }
    }
    let of_kind = Kind::ALL.into_iter().zip(best);
    of_kind.filter(|(_, m)| *m != u32::MAX).collect()
}

/// The weakest of the best fields, less a share for every line break that the record reaches across.
fn confidence(found: &[Judged], fields: &[(Kind, u32)], group: &Group) -> Confidence {
    let weakest = fields
        .iter()
        .map(|(_, m)| found[*m as usize].finding.confidence.basis())
        .min()
        .unwrap_or(0);
    let loss = 200 * group.lines.min(8) as u32;
    Confidence::from_basis((u32::from(weakest) * (10_000 - loss) / 10_000) as u16)
}
