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
    /// xlsx, xlsm, xlsb, ods, xls.
    Book,
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
        [0xD0, 0xCF, 0x11, 0xE0, ..] if matches!(extension.as_str(), "xls" | "et") => Sort::Book,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => {
            let book =
                matches!(extension.as_str(), "xlsx" | "xlsm" | "xlsb" | "ods") || is_book(head);
            if book { Sort::Book } else { Sort::Zip }
        }
        _ if head.get(257..262) == Some(b"ustar") => Sort::Tar,
        _ if is_binary(head) => Sort::Binary,
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
}
