//! Fitting the listing model: logistic regression, deterministic, in seconds.

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
const ROUNDS: u32 = 250;
/// Shrinkage of the named features, and of the buckets, which have less to go by.
const NAMED_DECAY: f64 = 0.02;
const BUCKET_DECAY: f64 = 0.25;

struct Row {
    named: Vec<usize>,
    buckets: Vec<(usize, f64)>,
    sells: f64,
    weight: f64,
}

impl Trained {
    /// Fits a model to examples; the same examples give the same model.
    pub fn fit(examples: &[Example]) -> Trained {
        let rows = rows(examples);
        let (mut bias, mut named, mut buckets) = (-0.5, vec![0.0; NAMED], vec![0.0; BUCKETS]);
        // Full-batch gradient with per-weight steps (AdaGrad): no order, no chance.
        let (mut g_bias, mut g_named, mut g_buckets) =
            (1e-6, vec![1e-6; NAMED], vec![1e-6; BUCKETS]);
        let total: f64 = rows.iter().map(|r| r.weight).sum::<f64>().max(1.0);
        for _ in 0..ROUNDS {
            let (mut d_bias, mut d_named, mut d_buckets) =
                (0.0, vec![0.0; NAMED], vec![0.0; BUCKETS]);
            for row in &rows {
                let logit = bias
                    + row.named.iter().map(|n| named[*n]).sum::<f64>()
                    + row
                        .buckets
                        .iter()
                        .map(|(b, x)| buckets[*b] * x)
                        .sum::<f64>();
                let error = row.weight * (1.0 / (1.0 + (-logit).exp()) - row.sells) / total;
                d_bias += error;
                row.named.iter().for_each(|n| d_named[*n] += error);
                row.buckets
                    .iter()
                    .for_each(|(b, x)| d_buckets[*b] += error * x);
            }
            step(&mut bias, d_bias, &mut g_bias);
            let families = total.max(1.0);
            for (w, (d, g)) in named.iter_mut().zip(d_named.iter().zip(&mut g_named)) {
                step(w, d + NAMED_DECAY * *w / families, g);
            }
            for (w, (d, g)) in buckets.iter_mut().zip(d_buckets.iter().zip(&mut g_buckets)) {
                step(w, d + BUCKET_DECAY * *w / families, g);
            }
        }
        Trained(Model::quantize(bias, &named, &buckets))
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

fn step(w: &mut f64, gradient: f64, squares: &mut f64) {
    *squares += gradient * gradient;
    *w -= 0.15 * gradient / squares.sqrt();
}

fn rows(examples: &[Example]) -> Vec<Row> {
    let size = |family: &str| examples.iter().filter(|e| e.family == family).count();
    examples
        .iter()
        .map(|example| {
            let reading = read(&[&example.text]);
            let (mut named, mut buckets) = (Vec::new(), Vec::new());
            reading.each_named(|n| named.push(n));
            let grams = reading.each_gram(|b| buckets.push(b));
            let x = 1.0 / f64::from(grams.max(1)).sqrt();
            Row {
                named,
                buckets: buckets.into_iter().map(|b| (b, x)).collect(),
                sells: f64::from(u8::from(example.sells)),
                weight: 1.0 / size(&example.family) as f64,
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
