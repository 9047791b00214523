//! Half-open byte ranges.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A half-open range of bytes, `start..end`.
///
/// In a [`Finding`](crate::Finding) the bytes are those of the caller's input as it was handed in,
/// whatever its encoding; in a [`Candidate`](crate::detect::Candidate) they are those of the
/// [`View`](crate::anchor::View)'s text.
///
/// ```
/// use miandan::Span;
/// let span = Span::new(3, 6);
/// assert_eq!(span.len(), 3);
/// assert!(span.contains(5) && !span.contains(6));
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span `start..end`.
    pub const fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// Number of bytes.
    pub const fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span holds no byte.
    pub const fn is_empty(&self) -> bool {
        self.end <= self.start
    }

    /// Whether the byte at `at` lies inside.
    pub const fn contains(&self, at: usize) -> bool {
        self.start <= at && at < self.end
    }

    /// Whether the two spans share a byte.
    pub const fn overlaps(&self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The span as a [`Range`], for slicing.
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The span moved right by `by` bytes.
    #[must_use]
    pub const fn shifted(&self, by: usize) -> Span {
        Span {
            start: self.start + by,
            end: self.end + by,
        }
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        Span::new(range.start, range.end)
    }
}
