//! Sheets of workbooks (xlsx, xlsm, xlsb, xls, ods) as lines of cells between tabs.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use calamine::{Data, Ods, Range, Reader as _, Xls, Xlsb, Xlsx};

use super::limit::Budget;
use super::store::Store;
use crate::scan::fault::Fault;
use crate::scan::{Format, Origin, Sourced, Unit};
use crate::text::encoding::Encoding;

type Book = calamine::Sheets<Store>;

/// The sheets of a workbook, left to right.
pub(super) struct Sheets {
    book: Arc<Mutex<Book>>,
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
            book: Arc::new(Mutex::new(book)),
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
    match budget.refuses(size) {
        Some(why) => Err(Fault::error("archive.limit", why)),
        None => Ok(()),
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
            reader: Box::new(Sheet {
                book: Arc::clone(&self.book),
                name,
                cells: None,
                row: 0,
                line: Vec::new(),
                at: 0,
            }),
            format: Some(Format::Table {
                delimiter: "\t".into(),
                quoted: false,
            }),
            encoding: Some(Encoding::Utf8),
        }))
    }
}

/// Writes a sheet as text, row by row. The sheet's cells are in memory from the first read to the last.
struct Sheet {
    book: Arc<Mutex<Book>>,
    name: String,
    cells: Option<Range<Data>>,
    row: usize,
    line: Vec<u8>,
    at: usize,
}

impl Sheet {
    /// Puts the next row into `line`; `false` at the end.
    fn next_line(&mut self) -> io::Result<bool> {
        if self.cells.is_none() {
            let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
            let cells = guarded(|| book.worksheet_range(&self.name))?
                .map_err(|e| Fault::error("input.damaged", format!("sheet: {e}")))?;
            self.cells = Some(cells);
        }
        let cells = self.cells.get_or_insert_default();
        self.line.clear();
        self.at = 0;
        if self.row >= cells.height() {
            *cells = Range::default();
            self.row = 0;
            return Ok(false);
        }
        let width = cells.width();
        for (i, cell) in (0..width)
            .filter_map(|i| cells.get((self.row, i)))
            .enumerate()
        {
            if i > 0 {
                self.line.push(b'\t');
            }
            push_cell(cell, &mut self.line);
        }
        self.line.push(b'\n');
        self.row += 1;
        Ok(true)
    }
}

/// Writes one cell; what would end it becomes a blank.
fn push_cell(cell: &Data, line: &mut Vec<u8>) {
    let start = line.len();
    match cell {
        Data::Empty => return,
        // A date's text; its serial number would read as a number.
        Data::DateTime(date) => line.extend_from_slice(date_text(*date).as_bytes()),
        Data::String(text) => line.extend_from_slice(text.as_bytes()),
        // A spreadsheet keeps fifteen digits: the others are no part of a serial that somebody typed.
        Data::Float(number) if number.abs() >= 1e15 => {
            line.extend_from_slice(shortened(*number).as_bytes());
        }
        other => line.extend_from_slice(other.to_string().as_bytes()),
    }
    for b in &mut line[start..] {
        if matches!(b, b'\t' | b'\n' | b'\r') {
            *b = b' ';
        }
    }
}

/// A large number as spreadsheets show it: `1.23456789012346E+17`.
fn shortened(number: f64) -> String {
    format!("{number:.14e}").replace('e', "E+")
}

fn date_text(date: calamine::ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

impl Read for Sheet {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.line.len() && !self.next_line()? {
            return Ok(0);
        }
        let n = buf.len().min(self.line.len() - self.at);
        buf[..n].copy_from_slice(&self.line[self.at..self.at + n]);
        self.at += n;
        Ok(n)
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

    #[test]
    fn numbers_beyond_fifteen_digits_are_shown_shortened() {
        let mut line = Vec::new();
        push_cell(&Data::Float(13_800_138_000.0), &mut line);
        line.push(b' ');
        push_cell(&Data::Float(123_456_789_012_345_678.0), &mut line);
        assert_eq!(line, b"13800138000 1.23456789012346E+17");
    }
}
