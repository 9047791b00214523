//! What stands alone and is part of no number: dates, and a few digits between walls. Most digits of a dump do, and leaving them
//! out here spares every number detector the look.

use wide::u8x16;

use super::{Chunk, Gap, Style};
use crate::text::class::byte_set;

/// Fewest digits between walls that are kept.
pub(super) const FEWEST: u32 = 5;

/// Fewest digits that are kept with words between them: `16号楼1942`.
pub(super) const FEWEST_IN_WORDS: u32 = 8;

/// Whether a chunk between walls is no part of any number: a house number, a size, a count. Letters that stand for digits, masks
/// and escapes touch what they belong to, so only plain walls on both sides will do.
#[inline]
pub(super) fn is_too_few(bytes: &[u8], chunk: &Chunk) -> bool {
    chunk.count < FEWEST && plain(chunk) && walled(bytes, chunk.start, chunk.end)
}

/// As [`is_too_few`], for several chunks between walls, of so many digits in all.
#[inline]
pub(super) fn are_too_few(bytes: &[u8], group: &[Chunk], digits: u32) -> bool {
    let [first @ .., last] = group else {
        return true;
    };
    let words = |chunk: &Chunk| matches!(chunk.gap, Gap::Filler('\u{4E00}'..='\u{9FFF}'));
    (digits < FEWEST || first.iter().all(words))
        && group.iter().all(plain)
        && walled(bytes, group[0].start, last.end)
}

/// Whether three bytes, the first one lowest, are a Han character from U+4E00 on other than 丨.
#[inline]
pub(super) fn is_common_han(character: u32) -> bool {
    matches!(character.swap_bytes() >> 8, 0xE4_B880..=0xE9_BFBF if character != 0xA8_B8E4)
}

/// Whether an ASCII character parts fields and no number reaches across it, whatever else stands there.
#[inline]
pub(super) fn ends_all(b: u8) -> bool {
    ENDS_ALL[usize::from(b)]
}

static ENDS_ALL: [bool; 256] = byte_set(b",\"'()[]{}");

/// The end of the house numbers that begin with the ASCII digits `at..end`, before which a wall stands: `16号楼1942室，`. It is
/// told where they are so few that [`is_too_few`] or [`are_too_few`] would leave them out, and only from what mostly stands around
/// them.
#[inline]
pub(super) fn few_end(
    bytes: &[u8],
    at: usize,
    end: usize,
    is_digit: impl Fn(u32) -> bool,
) -> Option<usize> {
    let han = |after: &[u8]| {
        after.first_chunk().is_some_and(|four| {
            let character = u32::from_le_bytes(*four) & 0xFF_FFFF;
            is_common_han(character) && !is_digit(character)
        })
    };
    let (mut count, mut end) = (end - at, end);
    loop {
        let mut after = bytes.get(end..)?;
        let mut characters = 0;
        while han(after) {
            after = &after[3..];
            characters += 1;
            if characters == 3 {
                return Some(end);
            }
        }
        let first = *after.first()?;
        if ends_all(first) {
            return Some(end);
        }
        if characters == 0 || !first.is_ascii_digit() {
            return None;
        }
        let most = FEWEST_IN_WORDS as usize - count;
        let more = after.iter().take(most).take_while(|b| b.is_ascii_digit());
        let more = more.count();
        if more == most {
            return None;
        }
        count += more;
        end += 3 * characters + more;
    }
}

fn plain(chunk: &Chunk) -> bool {
    chunk.style == Style::Plain
}

/// The end of the date, with or without a time, whose four digits of the year begin at `at`, if it stands by itself:
/// `2026-08-26`, `2026/08/26 21:43:21`.
pub(super) fn date_end(bytes: &[u8], at: usize) -> Option<usize> {
    if let Some(end) = moment_end(bytes, at) {
        return Some(end);
    }
    let (year, rest) = bytes.get(at..)?.split_first_chunk::<4>()?;
    if !matches!(year, [b'1', b'9', ..] | [b'2', b'0', ..]) {
        return None;
    }
    let [
        mark @ (b'-' | b'/' | b'.'),
        b'0' | b'1',
        b'0'..=b'9',
        day_mark,
        b'0'..=b'3',
        b'0'..=b'9',
        ..,
    ] = rest
    else {
        return None;
    };
    if mark != day_mark {
        return None;
    }
    if !parts_date_before(&bytes[..at]) {
        return None;
    }
    let day = at + 10;
    if let [b' ' | b'T', time @ ..] = &bytes[day..]
        && let len @ 1.. = time_len(time)
        && !matches!(bytes.get(day + len), Some(b'0'..=b'9' | b':'))
    {
        return Some(day + len);
    }
    parts_date_after(&bytes[day..]).then_some(day)
}

/// As [`date_end`], of a date with a time to the second that fills a cell: most dates of a dump.
#[inline]
fn moment_end(bytes: &[u8], at: usize) -> Option<usize> {
    let before = *bytes[..at].last()?;
    let (year, rest) = bytes.get(at..)?.split_first_chunk::<3>()?;
    let (moment, rest) = rest.split_first_chunk::<16>()?;
    let lane = u8x16::new(*moment) - u8x16::new(*b"0-00-00 00:00:00");
    let most = u8x16::new([9, 2, 1, 9, 2, 3, 9, 0, 2, 9, 0, 5, 9, 0, 5, 9]);
    let right = matches!(year, b"201" | b"202")
        && lane.min(most).simd_eq(lane).to_bitmask() == 0xFFFF
        && moment[1] == moment[4]
        && ends_all(before)
        && !matches!(rest, [b'0'..=b'9' | b':', ..]);
    right.then_some(at + 19)
}

/// Whether what stands before a date is no part of a number with it. A date is known by its shape, so a blank and a colon will do, and
/// marks that part fields and may stand in a number.
fn parts_date_before(before: &[u8]) -> bool {
    matches!(
        before,
        [.., b' ' | b':' | b'=' | b'|'] | [.., b'-', b'-'] | [.., 0xEF, 0xBC, 0x9A | 0x8C | 0x88]
    ) || walled_before(before)
}

/// Whether what stands behind a date is no part of a number with it.
fn parts_date_after(after: &[u8]) -> bool {
    matches!(
        after,
        [b' ' | b'|', ..]
            | [b'-', b'-', ..]
            | [0xEF, 0xBC, 0x8C | 0x89, ..]
            | [0xE3, 0x80, 0x82, ..]
    ) || walled_after(after)
}

/// The length of ` 21:43` or ` 21:43:21`, of which the blank is not given; 0 where there is no time.
fn time_len(time: &[u8]) -> usize {
    match time {
        [
            b'0'..=b'2',
            b'0'..=b'9',
            b':',
            b'0'..=b'5',
            b'0'..=b'9',
            b':',
            b'0'..=b'5',
            b'0'..=b'9',
            ..,
        ] => 9,
        [b'0'..=b'2', b'0'..=b'9', b':', b'0'..=b'5', b'0'..=b'9', ..] => 6,
        _ => 0,
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
static WALLS: [bool; 256] = byte_set(b"\n,\"'\t;()[]{}");

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
            "日期：2026-08-26 2026-08-27，",
            "张三|2026-08-26|2026-08-27 21:43:21|",
            "张三----2026-08-26----2026-08-27 21:43:21----",
            "2026-08-26T21:43:21+",
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
            "2026-08-26 21:43:211",
            "2026-08-26*12345",
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
