//! AdaGrad on the log-likelihood of whole runs: all sets of non-overlapping candidates compete.

use miandan::detect::name::features::{self, BITS, LOW_BITS, Take, part};
use miandan::detect::name::gate;
use miandan::detect::name::lexicon::Lexicon;
use miandan::detect::name::model::{Model, STEP, Weights};
use miandan::detect::name::run::Run;
use miandan::detect::name::site::{Shape, Site};
use miandan::detect::name::walk::runs;
use miandan::detect::name::words::Words;

use crate::data::{Line, Tag};

/// Lists features: those with few values first.
#[derive(Default)]
struct Bag {
    ids: Vec<u32>,
    left_out: u64,
}

impl Take for Bag {
    fn left_out(&self) -> u64 {
        self.left_out
    }

    fn take(&mut self, id: u32) {
        self.ids.push(id + (1 << LOW_BITS));
    }

    fn take_low(&mut self, id: u32) {
        self.ids.push(id);
    }
}

/// Weights that learn by AdaGrad.
struct Weighing {
    weights: Vec<f32>,
    squares: Vec<f32>,
}

impl Weighing {
    fn new(len: usize) -> Weighing {
        Weighing {
            weights: vec![0.0; len],
            squares: vec![1.0; len],
        }
    }

    fn sum(&self, ids: &[u32]) -> f32 {
        ids.iter().map(|id| self.weights[*id as usize]).sum()
    }

    fn step(&mut self, ids: &[u32], rate: f32, gradient: f32) {
        for id in ids {
            let i = *id as usize;
            self.squares[i] += gradient * gradient;
            self.weights[i] -= rate * gradient / self.squares[i].sqrt();
        }
    }
}

pub(crate) struct Learner {
    gate: Weighing,
    model: Weighing,
    /// Sum of the weights after the later epochs, and their number.
    summed: Vec<f32>,
    summands: f32,
    rate: f32,
    /// Positions with less are given up by the gate.
    reject: f32,
    run: Run,
    lattice: Lattice,
}

#[derive(Default)]
struct Lattice {
    candidates: Vec<Candidate>,
    bag: Bag,
    forward: Vec<f64>,
    backward: Vec<f64>,
}

struct Candidate {
    start: usize,
    end: usize,
    score: f64,
    right: bool,
    /// Features of the site and of the candidate, as ranges of the bag.
    before: std::ops::Range<usize>,
    own: std::ops::Range<usize>,
}

const GATE_RATE: f32 = 0.2;

impl Learner {
    /// A model without the parts of these bits.
    pub(crate) fn new(left_out: u64) -> Learner {
        let mut lattice = Lattice::default();
        lattice.bag.left_out = left_out;
        Learner {
            gate: Weighing::new(1 << gate::BITS),
            model: Weighing::new((1 << LOW_BITS) + (1 << BITS)),
            summed: vec![0.0; (1 << LOW_BITS) + (1 << BITS)],
            summands: 0.0,
            rate: 0.0,
            reject: f32::MIN,
            run: Run::default(),
            lattice,
        }
    }

    /// One line for the gate.
    pub(crate) fn learn_gate(&mut self, line: &Line) {
        let Learner { gate, run, .. } = self;
        runs(&line.text, 0..line.text.len(), &[], run, |run| {
            for start in starts(run).filter(|start| !skipped(line, run.offset(*start))) {
                let right = starts_name(line, run.offset(start));
                let ids = gate::features(run, start);
                let p = 1.0 / (1.0 + (-gate.sum(&ids)).exp());
                let gradient = (p - f32::from(u8::from(right))) * line.weight;
                gate.step(&ids, GATE_RATE, gradient);
            }
        });
    }

    /// Scores of the gate at names and at other positions.
    pub(crate) fn gate_scores(&mut self, line: &Line, names: &mut Vec<f32>, others: &mut Vec<f32>) {
        let Learner { gate, run, .. } = self;
        runs(&line.text, 0..line.text.len(), &[], run, |run| {
            for start in starts(run).filter(|start| *start > 0 || run.len() > 4) {
                let score = gate.sum(&gate::features(run, start));
                if starts_name(line, run.offset(start)) {
                    names.push(score);
                } else if !skipped(line, run.offset(start)) {
                    others.push(score);
                }
            }
        });
    }

    pub(crate) fn set_reject(&mut self, reject: f32) {
        self.reject = reject;
    }

    pub(crate) fn set_rate(&mut self, rate: f32) {
        self.rate = rate;
    }

