//! What stands between two chunks of digits.

use super::glyph::invisible;

/// What stands between two chunks of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// Nothing that can be seen.
    None,
    /// Up to three blanks.
    Space,
    /// Up to four separators; the first of them.
    Mark(char),
    /// A line break or `<br>`.
    Break,
    /// An interjection, an emoji or a remark in brackets; its first character.
    Filler(char),
    /// Anything else: no number reaches across it.
    Wall,
}

/// Longest gap that is looked at, in bytes.
const LONGEST: usize = 24;

/// Whether a glance shows that a wall stands in `from..to`, as it does in most cases.
#[inline]
pub(super) fn is_plain_wall(bytes: &[u8], from: usize, to: usize) -> bool {
    to - from > LONGEST || from < to && is_ascii_wall(bytes[from])
}

/// What stands in `from..to`.
#[inline]
pub(super) fn between(text: &str, from: usize, to: usize) -> Gap {
    let bytes = text.as_bytes();
    match to - from {
        0 => return Gap::None,
        1 => return SINGLE[usize::from(bytes[from])],
        2..=LONGEST if !is_ascii_wall(bytes[to - 1]) => {}
        _ => return Gap::Wall,
    }
    // One or two Han characters between house numbers, and more of them, are what mostly stands between digits.
    let han = |at: usize| at < to && matches!(bytes[at], 0xE4..=0xE9);
    if han(from) {
        let one = to - from == 3;
        if one || to - from == 6 && han(from + 3) {
            let [a, b, c] = [bytes[from], bytes[from + 1], bytes[from + 2]].map(u32::from);
            let code = (a & 0x0F) << 12 | (b & 0x3F) << 6 | c & 0x3F;
            return char::from_u32(code).map_or(Gap::Wall, Gap::Filler);
        }
        let wall = ASCII_WALLS[usize::from(bytes[from + 3])] && !bytes[from..to].contains(&b'<');
        if wall || han(from + 3) && han(from + 6) {
            return Gap::Wall;
        }
    }
    text.get(from..to).map_or(Gap::Wall, classify)
}

/// The gap that one byte is.
static SINGLE: [Gap; 256] = {
    let mut gaps = [Gap::Wall; 256];
    let mut b = 0;
    while b < 128_u8 {
        gaps[b as usize] = match b {
            b'\n' => Gap::Break,
            b' ' | b'\t'..=b'\r' => Gap::Space,
            mark if is_mark(mark as char) => Gap::Mark(mark as char),
            _ => Gap::Wall,
        };
        b += 1;
    }
    gaps
};

/// ASCII characters that are a wall wherever they stand, but for the letters of a tag.
static ASCII_WALLS: [bool; 256] = {
    let mut walls = [false; 256];
    let mut b = 0;
    while b < 128_u8 {
        let mark = matches!(
            b,
            b',' | b'"'
                | b'\''
                | b'('
                | b')'
                | b'['
                | b']'
                | b'{'
                | b'}'
                | b'|'
                | b'&'
                | b'%'
                | b'@'
                | b'$'
                | b'?'
                | b'!'
        );
        walls[b as usize] = mark || b.is_ascii_alphanumeric();
        b += 1;
    }
    walls
};

#[inline]
fn is_ascii_wall(b: u8) -> bool {
    ASCII_WALLS[usize::from(b)]
}

/// The gap that `between` is.
pub(crate) fn classify(between: &str) -> Gap {
    if between.is_empty() {
        return Gap::None;
    }
    if between.len() > LONGEST {
        return Gap::Wall;
    }
    // Most of what stands between digits is a wall, and seen to be one without reading it.
    let bytes = between.as_bytes();
    if is_ascii_wall(bytes[0]) || bytes.iter().any(|b| is_ascii_wall(*b)) && !bytes.contains(&b'<')
    {
        return Gap::Wall;
    }
    let (mut blanks, mut marks, mut breaks, mut other) = (0, None, 0, 0);
    let mut first_other = ' ';
    let mut rest = between;
    while let Some(c) = rest.chars().next() {
        let mut len = c.len_utf8();
        if let Some(tag) = break_tag(rest) {
            breaks += 1;
            len = tag;
        } else if c == '\n' {
            breaks += 1;
        } else if c.is_whitespace() {
            blanks += 1;
        } else if is_mark(c) {
            if marks.is_some_and(|m| m != c) {
                return Gap::Wall;
            }
            marks = Some(c);
        } else if !invisible(c) {
            if c.is_ascii() || is_wall(c) {
                return Gap::Wall;
            }
            if other == 0 {
                first_other = c;
            }
            other += 1;
        }
        rest = &rest[len..];
    }
    let bracketed = between.starts_with(['（', '【']) && between.ends_with(['）', '】']);
    match (marks, breaks, other) {
        (None, 0, 0) if blanks == 0 => Gap::None,
        (None, 0, 0) if blanks <= 3 => Gap::Space,
        (Some(m), 0, 0) if between.chars().count() <= 4 => Gap::Mark(m),
        (None, 1..=2, 0) if blanks <= 8 => Gap::Break,
        (None, 0, 1..=2) if blanks <= 2 => Gap::Filler(first_other),
        (None, 0, 3..=5) if bracketed => Gap::Filler(first_other),
        _ => Gap::Wall,
    }
}

/// Whether a character may part the digits of a number.
pub(crate) const fn is_mark(c: char) -> bool {
    matches!(
        c,
        '-' | '–'
            | '—'
            | '－'
            | '‐'
            | '‑'
            | '‒'
            | '―'
            | '−'
            | '.'
            | '．'
            | '·'
            | '。'
            | '•'
            | '・'
            | '∙'
            | '⋅'
            | '_'
            | '＿'
            | '/'
            | '／'
            | '*'
            | '＊'
            | '~'
            | '～'
            | '，'
            | '、'
            | '+'
            | '＋'
            | '='
            | '＝'
            | '\\'
            | ':'
            | '：'
            | ';'
            | '；'
            | '#'
            | '＃'
            | '^'
            | '＾'
            | '…'
    )
}

/// Punctuation that closes one thing and opens another.
fn is_wall(c: char) -> bool {
    matches!(
        c,
        '“' | '”' | '「' | '」' | '《' | '》' | '？' | '！' | '｜' | '￥' | '℃' | '㎡' | '°'
    )
}

/// The length of a `<br>` tag at the start of `rest`.
fn break_tag(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let named = bytes.len() >= 4 && bytes[0] == b'<' && bytes[1..3].eq_ignore_ascii_case(b"br");
    if !named {
        return None;
    }
    let end = bytes.iter().take(6).position(|b| *b == b'>')?;
    bytes[3..end]
        .iter()
        .all(|b| matches!(b, b' ' | b'/'))
        .then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_told_apart() {
        assert_eq!(classify("\u{FE0F}\u{20E3}"), Gap::None);
        assert_eq!(classify("\u{3000}"), Gap::Space);
        assert_eq!(classify(" - "), Gap::Mark('-'));
        assert_eq!(classify("<br/>\n"), Gap::Break);
        assert_eq!(classify("减"), Gap::Filler('减'));
        assert_eq!(classify("（去掉）"), Gap::Filler('（'));
        assert_eq!(classify(","), Gap::Wall);
        assert_eq!(classify("\",\""), Gap::Wall);
        for text in [
            "号",
            "号楼",
            "号楼梯",
            " - ",
            "号\n单号：YT",
            "<br/>\n",
            ",a",
            "号室,",
        ] {
            assert_eq!(between(text, 0, text.len()), classify(text), "{text}");
        }
    }
}
