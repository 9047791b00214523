//! Workbooks (xlsx, xlsm, xlsb, xls, ods) and their sheets.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use calamine::{Ods, Reader as _, Xls, Xlsb, Xlsx};

use super::limit::Budget;
use super::sheet::Sheet;
use super::store::Store;
use crate::scan::fault::Fault;
use crate::scan::{Format, Origin, Sourced, Unit};
use crate::text::encoding::Encoding;

pub(super) type Book = calamine::Sheets<Store>;

/// A workbook that its sheets share, one after the other.
pub(super) struct Shared {
    store: Store,
    book: Mutex<Book>,
}

impl Shared {
    /// Lends the workbook; opens it once more for a sheet that is read while another one is.
    pub(super) fn with<T>(&self, use_it: impl FnOnce(&mut Book) -> T) -> io::Result<T> {
        match self.book.try_lock() {
            Ok(mut book) => guarded(|| use_it(&mut book)),
            Err(_) => guarded(|| {
                let mut book = open_book(&self.store)
                    .map_err(|text| Fault::error("input.damaged", format!("workbook: {text}")))?;
                Ok(use_it(&mut book))
            })?,
        }
    }
}

/// The sheets of a workbook, left to right.
pub(super) struct Sheets {
    book: Arc<Shared>,
    names: std::vec::IntoIter<String>,
    origin: Origin,
}

impl Sheets {
    pub(super) fn open(store: &Store, origin: Origin, budget: &Arc<Budget>) -> io::Result<Sheets> {
        check_size(store, budget)?;
        let book = guarded(|| open_book(store))?.map_err(|text| {
            // Encrypted workbooks are a container of another kind with a stream of this name.
            if text.to_ascii_lowercase().contains("password") || text.contains("EncryptedPackage") {
                Fault::error("archive.encrypted", "needs a password")
            } else {
                Fault::error("input.damaged", format!("workbook: {text}"))
            }
        })?;
        Ok(Sheets {
            names: book.sheet_names().into_iter(),
            book: Arc::new(Shared {
                store: store.clone(),
                book: Mutex::new(book),
            }),
            origin,
        })
    }
}

/// The readers of old workbooks panic on some damaged ones; for a scan that is one input that cannot be read.
fn guarded<T>(read: impl FnOnce() -> T) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(read))
        .map_err(|_| Fault::error("input.damaged", "workbook: its reader gave up"))
}

/// Opens a workbook of any kind; of several errors the one for the commonest kind is told.
fn open_book(store: &Store) -> Result<Book, String> {
    let mut magic = [0; 4];
    let is_old = store.clone().read_exact(&mut magic).is_ok() && magic == [0xD0, 0xCF, 0x11, 0xE0];
    if is_old {
        // The workbook's reader follows a chain of sectors without asking whether it ends; the container's own reader asks.
        cfb::CompoundFile::open(store.clone()).map_err(|e| e.to_string())?;
        return match Xls::new(store.clone()) {
            Ok(book) => Ok(Book::Xls(book)),
            Err(error) => Err(error.to_string()),
        };
    }
    let error = match Xlsx::new(store.clone()) {
        Ok(book) => return Ok(Book::Xlsx(book)),
        Err(error) => error.to_string(),
    };
    if let Ok(book) = Xlsb::new(store.clone()) {
        return Ok(Book::Xlsb(book));
    }
    Ods::new(store.clone()).map(Book::Ods).map_err(|_| error)
}

/// A workbook's reader unpacks whole sheets, so its size is looked at first.
#[cfg(feature = "archive")]
fn check_size(store: &Store, budget: &Arc<Budget>) -> io::Result<()> {
    let size = zip::ZipArchive::new(store.clone())
        .ok()
        .and_then(|zip| zip.decompressed_size());
    let size = size.map_or(0, |s| u64::try_from(s).unwrap_or(u64::MAX));
    if let Some(why) = budget.refuses(size) {
        return Err(Fault::error("archive.limit", why));
    }
    for (part, tag, each) in HELD {
        let Some(reader) = super::zip::large_entry(store, part, SMALL) else {
            continue;
        };
        if takes_more(reader, tag, each, MEMORY) {
            let what = format!("{part} would take more than {} GiB of memory", MEMORY >> 30);
            return Err(Fault::error("archive.limit", what));
        }
    }
    Ok(())
}

