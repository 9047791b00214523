//! Where an address goes on after a space, a comma or a bracket, and where a telephone number ends it.

use super::compose::Seen;
use super::door;
use super::glyph::{Glyph, bytes_between, class, ends, name_at};
use super::walk::fits;
use super::words;

/// `173 2918 6501`, `138-1234-5678`, `86-198…`: whether a mobile in groups begins the text, of which the first digits are given by
/// their number.
#[inline]
pub(super) fn is_split_mobile(text: &[Glyph], digits: usize) -> bool {
    let gap = || text.get(digits).is_some_and(|g| matches!(g.c, '-' | ' '));
    let whole = digits >= 7;
    (whole || gap())
        && text.first().is_some_and(|g| matches!(g.c, '1' | '8'))
        && is_mobile_in_groups(text)
}

fn is_mobile_in_groups(text: &[Glyph]) -> bool {
    let national = text.len() > 2 && text[0].c == '8' && text[1].c == '6';
    let mut b = if national { &text[2..] } else { text };
    if national
        && let [gap, rest @ ..] = b
        && matches!(gap.c, '-' | ' ')
    {
        b = rest;
    }
    if !matches!(b, [first, second, ..] if first.c == '1' && second.is(class::DIGIT) && second.c >= '3')
    {
        return false;
    }
    let mut digits = 0;
    let mut gaps = u32::from(national);
    for g in b.iter().take(14) {
        match g.c {
            '0'..='9' => digits += 1,
            '-' | ' ' if digits == 3 || digits == 7 => gaps += 1,
            _ => break,
        }
    }
    digits >= 11 && gaps >= 1
}

/// Whether the text opens a short remark in brackets that is part of the address.
pub(super) fn closing(text: &[Glyph]) -> bool {
    let next = |i: usize| text.get(i + 1).map(|g| g.c);
    for (i, g) in text.iter().enumerate().skip(1).take(30) {
        match g.c {
            ')' | '）' => return true,
            '(' | '（' => return false,
            '电' if matches!(next(i), Some('话' | '联')) => return false,
            '手' if next(i) == Some('机') => return false,
            _ if g.is(class::STOP) => return false,
            _ => {}
        }
    }
    false
}

/// Longest piece behind a separator that is looked at, in bytes.
const PIECE: usize = 120;

