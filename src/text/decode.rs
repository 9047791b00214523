//! From the bytes of a page to UTF-8 text, and from offsets in that text back to offsets in the bytes.

use super::encoding::Encoding;
#[cfg(feature = "encodings")]
use super::lengths::{Counter, Lengths, is_boundary};
#[cfg(feature = "encodings")]
use super::multibyte;
use crate::span::Span;

/// What bytes read as.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) text: &'a str,
    /// Whether the characters take as many bytes of the source as can be told from the text alone: [`Lengths`].
    pub(super) is_even: bool,
}

impl<'a> Text<'a> {
    /// A text that was read as UTF-8.
    pub(crate) const fn plain(text: &'a str) -> Text<'a> {
        Text {
            text,
            is_even: true,
        }
    }
}

/// Decodes the bytes of a page.
///
/// Valid UTF-8 is borrowed. Everything else is written to `buf`, whose content before the call does not matter and which
/// only ever grows. Each malformed sequence becomes one U+FFFD, and its bytes are appended to `malformed`. Without the
/// feature `encodings` everything is read as UTF-8.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    encoding: Encoding,
    buf: &'a mut Vec<u8>,
    malformed: &mut Vec<Span>,
) -> Text<'a> {
    #[cfg(feature = "encodings")]
    if encoding != Encoding::Utf8 {
        let (len, is_even) = multibyte::decode(bytes, encoding, buf, malformed);
        let text = simdutf8::basic::from_utf8(&buf[..len]).unwrap_or_default();
        return Text { text, is_even };
    }
    let _ = encoding;
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return Text::plain(text);
    }
    buf.clear();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        buf.extend_from_slice(chunk.valid().as_bytes());
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            buf.extend_from_slice("\u{FFFD}".as_bytes());
            malformed.push(Span::new(at, at + chunk.invalid().len()));
            at += chunk.invalid().len();
        }
    }
    Text::plain(simdutf8::basic::from_utf8(buf).unwrap_or_default())
}

/// The first boundary between two characters at or after `wanted`, given one at `known`.
pub(crate) fn boundary(bytes: &[u8], encoding: Encoding, known: usize, wanted: usize) -> usize {
    let wanted = wanted.min(bytes.len());
    let known = known.min(wanted);
    match encoding {
        #[cfg(feature = "encodings")]
        Encoding::Gb18030 | Encoding::Big5 => {
            // Bytes below 0x30 are characters of their own; from the last of them on, step by step.
            let mut at = bytes[known..wanted]
                .iter()
                .rposition(|b| *b < 0x30)
                .map_or(known, |i| known + i + 1);
            let mut open = multibyte::Open::default();
            while at < wanted || open.is_sequence() && at < bytes.len() {
                let step = multibyte::step(&bytes[at..], encoding);
                open.follow(bytes[at], step);
                at += step.source;
            }
            at
        }
        #[cfg(feature = "encodings")]
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let mut at = wanted - (wanted - known) % 2;
            let low = if encoding == Encoding::Utf16Le {
                at + 1
            } else {
                at
            };
            if at > known && matches!(bytes.get(low), Some(0xDC..=0xDF)) {
                at += 2;
            }
            at.min(bytes.len())
        }
        _ => {
            // A sequence has at most four bytes, so one that reaches across `wanted` starts in the three before it.
            let low = wanted.saturating_sub(3).max(known);
            let start = (low..wanted)
                .rev()
                .find(|i| !matches!(bytes[*i], 0x80..=0xBF));
            start.map_or(wanted, |start| {
                let piece = &bytes[start..bytes.len().min(start + 4)];
                wanted.max(start + utf8_length(piece))
            })
        }
    }
}

