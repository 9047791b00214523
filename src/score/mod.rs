//! From candidates to findings: context evidence, confidence, overlap.

mod calibrate;
mod context;
mod overlap;

pub(crate) use context::{Spot, Surroundings};

use std::sync::Arc;

use crate::detect::{Candidate, Detector};
use crate::finding::Finding;

/// A finding in view positions with where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    pub(crate) finding: Finding,
    pub(crate) spot: Spot,
}

/// Judges the candidates of a page: adds what their surroundings say, scores them, and keeps one reading of every byte.
///
/// `candidates` and `surroundings.spots` run in parallel and are sorted by span. The findings in `out` are in view positions
/// and sorted by span.
pub(crate) fn judge(
    surroundings: &mut Surroundings<'_>,
    detectors: &[Arc<dyn Detector>],
    candidates: &mut [Candidate],
    out: &mut Vec<Judged>,
) {
    context::add_field_evidence(surroundings, candidates);
    let score = |c: &Candidate| {
        detectors[usize::from(c.rule)]
            .evidence()
            .score(c.evidence, c.measured)
    };
    context::add_neighbour_evidence(surroundings, candidates, score);
    out.clear();
    out.extend(
        candidates
            .iter()
            .zip(surroundings.spots.iter())
            .map(|(c, spot)| {
                let score = score(c);
                let finding = Finding {
                    span: c.span,
                    evidence: c.evidence,
                    measured: c.measured,
                    score,
                    detail: c.detail,
                    confidence: calibrate::confidence(score),
                    kind: c.kind,
                    form: c.form,
                    rule: c.rule,
                };
                Judged {
                    finding,
                    spot: *spot,
                }
            }),
    );
    overlap::resolve(out);
}
