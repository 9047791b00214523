//! From candidates to findings: context evidence, confidence, overlap.

mod calibrate;
mod context;
mod order;
mod overlap;

pub(crate) use context::{Spot, Surroundings};
pub(crate) use order::Order;

use crate::detect::Candidate;
use crate::evidence::Weights;
use crate::finding::{Confidence, Finding};

/// A finding in view positions with where it stands.
///
/// The place comes first: behind the finding, whose last bytes are empty, both were copied over the border between them as soon as they
/// had been written, for which a processor has to wait.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Judged {
    pub(crate) spot: Spot,
    pub(crate) finding: Finding,
}

/// Lists the candidates of a page in the order of the text, not yet judged and without a place.
pub(crate) fn list(candidates: &[Candidate], order: &mut Order, out: &mut Vec<Judged>) {
    let key = |(i, c): (usize, &Candidate)| (c.span.start as u64) << 32 | i as u64;
    let order = order.of(candidates.iter().enumerate().map(key));
    out.clear();
    out.extend(order.iter().map(|key| {
        let c = &candidates[*key as u32 as usize];
        Judged {
            finding: Finding {
                span: c.span,
                evidence: c.evidence,
                measured: c.measured,
                score: 0,
                detail: c.detail,
                confidence: Confidence::default(),
                kind: c.kind,
                form: c.form,
                rule: c.rule,
            },
            spot: Spot::default(),
        }
    }));
}

/// Judges the candidates of a page: adds what their surroundings say, scores them with the `weights` of their rules, and keeps
/// one reading of every byte. What does not `count` may be left out of the result as well.
///
/// `found` is sorted by the start of the spans, which are positions in the view, and stays so.
pub(crate) fn judge(
    surroundings: &Surroundings<'_>,
    weights: &[Weights],
    found: &mut Vec<Judged>,
    counts: impl Fn(&Finding) -> bool,
) {
    let mut neighbours = context::Neighbours::new(surroundings.format);
    let mut fields = context::Fields::new(surroundings);
    let confidence = calibrate::Confidences::new();
    for row in found.chunk_by_mut(|a, b| a.spot.row == b.spot.row) {
        for j in row.iter_mut() {
            context::add_field_evidence(surroundings, &mut fields, j);
            let f = &mut j.finding;
            f.score = weights[usize::from(f.rule)].score(f.evidence, f.measured);
            neighbours.note_before(j);
        }
        // Neighbours are as sure as they are without theirs, so that the order of the walk does not matter.
        neighbours.forget();
        for j in row.iter_mut().rev() {
            let near = neighbours.note_behind(surroundings.text, j);
            let f = &mut j.finding;
            let added = f.evidence.insert_contexts(near);
            f.score = weights[usize::from(f.rule)].add_contexts(f.score, added);
            f.confidence = confidence.of(f.score);
        }
        neighbours.forget();
    }
    overlap::resolve(surroundings.text, found, counts);
}
