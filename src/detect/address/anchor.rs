//! Where to look: characters that end a division, a road or a unit, checked by the characters on both sides.

use crate::table::region;

use super::glyph::{Glyph, Reader, class};

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

/// How sure a place is that an address is near.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// A road, village or compound character.
    Weak,
    /// A number with a unit, a road with a number.
    Number,
    /// A division's full name.
    Division,
}

/// Whether three bytes, at the beginning of a character, are one of [`CHARS`].
#[inline]
fn is_anchor([a, b, c]: [u8; 3]) -> bool {
    matches!(a, 0xE4..=0xEB) && ANCHORS[place([b, c])] >> (a & 7) & 1 != 0
}

/// Bytes of a character by its first byte.
static WIDTHS: [u8; 256] = {
    let mut widths = [1; 256];
    let mut first = 0xC0;
    while first < 256 {
        widths[first] = if first < 0xE0 {
            2
        } else {
            3 + (first >= 0xF0) as u8
        };
        first += 1;
    }
    widths
};

/// Twelve bytes, where four characters of three bytes may stand, as they are read: the first eight and the last eight, the first byte
/// lowest.
#[derive(Clone, Copy)]
struct Twelve {
    first: u64,
    last: u64,
}

impl Twelve {
    #[inline]
    fn read(bytes: &[u8; 12]) -> Twelve {
        let [first @ .., _, _, _, _] = *bytes;
        let [_, _, _, _, last @ ..] = *bytes;
        Twelve {
            first: u64::from_le_bytes(first),
            last: u64::from_le_bytes(last),
        }
    }

    /// For each character, what [`ANCHORS`] has of its second and third byte.
    #[inline]
    fn anchors(self) -> [u8; 4] {
        let Twelve { first, last } = self;
        let pairs = [first >> 8, first >> 32, last >> 24, last >> 48];
        pairs.map(|pair| ANCHORS[pair as usize & 0x3FFF])
    }

    /// Whether they are four such characters and none of them an anchor; `false` where it is not sure.
    #[inline]
    fn is_plain_han(self) -> bool {
        let three = self.first & 0x00F0_0000_F000_00F0 == 0x00E0_0000_E000_00E0;
        let fourth = self.last & 0x0000_F000_0000_0000 == 0x0000_E000_0000_0000;
        let [a, b, c, d] = self.anchors();
        three && fourth && a | b | c | d == 0
    }

    /// How many characters of those that are not [plain](Self::is_plain_han) are.
    #[inline]
    fn plain_before(self) -> usize {
        let Twelve { first, last } = self;
        let [a, b, c, d] = self.anchors();
        let other = |lead: u64, anchor| u32::from(lead & 0xF0 != 0xE0 || anchor != 0);
        let others = other(first, a)
            | other(first >> 24, b) << 1
            | other(first >> 48, c) << 2
            | other(last >> 40, d) << 3;
        others.trailing_zeros() as usize
    }
}

/// The next anchor character at or after the character border `from`: its byte position.
///
/// ASCII is read by eight characters, Han text by four, and where neither goes on, by one. No branch depends on where that is: real
/// prose has a comma or an anchor every sixty bytes. A packed search on vectors is no faster on it (1.06 GB/s, this one 1.4), since
/// starting the search again costs as much as looking at every character.
pub(super) fn next(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        while let Some(eight) = bytes.get(at..)?.first_chunk() {
            let others = u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080;
            if others != 0 {
                at += others.trailing_zeros() as usize / 8;
                break;
            }
            at += 8;
        }
        let three = bytes.get(at..)?.first_chunk()?;
        if is_anchor(*three) {
            return Some(at);
        }
        at += usize::from(WIDTHS[usize::from(three[0])]);
        while let Some(twelve) = bytes.get(at..)?.first_chunk() {
            let twelve = Twelve::read(twelve);
            if !twelve.is_plain_han() {
                at += 3 * twelve.plain_before();
                break;
            }
            at += 12;
        }
    }
}

/// More anchor characters in a row than any text has that means something.
const FLOOD: usize = 10;

/// Where a flood of anchor characters that begins at byte `at` ends; `None` where there is none.
pub(super) fn flood(text: &str, at: usize) -> Option<usize> {
    let characters = text.as_bytes().get(at..)?.as_chunks().0;
    let anchors = characters.iter().take_while(|three| is_anchor(**three));
    let length = anchors.count();
    (length >= FLOOD).then_some(at + 3 * length)
}

