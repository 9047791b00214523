use proptest::prelude::*;

use super::super::cut::CONTEXT_BYTES;
use super::*;
use crate::text::decode::{Buffer, decode};

/// Returns at most so many bytes a read, and an error at the end if asked to.
struct Slow<'b>(&'b [u8], usize, bool);

impl Read for Slow<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() && self.2 {
            return Err(io::Error::other("broken"));
        }
        let n = self.0.len().min(self.1).min(buf.len());
        buf[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

fn pages(
    bytes: &[u8],
    reads: usize,
    page: usize,
    encoding: Encoding,
    format: &Format,
) -> Vec<(PageCut, Vec<u8>)> {
    let mut pager = Pager::new(Slow(bytes, reads, false), page);
    assert!(bytes.starts_with(pager.prefix()));
    pager.set_plan(encoding, format, &Layout::default());
    let mut out = Vec::new();
    let mut buf = ReadBuffer::default();
    while let Some(cut) = pager.next_page(&mut buf).expect("no error") {
        assert_eq!(&bytes[cut.offset..cut.offset + buf.len()], &buf[..]);
        // Each part decodes as it does within the whole.
        let text = |part: &[u8]| {
            decode(part, encoding, &mut Buffer::default(), &mut Vec::new())
                .text
                .to_owned()
        };
        let parts = [
            &buf[..cut.core.start],
            &buf[cut.core.clone()],
            &buf[cut.core.end..],
        ];
        assert_eq!(parts.map(text).concat(), text(&buf));
        out.push((cut, buf.to_vec()));
    }
    out
}

fn check(
    bytes: &[u8],
    page: usize,
    encoding: Encoding,
    format: &Format,
) -> Vec<(PageCut, Vec<u8>)> {
    let all = pages(bytes, usize::MAX, page, encoding, format);
    let joined: Vec<u8> = all
        .iter()
        .flat_map(|(c, b)| b[c.core.clone()].to_vec())
        .collect();
    assert_eq!(joined, bytes);
    assert!(
        all.iter()
            .enumerate()
            .all(|(i, (c, _))| c.first == (i == 0) && c.last == (i + 1 == all.len()))
    );
    for reads in [1, 7, 64] {
        assert_eq!(pages(bytes, reads, page, encoding, format), all);
    }
    // What lies in memory is cut at the same places.
    let mut cutter = Cutter::new(page);
    cutter.set_plan(encoding, format, &Layout::default());
    let uncopied: Vec<_> = std::iter::from_fn(|| cutter.next_of(bytes)).collect();
    assert!(
        uncopied
            .iter()
            .map(|(c, b)| (c, *b))
            .eq(all.iter().map(|(c, b)| (c, &b[..])))
    );
    all
}

#[test]
fn an_empty_input_is_one_empty_page() {
    assert_eq!(check(b"", 64, Encoding::Utf8, &Format::Text).len(), 1);
}

#[test]
fn pages_of_tables_end_with_rows() {
    let text = "\"张三\",\"a\nb\",138\n".repeat(50);
    for (cut, buf) in check(text.as_bytes(), 100, Encoding::Utf8, &Format::csv()) {
        assert_eq!(buf.len() % 19, 0, "{cut:?}");
        assert!(cut.at_row);
    }
}

#[test]
fn no_cut_makes_half_a_sequence_of_characters() {
    for tail in [
        &b"\x81\x30\n"[..],
        b"\x81\x30\x81\n",
        b"\x81\x30\x81\x41",
        b"\x81\x30\x81\x30",
    ] {
        for page in 16..24 {
            let bytes = [&[b'{'; 20], tail, b"\n\n"].concat();
            check(&bytes, page, Encoding::Gb18030, &Format::Text);
        }
    }
}

#[test]
fn pages_of_text_end_at_blank_lines_and_have_context() {
    let text = "收件人：张三\n电话：13800138000\n\n".repeat(30);
    let all = check(text.as_bytes(), 200, Encoding::Utf8, &Format::Text);
    for (cut, buf) in &all {
        assert!(buf[cut.core.clone()].ends_with(b"\n\n"));
    }
    assert!(all[3].0.core.start > 0 && all[3].0.core.end < all[3].1.len());
}

#[test]
fn a_line_without_end_is_cut_between_characters() {
    let text = "张三李四".repeat(100_000);
    let all = check(text.as_bytes(), 5000, Encoding::Utf8, &Format::Text);
    assert!(all.len() > 100);
    for (cut, buf) in all {
        assert!(std::str::from_utf8(&buf).is_ok() && buf.len() <= 5010 + 2 * CONTEXT_BYTES);
        assert!(std::str::from_utf8(&buf[cut.core]).is_ok());
    }
}

#[test]
fn an_open_quote_is_told() {
    let text = format!("a,\"b\n{}", "x,y\n".repeat(40_000));
    let all = check(text.as_bytes(), 1000, Encoding::Utf8, &Format::csv());
    assert_eq!(all[0].0.unclosed_quote, Some(2));
    assert!(all[1..].iter().all(|p| p.0.unclosed_quote.is_none()));
}

#[test]
fn json_pages_end_with_objects() {
    let text = format!("{{\"hits\":[{}]}}", vec![r#"{"a":"}],"}"#; 300].join(","));
    let all = check(text.as_bytes(), 256, Encoding::Utf8, &Format::Json);
    for (cut, buf) in &all[..all.len() - 1] {
        assert!(buf[cut.core.clone()].ends_with(b"},"));
    }
}

#[test]
fn pages_of_sql_end_where_columns_change() {
    let rows = "INSERT INTO a VALUES (1,'x');\n".repeat(20);
    let text = format!(
        "CREATE TABLE a (n int, name text);\nCREATE TABLE b (mobile text);\n{rows}INSERT INTO b VALUES ('138');\n{rows}"
    );
    let all = check(text.as_bytes(), 200, Encoding::Utf8, &Format::Sql);
    let changes: Vec<(&str, usize)> = all
        .iter()
        .filter_map(|(cut, buf)| {
            let layout = cut.layout.as_ref()?;
            Some((std::str::from_utf8(&buf[..13]).ok()?, layout.columns.len()))
        })
        .collect();
    assert_eq!(
        changes,
        [
            ("INSERT INTO a", 2),
            ("INSERT INTO b", 1),
            ("INSERT INTO a", 2)
        ]
    );
}

#[test]
fn what_was_read_before_an_error_is_delivered() {
    let mut pager = Pager::new(Slow(b"a\nb\n", 3, true), 64);
    let mut buf = ReadBuffer::default();
    let cut = pager.next_page(&mut buf).expect("page").expect("page");
    assert_eq!(
        (&buf[..], cut.core, cut.last),
        (&b"a\nb\n"[..], 0..4, false)
    );
    assert!(pager.next_page(&mut buf).is_err());
    assert!(pager.next_page(&mut buf).expect("end").is_none());
}

proptest! {
    #[test]
    fn any_bytes_in_any_plan(
        bytes in proptest::collection::vec(prop_oneof![
            Just(b'\n'), Just(b'"'), Just(b','), Just(b'{'), Just(b'}'), Just(b'['), Just(b'\''), Just(b')'), Just(b'<'), Just(b't'), Just(b'r'), Just(b'>'), Just(0), Just(0x81), Just(0xF0), Just(0x9F), Just(0x98), Just(0x80), Just(0xE4), any::<u8>()
        ], 0..400),
        page in 16..100_usize,
        which in 0..7_usize,
    ) {
        let formats = [Format::Text, Format::csv(), Format::Json, Format::JsonLines, Format::Sql, Format::Markup, Format::HtmlTable];
        for encoding in Encoding::ALL {
            check(&bytes, page, encoding, &formats[which]);
        }
    }
}
