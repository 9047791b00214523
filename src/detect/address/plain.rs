//! Addresses as dumps have them: the full name of a division at the beginning of a field, and Han characters, letters and numbers up
//! to its end. They are read into a buffer of their own; what is of another form is left to [`compose`](super::compose::compose).

use std::ops::Range;

use crate::finding::Grade;
use crate::span::Span;
use crate::table::region::{self, Tier};

use super::compose::{Division, Seen, division_at};
use super::glyph::{Glyph, Noted, ROOM, Reader, begins_name, class, longest_name};
use super::head::Heads;
use super::walk::{LONGEST, fits};
use super::{Body, tail, words};

/// Most digits in a row; more are a telephone number.
const DIGITS: usize = 6;

/// Characters behind an address that may speak of goods.
const BEHIND: usize = 10;

/// The characters of a field, and the heads of the addresses before.
pub(super) struct Buffer {
    glyphs: Box<[Glyph; ROOM]>,
    noted: Noted,
    heads: Heads,
}

impl Default for Buffer {
    fn default() -> Buffer {
        Buffer {
            glyphs: Box::new([Glyph::NONE; ROOM]),
            noted: Noted::default(),
            heads: Heads::default(),
        }
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
    let (field, glyphs) = (text.behind(low), &mut buffer.glyphs);
    seen.clear();
    // How many characters are counted. Of them nothing is asked but of the last.
    let (mut counted, mut found) = (0, 0);
    if let Some(head) = buffer.heads.find(field) {
        counted = head.note(seen);
        found = if head.is_long() {
            usize::MAX
        } else {
            seen.divisions.len()
        };
    } else {
        let (first, second) = text.read(low);
        if !begins_name(&first, &text.read(second).0) {
            return None;
        }
    }
    let read = counted.saturating_sub(1);
    let (byte, noted) = (low + 3 * read, &mut buffer.noted);
    let (length, end) = text.fill(byte, glyphs, read as u8, noted, DIGITS)?;
    let g = &glyphs[..length];
    let last = *g.last()?;
    let (mark, behind) = text.entry(end);
    let whole = mark.is(class::STOP | class::COMMA)
        && end > anchor
        && (7..LONGEST).contains(&(end - low))
        && !last.is(class::NOTE_END);
    if !whole || has_postal_code(g) || !divide(g, seen) {
        return None;
    }
    if mark.is(class::COMMA) && joins(text, behind, length, seen) {
        return None;
    }
    describe(g, counted, &buffer.noted, seen)?;
    if seen.grade() == Grade::Area {
        return None;
    }
    buffer.heads.remember(text, low, &seen.divisions, found);
    seen.left_clean = true;
    Some(Body {
        span: Span::new(low, end),
        length,
        begins_with_number: false,
        negative: seen.numbers < 2 && is_negative(text, end, read..length, glyphs),
        closed: last.is(class::CLOSE),
        detail: false,
    })
}

/// Whether the anchor at byte `anchor` ends divisions, and is an anchor for that alone.
#[inline]
pub(super) fn may_end_division(text: &Reader<'_>, anchor: usize) -> bool {
    matches!(
        text.entry(anchor).0.c,
        '省' | '市' | '区' | '县' | '州' | '旗' | '镇' | '乡'
    )
}

/// Whether the anchor at byte `anchor`, which [may end](may_end_division) one, ends the full name of a division of the address that begins at byte `low`, as
/// found.
pub(super) fn is_sure(low: usize, anchor: usize, seen: &Seen) -> bool {
    // All before the last of them are Han characters of three bytes.
    let ends = |end: usize| low + 3 * end == anchor + 3;
    let mut full = seen.divisions.iter().filter(|d| !d.first.flags.short());
    full.any(|d| ends(d.end))
}

fn has_postal_code(g: &[Glyph]) -> bool {
    let digits = g.iter().rev().take_while(|g| g.is(class::DIGIT));
    digits.count() == DIGITS
}

/// Finds the divisions before the first number; whether the first begins the text with its full name, and no other may stand behind a
/// leftover or anything but Han characters.
fn divide(g: &[Glyph], seen: &mut Seen) -> bool {
    if seen.divisions.is_empty() {
        let whole = |d: &Division| !d.first.flags.short() && !d.first.flags.everyday();
        seen.divisions.extend(division_at(g, 0).filter(whole));
    }
    let Some(mut at) = seen.divisions.last().map(|d| d.end) else {
        return false;
    };
    let mut mixed = false;
    while let text @ [this, next, ..] = &g[at..]
        && !this.is(class::DIGIT)
    {
        mixed |= !this.is(class::HAN);
        if begins_name(this, next)
            && let Some((length, first)) = longest_name(text)
            && fits(first, text, length)
        {
            if mixed || first.tier == Tier::Province && !first.flags.short() || g[at - 1].c == '国'
            {
                return false;
            }
            let (start, end) = (at, at + length);
            seen.divisions.push(Division { start, end, first });
            at = end;
        } else {
            at += 1;
        }
    }
    true
}

/// Whether an address of a `length` may go on behind a comma: a division stands on one of its sides.
fn joins(text: &Reader<'_>, behind: usize, length: usize, seen: &Seen) -> bool {
    seen.divisions.last().is_none_or(|d| d.end == length) || begins_with_name(text, behind)
}

fn begins_with_name(text: &Reader<'_>, at: usize) -> bool {
    let (first, end) = text.entry(at);
    let mut at = at;
    begins_name(first, text.entry(end).0)
        && region::longest(std::iter::from_fn(|| {
            let (glyph, end) = text.entry(at);
            at = end;
            Some(glyph.code())
        }))
        .is_some()
}

/// As [`tail::describe`], of the characters from the place `from` on, of which those that tell something are `noted`; `None` where a word
/// may end the address that begins in none of the divisions.
fn describe(g: &[Glyph], from: usize, noted: &Noted, seen: &mut Seen) -> Option<()> {
    let stops: &words::Index = &words::STOP_WORDS;
    let counter = tail::Counter::new();
    seen.numbers += noted.units;
    let noted = noted.places();
    let passed = noted
        .iter()
        .take(1)
        .filter(|place| usize::from(**place) < from);
    for at in noted[passed.count()..]
        .iter()
        .map(|place| usize::from(*place))
    {
        let Some(text @ [glyph, behind @ ..]) = g.get(at..) else {
            break;
        };
        let stops = || {
            behind
                .first()
                .is_none_or(|next| stops.may_begin(glyph, next))
        };
        if glyph.is(class::STOP_HEAD) && stops() && !tail::is_named(at, &seen.divisions) {
            return None;
        }
        let previous = at.checked_sub(1).map_or(&Glyph::NONE, |before| &g[before]);
        counter.count(text, at, previous, seen);
    }
    tail::count_last(g.last(), seen);
    Some(())
}

/// Whether goods, news or travel are spoken of in some characters of the buffer, or close behind them in the next field.
fn is_negative(
    text: &Reader<'_>,
    end: usize,
    body: Range<usize>,
    glyphs: &mut [Glyph; ROOM],
) -> bool {
    let (mut at, mut all, mut commas) = (end, body.end, 0);
    for slot in glyphs[body.end..].iter_mut().take(BEHIND) {
        let (glyph, next) = text.entry(at);
        if commas == 2 || glyph.is(class::STOP) {
            break;
        }
        *slot = *glyph;
        commas += u32::from(glyph.is(class::COMMA));
        (at, all) = (next, all + 1);
    }
    words::has_negative(&glyphs[body.start..all])
}
