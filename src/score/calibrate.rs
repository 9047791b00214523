//! From a score in milli-logits to a confidence.

use crate::finding::Confidence;

/// The logistic function of the score: weights are fitted so that scores are log-odds. `miandan eval` prints how well that holds.
pub(crate) fn confidence(score: i32) -> Confidence {
    // Beyond this the ratio is 0 or 1 in ten-thousandths.
    if score.unsigned_abs() > 10_000 {
        return Confidence::from_basis(if score > 0 { 10_000 } else { 0 });
    }
    Confidence::from_ratio(1.0 / (1.0 + (-f64::from(score) / 1000.0).exp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_log_odds() {
        assert_eq!(confidence(0).basis(), 5_000);
        assert_eq!(confidence(2_197).basis(), 9_000);
        assert!(confidence(i32::MAX).basis() == 10_000 && confidence(i32::MIN).basis() == 0);
    }
}
