//! From candidates to findings: context evidence, overlap, confidence.

use std::sync::Arc;

use crate::anchor::labels::label_before;
use crate::detect::{Candidate, Detector};
use crate::evidence::Context;
use crate::finding::{Confidence, Finding};
use crate::text::View;

/// Judges candidates: adds label evidence, settles overlaps, and turns scores into confidences.
pub(crate) fn judge(
    view: &View<'_>,
    detectors: &[Arc<dyn Detector>],
    candidates: &mut [Candidate],
) -> Vec<Finding> {
    let mut scored: Vec<Finding> = Vec::new();
    for c in candidates.iter_mut() {
        if let Some(label) = label_before(view.text(), c.span.start) {
            let context = if label.field.role.suits(c.kind) {
                Context::LabelSame
            } else {
                Context::LabelOther
            };
            c.evidence.insert_context(context);
        }
        let score = detectors[usize::from(c.rule)]
            .evidence()
            .score(c.evidence, c.measured);
        scored.push(Finding {
            span: c.span,
            evidence: c.evidence,
            measured: c.measured,
            score,
            detail: c.detail,
            confidence: Confidence::from_ratio(1.0 / (1.0 + (-f64::from(score) / 1000.0).exp())),
            kind: c.kind,
            form: c.form,
            rule: c.rule,
        });
    }
    scored.sort_by_key(|f| (std::cmp::Reverse(f.score), f.span));
    let mut kept: Vec<Finding> = Vec::new();
    for f in scored {
        if !kept.iter().any(|k| k.span.overlaps(f.span)) {
            kept.push(f);
        }
    }
    kept.sort_by_key(|f| f.span);
    kept
}
