//! Turns groups of findings into records.

use super::Record;
use super::filled::Above;
use super::group::{Found, Group, mask};
use crate::finding::{Confidence, Finding};
use crate::kind::{Form, Kind};
use crate::score::Judged;
use crate::table::field::Party;

/// Kinds that make a record worth the name.
const PERSONAL: u16 = mask(&[
    Kind::Name,
    Kind::Address,
    Kind::Mobile,
    Kind::Waybill,
    Kind::Landline,
    Kind::IdCard,
]);

/// Findings of a page that are numbered on from the pages before it.
#[derive(Clone, Copy)]
struct Numbered<'p> {
    judged: &'p [Judged],
    /// How many findings the pages before have.
    before: u32,
}

impl<'p> Numbered<'p> {
    fn get(self, number: u32) -> &'p Judged {
        &self.judged[(number - self.before) as usize]
    }
}

/// Turns groups into records, which come behind those of the pages before; so do the `owners`, which say of each finding of the page
/// which record it belongs to. Members are numbered on from the `before` findings of those pages.
///
/// A group is a record when it holds at least two kinds, one of them personal. The waybill of a sender's group goes to the
/// receiver who follows, or else to the one before it: a parcel is the receiver's.
pub(crate) fn records(
    found: Found<'_>,
    groups: &[Group],
    before: usize,
    out: &mut Vec<Record>,
    owners: &mut Vec<Option<u32>>,
) {
    let page = Numbered {
        judged: found.judged,
        before: before as u32,
    };
    owners.resize(before + found.judged.len(), None);
    // Groups with their records: the sender whose receiver has not come yet, and the receiver who had no sender before him.
    let mut sender: Option<(usize, usize)> = None;
    let mut receiver: Option<(usize, usize)> = None;
    let mut above = Above::default();
    // The last record, of which what it says to the rows below is settled when it is asked.
    let mut last: Option<(&Group, u32)> = None;
    for (g, group) in groups.iter().enumerate() {
        let likely = &found.likely[group.first..group.end];
        let members = || likely.iter().map(|i| page.before + i);
        if !group.has_several() || group.kinds & PERSONAL == 0 {
            if let Some((group, id)) = last.take() {
                above = Above::new(found, group, id);
            }
            if let Some(id) = above.takes(found, group) {
                let findings = &mut out[id as usize].findings;
                for m in members() {
                    owners[m as usize] = Some(id);
                    findings.push(m);
                }
            }
            continue;
        }
        let id = out.len();
        // Written where it stays: put together elsewhere, it would be copied before its parts are there.
        out.resize_with(id + 1, Record::default);
        let record = &mut out[id];
        record.role = group.party;
        record.findings.extend_from_slice(likely);
        for m in &mut record.findings {
            *m += page.before;
            owners[*m as usize] = Some(id as u32);
        }
        last = Some((group, id as u32));
        let weakest = fields(page, record);
        record.confidence = confidence(weakest, group);
        let beside = |(at, _): &mut (usize, usize)| {
            *at + 1 == g && !found.apart(found.get(groups[*at].first), found.get(group.first))
        };
        match group.party {
            Party::Receiver => {
                let from = sender.take_if(beside);
                receiver = from.is_none().then_some((g, id));
                if let Some((_, from)) = from {
                    move_waybill(page, out, [from, id], owners);
                }
            }
            Party::Sender => {
                let to = receiver.take_if(beside);
                sender = to.is_none().then_some((g, id));
                if let Some((_, to)) = to {
                    move_waybill(page, out, [id, to], owners);
                }
            }
            Party::Unknown => {}
        }
    }
}

/// Moves the waybill from one record to another that has none.
fn move_waybill(
    page: Numbered<'_>,
    records: &mut [Record],
    from_to: [usize; 2],
    owners: &mut [Option<u32>],
) {
    let Ok([from, to]) = records.get_disjoint_mut(from_to) else {
        return;
    };
    // Without its waybill the sender would be a single value.
    if from.fields.len() < 3 || to.field(Kind::Waybill).is_some() {
        return;
    }
    let waybill = |m: &u32| page.get(*m).finding.kind == Kind::Waybill;
    for &m in from.findings.iter().filter(|m| waybill(m)) {
        to.findings.push(m);
        to.confidence = to.confidence.min(page.get(m).finding.confidence);
        owners[m as usize] = Some(from_to[1] as u32);
    }
    to.findings.sort_unstable();
    fields(page, to);
    from.findings.retain(|m| !waybill(m));
    fields(page, from);
}

/// Settles the fields of a record, the best finding of each kind: the surest one, full forms first. Returns the confidence of the
/// weakest of them.
fn fields(page: Numbered<'_>, record: &mut Record) -> Confidence {
    let quality = |m: u32| {
        let f: &Finding = &page.get(m).finding;
        (
            matches!(f.form, Form::Full | Form::Disguised),
            f.span.len() * usize::from(f.kind == Kind::Address),
            f.score,
        )
    };
    // One bit per kind that is there.
    let (mut best, mut kinds) = ([0; Kind::ALL.len()], 0_u32);
    for &m in &record.findings {
        let kind = page.get(m).finding.kind as usize;
        if kinds & 1 << kind == 0 || quality(m) > quality(best[kind]) {
            best[kind] = m;
        }
        kinds |= 1 << kind;
    }
    let mut weakest = Confidence::from_basis(u16::MAX);
    record.fields.clear();
    while kinds != 0 {
        let kind = kinds.trailing_zeros() as usize;
        kinds &= kinds - 1;
        weakest = weakest.min(page.get(best[kind]).finding.confidence);
        record.fields.push((Kind::ALL[kind], best[kind]));
    }
    weakest
}

/// The confidence of the weakest of the best fields, less a share for every line break that the record reaches across.
fn confidence(weakest: Confidence, group: &Group) -> Confidence {
    let loss = 200 * group.lines.min(8) as u32;
    Confidence::from_basis((u32::from(weakest.basis()) * (10_000 - loss) / 10_000) as u16)
}
