//! Texts whose encoding changes from line to line: joined exports, logs of several writers, tables with rows that were garbled.
//!
//! An input has one encoding, guessed from its first bytes. Lines that are certain to be in another one are read in that,
//! and the stretches that they make are kept, so that spans and values can be read again later.

use memchr::memchr;

use super::decode::{self, Buffer, Text};
use super::encoding::Encoding;
#[cfg(feature = "encodings")]
use super::encoding::{pair_cost, utf8_cost};
#[cfg(feature = "encodings")]
use super::garble::{self, Garble};
use super::walker::{self, Mark};
#[cfg(feature = "encodings")]
use super::{multibyte, wide};
use crate::span::Span;

/// How bytes are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// In an encoding.
    Plain(Encoding),
    /// As UTF-8 that was garbled.
    #[cfg(feature = "encodings")]
    Garbled(Garble),
}

impl Reading {
    /// For messages.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Reading::Plain(encoding) => encoding.id(),
            #[cfg(feature = "encodings")]
            Reading::Garbled(garble) => garble.words(),
        }
    }

    /// The encoding of the bytes as they lie there.
    pub(crate) const fn encoding(self) -> Encoding {
        match self {
            Reading::Plain(encoding) => encoding,
            #[cfg(feature = "encodings")]
            Reading::Garbled(_) => Encoding::Utf8,
        }
    }
}

/// Bytes that are read in another way than the rest of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// The bytes.
    pub(crate) source: Span,
    /// Their text in the decoded text.
    pub(crate) text: Span,
    pub(crate) reading: Reading,
}

impl Stretch {
    /// The stretch with its bytes counted from another place.
    pub(crate) const fn shifted(self, by: usize) -> Stretch {
        Stretch {
            source: self.source.shifted(by),
            ..self
        }
    }
}

/// How the byte at `at` is read.
pub(crate) fn reading_at(stretches: &[Stretch], encoding: Encoding, at: usize) -> Reading {
    let i = stretches.partition_point(|s| s.source.end <= at);
    match stretches.get(i) {
        Some(stretch) if stretch.source.start <= at => stretch.reading,
        _ => Reading::Plain(encoding),
    }
}

/// The text of bytes that are UTF-8 as they stand, without anything that may have been garbled or be in another encoding.
pub(crate) fn plain(bytes: &[u8], encoding: Encoding) -> Option<&str> {
    if encoding != Encoding::Utf8 {
        return None;
    }
    let text = simdutf8::basic::from_utf8(bytes).ok()?;
    (!is_suspect(text) && memchr(0, bytes).is_none()).then_some(text)
}

/// Decodes bytes whose lines may be in different encodings; `encoding` is that of most of them.
///
/// As [`decode::decode`]; the lines that are read otherwise go into `stretches`, which is cleared first.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    encoding: Encoding,
    buf: &'a mut Buffer,
    malformed: &mut Vec<Span>,
    stretches: &mut Vec<Stretch>,
) -> Text<'a> {
    if let Some(text) = plain(bytes, encoding) {
        stretches.clear();
        return Text::plain(text);
    }
    find(bytes, encoding, stretches);
    if stretches.is_empty() {
        return decode::decode(bytes, encoding, buf, malformed);
    }
    let Buffer { text: buf, marks } = buf;
    buf.clear();
    marks.clear();
    let (mut piece, mut bad) = (Buffer::default(), Vec::new());
    let mut at = 0;
    let mut plain = |buf: &mut Vec<u8>, source: Span, encoding| {
        bad.clear();
        let piece = decode::decode(&bytes[source.range()], encoding, &mut piece, &mut bad);
        let shifted = |mark: &Mark| mark.shifted(source.start, buf.len());
        marks.extend(piece.marks.iter().map(shifted));
        buf.extend_from_slice(piece.text.as_bytes());
        malformed.extend(bad.iter().map(|span| span.shifted(source.start)));
    };
    for stretch in stretches {
        plain(buf, Span::new(at, stretch.source.start), encoding);
        let start = buf.len();
        match stretch.reading {
            Reading::Plain(encoding) => plain(buf, stretch.source, encoding),
            #[cfg(feature = "encodings")]
            Reading::Garbled(garble) => {
                let text = utf8(&bytes[stretch.source.range()]);
                garble::repair(text, garble, |c, _| {
                    buf.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                });
            }
        }
        stretch.text = Span::new(start, buf.len());
        at = stretch.source.end;
    }
    plain(buf, Span::new(at, bytes.len()), encoding);
    Text {
        text: simdutf8::basic::from_utf8(buf).unwrap_or_default(),
        marks,
    }
}

