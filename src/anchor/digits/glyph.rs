//! One digit or letter in any dress, and the characters that only dress it.

use std::sync::LazyLock;

/// How a digit was written. The order says how much a reading changes the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Style {
    /// ASCII.
    Plain,
    /// A digit of another block: full width, circled, mathematical, superscript, Arabic-Indic …
    Symbol,
    /// `&#49;`, `%31`, `\u0031`.
    Escape,
    /// Chinese numerals, banker's numerals and radio words.
    Han,
    /// Characters that merely sound like a digit.
    Sound,
    /// Spelt-out syllables: `yao san ba`.
    Pinyin,
}

/// A digit or letter as read: its ASCII value and the bytes it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Glyph {
    /// `b'0'..=b'9'`, or `b'A'..=b'Z'`.
    pub(crate) value: u8,
    /// How it was written.
    pub(crate) style: Style,
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte, marks that dress it (keycaps) included.
    pub(crate) end: usize,
}

/// First characters of the ten-digit blocks whose members follow one another from 0.
const FROM_ZERO: [u32; 20] = [
    0xFF10, 0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810, 0x07C0,
    0x2080, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1FBF0, 0x0AE6,
];

/// First characters of the nine-digit blocks whose members follow one another from 1.
const FROM_ONE: [u32; 7] = [0x2460, 0x2474, 0x2488, 0x2776, 0x2780, 0x278A, 0x24F5];

/// Symbols for 0 … 9 that stand outside those blocks.
const SYMBOLS: [&str; 10] = ["⁰⓪⓿🄋🄌🄀", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

/// Chinese numerals, banker's numerals and radio words for 0 … 9.
const HAN: [&str; 10] = [
    "零〇洞○",
    "一壹幺弌壱",
    "二贰貳两兩弍",
    "三叁參叄弎",
    "四肆",
    "五伍",
    "六陆陸",
    "七柒拐",
    "八捌",
    "九玖勾",
];

/// Characters that sound like 0 … 9. Frequent characters (要 就 其) are left out: they would make every sentence look like
/// digits, and disguises avoid them for the same reason.
const SOUNDS: [&str; 10] = [
    "铃鈴玲灵",
    "医醫衣腰",
    "尔爾耳饵",
    "伞傘散",
    "似丝寺",
    "舞午",
    "溜柳",
    "骑騎棋漆",
    "芭扒",
    "酒久韭",
];

/// Every character beyond ASCII that stands for a digit, with its value and style.
fn every_digit() -> impl Iterator<Item = (char, u8, Style)> {
    let block = |first: u32, value: u8, n: u32| {
        (0..n).filter_map(move |i| {
            char::from_u32(first + i).map(|c| (c, value + i as u8, Style::Symbol))
        })
    };
    let listed = |lists: &'static [&'static str; 10], style| {
        (0..10)
            .zip(lists)
            .flat_map(move |(value, list)| list.chars().map(move |c| (c, value, style)))
    };
    FROM_ZERO
        .into_iter()
        .flat_map(move |first| block(first, 0, 10))
        .chain(
            FROM_ONE
                .into_iter()
                .flat_map(move |first| block(first, 1, 9)),
        )
        .chain(listed(&SYMBOLS, Style::Symbol))
        .chain(listed(&HAN, Style::Han))
        .chain(listed(&SOUNDS, Style::Sound))
}

/// The digits of the basic plane by their code, and the few beyond it.
struct Table {
    /// A bit for every character that is a digit: small enough to stay near while a text is crossed.
    bits: Box<[u64; 1024]>,
    basic: Box<[Option<(u8, Style)>]>,
    beyond: Vec<(char, u8, Style)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        bits: Box::new([0; 1024]),
        basic: vec![None; 0x1_0000].into_boxed_slice(),
        beyond: Vec::new(),
    };
    for (c, value, style) in every_digit() {
        let code = c as usize;
        match table.basic.get_mut(code) {
            Some(slot) => {
                *slot = Some((value, style));
                table.bits[code / 64] |= 1 << (code % 64);
            }
            None => table.beyond.push((c, value, style)),
        }
    }
    table
});

/// A bit for every character of the basic plane: whether it is a digit beyond ASCII.
pub(super) fn digit_bits() -> &'static [u64; 1024] {
    &TABLE.bits
}

/// The digit that a character beyond ASCII stands for.
pub(crate) fn digit(c: char) -> Option<(u8, Style)> {
    let table = &*TABLE;
    if let Some(slot) = table.basic.get(c as usize) {
        return *slot;
    }
    let hit = table.beyond.iter().find(|(d, ..)| *d == c);
    hit.map(|(_, value, style)| (*value, *style))
}

/// The upper-case letter that a character stands for.
pub(crate) fn letter(c: char) -> Option<u8> {
    if c.is_ascii_alphabetic() {
        return Some((c as u8).to_ascii_uppercase());
    }
    let code = c as u32;
    let place = match code {
        0xFF21..=0xFF3A => code - 0xFF21,
        0xFF41..=0xFF5A => code - 0xFF41,
        0x249C..=0x24B5 => code - 0x249C,
        0x24B6..=0x24CF => code - 0x24B6,
        0x24D0..=0x24E9 => code - 0x24D0,
        0x1D400..=0x1D6A3 => (code - 0x1D400) % 26,
        0x1F110..=0x1F129 => code - 0x1F110,
        0x1F130..=0x1F149 => code - 0x1F130,
        0x1F150..=0x1F169 => code - 0x1F150,
        0x1F170..=0x1F189 => code - 0x1F170,
        0x1F1E6..=0x1F1FF => code - 0x1F1E6,
        _ => return None,
    };
    Some(b'A' + place as u8)
}