/// What the anchor character at byte `at` stands for; `None` where it is part of an ordinary word.
pub(super) fn judge(text: &Reader<'_>, at: usize) -> Option<Strength> {
    let (glyph, end) = text.read(at);
    let before = text.before(at)?;
    let (c, previous) = (glyph.c, before.c);
    let numbered = || text.after(end).is_some_and(|glyph| glyph.is(class::DIGIT));
    match c {
        '省' | '市' | '区' | '县' | '州' | '旗' | '镇' | '乡' => {
            if is_division(text, before, glyph) {
                return Some(Strength::Division);
            }
            let named = match c {
                '镇' | '乡' => {
                    before.is(class::HAN) && !matches!(previous, '城' | '家' | '故' | '乡' | '老')
                }
                '区' => {
                    matches!(previous, '小' | '业' | '园' | '发' | '新' | '校' | '社')
                        || before.counts()
                }
                _ => false,
            };
            named.then_some(Strength::Weak)
        }
        '场' | '城' | '司' | '厂' | '院' | '寓' => {
            if numbered() {
                Some(Strength::Number)
            } else {
                matches!(
                    (previous, c),
                    ('广' | '市' | '商' | '农' | '林' | '牧', '场')
                        | ('公', '司' | '寓')
                        | (_, '厂')
                        | ('商' | '学' | '医', '城' | '院')
                )
                .then_some(Strength::Weak)
            }
        }
        // 蓝湾5-2-1101: names of compounds, where a number follows at once.
        '湾' | '庭' | '府' | '邸' => {
            let ordinary = matches!(
                (previous, c),
                ('政' | '官', '府') | ('家' | '法' | '开', '庭') | ('海' | '台' | '港', '湾')
            );
            (before.is(class::HAN) && !ordinary && numbered()).then_some(Strength::Number)
        }
        '道' if previous == '街' => is_division(text, before, glyph)
            .then_some(Strength::Division)
            .or(Some(Strength::Weak)),
        '道' if previous != '大' => None,
        '号' | '栋' | '幢' | '室' | '楼' | '弄' | '座' | '舍' => (before.counts()
            || previous == '#')
            .then_some(Strength::Number)
            .or_else(|| {
                (c == '楼' || c == '室')
                    .then_some(Strength::Weak)
                    .filter(|_| numbered())
            }),
        '路' | '街' | '道' | '巷' | '村' | '园' | '苑' | '厦' => {
            let ordinary = matches!(
                (previous, c),
                (
                    '公' | '铁'
                        | '线'
                        | '道'
                        | '思'
                        | '马'
                        | '网'
                        | '一'
                        | '在'
                        | '走'
                        | '问'
                        | '出'
                        | '上'
                        | '电'
                        | '套',
                    '路'
                ) | ('上' | '逛', '街')
                    | ('农' | '乡', '村')
                    | ('校' | '公' | '乐', '园')
            );
            let after = text.read(end).0;
            if after.is(class::DIGIT | class::NUMERAL) {
                Some(Strength::Number)
            } else if ordinary || !before.is(class::HAN) || after.c == '道' {
                None
            } else {
                Some(Strength::Weak)
            }
        }
        _ => None,
    }
}

/// Whether a division's full name ends with the anchor character.
fn is_division(text: &Reader<'_>, before: Glyph, anchor: Glyph) -> bool {
    region::ends_with([before.code(), anchor.code()], || {
        let mut at = before.byte();
        std::iter::from_fn(move || {
            let glyph = text.before(at)?;
            at = glyph.byte();
            Some(glyph.code())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_finds_what_looking_at_every_character_finds() {
        let text =
            "a市bc区，é路𠮷号号号abcdefgh0县，，，，城省\u{FFFD}楼𠮷abc道abcdefghé室，，，路";
        for (start, _) in text.char_indices() {
            for end in (start..=text.len()).filter(|end| text.is_char_boundary(*end)) {
                let piece = &text[start..end];
                let naive = piece.char_indices().find(|(_, c)| CHARS.contains(c));
                assert_eq!(next(piece, 0), naive.map(|(at, _)| at), "{piece}");
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