/// The text of bytes that are read in one way.
pub(crate) fn text_of(bytes: &[u8], reading: Reading) -> String {
    match reading {
        Reading::Plain(encoding) => {
            let mut buf = Buffer::default();
            let text = decode::decode(bytes, encoding, &mut buf, &mut Vec::new());
            text.text.to_owned()
        }
        #[cfg(feature = "encodings")]
        Reading::Garbled(garble) => garble::repair_span(utf8(bytes), garble),
    }
}

/// Stretches are garbled only where they are valid UTF-8.
#[cfg(feature = "encodings")]
fn utf8(bytes: &[u8]) -> &str {
    simdutf8::basic::from_utf8(bytes).unwrap_or_default()
}

/// Whether a text may hold lines that were garbled.
fn is_suspect(text: &str) -> bool {
    #[cfg(feature = "encodings")]
    return garble::is_suspect(text.as_bytes());
    #[cfg(not(feature = "encodings"))]
    return text.is_empty();
}

#[cfg(not(feature = "encodings"))]
pub(super) fn find(_: &[u8], _: Encoding, stretches: &mut Vec<Stretch>) {
    stretches.clear();
}

/// Lists the lines that are certain to be in another encoding.
#[cfg(feature = "encodings")]
pub(super) fn find(bytes: &[u8], encoding: Encoding, stretches: &mut Vec<Stretch>) {
    stretches.clear();
    match encoding {
        Encoding::Utf8 => {
            // Valid as a whole, so are its lines.
            let text = simdutf8::basic::from_utf8(bytes).ok();
            let suspect = garble::has_garbled_line(bytes);
            if text.is_none() || suspect || memchr(0, bytes).is_some() {
                let reading = |line: Span| match text.and_then(|text| text.get(line.range())) {
                    Some(line) => valid_line(line, suspect),
                    None => utf8_line(&bytes[line.range()], suspect),
                };
                each_line(bytes, reading, stretches);
            }
        }
        Encoding::Gb18030 | Encoding::Big5 => {
            each_line(
                bytes,
                |line| pair_line(&bytes[line.range()], encoding),
                stretches,
            );
        }
        Encoding::Utf16Le | Encoding::Utf16Be => {}
    }
}

#[cfg(feature = "encodings")]
fn each_line(
    bytes: &[u8],
    reading: impl Fn(Span) -> Option<Reading>,
    stretches: &mut Vec<Stretch>,
) {
    let mut wide = wide::Lines::new(bytes);
    let mut start = 0;
    while start < bytes.len() {
        let mut line = wide.as_mut().and_then(|wide| wide.at(start));
        // The second half of a line end, where the page or what was lost before it begins inside a line.
        if line.is_none() && bytes[start] == 0 {
            line = wide.as_mut().and_then(|wide| wide.at(start + 1));
            start += usize::from(line.is_some());
        }
        let end = match line {
            Some((end, _)) => end,
            None => memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |i| start + i + 1),
        };
        let source = Span::new(start, end);
        let reading = match line {
            Some((_, encoding)) => Some(Reading::Plain(encoding)),
            None => reading(source),
        };
        if let Some(reading) = reading {
            match stretches.last_mut() {
                Some(last) if last.source.end == start && last.reading == reading => {
                    last.source.end = end;
                }
                _ => stretches.push(Stretch {
                    source,
                    text: Span::default(),
                    reading,
                }),
            }
        }
        start = end;
    }
}

/// Bytes of a line on which encodings are compared.
#[cfg(feature = "encodings")]
const COMPARED: usize = 1024;

