//! Labels and keys directly before a value: `电话：`, `收件人 `, `"mobile":`.
//!
//! Nothing is searched for: a label is looked up backwards from a candidate that is being judged, so text without
//! candidates pays nothing.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

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

/// Words between a label and its value, which count as a mark.
const COPULAS: [char; 3] = ['是', '为', '為'];

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
    if own.is_empty()
        && let Some(label) = short_label(&text.as_bytes()[..at])
    {
        debug_assert_eq!(any_label(text, at, own), Some(label));
        return Some(label);
    }
    any_label(text, at, own)
}

/// As [`label_before_in`], however the label is written.
#[inline(never)]
fn any_label(text: &str, at: usize, own: &Words) -> Option<Label> {
    let mut low = at.saturating_sub(BACK);
    while !text.is_char_boundary(low) {
        low += 1;
    }
    let (head, marked) = before_dress(&text[low..at])?;
    // `mobile_2023:` is a key; before a value without a mark more digits are another value.
    let digits = if marked { head.len() } else { field::COUNTER };
    if own.is_empty() && !field::may_end_with_a_word(head, digits) {
        return None;
    }
    let (start, field) = match han_tail(head) {
        0 => known_word(head, marked, own),
        n => known_han_word(head, n, marked, own),
    }?;
    Some(Label {
        field,
        span: Span::new(low + start, low + head.len()),
        marked,
    })
}

/// Most Han characters of a [`short_label`].
const SHORT: usize = 5;

/// The known words of so few Han characters by their bytes as a number, the last byte highest.
static SHORT_WORDS: LazyLock<FxHashMap<u128, Field>> = LazyLock::new(|| {
    let is_short = |word: &str| word.len() <= 3 * SHORT && word.chars().all(is_han);
    let number = |word: &str| word.bytes().rfold(0, |n, byte| n << 8 | u128::from(byte));
    field::words()
        .filter(|(word, _)| is_short(word) && !word.ends_with(COPULAS))
        .map(|(word, field)| (number(word), field))
        .collect()
});

/// A label at the end of a text as most are written: one known word of a few Han characters, with a colon behind it and no word
/// before it.
#[inline]
fn short_label(text: &[u8]) -> Option<Label> {
    let ([head @ .., b':' | b'='] | [head @ .., 0xEF, 0xBC, 0x9A]) = text else {
        return None;
    };
    let (mut rest, mut n) = (head, 0);
    while let [before @ .., a, b, c] = rest
        && n < SHORT
        && is_plain_han([*a, *b, *c])
    {
        rest = before;
        n += 1;
    }
    let parted = rest
        .last()
        .is_none_or(|b| b.is_ascii() && !is_of_a_word(char::from(*b)));
    if n == 0 || !parted {
        return None;
    }
    let bytes = head.last_chunk().copied().unwrap_or_else(|| {
        let mut bytes = [0; 16];
        bytes[16 - head.len()..].copy_from_slice(head);
        bytes
    });
    let word = u128::from_le_bytes(bytes) >> (128 - 24 * n);
    Some(Label {
        field: *SHORT_WORDS.get(&word)?,
        span: Span::new(rest.len(), head.len()),
        marked: true,
    })
}

/// The end of a text that makes its label whatever stands before it, by which the same label is known again. A colon or an equals
/// sign ends it.
#[derive(Clone, Copy)]
pub(crate) struct Ending {
    /// Its bytes as a number, the last one highest.
    bytes: u128,
    /// The bits of sixteen bytes that are no part of it.
    others: u32,
}

impl Ending {
    /// No text ends so.
    pub(crate) const NONE: Ending = Ending {
        bytes: u128::MAX,
        others: 0,
    };

    /// What makes the label at the end of a text, if it is so simple.
    pub(crate) fn of(text: &[u8], own: &Words) -> Option<Ending> {
        let label = short_label(text).filter(|_| own.is_empty())?;
        let len = text.len() - label.span.start.checked_sub(1)?;
        let others = 128 - 8 * u32::try_from(len).ok()?.min(16);
        let bytes = u128::from_le_bytes(*text.last_chunk()?) >> others;
        (len <= 16).then_some(Ending { bytes, others })
    }

    #[inline]
    pub(crate) fn ends(self, text: &[u8]) -> bool {
        let last = text.last_chunk().copied().map(u128::from_le_bytes);
        last.is_some_and(|last| last >> self.others == self.bytes)
    }
}

