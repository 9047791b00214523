//! Labels and keys directly before a value: `电话：`, `收件人 `, `"mobile":`.
//!
//! Nothing is searched for: a label is looked up backwards from a candidate that is being judged, so text without
//! candidates pays nothing.

use crate::span::Span;
use crate::table::field::{self, Field};
use crate::table::words::{self, Words};
use crate::text::class::{byte_set, is_han};

/// A label that stands directly before a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// What the label says.
    pub field: Field,
    /// The label's own bytes in the text, separators excluded.
    pub span: Span,
    /// Whether a colon, equals sign or similar mark stands between label and value.
    pub marked: bool,
}

/// How far back a label may begin, in bytes.
const BACK: usize = 64;

/// Most characters of a label.
const WORD: usize = 24;

/// ASCII characters that part values and stand in no label: where one of them touches the value, there is no label.
static PARTS: [bool; 256] = byte_set(b",;|.{}!?%&@$+~^\\<#");

/// The label directly before byte `at` of `text`.
///
/// Between label and value may stand spaces, one line break, quotes, and a mark (`:`, `：`, `=`, `是`, `为`), and a remark
/// in brackets (`电话(白天)`). The longest known word that ends there wins. `at` must lie on a character boundary.
///
/// ```
/// use miandan::anchor::labels::label_before;
/// use miandan::table::field::Role;
/// let text = r#"{"receiver_mobile":"13800138000"}"#;
/// let label = label_before(text, text.find('1').unwrap()).unwrap();
/// assert_eq!(label.field.role, Role::Mobile);
/// assert!(label.marked);
/// ```
pub fn label_before(text: &str, at: usize) -> Option<Label> {
    label_before_in(text, at, &words::NONE)
}

/// The key of a JSON object whose value is the whole string at `span`: `nm` for 张伟 in `{"nm": "张伟"}`.
pub(crate) fn json_key(text: &str, span: Span) -> Option<&str> {
    let head = text[..span.start].strip_suffix('"')?.trim_end();
    let head = head.strip_suffix(':')?.trim_end().strip_suffix('"')?;
    let from = memchr::memrchr(b'"', head.as_bytes())? + 1;
    text[span.end..].starts_with('"').then_some(&head[from..])
}

/// As [`label_before`], with words of the caller's own.
pub(crate) fn label_before_in(text: &str, at: usize, own: &Words) -> Option<Label> {
    let last = text.as_bytes()[..at].last()?;
    if PARTS[usize::from(*last)] {
        return None;
    }
    let mut low = at.saturating_sub(BACK);
    while !text.is_char_boundary(low) {
        low += 1;
    }
    let window = &text[low..at];
    let mut marked = false;
    let mut breaks = 0;
    let mut head = window.trim_end_matches(|c: char| match c {
        '：' | ':' | '=' | '﹕' | '∶' | '>' | '】' | ']' | '→' => {
            marked = true;
            true
        }
        '\n' => {
            breaks += 1;
            breaks == 1
        }
        c => c.is_whitespace() || matches!(c, '"' | '\'' | '“' | '「' | '*' | '`' | '(' | '（'),
    });
    if breaks > 1 || (breaks == 1 && !marked) {
        return None;
    }
    if let Some(rest) = head.strip_suffix(['是', '为', '為']) {
        head = rest;
        marked = true;
    }
    if let Some(open) = head
        .strip_suffix([')', '）'])
        .and_then(|h| h.rfind(['(', '（']))
    {
        head = &head[..open];
    }
    // `mobile_2023:` is a key; before a value without a mark more digits are another value.
    let digits = if marked { head.len() } else { field::COUNTER };
    if own.is_empty() && !field::may_end_with_a_word(head, digits) {
        return None;
    }
    let end = low + head.len();
    // The word: letters and digits back to the first mark. Latin words may hold _ - and spaces are not part of labels.
    let mut starts = [0; WORD];
    let mut n = han_tail(head);
    let han = n > 0;
    for (i, start) in starts[..n].iter_mut().enumerate() {
        *start = head.len() - 3 * (i + 1);
    }
    if !han {
        for (i, c) in head.char_indices().rev() {
            if !is_of_a_word(c) || n == starts.len() {
                break;
            }
            starts[n] = i;
            n += 1;
        }
    }
    if n == 0 {
        return None;
    }
    // Normalised once, from the longest start on; every shorter word is an ending of it. Most labels are Han, and are so already.
    let longest = &head[starts[n - 1]..];
    let mut written = String::new();
    let mut offsets = [0; WORD];
    let normal = if han || longest.chars().all(is_han) {
        for (offset, start) in offsets.iter_mut().zip(starts[..n].iter().rev()) {
            *offset = start - starts[n - 1];
        }
        longest
    } else {
        for (offset, c) in offsets.iter_mut().zip(longest.chars()) {
            *offset = written.len();
            field::normalize_char(c, &mut written);
        }
        &written
    };
    // Longest first: 收件人电话 before 电话.
    for (i, &start) in starts[..n].iter().rev().enumerate() {
        let word = &head[start..];
        // A Latin word is matched whole, never by its tail.
        let inside = head[..start]
            .chars()
            .next_back()
            .is_some_and(|p| p.is_ascii_alphanumeric() || p == '_');
        if inside && word.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        if word.len() <= field::LONGEST
            && let Some(found) = own
                .exact(&normal[offsets[i]..])
                .or_else(|| field::exact(&normal[offsets[i]..]))
        {
            let single = i + 1 == n;
            if single && !marked {
                continue;
            }
            return Some(Label {
                field: found,
                span: Span::new(low + start, end),
                marked,
            });
        }
    }
    // A key or header-like word of Latin letters, by its ending: buyer_receiver_name.
    if marked {
        let word = &head[starts[n - 1]..];
        if let Some(found) = own.field_of(word) {
            return Some(Label {
                field: found,
                span: Span::new(low + starts[n - 1], end),
                marked,
            });
        }
    }
    None
}

