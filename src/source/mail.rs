//! Mail: the parts of a message (eml, mhtml), and the messages of a folder (mbox).

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{
    Encoding, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};

use super::walk::{Body, Bytes};
use super::{Reader, unread};
use crate::scan::fault::Fault;
use crate::scan::{Origin, Sourced, Warning};

/// Bytes of the largest message that is read; its parts are in memory until they are scanned.
const LARGEST: u64 = 64 << 20;

/// Messages inside messages.
const NESTED: u32 = 8;

/// The headers that name people.
const HEADERS: [&str; 7] = ["From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject"];

/// The parts of a message: first its headers, then texts and attachments, each decoded.
pub(super) struct Parts {
    parts: std::vec::IntoIter<(String, Vec<u8>)>,
    /// The message without content, from which the bodies of the parts are made.
    outer: Outer,
    rest: Option<Warning>,
}

/// What the parts of one input have in common.
struct Outer {
    origin: Origin,
    depth: u32,
    #[cfg(any(feature = "archive", feature = "xlsx"))]
    budget: Option<std::sync::Arc<super::limit::Budget>>,
}

impl Outer {
    fn of(body: Body) -> (Outer, Bytes) {
        let outer = Outer {
            origin: body.origin,
            depth: body.depth,
            #[cfg(any(feature = "archive", feature = "xlsx"))]
            budget: body.budget,
        };
        (outer, body.bytes)
    }

    fn body(&self, name: &str, bytes: Vec<u8>) -> Body {
        Body {
            origin: self.origin.inside(name),
            bytes: Bytes::Stream(Box::new(Cursor::new(bytes))),
            depth: self.depth + 1,
            #[cfg(any(feature = "archive", feature = "xlsx"))]
            budget: self.budget.clone(),
        }
    }
}

impl Parts {
    pub(super) fn open(body: Body) -> io::Result<Parts> {
        let (outer, bytes) = Outer::of(body);
        let mut raw = Vec::new();
        bytes.reader().take(LARGEST + 1).read_to_end(&mut raw)?;
        let too_large = raw.len() as u64 > LARGEST;
        let rest = too_large.then(|| {
            let what = format!("a message of more than {LARGEST} bytes; the rest is left out");
            Warning::loss("archive.limit", what)
        });
        let message = MessageParser::default()
            .parse(&raw)
            .ok_or_else(|| Fault::error("input.damaged", "mail without a header"))?;
        let mut parts = Vec::new();
        list(&message, "", NESTED, &mut parts);
        Ok(Parts {
            parts: parts.into_iter(),
            outer,
            rest,
        })
    }
}

impl Iterator for Parts {
    type Item = Result<Body, Sourced>;

    fn next(&mut self) -> Option<Result<Body, Sourced>> {
        if let Some((name, bytes)) = self.parts.next() {
            return Some(Ok(self.outer.body(&name, bytes)));
        }
        let warning = self.rest.take()?;
        Some(Err(unread(self.outer.origin.clone(), warning)))
    }
}

/// Names and contents of the parts of a message; `prefix` is the way to it.
fn list(message: &Message<'_>, prefix: &str, nested: u32, out: &mut Vec<(String, Vec<u8>)>) {
    let headers = headers(message);
    if !headers.is_empty() {
        out.push((format!("{prefix}headers.txt"), headers.into_bytes()));
    }
    for (i, part) in message.parts.iter().enumerate() {
        let own = |ending: &str| match part.attachment_name() {
            Some(name) => format!("{prefix}{name}"),
            None => format!("{prefix}part-{i}.{ending}"),
        };
        match &part.body {
            PartType::Text(text) => out.push((own("txt"), content(message, part, text))),
            PartType::Html(text) => out.push((own("html"), content(message, part, text))),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                out.push((own("bin"), bytes.to_vec()));
            }
            PartType::Message(inner) if nested > 0 => {
                list(inner, &format!("{}!", own("eml")), nested - 1, out);
            }
            PartType::Message(inner) => out.push((own("eml"), inner.raw_message.to_vec())),
            PartType::Multipart(_) => {}
        }
    }
}

/// The bytes of a text: decoded where its character set is told, else as they are, for the scan to guess. Writers call what is
/// GB18030 ASCII or Latin-1, or nothing at all.
fn content(message: &Message<'_>, part: &MessagePart<'_>, decoded: &str) -> Vec<u8> {
    let told = part.content_type().and_then(|c| c.attribute("charset"));
    let says_nothing = told.is_none_or(|charset| {
        let known = charset_decoder(charset.as_bytes()).is_some();
        let weak = ["us-ascii", "ascii", "iso-8859-1", "latin1", "8bit"];
        !known || weak.iter().any(|w| charset.eq_ignore_ascii_case(w))
    });
    let range = part.offset_body as usize..part.offset_end as usize;
    let raw = message.raw_message.get(range).filter(|_| says_nothing);
    let bytes = raw.and_then(|raw| match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
    });
    bytes.unwrap_or_else(|| decoded.as_bytes().to_vec())
}

/// The headers that name people, decoded, one a line.
fn headers(message: &Message<'_>) -> String {
    let mut out = String::new();
    for name in HEADERS {
        for value in message.header_values(name) {
            let text = match value {
                HeaderValue::Text(text) => text.clone(),
                HeaderValue::TextList(list) => list.join(", ").into(),
                HeaderValue::Address(list) => addresses(list).into(),
                _ => Cow::Borrowed(""),
            };
            if !text.is_empty() {
                out.push_str(&format!("{name}: {}\n", text.replace(['\r', '\n'], " ")));
            }
        }
    }
    out
}

