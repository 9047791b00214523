//! The cases of `corpus/*.toml` in other dresses: encodings, wide digits, noise, cells, strings, small reads, small pages, threads.

use std::io::{Cursor, Read};
use std::ops::ControlFlow;

use miandan::{Encoding, Format, Input, Item, PageReport, Result, Scanner, Sink};

use crate::corpus::{Case, cases};
use crate::laws::stream;

/// A finding as it was read: kind, the text under its span, the normalised value.
type Reading = (&'static str, String, String);

/// Collects what the findings of a stream read.
#[derive(Default)]
struct Collect(Vec<Reading>);

impl Sink for Collect {
    type Rendered = Vec<Reading>;

    fn render(&self, page: &PageReport<'_>) -> Vec<Reading> {
        let reading = |i: Item<'_>| {
            (
                i.finding().kind.id(),
                i.value().into_owned(),
                i.normalized().into_owned(),
            )
        };
        page.items().map(reading).collect()
    }

    fn accept(&mut self, page: Vec<Reading>) -> Result<ControlFlow<()>> {
        self.0.extend(page);
        Ok(ControlFlow::Continue(()))
    }
}

/// Gives so many bytes at a time.
struct Sips {
    bytes: Cursor<Vec<u8>>,
    at_once: usize,
}

impl Read for Sips {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let len = buf.len().min(self.at_once);
        self.bytes.read(&mut buf[..len])
    }
}

fn streamed(scanner: &Scanner, text: &str, at_once: usize, threads: usize) -> Vec<Reading> {
    let reader = Sips {
        bytes: Cursor::new(text.as_bytes().to_vec()),
        at_once,
    };
    let mut sink = Collect::default();
    stream(scanner, reader, Format::Text, threads, &mut sink);
    sink.0
}

fn scanned(
    scanner: &Scanner,
    bytes: &[u8],
    format: Format,
    encoding: Option<Encoding>,
) -> Vec<Reading> {
    let input = Input::new(bytes).format(format);
    let found = scanner.scan(match encoding {
        Some(encoding) => input.encoding(encoding),
        None => input,
    });
    let reading = |f: &miandan::Finding| {
        let text = found.value(bytes, f).into_owned();
        let value = scanner.normalize(f, &text).into_owned();
        (f.kind.id(), text, value)
    };
    found.iter().map(reading).collect()
}

/// Runs every case in a dress. `read` gives what is found in the dressed text, `undress` takes the dress off a value. What the case
/// wants must be there with the value that it has without the dress, and nothing that must be absent.
fn check(
    dress: &str,
    read: impl Fn(&Scanner, &Case) -> Option<Vec<Reading>>,
    undress: impl Fn(&str) -> String,
) {
    let scanner = Scanner::new().expect("a scanner");
    let (mut worn, mut failures) = (0, Vec::new());
    for (file, case) in cases() {
        let Some(found) = read(&scanner, &case) else {
            continue;
        };
        worn += 1;
        let plain = scanned(&scanner, case.text.as_bytes(), Format::Text, None);
        let mut fail = |what: String| {
            failures.push(format!(
                "{}: {} in {dress}: {what}",
                file.display(),
                case.name
            ));
        };
        for wanted in &case.findings {
            let is_it =
                |(kind, text, _): &&Reading| *kind == wanted.kind && undress(text) == wanted.text;
            let Some((_, _, value)) = plain.iter().find(is_it) else {
                fail(format!(
                    "{} {:?} is missing without the dress",
                    wanted.kind, wanted.text
                ));
                continue;
            };
            match found.iter().find(is_it) {
                None => fail(format!(
                    "missing {} {:?}; found {found:?}",
                    wanted.kind, wanted.text
                )),
                Some((.., read)) if read != value => {
                    fail(format!("{:?} reads {read}, wanted {value}", wanted.text));
                }
                Some(_) => {}
            }
        }
        for (kind, text, _) in &found {
            if case.absent.iter().any(|absent| absent == kind) {
                fail(format!("{kind} {text:?} must not be reported"));
            }
        }
    }
    assert!(worn > 10, "{dress} fits {worn} cases only");
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

fn as_it_is(text: &str) -> String {
    text.to_owned()
}

#[test]
fn every_encoding() {
    type Encode = fn(&str) -> Option<Vec<u8>>;
    let dresses: [(Encoding, Encode); 4] = [
        (Encoding::Utf16Le, |text| {
            Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
        }),
        (Encoding::Utf16Be, |text| {
            Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect())
        }),
        (Encoding::Gb18030, |text| {
            Some(encoding_rs::GB18030.encode(text).0.into_owned())
        }),
        (Encoding::Big5, |text| {
            // It has no simplified characters; those would be written as references.
            let (bytes, _, lossy) = encoding_rs::BIG5.encode(text);
            (!lossy).then(|| bytes.into_owned())
        }),
    ];
    for (encoding, encode) in dresses {
        check(
            encoding.id(),
            |scanner, case| {
                let bytes = encode(&case.text)?;
                Some(scanned(scanner, &bytes, Format::Text, Some(encoding)))
            },
            as_it_is,
        );
    }
}

