//! Tells by its first bytes what a file is.

use crate::text::encoding::is_binary;

/// What a file turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Text,
    Binary,
    Gzip,
    Zstd,
    Xz,
    Bzip2,
    Zip,
    Tar,
    SevenZip,
    Rar,
    /// Data that nothing here reads, and what can be done about it.
    Foreign(&'static str),
    /// xlsx, xlsm, xlsb, ods.
    Book,
    /// Compound files: office documents before 2007, xls among them, and encrypted ones of today.
    Compound,
    /// A mail message.
    Mail,
    /// A folder of mail messages.
    MailFolder,
}

/// Bytes from which [`sort`] decides.
pub(super) const HEAD: usize = 8 * 1024;

/// What a file is, by its first [`HEAD`] bytes; its name tells a workbook from another zip file.
pub(super) fn sort(head: &[u8], name: &str) -> Sort {
    let extension = name
        .rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default();
    match head {
        [0x1F, 0x8B, 8, ..] => Sort::Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Sort::Zstd,
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Sort::Xz,
        [
            b'B',
            b'Z',
            b'h',
            b'1'..=b'9',
            0x31,
            0x41,
            0x59,
            0x26,
            0x53,
            0x59,
            ..,
        ] => Sort::Bzip2,
        [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => Sort::SevenZip,
        [b'R', b'a', b'r', b'!', 0x1A, 7, ..] => Sort::Rar,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Sort::Compound,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => {
            let book =
                matches!(extension.as_str(), "xlsx" | "xlsm" | "xlsb" | "ods") || is_book(head);
            if book { Sort::Book } else { Sort::Zip }
        }
        _ if head.get(257..262) == Some(b"ustar") => Sort::Tar,
        _ if let Some(what) = foreign(head, &extension) => Sort::Foreign(what),
        _ if is_binary(head) => Sort::Binary,
        _ => sort_text(head, &extension),
    }
}

/// What a file of data is that would pass for any binary file.
fn foreign(head: &[u8], extension: &str) -> Option<&'static str> {
    const DATA: [(&[u8], &str); 12] = [
        (
            b"SQLite format 3\0",
            "SQLite databases are not read; turn them into SQL first, for example with sqlite3 FILE .dump",
        ),
        (
            b"PGDMP",
            "dumps in pg_dump's own format are not read; turn them into SQL first with pg_restore -f",
        ),
        (
            b"\0\x01\0\0Standard ",
            "Access databases are not read; export their tables first",
        ),
        (
            b"TAPE\0\0",
            "backups of SQL Server are not read; export the tables first",
        ),
        (
            b"PAR1",
            "Parquet files are not read; turn them into CSV first",
        ),
        (
            b"Obj\x01",
            "Avro files are not read; turn them into JSON first",
        ),
        (
            b"!BDN",
            "mail folders of Outlook are not read; export them as eml or mbox first",
        ),
        (b"\x04\x22\x4D\x18", "lz4 is not read; unpack it first"),
        (b"LZIP\x01", "lzip is not read; unpack it first"),
        (b"\x1F\x9D", "compress (Z) is not read; unpack it first"),
        (b"\x5D\0\0", "lzma is not read; unpack it first"),
        (
            b"MSCF\0\0\0\0",
            "cab archives are not read; unpack them first",
        ),
    ];
    if let [b'%', b'P', b'D', b'F', b'-', b'0'..=b'9', ..] = head {
        return Some(
            "PDF files are not read; turn them into text first, for example with pdftotext",
        );
    }
    if extension == "dbf" && matches!(head, [0x03 | 0x30 | 0x31 | 0x43 | 0x83 | 0x8B | 0xF5, ..]) {
        return Some("dBase tables are not read; turn them into CSV first");
    }
    let (magic, what) = DATA.iter().find(|(magic, _)| head.starts_with(magic))?;
    // A text may begin with letters (`PAR16 灯泡`).
    let is_sure = magic.iter().any(|b| *b < 9) || is_binary(head);
    is_sure.then_some(*what)
}

fn sort_text(head: &[u8], extension: &str) -> Sort {
    let named = matches!(extension, "eml" | "mht" | "mhtml");
    match head {
        [b'F', b'r', b'o', b'm', b' ', ..] if has_mail_headers(after_line(head)) => {
            Sort::MailFolder
        }
        _ if has_mail_headers(head) || named && has_header(head) => Sort::Mail,
        _ => Sort::Text,
    }
}