/// The bytes without the beginning of a UTF-8 character at their end.
pub(crate) fn without_cut_character(bytes: &[u8]) -> &[u8] {
    let low = bytes.len().saturating_sub(3);
    let lead = bytes[low..].iter().rposition(|b| !matches!(b, 0x80..=0xBF));
    match lead.map(|i| low + i) {
        Some(at) if bytes[at] >= 0xC0 => match std::str::from_utf8(&bytes[at..]) {
            Err(error) if error.error_len().is_none() => &bytes[..at],
            _ => bytes,
        },
        _ => bytes,
    }
}

/// Bytes of the first character or malformed sequence.
fn utf8_length(piece: &[u8]) -> usize {
    piece.utf8_chunks().next().map_or(1, |chunk| {
        let valid = chunk.valid().chars().next();
        valid.map_or(chunk.invalid().len().max(1), char::len_utf8)
    })
}

/// Turns ascending offsets of a decoded text into offsets of the bytes it was decoded from, in one walk over both.
///
/// The map between the two is not stored: for GB18030 it would cost 1.8 bytes per input byte and half the decoder's speed,
/// while only pages with findings ever ask.
pub(crate) struct Walker<'a> {
    bytes: &'a [u8],
    #[cfg(feature = "encodings")]
    decoded: &'a [u8],
    way: Way<'a>,
    source: usize,
    text: usize,
}

enum Way<'a> {
    /// The text is the bytes.
    Same,
    /// Malformed UTF-8: pieces that are the same, and three bytes of text for what is malformed after each.
    Chunks(std::str::Utf8Chunks<'a>, Option<Span>),
    /// Every character takes as many bytes as its first byte in UTF-8 says: [`Lengths`].
    #[cfg(feature = "encodings")]
    Counted(Counter),
    #[cfg(feature = "encodings")]
    Steps(Encoding),
}

