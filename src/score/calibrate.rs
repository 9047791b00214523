//! From a score in milli-logits to a confidence.

use std::sync::LazyLock;

use crate::finding::Confidence;

/// Beyond this score, on either side, the ratio is 0 or 1 in ten-thousandths.
const CERTAIN: i32 = 10_000;

/// The logistic function of the scores between: computing it anew for every candidate cost more than adding up its evidence.
static LOGISTIC: LazyLock<Box<[Confidence]>> = LazyLock::new(|| {
    let ratio = |score: i32| 1.0 / (1.0 + (-f64::from(score) / 1000.0).exp());
    (-CERTAIN..=CERTAIN)
        .map(|score| Confidence::from_ratio(ratio(score)))
        .collect()
});

/// The logistic function of scores: weights are fitted so that scores are log-odds. `miandan eval` prints how well that holds.
#[derive(Clone, Copy)]
pub(crate) struct Confidences(&'static [Confidence]);

impl Confidences {
    pub(crate) fn new() -> Confidences {
        Confidences(&LOGISTIC)
    }

    #[inline]
    pub(crate) fn of(self, score: i32) -> Confidence {
        let place = score.clamp(-CERTAIN, CERTAIN) + CERTAIN;
        self.0.get(place as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_log_odds() {
        let confidence = |score| Confidences::new().of(score);
        assert_eq!(confidence(0).basis(), 5_000);
        assert_eq!(confidence(2_197).basis(), 9_000);
        assert!(confidence(i32::MAX).basis() == 10_000 && confidence(i32::MIN).basis() == 0);
        for score in (-11_000_i32..11_000).step_by(7) {
            let ratio = 1.0 / (1.0 + (-f64::from(score) / 1000.0).exp());
            assert_eq!(confidence(score), Confidence::from_ratio(ratio), "{score}");
        }
    }
}
