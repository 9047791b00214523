//! Addresses as dumps have them: the full name of a division at the beginning of a field, and Han characters and numbers up to its
//! end. They are read into a buffer of their own; what is of another form is left to [`compose`](super::compose::compose).

use crate::finding::Grade;
use crate::span::Span;
use crate::table::region::{self, Tier};

use super::compose::{Seen, division_at};
use super::glyph::{Glyph, Reader, begins_name, class};
use super::walk::{LONGEST, fits};
use super::{Body, tail, words};

/// Most digits in a row; more are a telephone number.
const DIGITS: usize = 6;

/// Characters that end divisions, and are anchors for that alone.
const ENDS: [char; 8] = ['省', '市', '区', '县', '州', '旗', '镇', '乡'];

/// Most characters of an address.
const MOST: usize = 112;

/// Characters behind an address that may speak of goods.
const BEHIND: usize = 10;

/// The characters of a field.
pub(super) struct Buffer(Box<[Glyph; MOST + BEHIND]>);

impl Default for Buffer {
    fn default() -> Buffer {
        Buffer(Box::new([Glyph::NONE; MOST + BEHIND]))
    }
}

/// Composes the address that begins at byte `low`, where a field begins, and goes on behind the anchor at byte `anchor`; `None` where
/// there is none of the plain form.
pub(super) fn compose(
    text: &Reader<'_>,
    low: usize,
    anchor: usize,
    buffer: &mut Buffer,
    seen: &mut Seen,
) -> Option<Body> {
    let (first, second) = text.read(low);
    if !begins_name(&first, &text.read(second).0) {
        return None;
    }
    let (length, end) = text.fill(low, &mut buffer.0[..MOST], DIGITS)?;
    let g = &buffer.0[..length];
    let last = g.last()?;
    seen.clear();
    let whole = end > anchor && (7..LONGEST).contains(&(end - low)) && !last.is(class::NOTE_END);
    if !whole || has_postal_code(g) || !divide(g, seen) || !ends_at(text, end, g, seen) {
        return None;
    }
    describe(g, seen)?;
    let negative = seen.numbers < 2 && is_negative(text, end, length, buffer);
    let last = buffer.0[..length].last()?;
    seen.left_clean = true;
    (seen.grade() != Grade::Area).then_some(Body {
        span: Span::new(low, end),
        length,
        begins_with_number: false,
        negative,
        closed: last.is(class::CLOSE),
        detail: false,
    })
}

/// Whether the anchor at byte `anchor` is one for what it ends alone.
pub(super) fn may_end_division(text: &Reader<'_>, anchor: usize) -> bool {
    ENDS.contains(&text.entry(anchor).0.c)
}

/// Whether the anchor at byte `anchor`, one of [`ENDS`], ends the full name of a division of the address, as found, that begins at byte `low`.
pub(super) fn is_sure(low: usize, anchor: usize, seen: &Seen) -> bool {
    // All before the first number are Han characters of three bytes.
    let ends = |end: usize| low + 3 * end == anchor + 3;
    let mut full = seen.divisions.iter().filter(|d| !d.first.flags.short());
    full.any(|d| ends(d.end))
}

fn has_postal_code(g: &[Glyph]) -> bool {
    let digits = g.iter().rev().take_while(|g| g.is(class::DIGIT));
    digits.count() == DIGITS
}

/// Finds the divisions before the first number; whether the first begins the text with its full name, and none may be a leftover.
fn divide(g: &[Glyph], seen: &mut Seen) -> bool {
    let Some(first) = division_at(g, 0) else {
        return false;
    };
    if first.first.flags.short() || first.first.flags.everyday() {
        return false;
    }
    let mut at = first.end;
    seen.divisions.push(first);
    while let [this, next, ..] = &g[at..]
        && this.is(class::HAN)
    {
        if begins_name(this, next)
            && let Some(division) = division_at(g, at)
            && fits(division.first, g, division.end)
        {
            let region = division.first;
            if region.tier == Tier::Province && !region.flags.short() || g[at - 1].c == '国' {
                return false;
            }
            at = division.end;
            seen.divisions.push(division);
        } else {
            at += 1;
        }
    }
    true
}

/// Whether an address ends at byte `end`: before a hard stop, and before a comma unless a division stands on one of its sides.
fn ends_at(text: &Reader<'_>, end: usize, g: &[Glyph], seen: &Seen) -> bool {
    let (mark, behind) = text.read(end);
    let divided =
        || seen.divisions.last().is_none_or(|d| d.end == g.len()) || begins_with_name(text, behind);
    mark.is(class::STOP) || mark.is(class::COMMA) && !divided()
}

fn begins_with_name(text: &Reader<'_>, at: usize) -> bool {
    let (first, end) = text.read(at);
    let mut at = at;
    begins_name(&first, &text.read(end).0)
        && region::longest(std::iter::from_fn(|| {
            let (glyph, end) = text.read(at);
            at = end;
            Some(glyph.code())
        }))
        .is_some()
}

/// As [`tail::describe`]; `None` where a word may end the address that begins behind the divisions.
fn describe(g: &[Glyph], seen: &mut Seen) -> Option<()> {
    let (mut numbers, mut compounds) = (0, 0);
    let mut previous = &Glyph::NONE;
    for (at, glyph) in g.iter().enumerate() {
        if glyph.is(class::TELLS | class::STOP_HEAD) {
            let begins = |words: &words::Index| {
                g.get(at + 1)
                    .is_some_and(|next| words.may_begin(glyph, next))
            };
            if glyph.is(class::STOP_HEAD)
                && (at + 1 == g.len() || begins(&words::STOP_WORDS))
                && seen.divisions.last().is_none_or(|d| d.end <= at)
            {
                return None;
            }
            numbers += u32::from(glyph.completes(previous) & !class::HAN != 0);
            compounds += u32::from(glyph.is(class::PLACE));
            if glyph.is(class::ROAD | class::VILLAGE)
                || !glyph.is(class::PLACE) && glyph.is(class::TELLS) && begins(&words::PLACE_WORDS)
            {
                tail::count_more(&g[at..], at, previous, seen);
            }
        }
        previous = glyph;
    }
    seen.numbers += numbers;
    seen.compounds += compounds;
    tail::count_last(g.last(), seen);
    Some(())
}

/// Whether goods, news or travel are spoken of in the characters of the buffer, or close behind them in the next field.
fn is_negative(text: &Reader<'_>, end: usize, length: usize, buffer: &mut Buffer) -> bool {
    let (mut at, mut all, mut commas) = (end, length, 0);
    for slot in buffer.0[length..].iter_mut().take(BEHIND) {
        let (glyph, next) = text.read(at);
        if commas == 2 || glyph.is(class::STOP) {
            break;
        }
        *slot = glyph;
        commas += u32::from(glyph.is(class::COMMA));
        (at, all) = (next, all + 1);
    }
    words::has_negative(&buffer.0[..all])
}
