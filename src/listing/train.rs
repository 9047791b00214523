//! Fitting the listing model: logistic regression, deterministic, in seconds.

use std::collections::BTreeMap;

use super::features::{BUCKETS, NAMED, read};
use super::model::Model;

/// A labelled listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Its text.
    pub text: String,
    /// Whether it offers or seeks customer data.
    pub sells: bool,
    /// Listings of one family are variants of one another; families weigh the same, whatever their size.
    pub family: String,
}

/// A fitted model.
#[derive(Debug)]
pub struct Trained(Model);

/// Rounds over all examples.
const ROUNDS: u32 = 150;
/// Shrinkage (L2) of named features and of buckets. Chosen by cross-validation.
const NAMED_DECAY: f64 = 0.3;
const BUCKET_DECAY: f64 = 0.5;
/// Size of a text's buckets taken together beside a named feature. Far smaller ones are still on their way after all rounds.
const BUCKET_SCALE: f64 = 5.0;
/// What an example that sells weighs beside one that does not: a missed offer is worse than a false alarm.
const SELLS_WEIGHT: f64 = 2.0;

/// An example as weights of features: named ones, then buckets, then the bias.
struct Row {
    features: Vec<(usize, f64)>,
    sells: f64,
    weight: f64,
}

const BIAS: usize = NAMED + BUCKETS;

impl Row {
    fn dot(&self, weights: &[f64]) -> f64 {
        self.features.iter().map(|(f, x)| weights[*f] * x).sum()
    }
}

impl Trained {
    /// Fits a model to examples; the same examples give the same model.
    pub fn fit(examples: &[Example]) -> Trained {
        let rows = rows(examples);
        let decay: Vec<f64> = (0..=BIAS).map(decay).collect();
        let step = 1.0 / (0.25 * steepness(&rows) + NAMED_DECAY);
        // Nesterov's accelerated gradient over all examples: no order, no chance.
        let (mut weights, mut ahead, mut t) = (vec![0.0; BIAS + 1], vec![0.0; BIAS + 1], 1.0f64);
        for _ in 0..ROUNDS {
            let mut gradient: Vec<f64> = ahead.iter().zip(&decay).map(|(w, d)| w * d).collect();
            for row in &rows {
                let error = row.weight * (1.0 / (1.0 + (-row.dot(&ahead)).exp()) - row.sells);
                for (f, x) in &row.features {
                    gradient[*f] += error * x;
                }
            }
            let next_t = f64::midpoint(1.0, (1.0 + 4.0 * t * t).sqrt());
            let momentum = (t - 1.0) / next_t;
            for ((w, a), g) in weights.iter_mut().zip(&mut ahead).zip(&gradient) {
                let next = *a - step * g;
                *a = next + momentum * (next - *w);
                *w = next;
            }
            t = next_t;
        }
        for weight in &mut weights[NAMED..BIAS] {
            *weight *= BUCKET_SCALE;
        }
        Trained(Model::quantize(
            weights[BIAS],
            &weights[..NAMED],
            &weights[NAMED..BIAS],
        ))
    }

    /// The log-odds, in milli-logits, that a listing offers customer data.
    pub fn score(&self, text: &str) -> i32 {
        self.0.score(&read(&[text]), &mut Vec::new())
    }

    /// The packed form, as shipped in `listing_model.bin`; `header` says what made it.
    pub fn pack(&self, header: &str) -> Vec<u8> {
        self.0.pack(header)
    }
}

fn decay(feature: usize) -> f64 {
    if feature == BIAS {
        0.0
    } else if feature >= NAMED {
        BUCKET_DECAY
    } else {
        NAMED_DECAY
    }
}

/// The largest eigenvalue of the weighted covariance, by power iteration: what bounds the step.
fn steepness(rows: &[Row]) -> f64 {
    let mut vector = vec![1.0; BIAS + 1];
    let mut size = 1.0;
    for _ in 0..12 {
        let mut next = vec![0.0; BIAS + 1];
        for row in rows {
            let dot = row.weight * row.dot(&vector);
            for (f, x) in &row.features {
                next[*f] += dot * x;
            }
        }
        size = next.iter().map(|v| v * v).sum::<f64>().sqrt().max(1e-9);
        vector = next.into_iter().map(|v| v / size).collect();
    }
    // The iteration comes from below.
    1.1 * size
}

fn rows(examples: &[Example]) -> Vec<Row> {
    let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
    for example in examples {
        *sizes.entry(&example.family).or_default() += 1.0;
    }
    examples
        .iter()
        .map(|example| {
            let reading = read(&[&example.text]);
            let mut features = vec![(BIAS, 1.0)];
            reading.each_named(|n| features.push((n, 1.0)));
            let mut buckets = Vec::new();
            let grams = reading.each_gram(|b| buckets.push(b));
            let x = BUCKET_SCALE / f64::from(grams.max(1)).sqrt();
            features.extend(buckets.into_iter().map(|b| (NAMED + b, x)));
            let size = sizes.get(example.family.as_str()).copied().unwrap_or(1.0);
            Row {
                features,
                sells: f64::from(u8::from(example.sells)),
                weight: if example.sells { SELLS_WEIGHT } else { 1.0 } / size,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fitted_model_separates_its_examples() {
        let example = |text: &str, sells| Example {
            text: text.to_owned(),
            sells,
            family: text.to_owned(),
        };
        let examples = [
            example("一手面单数据 姓名电话地址 每条八角", true),
            example("买家名单日更 千起", true),
            example("热敏打印纸 面单纸 包邮", false),
            example("快递盒纸箱 厂家直销", false),
        ];
        let model = Trained::fit(&examples);
        for e in &examples {
            assert_eq!(model.score(&e.text) > 0, e.sells, "{}", e.text);
        }
        assert_eq!(model.pack("x"), Trained::fit(&examples).pack("x"));
    }
}