fn addresses(list: &mail_parser::Address<'_>) -> String {
    let one = |a: &mail_parser::Addr<'_>| match (&a.name, &a.address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(one), None) | (None, Some(one)) => one.to_string(),
        (None, None) => String::new(),
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The messages of a folder in one file, one after the other, each begun by a line that starts with `From `.
pub(super) struct Folder {
    reader: BufReader<Reader>,
    outer: Outer,
    number: u64,
    /// Whether the line that begins a message was read.
    begun: bool,
}

impl Folder {
    pub(super) fn open(body: Body) -> Folder {
        let (outer, bytes) = Outer::of(body);
        Folder {
            reader: BufReader::new(bytes.reader()),
            outer,
            number: 0,
            begun: false,
        }
    }

    /// The next message, at most one byte more of it than is read; `None` at the end of the folder.
    fn message(&mut self) -> io::Result<Option<Vec<u8>>> {
        let (mut message, mut line, mut at_start) = (Vec::new(), Vec::new(), true);
        loop {
            line.clear();
            // A line without end comes in pieces.
            (&mut self.reader).take(LINE).read_until(b'\n', &mut line)?;
            if line.is_empty() {
                return Ok(std::mem::take(&mut self.begun).then_some(message));
            }
            if at_start && line.starts_with(b"From ") {
                if std::mem::replace(&mut self.begun, true) {
                    return Ok(Some(message));
                }
            } else if self.begun {
                let room = (LARGEST as usize + 1).saturating_sub(message.len());
                // Writers of folders put `>` before lines that would begin a message.
                let quoted = at_start && unquoted(&line).starts_with(b"From ");
                let text = if quoted { &line[1..] } else { &line[..] };
                message.extend_from_slice(&text[..text.len().min(room)]);
            }
            at_start = line.ends_with(b"\n");
        }
    }
}

/// A line without the `>` before it; empty if there is none.
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|b| **b == b'>').count();
    if quotes == 0 { &[] } else { &line[quotes..] }
}

/// Bytes of a line that are read together.
const LINE: u64 = 64 << 10;

impl Iterator for Folder {
    type Item = Result<Body, Sourced>;

    fn next(&mut self) -> Option<Result<Body, Sourced>> {
        match self.message() {
            Ok(message) => {
                self.number += 1;
                let name = format!("{}.eml", self.number);
                Some(Ok(self.outer.body(&name, message?)))
            }
            Err(error) => {
                self.reader = BufReader::new(Box::new(io::empty()));
                let warning = Warning::from_io(&error);
                Some(Err(unread(self.outer.origin.clone(), warning)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_decoded_and_named() {
        let raw = "From: =?utf-8?B?5byg5LiJ?= <zs@example.com>\r\n\
            To: li@example.com\r\nSubject: =?gb2312?B?tqm1pQ==?=\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
            --b\r\nContent-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n1cXI/TEzODAwMTM4MDAw\r\n\
            --b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=E6=9D=8E=E5=9B=9B</p>\r\n\
            --b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"a.csv\"\r\nContent-Transfer-Encoding: base64\r\n\r\nYSxiCg==\r\n\
            --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: b@example.com\r\nSubject: inner\r\n\r\ninner text\r\n--b--\r\n";
        let message = MessageParser::default()
            .parse(raw.as_bytes())
            .expect("a message");
        let mut parts = Vec::new();
        list(&message, "", NESTED, &mut parts);
        let texts: Vec<(&str, Cow<'_, str>)> = parts
            .iter()
            .map(|(name, bytes)| (name.as_str(), String::from_utf8_lossy(bytes)))
            .collect();
        assert_eq!(texts[0].0, "headers.txt");
        assert_eq!(
            texts[0].1,
            "From: 张三 <zs@example.com>\nTo: li@example.com\nSubject: 订单\n"
        );
        assert_eq!(texts[1], ("part-1.txt", "张三13800138000".into()));
        assert_eq!(texts[2].1.trim_end(), "<p>李四</p>");
        assert_eq!(texts[3], ("a.csv", "a,b\n".into()));
        assert_eq!(texts[4].0, "part-4.eml!headers.txt");
        assert_eq!(texts[5].1.trim_end(), "inner text");
    }

    #[test]
    fn texts_that_do_not_tell_their_encoding_come_as_they_are() {
        for (charset, encoding, body) in [
            ("", "base64", "1cXI/TEzODAwMTM4MDAw"),
            (
                "; charset=us-ascii",
                "base64",
                "1cXI/TEzODAw\r\nMTM4MDAw\r\n",
            ),
            (
                "; charset=\"x-unknown\"",
                "quoted-printable",
                "=D5=C5=C8=FD138001=\r\n38000",
            ),
            ("; charset=gb2312", "base64", "1cXI/TEzODAwMTM4MDAw"),
        ] {
            let raw = format!(
                "From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
                --b\r\nContent-Type: text/csv{charset}; name=\"a.csv\"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n--b--\r\n"
            );
            let message = MessageParser::default()
                .parse(raw.as_bytes())
                .expect("a message");
            let mut parts = Vec::new();
            list(&message, "", NESTED, &mut parts);
            let guess = crate::text::encoding::guess(&parts[1].1);
            let text =
                crate::text::span_text(&parts[1].1, guess.encoding, crate::text::Escapes::None);
            assert_eq!(text.trim_end(), "张三13800138000", "{charset} {encoding}");
        }
    }
}