#[test]
fn wide_digits() {
    let widen = |text: &str| -> String {
        let wide = |c: char| match c {
            '0'..='9' => char::from_u32(c as u32 - 0x30 + 0xFF10).unwrap_or(c),
            c => c,
        };
        text.chars().map(wide).collect()
    };
    let narrow = |text: &str| -> String {
        let narrow = |c: char| match c {
            '０'..='９' => char::from_u32(c as u32 - 0xFF10 + 0x30).unwrap_or(c),
            c => c,
        };
        text.chars().map(narrow).collect()
    };
    check(
        "wide digits",
        |scanner, case| {
            Some(scanned(
                scanner,
                widen(&case.text).as_bytes(),
                Format::Text,
                None,
            ))
        },
        narrow,
    );
}

#[test]
fn noise_without_width() {
    let noisy = |text: &str| -> String { text.chars().flat_map(|c| [c, '\u{200B}']).collect() };
    check(
        "noise",
        |scanner, case| {
            Some(scanned(
                scanner,
                noisy(&case.text).as_bytes(),
                Format::Text,
                None,
            ))
        },
        |text| text.replace('\u{200B}', ""),
    );
}

/// What the model of names has not learnt: a name between a quotation mark and digits.
const UNLEARNT: [&str; 2] = ["glued to a number", "pieces behind a name"];

#[test]
fn a_cell_of_a_table() {
    let table = |case: &Case| {
        let cell = case.text.replace('"', "\"\"");
        format!("\u{FEFF}编码,内容,备注\n\"a\",\"{cell}\",\"b\"\n").into_bytes()
    };
    check(
        "a cell",
        |scanner, case| {
            let learnt = !UNLEARNT.contains(&case.name.as_str());
            learnt.then(|| scanned(scanner, &table(case), Format::csv(), None))
        },
        |text| text.replace("\"\"", "\""),
    );
}

#[test]
fn a_string_of_json() {
    let line = |case: &Case| {
        let value = serde_json::json!({"id": 7, "content": case.text});
        format!("{value}\n").into_bytes()
    };
    check(
        "JSON Lines",
        |scanner, case| Some(scanned(scanner, &line(case), Format::JsonLines, None)),
        |text| {
            let string = format!("\"{text}\"");
            serde_json::from_str(&string).unwrap_or_else(|_| text.to_owned())
        },
    );
}

#[test]
fn small_reads() {
    for at_once in [1, 2, 3, 7, 64] {
        check(
            &format!("reads of {at_once} bytes"),
            |scanner, case| Some(streamed(scanner, &case.text, at_once, 1)),
            as_it_is,
        );
    }
}

/// All cases as one text; a blank line parts them.
fn whole_corpus() -> String {
    let texts: Vec<String> = cases().into_iter().map(|(_, case)| case.text).collect();
    texts.join("\n\n")
}

#[test]
fn pages_from_one_line_up_and_threads() {
    let text = whole_corpus();
    let scanner = Scanner::new().expect("a scanner");
    let whole = scanned(&scanner, text.as_bytes(), Format::Text, None);
    assert!(whole.len() > 150, "{} findings", whole.len());
    for page_bytes in [1, 64, 300, 1_000, 5_000] {
        let scanner = Scanner::builder()
            .page_bytes(page_bytes)
            .build()
            .expect("a scanner");
        assert_eq!(
            scanned(&scanner, text.as_bytes(), Format::Text, None),
            whole,
            "in pages of {page_bytes}"
        );
        for threads in [1, 3] {
            assert_eq!(
                streamed(&scanner, &text, 777, threads),
                whole,
                "in pages of {page_bytes}, {threads} threads"
            );
        }
    }
}
