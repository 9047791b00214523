//! From a score in milli-logits to the share of such findings that are right.

use crate::finding::Confidence;
use crate::kind::Kind;

/// Points (score in milli-logits, confidence in ten-thousandths) of a monotone curve per kind; between points it is linear,
/// outside it is flat. Fitted by `tools/fit_calibration.py` on the development sets; a kind without points uses the logistic
/// function itself.
static CURVES: &[(Kind, &[(i32, u16)])] = &[];

/// The calibrated confidence of a score.
pub(crate) fn confidence(kind: Kind, score: i32) -> Confidence {
    match CURVES.iter().find(|(k, _)| *k == kind) {
        Some((_, curve)) => Confidence::from_basis(interpolate(curve, score)),
        None => Confidence::from_ratio(1.0 / (1.0 + (-f64::from(score) / 1000.0).exp())),
    }
}

fn interpolate(curve: &[(i32, u16)], score: i32) -> u16 {
    let i = curve.partition_point(|(at, _)| *at <= score);
    match (i.checked_sub(1).map(|i| curve[i]), curve.get(i)) {
        (None, None) => 0,
        (None, Some(first)) => first.1,
        (Some(last), None) => last.1,
        (Some((x0, y0)), Some(&(x1, y1))) => {
            let share = i64::from(score - x0) * (i64::from(y1) - i64::from(y0));
            (i64::from(y0) + share / i64::from((x1 - x0).max(1))) as u16
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_monotone_and_interpolated() {
        assert_eq!(interpolate(&[(0, 1000), (1000, 9000)], 500), 5000);
        assert_eq!(interpolate(&[(0, 1000), (1000, 9000)], -5), 1000);
        assert_eq!(interpolate(&[(0, 1000), (1000, 9000)], 5000), 9000);
        for (_, curve) in CURVES {
            assert!(
                curve
                    .windows(2)
                    .all(|w| w[0].0 < w[1].0 && w[0].1 <= w[1].1)
            );
        }
    }

    #[test]
    fn without_a_curve_the_logistic_function_speaks() {
        assert_eq!(confidence(Kind::Custom, 0).basis(), 5000);
    }
}
