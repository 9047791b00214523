//! The linear model that tells offers of customer data from other listings.

use std::sync::LazyLock;

use super::features::{BUCKETS, NAMED, NAMES, Reading};
use crate::error::{Error, Result};
use crate::evidence::{Evidence, Weight};

static BLOB: &[u8] = include_bytes!("../table/blob/listing_model.bin");

/// A line for people at the start of the blob says what made it; then come the numbers.
const MAGIC: &[u8] = b"miandan listing model 6";

/// Weight of one step of a bucket, in milli-logits.
const BUCKET_STEP: i32 = 32;

/// Weights of the named features in milli-logits and of the buckets in steps.
#[derive(Debug, PartialEq)]
pub(super) struct Model {
    bias: i16,
    named: Vec<i16>,
    buckets: Vec<i8>,
}

static MODEL: LazyLock<Model> =
    LazyLock::new(|| Model::parse(BLOB).unwrap_or_else(|_| Model::zero()));

impl Model {
    /// The model as shipped.
    pub(super) fn shipped() -> &'static Model {
        &MODEL
    }

    fn zero() -> Model {
        Model {
            bias: -4_000,
            named: vec![0; NAMED],
            buckets: vec![0; BUCKETS],
        }
    }

    /// Quantises weights in logits.
    pub(super) fn quantize(bias: f64, named: &[f64], buckets: &[f64]) -> Model {
        let milli = |w: f64| (w * 1000.0).round().clamp(-32_000.0, 32_000.0) as i16;
        let step = |w: f64| {
            (w * 1000.0 / f64::from(BUCKET_STEP))
                .round()
                .clamp(-127.0, 127.0) as i8
        };
        Model {
            bias: milli(bias),
            named: named.iter().copied().map(milli).collect(),
            buckets: buckets.iter().copied().map(step).collect(),
        }
    }

    /// The packed form; `header` says what made it.
    pub(super) fn pack(&self, header: &str) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(format!(": {header}\n").as_bytes());
        out.extend_from_slice(&self.bias.to_le_bytes());
        self.named
            .iter()
            .for_each(|w| out.extend_from_slice(&w.to_le_bytes()));
        out.extend(self.buckets.iter().map(|w| *w as u8));
        out
    }

    fn parse(blob: &[u8]) -> Result<Model> {
        let wrong = |what: &str| Error::Table {
            table: "listing_model.bin",
            line: 1,
            what: what.to_owned(),
        };
        let header = blob
            .iter()
            .position(|b| *b == b'\n')
            .ok_or_else(|| wrong("no header"))?;
        if !blob.starts_with(MAGIC) {
            return Err(wrong("another magic or version"));
        }
        let body = &blob[header + 1..];
        if body.len() != 2 + 2 * NAMED + BUCKETS {
            return Err(wrong("another number of weights; train again"));
        }
        let (named, buckets) = body.split_at(2 + 2 * NAMED);
        let mut words = named
            .as_chunks::<2>()
            .0
            .iter()
            .map(|w| i16::from_le_bytes(*w));
        Ok(Model {
            bias: words.next().unwrap_or(0),
            named: words.collect(),
            buckets: buckets.iter().map(|b| *b as i8).collect(),
        })
    }

    /// The log-odds, in milli-logits, that a listing offers customer data; `reasons` gets what they are the sum of.
    pub(super) fn score(&self, reading: &Reading, reasons: &mut Vec<Evidence>) -> Weight {
        let first = reasons.len();
        let mut push = |id: &'static str, weight: i32| {
            if weight != 0 {
                reasons.push(Evidence {
                    id: id.into(),
                    weight,
                });
            }
        };
        push("listing.prior", i32::from(self.bias));
        reading.each_named(|n| push(&NAMES[n], i32::from(self.named[n])));
        let mut sum = 0i32;
        let buckets = self.buckets.as_slice();
        let grams = reading.each_gram(|b| sum += i32::from(buckets[b]));
        push("listing.wording", wording(sum, grams));
        reasons[first..].iter().map(|r| r.weight).sum()
    }
}

/// Sum of the buckets over the root of their number: long texts count more, but not in proportion.
fn wording(sum: i32, grams: u32) -> i32 {
    let root = i64::from((u64::from(grams) * 65_536).isqrt().max(256) as u32);
    (i64::from(sum) * i64::from(BUCKET_STEP) * 256 / root) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::features::read;

    #[test]
    fn the_shipped_blob_is_whole() {
        let model = Model::parse(BLOB).expect("shipped model");
        assert!(model.named.iter().any(|w| *w != 0));
        assert!(BLOB.len() <= 200_000);
        let header = BLOB.iter().position(|b| *b == b'\n').expect("header");
        let made_by = std::str::from_utf8(&BLOB[MAGIC.len() + 2..header]).expect("text");
        assert_eq!(model.pack(made_by), BLOB);
    }

    #[test]
    fn damaged_blobs_are_refused() {
        for blob in [
            &b""[..],
            b"miandan listing model 4: x\n",
            b"miandan listing model 6: x\nabc",
        ] {
            assert!(Model::parse(blob).is_err());
        }
    }

    #[test]
    fn reasons_add_up() {
        let mut reasons = Vec::new();
        let score = Model::shipped().score(
            &read(&["一手面单数据 每条八角 千起 带姓名电话地址"]),
            &mut reasons,
        );
        assert_eq!(score, reasons.iter().map(|r| r.weight).sum::<i32>());
    }
}
