//! Where to look: characters that end a division, a road or a unit, and the hyphens of doors.

use crate::text::dense::Hits;
use crate::text::triples::Triples;

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

/// Whether three bytes are one of [`CHARS`].
#[inline]
fn is_anchor([a, b, c]: [u8; 3]) -> bool {
    matches!(a, 0xE4..=0xEB) && ANCHORS[place([b, c])] >> (a & 7) & 1 != 0
}

/// The [`CHARS`], grouped so that as many again of the characters of prose pass as are among them, and names before the hyphens of doors.
static PLACES: Triples = Triples::new()
    .members("村街道苑旗")
    .members("厂区场县厦鎮弄")
    .members("州府寓樓楼")
    .members("巷号司邸城鄉")
    .members("乡幢院路縣省市镇")
    .members("栋湾號棟")
    .members("室座庭园區舍")
    .bytes([&CONTINUING, &ALPHANUMERIC, b"-0123456789"]);

/// Last bytes of characters beyond ASCII.
const CONTINUING: [u8; 0x40] = bytes_from(0x80);

/// Letters and digits are among them.
const ALPHANUMERIC: [u8; 0x50] = bytes_from(0x30);

const fn bytes_from<const N: usize>(first: u8) -> [u8; N] {
    let mut bytes = [0; N];
    let mut i = 0;
    while i < N {
        bytes[i] = first + i as u8;
        i += 1;
    }
    bytes
}

/// How far behind the name of a place the hyphen of a door stands at most: behind a letter and three digits.
const HYPHEN: usize = 5;

/// Where to look in a text: its anchors, and the hyphens of doors without a unit (6-982).
pub(super) struct Places<'t> {
    text: &'t str,
    hits: Hits<'t, &'static Triples>,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str) -> Places<'t> {
        Places {
            text,
            hits: PLACES.hits(text.as_bytes()),
        }
    }

    /// The next at or behind the character border `from`, which is not before that of the call before, and whether it is a door.
    #[inline]
    pub(super) fn next(&mut self, from: usize) -> Option<(usize, bool)> {
        // A door is found by the name before it.
        self.hits.skip_to(from.saturating_sub(HYPHEN));
        self.hits.find_map(|hit| {
            let rest = &self.text.as_bytes()[hit..];
            if let [0x80..0xC0, behind @ ..] = rest {
                let hyphen = behind.iter().take(HYPHEN).position(|b| *b == b'-')?;
                let at = hit + 1 + hyphen;
                return (at >= from && door::is_door(self.text, at)).then_some((at, true));
            }
            let anchor = hit >= from && rest.first_chunk().is_some_and(|three| is_anchor(*three));
            anchor.then_some((hit, false))
        })
    }
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
                for (from, _) in piece.char_indices() {
                    let first = naive.iter().find(|(at, _)| *at >= from).copied();
                    assert_eq!(Places::new(piece).next(from), first, "{piece} {from}");
                }
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
