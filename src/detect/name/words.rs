//! Which short character strings are ordinary words: a Bloom filter in which one look-up touches one 64-bit cell.

use super::features::mix;

/// Cells of 64 bits; 2^15 of them are 256 KiB.
pub const CELLS: usize = 1 << 15;

const COMMON: u64 = 0x5bd1_e995_0000_0000;

/// The filter; about one in twenty unknown strings passes for a word.
pub struct Words(Vec<u64>);

impl Words {
    pub fn empty() -> Words {
        Words(vec![0; CELLS])
    }

    pub fn from_bytes(bytes: &[u8]) -> Words {
        let (cells, _) = bytes.as_chunks::<8>();
        let mut list: Vec<u64> = cells.iter().map(|c| u64::from_le_bytes(*c)).collect();
        list.resize(CELLS, 0);
        Words(list)
    }

    pub fn bytes(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.iter().flat_map(|cell| cell.to_le_bytes())
    }

    /// Adds a word of two to four characters; a common one also answers to [`is_common`](Words::is_common).
    pub fn insert(&mut self, codes: &[u16], common: bool) {
        let key = key(codes);
        for key in [Some(key), common.then_some(key ^ COMMON)]
            .into_iter()
            .flatten()
        {
            let (cell, bits) = place(key);
            self.0[cell] |= bits;
        }
    }

    #[inline]
    pub fn is_word(&self, codes: &[u16]) -> bool {
        self.has(key(codes))
    }

    #[inline]
    pub fn is_common(&self, codes: &[u16]) -> bool {
        self.has(key(codes) ^ COMMON)
    }

    #[inline]
    fn has(&self, key: u64) -> bool {
        let (cell, bits) = place(key);
        self.0[cell] & bits == bits
    }
}

#[inline]
fn key(codes: &[u16]) -> u64 {
    let packed = codes.iter().fold(0u64, |k, c| k << 16 | u64::from(*c));
    mix(packed ^ 0x77 << 56)
}

#[inline]
fn place(key: u64) -> (usize, u64) {
    let key = mix(key);
    let bit = |shift: u32| 1u64 << (key >> shift & 63);
    (
        (key >> 49) as usize & (CELLS - 1),
        bit(0) | bit(6) | bit(12) | bit(18),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_again() {
        let mut words = Words::empty();
        words.insert(&[9, 8], true);
        words.insert(&[9, 7, 6], false);
        let again = Words::from_bytes(&words.bytes().collect::<Vec<_>>());
        assert!(again.is_common(&[9, 8]) && again.is_word(&[9, 7, 6]));
        assert!(!again.is_common(&[9, 7, 6]) && !again.is_word(&[8, 9]));
    }
}
