//! Doors that spaces part from their address: 12-501, C座, 4 座, 3 单元.

use super::glyph::{Glyph, class};
use super::walk::run;

/// Whether the hyphen at byte `at` is the first one of a door: of three numbers, or of building and room; no range of prices.
pub(super) fn is_door(text: &str, at: usize) -> bool {
    let (before, behind) = text.as_bytes().split_at(at);
    // Most hyphens are those of dates.
    if before.last_chunk::<4>().is_none_or(|four| four.is_ascii()) {
        return false;
    }
    let run = |digits: &mut dyn Iterator<Item = &u8>| {
        let digits = digits.take_while(|b| b.is_ascii_digit());
        digits.take(5).count()
    };
    let first = run(&mut before.iter().rev());
    let name = &before[..at - first];
    let (name, coded) = match name {
        [name @ .., letter] if letter.is_ascii_alphabetic() => (name, true),
        _ => (name, false),
    };
    let second = run(&mut behind[1..].iter());
    let third = match &behind[1 + second..] {
        [b'-', rest @ ..] => run(&mut rest.iter()),
        _ => 0,
    };
    let numbers = match third {
        0 => first <= 2 && (3..=4).contains(&second),
        _ => first <= 3 && (1..=2).contains(&second) && (2..=4).contains(&third),
    };
    let named = (first > 0 || coded)
        && matches!(
            name.last_chunk(),
            Some([0xE4..=0xE9, _, _, 0xE4..=0xE9, _, _])
        );
    let end = at + 1 + second + if third > 0 { 1 + third } else { 0 };
    let counted = |rest: &str| rest.starts_with(is_measure);
    numbers && named && !text.get(end..).is_some_and(counted)
}

/// Whether a character counts goods, money or time.
fn is_measure(c: char) -> bool {
    matches!(
        c,
        '元' | '块'
            | '万'
            | '件'
            | '个'
            | '斤'
            | '克'
            | '码'
            | '寸'
            | '天'
            | '年'
            | '月'
            | '日'
            | '分'
            | '%'
    )
}

/// Whether the text starts with a unit of a building or a plot.
pub(super) fn is_unit(text: &[Glyph]) -> bool {
    let Some(first) = text.first() else {
        return false;
    };
    match first.c {
        '号' | '栋' | '幢' | '室' | '楼' | '座' | '层' | '弄' | '舍' | '组' => true,
        '单' => text
            .get(1)
            .is_some_and(|g| g.c == '元' || g.is(class::DIGIT)),
        '支' => text.get(1).is_some_and(|g| g.c == '弄'),
        _ => false,
    }
}

/// Whether digits, letters and hyphens are building and room: 12-501, 3-2-501, 12B-803; no date, no range of prices.
pub(super) fn is_group(piece: &[Glyph]) -> bool {
    let (mut groups, mut last) = (0, 0);
    for group in piece.split(|g| g.c == '-') {
        (groups, last) = (groups + 1, group.len());
        if !(1..=4).contains(&last) || group[0].c == '0' {
            return false;
        }
    }
    !is_year(piece) && (groups == 2 && last >= 3 || groups == 3)
}

/// Whether the text starts with a year of four digits and a hyphen.
fn is_year(text: &[Glyph]) -> bool {
    matches!(text, [a, b, _, _, dash, ..] if dash.c == '-' && matches!((a.c, b.c), ('1', '9') | ('2', '0')))
}

/// Whether the text starts with a unit of a building, which goods do not have: neither 3号 nor L号.
fn is_building(text: &[Glyph]) -> bool {
    let next = text.get(1).map(|g| g.c);
    match text.first().map(|g| g.c) {
        Some('栋' | '幢' | '座' | '舍' | '弄' | '楼') => true,
        Some('单') => next == Some('元'),
        Some('号') => matches!(next, Some('楼' | '院')),
        _ => false,
    }
}

/// Whether the text starts with a code that has letters and its unit, perhaps behind a space: C座, A1-1602号, L33 号, T2 C座.
pub(super) fn is_coded(text: &[Glyph]) -> bool {
    let unit_behind = |text: &[Glyph]| {
        let end = code(text)?;
        let numbered = text[..end].iter().any(|g| g.is(class::DIGIT));
        let unit = |text: &[Glyph]| is_building(text) || numbered && is_unit(text);
        Some((
            end,
            unit(&text[end..]) || behind_space(&text[end..]).is_some_and(unit),
        ))
    };
    unit_behind(text).is_some_and(|(end, unit)| {
        let second = || behind_space(&text[end..]).and_then(unit_behind);
        unit || second().is_some_and(|(_, unit)| unit)
    })
}

