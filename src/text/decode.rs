//! From the bytes of a page to UTF-8 text.

use super::encoding::Encoding;
#[cfg(feature = "encodings")]
use super::multibyte;
use super::walker::{Lengths, Mark};
use crate::span::Span;

/// Where decoded text is put, to be used again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffer {
    /// Text, with anything behind it.
    pub(super) text: Vec<u8>,
    pub(super) marks: Vec<Mark>,
}

impl Buffer {
    /// The first `len` bytes of the text.
    pub(super) fn into_text(mut self, len: usize) -> String {
        self.text.truncate(len);
        String::from_utf8(self.text).unwrap_or_default()
    }
}

/// What bytes read as.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) text: &'a str,
    /// Where the lengths of source and text are not the usual ones, for the way back.
    pub(super) marks: &'a [Mark],
}

impl<'a> Text<'a> {
    /// A text that is the bytes.
    pub(crate) const fn plain(text: &'a str) -> Text<'a> {
        Text { text, marks: &[] }
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
    buf: &'a mut Buffer,
    malformed: &mut Vec<Span>,
) -> Text<'a> {
    #[cfg(feature = "encodings")]
    if encoding != Encoding::Utf8 {
        let len = multibyte::decode(bytes, encoding, buf, malformed);
        return Text {
            text: simdutf8::basic::from_utf8(&buf.text[..len]).unwrap_or_default(),
            marks: &buf.marks,
        };
    }
    let _ = encoding;
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return Text::plain(text);
    }
    let Buffer { text, marks } = buf;
    text.clear();
    marks.clear();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        text.extend_from_slice(chunk.valid().as_bytes());
        at += chunk.valid().len();
        let invalid = chunk.invalid().len();
        if invalid > 0 {
            let replaced = (text.len(), "\u{FFFD}".len());
            Mark::note(marks, Lengths::Same, replaced, (at, invalid));
            text.extend_from_slice("\u{FFFD}".as_bytes());
            malformed.push(Span::new(at, at + invalid));
            at += invalid;
        }
    }
    Text {
        text: simdutf8::basic::from_utf8(text).unwrap_or_default(),
        marks,
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::walker::Walker;

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
        let (mut buf, mut malformed) = (Buffer::default(), Vec::new());
        buf.text = vec![b'x'; 5];
        let text = decode(bytes, encoding, &mut buf, &mut malformed);
        (text.text.to_owned(), malformed)
    }

    /// Source offset of every character and of the end.
    fn walked(bytes: &[u8], encoding: Encoding) -> Vec<usize> {
        let (mut buf, mut malformed) = (Buffer::default(), Vec::new());
        let text = decode(bytes, encoding, &mut buf, &mut malformed);
        let mut walker = Walker::new(text, encoding, 0, 0);
        let text = text.text;
        let offsets = text.char_indices().map(|(i, _)| i).chain([text.len()]);
        offsets.map(|i| walker.to_source(i)).collect()
    }

    #[test]
    fn borrowed_when_valid() {
        let bytes = "张三,138".as_bytes();
        let mut buf = Buffer::default();
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
        assert_eq!(walked(bytes, Encoding::Utf8), [0, 1, 3, 4, 5, 6, 7]);
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
                let back = walked(&bytes, encoding);
                let at = text[..at].chars().count();
                assert_eq!(
                    bytes[back[at]..back[at + 11]],
                    encode("13800138000", encoding)
                );
            }
        }

        #[test]
        fn four_bytes_euro_and_double_characters() {
            let (text, _) = decoded(b"a\x80\x81\x30\x81\x30\x95\x32\x82\x36b", Encoding::Gb18030);
            let bytes = b"a\x80\x81\x30\x81\x30\x95\x32\x82\x36b";
            assert_eq!(text, "a€\u{80}\u{20000}b");
            assert_eq!(walked(bytes, Encoding::Gb18030), [0, 1, 2, 6, 10, 11]);
            let bytes = b"a\x88\x62b\x87\x40";
            let (text, _) = decoded(bytes, Encoding::Big5);
            assert_eq!(text, "aÊ\u{304}b\u{43F0}");
            assert_eq!(walked(bytes, Encoding::Big5), [0, 1, 1, 3, 4, 6]);
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
                    let mut last = (0, 0);
                    let offsets = text.char_indices().map(|(i, _)| i).chain([text.len()]);
                    for (i, source) in offsets.zip(walked(&bytes, encoding)) {
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
            fn every_character_leads_back_to_its_step(bytes in bytes()) {
                for encoding in Encoding::ALL {
                    let mut stepped = Vec::new();
                    let mut at = 0;
                    while at < bytes.len() && encoding != Encoding::Utf8 {
                        let step = multibyte::step(&bytes[at..], encoding);
                        stepped.push(at);
                        stepped.extend(step.second.map(|_| at));
                        at += step.source;
                    }
                    for chunk in bytes.utf8_chunks().filter(|_| encoding == Encoding::Utf8) {
                        stepped.extend(chunk.valid().char_indices().map(|(i, _)| at + i));
                        at += chunk.valid().len();
                        stepped.extend(chunk.invalid().first().map(|_| at));
                        at += chunk.invalid().len();
                    }
                    stepped.push(at);
                    prop_assert_eq!(walked(&bytes, encoding), stepped, "{:?}", encoding);
                }
            }

            #[test]
            fn seldom_asked_is_the_same_as_often_asked(bytes in bytes(), every in 1..9_usize) {
                for encoding in Encoding::ALL {
                    let all = walked(&bytes, encoding);
                    let (mut buf, mut malformed) = (Buffer::default(), Vec::new());
                    let text = decode(&bytes, encoding, &mut buf, &mut malformed);
                    let mut walker = Walker::new(text, encoding, 0, 0);
                    for (n, (i, c)) in text.text.char_indices().enumerate().step_by(every) {
                        let span = Span::new(i, i + c.len_utf8());
                        let source = Span::new(all[n], all[n + 1]);
                        prop_assert_eq!(walker.span_to_source(span), source, "{:?}", encoding);
                    }
                }
            }
        }
    }
}
