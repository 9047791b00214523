//! Where to look: characters that end a division, a road or a unit, and the hyphens of doors.

use wide::u8x16;

use crate::text::dense::{self, BLOCK};

use super::door;

/// The characters that are looked for.
const CHARS: [char; 41] = [
    '省', '市', '区', '县', '州', '旗', '镇', '乡', '村', '路', '街', '道', '号', '栋', '幢', '室',
    '楼', '弄', '巷', '座', '园', '苑', '厦', '寓', '场', '城', '司', '厂', '院', '區', '縣', '鎮',
    '鄉', '號', '棟', '樓', '舍', '湾', '庭', '府', '邸',
];

/// For the second and third byte of a character, as [`place`] finds them, a bit for each first byte with which they are one of
/// [`CHARS`]. The 64 values of a second byte lie together, so that the four thousand that text has fill as many bytes of cache.
static ANCHORS: [u8; 1 << 14] = {
    let mut anchors = [0; 1 << 14];
    let mut i = 0;
    while i < CHARS.len() {
        let c = CHARS[i] as usize;
        assert!(c >> 12 >= 4 && c >> 12 < 12);
        anchors[place([0x80 | (c >> 6 & 63) as u8, 0x80 | (c & 63) as u8])] |= 1 << (c >> 12 & 7);
        i += 1;
    }
    anchors
};

/// Where [`ANCHORS`] has a second and third byte.
const fn place(bytes: [u8; 2]) -> usize {
    u16::from_le_bytes(bytes) as usize & 0x3FFF
}

/// Whether three bytes, at the beginning of a character, are one of [`CHARS`].
#[inline]
fn is_anchor([a, b, c]: [u8; 3]) -> bool {
    matches!(a, 0xE4..=0xEB) && ANCHORS[place([b, c])] >> (a & 7) & 1 != 0
}

/// A block and what the last character that begins in it has behind it, and two bytes more.
const WINDOW: usize = BLOCK + 4;

/// Bytes before a hyphen of which one is of a Han character, if it is that of a door.
const NAMED: usize = 4;

/// Where to look in a text: its anchors, and the hyphens of doors without a unit (6-982).
///
/// The first bytes of characters are found by sixteen at a time; the others are looked up by four, and nothing branches on what the four
/// are: real prose has a comma or an anchor every sixty bytes, and a processor that guesses wrong there loses more than the
/// lookups take.
pub(super) struct Places<'t> {
    text: &'t str,
    /// Where the block begins that is looked at.
    block: usize,
    /// Where in it characters of three bytes and more begin that were not looked at, the first byte lowest.
    leads: u64,
    /// Where in it hyphens stand close behind other than ASCII that were not looked at.
    hyphens: u64,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str) -> Places<'t> {
        let mut places = Places {
            text,
            block: 0,
            leads: 0,
            hyphens: 0,
        };
        places.begin(0);
        places
    }

    /// The next at or behind the character border `from`, which is not before that of the call before, and whether it is a door.
    pub(super) fn next(&mut self, from: usize) -> Option<(usize, bool)> {
        match from - self.block {
            behind @ 0..BLOCK => {
                self.leads &= u64::MAX << behind;
                self.hyphens &= u64::MAX << behind;
            }
            _ => self.begin(from),
        }
        loop {
            let anchor = with_window(self.text, self.block, |window| {
                next_in(window, &mut self.leads)
            });
            if self.hyphens != 0
                && let Some(door) = self.next_door(anchor.unwrap_or(BLOCK))
            {
                // The anchor comes behind it.
                self.leads |= anchor.map_or(0, |anchor| 1 << anchor);
                return Some((self.block + door, true));
            }
            if let Some(anchor) = anchor {
                return Some((self.block + anchor, false));
            }
            let block = self.block + BLOCK;
            if block >= self.text.len() {
                return None;
            }
            self.begin(block);
        }
    }

    /// The next door before a place of the block.
    fn next_door(&mut self, end: usize) -> Option<usize> {
        loop {
            let at = self.hyphens.trailing_zeros() as usize;
            if at >= end {
                return None;
            }
            self.hyphens &= self.hyphens - 1;
            if door::is_door(self.text, self.block + at) {
                return Some(at);
            }
        }
    }

    fn begin(&mut self, block: usize) {
        self.block = block;
        (self.leads, self.hyphens) = with_window(self.text, block, masks);
    }
}

