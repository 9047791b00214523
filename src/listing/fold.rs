//! The text of a listing with the tricks against word filters undone.

use crate::table::script::to_simplified;

/// A folded listing.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// Lower case, simplified characters, half-width forms, plain digits; separators inside words dropped.
    pub text: String,
    /// The same, character by character.
    pub chars: Vec<char>,
    /// Separators that were dropped inside words.
    pub split: u32,
}

/// Folds the parts of a listing into one text, a line break between them.
pub(super) fn fold(parts: &[&str]) -> Folded {
    let mut chars: Vec<char> = Vec::with_capacity(parts.iter().map(|p| p.len() / 2).sum());
    for part in parts {
        chars.extend(part.chars().filter_map(fold_char));
        chars.push('\n');
    }
    chars.pop();
    let mut folded = Folded {
        text: String::with_capacity(chars.len() * 3),
        split: 0,
        chars: Vec::new(),
    };
    // The separators to drop are few, so the list is looked at as it was and shortened at the end.
    let mut dropped = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        if (may_split(*c) && splits_word(&chars, at)) || (is_bracket(*c) && boxes_word(&chars, at))
        {
            dropped.push(at);
        } else {
            folded.text.push(*c);
        }
    }
    folded.split = dropped.len() as u32;
    if !dropped.is_empty() {
        let mut gone = dropped.into_iter().peekable();
        let mut at = 0;
        chars.retain(|_| {
            at += 1;
            gone.next_if_eq(&(at - 1)).is_none()
        });
    }
    folded.chars = chars;
    folded
}

/// One character; `None` for those that only hide words: zero width, variation selectors, combining enclosures.
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

/// Whether a character is one of those put inside words.
const fn may_split(c: char) -> bool {
    is_odd(c) || c == ' '
}

const fn is_odd(c: char) -> bool {
    matches!(
        c,
        '.' | '_' | '*' | '~' | '·' | '^' | '`' | '•' | '-' | '丨' | '|'
    )
}

/// Whether the character at `at` separates the characters of one word: `面.单`, `姓 名 电 话`, `m_d`.
fn splits_word(chars: &[char], at: usize) -> bool {
    let c = chars[at];
    let odd = is_odd(c);
    let before = |n: usize| at.checked_sub(n).and_then(|i| chars.get(i)).copied();
    let after = |n: usize| chars.get(at + n).copied();
    let (Some(left), Some(right)) = (before(1), after(1)) else {
        return false;
    };
    let alone = |outer: Option<char>| outer.is_none_or(|o| !o.is_alphanumeric());
    if is_han(left) && is_han(right) {
        return match c {
            '.' | '_' | '~' | '^' | '`' | '*' => true,
            _ => alone(before(2)) && alone(after(2)),
        };
    }
    odd && left.is_ascii_lowercase()
        && right.is_ascii_lowercase()
        && alone(before(2))
        && after(2).is_none_or(|o| !o.is_ascii_alphanumeric())
}

/// An opening and a closing bracket for each pair that sellers put around single characters.
const OPEN: [char; 9] = ['(', '[', '{', '【', '﹝', '〔', '「', '『', '〖'];
const CLOSE: [char; 9] = [')', ']', '}', '】', '﹞', '〕', '」', '』', '〗'];

fn is_bracket(c: char) -> bool {
    OPEN.contains(&c) || CLOSE.contains(&c)
}

/// Whether the bracket at `at` belongs to a word whose characters stand in brackets one by one: `﹝面﹞﹝单﹞`.
fn boxes_word(chars: &[char], at: usize) -> bool {
    let boxed = |from: Option<usize>| {
        let Some([open, inner, close]) = from.and_then(|f| chars.get(f..f + 3)) else {
            return false;
        };
        is_han(*inner)
            && OPEN
                .iter()
                .position(|o| o == open)
                .is_some_and(|pair| CLOSE[pair] == *close)
    };
    let start = if OPEN.contains(&chars[at]) {
        Some(at)
    } else {
        at.checked_sub(2)
    };
    boxed(start) && (boxed(start.map(|s| s + 3)) || boxed(start.and_then(|s| s.checked_sub(3))))
}

/// Whether a character is a Han character.
pub(super) const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tricks_are_undone() {
        for (text, folded, split) in [
            ("快遞麵單 ①⑤⑧", "快递面单 158", 0),
            ("面.单数_据", "面单数据", 2),
            ("姓 名 电 话 齐全", "姓名电话 齐全", 3),
            ("m_d资料，５万", "md资料,5万", 1),
            ("打印纸 76*130", "打印纸 76*130", 0),
            ("壹元 面\u{200B}单", "一元 面单", 0),
            ("﹝面﹞﹝单﹞【信】【息】 (新)", "面单信息 (新)", 8),
        ] {
            let out = fold(&[text]);
            assert_eq!(out.chars.iter().collect::<String>(), out.text);
            assert_eq!((out.text.as_str(), out.split), (folded, split), "{text}");
        }
        assert_eq!(fold(&["a", "b"]).text, "a\nb");
    }
}