/// How much less than the input's encoding another one must cost: a character or two.
#[cfg(feature = "encodings")]
const CLEAR: i32 = 4;

/// A line of valid UTF-8.
#[cfg(feature = "encodings")]
fn valid_line(line: &str, suspect: bool) -> Option<Reading> {
    let garbled = suspect.then(|| garble::recognise(line)).flatten();
    garbled.map(Reading::Garbled)
}

/// A line of an input in UTF-8.
#[cfg(feature = "encodings")]
fn utf8_line(line: &[u8], suspect: bool) -> Option<Reading> {
    match simdutf8::compat::from_utf8(line) {
        Ok(line) => valid_line(line, suspect),
        Err(error) => {
            let from = error.valid_up_to().saturating_sub(COMPARED);
            let piece = &line[from..line.len().min(from + 2 * COMPARED)];
            let cost = utf8_cost(piece);
            [Encoding::Gb18030, Encoding::Big5]
                .into_iter()
                .map(|encoding| (pair_cost(piece, encoding), encoding))
                .min_by_key(|(cost, _)| *cost)
                .filter(|(other, _)| other + CLEAR <= cost)
                .map(|(_, encoding)| Reading::Plain(encoding))
        }
    }
}

/// A line of an input in two-byte characters.
#[cfg(feature = "encodings")]
fn pair_line(line: &[u8], encoding: Encoding) -> Option<Reading> {
    let foreign = &line[multibyte::ascii_len(line)..];
    // Most lines fail at the first character, and nearly all others at the second.
    let may_be_utf8 = matches!(foreign, [0xC2..=0xF4, 0x80..=0xBF, ..]);
    if !may_be_utf8 || std::str::from_utf8(foreign).is_err() {
        return None;
    }
    let piece = &foreign[..foreign.len().min(COMPARED)];
    let other = utf8_cost(piece) + CLEAR;
    (other <= pair_cost(piece, encoding)).then_some(Reading::Plain(Encoding::Utf8))
}

/// The offset in the text of the byte at `at`, without decoding more than one piece.
pub(crate) fn text_offset(
    bytes: &[u8],
    encoding: Encoding,
    text: &str,
    stretches: &[Stretch],
    at: usize,
) -> usize {
    if std::ptr::eq(text.as_bytes(), bytes) {
        return at;
    }
    let (mut source, mut piece, mut reading) = (
        Span::new(0, bytes.len()),
        Span::new(0, text.len()),
        Reading::Plain(encoding),
    );
    let i = stretches.partition_point(|s| s.source.end <= at);
    if let Some(last) = i.checked_sub(1).map(|i| &stretches[i]) {
        (source.start, piece.start) = (last.source.end, last.text.end);
    }
    match stretches.get(i) {
        Some(next) if next.source.start <= at => {
            (source, piece, reading) = (next.source, next.text, next.reading);
        }
        Some(next) => (source.end, piece.end) = (next.source.start, next.text.start),
        None => {}
    }
    let len = |from: usize, to: usize| {
        if from == to {
            return 0;
        }
        text_of(&bytes[from..to], reading).len()
    };
    let mut offset = if at - source.start <= source.end - at {
        (piece.start + len(source.start, at)).min(piece.end)
    } else {
        piece
            .end
            .saturating_sub(len(at, source.end))
            .max(piece.start)
    };
    // Where a page was cut inside a line, its encoding may have been taken for another one.
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// As [`walker::Walker`], over stretches.
pub(crate) struct Walker<'a> {
    bytes: &'a [u8],
    text: Text<'a>,
    encoding: Encoding,
    /// The stretches that are still to come.
    stretches: &'a [Stretch],
    /// The piece that is walked over, with its place in the bytes and in the text.
    piece: Piece<'a>,
    source: Span,
    place: Span,
}

enum Piece<'a> {
    Plain(walker::Walker<'a>),
    #[cfg(feature = "encodings")]
    Garbled(Vec<Mended>),
}

/// A character of a text that was garbled: its place in the text, and its bytes in the source.
#[cfg(feature = "encodings")]
struct Mended {
    text: u32,
    start: u32,
    end: u32,
}

