//! How many bytes of the source a piece of a decoded text takes, counted in the text alone.

use wide::u8x16;

use super::dense::{self, BLOCK};
use super::encoding::Encoding;
use crate::span::Span;

/// How many bytes of the source the characters of a text take, where it can be told from the text alone: in nearly all of it.
#[derive(Clone, Copy)]
pub(super) enum Lengths {
    /// As in the text, but two for a character of three bytes.
    Pairs,
    /// Two for each character.
    Units,
}

impl Lengths {
    /// Those that are usual in an encoding.
    pub(super) const fn of(encoding: Encoding) -> Lengths {
        match encoding {
            Encoding::Utf16Le | Encoding::Utf16Be => Lengths::Units,
            _ => Lengths::Pairs,
        }
    }

    /// Bytes of the source that a text takes, given what is counted: characters of three bytes, or all.
    #[inline]
    const fn source(self, text: usize, counted: usize) -> usize {
        match self {
            Lengths::Pairs => text - counted,
            Lengths::Units => 2 * counted,
        }
    }

    /// Those of the first [`BLOCK`] bytes with which characters begin that are counted.
    #[inline]
    fn bits(self, text: &[u8]) -> u64 {
        let masked =
            |lane: u8x16, mask, value| (lane & u8x16::splat(mask)).simd_eq(u8x16::splat(value));
        match self {
            Lengths::Pairs => dense::bits(text, |lane| masked(lane, 0xF0, 0xE0)),
            Lengths::Units => !dense::bits(text, |lane| masked(lane, 0xC0, 0x80)),
        }
    }
}

/// Whether a character begins at an offset of UTF-8, or the text ends there.
#[inline]
pub(super) fn is_boundary(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        Some(byte) => byte & 0xC0 != 0x80,
        None => at == text.len(),
    }
}

/// How long in the source the pieces of a text are that follow one another: its characters are counted a block at a time.
pub(super) struct Counter {
    lengths: Lengths,
    /// Where the block begins in which the last piece ends.
    block: usize,
    /// Those of its bytes with which characters begin that are counted, the first byte lowest.
    here: u64,
}

impl Counter {
    pub(super) fn new(lengths: Lengths, text: &[u8]) -> Counter {
        Counter {
            lengths,
            block: 0,
            here: lengths.bits(text),
        }
    }

    /// The length in the source of the piece of the text that begins where the last one ended.
    #[inline]
    pub(super) fn source_of(&mut self, text: &[u8], piece: Span) -> usize {
        let (mut counted, mut from) = (0, piece.start);
        if piece.end >= self.block + BLOCK {
            (counted, from) = self.advance(text, piece);
        }
        let piece_bits = self.here >> (from - self.block) & ((1 << (piece.end - from)) - 1);
        // Digits and borders have none, and counting bits takes long.
        if piece_bits != 0 {
            counted += piece_bits.count_ones() as usize;
        }
        self.lengths.source(piece.len(), counted)
    }

    /// Goes on to the block in which the piece ends: what is counted in the piece before it, and where it begins.
    #[inline(never)]
    fn advance(&mut self, text: &[u8], piece: Span) -> (usize, usize) {
        let (mut counted, mut from) = (0, piece.start);
        while piece.end >= self.block + BLOCK {
            counted += (self.here >> (from - self.block)).count_ones() as usize;
            self.block += BLOCK;
            self.here = self.lengths.bits(&text[self.block..]);
            from = self.block;
        }
        (counted, from)
    }
}
