//! One digit or letter in any dress, and the characters that only dress it.

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

/// The value of a digit that is written as a symbol, 0 … 9.
fn symbol(c: char) -> Option<u8> {
    let code = c as u32;
    let zero = match c {
        '⁰' | '⓪' | '⓿' | '🄋' | '🄌' | '🄀' => Some(0),
        '¹' => Some(1),
        '²' => Some(2),
        '³' => Some(3),
        '⁴'..='⁹' => Some((code - 0x2070) as u8),
        _ => None,
    };
    zero.or_else(|| {
        let hit = FROM_ZERO.iter().find(|f| (**f..**f + 10).contains(&code));
        hit.map(|f| (code - f) as u8)
    })
    .or_else(|| {
        let hit = FROM_ONE.iter().find(|f| (**f..**f + 9).contains(&code));
        hit.map(|f| (code - f) as u8 + 1)
    })
}

/// The value of a Chinese numeral, banker's numeral or radio word.
fn han(c: char) -> Option<u8> {
    Some(match c {
        '零' | '〇' | '洞' | '○' => 0,
        '一' | '壹' | '幺' | '弌' | '壱' => 1,
        '二' | '贰' | '貳' | '两' | '兩' | '弍' => 2,
        '三' | '叁' | '參' | '叄' | '弎' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' | '拐' => 7,
        '八' | '捌' => 8,
        '九' | '玖' | '勾' => 9,
        _ => return None,
    })
}

/// The value of a character that sounds like a digit. Frequent characters (要 就 其) are left out: they would make every
/// sentence look like digits, and disguises avoid them for the same reason.
fn sound(c: char) -> Option<u8> {
    Some(match c {
        '铃' | '鈴' | '玲' | '灵' => 0,
        '医' | '醫' | '衣' | '腰' => 1,
        '尔' | '爾' | '耳' | '饵' => 2,
        '伞' | '傘' | '散' => 3,
        '似' | '丝' | '寺' => 4,
        '舞' | '午' => 5,
        '溜' | '柳' => 6,
        '骑' | '騎' | '棋' | '漆' => 7,
        '芭' | '扒' => 8,
        '酒' | '久' | '韭' => 9,
        _ => return None,
    })
}

/// The digit that a character beyond ASCII stands for.
pub(crate) fn digit(c: char) -> Option<(u8, Style)> {
    if (c as u32) < 0xB2 {
        return None;
    }
    // Most characters that come here are Han; none of the symbol blocks lies among them.
    if matches!(c, '\u{3001}'..='\u{FAFF}') {
        return han(c)
            .map(|v| (v, Style::Han))
            .or_else(|| sound(c).map(|v| (v, Style::Sound)));
    }
    symbol(c)
        .map(|v| (v, Style::Symbol))
        .or_else(|| han(c).map(|v| (v, Style::Han)))
        .or_else(|| sound(c).map(|v| (v, Style::Sound)))
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
