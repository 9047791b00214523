//! CSV: one finding a row.

use std::io::Write;
use std::ops::ControlFlow;

use super::json::{any_block, equal, four_places, natural};
use super::{Options, Spare};
use crate::error::{Error, Result};
use crate::scan::{PageReport, Place, Sink};

/// Header of the table.
const COLUMNS: [&str; 13] = [
    "id",
    "kind",
    "form",
    "value",
    "confidence",
    "level",
    "path",
    "line",
    "row",
    "column",
    "start",
    "end",
    "record",
];

/// About the length of a row.
const LINE_BYTES: usize = 128;

/// Writes findings as CSV with a header row.
#[derive(Debug)]
pub struct CsvSink<W> {
    writer: W,
    options: Options,
    spare: Spare,
}

impl<W: Write> CsvSink<W> {
    /// A sink that writes to `writer`, the header first.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new(mut writer: W, options: Options) -> Result<CsvSink<W>> {
        let header = COLUMNS.join(",") + "\n";
        writer
            .write_all(header.as_bytes())
            .map_err(|e| Error::io("-", e))?;
        Ok(CsvSink::append(writer, options))
    }

    /// A sink that goes on with a table that has its header.
    pub const fn append(writer: W, options: Options) -> CsvSink<W> {
        CsvSink {
            writer,
            options,
            spare: Spare::new(),
        }
    }

    /// Flushes.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self) -> Result<()> {
        self.writer.flush().map_err(|e| Error::io("-", e))
    }
}

impl<W: Write + Send + Sync> Sink for CsvSink<W> {
    type Rendered = Vec<u8>;

    fn render(&self, page: &PageReport<'_>) -> Vec<u8> {
        let mut out = self.spare.take();
        out.reserve(page.len() * LINE_BYTES);
        let mut path = Vec::new();
        cell(&mut path, &page.unit().origin.to_string());
        let mut shown = String::new();
        let (mut stands, mut line_and_row) = (Place::default(), b",,,".to_vec());
        for item in page.items().filter(|item| self.options.wants(item)) {
            let (finding, place) = (item.finding(), item.place());
            natural(&mut out, item.id());
            for word in [finding.kind.id(), finding.form.id()] {
                out.push(b',');
                out.extend_from_slice(word.as_bytes());
            }
            out.push(b',');
            shown.clear();
            self.options.show(finding, &item.value(), &mut shown);
            cell(&mut out, &shown);
            out.push(b',');
            four_places(&mut out, finding.confidence.basis());
            out.push(b',');
            out.extend_from_slice(finding.confidence.level().id().as_bytes());
            out.push(b',');
            out.extend_from_slice(&path);
            // Findings of a row follow one another.
            if (stands.line, stands.row) != (place.line, place.row) {
                stands = place;
                line_and_row.clear();
                for number in [place.line, place.row] {
                    line_and_row.push(b',');
                    if number > 0 {
                        natural(&mut line_and_row, number);
                    }
                }
                line_and_row.push(b',');
            }
            out.extend_from_slice(&line_and_row);
            if place.column > 0 {
                natural(&mut out, place.column.into());
            }
            for number in [finding.span.start, finding.span.end] {
                out.push(b',');
                natural(&mut out, number as u64);
            }
            out.push(b',');
            if let Some(record) = item.record_id() {
                natural(&mut out, record);
            }
            out.push(b'\n');
        }
        out
    }

    fn accept(&mut self, rows: Vec<u8>) -> Result<ControlFlow<()>> {
        self.writer
            .write_all(&rows)
            .map_err(|e| Error::io("-", e))?;
        self.spare.give(rows);
        Ok(ControlFlow::Continue(()))
    }
}

/// A cell, quoted where it must be. A leading `=`, `+`, `-` or `@` is quoted away with an apostrophe, since spreadsheets
/// would run it as a formula, and dumps come from hostile hands.
fn cell(out: &mut Vec<u8>, text: &str) {
    // A dash alone is the path of standard input.
    let formula = text != "-" && text.starts_with(['=', '+', '-', '@']);
    let quoted = any_block(text.as_bytes(), |block| {
        equal(block, b',') | equal(block, b'"') | equal(block, b'\n') | equal(block, b'\r')
    });
    if !quoted && !formula {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    if quoted {
        out.push(b'"');
    }
    if formula {
        out.push(b'\'');
    }
    for (i, piece) in text.split('"').enumerate() {
        if i > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(piece.as_bytes());
    }
    if quoted {
        out.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        let written = |text: &str| {
            let mut out = Vec::new();
            cell(&mut out, text);
            String::from_utf8(out).expect("text")
        };
        assert_eq!(written("a,b"), "\"a,b\"");
        assert_eq!(written("say \"x\""), "\"say \"\"x\"\"\"");
        assert_eq!(written("=1+1"), "'=1+1");
        assert_eq!(written("=\"1\""), "\"'=\"\"1\"\"\"");
        assert_eq!(written("浙江"), "浙江");
        assert_eq!((&*written("-"), &*written("-1")), ("-", "'-1"));
    }
}
