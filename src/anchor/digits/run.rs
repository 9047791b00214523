//! Chunks joined across what stands between them: a reading, which a detector may or may not believe.

use super::gap::Gap;
use super::glyph::{Style, dressed_end};
use super::{Chunk, glyphs};
use crate::span::Span;

/// Most digits that a run holds.
const MOST: usize = 20;

/// Whether chunks from `at` on, without a wall between them, have `wanted` digits in all.
pub(crate) fn adds_up(chunks: &[Chunk], at: usize, wanted: u32) -> bool {
    if chunks[at].reach < wanted {
        return false;
    }
    let mut digits = 0;
    for chunk in &chunks[at..] {
        digits += chunk.count;
        if digits >= wanted {
            break;
        }
    }
    digits == wanted
}

/// Number of digits between the visible gaps of a run, in order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Groups {
    counts: [u8; MOST],
    len: usize,
}

impl std::ops::Deref for Groups {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.counts[..self.len]
    }
}

/// Up to [`MOST`] digits read from neighbouring chunks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'c> {
    chunks: &'c [Chunk],
    digits: [u8; MOST],
    len: u8,
    /// Number of gaps that can be seen.
    seen: u8,
    /// The strongest style in it.
    pub(crate) style: Style,
    /// From the first digit to the last, marks that dress the last included.
    pub(crate) span: Span,
    /// Position of the first chunk.
    pub(crate) first: usize,
    /// Position of the last chunk.
    pub(crate) last: usize,
}

impl<'c> Run<'c> {
    /// The run of one chunk; `None` where the chunk is too long.
    pub(crate) fn of(text: &str, chunks: &'c [Chunk], at: usize) -> Option<Run<'c>> {
        let mut run = Run {
            chunks,
            digits: [0; MOST],
            len: 0,
            seen: 0,
            style: Style::Plain,
            span: Span::new(chunks[at].start, chunks[at].start),
            first: at,
            last: at,
        };
        run.take(text).then_some(run)
    }

    /// Takes the next chunk in; `None` where a wall stands before it or it does not fit.
    pub(crate) fn extend(&self, text: &str) -> Option<Run<'c>> {
        let gap = self.gap_after();
        if gap == Gap::Wall {
            return None;
        }
        let mut run = *self;
        run.last += 1;
        run.seen += u8::from(gap != Gap::None);
        run.take(text).then_some(run)
    }

    /// Takes the last chunk's digits in.
    fn take(&mut self, text: &str) -> bool {
        let chunk = &self.chunks[self.last];
        let from = usize::from(self.len);
        let end = from + chunk.count as usize;
        let Some(digits) = self.digits.get_mut(from..end) else {
            return false;
        };
        if chunk.style == Style::Plain {
            digits.copy_from_slice(&text.as_bytes()[chunk.start..chunk.end]);
        } else {
            for (digit, glyph) in digits.iter_mut().zip(glyphs(text, chunk)) {
                *digit = glyph.value;
            }
        }
        self.len = end as u8;
        self.style = self.style.max(chunk.style);
        self.span.end = dressed_end(text, chunk.end);
        true
    }

    /// The digits as ASCII.
    pub(crate) fn digits(&self) -> &[u8] {
        &self.digits[..usize::from(self.len)]
    }

    /// The gaps that can be seen, in order.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = Gap> + use<'c> {
        let gaps = self.chunks[self.first..self.last].iter().map(|c| c.gap);
        gaps.filter(|g| *g != Gap::None)
    }

    /// Whether a gap like `gap` stands inside.
    pub(crate) fn has_gap(&self, gap: Gap) -> bool {
        self.gaps().any(|g| g == gap)
    }

    /// Number of gaps that can be seen.
    pub(crate) fn gap_count(&self) -> usize {
        usize::from(self.seen)
    }

    /// Number of digits between those gaps, in order.
    pub(crate) fn groups(&self) -> Groups {
        let mut groups = Groups {
            counts: [0; MOST],
            len: 1,
        };
        for chunk in &self.chunks[self.first..=self.last] {
            groups.counts[groups.len - 1] += chunk.count as u8;
            groups.len += usize::from(chunk.gap != Gap::None && groups.len < MOST);
        }
        groups.len = usize::from(self.seen) + 1;
        groups
    }

    /// Whether all visible gaps are the same and there is at least one.
    pub(crate) fn even(&self) -> bool {
        let mut gaps = self.gaps();
        gaps.next().is_some_and(|first| gaps.all(|g| g == first))
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
    pub(crate) fn gap_after(&self) -> Gap {
        self.chunks[self.last].gap
    }

    /// The chunk before the run.
    pub(crate) fn before(&self) -> Option<&'c Chunk> {
        self.first.checked_sub(1).map(|p| &self.chunks[p])
    }

    /// What stands between the run and the chunk before it; a wall where there is none.
    pub(crate) fn gap_before(&self) -> Gap {
        self.before().map_or(Gap::Wall, |chunk| chunk.gap)
    }
}
