//! What a character that ends a division, a road or a unit stands for, told by the characters on both sides.

use crate::table::region;

use super::glyph::{Glyph, Reader, class};

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

/// What the anchor character at byte `at` stands for; `None` where it is part of an ordinary word.
pub(super) fn judge(text: &Reader<'_>, at: usize) -> Option<Strength> {
    let (glyph, end) = text.read(at);
    let before = text.before(at)?;
    let (c, previous) = (glyph.c, before.c);
    let numbered = || text.after(end).is_some_and(|glyph| glyph.is(class::DIGIT));
    match c {
        '省' | '市' | '区' | '县' | '州' | '旗' | '镇' | '乡' => {
            if is_division(text, before, glyph) {
                return Some(Strength::Division);
            }
            let named = match c {
                '镇' | '乡' => {
                    before.is(class::HAN) && !matches!(previous, '城' | '家' | '故' | '乡' | '老')
                }
                '区' => {
                    matches!(previous, '小' | '业' | '园' | '发' | '新' | '校' | '社')
                        || before.counts()
                }
                _ => false,
            };
            named.then_some(Strength::Weak)
        }
        '场' | '城' | '司' | '厂' | '院' | '寓' => {
            if numbered() {
                Some(Strength::Number)
            } else {
                matches!(
                    (previous, c),
                    ('广' | '市' | '商' | '农' | '林' | '牧', '场')
                        | ('公', '司' | '寓')
                        | (_, '厂')
                        | ('商' | '学' | '医', '城' | '院')
                )
                .then_some(Strength::Weak)
            }
        }
        // 蓝湾5-2-1101: names of compounds, where a number follows at once.
        '湾' | '庭' | '府' | '邸' => {
            let ordinary = matches!(
                (previous, c),
                ('政' | '官', '府') | ('家' | '法' | '开', '庭') | ('海' | '台' | '港', '湾')
            );
            (before.is(class::HAN) && !ordinary && numbered()).then_some(Strength::Number)
        }
        '道' if previous == '街' => is_division(text, before, glyph)
            .then_some(Strength::Division)
            .or(Some(Strength::Weak)),
        '道' if previous != '大' => None,
        '号' | '栋' | '幢' | '室' | '楼' | '弄' | '座' | '舍' => (before.counts()
            || previous == '#')
            .then_some(Strength::Number)
            .or_else(|| {
                (c == '楼' || c == '室')
                    .then_some(Strength::Weak)
                    .filter(|_| numbered())
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
            let after = text.read(end).0;
            if after.is(class::DIGIT | class::NUMERAL) {
                Some(Strength::Number)
            } else if ordinary || !before.is(class::HAN) || after.c == '道' {
                None
            } else {
                Some(Strength::Weak)
            }
        }
        _ => None,
    }
}

/// Whether a division's full name ends with the anchor character.
fn is_division(text: &Reader<'_>, before: Glyph, anchor: Glyph) -> bool {
    region::ends_with([before.code(), anchor.code()], || {
        let mut at = before.byte();
        std::iter::from_fn(move || {
            let glyph = text.before(at)?;
            at = glyph.byte();
            Some(glyph.code())
        })
    })
}