impl<'a> Walker<'a> {
    /// A walker at the start of `text`, which [`decode`] made from `bytes`.
    pub(crate) fn new(
        bytes: &'a [u8],
        encoding: Encoding,
        text: Text<'a>,
        stretches: &'a [Stretch],
    ) -> Walker<'a> {
        let mut walker = Walker {
            bytes,
            text,
            encoding,
            stretches,
            piece: Piece::Plain(walker::Walker::new(text, encoding, 0, 0)),
            source: Span::default(),
            place: Span::default(),
        };
        walker.next_piece();
        walker
    }

    /// Where the bytes of a span of the text stand; spans must ascend.
    #[inline]
    pub(crate) fn span_to_source(&mut self, span: Span) -> Span {
        // As a rule there is one piece.
        if let Piece::Plain(walker) = &mut self.piece
            && self.place.start <= span.start
            && span.start < self.place.end
            && span.end <= self.place.end
        {
            return walker.span_to_source(span);
        }
        Span::new(self.to_source(span.start), self.end_to_source(span.end))
    }

    /// The offset in the bytes at which the character begins that stands at `offset` of the text; offsets must ascend.
    #[expect(
        clippy::wrong_self_convention,
        reason = "the walker moves on, but what is asked for is a translation"
    )]
    pub(crate) fn to_source(&mut self, offset: usize) -> usize {
        while offset >= self.place.end && self.next_piece() {}
        match &mut self.piece {
            Piece::Plain(walker) => walker.to_source(offset),
            #[cfg(feature = "encodings")]
            Piece::Garbled(chars) => {
                let inside = offset.saturating_sub(self.place.start);
                let i = chars.partition_point(|c| c.text as usize <= inside);
                self.source.start + chars[..i].last().map_or(0, |c| c.start as usize)
            }
        }
    }

    /// The offset in the bytes one past the character that ends at `offset` of the text.
    pub(crate) fn end_to_source(&mut self, offset: usize) -> usize {
        #[cfg(feature = "encodings")]
        {
            while offset > self.place.end && self.next_piece() {}
            if let Piece::Garbled(chars) = &self.piece {
                let inside = offset.saturating_sub(self.place.start);
                let i = chars.partition_point(|c| (c.text as usize) < inside);
                return self.source.start + chars[..i].last().map_or(0, |c| c.end as usize);
            }
        }
        self.to_source(offset)
    }

    /// Goes to the next stretch, or to what stands between it and the last one; `false` at the end.
    fn next_piece(&mut self) -> bool {
        let (from, start) = (self.source.end, self.place.end);
        if start >= self.text.text.len() {
            return false;
        }
        let mut reading = Reading::Plain(self.encoding);
        (self.source, self.place) = match self.stretches.split_first() {
            Some((next, rest)) if next.source.start == from => {
                self.stretches = rest;
                reading = next.reading;
                (next.source, next.text)
            }
            Some((next, _)) => (
                Span::new(from, next.source.start),
                Span::new(start, next.text.start),
            ),
            None => (
                Span::new(from, self.bytes.len()),
                Span::new(start, self.text.text.len()),
            ),
        };
        self.piece = match reading {
            Reading::Plain(encoding) => {
                let (source, at) = (self.source.start, self.place.start);
                Piece::Plain(walker::Walker::new(self.text, encoding, source, at))
            }
            #[cfg(feature = "encodings")]
            Reading::Garbled(garble) => {
                let source = utf8(&self.bytes[self.source.range()]);
                Piece::Garbled(mended(source, garble))
            }
        };
        true
    }
}

#[cfg(feature = "encodings")]
fn mended(source: &str, garble: Garble) -> Vec<Mended> {
    let mut chars = Vec::new();
    let mut text = 0;
    garble::repair(source, garble, |c, range| {
        chars.push(Mended {
            text,
            start: range.start as u32,
            end: range.end as u32,
        });
        text += c.len_utf8() as u32;
    });
    let end = source.len() as u32;
    chars.push(Mended {
        text,
        start: end,
        end,
    });
    chars
}

#[cfg(all(test, feature = "encodings"))]
mod tests;
