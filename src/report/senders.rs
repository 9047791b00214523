//! How the records are shared among senders.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Distinct senders that are counted one by one.
const EXACT_SENDERS: usize = 4096;

/// Buckets by hash once there are more.
const BUCKETS: u64 = 256;

/// Counts records per sender: one by one up to 4,096 senders, then by 256 buckets of their hashes.
///
/// The state is a function of the multiset of hashes, so merging does not depend on order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderShares {
    /// Records per sender hash; empty once there are too many.
    exact: BTreeMap<u64, u64>,
    /// Records per bucket of hashes, once there are too many.
    buckets: BTreeMap<u64, u64>,
}

impl SenderShares {
    /// Adds `n` records of a sender.
    pub fn insert(&mut self, sender: u64, n: u64) {
        if self.buckets.is_empty() {
            *self.exact.entry(sender).or_default() += n;
            if self.exact.len() > EXACT_SENDERS {
                self.spill();
            }
        } else {
            *self.buckets.entry(sender % BUCKETS).or_default() += n;
        }
    }

    /// Adds everything that `other` counted.
    pub fn merge(&mut self, other: SenderShares) {
        if !other.buckets.is_empty() {
            self.spill();
            for (bucket, n) in other.buckets {
                *self.buckets.entry(bucket).or_default() += n;
            }
        }
        for (sender, n) in other.exact {
            self.insert(sender, n);
        }
    }

    fn spill(&mut self) {
        for (sender, n) in std::mem::take(&mut self.exact) {
            *self.buckets.entry(sender % BUCKETS).or_default() += n;
        }
    }

    /// Records with a known sender.
    pub fn total(&self) -> u64 {
        self.exact.values().chain(self.buckets.values()).sum()
    }

    /// Distinct senders, while they are counted one by one.
    pub fn distinct(&self) -> Option<u64> {
        self.buckets.is_empty().then_some(self.exact.len() as u64)
    }

    /// Records of the largest sender; beyond 4,096 senders an upper bound.
    pub fn largest(&self) -> u64 {
        self.exact
            .values()
            .chain(self.buckets.values())
            .max()
            .copied()
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::mix;

    #[test]
    fn many_senders_spill_to_buckets_in_any_order() {
        let of = |range: std::ops::Range<u64>| {
            let mut shares = SenderShares::default();
            for n in range {
                shares.insert(if n % 2 == 0 { 7 } else { mix(n) }, 1);
            }
            shares
        };
        let all = of(0..20_000);
        let (mut a, mut b) = (of(0..3_000), of(3_000..20_000));
        let (a2, b2) = (a.clone(), b.clone());
        a.merge(b2);
        b.merge(a2);
        assert_eq!((&a, &b), (&all, &all));
        assert_eq!((all.distinct(), all.total()), (None, 20_000));
        assert!(all.largest() >= 10_000 && all.largest() < 10_100);
    }
}
