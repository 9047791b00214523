//! A sheet of a workbook as lines of cells between tabs.
//!
//! The workbook's reader lends its cells, so they are read on a thread of their own, which hands over blocks of whole lines. Cells of
//! xlsx and xlsb come one by one, those of the older formats all at once.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use calamine::{Cell, Data, DataRef, Reader as _, Sheets, XlsxError};

use super::book::{Book, Shared};
use crate::scan::fault::Fault;

/// Bytes of lines that are handed over together.
const BLOCK: usize = 64 << 10;

/// Blocks that wait to be read.
const WAITING: usize = 2;

/// Columns that are left blank before a cell; a sheet may name the last of 16,384 in every row.
const BLANK: u32 = 256;

/// Rows of a sheet.
const ROWS: u32 = 1 << 20;

/// Reads a sheet from its first row that is used.
pub(super) struct Sheet {
    book: Arc<Shared>,
    name: String,
    blocks: Option<Receiver<io::Result<Vec<u8>>>>,
    block: io::Cursor<Vec<u8>>,
}

impl Sheet {
    pub(super) fn new(book: Arc<Shared>, name: String) -> Sheet {
        Sheet {
            book,
            name,
            blocks: None,
            block: io::Cursor::default(),
        }
    }

    /// Starts the thread that reads the cells.
    fn start(&self) -> io::Result<Receiver<io::Result<Vec<u8>>>> {
        let (book, name) = (Arc::clone(&self.book), self.name.clone());
        let (sender, blocks) = sync_channel(WAITING);
        thread::Builder::new().spawn(move || {
            let mut lines = Lines::new(&sender);
            let read = book.with(|book| read(book, &name, &mut lines));
            // What stands before a damage is handed over, too; nobody may be left to hear of it.
            let handed_over = lines.finish();
            if let Err(error) = read.and_then(|read| read).and(handed_over) {
                let _ = sender.send(Err(error));
            }
        })?;
        Ok(blocks)
    }
}

impl Read for Sheet {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = self.block.read(buf)?;
            if n > 0 || buf.is_empty() {
                return Ok(n);
            }
            let blocks = match self.blocks.take() {
                Some(blocks) => blocks,
                None => self.start()?,
            };
            let block = blocks.recv();
            self.blocks = Some(blocks);
            match block {
                Ok(block) => self.block = io::Cursor::new(block?),
                Err(_) => return Ok(0),
            }
        }
    }
}

fn damaged(error: impl std::fmt::Display) -> io::Error {
    Fault::error("input.damaged", format!("sheet: {error}"))
}

/// Reads all cells of a sheet.
fn read(book: &mut Book, name: &str, lines: &mut Lines<'_>) -> io::Result<()> {
    match book {
        Sheets::Xlsx(book) => {
            let mut cells = match book.worksheet_cells_reader(name) {
                Ok(cells) => cells,
                // A chart has no cells.
                Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
                Err(error) => return Err(damaged(error)),
            };
            each(lines, || cells.next_cell().map_err(damaged))
        }
        Sheets::Xlsb(book) => {
            let mut cells = book.worksheet_cells_reader(name).map_err(damaged)?;
            each(lines, || cells.next_cell().map_err(damaged))
        }
        Sheets::Xls(_) | Sheets::Ods(_) => {
            let cells = book.worksheet_range(name).map_err(damaged)?;
            let (row, column) = cells.start().unwrap_or_default();
            cells.used_cells().try_for_each(|(r, c, cell)| {
                let at = (row + r as u32, column + c as u32);
                lines.put(at, |line| push_cell(cell, line))
            })
        }
    }
}

/// Cells one by one.
fn each<'c>(
    lines: &mut Lines<'_>,
    mut next: impl FnMut() -> io::Result<Option<Cell<DataRef<'c>>>>,
) -> io::Result<()> {
    while let Some(cell) = next()? {
        let at = cell.get_position();
        match cell.get_value() {
            DataRef::Empty => {}
            DataRef::SharedString(text) => lines.put(at, |line| push_text(text, line))?,
            DataRef::String(text) => lines.put(at, |line| push_text(text, line))?,
            other => lines.put(at, |line| push_cell(&Data::from(other.clone()), line))?,
        }
    }
    Ok(())
}

/// Puts cells into lines. All lines have as many cells as the widest before them, as long as that is no more than [`BLANK`].
struct Lines<'s> {
    sender: &'s SyncSender<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    /// The row of the line that is open.
    row: Option<u32>,
    /// Cells in it.
    cells: u32,
    /// The column behind the last cell.
    column: u32,
    width: u32,
    /// Rows without cells that may still be written.
    blank_rows: u32,
}

