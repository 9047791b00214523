//! Breaks files at random, the same way for the same seed.

// The file is part of several crates.
#![allow(unreachable_pub)]

/// A small generator of pseudo-random numbers, so that a failure can be repeated.
pub struct Dice(u64);

impl Dice {
    /// A generator for a seed.
    pub const fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }

    /// Cuts, flips, repeats or splices.
    pub fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let to = (at + self.below(200)).min(bytes.len());
            match self.below(5) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..to)),
                2 => {
                    let part = bytes[at..to].to_vec();
                    bytes.splice(at..at, part);
                }
                3 => bytes
                    .splice(
                        at..at,
                        [b'"', 0, 0xFF, b'{', b'\n', 0x81][self.below(6)..].to_vec(),
                    )
                    .for_each(drop),
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 1 << self.below(8);
                    }
                }
            }
        }
    }
}
