//! Folds that keep the meaning of a text.

use super::class::byte_set;
use super::codes::{ascii_code, code, hex4};
use super::offset::{Edit, OffsetMap};
use super::tags::fold_tags;
use super::triples::{ANY, Triples};

/// How a format writes characters that it cannot write as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Escapes {
    /// The text stands as it is, but for characters written as codes.
    #[default]
    None,
    /// `\n`, `\"`, `\u4e00` … inside JSON strings.
    Json,
    /// `\n`, `\'`, `\"` … inside SQL string literals.
    Sql,
    /// `&amp;`, `&#19968;` … in HTML and XML.
    Html,
}

/// Folds `source` into `out` and records every change of length in `map`.
///
/// Folded are: full-width letters and digits, the ideographic and no-break space, zero-width and soft-hyphen characters,
/// the format's escapes, and in every format characters beyond ASCII that are written as codes (`\\u5f20`, `\\xE5\\xBC\\xA0`,
/// `%E5%BC%A0`). In HTML tags that only change how a piece of text looks (`138<b>0013</b>8000`) go, and those that part
/// lines and cells become line breaks and tabs. Returns `false`, with `out` and `map` empty, when there is nothing to fold, so that
/// the caller can go on with `source` itself.
///
/// ```
/// use miandan::text::{Escapes, OffsetMap, fold};
/// let (mut out, mut map) = (String::new(), OffsetMap::default());
/// assert!(!fold("电话13800138000", Escapes::None, &mut out, &mut map));
/// assert!(fold("电话１３８", Escapes::None, &mut out, &mut map));
/// assert_eq!(out, "电话138");
/// assert_eq!(map.end_to_source(9), "电话１３８".len());
/// ```
pub fn fold(source: &str, escapes: Escapes, out: &mut String, map: &mut OffsetMap) -> bool {
    let heads = match escapes {
        Escapes::Html => &HTML_HEADS,
        Escapes::None | Escapes::Json | Escapes::Sql => &HEADS,
    };
    out.clear();
    map.clear();
    let mut copied = 0;
    for at in heads.hits(source.as_bytes()) {
        let found = (at >= copied).then(|| fold_at(source, at, escapes));
        let Some((len, to)) = found.flatten() else {
            continue;
        };
        out.push_str(&source[copied..at]);
        let view = out.len();
        if let Some(c) = to {
            out.push(c);
        }
        let view_len = out.len() - view;
        if view_len != len {
            map.push(Edit {
                view,
                view_len,
                source: at,
                source_len: len,
            });
        }
        copied = at + len;
    }
    if copied == 0 {
        out.clear();
        return false;
    }
    out.push_str(&source[copied..]);
    true
}

/// The characters that are folded wherever they stand: spaces and what has no width, and full-width letters and digits.
const CHARACTERS: Triples = Triples::new()
    .members("\u{3000}\u{2060}\u{FEFF}")
    .members("\u{200B}\u{200C}\u{200D}\u{200E}\u{200F}")
    .members("０１２３４５６７８９")
    .members("ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ")
    .members("ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ");

/// With what whatever is folded outside HTML begins.
static HEADS: Triples = CHARACTERS
    .bytes([b"\xC2", b"\xA0\xAD", ANY])
    .bytes([b"\\", ANY, ANY])
    .bytes([b"%", ANY, ANY]);

/// With what whatever is folded in HTML begins.
static HTML_HEADS: Triples = CHARACTERS
    .bytes([b"\xC2\n", ANY, ANY])
    .bytes([b"\\<", ANY, ANY])
    .bytes([b"%&", ANY, ANY]);

/// The bytes that whatever is folded begins with, the last three in HTML only.
static IS_HEAD: [bool; 256] = byte_set(b"\xC2\xE2\xE3\xEF\\%&<\n");

/// A quick look at a short text: whether [`fold`] may change it.
pub(super) fn may_change(text: &str) -> bool {
    text.bytes().any(|b| IS_HEAD[usize::from(b)])
}

/// The fold at byte `at`: source length and the character that takes its place.
fn fold_at(source: &str, at: usize, escapes: Escapes) -> Option<(usize, Option<char>)> {
    let rest = source.get(at..)?;
    let c = rest.chars().next()?;
    match c {
        '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => {
            Some((3, char::from_u32(c as u32 - 0xFEE0)))
        }
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' => Some((c.len_utf8(), None)),
        '\u{3000}' | '\u{A0}' => Some((c.len_utf8(), Some(' '))),
        '\\' => {
            let coded = code(rest).map(|(len, c)| (len, Some(c)));
            coded.or_else(|| match escapes {
                Escapes::Json => json_escape(rest),
                Escapes::Sql => sql_escape(rest),
                Escapes::None | Escapes::Html => None,
            })
        }
        '%' => {
            let coded = code(rest).or_else(|| ascii_code(source, at));
            coded.map(|(len, c)| (len, Some(c)))
        }
        '&' if escapes == Escapes::Html => html_escape(rest),
        '<' | '\n' if escapes == Escapes::Html => fold_tags(rest),
        _ => None,
    }
}

