//! Chunks joined across what stands between them: a reading, which a detector may or may not believe.

use super::gap::Gap;
use super::glyph::{Style, dressed_end};
use super::{Chunk, glyphs};
use crate::span::Span;

/// Most digits that a run holds.
const MOST: usize = 20;

/// Up to [`MOST`] digits read from neighbouring chunks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    digits: [u8; MOST],
    len: usize,
    /// From the first digit to the last, marks that dress the last included.
    pub(crate) span: Span,
    /// Position of the first chunk.
    pub(crate) first: usize,
    /// Position of the last chunk.
    pub(crate) last: usize,
    /// The gaps between the chunks that can be seen.
    gaps: [Gap; MOST],
    /// Lengths of the groups between those gaps.
    groups: [u8; MOST],
    seen: usize,
    /// The strongest style in it.
    pub(crate) style: Style,
}

impl Run {
    /// The run of one chunk; `None` where the chunk is too long.
    pub(crate) fn of(text: &str, chunks: &[Chunk], at: usize) -> Option<Run> {
        let mut run = Run {
            digits: [0; MOST],
            len: 0,
            span: Span::new(chunks[at].start, chunks[at].start),
            first: at,
            last: at,
            gaps: [Gap::None; MOST],
            groups: [0; MOST],
            seen: 0,
            style: Style::Plain,
        };
        run.take(text, &chunks[at]).then_some(run)
    }

    /// Takes the next chunk in; `None` where a wall stands before it or it does not fit.
    pub(crate) fn extend(&self, text: &str, chunks: &[Chunk]) -> Option<Run> {
        let next = chunks.get(self.last + 1)?;
        let gap = self.gap_after(chunks);
        if gap == Gap::Wall {
            return None;
        }
        let mut run = *self;
        run.last += 1;
        if gap != Gap::None {
            run.gaps[run.seen] = gap;
            run.seen += 1;
        }
        run.take(text, next).then_some(run)
    }

    fn take(&mut self, text: &str, chunk: &Chunk) -> bool {
        if self.len + chunk.count as usize > MOST {
            return false;
        }
        let end = self.len + chunk.count as usize;
        let digits = &mut self.digits[self.len..end];
        if chunk.style == Style::Plain {
            digits.copy_from_slice(&text.as_bytes()[chunk.start..chunk.end]);
        } else {
            for (digit, glyph) in digits.iter_mut().zip(glyphs(text, chunk)) {
                *digit = glyph.value;
            }
        }
        self.len = end;
        self.groups[self.seen] += chunk.count as u8;
        self.style = self.style.max(chunk.style);
        self.span.end = dressed_end(text, chunk.end);
        true
    }

    /// The digits as ASCII.
    pub(crate) fn digits(&self) -> &[u8] {
        &self.digits[..self.len]
    }

    /// The gaps that can be seen, in order.
    pub(crate) fn gaps(&self) -> &[Gap] {
        &self.gaps[..self.seen]
    }

    /// Number of digits between those gaps, in order.
    pub(crate) fn groups(&self) -> &[u8] {
        &self.groups[..=self.seen]
    }

    /// Whether all visible gaps are the same and there is at least one.
    pub(crate) fn even(&self) -> bool {
        let gaps = self.gaps();
        !gaps.is_empty() && gaps.iter().all(|g| *g == gaps[0])
    }

    /// Whether it is one chunk, or chunks with nothing visible between them, of ASCII digits.
    pub(crate) fn plain(&self) -> bool {
        self.seen == 0 && self.first == self.last && self.style == Style::Plain
    }

    /// Whether chunk `at` stands inside a row of chunks with the same separator, so that no number begins there. Rows of
    /// separated digits are thereby read once and not once per digit.
    pub(crate) fn inside_row(chunks: &[Chunk], at: usize) -> bool {
        let Some(before) = at.checked_sub(1).map(|p| chunks[p]) else {
            return false;
        };
        !matches!(before.gap, Gap::Wall | Gap::None)
            && before.gap == chunks[at].gap
            && before.count < 7
    }

    /// What stands between the run and the chunk after it; a wall where there is none.
    pub(crate) fn gap_after(&self, chunks: &[Chunk]) -> Gap {
        chunks[self.last].gap
    }

    /// What stands between the run and the chunk before it; a wall where there is none.
    pub(crate) fn gap_before(&self, chunks: &[Chunk]) -> Gap {
        match self.first.checked_sub(1) {
            Some(before) => chunks[before].gap,
            None => Gap::Wall,
        }
    }
}
