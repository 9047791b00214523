//! CSV: one finding a row.

use std::io::Write;
use std::ops::ControlFlow;

use super::Options;
use crate::error::{Error, Result};
use crate::scan::{PageReport, Sink};

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

/// Writes findings as CSV with a header row.
#[derive(Debug)]
pub struct CsvSink<W> {
    writer: W,
    options: Options,
}

impl<W: Write> CsvSink<W> {
    /// A sink that writes to `writer`, the header first.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new(mut writer: W, options: Options) -> Result<CsvSink<W>> {
        writeln!(writer, "{}", COLUMNS.join(",")).map_err(|e| Error::io("-", e))?;
        Ok(CsvSink { writer, options })
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
        let mut out = Vec::new();
        let path = cell(&page.unit().origin.to_string());
        for item in page.items().filter(|item| self.options.wants(item)) {
            let (finding, place) = (item.finding(), item.place());
            let number = |n: u64| if n == 0 { String::new() } else { n.to_string() };
            let row = [
                item.id().to_string(),
                finding.kind.id().to_owned(),
                finding.form.id().to_owned(),
                cell(&self.options.shown(&item)),
                format!("{:.4}", finding.confidence.ratio()),
                finding.confidence.level().id().to_owned(),
                path.clone(),
                number(place.line),
                number(place.row),
                number(u64::from(place.column)),
                finding.span.start.to_string(),
                finding.span.end.to_string(),
                number(item.record_id().unwrap_or(0)),
            ];
            out.extend_from_slice(row.join(",").as_bytes());
            out.push(b'\n');
        }
        out
    }

    fn accept(&mut self, rows: Vec<u8>) -> Result<ControlFlow<()>> {
        self.writer
            .write_all(&rows)
            .map_err(|e| Error::io("-", e))?;
        Ok(ControlFlow::Continue(()))
    }
}

/// A cell, quoted where it must be. A leading `=`, `+`, `-` or `@` is quoted away with an apostrophe, since spreadsheets
/// would run it as a formula, and dumps come from hostile hands.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("say \"x\""), "\"say \"\"x\"\"\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("浙江"), "浙江");
    }
}
