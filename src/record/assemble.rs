//! Groups the findings of a page into records.
//!
//! One walk over the findings in the order of the text. A group ends where the structure says so (next row, blank line, the
//! other party's label) or where a kind comes a second time: the next person has begun.

use super::Record;
use crate::evidence::Context;
use crate::finding::{Confidence, Finding};
use crate::kind::{Form, Kind};
use crate::scan::Format;
use crate::score::Judged;
use crate::table::field::Party;

/// Findings further apart than this do not belong together in running text, in bytes.
const TEXT_GAP: usize = 600;
/// The same inside one row of a structured input, where long fields may stand between.
const ROW_GAP: usize = 8_192;
/// A second number this close to the first is the same person's (`13…/0571-…`).
const ALTERNATIVE_GAP: usize = 6;

/// A run of neighbouring findings that describe one person: `first..end` in the page's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) first: usize,
    pub(crate) end: usize,
    party: Party,
    kinds: u16,
    lines: usize,
}

/// Splits the findings of a page (sorted, in view positions) into groups; every finding is in exactly one.
pub(crate) fn group(found: &[Judged], text: &str, format: &Format, out: &mut Vec<Group>) {
    out.clear();
    let mut line_mask = LineMask::default();
    for (i, item) in found.iter().enumerate() {
        let bit = 1u16 << item.finding.kind as u16;
        let starts = match out.last() {
            None => true,
            Some(group) => {
                let between = Between::of(&found[i - 1], item, text);
                let next_line = line_mask.of(found, i, text, between.breaks > 0);
                begins_new(group, &found[i - 1], item, &between, next_line, format)
            }
        };
        if starts {
            out.push(Group {
                first: i,
                end: i + 1,
                party: item.spot.party,
                kinds: bit,
                lines: 0,
            });
        } else if let Some(group) = out.last_mut() {
            group.lines += Between::of(&found[i - 1], item, text).breaks;
            group.end = i + 1;
            group.kinds |= bit;
            if group.party == Party::Unknown {
                group.party = item.spot.party;
            }
        }
    }
    attach_orphans(found, text, out);
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
        let breaks = memchr::memchr_iter(b'\n', gap.as_bytes()).count();
        let blank_line = breaks > 1
            && gap
                .split('\n')
                .skip(1)
                .any(|l| l.trim().is_empty() && !l.is_empty())
            || gap.contains("\n\n")
            || gap.contains("\r\n\r\n");
        Between {
            bytes: gap.len(),
            breaks,
            blank_line,
        }
    }
}

/// The kinds on the line on which a finding stands, computed once per line.
#[derive(Default)]
struct LineMask {
    current: u16,
}

impl LineMask {
    fn of(&mut self, found: &[Judged], i: usize, text: &str, fresh: bool) -> u16 {
        if fresh || self.current == 0 {
            let from = found[i].finding.span.start;
            let end =
                memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |n| from + n);
            self.current = found[i..]
                .iter()
                .take_while(|f| f.finding.span.start < end)
                .take(16)
                .fold(0, |mask, f| mask | 1 << f.finding.kind as u16);
        }
        self.current
    }
}