impl<'a> Walker<'a> {
    /// A walker at the start of what [`decode`] made from `bytes`.
    pub(crate) fn new(bytes: &'a [u8], encoding: Encoding, decoded: Text<'a>) -> Walker<'a> {
        #[cfg(feature = "encodings")]
        let is_even = decoded.is_even;
        let decoded = decoded.text;
        let same = std::ptr::eq(bytes, decoded.as_bytes()) || bytes == decoded.as_bytes();
        let way = match encoding {
            _ if same => Way::Same,
            #[cfg(feature = "encodings")]
            encoding if encoding != Encoding::Utf8 => {
                if is_even {
                    Way::Counted(Counter::new(Lengths::of(encoding), decoded.as_bytes()))
                } else {
                    Way::Steps(encoding)
                }
            }
            _ => Way::Chunks(bytes.utf8_chunks(), None),
        };
        Walker {
            bytes,
            #[cfg(feature = "encodings")]
            decoded: decoded.as_bytes(),
            way,
            source: 0,
            text: 0,
        }
    }

    /// Where the bytes of a span of the text stand, as [`to_source`](Self::to_source) tells of its start and its end.
    #[inline]
    pub(crate) fn span_to_source(&mut self, span: Span) -> Span {
        #[cfg(feature = "encodings")]
        if let Way::Counted(counter) = &mut self.way
            && self.text <= span.start
            && is_boundary(self.decoded, span.start)
            && is_boundary(self.decoded, span.end)
        {
            let before = Span::new(self.text, span.start);
            let start = self.source + counter.source_of(self.decoded, before);
            self.source = start + counter.source_of(self.decoded, span);
            self.text = span.end;
            return Span::new(start, self.source);
        }
        Span::new(self.to_source(span.start), self.to_source(span.end))
    }

    /// The offset in the bytes of the character that stands at `offset` of the text, or of the one that `offset` lies in.
    ///
    /// Calls must come with ascending offsets; an offset behind the walker gives the place where it stands.
    #[expect(
        clippy::wrong_self_convention,
        reason = "the walker moves on, but what is asked for is a translation"
    )]
    #[inline]
    pub(crate) fn to_source(&mut self, offset: usize) -> usize {
        match &mut self.way {
            Way::Same => {
                self.source = offset.max(self.source).min(self.bytes.len());
                self.source
            }
            Way::Chunks(..) => self.beside_chunks(offset),
            #[cfg(feature = "encodings")]
            Way::Counted(counter) if offset > self.text => {
                let mut offset = offset.min(self.decoded.len());
                while !is_boundary(self.decoded, offset) {
                    offset -= 1;
                }
                let piece = Span::new(self.text, offset);
                self.source += counter.source_of(self.decoded, piece);
                self.text = offset;
                self.source
            }
            #[cfg(feature = "encodings")]
            Way::Counted(_) => self.source,
            #[cfg(feature = "encodings")]
            Way::Steps(encoding) => {
                let encoding = *encoding;
                self.steps(encoding, offset);
                self.source
            }
        }
    }

    /// As [`to_source`](Self::to_source), in malformed UTF-8.
    #[inline(never)]
    fn beside_chunks(&mut self, offset: usize) -> usize {
        let Way::Chunks(chunks, pending) = &mut self.way else {
            return self.source;
        };
        // `source` and `text` are the start of a piece that is the same in both, up to `pending`.
        loop {
            if pending.is_none() {
                let Some(chunk) = chunks.next() else {
                    return self.bytes.len();
                };
                let from = self.source + chunk.valid().len();
                *pending = Some(Span::new(from, from + chunk.invalid().len()));
            }
            let bad = pending.unwrap_or_default();
            let text_of_bad = self.text + (bad.start - self.source);
            if offset < text_of_bad {
                return self.source + offset.saturating_sub(self.text);
            }
            if offset < text_of_bad + 3 && !bad.is_empty() {
                return bad.start;
            }
            self.text = text_of_bad + if bad.is_empty() { 0 } else { 3 };
            self.source = bad.end;
            *pending = None;
        }
    }

    #[cfg(feature = "encodings")]
    #[inline(never)]
    fn steps(&mut self, encoding: Encoding, offset: usize) {
        let wide = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        let offset = offset.min(self.decoded.len());
        while self.text < offset {
            let first = self.decoded[self.text];
            if first.is_ascii() && !wide {
                let eight =
                    self.text + 8 <= offset && multibyte::ascii8(self.bytes, self.source).is_some();
                let run = if eight { 8 } else { 1 };
                self.text += run;
                self.source += run;
                continue;
            }
            let rest = &self.bytes[self.source..];
            // A replacement may stand for one to four bytes, or for itself.
            let replaced =
                first == 0xEF && self.decoded[self.text + 1..].starts_with(&[0xBF, 0xBD]);
            let known = match (wide, replaced) {
                (true, false) => Some(utf16_lengths(first)),
                (true, true) => None,
                (false, false) => pair_lengths(rest, first, encoding),
                (false, true) => multibyte::replaced(rest).map(|source| (source, 3)),
            };
            let (source, text) = known.unwrap_or_else(|| {
                let step = multibyte::step(rest, encoding);
                (step.source, step.text_len())
            });
            if self.text + text > offset {
                break;
            }
            self.source += source;
            self.text += text;
        }
    }
}

/// Source and text length of a well-formed character beyond ASCII that these bytes begin with, by its first byte in UTF-8; `None` where the
/// decoder must be asked.
#[cfg(feature = "encodings")]
#[inline]
fn pair_lengths(bytes: &[u8], first: u8, encoding: Encoding) -> Option<(usize, usize)> {
    let text = match first {
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => return None,
    };
    let [lead, second, ..] = *bytes else {
        return None;
    };
    // 0x80 is the euro sign by itself; digits are second bytes of four; Big5 0x88 holds the sequences for two characters.
    let odd = lead == 0x80 || second < 0x40 || (encoding == Encoding::Big5 && lead == 0x88);
    (!odd).then_some((2, text))
}

