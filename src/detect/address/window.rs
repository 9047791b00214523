//! The characters around an anchor, read once for all that is asked about them.

use super::glyph::{Glyph, Reader, class};

/// How far after an anchor an address is followed, in bytes.
const AHEAD: usize = 420;

/// A piece of the text as glyphs.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// Its characters, and what is left of those of longer ones.
    glyphs: Vec<Glyph>,
    length: usize,
    /// The bytes of the text that it holds.
    start: usize,
    end: usize,
    /// The hard stop with which it ends.
    stop: Option<usize>,
    /// The first comma behind the anchor, where the window was ended at the second.
    comma: Option<usize>,
}

impl Window {
    /// Forgets the last text.
    pub(super) fn clear(&mut self) {
        *self = Window {
            glyphs: std::mem::take(&mut self.glyphs),
            ..Window::default()
        };
    }

    /// Makes the window hold the text from byte `low` to what may belong to the anchor at byte `at`; returns the place of `low`.
    ///
    /// Of a row with commas only the field of the anchor and the next one are read; [`widen`](Self::widen) reads on. Where
    /// anchors follow each other closely the window is made larger at once, so that every byte is read about once, whatever the
    /// text.
    pub(super) fn cover(&mut self, text: &Reader<'_>, low: usize, at: usize) -> usize {
        let field = self.comma.or(self.stop).is_some_and(|end| end >= at);
        let enough = field || self.end == text.text().len() || self.end >= at + AHEAD;
        if low < self.start || self.end <= at || !enough {
            let dense = self.end > 0 && at < self.end + AHEAD;
            self.read(
                text,
                low,
                at,
                at + if dense { 4 * AHEAD } else { AHEAD },
                true,
            );
        }
        self.index(low)
    }

    /// Reads on behind the second comma, if the address composed from the window goes on behind the first: to the place `reached`.
    pub(super) fn widen(&mut self, text: &Reader<'_>, at: usize, reached: usize) -> bool {
        let more = self.comma.is_some_and(|comma| self.byte(reached) > comma);
        if more {
            self.read(text, self.start, at, at + AHEAD, false);
        }
        more
    }

    fn read(
        &mut self,
        text: &Reader<'_>,
        low: usize,
        anchor: usize,
        mut high: usize,
        to_comma: bool,
    ) {
        self.start = low;
        (self.stop, self.comma) = (None, None);
        let mut first_comma = None;
        let mut at = low;
        let text = &text.until(high);
        high = text.text().len();
        if self.glyphs.len() < high - low {
            self.glyphs.resize(high - low, Glyph::default());
        }
        let mut length = 0;
        for slot in &mut self.glyphs {
            let (glyph, next) = text.read(at);
            if at >= high {
                break;
            }
            *slot = glyph;
            length += 1;
            if glyph.is(class::STOP | class::COMMA) && at >= anchor {
                if glyph.is(class::STOP) {
                    self.stop = Some(at);
                    high = at;
                } else if to_comma && first_comma.is_some() {
                    self.comma = first_comma;
                    high = at;
                } else {
                    first_comma = first_comma.or(Some(at));
                }
            }
            at = next;
        }
        (self.length, self.end) = (length, at);
    }

    /// The place of the character at byte `at`.
    pub(super) fn index(&self, at: usize) -> usize {
        if at == self.start {
            return 0;
        }
        self.glyphs().partition_point(|g| g.byte() < at)
    }

    /// The byte at which the character at place `i` begins.
    pub(super) fn byte(&self, i: usize) -> usize {
        self.glyphs().get(i).map_or(self.end, |g| g.byte())
    }

    /// The characters.
    pub(super) fn glyphs(&self) -> &[Glyph] {
        &self.glyphs[..self.length]
    }
}
