//! Where any of some characters may stand, told of four kilobytes of text at a time without a branch.
//!
//! Looking each of the twenty characters of sixty-four bytes up takes several times as long, as does a search that begins anew behind
//! every hit.

use wide::u8x16;

#[cfg(target_arch = "x86_64")]
use super::dense::LEVEL;
use super::dense::{BLOCK, Hits, Mark};

/// Groups of three bytes in a row, at most eight.
///
/// A group is told by the half bytes that its members have at each of the three places, so what mixes those of several members passes,
/// too: members that share half bytes belong together, and whoever asks looks again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Triples {
    /// For each place and each lower half of a byte there, the groups that have it.
    low: [[u8; 16]; PLACES],
    /// The same for the upper half.
    high: [[u8; 16]; PLACES],
    groups: u32,
}

const PLACES: usize = 3;

/// Any byte.
pub(crate) const ANY: &[u8] = &[];

impl Triples {
    pub(crate) const fn new() -> Triples {
        Triples {
            low: [[0; 16]; PLACES],
            high: [[0; 16]; PLACES],
            groups: 0,
        }
    }

    /// A group more: members of three bytes each, one behind the other.
    pub(crate) const fn members(mut self, members: &str) -> Triples {
        let bytes = members.as_bytes();
        assert!(bytes.len().is_multiple_of(PLACES));
        let mut at = 0;
        while at < bytes.len() {
            self.add(at % PLACES, bytes[at]);
            at += 1;
        }
        self.groups += 1;
        self
    }

    /// A group more: any of some bytes at each place.
    pub(crate) const fn bytes(mut self, places: [&[u8]; PLACES]) -> Triples {
        let mut place = 0;
        while place < PLACES {
            let bytes = places[place];
            let mut i = 0;
            while i < bytes.len() {
                self.add(place, bytes[i]);
                i += 1;
            }
            let mut half = 0;
            while bytes.is_empty() && half < 16 {
                self.add(place, half << 4 | half);
                half += 1;
            }
            place += 1;
        }
        self.groups += 1;
        self
    }

    /// Adds a byte at a place to the group that is being made.
    const fn add(&mut self, place: usize, byte: u8) {
        assert!(self.groups < u8::BITS);
        self.low[place][(byte & 15) as usize] |= 1 << self.groups;
        self.high[place][(byte >> 4) as usize] |= 1 << self.groups;
    }

