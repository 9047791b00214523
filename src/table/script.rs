//! Traditional characters mapped one to one to simplified ones.

use std::sync::LazyLock;

static RAW: &str = include_str!("raw/script.tsv");

/// `MAP[c]` for a BMP code point: the simplified form, or the character itself.
static MAP: LazyLock<Box<[u16]>> = LazyLock::new(|| {
    let mut map: Box<[u16]> = (0..=u16::MAX).collect();
    for (from, to) in pairs() {
        map[from as usize] = to as u16;
    }
    map
});

/// Every traditional character with its simplified form.
pub(crate) fn pairs() -> impl Iterator<Item = (char, char)> {
    let lines = RAW.lines().filter(|l| !l.starts_with('#'));
    lines.flat_map(|line| {
        let mut chars = line.chars();
        std::iter::from_fn(move || Some((chars.next()?, chars.next()?)))
    })
}

/// The simplified form of a character; itself where there is none. Byte length in UTF-8 never changes.
///
/// ```
/// use miandan::table::script::to_simplified;
/// assert_eq!(to_simplified('張'), '张');
/// assert_eq!(to_simplified('a'), 'a');
/// ```
#[inline]
pub fn to_simplified(c: char) -> char {
    if (c as u32) < 0x3400 {
        return c;
    }
    match MAP.get(c as usize) {
        Some(&s) => char::from_u32(u32::from(s)).unwrap_or(c),
        None => c,
    }
}

/// A bit for every character that has another simplified form: small enough to stay in the first cache.
static TRADITIONAL: LazyLock<Box<[u64]>> = LazyLock::new(|| {
    let mut bits = vec![0_u64; 1024].into_boxed_slice();
    for (c, &simple) in MAP.iter().enumerate() {
        bits[c >> 6] |= u64::from(c != usize::from(simple)) << (c & 63);
    }
    bits
});

/// A text with every traditional character replaced; offsets are unchanged.
pub fn simplify(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    simplify_into(text, &mut out);
    out
}

/// Appends a text with every traditional character replaced.
pub(crate) fn simplify_into(text: &str, out: &mut String) {
    let bits = &*TRADITIONAL;
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        let word = bits.get(c as usize >> 6).copied().unwrap_or(0);
        if word >> (c as usize & 63) & 1 != 0 {
            out.push_str(&text[copied..at]);
            out.push(to_simplified(c));
            copied = at + c.len_utf8();
        }
    }
    out.push_str(&text[copied..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mapping_keeps_byte_lengths() {
        for (c, &s) in MAP.iter().enumerate() {
            if let (Some(c), Some(s)) = (char::from_u32(c as u32), char::from_u32(u32::from(s))) {
                assert_eq!(c.len_utf8(), s.len_utf8(), "{c} {s}");
            }
        }
        assert_eq!(simplify("廣東省東莞市虎門鎮"), "广东省东莞市虎门镇");
    }
}