/// Whether a zip file without a telling name is a workbook: its first entry is one that their writers put there. A workbook
/// inside a zip file would show the same names further on.
fn is_book(head: &[u8]) -> bool {
    let first = head.get(30..).unwrap_or_default();
    let holds = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    first.starts_with(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
        || first.starts_with(b"xl/")
        || ((first.starts_with(b"[Content_Types].xml") || first.starts_with(b"_rels/"))
            && holds(b"xl/workbook."))
        || (first.starts_with(b"docProps/") && (holds(b"xl/theme") || holds(b"xl/work")))
}

fn after_line(text: &[u8]) -> &[u8] {
    memchr::memchr(b'\n', text).map_or(&[], |i| &text[i + 1..])
}

/// Whether a text begins with a header `Name: value`.
fn has_header(text: &[u8]) -> bool {
    header_name(text).is_some()
}

fn header_name(line: &[u8]) -> Option<&[u8]> {
    let name = line
        .split(|b| !b.is_ascii_alphanumeric() && *b != b'-')
        .next()?;
    (!name.is_empty() && line.get(name.len()) == Some(&b':')).then_some(name)
}

/// Whether a text begins with headers as mail has them: nothing but headers up to the first blank line, two or more of those
/// that every message carries, and one that only mail has.
fn has_mail_headers(mut text: &[u8]) -> bool {
    const CARRIED: [&[u8]; 5] = [b"from", b"to", b"subject", b"date", b"content-type"];
    const OWN: [&[u8]; 5] = [
        b"mime-version",
        b"received",
        b"message-id",
        b"return-path",
        b"delivered-to",
    ];
    let (mut carried, mut own) = (0, 0);
    while !text.is_empty() && !text.starts_with(b"\n") && !text.starts_with(b"\r\n") {
        // A value goes on in lines that begin with a blank.
        if !text.starts_with(b" ") && !text.starts_with(b"\t") {
            let Some(name) = header_name(text) else {
                return false;
            };
            let name = name.to_ascii_lowercase();
            carried += usize::from(CARRIED.contains(&name.as_slice()));
            own += usize::from(OWN.contains(&name.as_slice()));
        }
        text = after_line(text);
    }
    carried >= 2 && own >= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_is_one_under_any_name() {
        for book in [
            &include_bytes!("../../tests/fixtures/writers/openpyxl.xlsx")[..],
            include_bytes!("../../tests/fixtures/writers/odfpy.ods"),
        ] {
            assert_eq!(sort(book, "export.csv"), Sort::Book);
        }
        let zip = include_bytes!("../../tests/fixtures/writers/7z.zip");
        assert_eq!(sort(zip, "export.csv"), Sort::Zip);
    }

    #[test]
    fn data_that_is_not_read_is_no_picture() {
        for (head, name) in [
            (&b"SQLite format 3\0\x10\0"[..], "shop.db"),
            (b"%PDF-1.7\n", "x"),
            (b"\x03\x7A\x01\x01", "ORDERS.DBF"),
        ] {
            assert!(matches!(sort(head, name), Sort::Foreign(_)), "{name}");
        }
        assert_eq!(sort(b"\x89PNG\r\n\x1a\n", "x.png"), Sort::Binary);
        assert_eq!(sort("PAR16 灯泡,3".as_bytes(), "x.csv"), Sort::Text);
        let parquet = b"PAR1\x15\x04\x15\x20\x15\x1e\x4c\x15\0\0\0";
        assert!(matches!(sort(parquet, "x"), Sort::Foreign(_)));
    }

    #[test]
    fn mail_is_told_from_other_text() {
        let mail = b"Return-Path: <a@example.com>\r\nFrom: a@example.com\r\nTo: b@example.com,\r\n c@example.com\r\n\r\ntext";
        assert_eq!(sort(mail, "x"), Sort::Mail);
        assert_eq!(sort(b"Subject: x\n\ntext", "x.eml"), Sort::Mail);
        let folder = [b"From a@example.com Mon Jan  1 00:00:00 2024\n", &mail[..]].concat();
        assert_eq!(sort(&folder, "x"), Sort::MailFolder);
        for text in [
            "From here to there: it is far\nTo: me\n",
            "To: all\nFrom: me\nDate: today\n\nno mail, a note\n",
            "name: x\nmobile: y\n",
            "",
        ] {
            assert_eq!(sort(text.as_bytes(), "x.txt"), Sort::Text, "{text}");
        }
    }
}
