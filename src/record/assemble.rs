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