/// A text without marks, spaces, quotes and remarks at its end, and whether a mark was among them; `None` where these part a label
/// from its value.
fn before_dress(text: &str) -> Option<(&str, bool)> {
    let (mut marked, mut breaks) = (false, 0);
    let mut head = text.trim_end_matches(|c: char| match c {
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
    if let Some(rest) = head.strip_suffix(COPULAS) {
        head = rest;
        marked = true;
    }
    if let Some(open) = head
        .strip_suffix([')', '）'])
        .and_then(|h| h.rfind(['(', '（']))
    {
        head = &head[..open];
    }
    Some((head, marked))
}

/// Where the longest known word begins that a text ends with, given that its last word is so many Han characters, and its field.
fn known_han_word(head: &str, n: usize, marked: bool, own: &Words) -> Option<(usize, Field)> {
    // Longest first: 收件人电话 before 电话. One character needs a mark.
    let fewest = if marked { 1 } else { 2 };
    let most = n.min(field::LONGEST / 3);
    let mut starts = (fewest..=most).rev().map(|n| head.len() - 3 * n);
    let known = |start| Some((start, exact(&head[start..], own)?));
    starts.find_map(known).or_else(|| {
        let start = head.len() - 3 * n;
        let field = marked.then(|| own.field_of(&head[start..])).flatten()?;
        Some((start, field))
    })
}

/// The same of a text whose last word has other characters too.
fn known_word(head: &str, marked: bool, own: &Words) -> Option<(usize, Field)> {
    // The word: letters and digits back to the first mark. Latin words may hold _ - and spaces are not part of labels.
    let mut starts = [0; WORD];
    let mut n = 0;
    for (i, c) in head.char_indices().rev() {
        if !is_of_a_word(c) || n == starts.len() {
            break;
        }
        starts[n] = i;
        n += 1;
    }
    let first = *starts[..n].last()?;
    // Normalised once, from the longest start on; every shorter word is an ending of it.
    let longest = &head[first..];
    let mut normal = field::Word::new();
    let mut offsets = [0; WORD];
    for (offset, c) in offsets.iter_mut().zip(longest.chars()) {
        *offset = normal.len();
        field::normalize_char(c, &mut normal);
    }
    for (i, &start) in starts[..n].iter().rev().enumerate() {
        // A Latin word is matched whole, never by its tail.
        let inside = head[..start]
            .chars()
            .next_back()
            .is_some_and(|p| p.is_ascii_alphanumeric() || p == '_');
        if inside && head[start..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        let single = i + 1 == n;
        if head.len() - start <= field::LONGEST
            && (marked || !single)
            && let Some(field) = exact(&normal[offsets[i]..], own)
        {
            return Some((start, field));
        }
    }
    // A key or header-like word of Latin letters, by its ending: buyer_receiver_name.
    let field = marked.then(|| own.field_of(longest)).flatten()?;
    Some((first, field))
}

/// What a normalised word says: the caller's own, else the built-in one.
fn exact(normal: &str, own: &Words) -> Option<Field> {
    own.exact(normal).or_else(|| field::exact(normal))
}

/// Whether a character may stand in a label.
fn is_of_a_word(c: char) -> bool {
    is_han(c) || c.is_alphanumeric() || matches!(c, '_' | '-' | '/')
}

/// Number of characters of the word that a text ends with, if they are Han characters of the first block and few, as in most labels; else
/// 0.
fn han_tail(text: &str) -> usize {
    let (_, threes) = text.as_bytes().as_rchunks::<3>();
    let ends = threes.iter().rev().take(WORD + 1);
    let n = ends.take_while(|three| is_plain_han(**three)).count();
    let head = &text[..text.len() - 3 * n];
    let before = match head.as_bytes().last() {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        _ => head.chars().next_back(),
    };
    if n > WORD || before.is_some_and(is_of_a_word) {
        return 0;
    }
    n
}

/// Whether the last three bytes of a text are a Han character of the first block.
fn is_plain_han(three: [u8; 3]) -> bool {
    matches!(three, [0xE5..=0xE9, ..] | [0xE4, 0xB8..=0xBF, _])
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
    fn short_labels_are_like_others() {
        for (word, _) in field::words() {
            for before in ["", "，", "的", "a", "_", "\n", "柯慧明,"] {
                for mark in ["：", ":", "=", " "] {
                    let text = format!("{before}{word}{mark}");
                    // In debug builds it is compared with that of the long way.
                    let label = label_before(&text, text.len());
                    let Some(ending) = Ending::of(text.as_bytes(), &words::NONE) else {
                        continue;
                    };
                    let other = format!("柯慧明{}", &text[before.len() - 1..]);
                    let again = label_before(&other, other.len());
                    assert!(label.is_some() && ending.ends(other.as_bytes()), "{text}");
                    assert_eq!(again.map(|l| l.field), label.map(|l| l.field), "{text}");
                    assert!(!ending.ends(word.as_bytes()) && !Ending::NONE.ends(text.as_bytes()));
                }
            }
        }
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
