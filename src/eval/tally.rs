//! Counts behind precision, recall, F1 and the reliability table.

use serde::Serialize;

/// Hits, misses and extras.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Findings that are right.
    pub right: u64,
    /// Findings counted.
    pub found: u64,
    /// Labelled spans that were found.
    pub hit: u64,
    /// Labelled spans.
    pub gold: u64,
}

impl Tally {
    /// Share of the findings that are right; 1 where there are none.
    pub fn precision(&self) -> f64 {
        ratio(self.right, self.found)
    }

    /// Share of the labelled spans that were found; 1 where there are none.
    pub fn recall(&self) -> f64 {
        ratio(self.hit, self.gold)
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 {
            0.0
        } else {
            2.0 * p * r / (p + r)
        }
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// How often findings of a confidence are right, in ten bins.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reliability {
    /// The bins from 0.0–0.1 to 0.9–1.0.
    pub bins: [Bin; 10],
}

/// One bin of a [`Reliability`] table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// Findings in the bin.
    pub found: u64,
    /// Those that are right.
    pub right: u64,
    /// Sum of their confidences.
    pub confidence: f64,
}

impl Reliability {
    /// Counts a finding.
    pub fn insert(&mut self, confidence: f64, right: bool) {
        let bin = &mut self.bins[((confidence * 10.0) as usize).min(9)];
        bin.found += 1;
        bin.right += u64::from(right);
        bin.confidence += confidence;
    }

    /// Expected calibration error: the mean distance between confidence and share of right findings, weighted by findings.
    pub fn expected_error(&self) -> f64 {
        let all: u64 = self.bins.iter().map(|b| b.found).sum();
        if all == 0 {
            return 0.0;
        }
        self.bins
            .iter()
            .map(|b| (b.confidence - b.right as f64).abs())
            .sum::<f64>()
            / all as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_scale_has_no_error() {
        let mut table = Reliability::default();
        for right in [true, true, true, false] {
            table.insert(0.75, right);
        }
        assert!(table.expected_error() < 1e-9);
        table.insert(0.25, true);
        assert!((table.expected_error() - 0.15).abs() < 1e-9);
    }

    #[test]
    fn f1_is_the_harmonic_mean() {
        let tally = Tally {
            right: 8,
            found: 10,
            hit: 8,
            gold: 16,
        };
        assert!((tally.f1() - 2.0 * 0.8 * 0.5 / 1.3).abs() < 1e-9);
    }
}
