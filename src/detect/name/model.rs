//! The trained weights: a blob with a readable header, written by `examples/train_names`.

use std::sync::LazyLock;

use super::features::{BITS, Sum, features, start_features};
use super::gate::{Lexicon, Run, Shape};
use super::words::{CELLS, Words};

static BLOB: &[u8] = include_bytes!("../../table/blob/name_model.bin");

/// First bytes of a model; the digit is the version of the features.
pub const MAGIC: &[u8] = b"miandan name model 2\n";

/// What one step of a weight is worth, in milli-logits.
pub const STEP: i32 = 40;

/// Linear weights over hashed features, and the word filter they were trained with.
pub struct Model {
    weights: Box<[i8]>,
    words: Words,
    /// Positions below this start score are given up, in steps.
    reject: i32,
}

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::parse(BLOB).unwrap_or_else(Model::empty));

impl Model {
    /// The model that ships with the crate.
    pub fn builtin() -> &'static Model {
        &MODEL
    }

    /// A model of the given parts; `reject` is the lowest start score that is looked at.
    pub fn new(weights: Box<[i8]>, words: Words, reject: i32) -> Model {
        Model {
            weights,
            words,
            reject,
        }
    }

    /// A model that finds nothing.
    fn empty() -> Model {
        Model::new(vec![0; 1 << BITS].into(), Words::empty(), i32::MAX)
    }

    /// Reads magic, header text up to an empty line, reject score, word filter and weights.
    pub fn parse(blob: &[u8]) -> Option<Model> {
        let rest = blob.strip_prefix(MAGIC)?;
        let body = memchr::memmem::find(rest, b"\n\n")? + 2;
        let (reject, rest) = rest[body..].split_first_chunk::<4>()?;
        let (words, weights) = rest.split_at_checked(CELLS * 8)?;
        let weights: Box<[i8]> = weights.iter().map(|b| *b as i8).collect();
        (weights.len() == 1 << BITS).then(|| {
            Model::new(
                weights,
                Words::from_bytes(words),
                i32::from_le_bytes(*reject),
            )
        })
    }

    /// The model as bytes, with `header` as its readable part.
    pub fn to_bytes(&self, header: &str) -> Vec<u8> {
        let mut blob = MAGIC.to_vec();
        blob.extend(header.trim_end().as_bytes());
        blob.extend(b"\n\n");
        blob.extend(self.reject.to_le_bytes());
        blob.extend(self.words.bytes());
        blob.extend(self.weights.iter().map(|w| *w as u8));
        blob
    }

    /// The filter of ordinary words.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// Whether a name may start here, from few features: most positions end with this.
    #[inline]
    pub fn may_start(&self, run: &Run, start: usize) -> bool {
        let mut sum = Sum::new(&self.weights);
        start_features(run, start, &mut sum);
        sum.total >= self.reject
    }

    /// The score of a candidate in milli-logits.
    #[inline]
    pub fn score(&self, lexicon: Lexicon, run: &Run, shape: Shape) -> i32 {
        let mut sum = Sum::new(&self.weights);
        features(lexicon, &self.words, run, shape, &mut sum);
        sum.total * STEP
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
    fn a_cut_model_is_refused() {
        let blob = Model::empty().to_bytes("header");
        assert!(Model::parse(&blob).is_some());
        assert!(Model::parse(&blob[..blob.len() - 1]).is_none());
        assert!(Model::parse(b"other").is_none());
    }
}