    /// Where three bytes may be of a group, in order.
    #[inline]
    pub(crate) fn hits<'t>(&'static self, text: &'t [u8]) -> Hits<'t, &'static Triples> {
        Hits::new(text, self)
    }

    /// As [`Mark::mark`], for blocks with [`BEHIND`] bytes behind them.
    #[cfg(target_arch = "x86_64")]
    fn mark_whole(&self, text: &[u8], marks: &mut [u64]) {
        match (LEVEL.as_avx2(), LEVEL.as_sse4_2()) {
            (Some(avx2), _) => mark_by_32(avx2, self, text, marks),
            (None, Some(sse)) => mark_by_16(sse, self, text, marks),
            (None, None) => self.mark_anywhere(text, marks),
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn mark_whole(&self, text: &[u8], marks: &mut [u64]) {
        self.mark_anywhere(text, marks);
    }

    /// As [`mark_whole`](Self::mark_whole), on any processor; where it cannot look bytes up by sixteen, slowly.
    fn mark_anywhere(&self, text: &[u8], marks: &mut [u64]) {
        let groups = |place: usize, lane: u8x16| {
            let of = |halves: [u8; 16], half| u8x16::new(halves).shuffle_zeroing(half);
            let low = of(self.low[place], lane & u8x16::splat(15));
            low & of(self.high[place], (lane >> 4) & u8x16::splat(15))
        };
        for (block, marks) in marks.iter_mut().enumerate() {
            *marks = 0;
            for lane in 0..BLOCK / 16 {
                let at = block * BLOCK + lane * 16;
                let bytes: [u8x16; PLACES] = std::array::from_fn(|place| {
                    let lane = text[at + place..].first_chunk();
                    u8x16::new(lane.copied().unwrap_or_default())
                });
                let any = groups(0, bytes[0]) & groups(1, bytes[1]) & groups(2, bytes[2]);
                let none = u64::from(any.simd_eq(u8x16::splat(0)).to_bitmask());
                *marks |= (none ^ 0xFFFF) << (lane * 16);
            }
        }
    }
}

/// As [`Triples::mark_whole`], so many bytes at a time, with the names that the instructions for them have.
#[cfg(target_arch = "x86_64")]
macro_rules! mark_by {
    ($name:ident, $level:ident, $width:literal, $lanes:ident, $register:ident,
     $and:ident, $equal:ident, $bits:ident, $shift:ident, $shuffle:ident, $same:ident, $zero:ident) => {
        fearless_simd::kernel!(
            fn $name(token: $level, triples: &Triples, text: &[u8], marks: &mut [u64]) {
                use std::arch::x86_64::{
                    $and, $bits, $equal, $register, $same, $shift, $shuffle, $zero,
                };

                use fearless_simd::{SimdFrom, $lanes};

                let lane = |bytes: [u8; $width]| $register::from($lanes::simd_from(token, bytes));
                let repeated = |halves: [u8; 16]| lane(std::array::from_fn(|i| halves[i % 16]));
                let (low, high) = (triples.low.map(repeated), triples.high.map(repeated));
                let half = $same(15);
                let groups = |place: usize, lane| {
                    let upper = $and($shift::<4>(lane), half);
                    $and(
                        $shuffle(low[place], $and(lane, half)),
                        $shuffle(high[place], upper),
                    )
                };
                for (block, marks) in marks.iter_mut().enumerate() {
                    *marks = 0;
                    let window = text[block * BLOCK..].first_chunk::<{ BLOCK + BEHIND }>();
                    let Some(window) = window else {
                        continue;
                    };
                    for at in (0..BLOCK).step_by($width) {
                        let [first, second, third] = std::array::from_fn(|place| {
                            let bytes = window[at + place..].first_chunk();
                            groups(place, lane(bytes.copied().unwrap_or_default()))
                        });
                        let none = $equal($and($and(first, second), third), $zero());
                        let any = u64::from(!$bits(none) as u32) & ((1 << $width) - 1);
                        *marks |= any << at;
                    }
                }
            }
        );
    };
}

#[cfg(target_arch = "x86_64")]
mark_by!(
    mark_by_32,
    Avx2,
    32,
    u8x32,
    __m256i,
    _mm256_and_si256,
    _mm256_cmpeq_epi8,
    _mm256_movemask_epi8,
    _mm256_srli_epi16,
    _mm256_shuffle_epi8,
    _mm256_set1_epi8,
    _mm256_setzero_si256
);

#[cfg(target_arch = "x86_64")]
mark_by!(
    mark_by_16,
    Sse4_2,
    16,
    u8x16,
    __m128i,
    _mm_and_si128,
    _mm_cmpeq_epi8,
    _mm_movemask_epi8,
    _mm_srli_epi16,
    _mm_shuffle_epi8,
    _mm_set1_epi8,
    _mm_setzero_si128
);

/// Bytes behind a block that are looked at with it.
const BEHIND: usize = PLACES - 1;

impl Mark for &Triples {
    fn mark(&self, text: &[u8], marks: &mut [u64]) {
        let whole = marks.len().min(text.len().saturating_sub(BEHIND) / BLOCK);
        let (whole, last) = marks.split_at_mut(whole);
        self.mark_whole(text, whole);
        if last.is_empty() {
            return;
        }
        let mut padded = [0; 2 * BLOCK + BEHIND];
        let rest = &text[whole.len() * BLOCK..];
        padded[..rest.len()].copy_from_slice(rest);
        self.mark_whole(&padded, last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SOME: Triples = Triples::new()
        .members("号楼")
        .bytes([b"-", b"0123456789", ANY])
        .bytes([b"\xC2", b"\xA0\xAD", ANY]);

    fn naive(triples: &Triples, text: &[u8]) -> Vec<usize> {
        let byte = |at: usize| text.get(at).copied().unwrap_or(0);
        let groups = |place: usize, byte: u8| {
            triples.low[place][usize::from(byte & 15)] & triples.high[place][usize::from(byte >> 4)]
        };
        let is_hit = |at: &usize| {
            let places = (0..PLACES).map(|place| groups(place, byte(at + place)));
            places.fold(u8::MAX, |all, groups| all & groups) != 0
        };
        (0..text.len()).filter(is_hit).collect()
    }

    fn text(len: usize) -> Vec<u8> {
        let piece = "号a楼-7-\u{A0}，\u{AD}好号号z-12".as_bytes();
        (0..len).map(|i| piece[i * i / 7 % piece.len()]).collect()
    }

    #[test]
    fn every_hit_is_told_once_whatever_the_width() {
        for len in (0..300).chain([4095, 4097, 12_365]) {
            let text = text(len);
            let expected = naive(&SOME, &text);
            assert_eq!(SOME.hits(&text).collect::<Vec<_>>(), expected, "{len}");
            let blocks = len.saturating_sub(BEHIND) / BLOCK;
            let (mut marks, mut anywhere) = (vec![0; blocks], vec![0; blocks]);
            SOME.mark_whole(&text, &mut marks);
            SOME.mark_anywhere(&text, &mut anywhere);
            assert_eq!(marks, anywhere, "{len}");
            #[cfg(target_arch = "x86_64")]
            if let Some(sse) = LEVEL.as_sse4_2() {
                mark_by_16(sse, &SOME, &text, &mut marks);
                assert_eq!(marks, anywhere, "{len}");
            }
        }
    }

    #[test]
    fn members_of_a_group_pass_and_other_characters_seldom() {
        let hits = |text: &str| SOME.hits(text.as_bytes()).collect::<Vec<_>>();
        assert_eq!(hits("号，楼"), [0, 6]);
        assert_eq!(hits("a-7\u{A0}"), [1, 3]);
        assert_eq!(hits("天气很好，a-b"), [0; 0]);
        assert_eq!(hits("-7"), [0]);
    }
}