/// Source and text length of a character of UTF-16 by its first byte in UTF-8.
#[cfg(feature = "encodings")]
#[inline]
const fn utf16_lengths(first: u8) -> (usize, usize) {
    match first {
        0..=0x7F => (2, 1),
        0x80..=0xDF => (2, 2),
        0xE0..=0xEF => (2, 3),
        _ => (4, 4),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_character_that_is_cut_is_left_out() {
        let text = "单号é😀".as_bytes();
        for end in 0..=text.len() {
            let whole =
                std::str::from_utf8(without_cut_character(&text[..end])).expect("whole characters");
            assert!(end - whole.len() < 4 && text.starts_with(whole.as_bytes()));
        }
        assert_eq!(
            without_cut_character(b"a\x80\x80\x80\x80"),
            b"a\x80\x80\x80\x80"
        );
        assert_eq!(without_cut_character(b"a\xFF"), b"a\xFF");
    }

    fn decoded(bytes: &[u8], encoding: Encoding) -> (String, Vec<Span>) {
        let (mut buf, mut malformed) = (vec![b'x'; 5], Vec::new());
        let text = decode(bytes, encoding, &mut buf, &mut malformed);
        (text.text.to_owned(), malformed)
    }

    /// A walker over `text`, which the bytes read as.
    fn walker<'a>(bytes: &'a [u8], encoding: Encoding, text: &'a str) -> Walker<'a> {
        let (mut buf, mut malformed) = (Vec::new(), Vec::new());
        let read = decode(bytes, encoding, &mut buf, &mut malformed);
        assert_eq!(read.text, text);
        Walker::new(bytes, encoding, Text { text, ..read })
    }

    /// Source offset of every character and of the end.
    fn walked(bytes: &[u8], encoding: Encoding, text: &str) -> Vec<usize> {
        let mut walker = walker(bytes, encoding, text);
        text.char_indices()
            .map(|(i, _)| i)
            .chain([text.len()])
            .map(|i| walker.to_source(i))
            .collect()
    }

    #[test]
    fn borrowed_when_valid() {
        let bytes = "张三,138".as_bytes();
        let mut buf = Vec::new();
        let text = decode(bytes, Encoding::Utf8, &mut buf, &mut Vec::new()).text;
        assert!(std::ptr::eq(text.as_bytes(), bytes));
    }

    #[test]
    fn malformed_utf8_is_replaced_and_mapped() {
        let bytes = b"a\xE4\xBDb\xFF\xFFc";
        let (text, malformed) = decoded(bytes, Encoding::Utf8);
        assert_eq!(text, "a\u{FFFD}b\u{FFFD}\u{FFFD}c");
        assert_eq!(
            malformed,
            [Span::new(1, 3), Span::new(4, 5), Span::new(5, 6)]
        );
        assert_eq!(walked(bytes, Encoding::Utf8, &text), [0, 1, 3, 4, 5, 6, 7]);
    }

    #[cfg(feature = "encodings")]
    mod encodings {
        use super::*;
        use crate::text::multibyte;

        fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
            match encoding {
                Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                _ => multibyte::reference(encoding).encode(text).0.into_owned(),
            }
        }

        #[test]
        fn known_text_in_every_encoding() {
            let text = "张三,13800138000,浙江省杭州市文三路128号\r\nAbc 123456789012";
            for encoding in Encoding::ALL {
                // Big5 has no simplified characters.
                let text = if encoding == Encoding::Big5 {
                    "張三,13800138000,臺北市文山區128號\r\nAbc 123456789012"
                } else {
                    text
                };
                let bytes = encode(text, encoding);
                let (back, malformed) = decoded(&bytes, encoding);
                assert_eq!(back, text, "{encoding:?}");
                assert!(malformed.is_empty());
                let at = text.find('1').expect("digits");
                let mut walker = walker(&bytes, encoding, text);
                let range = walker.to_source(at)..walker.to_source(at + 11);
                assert_eq!(bytes[range], encode("13800138000", encoding));
            }
        }

        #[test]
        fn four_bytes_euro_and_double_characters() {
            let (text, _) = decoded(b"a\x80\x81\x30\x81\x30\x95\x32\x82\x36b", Encoding::Gb18030);
            let bytes = b"a\x80\x81\x30\x81\x30\x95\x32\x82\x36b";
            assert_eq!(text, "a€\u{80}\u{20000}b");
            assert_eq!(
                walked(bytes, Encoding::Gb18030, &text),
                [0, 1, 2, 6, 10, 11]
            );
            let bytes = b"a\x88\x62b\x87\x40";
            let (text, _) = decoded(bytes, Encoding::Big5);
            assert_eq!(text, "aÊ\u{304}b\u{43F0}");
            assert_eq!(walked(bytes, Encoding::Big5, &text), [0, 1, 1, 3, 4, 6]);
        }

        /// Bytes that are often near the edges of the encodings.
        fn bytes() -> impl Strategy<Value = Vec<u8>> {
            let byte = prop_oneof![
                Just(b'0'),
                Just(b'9'),
                Just(0x40),
                Just(0x7F),
                Just(0x80),
                Just(0x81),
                Just(0x88),
                Just(0xA1),
                Just(0xFE),
                Just(0xFF),
                Just(0xD8),
                Just(0xDC),
                Just(0),
                any::<u8>()
            ];
            proptest::collection::vec(byte, 0..40)
        }

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(4000))]

            #[test]
            fn malformed_input_reads_as_in_encoding_rs(bytes in bytes()) {
                for encoding in Encoding::ALL {
                    let (text, malformed) = decoded(&bytes, encoding);
                    let (expected, bad) =
                        multibyte::reference(encoding).decode_without_bom_handling(&bytes);
                    prop_assert_eq!(&text, &expected, "{:?}", encoding);
                    prop_assert_eq!(bad, !malformed.is_empty());
                    // Each stretch between two offsets of the walker decodes to the text between them.
                    let mut walker = walker(&bytes, encoding, &text);
                    let mut last = (0, 0);
                    for (i, _) in text.char_indices().chain([(text.len(), ' ')]) {
                        let source = walker.to_source(i);
                        prop_assert!(source >= last.1);
                        if source > last.1 {
                            let piece = decoded(&bytes[last.1..source], encoding).0;
                            prop_assert_eq!(&piece, &text[last.0..i], "{:?}", encoding);
                            last = (i, source);
                        }
                    }
                    prop_assert_eq!(last.1, bytes.len());
                }
            }

            #[test]
            fn counting_and_stepping_agree(text in "[a-c张單号é€😀\u{4DB5}\u{304}, ]{0,60}") {
                for encoding in Encoding::ALL {
                    let bytes = encode(&text, encoding);
                    let (text, _) = decoded(&bytes, encoding);
                    let mut steps = walker(&bytes, encoding, &text);
                    if encoding != Encoding::Utf8 {
                        steps.way = Way::Steps(encoding);
                    }
                    let offsets = (0..=text.len()).filter(|i| text.is_char_boundary(*i));
                    let stepped: Vec<usize> = offsets.map(|i| steps.to_source(i)).collect();
                    prop_assert_eq!(walked(&bytes, encoding, &text), stepped, "{:?}", encoding);
                }
            }

            #[test]
            fn seldom_asked_is_the_same_as_often_asked(bytes in bytes(), every in 1..9_usize) {
                for encoding in Encoding::ALL {
                    let (text, _) = decoded(&bytes, encoding);
                    let all = walked(&bytes, encoding, &text);
                    let mut walker = walker(&bytes, encoding, &text);
                    for (n, (i, _)) in text.char_indices().enumerate().step_by(every) {
                        prop_assert_eq!(walker.to_source(i), all[n], "{:?}", encoding);
                    }
                }
            }
        }
    }
}
