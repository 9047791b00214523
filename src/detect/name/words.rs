//! Which short character strings are ordinary words: a Bloom filter in which one look-up touches one 64-bit cell.

/// Cells of 64 bits; 2^15 of them are 256 KiB.
pub const CELLS: usize = 1 << 15;

/// The filter; about one in twenty unknown strings passes for a word.
#[derive(Clone)]
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

    /// Adds a word of two to four characters; a common one is known as such.
    pub fn insert(&mut self, codes: &[u16], common: bool) {
        let place = place(packed(codes));
        self.0[place.cell] |= place.word | if common { place.common } else { 0 };
    }

    /// What is known of a string: 1 = a word, 2 = marked as common; a common word is 3.
    #[inline]
    pub fn look<const N: usize>(&self, codes: [u16; N]) -> u16 {
        let place = place(packed(&codes));
        let cell = self.0[place.cell];
        let has = |bits: u64| u16::from(cell & bits == bits);
        has(place.word) | has(place.common) << 1
    }

    #[inline]
    pub fn is_word(&self, codes: &[u16]) -> bool {
        let place = place(packed(codes));
        self.0[place.cell] & place.word == place.word
    }

    #[inline]
    pub fn is_common(&self, codes: [u16; 2]) -> bool {
        self.look(codes) == 3
    }
}

/// Where a string is kept.
struct Place {
    cell: usize,
    word: u64,
    common: u64,
}

/// Up to four codes as one number.
#[inline]
fn packed(codes: &[u16]) -> u64 {
    codes.iter().fold(0, |k, c| k << 16 | u64::from(*c))
}

#[inline]
fn place(packed: u64) -> Place {
    let key = mix(packed ^ 0x77 << 56);
    let bit = |shift: u32| 1u64 << (key >> shift & 63);
    Place {
        cell: (key >> 49) as usize & (CELLS - 1),
        word: bit(0) | bit(6) | bit(12) | bit(18),
        common: bit(24) | bit(30) | bit(36) | bit(42),
    }
}

/// A quick mixing of bits: one multiplication, a fold and another.
#[inline]
fn mix(key: u64) -> u64 {
    let h = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (h ^ h >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93)
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
        assert!(again.is_common([9, 8]) && again.is_word(&[9, 7, 6]));
        assert!(again.look([9, 7, 6]) == 1 && !again.is_word(&[8, 9]));
    }
}
