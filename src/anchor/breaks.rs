//! Line breaks between findings.

use std::ops::Range;

/// Counts the line breaks of pieces of a text that come in order, most of them on one line with the piece before.
pub(crate) struct Breaks<'t> {
    bytes: &'t [u8],
    /// Bytes among which there is no break.
    none: Range<usize>,
}

impl<'t> Breaks<'t> {
    pub(crate) fn new(text: &'t str) -> Breaks<'t> {
        Breaks {
            bytes: text.as_bytes(),
            // No piece is inside.
            none: Range {
                start: usize::MAX,
                end: 0,
            },
        }
    }

    /// Number of breaks in a piece; 0 where it ends before it begins.
    #[inline]
    pub(crate) fn count(&mut self, piece: Range<usize>) -> usize {
        if self.none.start <= piece.start && piece.end <= self.none.end {
            return 0;
        }
        self.count_on(piece)
    }

    /// The end of the line on which the last piece ended that was counted.
    pub(crate) fn line_end(&self) -> usize {
        self.none.end
    }

    fn count_on(&mut self, piece: Range<usize>) -> usize {
        // As a rule the piece reaches into the next line.
        let at = self.none.end;
        let known = self.none.start <= piece.start && self.bytes.get(at) == Some(&b'\n');
        if known && piece.contains(&at) {
            let next = at + 1;
            let line = memchr::memchr(b'\n', &self.bytes[next..]);
            let end = line.map_or(self.bytes.len(), |line| next + line);
            if piece.end <= end {
                self.none = next..end;
                return 1;
            }
        }
        let rest = self.bytes.get(piece.end..).unwrap_or_default();
        let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        self.none = piece.end..piece.end + line;
        let piece = self.bytes.get(piece).unwrap_or_default();
        memchr::memchr_iter(b'\n', piece).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_are_counted_piece_by_piece() {
        let text = "a\n\nbcd\nef\n".repeat(3);
        for first in 0..text.len() {
            for second in first..text.len() {
                let mut breaks = Breaks::new(&text);
                for piece in [0..first, first..second, second..text.len()] {
                    let expected = text[piece.clone()].matches('\n').count();
                    let end = piece.end;
                    assert_eq!(breaks.count(piece), expected);
                    let line = text[end..].find('\n').map_or(text.len(), |line| end + line);
                    assert_eq!(breaks.line_end(), line);
                }
            }
        }
        assert_eq!(Breaks::new("a\n").count(Range { start: 2, end: 1 }), 0);
        assert_eq!(Breaks::new("a").count(3..5), 0);
    }
}