const fn mask(kinds: &[Kind]) -> u16 {
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

fn begins_new(
    group: &Group,
    last: &Judged,
    next: &Judged,
    between: &Between,
    next_line: u16,
    format: &Format,
) -> bool {
    if last.spot.row != next.spot.row {
        return true;
    }
    let limit = if format.has_rows() { ROW_GAP } else { TEXT_GAP };
    if between.bytes > limit {
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
        if between.blank_line && (several || labelled) || between.breaks > 4 {
            return true;
        }
        // A line that says it all is a person of its own, and so is the line before it.
        if several && group.kinds & CONTACT != 0 && group.lines == 0 && next_line.count_ones() >= 2
        {
            let repeats = next_line & group.kinds & SINGLE != 0;
            if repeats {
                return true;
            }
        }
    }
    let bit = 1u16 << next.finding.kind as u16;
    if group.kinds & bit == 0 {
        return false;
    }
    match next.finding.kind {
        // Parts of one address stand in several cells; a serial may be printed twice.
        Kind::Address | Kind::Waybill if table => false,
        kind if last.finding.kind == kind => between.bytes > ALTERNATIVE_GAP,
        kind => several && bit & SINGLE != 0 || !table || kind == Kind::Name,
    }
}

/// A lone number behind a finished group on the same line is that person's second one.
fn attach_orphans(found: &[Judged], text: &str, groups: &mut Vec<Group>) {
    let mut i = 1;
    while i < groups.len() {
        let (before, here) = (groups[i - 1], groups[i]);
        let lone = here.end - here.first == 1 && before.kinds.count_ones() >= 2;
        let (a, b) = (&found[before.end - 1], &found[here.first]);
        let number = matches!(b.finding.kind, Kind::Mobile | Kind::Landline);
        let same_party = here.party == Party::Unknown || here.party == before.party;
        if lone && number && same_party && a.spot.row == b.spot.row {
            let between = Between::of(a, b, text);
            if between.breaks == 0 && between.bytes <= TEXT_GAP / 4 {
                groups[i - 1].end = here.end;
                groups.remove(i);
                continue;
            }
        }
        i += 1;
    }
}

/// Turns groups into records. `offset` is the position of `found[0]` in the list that record members refer to.
///
/// A group is a record when it holds at least two kinds, one of them personal. The waybill of a sender's group goes to the
/// receiver who follows: a parcel is the receiver's.
pub(crate) fn records(
    found: &[Judged],
    groups: &[Group],
    out: &mut Vec<Record>,
    owners: &mut Vec<Option<u32>>,
) {
    out.clear();
    owners.clear();
    owners.resize(found.len(), None);
    let mut sender: Option<(usize, usize)> = None;
    for (g, group) in groups.iter().enumerate() {
        if group.kinds.count_ones() < 2 || group.kinds & PERSONAL == 0 {
            continue;
        }
        let mut members: Vec<u32> = (group.first as u32..group.end as u32).collect();
        if group.party == Party::Receiver
            && let Some((at, record)) = sender.take_if(|(at, _)| *at + 1 == g)
            && group.kinds & mask(&[Kind::Waybill]) == 0
            && found[groups[at].first].spot.row == found[group.first].spot.row
        {
            move_waybill(found, record, out, owners, &mut members);
        }
        let id = out.len() as u32;
        for &m in &members {
            owners[m as usize] = Some(id);
        }
        if group.party == Party::Sender {
            sender = Some((g, out.len()));
        }
        out.push(Record {
            confidence: confidence(found, &members, group),
            fields: fields(found, &members),
            findings: members,
            role: group.party,
        });
    }
}

fn move_waybill(
    found: &[Judged],
    from: usize,
    records: &mut [Record],
    owners: &mut [Option<u32>],
    to: &mut Vec<u32>,
) {
    let record = &mut records[from];
    if record.fields.len() < 3 {
        // Without its waybill the sender would be a single value.
        return;
    }
    let (moved, kept): (Vec<u32>, Vec<u32>) = record
        .findings
        .iter()
        .partition(|m| found[**m as usize].finding.kind == Kind::Waybill);
    record.fields = fields(found, &kept);
    record.findings = kept;
    for m in moved {
        owners[m as usize] = None;
        to.push(m);
    }
    to.sort_unstable();
}

/// The best finding of each kind: the surest, full forms first.
fn fields(found: &[Judged], members: &[u32]) -> Vec<(Kind, u32)> {
    let mut fields: Vec<(Kind, u32)> = Vec::new();
    let quality = |m: u32| {
        let f: &Finding = &found[m as usize].finding;
        (
            matches!(f.form, Form::Full | Form::Disguised),
            f.span.len() * usize::from(f.kind == Kind::Address),
            f.score,
        )
    };
    for &m in members {
        let kind = found[m as usize].finding.kind;
        match fields.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, best)) if quality(m) > quality(*best) => *best = m,
            Some(_) => {}
            None => fields.push((kind, m)),
        }
    }
    fields.sort_unstable();
    fields
}

/// The weakest of the best fields, less a share for every line break that the record reaches across.
fn confidence(found: &[Judged], members: &[u32], group: &Group) -> Confidence {
    let weakest = fields(found, members)
        .iter()
        .map(|(_, m)| found[*m as usize].finding.confidence.basis())
        .min()
        .unwrap_or(0);
    let loss = 200 * group.lines.min(8) as u32;
    Confidence::from_basis((u32::from(weakest) * (10_000 - loss) / 10_000) as u16)
}
