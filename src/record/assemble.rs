//! Turns groups of findings into records.

use super::filled::Above;
use super::group::{Found, Group, mask};
use super::{Fields, Members, Record};
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

/// Turns groups into records, whose members are positions in `found.judged`; `owners` says of each of those which record it
/// belongs to.
///
/// A group is a record when it holds at least two kinds, one of them personal. The waybill of a sender's group goes to the
/// receiver who follows, or else to the one before it: a parcel is the receiver's.
pub(crate) fn records(
    found: Found<'_>,
    groups: &[Group],
    out: &mut Vec<Record>,
    owners: &mut Vec<Option<u32>>,
) {
    out.clear();
    owners.clear();
    owners.resize(found.judged.len(), None);
    // Groups with their records: the sender whose receiver has not come yet, and the receiver who had no sender before him.
    let mut sender: Option<(usize, usize)> = None;
    let mut receiver: Option<(usize, usize)> = None;
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
        let members = Members::from_slice(&found.likely[group.first..group.end]);
        let id = out.len();
        for &m in &members {
            owners[m as usize] = Some(id as u32);
        }
        above = Above::new(found, group, id as u32);
        let fields = fields(found.judged, &members);
        out.push(Record {
            confidence: confidence(found.judged, &fields, group),
            fields,
            findings: members,
            role: group.party,
        });
        let beside = |(at, _): &mut (usize, usize)| {
            *at + 1 == g && !found.apart(found.get(groups[*at].first), found.get(group.first))
        };
        match group.party {
            Party::Receiver => {
                let from = sender.take_if(beside);
                receiver = from.is_none().then_some((g, id));
                if let Some((_, from)) = from {
                    move_waybill(found.judged, out, [from, id], owners);
                }
            }
            Party::Sender => {
                let to = receiver.take_if(beside);
                sender = to.is_none().then_some((g, id));
                if let Some((_, to)) = to {
                    move_waybill(found.judged, out, [id, to], owners);
                }
            }
            Party::Unknown => {}
        }
    }
}

/// Moves the waybill from one record to another that has none.
fn move_waybill(
    found: &[Judged],
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
    let waybill = |m: &u32| found[*m as usize].finding.kind == Kind::Waybill;
    for &m in from.findings.iter().filter(|m| waybill(m)) {
        to.findings.push(m);
        to.confidence = to.confidence.min(found[m as usize].finding.confidence);
        owners[m as usize] = Some(from_to[1] as u32);
    }
    to.findings.sort_unstable();
    to.fields = fields(found, &to.findings);
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
    let mut best = [None; Kind::ALL.len()];
    for &m in members {
        let best = &mut best[found[m as usize].finding.kind as usize];
        if best.is_none_or(|b| quality(m) > quality(b)) {
            *best = Some(m);
        }
    }
    let mut fields = Fields::new();
    for (kind, best) in Kind::ALL.into_iter().zip(best) {
        if let Some(best) = best {
            fields.push((kind, best));
        }
    }
    fields
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
