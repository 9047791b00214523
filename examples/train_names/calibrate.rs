//! What the model's scores are worth: two curves, fitted on the development sets, and how far off they are on sets that they
//! were not fitted on.

use std::path::Path;

use miandan::detect::name::model::{Curve, Model};
use miandan::detect::name::reader::Reader;

use crate::data::{self, DEV, Tag};

/// What the scanner adds to every score of the model.
const PRIOR: i32 = -200;

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

fn probability(milli_logits: i32) -> f64 {
    1.0 / (1.0 + (-f64::from(milli_logits) / 1000.0).exp())
}

/// The curve under which the readings are likeliest; every set counts the same.
fn fit(seen: &[&Seen]) -> Curve {
    let size = |set: usize| seen.iter().filter(|s| s.set == set).count().max(1) as f64;
    let sizes: Vec<f64> = (0..DEV.len()).map(size).collect();
    let loss = |curve: Curve| -> f64 {
        let one = |s: &&Seen| {
            let p = probability(curve.apply(s.score) + PRIOR);
            -(if s.right { p } else { 1.0 - p }).ln() / sizes[s.set]
        };
        seen.iter().map(one).sum()
    };
    let slopes = (8..=20).map(|n| n * 50);
    let curves = slopes.flat_map(|slope| {
        (8..=28).map(move |n| Curve {
            slope,
            most: n * 250,
        })
    });
    curves
        .min_by(|a, b| loss(*a).total_cmp(&loss(*b)))
        .expect("the grid is not empty")
}

fn both(seen: &[Seen], left_out: Option<usize>) -> [Curve; 2] {
    [false, true].map(|bordered| {
        let kept = |s: &&Seen| s.bordered == bordered && Some(s.set) != left_out;
        fit(&seen.iter().filter(kept).collect::<Vec<_>>())
    })
}

/// Expected calibration error of one set in ten bins.
fn error(seen: &[Seen], set: usize, curves: [Curve; 2]) -> f64 {
    let mut bins = [0.0; 10];
    let mut n = 0.0;
    for s in seen.iter().filter(|s| s.set == set) {
        let p = probability(curves[usize::from(s.bordered)].apply(s.score) + PRIOR);
        bins[((p * 10.0) as usize).min(9)] += p - f64::from(u8::from(s.right));
        n += 1.0;
    }
    bins.iter().map(|off: &f64| off.abs()).sum::<f64>() / n
}

/// The curves for `model`, and a table of the error on every set under curves that were fitted without it.
pub(crate) fn curves(dir: &Path, model: &Model) -> ([Curve; 2], String) {
    let seen = readings(dir, model);
    let all = both(&seen, None);
    let mut table = format!("calibration {all:?}; error on sets left out of the fit:\n");
    for (set, name) in DEV.iter().enumerate() {
        let without = error(&seen, set, both(&seen, Some(set)));
        let with = error(&seen, set, all);
        table += &format!("{name:16} {without:.3} (with it {with:.3})\n");
    }
    (all, table)
}