/// Whether an address goes on after the space or comma at `at`.
pub(super) fn joins(g: &[Glyph], start: usize, at: usize, seen: &Seen) -> bool {
    let sep = g[at].c;
    let run = &g[at + 1..];
    let left_division = seen.divisions.last().is_some_and(|d| d.end == at);
    let region = name_at(run, 0).filter(|(end, region)| fits(*region, run, *end));
    // The end of a field, as a rule.
    if matches!(sep, ',' | '，') && !left_division && region.is_none() {
        return false;
    }
    let len = (0..run.len())
        .find(|&i| {
            matches!(run[i].c, ' ' | ',' | '，' | '、')
                || run[i].is(class::STOP)
                || bytes_between(run, 0, i) >= PIECE
        })
        .unwrap_or(run.len());
    let piece = &run[..len];
    let Some(&first) = piece.first() else {
        return false;
    };
    let Some(&left) = at.checked_sub(1).and_then(|i| g.get(i)) else {
        return false;
    };
    if left_division && len == 1 && matches!(first.c, '省' | '市' | '区' | '县' | '州') {
        return true;
    }
    if sep == '、' {
        let numbered = left.is(class::DIGIT | class::UNIT);
        let unit = piece.iter().any(|g| g.is(class::COUNTED));
        return numbered && first.is(class::DIGIT) && (unit || bytes_between(run, 0, len) < 20);
    }
    // A telephone number ends the piece; what is glued before it may still be address and name.
    let piece = match telephone(piece) {
        Some(0) => return false,
        Some(cut) => &piece[..cut],
        None => piece,
    };
    if let Some((end, region)) = region {
        // Another address begins where the chain does not go down.
        let down = left_division
            || seen
                .divisions
                .iter()
                .all(|have| have.first.tier < region.tier);
        // 桃园3号楼, 长安校区: a building that is called like a city is none; nor is a firm of the city (慈溪市 … 慈溪市华宇公司).
        let after = &piece[end.min(piece.len())..];
        let code = region.name.first().code;
        let repeated = seen
            .divisions
            .iter()
            .any(|have| have.first.name.first().code == code);
        let building = (region.flags.short() || repeated)
            && name_at(after, 0).is_none()
            && (after.first().is_some_and(|g| g.is(class::DIGIT))
                || (0..after.len()).any(|i| words::is_compound(&after[i..])));
        if down || !(sep == ' ' && building) {
            return down && (!region.flags.short() || left_division || end < piece.len());
        }
    }
    if !(first.is(class::HAN | class::DIGIT | class::LETTER) && (left_division || sep == ' ')) {
        return false;
    }
    let has = |test: &dyn Fn(&Glyph) -> bool| piece.iter().any(test);
    // 浦江镇 江月路, 宝山区 顾村
    let named = left_division
        && piece
            .last()
            .is_some_and(|g| g.is(class::STREET) || g.c == '村');
    let name = words::is_name_like(piece) && !named && !words::is_pickup(piece);
    let numbered = has(&|g| g.is(class::DIGIT) || matches!(g.c, '号' | '栋' | '幢' | '室' | '楼'));
    let road = has(&|g| {
        g.is(class::ROAD) || matches!(g.c, '村' | '镇' | '乡' | '区' | '园' | '苑' | '厦')
    });
    if sep == ' ' {
        if piece
            .iter()
            .all(|g| g.is(class::DIGIT | class::LETTER) || g.c == '-')
        {
            let room = piece.len() <= 4 && piece.iter().all(|g| g.is(class::DIGIT) || g.c == '-');
            // 华侨城北区 38-1-901: three numbers are a door even behind what is called like a division.
            let three = piece.iter().filter(|g| g.c == '-').count() == 2;
            let door = room
                || left.is(class::PLACE_END) && (three || !left_division) && door::is_group(piece);
            if door && left.is(class::HAN) && bytes_between(g, start, at) > 12 {
                return true;
            }
        }
        if left.is(class::LETTER | class::DIGIT | class::PLACE_END) {
            let unit = left.counts() && door::is_unit(run);
            let crossing =
                words::is_beside(run) || len == 1 && first.c == '与' && left.is(class::ROAD);
            if unit || crossing || door::is_coded(run) {
                return true;
            }
        }
        let date = piece.len() >= 8
            && first.c == '2'
            && piece[1].c == '0'
            && piece.iter().all(|g| g.c.is_ascii());
        // 先进园: one character is too little to be sure that a sentence goes on.
        let lead = words::lead(run);
        if date || words::stops(run) || lead > 1 || lead == 1 && !road {
            return false;
        }
        let place_end = piece.last().is_some_and(|g| g.is(class::PLACE_END));
        let place = || piece.len() >= 3 && place_end;
        let last = piece.len() - usize::from(ends(piece, "店"));
        let institution = || {
            piece.len() >= 4 && place_end && (1..last).any(|i| words::is_compound(&piece[i..]))
                || words::is_pickup(piece)
                || (1..piece.len())
                    .any(|i| words::is_pickup(&piece[i..]) || words::is_beside(&piece[i..]))
                || left.is(class::PLACE_END | class::LETTER) && words::is_department(piece)
        };
        // 广佛智城 4 座: the name of a compound is known by the door behind it.
        let before_door = || (2..=8).contains(&piece.len()) && door::follows(&run[piece.len()..]);
        return !name
            && first.is(class::HAN)
            && (road
                || (numbered && !seen_door(&g[start..at]))
                || (left_division && place())
                || institution()
                || before_door())
            || first.is(class::DIGIT) && (0..piece.len()).any(|i| door::is_unit(&piece[i..]));
    }
    !name && (road || numbered) && first.is(class::HAN)
}

/// Where a run of seven or more digits or a mobile in groups begins.
fn telephone(piece: &[Glyph]) -> Option<usize> {
    let mut run = 0;
    for (i, g) in piece.iter().enumerate() {
        run = if g.is(class::DIGIT) { run + 1 } else { 0 };
        if run == 7 {
            return Some(i - 6);
        }
        if g.c == '1' && run == 1 && is_mobile_in_groups(&piece[i..]) {
            return Some(i);
        }
    }
    None
}

fn seen_door(text: &[Glyph]) -> bool {
    text.iter().filter(|g| g.is(class::DIGIT)).count() >= 3
}
