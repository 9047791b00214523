//! Whether a value stands inside a string of the format, or bare as a number does.

use crate::scan::Format;
use crate::span::Span;
use crate::text::encoding::Encoding;

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Inside a string or a cell, or in text.
    Inside,
    /// Bare, as a number: whatever takes its place needs quotes.
    Bare,
}

/// Walks over the bytes of a page once and tells the place of spans, which must come in ascending order.
pub(super) struct Walker<'b> {
    bytes: &'b [u8],
    quote: Option<u8>,
    step: usize,
    /// Byte of a two-byte unit that holds ASCII.
    low: usize,
    multibyte: bool,
    at: usize,
    inside: bool,
}

impl<'b> Walker<'b> {
    /// A walk over the bytes of a page, which starts outside strings since pages start where rows do.
    pub(super) fn new(bytes: &'b [u8], format: &Format, encoding: Encoding) -> Walker<'b> {
        let (step, low) = match encoding {
            Encoding::Utf16Le => (2, 0),
            Encoding::Utf16Be => (2, 1),
            _ => (1, 0),
        };
        Walker {
            bytes,
            quote: match format {
                Format::Json | Format::JsonLines => Some(b'"'),
                Format::Sql => Some(b'\''),
                _ => None,
            },
            step,
            low,
            multibyte: matches!(encoding, Encoding::Gb18030 | Encoding::Big5),
            at: 0,
            inside: false,
        }
    }

    /// The place of a span, relative to the page.
    pub(super) fn place(&mut self, span: Span) -> Place {
        let Some(quote) = self.quote else {
            return Place::Inside;
        };
        while self.at < span.start {
            match self.ascii(self.at) {
                Some(b) if b == quote => self.inside = !self.inside,
                Some(b'\\') if self.inside => self.at += self.step,
                // Trail bytes may look like a backslash.
                None if self.multibyte && self.bytes.get(self.at).is_some_and(|b| *b >= 0x81) => {
                    self.at += 1;
                }
                _ => {}
            }
            self.at += self.step;
        }
        if !self.inside && self.bare(span) {
            Place::Bare
        } else {
            Place::Inside
        }
    }

    fn ascii(&self, at: usize) -> Option<u8> {
        let unit = self.bytes.get(at..at + self.step)?;
        let b = unit[self.low];
        (b.is_ascii() && (self.step == 1 || unit[1 - self.low] == 0)).then_some(b)
    }

    /// Whether the neighbours are those of a bare value; guards against a page that starts inside a string after all.
    fn bare(&self, span: Span) -> bool {
        let mut before = span.start;
        let left = loop {
            let Some(at) = before.checked_sub(self.step) else {
                break None;
            };
            before = at;
            match self.ascii(at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => {}
                other => break other,
            }
        };
        let mut after = span.end;
        let right = loop {
            match self.ascii(after) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => after += self.step,
                other => break other,
            }
        };
        matches!(left, None | Some(b':' | b',' | b'[' | b'('))
            && (matches!(right, Some(b',' | b'}' | b']' | b')')) || after >= self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, value: &str, format: &Format) -> Place {
        let start = text.find(value).expect("in the text");
        let span = Span::new(start, start + value.len());
        let utf8 = Walker::new(text.as_bytes(), format, Encoding::Utf8).place(span);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let units = |s: &str| 2 * s.encode_utf16().count();
        let wide_span = Span::new(units(&text[..start]), units(&text[..start + value.len()]));
        assert_eq!(
            Walker::new(&wide, format, Encoding::Utf16Le).place(wide_span),
            utf8
        );
        utf8
    }

    #[test]
    fn bare_values_are_told_from_strings() {
        let json = Format::JsonLines;
        assert_eq!(
            place(r#"{"电话": 13812345678}"#, "13812345678", &json),
            Place::Bare
        );
        assert_eq!(
            place(r#"{"a\"b":"x, 13812345678, y"}"#, "13812345678", &json),
            Place::Inside
        );
        assert_eq!(
            place("VALUES (1, 13812345678)", "13812345678", &Format::Sql),
            Place::Bare
        );
        assert_eq!(
            place(
                "VALUES ('it''s', '13812345678')",
                "13812345678",
                &Format::Sql
            ),
            Place::Inside
        );
        assert_eq!(
            place("a,13812345678,b", "13812345678", &Format::csv()),
            Place::Inside
        );
    }
}
