//! What a compound file holds, the container of office documents before 2007: a workbook, another document, or one that is encrypted.

use std::io;

use super::store::Store;
use crate::scan::Origin;
use crate::scan::fault::Fault;

/// What can be done with the file.
pub(super) enum Content {
    Book,
    /// A picture store, an installer: no document.
    Other,
}

/// Looks at the streams; documents that nothing here reads are an error.
pub(super) fn content(store: &Store, origin: &Origin) -> io::Result<Content> {
    let name = origin.entry.as_deref().unwrap_or(&origin.path);
    let is_named = |ending: &str| {
        let tail = name.len().checked_sub(ending.len());
        tail.and_then(|at| name.get(at..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
    };
    let Ok(file) = cfb::CompoundFile::open(store.clone()) else {
        let is_book = [".xls", ".et"].into_iter().any(is_named);
        return Ok(if is_book {
            Content::Book
        } else {
            Content::Other
        });
    };
    let holds = |names: &[&str]| names.iter().any(|n| file.exists(n));
    if holds(&["/EncryptedPackage"]) {
        return Err(Fault::error("archive.encrypted", "needs a password"));
    }
    if holds(&["/Workbook", "/Book"]) {
        return Ok(Content::Book);
    }
    let documents = [
        "/WordDocument",
        "/PowerPoint Document",
        "/__properties_version1.0",
    ];
    if holds(&documents) {
        let what = "documents of old Word, PowerPoint and Outlook are not read; save them in today's formats first";
        return Err(Fault::error("input.unsupported", what));
    }
    Ok(Content::Other)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::walk::Bytes;
    use super::*;

    #[test]
    fn the_streams_tell_what_a_file_is() {
        for (stream, expected) in [
            ("/Workbook", "book"),
            ("/EncryptedPackage", "archive.encrypted"),
            ("/WordDocument", "input.unsupported"),
            ("/Catalog", "other"),
        ] {
            let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a container");
            file.create_stream(stream).expect("a stream");
            let bytes = file.into_inner().into_inner();
            let store = Store::of(Bytes::Stream(Box::new(Cursor::new(bytes)))).expect("in memory");
            let found = match content(&store, &Origin::path("x")) {
                Ok(Content::Book) => "book".to_owned(),
                Ok(Content::Other) => "other".to_owned(),
                Err(error) => crate::Warning::from_io(&error).code.into_owned(),
            };
            assert_eq!(found, expected);
        }
    }
}
