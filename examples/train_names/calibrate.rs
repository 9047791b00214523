//! What the model's scores are worth: a curve for each number of sides on which Han characters touch a name, fitted on the development
//! sets as the whole scanner reads them, and how far off the curves are on sets that they were not fitted on.
//!
//! The likeliest curves are those of the larger and surer sets. From there the fit moves towards curves under which no set is far
//! off: the texts in which the model is less often right than in others are those whose confidence misleads.

use std::collections::HashMap;
use std::path::Path;

use miandan::detect::address::AddressDetector;
use miandan::detect::mobile::MobileDetector;
use miandan::detect::name::NameDetector;
use miandan::detect::name::model::{Curve, Curves, Model, Touch};
use miandan::detect::name::reader::Reader;
use miandan::detect::waybill::WaybillDetector;
use miandan::{Form, Format, Input, Kind, Scanner, Scratch};

use crate::data::{self, DEV, Tag};

/// A finding in a development set.
struct Seen {
    set: usize,
    /// The model's score and what touches it; `None` where a rule found it.
    model: Option<(i32, Touch)>,
    /// What everything else is worth.
    rest: i32,
    right: bool,
}

impl Seen {
    fn probability(&self, curves: &Curves) -> f64 {
        let worth = |(score, touch): (i32, Touch)| curves[touch as usize].apply(score);
        let score = self.rest + self.model.map_or(0, worth);
        1.0 / (1.0 + (-f64::from(score) / 1000.0).exp())
    }
}

/// Names in full in all development sets, as a scan with the model finds them.
fn findings(dir: &Path, model: &'static Model) -> Vec<Seen> {
    let scanner = Scanner::builder()
        .without_builtin()
        .detector(MobileDetector::new())
        .detector(WaybillDetector::new())
        .detector(AddressDetector)
        .detector(NameDetector::new().model(model))
        .min_confidence(0.0)
        .build()
        .expect("settings that fit together");
    let mut scratch = Scratch::default();
    let mut reader = <Reader>::default();
    let mut seen = Vec::new();
    for (set, name) in DEV.iter().enumerate() {
        for line in data::read(&dir.join(format!("dev.{name}.jsonl.gz")), |_| 1.0) {
            let mut read = HashMap::new();
            reader.read(model, &line.text, |r| {
                read.insert(r.span, (r.score, r.touch));
            });
            let input = Input::new(&line.text).format(Format::Text);
            let found = scanner.scan_with(&mut scratch, input);
            for f in found.of(Kind::Name).filter(|f| f.form == Form::Full) {
                let is_it = |s: &(usize, usize, Tag)| (s.0, s.1) == (f.span.start, f.span.end);
                let touches = |s: &(usize, usize, Tag)| s.0 < f.span.end && f.span.start < s.1;
                let unasked = |s: &(usize, usize, Tag)| matches!(s.2, Tag::Skip | Tag::Other);
                if line.spans.iter().any(|s| unasked(s) && touches(s)) {
                    continue;
                }
                seen.push(Seen {
                    set,
                    model: read.get(&f.span).copied(),
                    rest: f.score - f.measured,
                    right: line.spans.iter().any(is_it),
                });
            }
            scratch.recycle(found);
        }
    }
    seen
}

/// What a fit is to make small.
type Loss<'l> = &'l dyn Fn(&Curves) -> f64;

/// A small change of one number of one curve.
type Move = (Touch, fn(&mut Curve, i32), i32);

/// The curves, moved in small steps as long as the loss falls: two at once where no single one helps.
fn descended(mut curves: Curves, loss: Loss<'_>) -> Curves {
    let steps: [fn(&mut Curve, i32); 4] = [
        |c, n| c.below += 100 * n,
        |c, n| c.above += 100 * n,
        |c, n| c.slope += 50 * n,
        |c, n| c.most += 250 * n,
    ];
    let mut moves: Vec<Move> = Vec::new();
    for touch in Touch::ALL {
        // What stands alone may be lifted by its column: what it decides against keeps its score.
        for step in &steps[usize::from(touch == Touch::Nowhere)..] {
            moves.extend([-4, -2, -1, 1, 2, 4].map(|n| (touch, *step, n)));
        }
    }
    let moved = |curves: &Curves, moves: &[Move]| {
        let mut moved = *curves;
        for (touch, step, n) in moves {
            step(&mut moved[*touch as usize], *n);
        }
        let loss = loss(&moved);
        let steep = moved.iter().all(|c| c.slope >= FLATTEST);
        (if steep { loss } else { f64::MAX }, moved)
    };
    let mut least = loss(&curves);
    loop {
        let least_of = |found: &mut dyn Iterator<Item = (f64, Curves)>| {
            let better = found.filter(|(loss, _)| *loss < least);
            better.min_by(|a, b| a.0.total_cmp(&b.0))
        };
        let mut single = moves.iter().map(|m| moved(&curves, &[*m]));
        let mut double = moves.iter().enumerate().flat_map(|(i, first)| {
            let rest = moves[i + 1..].iter();
            rest.map(|second| moved(&curves, &[*first, *second]))
        });
        match least_of(&mut single).or_else(|| least_of(&mut double)) {
            Some((loss, better)) => (least, curves) = (loss, better),
            None => return curves,
        }
    }
}