    /// One line for the candidate scores.
    pub(crate) fn learn(&mut self, line: &Line, words: &Words) {
        let lexicon = Lexicon::get();
        let Learner {
            gate,
            model,
            rate,
            reject,
            run,
            lattice,
            ..
        } = self;
        runs(&line.text, 0..line.text.len(), &[], run, |run| {
            lattice.candidates.clear();
            lattice.bag.ids.clear();
            for start in starts(run) {
                if skipped(line, run.offset(start)) {
                    continue;
                }
                let judged = start == 0 && run.len() <= 4
                    || starts_name(line, run.offset(start))
                    || gate.sum(&gate::features(run, start)) >= *reject;
                if !judged {
                    continue;
                }
                let words = (lattice.bag.left_out & part::WORDS == 0).then_some(words);
                let site = Site::new(lexicon, words, run, start);
                let from = lattice.bag.ids.len();
                features::before(&site, &mut lattice.bag);
                let before = from..lattice.bag.ids.len();
                site.shapes(|shape| {
                    lattice.add(&site, shape, run, start, line, before.clone(), model);
                });
            }
            if lattice.candidates.is_empty() {
                return;
            }
            lattice.sum_up(run.len());
            let total = lattice.forward[run.len()];
            for c in &lattice.candidates {
                let p =
                    (lattice.forward[c.start] + c.score + lattice.backward[c.end] - total).exp();
                let gradient = (p - f64::from(u8::from(c.right))) as f32 * line.weight;
                if gradient.abs() > 1e-4 {
                    model.step(&lattice.bag.ids[c.before.clone()], *rate, gradient);
                    model.step(&lattice.bag.ids[c.own.clone()], *rate, gradient);
                }
            }
        });
    }

    /// Forgets what was learnt of candidates, but for what the mean has of it.
    pub(crate) fn restart(&mut self) {
        self.model = Weighing::new((1 << LOW_BITS) + (1 << BITS));
    }

    /// Adds the weights as they are to the mean that the model will have: it swings less than its last state.
    pub(crate) fn remember(&mut self) {
        self.summands += 1.0;
        for (sum, weight) in self.summed.iter_mut().zip(&self.model.weights) {
            *sum += weight;
        }
    }

    /// The model in integers.
    pub(crate) fn quantised(&self, words: Words) -> Model {
        let mean: Vec<f32> = self.summed.iter().map(|w| w / self.summands).collect();
        let (low, high) = mean.split_at(1 << LOW_BITS);
        let weights = Weights::new(rounded(&self.gate.weights), rounded(low), rounded(high));
        let weights = weights.expect("the learner's tables have the model's lengths");
        let reject = (self.reject / UNIT).floor() as i32;
        Model::new(weights, words, reject)
    }
}

/// Logits of one step.
const UNIT: f32 = STEP as f32 / 1000.0;

fn rounded(weights: &[f32]) -> Vec<i8> {
    weights
        .iter()
        .map(|w| (w / UNIT).round().clamp(-127.0, 127.0) as i8)
        .collect()
}

/// Positions at which a surname and another character stand.
fn starts(run: &Run) -> impl Iterator<Item = usize> + '_ {
    let starts = run.starts().iter().map(|at| usize::from(*at));
    starts.filter(|start| start + 1 < run.len())
}

impl Lattice {
    #[allow(clippy::too_many_arguments)]
    fn add(
        &mut self,
        site: &Site,
        shape: Shape,
        run: &Run,
        start: usize,
        line: &Line,
        before: std::ops::Range<usize>,
        model: &Weighing,
    ) {
        let end = start + shape.len;
        let bytes = (run.offset(start), run.offset(end));
        let tag = line.spans.iter().find(|s| (s.0, s.1) == bytes).map(|s| s.2);
        if tag.is_some_and(|t| t != Tag::Name) {
            return;
        }
        // One string with two readings, such as 欧阳明 as 欧 + 阳明: the compound surname is the right one.
        let right = tag.is_some() && (shape.surname == 2 || site.compound() == 0 || shape.len < 3);
        let from = self.bag.ids.len();
        features::candidate(site, shape, &mut self.bag);
        let own = from..self.bag.ids.len();
        let sum = model.sum(&self.bag.ids[before.clone()]) + model.sum(&self.bag.ids[own.clone()]);
        self.candidates.push(Candidate {
            start,
            end,
            score: f64::from(sum),
            right,
            before,
            own,
        });
    }

    /// Log-sums over all sets of candidates before and after every position.
    fn sum_up(&mut self, len: usize) {
        self.forward.clear();
        self.forward.resize(len + 1, f64::NEG_INFINITY);
        self.forward[0] = 0.0;
        let mut next = 0;
        for at in 0..=len {
            if at > 0 {
                self.forward[at] = log_add(self.forward[at], self.forward[at - 1]);
            }
            while let Some(c) = self.candidates.get(next).filter(|c| c.start == at) {
                self.forward[c.end] = log_add(self.forward[c.end], self.forward[at] + c.score);
                next += 1;
            }
        }
        self.backward.clear();
        self.backward.resize(len + 1, 0.0);
        let mut next = self.candidates.len();
        for at in (0..len).rev() {
            self.backward[at] = self.backward[at + 1];
            while next > 0 && self.candidates[next - 1].start == at {
                let c = &self.candidates[next - 1];
                self.backward[at] = log_add(self.backward[at], c.score + self.backward[c.end]);
                next -= 1;
            }
        }
    }
}

fn log_add(a: f64, b: f64) -> f64 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY {
        high
    } else {
        high + (low - high).exp().ln_1p()
    }
}

fn starts_name(line: &Line, at: usize) -> bool {
    line.spans.iter().any(|s| s.0 == at && s.2 == Tag::Name)
}

fn skipped(line: &Line, at: usize) -> bool {
    line.spans
        .iter()
        .any(|s| matches!(s.2, Tag::Skip | Tag::Minority) && (s.0..s.1).contains(&at))
}
