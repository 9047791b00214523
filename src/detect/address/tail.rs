//! The right boundary of an address, and what its body holds.

use super::compose::{Division, Seen};
use super::glyph::{Glyph, class};
use super::walk::run;
use super::window::Window;
use super::words::{self, Index};

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

/// Whether the mark between two characters joins numbers: 3-2-501.
fn is_joint(previous: &Glyph, next: &Glyph) -> bool {
    previous.is(class::DIGIT | class::LETTER) && next.is(class::DIGIT)
}

/// Counts what the span holds.
///
/// What a character makes with the one before it (a number, a road, a village) is one step whatever the two are, and most of what is
/// counted comes of that alone: numbers, names and units follow each other in no order that a processor could foresee.
pub(super) fn describe(window: &Window, seen: &mut Seen) {
    let counter = Counter::new();
    let (start, end) = (seen.span.start, seen.span.end);
    let g = &window.glyphs()[..end];
    let mut from = start;
    while from < end {
        let mut map = window.map(from..end, class::TELLS);
        while map != 0 {
            let at = from + map.trailing_zeros() as usize;
            map &= map - 1;
            if let Some(text) = g.get(at..) {
                counter.count(text, at, before(g, start, at), seen);
            }
        }
        from += 64;
    }
    count_last(g.last(), seen);
}

/// Counts the number that the last character ends: 文三路 18.
pub(super) fn count_last(last: Option<&Glyph>, seen: &mut Seen) {
    let named = || seen.roads + seen.villages > 0 || !seen.divisions.is_empty();
    let number = seen.numbers == 0 && last.is_some_and(|g| g.is(class::DIGIT)) && named();
    seen.numbers += u32::from(number);
}

/// The last character behind `start` and before `at` but spaces: 39 号 is a number too.
#[inline]
fn before(g: &[Glyph], start: usize, at: usize) -> &Glyph {
    match g.get(at.wrapping_sub(1)) {
        Some(last) if at > start && last.c != ' ' => last,
        _ => behind_spaces(&g[start..at]),
    }
}

#[cold]
fn behind_spaces(text: &[Glyph]) -> &Glyph {
    let last = text.iter().rev().find(|g| g.c != ' ');
    last.unwrap_or(&Glyph::NONE)
}

/// Counts what characters make with those beside them.
pub(super) struct Counter {
    words: &'static Index,
}

impl Counter {
    pub(super) fn new() -> Counter {
        Counter {
            words: &words::PLACE_WORDS,
        }
    }

    /// Counts what the first character of the text, at the place `at`, makes with the one before it and those behind it.
    #[inline]
    pub(super) fn count(&self, text: &[Glyph], at: usize, previous: &Glyph, seen: &mut Seen) {
        let [glyph, rest @ ..] = text else {
            return;
        };
        seen.numbers += u32::from(glyph.completes(previous) & !class::HAN != 0);
        seen.compounds += u32::from(glyph.is(class::PLACE));
        if glyph.is(words::PLACES)
            && !glyph.is(class::PLACE)
            && let Some(next) = rest.first()
            && self.words.may_begin(glyph, next)
        {
            count_word(text, seen);
        }
        if glyph.is(class::ROAD | class::JOINT | class::VILLAGE) {
            count_road(text, at, previous, seen);
        }
    }
}

/// Counts the word of a place that the text begins with, if any.
#[inline(never)]
fn count_word(text: &[Glyph], seen: &mut Seen) {
    match words::place(text) {
        class::PLACE_HEAD => seen.compounds += 1,
        class::POINT_HEAD => seen.pickup = true,
        class::BESIDE_HEAD => seen.beside = true,
        _ => {}
    }
}

/// Counts the road, the village or the joint of numbers that the first character of the text is, at the place `at`.
#[inline(never)]
fn count_road(text: &[Glyph], at: usize, previous: &Glyph, seen: &mut Seen) {
    let [g, rest @ ..] = text else {
        return;
    };
    let next = rest.first().unwrap_or(&Glyph::NONE);
    let made = g.completes(previous);
    seen.villages += u32::from(g.is(class::VILLAGE) && made == class::HAN);
    let bare = next.is(class::DIGIT) && g.is(class::ROAD) && is_bare_number(rest);
    seen.numbers += u32::from(bare);
    if made & !class::HAN == 0 {
        seen.numbers += u32::from(g.is(class::JOINT) && is_joint(previous, next));
        seen.roads += u32::from(is_road(previous, g, next, at, &seen.divisions));
    }
}

/// Whether a road ends with a character: neither with 街道 nor with the beginning of a division, as 路南区.
fn is_road(previous: &Glyph, g: &Glyph, next: &Glyph, at: usize, divisions: &[Division]) -> bool {
    let town = || g.c == '街' && next.c == '道';
    if g.is(class::STREET) {
        previous.is(class::HAN) && !town() && !is_named(at, divisions)
    } else {
        g.c == '道' && previous.c == '大'
    }
}

/// Whether the character at the place `at` is one of a division's name.
pub(super) fn is_named(at: usize, divisions: &[Division]) -> bool {
    let mut behind = divisions.iter().rev().take_while(|d| at < d.end);
    behind.any(|d| d.start <= at)
}
