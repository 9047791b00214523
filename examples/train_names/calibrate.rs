//! What the model's scores are worth: two curves, fitted on the development sets, and how far off they are on sets that they
//! were not fitted on.
//!
//! The likeliest curves are those of the larger and surer sets. From there the fit moves towards curves under which no set is far
//! off: the texts in which the model is less often right than in others are those whose confidence misleads.

use std::path::Path;

use miandan::detect::name::model::{Curve, Model};
use miandan::detect::name::reader::Reader;

use crate::data::{self, DEV, Tag};

/// What the scanner adds to every score of the model, and to that of a name alone in its run.
const PRIOR: i32 = -200;
const ALONE: i32 = -100;

/// A reading of a development set.
struct Seen {
    set: usize,
    score: i32,
    bordered: bool,
    right: bool,
}

/// Readings of all development sets by the model as it is.
fn readings(dir: &Path, model: &Model) -> Vec<Seen> {
    let mut reader = Reader::default();
    let mut seen = Vec::new();
    for (set, name) in DEV.iter().enumerate() {
        for line in data::read(&dir.join(format!("dev.{name}.jsonl.gz")), |_| 1.0) {
            reader.read(model, &line.text, |r| {
                let is_it = |s: &(usize, usize, Tag)| (s.0, s.1) == (r.span.start, r.span.end);
                let touches = |s: &(usize, usize, Tag)| s.0 < r.span.end && r.span.start < s.1;
                let unasked = |s: &(usize, usize, Tag)| matches!(s.2, Tag::Skip | Tag::Minority);
                if line.spans.iter().any(|s| unasked(s) && touches(s)) {
                    return;
                }
                seen.push(Seen {
                    set,
                    score: r.score,
                    bordered: r.alone,
                    right: line.spans.iter().any(is_it),
                });
            });
        }
    }
    seen
}

/// The confidence of a score that a curve has moved.
fn probability(score: i32, bordered: bool) -> f64 {
    let score = score + PRIOR + if bordered { ALONE } else { 0 };
    1.0 / (1.0 + (-f64::from(score) / 1000.0).exp())
}

/// The curve under which the readings are likeliest; every set counts the same.
fn fit(seen: &[&Seen], bordered: bool) -> Curve {
    let size = |set: usize| seen.iter().filter(|s| s.set == set).count().max(1) as f64;
    let sizes: Vec<f64> = (0..DEV.len()).map(size).collect();
    let loss = |curve: Curve| -> f64 {
        let one = |s: &&Seen| {
            let p = probability(curve.apply(s.score), s.bordered);
            -(if s.right { p } else { 1.0 - p }).ln() / sizes[s.set]
        };
        seen.iter().map(one).sum()
    };
    let best = |curves: &mut dyn Iterator<Item = Curve>| {
        curves
            .min_by(|a, b| loss(*a).total_cmp(&loss(*b)))
            .expect("the grid is not empty")
    };
    let plain = Curve {
        below: 0,
        above: 0,
        slope: 1000,
        most: 8_000,
    };
    // What stands alone may be lifted by its column: what it decides against keeps its score.
    let belows = if bordered { 0..=0 } else { -10..=5 };
    let Curve { below, .. } = best(&mut belows.map(|n| Curve {
        below: n * 100,
        ..plain
    }));
    let slopes = (5..=14).map(|n| n * 100);
    let aboves = slopes.flat_map(|slope| (-3..=8).map(move |n| (slope, n * 100)));
    best(&mut aboves.flat_map(|(slope, above)| {
        (6..=16).map(move |n| Curve {
            below,
            above,
            slope,
            most: n * 500,
        })
    }))
}

fn both(seen: &[Seen], left_out: Option<usize>) -> [Curve; 2] {
    let likeliest = [false, true].map(|bordered| {
        let kept = |s: &&Seen| s.bordered == bordered && Some(s.set) != left_out;
        fit(&seen.iter().filter(kept).collect::<Vec<_>>(), bordered)
    });
    evened(seen, left_out, likeliest)
}

/// Sum over the sets of the squared calibration error, as far as chance alone does not make it: a small set must not bend the curves
/// for the others.
fn unevenness(seen: &[Seen], left_out: Option<usize>, curves: [Curve; 2]) -> f64 {
    let sets = (0..DEV.len()).filter(|set| Some(*set) != left_out);
    let beyond = |set| {
        let (off, chance) = error(seen, set, curves);
        (off - chance).max(0.0).powi(2)
    };
    sets.map(beyond).sum()
}

/// The curves, moved in small steps as long as that evens out the errors of the sets.
fn evened(seen: &[Seen], left_out: Option<usize>, mut curves: [Curve; 2]) -> [Curve; 2] {
    let mut least = unevenness(seen, left_out, curves);
    let steps: [fn(&mut Curve, i32); 4] = [
        |c, sign| c.below += 100 * sign,
        |c, sign| c.above += 100 * sign,
        |c, sign| c.slope += 50 * sign,
        |c, sign| c.most += 250 * sign,
    ];
    loop {
        let mut best = None;
        for (i, step) in steps.iter().enumerate() {
            for (bordered, sign) in [(0, -1), (0, 1), (1, -1), (1, 1)] {
                // What stands alone may be lifted by its column: what it decides against keeps its score.
                if bordered == 1 && i == 0 {
                    continue;
                }
                let mut moved = curves;
                step(&mut moved[bordered], sign);
                let off = unevenness(seen, left_out, moved);
                if off < least {
                    (least, best) = (off, Some(moved));
                }
            }
        }
        match best {
            Some(better) => curves = better,
            None => return curves,
        }
    }
}

/// Expected calibration error of one set in ten bins, as `miandan eval` counts it: from 0.05 on. The second value is about what
/// chance alone makes it, were every confidence right: small sets cannot come out lower.
fn error(seen: &[Seen], set: usize, curves: [Curve; 2]) -> (f64, f64) {
    let (mut bins, mut spread) = ([0.0; 10], [0.0; 10]);
    let mut n = 0.0;
    for s in seen.iter().filter(|s| s.set == set) {
        let curve = curves[usize::from(s.bordered)];
        let p = probability(curve.apply(s.score), s.bordered);
        if p < 0.05 {
            continue;
        }
        let bin = ((p * 10.0) as usize).min(9);
        bins[bin] += p - f64::from(u8::from(s.right));
        spread[bin] += p * (1.0 - p);
        n += 1.0;
    }
    let off = bins.iter().map(|off: &f64| off.abs()).sum::<f64>() / n;
    // The mean of the absolute value of a normal variable is 0.8 of its deviation.
    let chance = spread.iter().map(|v: &f64| 0.8 * v.sqrt()).sum::<f64>() / n;
    (off, chance)
}

/// The curves for `model`, and a table of the error on every set under curves that were fitted without it.
pub(crate) fn curves(dir: &Path, model: &Model) -> ([Curve; 2], String) {
    let seen = readings(dir, model);
    let all = both(&seen, None);
    let mut table = format!("calibration {all:?}; error on sets left out of the fit:\n");
    for (set, name) in DEV.iter().enumerate() {
        let (without, _) = error(&seen, set, both(&seen, Some(set)));
        let (with, chance) = error(&seen, set, all);
        table += &format!("{name:16} {without:.3} (with it {with:.3}, chance {chance:.3})\n");
    }
    (all, table)
}
