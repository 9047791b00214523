//! Which of several readings of the same bytes is kept.

use std::collections::BTreeMap;

use super::Judged;
use crate::finding::Finding;

/// What a byte of length is worth when two readings compete, in milli-logits, and up to how many bytes.
///
/// A long reading explains more of the text: an address of 60 bytes is not undone by a surname inside it, nor a serial of 15
/// characters by the eleven digits of a mobile in its middle.
const PER_BYTE: i32 = 40;
const LONGEST: usize = 50;

/// Keeps a set of findings that do not overlap; the result is sorted by span.
///
/// Findings at 0.5 or more are settled first, so that what is kept does not depend on how low the caller's threshold is.
pub(crate) fn resolve(findings: &mut Vec<Judged>) {
    findings.sort_unstable_by_key(|f| (f.finding.span, f.finding.rule));
    let mut kept = Vec::with_capacity(findings.len());
    let mut cluster_start = 0;
    let mut reach = 0;
    for i in 0..=findings.len() {
        let ends = findings
            .get(i)
            .is_none_or(|f| f.finding.span.start >= reach);
        if ends && i > cluster_start {
            settle(&findings[cluster_start..i], &mut kept);
            cluster_start = i;
        }
        if let Some(f) = findings.get(i) {
            reach = reach.max(f.finding.span.end);
        }
    }
    *findings = kept;
}

fn rank(f: &Finding) -> (bool, i32) {
    (
        f.confidence.basis() >= 5_000,
        f.score + PER_BYTE * f.span.len().min(LONGEST) as i32,
    )
}

fn settle(cluster: &[Judged], kept: &mut Vec<Judged>) {
    if let [only] = cluster {
        kept.push(*only);
        return;
    }
    let mut order: Vec<&Judged> = cluster.iter().collect();
    order.sort_by_key(|j| {
        (
            std::cmp::Reverse(rank(&j.finding)),
            j.finding.span,
            j.finding.rule,
        )
    });
    let mut taken: BTreeMap<usize, &Judged> = BTreeMap::new();
    for j in order {
        let span = j.finding.span;
        let before = taken.range(..span.end).next_back();
        if before.is_none_or(|(_, k)| !k.finding.span.overlaps(span)) {
            taken.insert(span.start, j);
        }
    }
    kept.extend(taken.into_values());
}