/// What `look` finds in the bytes from a block on, with zeros behind the text.
#[inline]
fn with_window<T>(text: &str, block: usize, look: impl FnOnce(&[u8; WINDOW]) -> T) -> T {
    let rest = text.as_bytes().get(block..).unwrap_or_default();
    if let Some(window) = rest.first_chunk() {
        return look(window);
    }
    let mut window = [0; WINDOW];
    window[..rest.len()].copy_from_slice(rest);
    look(&window)
}

/// The first of the `left` characters that is an anchor; they are those behind it then.
#[inline]
fn next_in(window: &[u8; WINDOW], left: &mut u64) -> Option<usize> {
    while *left != 0 {
        let four = *left;
        let mut any = 0;
        for _ in 0..4 {
            // 64 where there are fewer.
            let at = left.trailing_zeros() as usize;
            let character = window[at..]
                .first_chunk()
                .map_or(0, |four| u32::from_le_bytes(*four));
            any |= ANCHORS[(character >> 8) as usize & 0x3FFF];
            *left &= left.wrapping_sub(1);
        }
        if any == 0 {
            continue;
        }
        let mut four = four & !*left;
        while four != 0 {
            let at = four.trailing_zeros() as usize;
            four &= four - 1;
            if is_anchor([window[at], window[at + 1], window[at + 2]]) {
                *left |= four;
                return Some(at);
            }
        }
    }
    None
}

/// Where characters of three bytes and more begin in the first [`BLOCK`] bytes, the first byte lowest, and where hyphens stand close
/// behind other than ASCII, or perhaps do.
#[inline]
fn masks(window: &[u8; WINDOW]) -> (u64, u64) {
    let lead = |lane: u8x16| lane.max(u8x16::splat(0xE0)).simd_eq(lane);
    let hyphens = dense::bits(window, |lane| lane.simd_eq(u8x16::splat(b'-')));
    // The sign of a byte tells it.
    let other = dense::bits(window, |lane| lane);
    let two = other | other << 1;
    let near = (two | two << 2) << 1 | ((1 << NAMED) - 1);
    (dense::bits(window, lead), hyphens & near)
}

/// More anchor characters in a row than any text has that means something.
const FLOOD: usize = 10;

/// Where a flood of anchor characters that begins at byte `at` ends; `None` where there is none.
#[inline]
pub(super) fn flood(text: &str, at: usize) -> Option<usize> {
    let second = *text.as_bytes().get(at + 3..)?.first_chunk()?;
    if !is_anchor(second) {
        return None;
    }
    let characters = text.as_bytes()[at..].as_chunks().0;
    let anchors = characters.iter().take_while(|three| is_anchor(**three));
    let length = anchors.count();
    (length >= FLOOD).then_some(at + 3 * length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_finds_what_looking_at_every_character_finds() {
        let text = "a市bc区，é路𠮷号号号abcdefgh0县，，，，城省\u{FFFD}楼𠮷abc道后张121-8-785é室，，，2026-01-02路，水岸6-982，天空b-11-200c";
        for (start, _) in text.char_indices() {
            for end in (start..=text.len()).filter(|end| text.is_char_boundary(*end)) {
                let piece = &text[start..end];
                let is_place = |(at, c): &(usize, char)| match c {
                    '-' => door::is_door(piece, *at),
                    c => CHARS.contains(c),
                };
                let naive = piece.char_indices().filter(is_place);
                let naive: Vec<_> = naive.map(|(at, c)| (at, c == '-')).collect();
                let (mut places, mut found, mut from) = (Places::new(piece), Vec::new(), 0);
                while let Some((at, door)) = places.next(from) {
                    found.push((at, door));
                    from = at + if door { 1 } else { 3 };
                }
                assert_eq!(found, naive, "{piece}");
            }
        }
    }

    #[test]
    fn a_flood_is_passed_over_and_an_address_is_none() {
        let text = "省市区".repeat(9);
        assert_eq!(flood(&text, 3), Some(text.len()));
        assert_eq!(flood("城厢区城厂路市场街道楼号abc", 3), None);
    }
}