/// Whether a character may stand in a label.
fn is_of_a_word(c: char) -> bool {
    is_han(c) || c.is_alphanumeric() || matches!(c, '_' | '-' | '/')
}

/// Number of characters of the word that a text ends with, if they are Han characters of the first block and few, as in most labels; else
/// 0.
fn han_tail(text: &str) -> usize {
    let (_, threes) = text.as_bytes().as_rchunks::<3>();
    let han = |three: &&[u8; 3]| matches!(**three, [0xE5..=0xE9, ..] | [0xE4, 0xB8..=0xBF, _]);
    let n = threes.iter().rev().take(WORD + 1).take_while(han).count();
    let before = text[..text.len() - 3 * n].chars().next_back();
    if n > WORD || before.is_some_and(is_of_a_word) {
        return 0;
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::field::{Party, Role};

    #[test]
    fn keys_of_whole_strings() {
        let key = |text: &str| {
            let start = text.find("张伟").expect("there");
            json_key(text, Span::new(start, start + 6)).map(str::to_owned)
        };
        assert_eq!(key("{\"a\":1, \"nm\" : \"张伟\"}").as_deref(), Some("nm"));
        assert_eq!(key("{\"nm\":\"张伟先生\"}"), None);
        assert_eq!(key("{\"nm\":[\"张伟\"]}"), None);
        assert_eq!(key("张伟\""), None);
    }

    fn role(text: &str) -> Option<(Role, Party)> {
        label_before(text, text.len()).map(|l| (l.field.role, l.field.party))
    }

    #[test]
    fn labels_in_many_dresses() {
        assert_eq!(role("收件人："), Some((Role::Name, Party::Receiver)));
        assert_eq!(role("请记下电话 "), Some((Role::Mobile, Party::Unknown)));
        assert_eq!(role("电话(白天)"), Some((Role::Mobile, Party::Unknown)));
        assert_eq!(role("寄件人电话:"), Some((Role::Mobile, Party::Sender)));
        assert_eq!(
            role("\"订单编号\":\""),
            Some((Role::OrderId, Party::Unknown))
        );
        assert_eq!(role("地址：\n"), Some((Role::Address, Party::Unknown)));
        assert_eq!(role("【单号】"), Some((Role::Waybill, Party::Unknown)));
    }

    #[test]
    fn the_word_of_han_characters_that_a_text_ends_with() {
        for (text, n) in [
            ("，电话", 2),
            ("电话", 2),
            ("的电话", 3),
            ("a电话", 0),
            ("㐀电话", 0),
            ("电话1", 0),
            ("", 0),
        ] {
            assert_eq!(han_tail(text), n, "{text}");
        }
        assert_eq!(han_tail(&"电".repeat(WORD)), WORD);
        assert_eq!(han_tail(&"电".repeat(WORD + 1)), 0);
    }

    #[test]
    fn no_label_across_two_lines_or_without_a_word() {
        assert_eq!(role("电话\n"), None);
        assert_eq!(role("电话：\n\n"), None);
        assert_eq!(role("，"), None);
        assert_eq!(role(""), None);
        assert_eq!(
            role("microphone:").map(|r| r.0),
            Some(Role::Mobile).filter(|_| false)
        );
    }
}
