//! What stands alone and is part of no number: dates, and a few digits between walls. Most digits of a dump do, and leaving them
//! out here spares every number detector the look.

use super::{Chunk, Gap, Style};

/// Fewest digits between walls that are kept.
const FEWEST: u32 = 5;

/// Fewest digits that are kept with words between them: `16号楼1942`.
const FEWEST_IN_WORDS: u32 = 8;

/// Whether a group of chunks between walls, of so many digits, is no part of any number: a house number, a size, a count. Letters
/// that stand for digits, masks and escapes touch what they belong to, so only plain walls on both sides will do.
pub(super) fn too_few(text: &str, group: &[Chunk], digits: u32) -> bool {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return true;
    };
    let words = |gap: Gap| matches!(gap, Gap::Filler('\u{4E00}'..='\u{9FFF}'));
    let fewest = match group.split_last() {
        Some((_, before)) if !before.is_empty() && before.iter().all(|c| words(c.gap)) => {
            FEWEST_IN_WORDS
        }
        _ => FEWEST,
    };
    digits < fewest
        && group.iter().all(|chunk| chunk.style == Style::Plain)
        && walled(text.as_bytes(), first.start, last.end)
}

/// The end of the date, with or without a time, whose four digits of the year begin at `at`, if it stands by itself:
/// `2026-08-26`, `2026/08/26 21:43:21`.
pub(super) fn date_end(bytes: &[u8], at: usize) -> Option<usize> {
    let date = bytes.get(at..)?.first_chunk::<10>()?;
    let ([b'1', b'9', ..] | [b'2', b'0', ..]) = date else {
        return None;
    };
    let mark = date[4];
    if date[7] != mark || !matches!(mark, b'-' | b'/' | b'.') {
        return None;
    }
    let month = matches!(date[5..7], [b'0' | b'1', b'0'..=b'9']);
    let day = matches!(date[8..], [b'0'..=b'3', b'0'..=b'9']);
    if !month || !day {
        return None;
    }
    let mut end = at + date.len();
    if let [b' ' | b'T', rest @ ..] = &bytes[end..]
        && let Some(minutes) = pairs(rest)
    {
        end += 1 + minutes;
    }
    walled(bytes, at, end).then_some(end)
}

/// The length of `21:43` or `21:43:21` at the start.
fn pairs(bytes: &[u8]) -> Option<usize> {
    let pair = |at: usize| matches!(bytes.get(at..at + 2), Some([b'0'..=b'9', b'0'..=b'9']));
    let more = |at: usize| bytes.get(at) == Some(&b':') && pair(at + 1);
    match (pair(0) && more(2), more(5)) {
        (false, _) => None,
        (true, false) => Some(5),
        (true, true) => Some(8),
    }
}

/// Whether `start..end` has on both sides the end of the text, a mark that parts fields, or a Han character that is no digit.
#[inline]
fn walled(bytes: &[u8], start: usize, end: usize) -> bool {
    walled_before(&bytes[..start]) && walled_after(&bytes[end..])
}

#[inline]
fn walled_before(before: &[u8]) -> bool {
    match before {
        [] => true,
        [.., last] if last.is_ascii() => WALLS[usize::from(*last)],
        [.., a, b, c] => is_han([*a, *b, *c]),
        _ => false,
    }
}

#[inline]
fn walled_after(after: &[u8]) -> bool {
    match after {
        [] => true,
        [first, ..] if first.is_ascii() => WALLS[usize::from(*first)],
        [a, b, c, ..] => is_han([*a, *b, *c]),
        _ => false,
    }
}

/// Whether three bytes are a Han character other than 丨, which stands for 1. A digit would be a chunk of its own, with no wall
/// before it.
fn is_han(bytes: [u8; 3]) -> bool {
    matches!(bytes[0], 0xE4..=0xE9) && bytes != *b"\xE4\xB8\xA8"
}

/// ASCII marks that part fields.
static WALLS: [bool; 128] = {
    let mut walls = [false; 128];
    let marks = b"\n,\"'\t;()[]{}";
    let mut i = 0;
    while i < marks.len() {
        walls[marks[i] as usize] = true;
        i += 1;
    }
    walls
};

#[cfg(test)]
mod tests {
    use super::super::Digits;

    fn kept(text: &str) -> usize {
        Digits::of(text).chunks().len()
    }

    #[test]
    fn dates_and_house_numbers_are_left_out() {
        for text in [
            "2026-08-26",
            "a,2026-08-26 21:43:21,b",
            "于2026/08/26下单",
            "\"2026.08.26T21:43\"",
            "育才路809号翠竹苑16号楼1942室",
            ",12,",
        ] {
            assert_eq!(kept(text), 0, "{text}");
        }
        // Wherever in a block of sixty-four bytes it stands.
        for pad in 0..70 {
            let text = format!("{},2026-08-26 21:43:21,", "x".repeat(pad));
            assert_eq!(kept(&text), 0, "{pad}");
        }
    }

    #[test]
    fn what_may_be_part_of_a_number_is_kept() {
        for text in [
            "2026-08-26-1",
            "2026-08-26 13800138000",
            "2026-88-26",
            "138****8000",
            "138OOl38000",
            "丨380",
            "1|380",
            "12345",
            "1380号01380",
            "186****995",
            "138-0013-8000",
            "a12",
        ] {
            assert_ne!(kept(text), 0, "{text}");
        }
    }
}