fn json_escape(rest: &str) -> Option<(usize, Option<char>)> {
    let b = rest.as_bytes();
    Some(match b.get(1)? {
        b'n' => (2, Some('\n')),
        b'r' => (2, Some('\r')),
        b't' => (2, Some('\t')),
        b'b' | b'f' => (2, Some(' ')),
        c @ (b'"' | b'\\' | b'/') => (2, Some(*c as char)),
        b'u' => (6, Some(char::from_u32(hex4(b, 2)?)?)),
        _ => return None,
    })
}

fn sql_escape(rest: &str) -> Option<(usize, Option<char>)> {
    Some(match rest.as_bytes().get(1)? {
        b'n' => (2, Some('\n')),
        b'r' => (2, Some('\r')),
        b't' => (2, Some('\t')),
        c @ (b'"' | b'\'' | b'\\') => (2, Some(*c as char)),
        _ => return None,
    })
}

fn html_escape(rest: &str) -> Option<(usize, Option<char>)> {
    for (name, c) in [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&nbsp;", ' '),
        ("&apos;", '\''),
    ] {
        if rest.starts_with(name) {
            return Some((name.len(), Some(c)));
        }
    }
    let body = rest.strip_prefix("&#")?;
    let end = body.bytes().take(9).position(|b| b == b';')?;
    let code = match body[..end].strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => body[..end].parse().ok()?,
    };
    Some((2 + end + 1, Some(char::from_u32(code)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_folded_is_looked_at() {
        for escapes in [Escapes::None, Escapes::Json, Escapes::Sql, Escapes::Html] {
            for c in (0..=0xFFFF).filter_map(char::from_u32) {
                let one = format!("好{c}");
                let text = format!("{one}u4e00;b>");
                let (mut out, mut map) = (String::new(), OffsetMap::default());
                for text in [one, text] {
                    let naive = text
                        .char_indices()
                        .any(|(at, _)| fold_at(&text, at, escapes).is_some());
                    assert_eq!(fold(&text, escapes, &mut out, &mut map), naive, "{text:?}");
                }
            }
        }
    }

    fn folded(source: &str, escapes: Escapes) -> (String, OffsetMap) {
        let (mut out, mut map) = (String::new(), OffsetMap::default());
        if !fold(source, escapes, &mut out, &mut map) {
            out.push_str(source);
        }
        (out, map)
    }

    #[test]
    fn json_escapes_become_characters_and_map_back() {
        let source = r#"{"a":"\u5f20\u4e09\n\"138"}"#;
        let (text, map) = folded(source, Escapes::Json);
        assert_eq!(text, "{\"a\":\"张三\n\"138\"}");
        let at = text.find('张').expect("decoded");
        let span = map.start_to_source(at)..map.end_to_source(at + 6);
        assert_eq!(&source[span], r"\u5f20\u4e09");
    }

    #[test]
    fn malformed_escapes_stay_text() {
        for source in [r"\u5f2", r"\ud83d\u", r"\q", "&#;", "&#x110000;", "\\"] {
            assert_eq!(folded(source, Escapes::Json).0, source);
            assert_eq!(folded(source, Escapes::Html).0, source);
        }
    }

    #[test]
    fn tags_that_style_text_are_no_part_of_it() {
        let source = "<td>138<b>0013</b>8<span class=\"hit\">00</span>0</td>";
        let (text, map) = folded(source, Escapes::Html);
        assert_eq!(text, "\t13800138000\t");
        let span = map.start_to_source(1)..map.end_to_source(12);
        assert_eq!(&source[span], &source[4..source.len() - 5]);
        for kept in [
            "<name>",
            "<span data-n=\"13800138000\">",
            "<b",
            "a<b c",
            "<span title=张三>",
        ] {
            assert_eq!(folded(kept, Escapes::Html).0, kept);
        }
    }

    #[test]
    fn what_may_change_is_seen_by_a_byte() {
        let all = [Escapes::None, Escapes::Json, Escapes::Sql, Escapes::Html];
        for c in (0..=0xFFFF).filter_map(char::from_u32) {
            let text = format!("a{c}");
            let changes = all.iter().any(|e| folded(&text, *e).0 != text);
            assert!(!changes || may_change(&text), "{text:?}");
        }
        for text in ["\\n", "&lt;", "<b>", "\n</td>", "%E5%BC%A0"] {
            assert!(may_change(text));
        }
        assert!(!may_change("张三 13800138000"));
    }

    #[test]
    fn full_width_punctuation_stays() {
        assert_eq!(
            folded("电话：１３８，Ａ\u{200B}ｂ", Escapes::None).0,
            "电话：138，Ab"
        );
    }
}
