//! Places of a few bytes that stand close together, such as the delimiters and line breaks of a table.

use std::sync::LazyLock;

use fearless_simd::{Level, Simd, SimdFrom, SimdInt, SimdMask, dispatch, u8x64};
use wide::u8x16;

/// What the processor has, for passes that are made for several kinds of them.
pub(crate) static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

/// Bytes that are looked at in one step.
pub(crate) const BLOCK: usize = 64;

/// Those of the first [`BLOCK`] bytes for which `is` says so of sixteen at a time, the first one lowest; bytes behind the end are zeros.
#[inline]
pub(crate) fn bits(bytes: &[u8], is: impl Fn(u8x16) -> u8x16) -> u64 {
    let of = |block: &[u8; BLOCK]| {
        let lanes = block.as_chunks::<16>().0.iter().enumerate();
        lanes.fold(0, |bits, (i, lane)| {
            bits | u64::from(is(u8x16::new(*lane)).to_bitmask()) << (16 * i)
        })
    };
    if let Some(whole) = bytes.first_chunk::<BLOCK>() {
        return of(whole);
    }
    let mut padded = [0; BLOCK];
    padded[..bytes.len()].copy_from_slice(bytes);
    of(&padded)
}

/// What is looked for in a text.
pub(crate) trait Mark {
    /// Sets the bits of the bytes with which it begins, or may begin, block by block; the text ends in the last block, and zeros stand
    /// behind it.
    fn mark(&self, text: &[u8], marks: &mut [u64]);
}

/// Any of some bytes.
#[derive(Clone, Copy)]
pub(crate) struct AnyOf<const N: usize>([u8; N]);

impl<const N: usize> Mark for AnyOf<N> {
    fn mark(&self, text: &[u8], marks: &mut [u64]) {
        let (whole, last) = text.as_chunks();
        let (marks, behind) = marks.split_at_mut(whole.len().min(marks.len()));
        dispatch!(*LEVEL, simd => mark_any(simd, self.0, whole, marks));
        if !behind.is_empty() {
            let mut padded = [0; BLOCK];
            padded[..last.len()].copy_from_slice(last);
            dispatch!(*LEVEL, simd => mark_any(simd, self.0, &[padded], behind));
        }
    }
}

#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "what is not written out where it is dispatched is made for any processor"
)]
fn mark_any<S: Simd, const N: usize>(
    simd: S,
    any: [u8; N],
    text: &[[u8; BLOCK]],
    marks: &mut [u64],
) {
    for (bytes, marks) in text.iter().zip(marks) {
        let lanes = u8x64::simd_from(simd, *bytes);
        *marks = 0;
        for byte in any {
            *marks |= lanes.simd_eq(byte).to_bitmask();
        }
    }
}

/// The places of any of some bytes in a text.
pub(crate) fn places<const N: usize>(text: &[u8], any: [u8; N]) -> Hits<'_, AnyOf<N>> {
    Hits::new(text, AnyOf(any))
}

/// Blocks that are looked at together.
const BATCH: usize = 64;

/// The places of what is looked for, in order.
///
/// A search that starts anew behind every hit, as `memchr2_iter` does, takes three times the instructions where hits are a dozen
/// bytes apart.
pub(crate) struct Hits<'t, M> {
    text: &'t [u8],
    mark: M,
    /// Where hits stand in the blocks from `base` on, the first byte lowest. They are marked when the first is asked for, not by
    /// [`new`](Self::new): whoever moved them directly after they were written would wait.
    marks: [u64; BATCH],
    base: usize,
    /// Where the bytes begin that were not marked yet.
    next: usize,
    /// The block whose hits are being told, and those of them that were not.
    block: usize,
    left: u64,
}

impl<'t, M: Mark> Hits<'t, M> {
    #[inline]
    pub(crate) const fn new(text: &'t [u8], mark: M) -> Hits<'t, M> {
        Hits {
            text,
            mark,
            marks: [0; BATCH],
            base: 0,
            next: 0,
            block: BATCH,
            left: 0,
        }
    }

    /// Goes on at byte `from`, if that is further on.
    #[inline]
    pub(crate) fn skip_to(&mut self, from: usize) {
        if from >= self.next {
            self.fill(from);
            return;
        }
        let Some(ahead) = from.checked_sub(self.base + self.block * BLOCK) else {
            return;
        };
        if ahead >= BLOCK {
            self.block += ahead / BLOCK;
            self.left = self.marks[self.block];
        }
        self.left &= u64::MAX << (ahead % BLOCK);
    }

    /// Marks the blocks from byte `base` on.
    fn fill(&mut self, base: usize) {
        let rest = self.text.get(base..).unwrap_or_default();
        let blocks = rest.len().div_ceil(BLOCK).min(BATCH);
        let (marks, behind) = self.marks.split_at_mut(blocks);
        self.mark.mark(rest, marks);
        if let Some(last) = marks.last_mut()
            && rest.len() < blocks * BLOCK
        {
            // What was added is no hit, be it that zeros are looked for.
            *last &= (1 << (rest.len() % BLOCK)) - 1;
        }
        if self.next > 0 {
            behind.fill(0);
        }
        (self.base, self.next) = (base, base + BATCH * BLOCK);
        (self.block, self.left) = (0, self.marks[0]);
    }
}

impl<M: Mark> Iterator for Hits<'_, M> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            self.block += 1;
            if let Some(marks) = self.marks.get(self.block) {
                self.left = *marks;
            } else if self.next < self.text.len() {
                self.fill(self.next);
            } else {
                self.block = BATCH;
                return None;
            }
        }
        let at = self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        Some(self.base + self.block * BLOCK + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hit_is_told_once() {
        let mut bytes = Vec::new();
        for len in 0..BATCH * BLOCK + 200 {
            bytes.push(b",x\nyz,,w"[len * len % 8]);
            if (200..BATCH * BLOCK - 100).contains(&len) {
                continue;
            }
            let expected: Vec<usize> = (0..=len).filter(|i| b",\n".contains(&bytes[*i])).collect();
            let found: Vec<usize> = places(&bytes, *b"\n,").collect();
            assert_eq!(found, expected, "{len}");
            let zeros = places(&bytes, [0]).count();
            assert_eq!(zeros, 0, "{len}");
        }
    }

    #[test]
    fn what_is_skipped_is_not_told() {
        let text: Vec<u8> = (0..3 * BATCH * BLOCK)
            .map(|i| b",x\nyz,,w"[i * i % 8])
            .collect();
        for step in [1, 3, 64, 65, 700, BATCH * BLOCK, BATCH * BLOCK + 9] {
            let (mut hits, mut from) = (places(&text, [b',']), 0);
            while let Some(at) = {
                hits.skip_to(from);
                hits.next()
            } {
                assert_eq!(memchr::memchr(b',', &text[from..]), Some(at - from));
                from = at + step;
            }
            assert!(!text.get(from..).unwrap_or_default().contains(&b','));
        }
    }
}
