//! The trained weights: a blob with a readable header, written by `examples/train_names`.

use std::sync::LazyLock;

use super::features::{self, BITS, LOW_BITS, Take};
use super::gate;
use super::run::Run;
use super::site::{Shape, Site};
use super::words::{CELLS, Words};

static BLOB: &[u8] = include_bytes!("../../table/blob/name_model.bin");

/// First bytes of a model; the digit is the version of the features.
pub const MAGIC: &[u8] = b"miandan name model 6\n";

/// Numbers before the tables: the gate's limit, and four of each curve.
const NUMBERS: usize = 1 + 4 * Touch::ALL.len();

/// What one step of a weight is worth, in milli-logits.
pub const STEP: i32 = 40;

/// Linear weights over hashed features, in steps.
#[derive(Clone)]
pub struct Weights {
    pub gate: Box<gate::Weights>,
    /// Of features with few values.
    pub low: Box<[i8; 1 << LOW_BITS]>,
    /// Of features with many values.
    pub high: Box<[i8; 1 << BITS]>,
}

impl Weights {
    /// The three tables; `None` where one has another length than its features.
    pub fn new(gate: Vec<i8>, low: Vec<i8>, high: Vec<i8>) -> Option<Weights> {
        Some(Weights {
            gate: gate.into_boxed_slice().try_into().ok()?,
            low: low.into_boxed_slice().try_into().ok()?,
            high: high.into_boxed_slice().try_into().ok()?,
        })
    }
}

/// On how many sides Han characters touch a name: in news most names stand within a sentence, in titles between marks, where the
/// same score is right less often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// On none: it is a whole run.
    Nowhere,
    /// On one.
    OneSide,
    /// On both.
    BothSides,
}

impl Touch {
    /// In the order of a model's curves.
    pub const ALL: [Touch; 3] = [Touch::Nowhere, Touch::OneSide, Touch::BothSides];

    /// The touch of what has a Han character before or behind it.
    #[inline]
    pub fn new(before: bool, behind: bool) -> Touch {
        Touch::ALL[usize::from(before) + usize::from(behind)]
    }
}

/// What a score is worth, fitted on texts that the weights were not trained on: the model is surer of itself than it is right,
/// and what it decides against is right less often than what it decides for by as little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Curve {
    /// What is added to a score up to zero, in milli-logits.
    pub below: i32,
    /// What is added to a score above zero.
    pub above: i32,
    /// Thousandths of a score above zero that are kept.
    pub slope: i32,
    /// The most that a score is worth.
    pub most: i32,
}

impl Curve {
    /// Takes scores as they are.
    pub const PLAIN: Curve = Curve {
        below: 0,
        above: 0,
        slope: 1000,
        most: i32::MAX,
    };

    /// The calibrated score in milli-logits.
    #[inline]
    pub fn apply(self, score: i32) -> i32 {
        match score {
            ..=0 => score + self.below,
            _ => (self.above + score * self.slope / 1000).min(self.most),
        }
    }
}

/// Weights, and the word filter they were trained with.
#[derive(Clone)]
pub struct Model {
    weights: Weights,
    words: Words,
    /// The lowest score that passes the gate, in steps.
    reject: i32,
    curves: Curves,
}

/// A curve for each [`Touch`], in their order.
pub type Curves = [Curve; Touch::ALL.len()];

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model")
            .field("curves", &self.curves)
            .finish_non_exhaustive()
    }
}

static MODEL: LazyLock<Model> =
    LazyLock::new(|| Model::parse(BLOB).expect("a test holds that the shipped model is whole"));

