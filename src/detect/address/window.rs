//! The characters around an anchor, read once for all that is asked about them.

use std::ops::Range;

use super::glyph::{Glyph, Reader, class};

/// How far after an anchor an address is followed, in bytes.
const AHEAD: usize = 420;

/// Characters whose marks are looked at in one step.
const STEP: usize = 8;
/// One in each of them.
const EACH: u64 = u64::MAX / 0xFF;

/// Characters behind which the search has come that a window may hold before they are forgotten.
const MOST: usize = 2048;

/// A piece of the text as glyphs, which grows with the anchors that follow each other closely: every byte is read about once.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// Its characters, and what is left of those of longer ones.
    glyphs: Vec<Glyph>,
    /// Their [marks](Glyph::mark), and [`STEP`] more.
    marks: Vec<u8>,
    length: usize,
    /// The bytes of the text that it holds.
    start: usize,
    end: usize,
    /// Where what may belong to the last anchor ends: at a hard stop, or at a comma where it holds the next field too.
    field: Option<usize>,
    /// That comma, if all that it holds behind it is the next field.
    comma: Option<usize>,
    /// How many characters it has read so far, in all texts.
    #[cfg(test)]
    read: usize,
}

impl Window {
    /// Forgets the last text.
    pub(super) fn clear(&mut self) {
        *self = Window {
            glyphs: std::mem::take(&mut self.glyphs),
            marks: std::mem::take(&mut self.marks),
            #[cfg(test)]
            read: self.read,
            ..Window::default()
        };
    }

    /// Makes the window hold the text from byte `low` to what may belong to the anchor at byte `at`; returns the place of `low`.
    ///
    /// Of a row with commas only the field of the anchor and the next one are read; [`widen`](Self::widen) reads on.
    pub(super) fn cover(&mut self, text: &Reader<'_>, low: usize, at: usize) -> usize {
        if low < self.start || low > self.end {
            (self.start, self.end, self.length) = (low, low, 0);
            self.field = None;
        }
        let whole = self.end >= at + AHEAD || self.end == text.text().len();
        if self.field.is_none_or(|end| end < at) {
            (self.field, self.comma) = (None, None);
            if !whole {
                self.read(text, at, true);
            }
        }
        match self.index(low) {
            far if far > MOST => {
                self.forget(far);
                0
            }
            near => near,
        }
    }

    /// Forgets the characters before a place.
    fn forget(&mut self, place: usize) {
        self.start = self.byte(place);
        self.glyphs.copy_within(place..self.length, 0);
        self.marks.copy_within(place..self.length, 0);
        self.length -= place;
    }

    /// Reads on behind the second comma, if the address composed from the window goes on behind the first: to the place `reached`.
    pub(super) fn widen(&mut self, text: &Reader<'_>, at: usize, reached: usize) -> bool {
        let more = self.comma.is_some_and(|comma| self.byte(reached) > comma);
        if more {
            self.read(text, at, false);
        }
        more
    }

    /// Reads on to the first hard stop behind the anchor, or to the second comma.
    fn read(&mut self, text: &Reader<'_>, anchor: usize, to_comma: bool) {
        (self.field, self.comma) = (None, None);
        let mut comma = None;
        let mut ends = |window: &mut Window, border: Glyph| {
            let at = border.byte();
            if border.is(class::STOP) {
                window.field = Some(at);
            } else if to_comma && comma.is_some() {
                (window.field, window.comma) = (comma, comma);
            } else {
                comma = comma.or(Some(at));
            }
            window.field.is_some()
        };
        for i in self.index(anchor)..self.length {
            let glyph = self.glyphs[i];
            if glyph.is(class::STOP | class::COMMA) && ends(self, glyph) {
                return;
            }
        }
        // Where it grows, it grows by much at once.
        let reach = if self.length > 0 { 3 * AHEAD } else { AHEAD };
        let text = text.until(anchor + reach);
        while let Some(border) = self.read_field(&text) {
            if border.byte() >= anchor && ends(self, border) {
                return;
            }
        }
    }

    /// Reads on behind the next comma or hard stop, which it returns; `None` at the end of the text.
    fn read_field(&mut self, text: &Reader<'_>) -> Option<Glyph> {
        let most = self.length + text.text().len().saturating_sub(self.end);
        if self.glyphs.len() < most {
            self.glyphs.resize(most, Glyph::default());
            self.marks.resize(most + STEP, 0);
        }
        let slots = self.glyphs[self.length..].iter_mut();
        let slots = slots.zip(&mut self.marks[self.length..]);
        let (mut length, mut rest, mut border) = (self.length, text.behind(self.end), None);
        for (slot, mark) in slots {
            let Some(glyph) = text.take(&mut rest, slot) else {
                break;
            };
            *mark = glyph.mark();
            length += 1;
            if glyph.is(class::STOP | class::COMMA) {
                border = Some(*slot);
                break;
            }
        }
        let at = text.text().len() - rest.len();
        #[cfg(test)]
        {
            self.read += length - self.length;
        }
        (self.length, self.end) = (length, at);
        border
    }

