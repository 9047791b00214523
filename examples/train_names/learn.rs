//! AdaGrad on the log-likelihood of whole runs: all sets of non-overlapping candidates compete.

use miandan::detect::name::features::{BITS, Bag, features, start_features};
use miandan::detect::name::gate::{Lexicon, Run, Shape, runs, shapes};
use miandan::detect::name::model::{Model, STEP};
use miandan::detect::name::words::Words;

use crate::data::{Line, Tag};

pub(crate) struct Learner {
    weights: Vec<f32>,
    /// Sum of the weights after the later epochs, and their number.
    summed: Vec<f32>,
    summands: f32,
    squares: Vec<f32>,
    rate: f32,
    /// Start scores below this are given up.
    reject: f32,
    run: Run,
    bag: Bag,
    lattice: Lattice,
}

#[derive(Default)]
struct Lattice {
    candidates: Vec<Candidate>,
    ids: Vec<u32>,
    forward: Vec<f64>,
    backward: Vec<f64>,
}

struct Candidate {
    start: usize,
    end: usize,
    score: f64,
    right: bool,
    ids: std::ops::Range<usize>,
}

const GATE_RATE: f32 = 0.2;

impl Learner {
    pub(crate) fn new() -> Learner {
        Learner {
            weights: vec![0.0; 1 << BITS],
            summed: vec![0.0; 1 << BITS],
            summands: 0.0,
            squares: vec![1.0; 1 << BITS],
            rate: 0.0,
            reject: f32::MIN,
            run: Run::default(),
            bag: Bag::default(),
            lattice: Lattice::default(),
        }
    }

    fn sum(weights: &[f32], ids: &[u32]) -> f32 {
        ids.iter().map(|id| weights[*id as usize]).sum()
    }

    fn step(weights: &mut [f32], squares: &mut [f32], rate: f32, ids: &[u32], gradient: f32) {
        for id in ids {
            let i = *id as usize;
            squares[i] += gradient * gradient;
            weights[i] -= rate * gradient / squares[i].sqrt();
        }
    }

    /// One line for the start scores.
    pub(crate) fn learn_gate(&mut self, line: &Line) {
        let lexicon = Lexicon::get();
        let Learner {
            weights,
            squares,
            run,
            bag,
            ..
        } = self;
        runs(&line.text, 0..line.text.len(), &[], run, |run| {
            for start in 0..run.len() - 1 {
                if !gated(lexicon, run, start) || skipped(line, run.offsets[start]) {
                    continue;
                }
                let right = starts_name(line, run.offsets[start]);
                start_features(run, start, bag);
                let p = 1.0 / (1.0 + (-Self::sum(weights, bag.ids())).exp());
                let gradient = (p - f32::from(u8::from(right))) * line.weight;
                Self::step(weights, squares, GATE_RATE, bag.ids(), gradient);
            }
        });
    }

    /// Start scores of names and of other positions.
    pub(crate) fn gate_scores(&mut self, line: &Line, names: &mut Vec<f32>, others: &mut Vec<f32>) {
        let lexicon = Lexicon::get();
        let Learner {
            weights, run, bag, ..
        } = self;
        runs(&line.text, 0..line.text.len(), &[], run, |run| {
            for start in 0..run.len() - 1 {
                if gated(lexicon, run, start) && (start > 0 || run.len() > 4) {
                    start_features(run, start, bag);
                    let score = Self::sum(weights, bag.ids());
                    if starts_name(line, run.offsets[start]) {
                        names.push(score);
                    } else {
                        others.push(score);
                    }
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
            weights,
            squares,
            rate,
            reject,
            run,
            bag,
            lattice,
            ..
        } = self;
        runs(&line.text, 0..line.text.len(), &[], run, |run| {
            lattice.candidates.clear();
            lattice.ids.clear();
            for start in 0..run.len() - 1 {
                if !gated(lexicon, run, start) || skipped(line, run.offsets[start]) {
                    continue;
                }
                if (start > 0 || run.len() > 4) && !starts_name(line, run.offsets[start]) {
                    start_features(run, start, bag);
                    if Self::sum(weights, bag.ids()) < *reject {
                        continue;
                    }
                }
                shapes(lexicon, run, start, |shape| {
                    lattice.add(lexicon, words, run, shape, line, bag, weights);
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
                    Self::step(
                        weights,
                        squares,
                        *rate,
                        &lattice.ids[c.ids.clone()],
                        gradient,
                    );
                }
            }
        });
    }

    /// Adds the weights as they are to the mean that the model will have: it swings less than its last state.
    pub(crate) fn remember(&mut self) {
        self.summands += 1.0;
        for (sum, weight) in self.summed.iter_mut().zip(&self.weights) {
            *sum += weight;
        }
    }

    /// The model in integers.
    pub(crate) fn quantised(&self, words: Words) -> Model {
        let unit = STEP as f32 / 1000.0;
        let weights = self
            .summed
            .iter()
            .map(|w| (w / self.summands / unit).round().clamp(-127.0, 127.0) as i8)
            .collect();
        Model::new(weights, words, (self.reject / unit).floor() as i32)
    }
}

impl Lattice {
    #[allow(clippy::too_many_arguments)]
    fn add(
        &mut self,
        lexicon: Lexicon,
        words: &Words,
        run: &Run,
        shape: Shape,
        line: &Line,
        bag: &mut Bag,
        weights: &[f32],
    ) {
        let (start, end) = (shape.start, shape.start + shape.len);
        let bytes = (run.offsets[start], run.offsets[end]);
        let tag = line.spans.iter().find(|s| (s.0, s.1) == bytes).map(|s| s.2);
        if tag.is_some_and(|t| t != Tag::Name) {
            return;
        }
        // One string with two readings, such as 欧阳明 as 欧 + 阳明: the compound surname is the right one.
        let right = tag.is_some()
            && (shape.surname == 2
                || lexicon.compound(run.code(start as isize), run.code(start as isize + 1)) == 0
                || shape.len < 3);
        features(lexicon, words, run, shape, bag);
        let from = self.ids.len();
        self.ids.extend_from_slice(bag.ids());
        self.candidates.push(Candidate {
            start,
            end,
            score: f64::from(Learner::sum(weights, bag.ids())),
            right,
            ids: from..self.ids.len(),
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

fn gated(lexicon: Lexicon, run: &Run, start: usize) -> bool {
    let t = lexicon.traits(run.code(start as isize));
    t.surname() != 0 || t.begins_compound()
}

fn starts_name(line: &Line, at: usize) -> bool {
    line.spans.iter().any(|s| s.0 == at && s.2 == Tag::Name)
}

fn skipped(line: &Line, at: usize) -> bool {
    line.spans
        .iter()
        .any(|s| matches!(s.2, Tag::Skip | Tag::Minority) && (s.0..s.1).contains(&at))
}