/// Memory that what is held of a workbook as a whole may take, in bytes.
#[cfg(feature = "archive")]
const MEMORY: u64 = 2 << 30;

/// Packed bytes of a part that is not looked at: deflated, it cannot take too much.
#[cfg(feature = "archive")]
const SMALL: u64 = 512 << 10;

/// What is held as a whole: the part of the workbook, the tag of one text or cell, and the bytes that one takes beside its text; where
/// there are no tags, each byte of it takes so many more.
#[cfg(feature = "archive")]
const HELD: [(&str, &str, u64); 3] = [
    ("xl/sharedStrings.xml", "<si", 56),
    ("xl/sharedStrings.bin", "", 4),
    ("content.xml", "<table:table-cell", 96),
];

/// Whether a part takes more memory than `limit`: its bytes, and `each` for every tag.
#[cfg(feature = "archive")]
fn takes_more(mut part: impl Read, tag: &str, each: u64, limit: u64) -> bool {
    let finder = memchr::memmem::Finder::new(tag);
    let mut block = vec![0; 64 << 10];
    let (mut kept, mut taken) = (0, 0);
    loop {
        let n = match part.read(&mut block[kept..]) {
            // What is wrong with it will be told when it is read.
            Ok(0) | Err(_) => return false,
            Ok(n) => n,
        };
        let whole = kept + n;
        let tags = finder.find_iter(&block[..whole]).count() as u64;
        taken += n as u64 + each * tags;
        if taken > limit {
            return true;
        }
        // A tag may go on in the next block.
        let next = whole.saturating_sub(tag.len().saturating_sub(1));
        kept = whole - next;
        block.copy_within(next..whole, 0);
    }
}

#[cfg(not(feature = "archive"))]
fn check_size(store: &Store, budget: &Arc<Budget>) -> io::Result<()> {
    let _ = store;
    match budget.refuses(0) {
        Some(why) => Err(Fault::error("archive.limit", why)),
        None => Ok(()),
    }
}

impl Iterator for Sheets {
    type Item = Sourced;

    fn next(&mut self) -> Option<Sourced> {
        let name = self.names.next()?;
        let origin = Origin {
            sheet: Some(name.clone()),
            ..self.origin.clone()
        };
        Some(Sourced::Unit(Unit {
            origin,
            reader: Box::new(Sheet::new(Arc::clone(&self.book), name)),
            format: Some(Format::Table {
                delimiter: "\t".into(),
                quoted: false,
            }),
            encoding: Some(Encoding::Utf8),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::walk::Bytes;
    use super::*;

    #[test]
    fn a_reader_that_panics_is_a_damaged_input() {
        let error = guarded(|| [0_u8; 2][..].split_at(3).0.len()).expect_err("it panics");
        assert_eq!(crate::Warning::from_io(&error).code, "input.damaged");
        assert_eq!(guarded(|| 1).expect("no panic"), 1);
    }

    #[cfg(feature = "archive")]
    #[test]
    fn what_is_held_is_counted_before_it_is_read() {
        let texts = "<si><t>a</t></si>".repeat(100_000);
        let takes = |limit| takes_more(texts.as_bytes(), "<si", 56, limit);
        assert!(takes(17 * 100_000 + 56 * 100_000 - 1));
        assert!(!takes(17 * 100_000 + 56 * 100_000));
        assert!(takes_more(&[7; 100][..], "", 4, 499));
        assert!(!takes_more(&[7; 100][..], "", 4, 510));
    }

    #[test]
    fn sectors_that_lead_in_a_circle_are_damage() {
        let mut bytes = include_bytes!("../../tests/fixtures/writers/xlwt.xls").to_vec();
        let store = |bytes: &[u8]| {
            let reader = Box::new(io::Cursor::new(bytes.to_vec()));
            Store::of(Bytes::Stream(reader)).expect("in memory")
        };
        assert!(open_book(&store(&bytes)).is_ok());
        // The allocation table stands in the sector that the header names; its first entry now leads back to itself.
        let sector = u32::from_le_bytes(bytes[76..80].try_into().expect("four bytes"));
        let table = (sector as usize + 1) * 512;
        bytes[table..table + 4].fill(0);
        assert!(open_book(&store(&bytes)).is_err());
    }
}
