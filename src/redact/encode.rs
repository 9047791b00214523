//! A replacement as the bytes that its place calls for.

use super::quote::Place;
use crate::scan::Format;
use crate::text::encoding::Encoding;

/// The bytes of `text` at a place of a document: escaped, quoted where a bare value was, and in the document's encoding.
pub(super) fn encode(text: &str, format: &Format, place: Place, encoding: Encoding) -> Vec<u8> {
    let mut out = String::with_capacity(text.len() + 2);
    let quote = match (format, place) {
        (Format::Json | Format::JsonLines, Place::Bare) => Some('"'),
        (Format::Sql, Place::Bare) => Some('\''),
        _ => None,
    };
    out.extend(quote);
    for c in text.chars() {
        match (format, c) {
            (Format::Json | Format::JsonLines, '"' | '\\') => {
                out.push('\\');
                out.push(c);
            }
            (Format::Json | Format::JsonLines, '\0'..='\u{1F}') => out.push(' '),
            (Format::Sql, '\'' | '\\') => {
                out.push(c);
                out.push(c);
            }
            (Format::Markup | Format::HtmlTable, '<') => out.push_str("&lt;"),
            (Format::Markup | Format::HtmlTable, '>') => out.push_str("&gt;"),
            (Format::Markup | Format::HtmlTable, '&') => out.push_str("&amp;"),
            (Format::Table { quoted: true, .. }, '"') => out.push_str("\"\""),
            _ => out.push(c),
        }
    }
    out.extend(quote);
    to_encoding(&out, encoding)
}

/// The text in an encoding; characters that it cannot write become `*`.
fn to_encoding(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        #[cfg(feature = "encodings")]
        Encoding::Gb18030 => legacy(text, encoding_rs::GB18030),
        #[cfg(feature = "encodings")]
        Encoding::Big5 => legacy(text, encoding_rs::BIG5),
        _ => text.as_bytes().to_vec(),
    }
}

#[cfg(feature = "encodings")]
fn legacy(text: &str, encoding: &'static encoding_rs::Encoding) -> Vec<u8> {
    let (bytes, _, lost) = encoding.encode(text);
    if !lost {
        return bytes.into_owned();
    }
    let mut out = Vec::with_capacity(text.len());
    let mut buffer = [0; 4];
    for c in text.chars() {
        let (bytes, _, lost) = encoding.encode(c.encode_utf8(&mut buffer));
        if lost {
            out.push(b'*');
        } else {
            out.extend_from_slice(&bytes);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_for_its_place() {
        let utf8 = |text, format: &Format, place| {
            String::from_utf8(encode(text, format, place, Encoding::Utf8)).expect("text")
        };
        assert_eq!(
            utf8("a\"b\\\n", &Format::JsonLines, Place::Inside),
            "a\\\"b\\\\ "
        );
        assert_eq!(utf8("1**", &Format::Json, Place::Bare), "\"1**\"");
        assert_eq!(utf8("o'x", &Format::Sql, Place::Bare), "'o''x'");
        assert_eq!(utf8("a\"", &Format::csv(), Place::Inside), "a\"\"");
        assert_eq!(utf8("<a>", &Format::Markup, Place::Inside), "&lt;a&gt;");
        assert_eq!(
            encode("张*", &Format::Text, Place::Inside, Encoding::Utf16Be),
            [0x5F, 0x20, 0, 0x2A]
        );
    }

    #[cfg(feature = "encodings")]
    #[test]
    fn what_an_encoding_lacks_becomes_a_star() {
        assert_eq!(
            encode("张*", &Format::Text, Place::Inside, Encoding::Gb18030),
            [0xD5, 0xC5, 0x2A]
        );
        assert_eq!(
            encode("㐀a", &Format::Text, Place::Inside, Encoding::Big5),
            b"*a"
        );
    }
}
