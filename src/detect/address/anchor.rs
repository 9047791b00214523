//! Where to look: characters that end a division, a road or a unit, checked by the characters on both sides.

use wide::u8x16;

use crate::table::region;
use crate::text::dense::{self, BLOCK};

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

/// A block and what the last character that begins in it has behind it, and two bytes more.
const WINDOW: usize = BLOCK + 4;

/// Goes over the anchor characters of a text.
///
/// The first bytes of characters are found by sixteen at a time; the others are looked up by four, and nothing branches on what the four
/// are: real prose has a comma or an anchor every sixty bytes, and a processor that guesses wrong there loses more than the
/// lookups take.
pub(super) struct Anchors<'t> {
    bytes: &'t [u8],
    /// Where the block begins that is looked at.
    block: usize,
    /// Where in it characters of three bytes and more begin that were not looked at, the first byte lowest.
    leads: u64,
}

impl<'t> Anchors<'t> {
    pub(super) fn new(text: &'t str) -> Anchors<'t> {
        let mut anchors = Anchors {
            bytes: text.as_bytes(),
            block: 0,
            leads: 0,
        };
        anchors.with_window(|window, left| *left = leads(window));
        anchors
    }

    /// The byte position of the next at or after the character border `from`, which is not before that of the call before.
    pub(super) fn next(&mut self, from: usize) -> Option<usize> {
        match from - self.block {
            behind @ 0..BLOCK => self.leads &= u64::MAX << behind,
            _ => self.begin(from),
        }
        loop {
            if let Some(at) = self.with_window(next_in) {
                return Some(self.block + at);
            }
            let block = self.block + BLOCK;
            if block >= self.bytes.len() {
                return None;
            }
            self.begin(block);
        }
    }

    fn begin(&mut self, block: usize) {
        self.block = block;
        self.with_window(|window, left| *left = leads(window));
    }

    /// What `look` finds in the bytes from the block on, with zeros behind the text, and in the leads that are left.
    #[inline]
    fn with_window<T>(&mut self, look: impl FnOnce(&[u8; WINDOW], &mut u64) -> T) -> T {
        let rest = self.bytes.get(self.block..).unwrap_or_default();
        if let Some(window) = rest.first_chunk() {
            return look(window, &mut self.leads);
        }
        let mut window = [0; WINDOW];
        window[..rest.len()].copy_from_slice(rest);
        look(&window, &mut self.leads)
    }
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

/// Where characters of three bytes and more begin in the first [`BLOCK`] bytes, the first byte lowest.
#[inline]
fn leads(window: &[u8; WINDOW]) -> u64 {
    let lead = |lane: u8x16| lane.max(u8x16::splat(0xE0)).simd_eq(lane);
    dense::bits(window, lead)
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
                let naive = piece.char_indices().filter(|(_, c)| CHARS.contains(c));
                let naive: Vec<usize> = naive.map(|(at, _)| at).collect();
                let (mut anchors, mut found, mut from) = (Anchors::new(piece), Vec::new(), 0);
                while let Some(at) = anchors.next(from) {
                    found.push(at);
                    from = at + 3;
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
