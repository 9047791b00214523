//! Characters beyond ASCII written in ASCII: JSON inside other text (`\u5f20`, its backslashes doubled by what is around it), logs
//! of web servers (`\xE5\xBC\xA0`), addresses and forms of the web (`%E5%BC%A0`, `%u5F20`).

/// Backslashes of one code: JSON in JSON in SQL has four.
const BACKSLASHES: usize = 8;

/// Whether a text holds what codes begin with.
pub(super) fn may_stand_in(text: &str) -> bool {
    memchr::memchr2(b'\\', b'%', text.as_bytes()).is_some()
}

/// The character beyond ASCII that is written as a code at the start of a text, and the bytes of the code.
pub(super) fn code(text: &str) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let near = &bytes[..bytes.len().min(BACKSLASHES + 1)];
    let slashes = near.iter().take_while(|b| **b == b'\\').count();
    let prefix = if slashes == 0 { 1 } else { slashes };
    let (len, c) = match (bytes.first()?, bytes.get(prefix)?) {
        (_, b'u') => unit(bytes, prefix)?,
        (b'%', _) => utf8(bytes, prefix)?,
        (b'\\', b'x') => utf8(bytes, prefix + 1)?,
        _ => return None,
    };
    (!c.is_ascii()).then_some((len, c))
}

/// A character of ASCII written as `%22` at a place, where a code stands right before or behind it: alone it may be a share of
/// something.
pub(super) fn ascii_code(text: &str, at: usize) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let escape = |at: usize| {
        let high = bytes.get(at..at + 3).filter(|e| e[0] == b'%')?;
        Some(hex(high[1])? * 16 + hex(high[2])?)
    };
    let c = escape(at).filter(|c| (0x20..0x7F).contains(c))?;
    let before = at.checked_sub(3).and_then(escape);
    before.or(escape(at + 3)).map(|_| (3, char::from(c as u8)))
}

/// A unit of UTF-16 whose `u` stands at `at`, or two of them that are one character.
fn unit(bytes: &[u8], at: usize) -> Option<(usize, char)> {
    let high = hex4(bytes, at + 1)?;
    let end = at + 5;
    if !(0xD800..0xDC00).contains(&high) {
        return Some((end, char::from_u32(high)?));
    }
    let prefix = &bytes[..=at];
    let low = bytes.get(end..end + prefix.len());
    low.filter(|second| *second == prefix)?;
    let low = hex4(bytes, end + prefix.len())?;
    let c = 0x10000 + ((high - 0xD800) << 10) + low.checked_sub(0xDC00).filter(|l| *l < 0x400)?;
    Some((end + prefix.len() + 4, char::from_u32(c)?))
}

/// A character in UTF-8, each byte in two digits behind the same prefix of so many bytes.
fn utf8(bytes: &[u8], prefix: usize) -> Option<(usize, char)> {
    let one = |i: usize| {
        let at = i * (prefix + 2);
        let same = bytes.get(at..at + prefix)? == &bytes[..prefix];
        let digits = bytes.get(at + prefix..at + prefix + 2).filter(|_| same)?;
        Some((hex(digits[0])? * 16 + hex(digits[1])?) as u8)
    };
    let first = one(0)?;
    let count = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let mut whole = [first, 0, 0, 0];
    for (i, byte) in whole.iter_mut().enumerate().take(count).skip(1) {
        *byte = one(i)?;
    }
    let c = std::str::from_utf8(&whole[..count]).ok()?.chars().next()?;
    Some((count * (prefix + 2), c))
}

/// Four digits of base sixteen.
pub(super) fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 4)?;
    digits.iter().try_fold(0, |n, d| Some(n * 16 + hex(*d)?))
}

fn hex(digit: u8) -> Option<u32> {
    char::from(digit).to_digit(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_characters_beyond_ascii() {
        for text in [
            r"\u5f20",
            r"\\u5F20",
            r"\\\\u5f20",
            r"\xE5\xBC\xA0",
            r"\\xe5\\xbc\\xa0",
            "%E5%BC%A0",
            "%u5F20",
        ] {
            assert_eq!(
                code(&format!("{text}三")),
                Some((text.len(), '张')),
                "{text}"
            );
        }
        assert_eq!(code(r"\ud842\udfb7"), Some((12, '𠮷')));
        assert_eq!(code("%F0%A0%AE%B7"), Some((12, '𠮷')));
        assert_eq!(code(r"\\ud842\\udfb7"), Some((14, '𠮷')));
    }

    #[test]
    fn what_is_no_code_stays() {
        for text in [
            "",
            "%",
            r"\",
            r"\u5f2",
            r"\u0041",
            r"\ud842",
            r"\ud842\u5f20",
            r"\ud842\\udfb7",
            r"\xE5\xBC",
            r"\xE5\xBCA0",
            r"\xD5\xC5",
            "%41",
            "%E5%BC",
            "%E5%BC%",
            "%u00",
            r"\users",
            "u5f20",
            r"\\\\\\\\\\\u5f20",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn ascii_among_codes() {
        let text = "%7B%22a%22%3A%2213800138000%22%2C";
        let read = |at: usize| ascii_code(text, at).map(|(_, c)| c);
        assert_eq!(
            (read(0), read(3), read(13)),
            (Some('{'), Some('"'), Some('"'))
        );
        assert_eq!(ascii_code("满50%20元", "满50".len()), None);
        assert_eq!(ascii_code("%0A%0A", 0), None);
    }
}
