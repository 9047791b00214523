//! Digits spelt out as syllables: `yao san ba ling`.

use crate::text::class::byte_set;

/// Letters that occur in the syllables of the ten digits.
static IN_SYLLABLE: [bool; 256] = byte_set(b"abegijlnorqsuwyABEGIJLNORQSUWY");

/// Syllables, longest first where one begins another.
const SYLLABLES: [(&[u8], u8); 13] = [
    (b"ling", 0),
    (b"dong", 0),
    (b"yao", 1),
    (b"yi", 1),
    (b"liang", 2),
    (b"er", 2),
    (b"san", 3),
    (b"si", 4),
    (b"wu", 5),
    (b"liu", 6),
    (b"qi", 7),
    (b"ba", 8),
    (b"jiu", 9),
];

/// How many bytes in a row must look like syllables before they are read. Ten syllables take at least twenty-one.
pub(super) const PROBE: usize = 10;

/// Fewest syllables that make a chunk: fewer are words.
const FEWEST: u32 = 6;

/// Whether the bytes from `at` look like syllables of digits. On running English the third letter usually says no.
#[inline]
pub(super) fn probe(bytes: &[u8], at: usize) -> bool {
    bytes.get(at..at + PROBE).is_some_and(|window| {
        let mut blanks = 0;
        window.iter().all(|b| {
            blanks += u8::from(matches!(b, b' ' | b'-'));
            (IN_SYLLABLE[*b as usize] || matches!(b, b' ' | b'-')) && blanks <= 5
        })
    })
}

/// The digit spelt at byte `at` and the length of its syllable.
pub(super) fn syllable(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let rest = bytes.get(at..)?;
    SYLLABLES.iter().find_map(|(name, value)| {
        let fits = rest.len() >= name.len() && rest[..name.len()].eq_ignore_ascii_case(name);
        fits.then_some((*value, name.len()))
    })
}

/// The run of syllables around byte `at` and not before `low`: start, end and count.
pub(super) fn run_around(bytes: &[u8], low: usize, at: usize) -> Option<(usize, usize, u32)> {
    // Back to where the letters or single blanks began, then forward from each word start until the syllables fit.
    let floor = low.max(at.saturating_sub(80));
    let mut first = at;
    while first > floor
        && (IN_SYLLABLE[bytes[first - 1] as usize] || matches!(bytes[first - 1], b' ' | b'-'))
    {
        first -= 1;
    }
    let mut start = first;
    while start <= at {
        let (end, count) = run_from(bytes, start);
        if count >= FEWEST {
            return Some((start, end, count));
        }
        start += 1;
    }
    None
}

/// How far syllables run from `start`, and how many they are.
fn run_from(bytes: &[u8], start: usize) -> (usize, u32) {
    let (mut at, mut end, mut count) = (start, start, 0);
    while let Some((_, len)) = syllable(bytes, at) {
        end = at + len;
        count += 1;
        at = end + usize::from(matches!(bytes.get(end), Some(b' ' | b'-')));
        if count >= 64 {
            break;
        }
    }
    (end, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_from_inside() {
        let text = b"call yao san ba ling ling yao wu now";
        assert!(probe(text, 12));
        assert_eq!(run_around(text, 0, 12), Some((5, 32, 7)));
        assert_eq!(run_around(b"a basin is a basil leaf", 0, 8), None);
    }
}