    /// Whether it holds nothing of the text behind byte `at`.
    pub(super) fn ends_before(&self, at: usize) -> bool {
        self.end <= at
    }

    /// The place of the character at byte `at`.
    pub(super) fn index(&self, at: usize) -> usize {
        if at == self.start {
            return 0;
        }
        if at >= self.end {
            return self.length;
        }
        // Where only Han characters stand before it, as at the beginning of a field, each took three bytes.
        let glyphs = self.glyphs();
        let guess = at.saturating_sub(self.start) / 3;
        match glyphs.get(guess) {
            Some(glyph) if glyph.byte() == at => guess,
            _ => glyphs.partition_point(|g| g.byte() < at),
        }
    }

    /// The byte at which the character at place `i` begins.
    pub(super) fn byte(&self, i: usize) -> usize {
        self.glyphs().get(i).map_or(self.end, |g| g.byte())
    }

    /// A bit for each of the first 64 characters from a place on that is of a class of [`class::MARKS`].
    #[inline]
    pub(super) fn map(&self, range: Range<usize>, class: u32) -> u64 {
        let length = range.len().min(64);
        let steps = self
            .marks
            .get(range.start..)
            .unwrap_or_default()
            .as_chunks()
            .0;
        let steps = steps.iter().take(length.div_ceil(STEP)).rev();
        let map = steps.fold(0, |map, step| {
            let bits = u64::from_le_bytes(*step) >> class.trailing_zeros() & EACH;
            // The lowest bit of every byte comes to stand in the highest byte, in order.
            map << STEP | bits.wrapping_mul(0x0102_0408_1020_4080) >> 56
        });
        map & !(u64::MAX.checked_shl(length as u32).unwrap_or(0))
    }

    /// Where the run of characters of a class of [`class::MARKS`] ends that goes on at the place `from`.
    #[inline]
    pub(super) fn run_end(&self, from: usize, class: u32) -> usize {
        self.seek(from, 0, class)
    }

    /// The first place at or behind `from` whose character is of one of some classes, or not of another.
    ///
    /// As eight marks are looked at in a step, and words and numbers are shorter, most searches take one, and no branch in them depends on
    /// the length.
    #[inline]
    pub(super) fn seek(&self, from: usize, any_of: u32, none_of: u32) -> usize {
        let (any_of, none_of) = (u64::from(any_of) * EACH, u64::from(none_of) * EACH);
        let steps = self.marks.get(from..).unwrap_or_default().as_chunks().0;
        let mut at = from;
        for step in steps {
            let marks = u64::from_le_bytes(*step);
            let found = marks & any_of | !marks & none_of;
            if found != 0 {
                at += found.trailing_zeros() as usize / STEP;
                break;
            }
            at += STEP;
        }
        self.length.min(at)
    }

    /// How many characters it has read so far, in all texts.
    #[cfg(test)]
    pub(super) fn read_so_far(&self) -> usize {
        self.read
    }

    /// The characters.
    pub(super) fn glyphs(&self) -> &[Glyph] {
        &self.glyphs[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_by_eight_find_what_looking_at_every_character_finds() {
        let text = "浙江省杭州市西湖区文三路1188号20栋3单元a座501室".repeat(3);
        let mut window = Window::default();
        window.cover(&Reader::new(&text), 0, 6);
        let glyphs = window.glyphs();
        assert_eq!(glyphs.len(), text.chars().count());
        for from in 0..=glyphs.len() {
            let place = |test: &dyn Fn(&Glyph) -> bool| {
                let found = glyphs[from..].iter().position(test);
                found.map_or(glyphs.len(), |i| from + i)
            };
            let digits = window.run_end(from, class::DIGIT);
            assert_eq!(digits, place(&|g| !g.is(class::DIGIT)));
            let either = window.seek(from, class::LETTER, class::HAN);
            assert_eq!(either, place(&|g| g.is(class::LETTER) || !g.is(class::HAN)));
            for end in from..=glyphs.len() {
                let map = window.map(from..end, class::TELLS);
                let told = |i: usize| from + i < end && glyphs[from + i].is(class::TELLS);
                assert!(
                    (0..64).all(|i| (map >> i & 1 != 0) == told(i)),
                    "{from}..{end}"
                );
            }
        }
    }

    #[test]
    fn places_are_found_whatever_stands_before_them() {
        let text = "浙江省a1杭州市é西湖区";
        let mut window = Window::default();
        window.cover(&Reader::new(text), 0, 6);
        for (place, (at, _)) in text.char_indices().enumerate() {
            assert_eq!(window.index(at), place);
        }
        window.forget(4);
        assert_eq!(window.index(text.len()), window.glyphs().len());
        assert_eq!(window.byte(0), "浙江省a".len());
        assert_eq!(window.index("浙江省a1杭".len()), 2);
    }
}
