//! What stands at the edges of a number and says that it is part of something else.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::span::Span;
use crate::text::class::byte_set;

/// What the edges of a number say.
// Independent facts, each of which becomes a line of evidence.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Edge {
    /// A Latin letter, digit or underscore touches it.
    pub(crate) glued: bool,
    /// It is a part of a decimal number.
    pub(crate) decimal: bool,
    /// A currency sign stands before it or a unit after it.
    pub(crate) amount: bool,
    /// It stands inside a link.
    pub(crate) link: bool,
    /// A key that counts or measures something stands before it.
    pub(crate) measure: bool,
}

/// Words that may touch the first digit.
const GLUE: [&str; 8] = [
    "tel", "call", "phone", "mobile", "wx", "vx", "wechat", "mob",
];

/// Parts of keys whose values are no personal numbers.
static MEASURES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = [
        "amount",
        "cents",
        "price",
        "money",
        "fee",
        "total",
        "hash",
        "size",
        "bytes",
        "count",
        "timestamp",
        "offset",
        "version",
        "seq",
        "sender_id",
        "senderid",
    ];
    let parts = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(words);
    parts.expect("a few short words make a small automaton")
});

/// Looks at the edges of `span`.
pub(crate) fn edge(text: &str, span: Span) -> Edge {
    let bytes = text.as_bytes();
    let before = span.start.checked_sub(1).map_or(b' ', |p| bytes[p]);
    let at = |i: usize| bytes.get(span.end + i).copied().unwrap_or(b' ');
    // A cell of its own is part of nothing, be the cell before it a link, and so is what stands between a colon and a blank.
    if SAYS_NOTHING[usize::from(before)] {
        if PARTS_CELLS[usize::from(at(0))] {
            return Edge::default();
        }
        if at(0) == b' ' && !before.is_ascii() {
            return Edge {
                amount: unit(&bytes[span.end..]),
                ..Edge::default()
            };
        }
    }
    let glued_left = (before.is_ascii_alphanumeric() || before == b'_')
        && !glue_word(window_before(text, span.start));
    let glued_right = at(0).is_ascii_alphabetic() || at(0) == b'_';
    // `.0` is what spreadsheets add to whole numbers.
    let fraction = at(0) == b'.' && at(1).is_ascii_digit();
    let whole =
        at(1) == b'0' && (!at(2).is_ascii_digit() || (at(2) == b'0' && !at(3).is_ascii_digit()));
    let tail_of_decimal = before == b'.'
        && span
            .start
            .checked_sub(2)
            .is_some_and(|p| bytes[p].is_ascii_digit());
    Edge {
        glued: glued_left || glued_right,
        decimal: tail_of_decimal || (fraction && !whole),
        amount: currency(&bytes[..span.start]) || unit(&bytes[span.end..]),
        // A link and a key end with ASCII.
        link: before.is_ascii() && in_link(text, span.start),
        measure: before.is_ascii() && measure_key(text, span.start),
    }
}

/// What stands between the cells of a table.
static PARTS_CELLS: [bool; 256] = byte_set(b",\t\n\r");

/// Before a number: what stands between cells, and last bytes of characters beyond ASCII that are no currency sign (see [`currency`]).
static SAYS_NOTHING: [bool; 256] = {
    let mut says_nothing = PARTS_CELLS;
    let mut b = 0x80;
    while b < 0xC0 {
        says_nothing[b] = !matches!(b, 0xA5 | 0xAC);
        b += 1;
    }
    says_nothing
};

/// How far back links and keys are looked for, in bytes.
const BACK: usize = 96;

fn window_before(text: &str, at: usize) -> &str {
    let mut low = at.saturating_sub(BACK);
    while !text.is_char_boundary(low) {
        low += 1;
    }
    text.get(low..at).unwrap_or("")
}

/// Whether a currency sign (`$`, `￥`, `¥`, `€`) ends a text.
fn currency(text: &[u8]) -> bool {
    matches!(
        text,
        [.., b'$'] | [.., 0xEF, 0xBF, 0xA5] | [.., 0xC2, 0xA5] | [.., 0xE2, 0x82, 0xAC]
    )
}

/// Whether a unit (`%`, 元, 块) begins what stands after a number.
fn unit(after: &[u8]) -> bool {
    let blanks = after.iter().take_while(|b| **b == b' ').count();
    matches!(
        after[blanks..],
        [b'%', ..] | [0xE5, 0x85, 0x83, ..] | [0xE5, 0x9D, 0x97, ..]
    )
}

fn glue_word(window: &str) -> bool {
    let word = window
        .rfind(|c: char| !c.is_ascii_alphabetic())
        .map_or(window, |p| &window[p..])
        .trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    GLUE.iter().any(|g| word.eq_ignore_ascii_case(g))
}

fn in_link(text: &str, at: usize) -> bool {
    let outside =
        |b: &u8| !b.is_ascii() || matches!(b, b' ' | b'\t'..=b'\r' | b'"' | b'\'' | b'<' | b'>');
    let mut dotted = false;
    let before = text.as_bytes()[at.saturating_sub(BACK)..at].iter().rev();
    let length = before
        .take_while(|b| {
            dotted |= **b == b'.';
            !outside(b)
        })
        .count();
    // Most numbers stand in no link, and six searches would be the dearest part of their judgement.
    if !dotted {
        return false;
    }
    let Some(link) = text.get(at - length..at) else {
        return false;
    };
    let query = link.rfind(['?', '&']).map_or("", |p| &link[p + 1..]);
    let telling = ["phone", "mobile", "tel", "mail"]
        .iter()
        .any(|k| query.starts_with(k));
    !telling
        && !link.ends_with("tel:")
        && ["://", "www.", ".com/", ".cn/", ".net/", ".htm"]
            .iter()
            .any(|s| link.contains(s))
}

fn measure_key(text: &str, at: usize) -> bool {
    let before = text.as_bytes()[at.saturating_sub(BACK)..at].iter().rev();
    let mark = before.copied().find(|b| !matches!(b, b'"' | b'\'' | b' '));
    if !matches!(mark, Some(b':' | b'=')) {
        return false;
    }
    let window = window_before(text, at);
    let key = window.trim_end_matches(['"', '\'', ' ']);
    let Some(key) = key.strip_suffix([':', '=']) else {
        return false;
    };
    let key = key.trim_end_matches(['"', '\'', ' ']);
    let start = key
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .map_or(0, |p| p + 1);
    key.get(start..).is_some_and(|key| MEASURES.is_match(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, number: &str) -> Edge {
        let start = text.find(number).expect("there");
        edge(text, Span::new(start, start + number.len()))
    }

    #[test]
    fn parts_of_other_things() {
        let n = "13800138000";
        assert!(of("ABC13800138000", n).glued);
        assert!(of("0.13800138000", n).decimal);
        assert!(of("13800138000.89", n).decimal);
        for amount in ["￥", "¥", "€", "$"] {
            assert!(of(&format!("{amount}13800138000"), n).amount);
        }
        for amount in ["元", " 块", "  %"] {
            assert!(of(&format!("13800138000{amount}"), n).amount);
        }
        assert!(of("https://e.com/v/13800138000.html", n).link);
        assert!(of("\"amount_cents\":13800138000", n).measure);
        for fine in [
            "13800138000.0",
            "tel13800138000",
            "李四13800138000",
            "a:13800138000",
            "1. 13800138000",
            "https://e.com/a.html,13800138000,x",
            "13800138000兀",
            "￡13800138000",
        ] {
            assert_eq!(of(fine, n), Edge::default(), "{fine}");
        }
    }
}
