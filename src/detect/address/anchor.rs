//! Where to look: characters that end a division, a road or a unit, found by packed search and checked backwards.

use std::sync::LazyLock;

use aho_corasick::packed::{MatchKind, Searcher};

use crate::table::region;
use crate::table::script::to_simplified;
use crate::text::class::is_han;

use super::glyph::{self, class};

const CHARS: [&str; 36] = [
    "省", "市", "区", "县", "州", "旗", "镇", "乡", "村", "路", "街", "道", "号", "栋", "幢", "室",
    "楼", "弄", "巷", "座", "园", "苑", "厦", "寓", "场", "城", "司", "厂", "院", "區", "縣", "鎮",
    "鄉", "號", "棟", "樓",
];

static SEARCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| {
    aho_corasick::packed::Config::new()
        .match_kind(MatchKind::LeftmostFirst)
        .builder()
        .extend(CHARS)
        .build()
});

/// How sure a place is that an address is near.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// A road, village or compound character.
    Weak,
    /// A number with a unit, a road with a number.
    Number,
    /// A division's full name.
    Division,
}

/// The next anchor character at or after `from`: its byte position.
pub(super) fn next(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    match &*SEARCHER {
        Some(searcher) => searcher.find(rest).map(|m| from + m.start()),
        // No vector instructions on this machine.
        None => rest
            .char_indices()
            .find(|(_, c)| is_anchor(*c))
            .map(|(i, _)| from + i),
    }
}

fn is_anchor(c: char) -> bool {
    let mut buffer = [0; 4];
    CHARS.contains(&&*c.encode_utf8(&mut buffer))
}

/// What the anchor character at byte `at` stands for; `None` where it is part of an ordinary word.
pub(super) fn judge(text: &str, at: usize) -> Option<Strength> {
    let c = to_simplified(text[at..].chars().next()?);
    let previous = text[..at].chars().next_back().map(to_simplified)?;
    let next = text[at + 3..].chars().next().map_or(' ', to_simplified);
    let numeral = previous.is_ascii_alphanumeric() || glyph::is(previous, class::NUMERAL);
    match c {
        '省' | '市' | '区' | '县' | '州' | '旗' | '镇' | '乡' => {
            if is_division(text, at) {
                return Some(Strength::Division);
            }
            let named = match c {
                '镇' | '乡' => {
                    is_han(previous) && !matches!(previous, '城' | '家' | '故' | '乡' | '老')
                }
                '区' => {
                    matches!(previous, '小' | '业' | '园' | '发' | '新' | '校' | '社') || numeral
                }
                _ => false,
            };
            named.then_some(Strength::Weak)
        }
        '场' | '城' | '司' | '厂' | '院' | '寓' => {
            if next.is_ascii_digit() {
                Some(Strength::Number)
            } else {
                matches!(
                    (previous, c),
                    ('广' | '市' | '商', '场')
                        | ('公', '司' | '寓')
                        | (_, '厂')
                        | ('商' | '学' | '医', '城' | '院')
                )
                .then_some(Strength::Weak)
            }
        }
        '道' if previous == '街' => is_division(text, at)
            .then_some(Strength::Division)
            .or(Some(Strength::Weak)),
        '道' if previous != '大' => None,
        '号' | '栋' | '幢' | '室' | '楼' | '弄' | '座' => (numeral || previous == '#')
            .then_some(Strength::Number)
            .or_else(|| {
                (c == '楼' || c == '室')
                    .then_some(Strength::Weak)
                    .filter(|_| next.is_ascii_digit())
            }),
        '路' | '街' | '道' | '巷' | '村' | '园' | '苑' | '厦' => {
            let ordinary = matches!(
                (previous, c),
                (
                    '公' | '铁'
                        | '线'
                        | '道'
                        | '思'
                        | '马'
                        | '网'
                        | '一'
                        | '在'
                        | '走'
                        | '问'
                        | '出'
                        | '上'
                        | '电'
                        | '套',
                    '路'
                ) | ('上' | '逛', '街')
                    | ('农' | '乡', '村')
                    | ('校' | '公' | '乐', '园')
            );
            if next.is_ascii_digit() || glyph::is(next, class::NUMERAL) {
                Some(Strength::Number)
            } else if ordinary && !next.is_ascii_digit() || !is_han(previous) || next == '道' {
                None
            } else {
                Some(Strength::Weak)
            }
        }
        _ => None,
    }
}

/// Whether a division's full name ends with the anchor character.
fn is_division(text: &str, at: usize) -> bool {
    region::ends_with(text[..at + 3].chars().rev().map(glyph::code))
}
