//! How many numbers of a list directly follow one another: the mark of made-up mobiles and of printed waybill rolls.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::hash::mix;

/// Blocks of 64 neighbouring numbers that are kept.
const BLOCKS: usize = 4096;

/// A mergeable sample of numbers by blocks of 64 neighbours.
///
/// Kept are the blocks with the smallest hashes, each with the set of its numbers, so that neighbours are kept together. The
/// state is a function of the set of numbers, and exact while there are at most 4,096 blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SerialRuns {
    blocks: BTreeMap<u64, u64>,
}

impl SerialRuns {
    /// Adds a number.
    pub fn insert(&mut self, serial: u64) {
        self.extend(std::iter::once(serial));
    }

    /// Adds numbers one after the other. In a long scan nearly all of them are beyond what is kept.
    pub(super) fn extend(&mut self, serials: impl Iterator<Item = u64>) {
        let mut last = self.last_kept();
        for serial in serials {
            let hash = mix(serial >> 6);
            if last.is_none_or(|last| hash <= last) {
                self.add(hash, 1 << (serial & 63));
                last = self.last_kept();
            }
        }
    }

    /// The greatest hash that is kept, once nothing greater is.
    fn last_kept(&self) -> Option<u64> {
        let full = self.blocks.len() >= BLOCKS;
        full.then(|| self.blocks.last_key_value())
            .flatten()
            .map(|(hash, _)| *hash)
    }

    /// Adds everything that `other` saw.
    pub fn merge(&mut self, other: &SerialRuns) {
        for (hash, members) in &other.blocks {
            self.add(*hash, *members);
        }
    }

    fn add(&mut self, hash: u64, members: u64) {
        if self.last_kept().is_some_and(|last| hash > last) {
            return;
        }
        *self.blocks.entry(hash).or_default() |= members;
        if self.blocks.len() > BLOCKS {
            self.blocks.pop_last();
        }
    }

    /// How many of the distinct numbers that are kept have their successor there too, and how many are kept.
    pub fn followed(&self) -> (u64, u64) {
        let (mut followed, mut numbers) = (0, 0);
        for members in self.blocks.values() {
            followed += u64::from((members & (members >> 1)).count_ones());
            numbers += u64::from(members.count_ones());
        }
        (followed, numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_and_random_numbers_differ() {
        let (mut sequence, mut random) = (SerialRuns::default(), SerialRuns::default());
        for n in 0..500_000u64 {
            sequence.insert(13_812_000_000 + n);
            random.insert(13_000_000_000 + mix(n) % 9_000_000_000);
        }
        let share = |runs: &SerialRuns| {
            let (followed, numbers) = runs.followed();
            followed as f64 / numbers as f64
        };
        assert!(share(&sequence) > 0.9);
        assert!(share(&random) < 0.01);
    }

    #[test]
    fn merging_does_not_depend_on_the_split() {
        let numbers: Vec<u64> = (0..20_000).map(|n| mix(n) % 3_000_000).collect();
        let of = |part: &[u64]| {
            let mut runs = SerialRuns::default();
            for n in part {
                runs.insert(*n);
            }
            runs
        };
        let all = of(&numbers);
        for cut in [0, 7, 9_999, 20_000] {
            let (mut a, b) = (of(&numbers[..cut]), of(&numbers[cut..]));
            a.merge(&b);
            assert_eq!(a, all);
        }
    }
}