impl Model {
    /// The model that ships with the crate.
    pub fn builtin() -> &'static Model {
        &MODEL
    }

    /// A model of the given parts that takes its scores as they are; `reject` is the lowest score that passes the gate.
    pub fn new(weights: Weights, words: Words, reject: i32) -> Model {
        Model {
            weights,
            words,
            reject,
            curves: [Curve::PLAIN; Touch::ALL.len()],
        }
    }

    /// Sets what scores are worth.
    #[must_use]
    pub fn calibrated(mut self, curves: Curves) -> Model {
        self.curves = curves;
        self
    }

    /// What a score is worth, in milli-logits.
    #[inline]
    pub fn worth(&self, score: i32, touch: Touch) -> i32 {
        self.curves[touch as usize].apply(score)
    }

    /// Reads magic, header text up to an empty line, the numbers, word filter and weights.
    pub fn parse(blob: &[u8]) -> Option<Model> {
        let rest = blob.strip_prefix(MAGIC)?;
        let body = memchr::memmem::find(rest, b"\n\n")? + 2;
        let (numbers, rest) = rest[body..].split_at_checked(4 * NUMBERS)?;
        let (words, rest) = rest.split_at_checked(CELLS * 8)?;
        let (gate, rest) = rest.split_at_checked(1 << gate::BITS)?;
        let (low, high) = rest.split_at_checked(1 << LOW_BITS)?;
        let signed = |bytes: &[u8]| bytes.iter().map(|b| *b as i8).collect();
        let weights = Weights::new(signed(gate), signed(low), signed(high))?;
        let number = |at: usize| i32::from_le_bytes(numbers.as_chunks().0[at]);
        let curve = |touch: Touch| {
            let at = 1 + 4 * touch as usize;
            Curve {
                below: number(at),
                above: number(at + 1),
                slope: number(at + 2),
                most: number(at + 3),
            }
        };
        let model = Model::new(weights, Words::from_bytes(words), number(0));
        Some(model.calibrated(Touch::ALL.map(curve)))
    }

    /// The model as bytes, with `header` as its readable part.
    pub fn to_bytes(&self, header: &str) -> Vec<u8> {
        let mut blob = MAGIC.to_vec();
        blob.extend(header.trim_end().as_bytes());
        blob.extend(b"\n\n");
        let curves = self
            .curves
            .iter()
            .flat_map(|c| [c.below, c.above, c.slope, c.most]);
        let numbers = std::iter::once(self.reject).chain(curves);
        blob.extend(numbers.flat_map(i32::to_le_bytes));
        blob.extend(self.words.bytes());
        let Weights { gate, low, high } = &self.weights;
        blob.extend(gate.iter().chain(&**low).chain(&**high).map(|w| *w as u8));
        blob
    }

    /// The filter of ordinary words.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// How many weights are not zero.
    pub fn weights(&self) -> usize {
        let Weights { gate, low, high } = &self.weights;
        let all = gate.iter().chain(&**low).chain(&**high);
        all.filter(|w| **w != 0).count()
    }

    /// How far a position is above the limit of the gate, in steps; most are below it.
    #[inline]
    pub fn gate(&self, run: &Run, start: usize) -> i32 {
        gate::score(&self.weights.gate, run, start) - self.reject
    }

    /// Calls `found` with every shape that may be a name at a site, and its score in milli-logits.
    ///
    /// The weights of all shapes are asked for before any is added up: they lie anywhere in a megabyte, and waiting for many of them
    /// at a time takes a fifth off the time of names in a dense dump.
    #[inline]
    pub fn score_shapes<const LEFT_OUT: u64>(
        &self,
        site: &Site,
        mut found: impl FnMut(Shape, i32),
    ) {
        let mut sums = Sums::<LEFT_OUT>::new(&self.weights);
        features::before(site, &mut sums);
        let before = sums.next();
        let mut shapes = [(Shape::default(), before); MOST_SHAPES];
        let mut n = 0;
        site.shapes(|shape| {
            debug_assert!(n < MOST_SHAPES);
            if let Some(slot) = shapes.get_mut(n) {
                features::candidate(site, shape, &mut sums);
                *slot = (shape, sums.next());
                n += 1;
            }
        });
        let before = sums.of(before);
        for (shape, part) in &shapes[..n] {
            found(*shape, (before + sums.of(*part)) * STEP);
        }
    }
}

/// Most shapes at a site.
const MOST_SHAPES: usize = 4;

/// Room for the features with many values of a site: a power of two above four for what stands before it and thirteen a shape.
const MOST_FEATURES: usize = 64;

/// Adds up the weights of features, part by part.
struct Sums<'w, const LEFT_OUT: u64> {
    weights: &'w Weights,
    /// Features with many values, whose weights are looked up later.
    high: [u32; MOST_FEATURES],
    len: usize,
    /// Sum of the weights of features with few values since the last part.
    low: i32,
    /// Where the features of the current part begin.
    from: usize,
}

/// The features of a site or a shape.
#[derive(Clone, Copy)]
struct Part {
    from: usize,
    to: usize,
    low: i32,
}

impl<'w, const LEFT_OUT: u64> Sums<'w, LEFT_OUT> {
    fn new(weights: &'w Weights) -> Sums<'w, LEFT_OUT> {
        Sums {
            weights,
            high: [0; MOST_FEATURES],
            len: 0,
            low: 0,
            from: 0,
        }
    }

    /// Ends a part and begins the next.
    fn next(&mut self) -> Part {
        let part = Part {
            from: self.from,
            to: self.len,
            low: self.low,
        };
        self.from = self.len;
        self.low = 0;
        part
    }

    /// The sum of a part.
    #[inline]
    fn of(&self, part: Part) -> i32 {
        let weight = |id: &u32| i32::from(self.weights.high[*id as usize & ((1 << BITS) - 1)]);
        let high = self.high.get(part.from..part.to).unwrap_or_default();
        part.low + high.iter().map(weight).sum::<i32>()
    }
}

impl<const LEFT_OUT: u64> Take for Sums<'_, LEFT_OUT> {
    #[inline]
    fn left_out(&self) -> u64 {
        LEFT_OUT
    }

    #[inline]
    fn take(&mut self, id: u32) {
        debug_assert!(self.len < MOST_FEATURES);
        self.high[self.len % MOST_FEATURES] = id;
        self.len += 1;
    }

    #[inline]
    fn take_low(&mut self, id: u32) {
        self.low += i32::from(self.weights.low[id as usize & ((1 << LOW_BITS) - 1)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_model_is_whole() {
        assert!(Model::parse(BLOB).is_some());
        assert!(BLOB.len() <= 2_500_000);
    }

    #[test]
    fn scores_are_bent_on_either_side_of_zero() {
        let curve = Curve {
            below: -300,
            above: 100,
            slope: 800,
            most: 4_000,
        };
        let worth = [-2_000, 0, 1_000, 9_000].map(|score| curve.apply(score));
        assert_eq!(worth, [-2_300, -300, 900, 4_000]);
    }

    #[test]
    fn a_cut_model_is_refused() {
        let weights = Weights::new(
            vec![0; 1 << gate::BITS],
            vec![0; 1 << LOW_BITS],
            vec![0; 1 << BITS],
        );
        let model = Model::new(weights.expect("lengths that fit"), Words::empty(), 0);
        let blob = model.to_bytes("header");
        assert!(Model::parse(&blob).is_some());
        assert!(Model::parse(&blob[..blob.len() - 1]).is_none());
        assert!(Model::parse(b"other").is_none());
    }
}
