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
    bytes: &'t [u8],
    /// Which of sixteen bytes are hits.
    is: F,
    /// Where the block begins whose hits are being told.
    block: usize,
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
        let mut places = Places {
            bytes,
            is,
            block: 0,
            hits: 0,
        };
        places.hits = places.hits_at(0);
        places
    }

    fn hits_at(&self, block: usize) -> u64 {
        let rest = &self.bytes[block..];
        let hits = bits(rest, &self.is);
        match rest.len() {
            // What was added is no hit, be the mark a zero.
            len @ 0..BLOCK => hits & ((1 << len) - 1),
            _ => hits,
        }
    }
}

impl<F: Fn(u8x16) -> u8x16> Iterator for Places<'_, F> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.hits == 0 {
            if self.bytes.len() - self.block <= BLOCK {
                return None;
            }
            self.block += BLOCK;
            self.hits = self.hits_at(self.block);
        }
        let place = self.block + self.hits.trailing_zeros() as usize;
        self.hits &= self.hits - 1;
        Some(place)
    }
}

/// For each block of 64 bytes where each of a few bytes stands in it, the first place lowest.
pub(crate) struct Masks<'t, const N: usize> {
    rest: &'t [u8],
    marks: [u8x16; N],
}

impl<'t, const N: usize> Masks<'t, N> {
    pub(crate) fn new(bytes: &'t [u8], marks: [u8; N]) -> Masks<'t, N> {
        Masks {
            rest: bytes,
            marks: marks.map(u8x16::splat),
        }
    }

    #[inline]
    fn of(&self, block: &[u8; BLOCK]) -> [u64; N] {
        let (lanes, _) = block.as_chunks::<16>();
        let mut masks = [0; N];
        for (i, lane) in lanes.iter().enumerate() {
            let lane = u8x16::new(*lane);
            for (mask, mark) in masks.iter_mut().zip(&self.marks) {
                *mask |= u64::from(lane.simd_eq(*mark).to_bitmask()) << (16 * i);
            }
        }
        masks
    }
}

impl<const N: usize> Iterator for Masks<'_, N> {
    type Item = [u64; N];

    #[inline]
    fn next(&mut self) -> Option<[u64; N]> {
        if let Some((block, rest)) = self.rest.split_first_chunk::<BLOCK>() {
            self.rest = rest;
            return Some(self.of(block));
        }
        let rest = std::mem::take(&mut self.rest);
        if rest.is_empty() {
            return None;
        }
        let mut padded = [0; BLOCK];
        padded[..rest.len()].copy_from_slice(rest);
        // What was added is no hit, be the mark a zero.
        let own = (1 << rest.len()) - 1;
        Some(self.of(&padded).map(|mask| mask & own))
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
            let mut each = [Vec::new(), Vec::new()];
            for (block, masks) in Masks::new(&bytes, *b"\n,").enumerate() {
                for (places, mask) in each.iter_mut().zip(masks) {
                    let hits = (0..BLOCK).filter(|i| mask >> i & 1 == 1);
                    places.extend(hits.map(|i| BLOCK * block + i));
                }
            }
            for (places, mark) in each.iter().zip(*b"\n,") {
                assert!(places.iter().all(|i| bytes[*i] == mark), "{len}");
            }
            assert_eq!(each.concat().len(), expected.len(), "{len}");
            assert_eq!(Masks::new(&bytes, [0]).flatten().max().unwrap_or(0), 0);
            bytes.push(b",x\nyz,,w"[len * len % 8]);
        }
    }
}