/// The text behind the space that it starts with.
fn behind_space(text: &[Glyph]) -> Option<&[Glyph]> {
    match text {
        [space, rest @ ..] if space.c == ' ' => Some(rest),
        _ => None,
    }
}

/// Where a code ends that starts with a letter, and has one or two more of them at most.
fn code(text: &[Glyph]) -> Option<usize> {
    let characters = text
        .iter()
        .take_while(|g| g.is(class::LETTER | class::DIGIT) || g.c == '-');
    let (length, letters) = characters.fold((0, 0), |(n, letters), g| {
        (n + 1, letters + usize::from(g.is(class::LETTER)))
    });
    let first = text.first().is_some_and(|g| g.is(class::LETTER));
    (first && letters <= 2 && length <= 9).then_some(length)
}

/// Whether a door follows, perhaps behind a space: 4 座, 8 号楼, 7-1-1501, C1-2-1802.
pub(super) fn follows(text: &[Glyph]) -> bool {
    let text = behind_space(text).unwrap_or(text);
    let digits = run(text, class::DIGIT);
    let rest = &text[digits..];
    let numbered = (1..=4).contains(&digits) && is_building(behind_space(rest).unwrap_or(rest));
    let group = text
        .iter()
        .take_while(|g| g.is(class::LETTER | class::DIGIT) || g.c == '-');
    let group = &text[run(text, class::LETTER).min(2)..group.count()];
    // Two numbers may be the name of goods: 27-144.
    let three = group.iter().filter(|g| g.c == '-').count() == 2;
    numbered || is_coded(text) || three && is_group(group)
}

#[cfg(test)]
mod tests {
    use super::super::glyph::Reader;
    use super::*;

    fn glyphs(text: &str) -> Vec<Glyph> {
        let reader = Reader::new(text);
        text.char_indices()
            .map(|(at, _)| reader.read(at).0)
            .collect()
    }

    #[test]
    fn groups_are_doors_and_neither_dates_nor_prices() {
        for (text, want) in [
            ("12-501", true),
            ("3-2-501", true),
            ("12B-803", true),
            ("100-50", false),
            ("2026-08-26", false),
            ("2026-108", false),
            ("0571-888", false),
            ("501", false),
        ] {
            assert_eq!(is_group(&glyphs(text)), want, "{text}");
        }
    }

    #[test]
    fn doors_without_a_unit_stand_behind_a_name() {
        for (text, want) in [
            ("金色水岸6-982", Some("6-982")),
            ("世贸中心A11-1247电联", Some("A11-1247")),
            ("2026-01-02 后张121-8-785", Some("121-8-785")),
            ("仕春天b-11-200c", Some("b-11-200c")),
            ("价格12-200元", None),
            ("电话0571-88888888", None),
            ("比分3-2", None),
            ("，6-982", None),
            ("金6-982", None),
            ("2026-01-02", None),
            ("-", None),
        ] {
            let mut hyphens = text.match_indices('-').map(|(at, _)| at);
            let next = hyphens.find(|at| is_door(text, *at));
            let hyphen = |door| {
                text.find(door)
                    .and_then(|at| Some(at + text[at..].find('-')?))
            };
            assert_eq!(next, want.and_then(hyphen), "{text}");
        }
    }

    #[test]
    fn codes_need_a_unit() {
        for (text, want) in [
            ("C座 2208", true),
            ("T2 C座", true),
            ("L33 号", true),
            ("W3-C 座", true),
            ("A1-1602号", true),
            ("QQ 12345", false),
            ("L号 黑色", false),
            ("L号楼", true),
            ("iPhone 8", false),
            ("SOHO 座", false),
        ] {
            assert_eq!(is_coded(&glyphs(text)), want, "{text}");
        }
    }

    #[test]
    fn a_door_follows() {
        for (text, want) in [
            (" 4 座 801", true),
            (" 8 号楼", true),
            ("3单元", true),
            (" 7-1-1501", true),
            (" C1-2-1802", true),
            (" 13812345678", false),
            (" 12 单", false),
            (" 3号 色", false),
            (" 27-144", false),
            (" 谢谢", false),
        ] {
            assert_eq!(follows(&glyphs(text)), want, "{text}");
        }
    }
}
