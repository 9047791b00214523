//! Chunks joined across what stands between them: a reading, which a detector may or may not believe.

use super::gap::Gap;
use super::glyph::{Style, dressed_end};
use super::{Chunk, glyphs};
use crate::span::Span;

/// Most digits that a run holds.
const MOST: usize = 20;

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

    /// The next chunk, unless a wall stands before it.
    pub(crate) fn following(&self) -> Option<&'c Chunk> {
        match self.gap_after() {
            Gap::Wall => None,
            _ => self.chunks.get(self.last + 1),
        }
    }

    /// Number of digits and of visible gaps with the next chunk; `None` where a wall stands before it.
    pub(crate) fn with_following(&self) -> Option<(usize, usize)> {
        let chunk = self.following()?;
        let digits = usize::from(self.len) + chunk.count as usize;
        Some((
            digits,
            self.gap_count() + usize::from(self.gap_after() != Gap::None),
        ))
    }

    /// Takes the next chunk in; false where a wall stands before it or it does not fit.
    pub(crate) fn extend(&mut self, text: &str) -> bool {
        let Some((digits, gaps)) = self.with_following() else {
            return false;
        };
        if digits > MOST {
            return false;
        }
        self.last += 1;
        self.seen = gaps as u8;
        self.take(text)
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
            // Shorter than a call that copies.
            for (digit, byte) in digits
                .iter_mut()
                .zip(&text.as_bytes()[chunk.start..chunk.end])
            {
                *digit = *byte;
            }
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

    /// Number of digits from chunk `at` on up to a wall or the visible gap that comes after `gaps` others.
    pub(crate) fn digits_within(chunks: &[Chunk], at: usize, gaps: usize) -> u32 {
        let (mut digits, mut seen) = (0, 0);
        for chunk in &chunks[at..] {
            digits += chunk.count;
            seen += usize::from(chunk.gap != Gap::None);
            if chunk.gap == Gap::Wall || seen > gaps || digits >= MOST as u32 {
                break;
            }
        }
        digits
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