/// A curve keeps at least so many thousandths of a score: one name may be surer than another.
const FLATTEST: i32 = 300;

/// Sets whose error is less than this are as even as they shall be.
const EVEN: f64 = 0.037;

/// What the share of names counts that are on the wrong side of one half.
const WRONG: f64 = 6e-3;

/// What likelihood counts beside that: it decides between curves that are as even.
const LIKELY: f64 = 1e-7;

/// The curves under which the findings are likeliest, every set counting the same, and from there those under which no set is far off.
fn fitted(seen: &[Seen], left_out: Option<usize>) -> Curves {
    let size = |set: usize| seen.iter().filter(|s| s.set == set).count().max(1) as f64;
    let sizes: Vec<f64> = (0..DEV.len()).map(size).collect();
    let kept: Vec<usize> = (0..DEV.len())
        .filter(|set| Some(*set) != left_out)
        .collect();
    let unlikely = |curves: &Curves, besides: Option<usize>| -> f64 {
        let counted = |set: usize| kept.contains(&set) && Some(set) != besides;
        let one = |s: &Seen| {
            let p = s.probability(curves).clamp(1e-4, 1.0 - 1e-4);
            -(if s.right { p } else { 1.0 - p }).ln() / sizes[s.set]
        };
        seen.iter().filter(|s| counted(s.set)).map(one).sum()
    };
    let uneven = |curves: &Curves| -> f64 {
        let beyond = |set: &usize| (error(seen, *set, curves).0 - EVEN).max(0.0).powi(2);
        let wrong = |s: &Seen| {
            let is_wrong = (s.probability(curves) >= 0.5) != s.right;
            f64::from(u8::from(is_wrong)) / sizes[s.set]
        };
        let seen = seen.iter().filter(|s| kept.contains(&s.set));
        kept.iter().map(beyond).sum::<f64>()
            + WRONG * seen.map(wrong).sum::<f64>()
            + LIKELY * unlikely(curves, None)
    };
    let plain = Curve {
        most: 8_000,
        ..Curve::PLAIN
    };
    let plain = [plain; Touch::ALL.len()];
    // A descent ends in the next hollow: it is begun where all sets are likeliest, and where all but one are.
    let besides = kept.iter().map(|set| Some(*set));
    let ends = std::iter::once(None).chain(besides).map(|besides| {
        let likeliest = descended(plain, &|curves| unlikely(curves, besides));
        let end = descended(likeliest, &uneven);
        (uneven(&end), end)
    });
    let best = ends.min_by(|a, b| a.0.total_cmp(&b.0));
    best.map_or(plain, |(_, curves)| curves)
}

/// Expected calibration error of one set in ten bins, as `miandan eval` counts it: from 0.05 on. The second value is about what
/// chance alone makes it, were every confidence right: small sets cannot come out lower.
fn error(seen: &[Seen], set: usize, curves: &Curves) -> (f64, f64) {
    let (mut bins, mut spread) = ([0.0; 10], [0.0; 10]);
    let mut n = 0.0;
    for s in seen.iter().filter(|s| s.set == set) {
        let p = s.probability(curves);
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

/// The model with its curves, and a table of the error on every set under curves that were fitted without it.
pub(crate) fn calibrated(dir: &Path, model: Model) -> (Model, String) {
    // Neighbours are evidence where they are sure: the curves are fitted again to what a scan with the first ones finds.
    let model = model.calibrated([Curve::PLAIN; Touch::ALL.len()]);
    let first = fitted(&findings(dir, leaked(&model)), None);
    let model = model.calibrated(first);
    let seen = findings(dir, leaked(&model));
    let curves = fitted(&seen, None);
    let mut table = format!("calibration {curves:?}; error on sets left out of the fit:\n");
    for (set, name) in DEV.iter().enumerate() {
        let (without, _) = error(&seen, set, &fitted(&seen, Some(set)));
        let (with, chance) = error(&seen, set, &curves);
        table += &format!("{name:16} {without:.3} (with it {with:.3}, chance {chance:.3})\n");
    }
    (model.calibrated(curves), table)
}

/// A copy for a detector, which wants a model that stays.
fn leaked(model: &Model) -> &'static Model {
    Box::leak(Box::new(model.clone()))
}
