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
///
/// `findings` come sorted by span.
pub(crate) fn resolve(findings: &mut Vec<Judged>) {
    let (mut kept, mut first) = (0, 0);
    while first < findings.len() {
        let mut reach = findings[first].finding.span.end;
        let mut end = first + 1;
        while let Some(next) = findings.get(end).filter(|f| f.finding.span.start < reach) {
            reach = reach.max(next.finding.span.end);
            end += 1;
        }
        if end == first + 1 {
            // Most stand alone.
            findings[kept] = findings[first];
            kept += 1;
        } else {
            let n = settle(&mut findings[first..end]);
            findings.copy_within(first..first + n, kept);
            kept += n;
        }
        first = end;
    }
    findings.truncate(kept);
}

fn rank(f: &Finding) -> (bool, i32) {
    (
        f.confidence.basis() >= 5_000,
        f.score + PER_BYTE * f.span.len().min(LONGEST) as i32,
    )
}

/// Moves those of a cluster that are kept to its front, sorted by span; returns their number.
fn settle(cluster: &mut [Judged]) -> usize {
    let key = |j: &Judged| {
        let f = &j.finding;
        (std::cmp::Reverse(rank(f)), f.span, f.rule)
    };
    if let [a, b] = cluster {
        if a.finding.span.overlaps(b.finding.span) {
            if key(b) < key(a) {
                *a = *b;
            }
            return 1;
        }
        return 2;
    }
    cluster.sort_unstable_by_key(key);
    let mut taken: BTreeMap<usize, Judged> = BTreeMap::new();
    for j in &*cluster {
        let span = j.finding.span;
        let before = taken.range(..span.end).next_back();
        if before.is_none_or(|(_, k)| !k.finding.span.overlaps(span)) {
            taken.insert(span.start, *j);
        }
    }
    let n = taken.len();
    for (slot, j) in cluster.iter_mut().zip(taken.into_values()) {
        *slot = j;
    }
    n
}
