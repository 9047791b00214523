//! Which positions in a run may start a name: one look at a small table ends the work on most that may not.

use super::run::Run;

/// log2 of the number of weights.
pub const BITS: u32 = 17;

/// Features of a position.
pub const FEATURES: usize = 9;

/// Weights of positions, in steps of a score.
pub type Weights = [i8; 1 << BITS];

/// Where the weights of a position's features stand.
#[inline]
pub fn features(run: &Run, start: usize) -> [u32; FEATURES] {
    let &[l2, l1, s, c1, c2] = run.window(start, 2);
    [
        id(1, s, 0, 0),
        id(2, c1, 0, 0),
        id(3, l1, 0, 0),
        id(4, s, c1, 0),
        id(5, l1, s, 0),
        id(6, c1, c2, 0),
        id(7, l2, l1, 0),
        id(8, s, c1, c2),
        id(9, l1, s, c1),
    ]
}

#[inline]
fn id(template: u8, a: u16, b: u16, c: u16) -> u32 {
    let key = u64::from(template) << 48 | u64::from(a) << 32 | u64::from(b) << 16 | u64::from(c);
    // The high bits of a product depend on all of the key.
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - BITS)) as u32
}

/// The score of a position in steps.
#[inline]
pub fn score(weights: &Weights, run: &Run, start: usize) -> i32 {
    let weigh = |id: u32| i32::from(weights[id as usize & ((1 << BITS) - 1)]);
    features(run, start).into_iter().map(weigh).sum()
}
