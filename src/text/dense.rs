//! Places of a few bytes that stand close together, such as the delimiters and line breaks of a table.

use wide::u8x16;

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

/// The places of any of a few bytes, in order.
///
/// A search that starts anew behind every hit, as `memchr2_iter` does, takes three times the instructions where hits are a dozen
/// bytes apart.
pub(crate) struct Places<'t, F> {
    /// The blocks that were not looked at.
    rest: &'t [u8],
    /// Which of sixteen bytes are hits.
    is: F,
    /// Where the block ends whose hits are being told.
    end: usize,
    /// Those of its bytes that are hits and were not told, the first one lowest.
    hits: u64,
}

/// The places of any of some bytes in a text.
pub(crate) fn places<const N: usize>(
    bytes: &[u8],
    marks: [u8; N],
) -> Places<'_, impl Fn(u8x16) -> u8x16> {
    Places::new(bytes, move |lane| is_any(lane, marks))
}

/// Which of sixteen bytes are any of some.
#[inline]
pub(crate) fn is_any<const N: usize>(lane: u8x16, marks: [u8; N]) -> u8x16 {
    let equal = |hit, mark| hit | lane.simd_eq(u8x16::splat(mark));
    marks.into_iter().fold(u8x16::splat(0), equal)
}

impl<'t, F: Fn(u8x16) -> u8x16> Places<'t, F> {
    pub(crate) fn new(bytes: &'t [u8], is: F) -> Places<'t, F> {
        Places {
            rest: bytes,
            is,
            end: 0,
            hits: 0,
        }
    }

    /// The hits of the next block.
    #[inline]
    fn next_hits(&mut self) -> u64 {
        self.end += BLOCK;
        if let Some((block, rest)) = self.rest.split_first_chunk::<BLOCK>() {
            self.rest = rest;
            return bits(block, &self.is);
        }
        let last = std::mem::take(&mut self.rest);
        // What was added is no hit, be the mark a zero.
        bits(last, &self.is) & ((1 << last.len()) - 1)
    }
}

impl<F: Fn(u8x16) -> u8x16> Iterator for Places<'_, F> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.hits == 0 {
            if self.rest.is_empty() {
                return None;
            }
            self.hits = self.next_hits();
        }
        let place = self.hits.trailing_zeros() as usize;
        self.hits &= self.hits - 1;
        Some(self.end - BLOCK + place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hit_is_told_once() {
        let mut bytes = Vec::new();
        for len in 0..200_usize {
            let expected: Vec<usize> = (0..len).filter(|i| b",\n".contains(&bytes[*i])).collect();
            let found: Vec<usize> = places(&bytes, *b"\n,").collect();
            assert_eq!(found, expected, "{len}");
            let zeros = places(&bytes, [0]).count();
            assert_eq!(zeros, 0, "{len}");
            bytes.push(b",x\nyz,,w"[len * len % 8]);
        }
    }
}
