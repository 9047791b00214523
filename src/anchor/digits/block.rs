//! Sixty-four bytes at a time: which are digits, which stand beyond ASCII.

use wide::u8x16;

/// Bytes in a block.
pub(super) const BLOCK: usize = 64;

/// One bit for each byte of a block, the first byte lowest.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Block {
    /// ASCII digits.
    pub(super) digits: u64,
    /// Bytes beyond ASCII.
    pub(super) high: u64,
    /// First bytes of characters of three bytes or more.
    pub(super) leads: u64,
    /// Whether characters of four bytes begin in it.
    pub(super) any_four: bool,
}

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
        let (mut block, mut most) = (Block::default(), u8x16::splat(0));
        let (lanes, _) = bytes.as_chunks::<16>();
        for (i, lane) in lanes.iter().enumerate() {
            let lane = u8x16::new(*lane);
            // Digits become 0 … 9, and everything before them wraps round to more.
            let value = lane - u8x16::splat(b'0');
            let digit = value.min(u8x16::splat(9)).simd_eq(value);
            block.digits |= u64::from(digit.to_bitmask()) << (16 * i);
            block.high |= u64::from(lane.to_bitmask()) << (16 * i);
            let lead = lane.max(u8x16::splat(0xE0)).simd_eq(lane);
            block.leads |= u64::from(lead.to_bitmask()) << (16 * i);
            most = most.max(lane);
        }
        let four = most.max(u8x16::splat(0xF0)).simd_eq(most);
        block.any_four = four.to_bitmask() != 0;
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

/// Number of ASCII digits at the start.
pub(super) fn digits_len(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let here = Block::read(&bytes[at..]).digits.trailing_ones() as usize;
        at += here;
        if here < BLOCK {
            return at;
        }
    }
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
                    assert_eq!(block.leads, if byte >= 0xE0 { at } else { 0 });
                    assert_eq!(block.any_four, byte >= 0xF0);
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
        for n in 0..140 {
            let text = format!("{}x", "7".repeat(n));
            assert_eq!(digits_len(text.as_bytes()), n);
            assert_eq!(digits_len(&text.as_bytes()[..n]), n);
        }
    }
}
