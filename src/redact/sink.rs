//! Redacting while a scan runs.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::redactor::{Edit, Redactor};
use crate::error::{Error, Result};
use crate::scan::{Format, PageReport, Sink};
use crate::text::encoding::Encoding;

/// A [`Sink`] that writes the input again without what was found in it.
///
/// Only plain inputs can be written again; entries of archives and sheets of workbooks are refused. Scan what was written once
/// more with a [`RedactSink`]'s [`Redactor`] to see that nothing is left; [`Redactor::redact`] does so by itself.
#[derive(Debug)]
pub struct RedactSink<W> {
    redactor: Redactor,
    out: W,
    /// For messages.
    path: PathBuf,
    /// Bytes of the current input that are written.
    written: usize,
    replaced: u64,
    full_only: bool,
    recognised: Option<(Format, Encoding)>,
}

/// A page with the edits to make on it.
#[derive(Debug)]
pub struct PageEdits {
    offset: usize,
    bytes: Vec<u8>,
    edits: Vec<Edit>,
    /// Of a first page: how the input was read.
    first: Option<(Format, Encoding)>,
    packed: bool,
}

impl<W: Write + Sync> RedactSink<W> {
    /// A sink that writes to `out`; `path` is its name in error messages.
    pub fn new(redactor: Redactor, out: W, path: impl Into<PathBuf>) -> RedactSink<W> {
        RedactSink {
            redactor,
            out,
            path: path.into(),
            written: 0,
            replaced: 0,
            full_only: false,
            recognised: None,
        }
    }

    /// Leaves alone what shows no full value: for text that was redacted before.
    #[must_use]
    pub fn full_only(mut self) -> RedactSink<W> {
        self.full_only = true;
        self
    }

    /// Format and encoding of the input, once its first page was seen.
    pub fn recognised(&self) -> Option<(&Format, Encoding)> {
        self.recognised.as_ref().map(|(f, e)| (f, *e))
    }

    /// Values replaced so far.
    pub const fn replaced(&self) -> u64 {
        self.replaced
    }

    /// The writer, flushed.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be flushed.
    pub fn finish(mut self) -> Result<W> {
        match self.out.flush() {
            Ok(()) => Ok(self.out),
            Err(e) => Err(Error::io(self.path, e)),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.out
            .write_all(bytes)
            .map_err(|e| Error::io(self.path.clone(), e))
    }
}

impl<W: Write + Send + Sync> Sink for RedactSink<W> {
    type Rendered = PageEdits;

    fn render(&self, page: &PageReport<'_>) -> PageEdits {
        let origin = &page.unit().origin;
        PageEdits {
            offset: page.offset(),
            bytes: page.bytes().to_vec(),
            edits: self.redactor.edits(page, self.full_only),
            first: page
                .is_first()
                .then(|| (page.unit().format.clone(), page.unit().encoding)),
            packed: origin.entry.is_some() || origin.sheet.is_some(),
        }
    }

    fn accept(&mut self, page: PageEdits) -> Result<ControlFlow<()>> {
        if page.packed {
            return Err(Error::config(
                "archives and workbooks cannot be redacted in place; unpack them first",
            ));
        }
        if page.first.is_some() {
            self.written = 0;
            self.recognised = page.first;
        }
        let end = page.offset + page.bytes.len();
        // A value may reach over the end of its page; the rest of it is skipped on the next.
        let at = |n: usize| n.clamp(page.offset, end) - page.offset;
        for edit in &page.edits {
            self.write(&page.bytes[at(self.written)..at(edit.span.start).max(at(self.written))])?;
            self.write(&edit.bytes)?;
            self.written = edit.span.end.max(self.written);
        }
        self.write(&page.bytes[at(self.written)..])?;
        self.written = self.written.max(end);
        self.replaced += page.edits.len() as u64;
        Ok(ControlFlow::Continue(()))
    }
}

/// Refuses an output that is the input, by whatever name.
///
/// # Errors
/// [`Error::Config`] when both paths lead to the same file, [`Error::Io`] when the input is not there.
pub fn check_paths(input: &Path, output: &Path) -> Result<()> {
    let resolve = |path: &Path| path.canonicalize();
    let input = resolve(input).map_err(|e| Error::io(input, e))?;
    if resolve(output).is_ok_and(|o| o == input) {
        return Err(Error::config(format!(
            "{} is both input and output; name another output",
            output.display()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_input_is_never_the_output() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let file = dir.path().join("dump.csv");
        assert!(check_paths(&file, &file).is_err_and(|e| e.is_io()));
        std::fs::write(&file, "x").expect("written");
        assert!(matches!(
            check_paths(&file, &dir.path().join(".").join("dump.csv")),
            Err(Error::Config { .. })
        ));
        assert!(check_paths(&file, &dir.path().join("out.csv")).is_ok());
    }
}
