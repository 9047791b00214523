//! From offsets in a decoded text back to offsets in the bytes that it was decoded from.

use wide::u8x16;

use super::decode::Text;
use super::dense::{self, BLOCK};
use super::encoding::Encoding;
use crate::span::Span;

/// How many bytes of the source the characters of a text take that are usual in its encoding: it can be told from the text alone.
/// All other characters are [`Mark`]s.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lengths {
    /// As in the text.
    Same,
    /// As in the text, but two for a character of three bytes.
    Pairs,
    /// Two for each character.
    Units,
}

impl Lengths {
    /// Those of an encoding.
    pub(super) const fn of(encoding: Encoding) -> Lengths {
        match encoding {
            // Everything is read as UTF-8 then.
            _ if cfg!(not(feature = "encodings")) => Lengths::Same,
            Encoding::Utf8 => Lengths::Same,
            Encoding::Gb18030 | Encoding::Big5 => Lengths::Pairs,
            Encoding::Utf16Le | Encoding::Utf16Be => Lengths::Units,
        }
    }

    /// Bytes of the source that a character takes which has so many in the text.
    const fn usual(self, text_len: usize) -> usize {
        match self {
            Lengths::Pairs if text_len == 3 => 2,
            Lengths::Units => 2,
            _ => text_len,
        }
    }

    /// Bytes of the source that a text takes, given what is counted: characters of three bytes, or all.
    #[inline]
    const fn source(self, text: usize, counted: usize) -> usize {
        match self {
            Lengths::Same => text,
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
            Lengths::Same => 0,
            Lengths::Pairs => dense::bits(text, |lane| masked(lane, 0xF0, 0xE0)),
            Lengths::Units => !dense::bits(text, |lane| masked(lane, 0xC0, 0x80)),
        }
    }
}

/// A place in a decoded text whose length in the source is not the usual one: replacements, sequences of unusual length.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    text: u32,
    source: u32,
    text_len: u8,
    source_len: u8,
}

impl Mark {
    /// Adds what `text_len` bytes at `text` stand for, unless they are a character of the usual length. Marks come in order.
    #[inline]
    pub(super) fn note(
        marks: &mut Vec<Mark>,
        lengths: Lengths,
        (text, text_len): (usize, usize),
        (source, source_len): (usize, usize),
    ) {
        if lengths.usual(text_len) != source_len {
            marks.push(Mark {
                text: text as u32,
                source: source as u32,
                text_len: text_len as u8,
                source_len: source_len as u8,
            });
        }
    }

    /// The mark in a text that begins so much later, in source and text.
    pub(super) const fn shifted(self, source: usize, text: usize) -> Mark {
        Mark {
            text: self.text + text as u32,
            source: self.source + source as u32,
            ..self
        }
    }

    const fn text_end(self) -> usize {
        self.text as usize + self.text_len as usize
    }

    const fn source_end(self) -> usize {
        self.source as usize + self.source_len as usize
    }
}

/// Whether a character begins at an offset of UTF-8, or the text ends there.
#[inline]
fn is_boundary(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        Some(byte) => byte & 0xC0 != 0x80,
        None => at == text.len(),
    }
}

/// How long in the source the pieces of a text are that follow one another: its characters are counted a block at a time.
struct Counter {
    lengths: Lengths,
    /// Where the block begins in which the last piece ends.
    block: usize,
    /// Those of its bytes with which characters begin that are counted, the first byte lowest.
    here: u64,
}

impl Counter {
    /// Counts from `at` on.
    fn new(lengths: Lengths, text: &[u8], at: usize) -> Counter {
        Counter {
            lengths,
            block: at,
            here: lengths.bits(&text[at..]),
        }
    }

    /// The length in the source of a piece of the text, which begins where the last one ended or behind it.
    #[inline]
    fn source_of(&mut self, text: &[u8], piece: Span) -> usize {
        if self.lengths == Lengths::Same {
            return piece.len();
        }
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
        if from >= self.block + BLOCK {
            *self = Counter::new(self.lengths, text, from);
        }
        while piece.end >= self.block + BLOCK {
            counted += (self.here >> (from - self.block)).count_ones() as usize;
            self.block += BLOCK;
            self.here = self.lengths.bits(&text[self.block..]);
            from = self.block;
        }
        (counted, from)
    }
}

/// Turns ascending offsets of a decoded text into offsets of the bytes it was decoded from, in one walk over the text.
///
/// The map between the two is not stored: for GB18030 it would cost 1.8 bytes per input byte and half the decoder's speed,
/// while only pages with findings ever ask. What is stored are the places of unusual length.
pub(crate) struct Walker<'a> {
    text: &'a [u8],
    counter: Counter,
    /// Those that are still to come.
    marks: &'a [Mark],
    /// Where it stands in the source and in the text.
    source: usize,
    at: usize,
}

impl<'a> Walker<'a> {
    /// A walker that stands at a place of a decoded text, from which on it is read in an encoding.
    pub(super) fn new(text: Text<'a>, encoding: Encoding, source: usize, at: usize) -> Walker<'a> {
        let Text { text, marks } = text;
        let before = marks.partition_point(|mark| (mark.text as usize) < at);
        Walker {
            text: text.as_bytes(),
            counter: Counter::new(Lengths::of(encoding), text.as_bytes(), at),
            marks: &marks[before..],
            source,
            at,
        }
    }

    /// Where the bytes of a span of the text stand, as [`to_source`](Self::to_source) tells of its start and its end.
    #[inline]
    pub(super) fn span_to_source(&mut self, span: Span) -> Span {
        let plain = self.marks.is_empty()
            && self.at <= span.start
            && is_boundary(self.text, span.start)
            && is_boundary(self.text, span.end);
        if !plain {
            return Span::new(self.to_source(span.start), self.to_source(span.end));
        }
        let before = Span::new(self.at, span.start);
        let start = self.source + self.counter.source_of(self.text, before);
        self.source = start + self.counter.source_of(self.text, span);
        self.at = span.end;
        Span::new(start, self.source)
    }

    /// The offset in the bytes of the character that stands at `offset` of the text, or of the one that `offset` lies in.
    ///
    /// Calls must come with ascending offsets; an offset behind the walker gives the place where it stands.
    #[expect(
        clippy::wrong_self_convention,
        reason = "the walker moves on, but what is asked for is a translation"
    )]
    pub(super) fn to_source(&mut self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        if offset <= self.at {
            return self.source;
        }
        let passed = self.marks.partition_point(|mark| mark.text_end() <= offset);
        if let Some(last) = self.marks[..passed].last() {
            (self.at, self.source) = (last.text_end(), last.source_end());
            self.marks = &self.marks[passed..];
        }
        if let Some(mark) = self.marks.first()
            && (mark.text as usize) < offset
        {
            (self.at, self.source) = (mark.text as usize, mark.source as usize);
            return self.source;
        }
        while !is_boundary(self.text, offset) {
            offset -= 1;
        }
        let piece = Span::new(self.at, offset);
        self.source += self.counter.source_of(self.text, piece);
        self.at = offset;
        self.source
    }
}
