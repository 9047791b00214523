//! Sixty-four bytes at a time: which are digits, which stand beyond ASCII.

/// Bytes in a block.
pub(super) const BLOCK: usize = 64;

/// One bit for each byte of a block, the first byte lowest.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Block {
    /// ASCII digits.
    pub(super) digits: u64,
    /// Bytes beyond ASCII.
    pub(super) high: u64,
}

const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

impl Block {
    /// The block that begins with `bytes`; behind their end stands nothing.
    #[inline]
    pub(super) fn read(bytes: &[u8]) -> Block {
        if let Some(whole) = bytes.first_chunk::<BLOCK>() {
            return Block::of(whole);
        }
        let mut padded = [0; BLOCK];
        padded[..bytes.len()].copy_from_slice(bytes);
        Block::of(&padded)
    }

    #[inline]
    fn of(bytes: &[u8; BLOCK]) -> Block {
        let mut block = Block::default();
        let (words, _) = bytes.as_chunks::<8>();
        for (i, word) in words.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            block.digits |= pack(digit_bits(word)) << (8 * i);
            block.high |= pack(word & HIGH_BITS) << (8 * i);
        }
        block
    }

    /// Bytes from which ten run on without a digit and in ASCII, as far as the block shows.
    #[inline]
    pub(super) fn ten_letters(self) -> u64 {
        let other = self.digits | self.high;
        let two = other | other >> 1;
        let four = two | two >> 2;
        let eight = four | four >> 4;
        !(eight | eight >> 2)
    }
}

/// The bits `from..to`, both at most 64.
#[inline]
pub(super) fn bits(from: usize, to: usize) -> u64 {
    let below = |n: usize| if n < BLOCK { (1 << n) - 1 } else { u64::MAX };
    below(to) & !below(from)
}

/// The high bits of eight bytes side by side, the first byte lowest.
#[inline]
const fn pack(high_bits: u64) -> u64 {
    high_bits.wrapping_mul(0x0002_0408_1020_4081) >> 56
}

/// The high bit of every byte of `word` that is an ASCII digit.
#[inline]
const fn digit_bits(word: u64) -> u64 {
    let x = word ^ 0x3030_3030_3030_3030;
    !((x & !HIGH_BITS).wrapping_add(0x7676_7676_7676_7676) | x) & HIGH_BITS
}

/// Number of ASCII digits at the start.
pub(super) fn digits_len(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let others = digit_bits(u64::from_le_bytes(*word)) ^ HIGH_BITS;
        if others != 0 {
            return i * 8 + others.trailing_zeros() as usize / 8;
        }
    }
    words.len() * 8 + rest.iter().take_while(|b| b.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_told_apart_at_every_place() {
        for place in 0..BLOCK {
            for byte in 0..=255_u8 {
                for len in [BLOCK, place + 1] {
                    let mut bytes = [b'x'; BLOCK];
                    bytes[place] = byte;
                    let block = Block::read(&bytes[..len]);
                    let at = 1_u64 << place;
                    assert_eq!(block.digits, if byte.is_ascii_digit() { at } else { 0 });
                    assert_eq!(block.high, if byte.is_ascii() { 0 } else { at });
                }
            }
        }
    }

    #[test]
    fn ten_letters_end_before_a_digit() {
        let mut bytes = [b'x'; BLOCK];
        bytes[20] = b'7';
        let free = Block::read(&bytes).ten_letters();
        assert_eq!(free, bits(0, 11) | bits(21, 64));
    }

    #[test]
    fn lengths_of_runs() {
        for n in 0..40 {
            let text = format!("{}x", "7".repeat(n));
            assert_eq!(digits_len(text.as_bytes()), n);
            assert_eq!(digits_len(&text.as_bytes()[..n]), n);
        }
    }
}