/// Whether the character is invisible between digits: zero-width characters, variation selectors, the keycap.
pub(crate) fn invisible(c: char) -> bool {
    matches!(c,
        '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{AD}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{20E3}' | '\u{20DD}'..='\u{20E0}' | '\u{180E}')
}

/// The character that an escape at byte `at` stands for, and the escape's length.
pub(crate) fn escape(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let hex = |from: usize, n: usize| {
        bytes
            .get(from..from + n)?
            .iter()
            .try_fold(0, |sum, d| Some(sum * 16 + (*d as char).to_digit(16)?))
    };
    match bytes.get(at)? {
        b'%' => Some((char::from_u32(hex(at + 1, 2)?)?, 3)).filter(|(c, _)| c.is_ascii()),
        b'\\' if matches!(bytes.get(at + 1), Some(b'u' | b'U')) => {
            Some((char::from_u32(hex(at + 2, 4)?)?, 6))
        }
        b'&' if bytes.get(at + 1) == Some(&b'#') => {
            let (base, from) = match bytes.get(at + 2)? {
                b'x' | b'X' => (16, at + 3),
                _ => (10, at + 2),
            };
            let tail = bytes.get(from..bytes.len().min(from + 8))?;
            let end = tail.iter().position(|b| *b == b';').filter(|n| *n > 0)?;
            let code = tail[..end]
                .iter()
                .try_fold(0, |sum, d| Some(sum * base + (*d as char).to_digit(base)?))?;
            Some((char::from_u32(code)?, from + end + 1 - at))
        }
        _ => None,
    }
}

/// The digit or letter at byte `at`, a character boundary.
pub(crate) fn read(text: &str, at: usize) -> Option<Glyph> {
    let bytes = text.as_bytes();
    let first = *bytes.get(at)?;
    let glyph = |value, style, len| Glyph {
        value,
        style,
        start: at,
        end: at + len,
    };
    if first.is_ascii_alphanumeric() {
        return Some(glyph(first.to_ascii_uppercase(), Style::Plain, 1));
    }
    if let b'%' | b'\\' | b'&' = first {
        let (c, len) = escape(bytes, at)?;
        let value = if c.is_ascii_digit() {
            Some(c as u8)
        } else {
            letter(c).or_else(|| digit(c).map(|(v, _)| b'0' + v))
        };
        return value.map(|v| glyph(v, Style::Escape, len));
    }
    if first < 0xC2 {
        return None;
    }
    let c = text.get(at..)?.chars().next()?;
    digit(c)
        .map(|(v, style)| (b'0' + v, style))
        .or_else(|| letter(c).map(|v| (v, Style::Symbol)))
        .map(|(v, style)| glyph(v, style, c.len_utf8()))
}

/// Past the marks that dress the glyph which ends at `at` (variation selector, keycap).
pub(crate) fn dressed_end(text: &str, at: usize) -> usize {
    let Some(rest) = text.get(at..) else {
        return at;
    };
    if rest.as_bytes().first().is_none_or(|b| *b < 0xE2) {
        return at;
    }
    let mut end = at;
    for c in rest.chars().take(2) {
        if !matches!(c, '\u{FE0F}' | '\u{20E3}') {
            break;
        }
        end += c.len_utf8();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dress_is_read() {
        for (text, value) in [
            ("８", 8),
            ("捌", 8),
            ("⑧", 8),
            ("❽", 8),
            ("➇", 8),
            ("⒏", 8),
            ("⁸", 8),
            ("₈", 8),
            ("𝟖", 8),
            ("𝟾", 8),
            ("🯸", 8),
            ("٨", 8),
            ("芭", 8),
            ("&#56;", 8),
            ("&#x38;", 8),
            ("%38", 8),
            (r"\u0038", 8),
            (r"\uff18", 8),
            ("勾", 9),
            ("⓿", 0),
            ("🄋", 0),
        ] {
            let glyph = read(text, 0).expect(text);
            assert_eq!(
                (glyph.value, glyph.end),
                (b'0' + value, text.len()),
                "{text}"
            );
        }
        assert_eq!(read("Ⓨ", 0).map(|g| g.value), Some(b'Y'));
        assert_eq!(read("𝐉", 0).map(|g| g.value), Some(b'J'));
    }

    #[test]
    fn no_character_stands_for_two_digits() {
        let mut seen = std::collections::BTreeMap::new();
        for (c, value, style) in every_digit() {
            assert_eq!(seen.insert(c, value), None, "{c}");
            assert_eq!(digit(c), Some((value, style)), "{c}");
        }
        assert_eq!(digit('里'), None);
        assert_eq!(digit('7'), None);
    }

    #[test]
    fn malformed_escapes_are_text() {
        for text in [
            "&#;",
            "&#x;",
            "&#99999999;",
            "%3",
            "%zz",
            r"\u00",
            "%",
            "&",
            "\\",
        ] {
            assert_eq!(read(text, 0), None, "{text}");
        }
    }
}
