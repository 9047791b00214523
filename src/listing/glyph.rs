//! A character as a listing's reader sees it: with the tricks against word filters undone, and what it may be part of.

use std::sync::LazyLock;

use crate::mask::is_hidden;
use crate::table::script::to_simplified;

/// A folded character, its classes, and its length in UTF-8, in 32 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph(u32);

/// Bits of the character itself.
const CHAR_BITS: u32 = 21;

/// Han characters.
pub(super) const HAN: u32 = 1 << CHAR_BITS;
/// `0` to `9`.
pub(super) const DIGIT: u32 = HAN << 1;
/// `a` to `z`.
pub(super) const LATIN: u32 = HAN << 2;
/// Han numerals, 十 百 千 included.
pub(super) const NUMERAL: u32 = HAN << 3;
/// Han digits and their spoken forms in numbers.
pub(super) const HAN_DIGIT: u32 = HAN << 4;
/// Last characters of roads and places that a house number follows.
pub(super) const ROAD: u32 = HAN << 5;
/// Characters that hide another one.
pub(super) const STAR: u32 = HAN << 6;
/// Characters that are put inside words to split them.
pub(super) const SPLIT: u32 = HAN << 7;
/// Characters of accounts.
pub(super) const TOKEN: u32 = HAN << 8;

/// Where the length stands, less one.
const LENGTH_SHIFT: u32 = 30;
const _: () = assert!(TOKEN < 1 << LENGTH_SHIFT);

impl Glyph {
    /// Stands for characters that only hide words, such as zero widths, variation selectors and combining enclosures.
    pub(super) const GONE: Glyph = Glyph(u32::MAX);

    /// What folds characters.
    pub(super) fn folder() -> impl Fn(char) -> Glyph {
        let glyphs: &[Glyph] = &GLYPHS;
        |c| match glyphs.get(c as usize) {
            Some(&glyph) => glyph,
            None => Glyph::fold(c),
        }
    }

    fn fold(c: char) -> Glyph {
        fold_char(c).map_or(Glyph::GONE, |c| {
            Glyph(c as u32 | class(c) | (c.len_utf8() as u32 - 1) << LENGTH_SHIFT)
        })
    }

    /// The character.
    pub(super) fn char(self) -> char {
        char::from_u32(self.scalar()).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    /// The character as a number.
    pub(super) const fn scalar(self) -> u32 {
        self.0 & ((1 << CHAR_BITS) - 1)
    }

    /// Bytes of the character in UTF-8.
    pub(super) const fn len(self) -> usize {
        (self.0 >> LENGTH_SHIFT) as usize + 1
    }

    /// Whether it belongs to one of the classes.
    pub(super) const fn is(self, classes: u32) -> bool {
        self.0 & classes != 0
    }
}

/// `GLYPHS[c]` for a BMP code point, so that a listing is folded and classified by one look at each character.
static GLYPHS: LazyLock<Box<[Glyph]>> = LazyLock::new(|| {
    (0..=u32::from(u16::MAX))
        .map(|c| char::from_u32(c).map_or(Glyph::GONE, Glyph::fold))
        .collect()
});

fn class(c: char) -> u32 {
    let bit = |on: bool, class: u32| if on { class } else { 0 };
    bit(is_han(c), HAN)
        | bit(c.is_ascii_digit(), DIGIT)
        | bit(c.is_ascii_lowercase(), LATIN)
        | bit("零〇一二两三四五六七八九十百千".contains(c), NUMERAL)
        | bit("零〇一二三四五六七八九幺两".contains(c), HAN_DIGIT)
        | bit("路街道巷村弄段里镇苑".contains(c), ROAD)
        | bit(is_hidden(c), STAR)
        | bit("._*~·^`•-丨| ".contains(c) || is_bracket(c), SPLIT)
        | bit(c.is_ascii_alphanumeric() || "_-@".contains(c), TOKEN)
}

/// One character; `None` for those that are left out.
fn fold_char(c: char) -> Option<char> {
    Some(match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        '\0'..='\u{9F}' => c,
        '\u{4E00}'..='\u{9FFF}' => fold_han(c),
        '\u{200B}'..='\u{200F}'
        | '\u{2060}'
        | '\u{FEFF}'
        | '\u{AD}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{20E3}' => {
            return None;
        }
        '\u{FF01}'..='\u{FF5E}' => {
            return fold_char(char::from_u32(c as u32 - 0xFEE0).unwrap_or(c));
        }
        '\u{3000}' | '\u{A0}' | '\u{2002}'..='\u{200A}' => ' ',
        '①'..='⑨' => digit(c as u32 - '①' as u32 + 1),
        '❶'..='❾' => digit(c as u32 - '❶' as u32 + 1),
        '➀'..='➈' => digit(c as u32 - '➀' as u32 + 1),
        '➊'..='➒' => digit(c as u32 - '➊' as u32 + 1),
        '⑴'..='⑼' => digit(c as u32 - '⑴' as u32 + 1),
        '⒈'..='⒐' => digit(c as u32 - '⒈' as u32 + 1),
        '⓪' | '⓿' => '0',
        '\u{1D7CE}'..='\u{1D7FF}' => digit((c as u32 - 0x1D7CE) % 10),
        'Ⓐ'..='Ⓩ' => char::from(b'a' + (c as u32 - 'Ⓐ' as u32) as u8),
        'ⓐ'..='ⓩ' => char::from(b'a' + (c as u32 - 'ⓐ' as u32) as u8),
        _ => to_simplified(c),
    })
}

/// A Han character: banker's numerals as plain ones, the others in simplified script.
fn fold_han(c: char) -> char {
    match c {
        '壹' => '一',
        '贰' | '貳' => '二',
        '叁' => '三',
        '肆' => '四',
        '伍' => '五',
        '柒' => '七',
        '捌' => '八',
        '玖' => '九',
        '拾' => '十',
        '佰' => '百',
        '仟' => '千',
        _ => to_simplified(c),
    }
}

fn digit(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or('0')
}

/// An opening and a closing bracket for each pair that sellers put around single characters.
pub(super) const OPEN: [char; 9] = ['(', '[', '{', '【', '﹝', '〔', '「', '『', '〖'];
pub(super) const CLOSE: [char; 9] = [')', ']', '}', '】', '﹞', '〕', '」', '』', '〗'];

pub(super) fn is_bracket(c: char) -> bool {
    OPEN.contains(&c) || CLOSE.contains(&c)
}

/// Whether a character is a Han character.
pub(super) const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::number::numeral;

    #[test]
    fn glyphs_know_their_character_length_and_classes() {
        let fold = Glyph::folder();
        for c in (0..=0x2_FFFF).filter_map(char::from_u32) {
            let glyph = fold(c);
            if glyph == Glyph::GONE {
                assert_eq!(fold_char(c), None, "{c:?}");
                continue;
            }
            let folded = glyph.char();
            assert_eq!(Some(folded), fold_char(c), "{c:?}");
            assert_eq!(glyph.len(), folded.len_utf8(), "{c:?}");
            assert_eq!(glyph.is(NUMERAL), numeral(folded).is_some(), "{c:?}");
            assert_eq!(glyph.is(HAN), is_han(folded), "{c:?}");
            assert_eq!(glyph.is(STAR), is_hidden(folded), "{c:?}");
        }
        assert_eq!(fold('\u{200B}'), Glyph::GONE);
        let wide = fold('Ａ');
        assert!(wide.is(LATIN) && wide.is(TOKEN) && !wide.is(DIGIT));
    }
}
