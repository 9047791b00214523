//! The right boundary of an address, and what its body holds.

use super::compose::Seen;
use super::glyph::{Glyph, class};
use super::walk::run;
use super::words;

/// The right boundary: notes, glued names and loose ends cut off.
pub(super) fn right(g: &[Glyph], start: usize, end: usize) -> usize {
    let mut body = words::without_notes(&g[start..end]);
    body = &body[..body.len() - postal_code(body)];
    let note = &g[start + body.len()..end];
    let receiver =
        note.first().is_some_and(|c| c.c == '收') && note.get(1).is_none_or(|c| !c.is(class::HAN));
    if (receiver || is_phone(&g[end..]))
        && let Some(cut) = glued_name(body)
    {
        body = words::without_notes(&body[..cut]);
    }
    start + body.len()
}

/// Length of a postal code that is glued to the name of a place: six digits, which no door has.
fn postal_code(body: &[Glyph]) -> usize {
    let digits = body.iter().rev().take_while(|g| g.is(class::DIGIT)).count();
    let glued = digits == 6
        && body.len() > 12
        && body[body.len() - 7].is(class::HAN)
        && !body[body.len() - 7].is(class::ROAD);
    6 * usize::from(glued)
}

/// Whether a telephone number follows, its country code included.
fn is_phone(after: &[Glyph]) -> bool {
    let first = after
        .iter()
        .find(|g| !matches!(g.c, '+' | ' ' | '8' | '6' | '-'));
    first.is_some_and(|g| g.c == '1')
        && after.iter().take(16).filter(|g| g.is(class::DIGIT)).count() >= 7
}

/// Where a name that is glued to the end of an address begins.
fn glued_name(body: &[Glyph]) -> Option<usize> {
    let last = body.last()?;
    if last.is(class::ROAD) || matches!(last.c, '村' | '室' | '楼' | '号' | '栋' | '幢') {
        return None;
    }
    [4, 3, 2].into_iter().find_map(|n| {
        let cut = body.len().checked_sub(n)?;
        let (before, first) = (body.get(cut.checked_sub(1)?)?, body[cut].c);
        let ends =
            before.counts() || before.is(class::PLACE_END) || matches!(before.c, ')' | '）' | '收');
        // 8楼石浩: the unit belongs to the number, though it is a family name too.
        let unit = (before.counts() || before.c == '号')
            && matches!(
                first,
                '楼' | '层' | '号' | '室' | '栋' | '幢' | '座' | '单' | '门' | '店'
            );
        let rest = &body[cut..];
        let name = words::is_name_like(rest) && !words::is_pickup(rest);
        (ends && !unit && name).then_some(cut)
    })
}

/// A house number without 号 (万昌中路1665创业大厦): two to four digits with a name behind them.
fn is_bare_number(text: &[Glyph]) -> bool {
    let digits = run(text, class::DIGIT);
    (2..=4).contains(&digits)
        && text
            .get(digits)
            .is_some_and(|g| g.is(class::HAN) && !g.is(class::UNIT) && g.c != '米')
}

/// All that makes or ends numbers, roads and villages.
const COUNTS: u32 = class::UNIT | class::ROAD | class::VILLAGE | class::JOINT;

/// Whether the mark that the text begins with joins numbers: 3-2-501.
fn is_joint(previous: Glyph, text: &[Glyph]) -> bool {
    previous.is(class::DIGIT | class::LETTER)
        && text.get(1).is_some_and(|next| next.is(class::DIGIT))
}

/// Counts what the span holds.
pub(super) fn describe(g: &[Glyph], seen: &mut Seen) {
    let body = &g[seen.span.clone()];
    for (i, glyph) in body.iter().enumerate() {
        if glyph.is(COUNTS | words::PLACES) {
            count(body, i, seen);
        }
    }
    let last_digit = body.last().is_some_and(|g| g.is(class::DIGIT));
    if seen.numbers == 0
        && last_digit
        && (seen.roads + seen.villages > 0 || !seen.divisions.is_empty())
    {
        seen.numbers += 1;
    }
}

/// Counts what the body has at a place.
fn count(body: &[Glyph], i: usize, seen: &mut Seen) {
    let (text, g) = (&body[i..], &body[i]);
    if g.is(words::PLACES) {
        match words::place(text) {
            class::PLACE_HEAD => seen.compounds += 1,
            class::POINT_HEAD => seen.pickup = true,
            class::BESIDE_HEAD => seen.beside = true,
            _ => {}
        }
    }
    if !g.is(COUNTS) {
        return;
    }
    // A house number without 号.
    seen.numbers += u32::from(g.is(class::ROAD) && is_bare_number(&text[1..]));
    // 39 号 is a number too.
    let Some(previous) = body[..i].iter().rev().find(|g| g.c != ' ') else {
        return;
    };
    if g.is(class::COUNTED) && previous.counts()
        || matches!(g.c, '团' | '连') && previous.is(class::DIGIT)
        || g.is(class::JOINT) && is_joint(*previous, text)
    {
        seen.numbers += 1;
    } else if g.is(class::STREET) {
        // Neither 街道 nor 路南区 is one.
        let town = matches!(text, [g, next, ..] if g.c == '街' && next.c == '道');
        let at = seen.span.start + i;
        let named = seen
            .divisions
            .iter()
            .any(|d| (d.start..d.end).contains(&at));
        seen.roads += u32::from(previous.is(class::HAN) && !town && !named);
    } else if g.c == '道' && previous.c == '大' {
        seen.roads += 1;
    } else if g.is(class::VILLAGE) && previous.is(class::HAN) {
        seen.villages += 1;
    }
}
