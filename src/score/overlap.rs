//! Which of several readings of the same bytes is kept.

use smallvec::SmallVec;

use super::Judged;
use crate::finding::{Finding, Level};
use crate::kind::Kind;
use crate::span::Span;

/// What a byte of length is worth when two readings compete, in milli-logits, and up to how many bytes.
///
/// A long reading explains more of the text: an address of 60 bytes is not undone by a surname inside it, nor a serial of 15
/// characters by the eleven digits of a mobile in its middle.
const PER_BYTE: i32 = 40;
const LONGEST: usize = 50;

/// Keeps a set of findings that do not overlap; the result is sorted by span.
///
/// Findings at 0.5 or more are settled first, so that what is kept does not depend on how low the caller's threshold is. A name at the
/// border of an address that it beats is cut off it (鄞州区望童路卖面桥后|雷承英), and one inside a sure address is a part of it
/// (和平路190号张氏摄影).
///
/// `findings` come sorted by span, which are places in `text`. Most of those that are kept and do not count are left out too, on the
/// same way: moving the others up one by one later costs more.
pub(crate) fn resolve(text: &str, findings: &mut Vec<Judged>, counts: impl Fn(&Finding) -> bool) {
    let (mut kept, mut first) = (0, 0);
    while first < findings.len() {
        // Most stand alone and count.
        let ends = |pair: &[Judged]| {
            let (f, next) = (&pair[0].finding, &pair[1].finding);
            next.span.start < f.span.end || !counts(f)
        };
        let run = findings[first..].windows(2).position(ends);
        let cluster = run.map_or(findings.len(), |run| first + run);
        if kept < first {
            findings.copy_within(first..cluster, kept);
        }
        kept += cluster - first;
        first = cluster;
        let Some(mut reach) = findings.get(first).map(|f| f.finding.span.end) else {
            break;
        };
        let mut end = first + 1;
        while let Some(next) = findings.get(end).filter(|f| f.finding.span.start < reach) {
            reach = reach.max(next.finding.span.end);
            end += 1;
        }
        // One alone does not count.
        let n = match end - first {
            1 => 0,
            _ => settle(text, &mut findings[first..end]),
        };
        for i in first..first + n {
            if counts(&findings[i].finding) {
                findings[kept] = findings[i];
                kept += 1;
            }
        }
        first = end;
    }
    findings.truncate(kept);
}

fn is_likely(f: &Finding) -> bool {
    f.confidence.basis() >= 5_000
}

/// Whether a finding is still one without a name at its border: an address is, a number is not.
fn may_be_cut(f: &Finding) -> bool {
    f.kind == Kind::Address && is_likely(f)
}

fn rank(f: &Finding) -> (bool, i32) {
    (
        is_likely(f),
        f.score + PER_BYTE * f.span.len().min(LONGEST) as i32,
    )
}

/// Moves those of a cluster that are kept to its front, sorted by span; returns their number.
fn settle(text: &str, cluster: &mut [Judged]) -> usize {
    let key = |j: &Judged| {
        let f = &j.finding;
        (std::cmp::Reverse(rank(f)), f.span, f.rule)
    };
    if let [a, b] = cluster {
        if !a.finding.span.overlaps(b.finding.span) {
            return 2;
        }
        let (first, second) = if key(b) < key(a) { (*b, *a) } else { (*a, *b) };
        if !may_be_cut(&second.finding) || first.finding.kind != Kind::Name {
            *a = first;
            return 1;
        }
    }
    cluster.sort_unstable_by_key(key);
    let mut taken = Taken::new();
    for i in 0..cluster.len() {
        let finding = cluster[i].finding;
        let span = finding.span;
        let place = taken.partition_point(|t| cluster[*t].finding.span.start < span.end);
        let before = place.checked_sub(1).map(|p| cluster[taken[p]].finding.span);
        if before.is_none_or(|b| !b.overlaps(span)) {
            taken.insert(place, i);
        } else if may_be_cut(&finding)
            && let Some(rest) = beside_names(text, &finding, cluster, &taken[..place])
        {
            taken.retain(|t| !cluster[*t].finding.span.overlaps(rest));
            let place = taken.partition_point(|t| cluster[*t].finding.span.start < rest.start);
            taken.insert(place, i);
            cluster[i].finding.span = rest;
        }
    }
    let n = taken.len();
    taken.sort_unstable();
    for (slot, i) in taken.into_iter().enumerate() {
        cluster[slot] = cluster[i];
    }
    cluster[..n].sort_unstable_by_key(|j| j.finding.span);
    n
}

/// Places in a cluster of findings that do not overlap, in the order of their spans.
type Taken = SmallVec<[usize; 8]>;

/// Fewest bytes that are left of an address: the name of a road and a number.
const REST: usize = 10;

/// What is left of an address beside the findings of a cluster that have been `taken`, of which none begins behind it: the names at
/// its borders are cut off. `None` where anything else than a name is in the way, or one inside and the address is not sure, or too
/// little is left.
fn beside_names(
    text: &str,
    address: &Finding,
    cluster: &[Judged],
    taken: &[usize],
) -> Option<Span> {
    let Span { mut start, mut end } = address.span;
    let taken = taken.iter().rev().map(|t| &cluster[*t]);
    for j in taken.take_while(|j| j.finding.span.overlaps(address.span)) {
        let name = j.finding.span;
        if j.finding.kind != Kind::Name {
            return None;
        }
        if name.start <= address.span.start {
            start = start.max(name.end);
        } else if name.end >= address.span.end {
            end = end.min(name.start);
        } else if address.confidence.level() < Level::High {
            return None;
        }
    }
    let gap = |c: char| {
        c.is_whitespace() || matches!(c, ',' | '，' | '、' | '-' | '_' | '/' | '(' | '（')
    };
    let rest = text.get(start..end)?.trim_start_matches(gap);
    let start = end - rest.len();
    let end = start + rest.trim_end_matches(gap).len();
    (end >= start + REST).then_some(Span { start, end })
}

#[cfg(test)]
mod tests {
    use crate::{Kind, Scanner};

    /// The findings of a text with the default settings.
    fn found(text: &str) -> Vec<(Kind, &str)> {
        let scanner = Scanner::new().expect("a scanner");
        let found = scanner.scan(text);
        let pieces = found.iter().map(|f| (f.kind, &text[f.span.range()]));
        pieces.collect()
    }

    #[test]
    fn a_name_is_cut_off_the_address_before_it() {
        assert_eq!(
            found("浙江省宁波市鄞州区望童路卖面桥后柯慧明收"),
            [
                (Kind::Address, "浙江省宁波市鄞州区望童路卖面桥后"),
                (Kind::Name, "柯慧明")
            ]
        );
    }

    #[test]
    fn a_name_inside_a_sure_address_is_a_part_of_it() {
        let shop = "浙江省丽水莲都区和平路190号张氏摄影";
        assert_eq!(found(&format!("{shop}电联")), [(Kind::Address, shop)]);
    }
}