impl<'s> Lines<'s> {
    fn new(sender: &'s SyncSender<io::Result<Vec<u8>>>) -> Lines<'s> {
        Lines {
            sender,
            block: Vec::with_capacity(BLOCK),
            row: None,
            cells: 0,
            column: 0,
            width: 0,
            blank_rows: ROWS,
        }
    }

    /// Adds a cell; cells come row by row, from left to right.
    fn put(
        &mut self,
        (row, column): (u32, u32),
        write: impl FnOnce(&mut Vec<u8>),
    ) -> io::Result<()> {
        if let Some(open) = self.row.filter(|open| *open != row) {
            self.end_line()?;
            // A row without cells is a line, too.
            let blank = row
                .saturating_sub(open.saturating_add(1))
                .min(self.blank_rows);
            self.blank_rows -= blank;
            for _ in 0..blank {
                self.end_line()?;
            }
        }
        self.row = Some(row);
        let blank = column.saturating_sub(self.column).min(BLANK);
        let tabs = blank + u32::from(self.cells > 0);
        self.block.extend((0..tabs).map(|_| b'\t'));
        self.cells += blank + 1;
        self.column = column.saturating_add(1);
        write(&mut self.block);
        Ok(())
    }

    fn end_line(&mut self) -> io::Result<()> {
        if self.cells > 0 {
            self.width = self.width.max(self.cells).min(BLANK);
            let missing = self.width.saturating_sub(self.cells);
            self.block.extend((0..missing).map(|_| b'\t'));
        }
        self.block.push(b'\n');
        (self.cells, self.column) = (0, 0);
        if self.block.len() >= BLOCK {
            self.hand_over()?;
        }
        Ok(())
    }

    /// Ends the last line.
    fn finish(&mut self) -> io::Result<()> {
        if self.row.take().is_some() {
            self.end_line()?;
        }
        self.hand_over()
    }

    fn hand_over(&mut self) -> io::Result<()> {
        if self.block.is_empty() {
            return Ok(());
        }
        let block = std::mem::replace(&mut self.block, Vec::with_capacity(BLOCK));
        let sent = self.sender.send(Ok(block));
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

/// Writes a text; what would end its cell becomes a blank.
fn push_text(text: &str, line: &mut Vec<u8>) {
    let blank = |b| {
        if matches!(b, b'\t' | b'\n' | b'\r') {
            b' '
        } else {
            b
        }
    };
    line.extend(text.bytes().map(blank));
}

/// Writes one cell.
fn push_cell(cell: &Data, line: &mut Vec<u8>) {
    match cell {
        Data::Empty => {}
        Data::String(text) => push_text(text, line),
        // A date's text; its serial number would read as a number.
        Data::DateTime(date) => push_text(&date_text(*date), line),
        // A spreadsheet keeps fifteen digits: the others are no part of a serial that somebody typed.
        Data::Float(number) if number.abs() >= 1e15 => push_text(&shortened(*number), line),
        other => push_text(&other.to_string(), line),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_fifteen_digits_are_shown_shortened() {
        let mut line = Vec::new();
        push_cell(&Data::Float(13_800_138_000.0), &mut line);
        line.push(b' ');
        push_cell(&Data::Float(123_456_789_012_345_678.0), &mut line);
        assert_eq!(line, b"13800138000 1.23456789012346E+17");
    }

    fn lines(cells: &[(u32, u32, &str)]) -> String {
        let (sender, blocks) = sync_channel(100);
        let mut lines = Lines::new(&sender);
        for (row, column, text) in cells {
            let put = lines.put((*row, *column), |line| push_text(text, line));
            put.expect("somebody listens");
        }
        lines.finish().expect("somebody listens");
        drop(sender);
        let bytes: Vec<u8> = blocks.iter().flat_map(|b| b.expect("lines")).collect();
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn cells_stand_in_their_columns() {
        assert_eq!(lines(&[]), "");
        let table = [
            (4, 1, "姓名"),
            (4, 3, "电话"),
            (5, 1, "张\n三"),
            (7, 3, "138"),
        ];
        assert_eq!(lines(&table), "\t姓名\t\t电话\n\t张 三\t\t\n\n\t\t\t138\n");
        // What no program writes: a row that comes back, a column that comes back, the last column of all.
        let odd = [(1, 1, "a"), (0, 0, "b"), (0, 0, "c"), (9, 16_383, "d")];
        let written = lines(&odd);
        let far = lines(&[(0, 0, "a"), (u32::MAX, 0, "b"), (0, 0, "c")]);
        assert_eq!(far.len() as u32, ROWS + 6);
        assert!(written.starts_with("\ta\nb\tc\n"), "{written:?}");
        assert!(written.len() < 300 && written.ends_with("\td\n"));
    }
}
