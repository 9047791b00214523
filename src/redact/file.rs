//! Redacting a file into another, in bounded memory and with proof.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, ErrorKind};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::redactor::{ROUNDS, Redactor, shows_full};
use super::sink::{RedactSink, check_paths};
use crate::error::{Error, Result};
use crate::scan::{PageReport, Scanner, Sink, Totals};
use crate::source::{Options, walk};

/// How redacting a file went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RedactedFile {
    /// Values replaced.
    pub replaced: u64,
    /// Full values that a last scan of the output still reports.
    pub left: u64,
    /// How the first scan of the input went.
    pub totals: Totals,
}

impl Redactor {
    /// Writes `input` again as `output` without what was found in it, scans the result, and redacts again what only the first
    /// replacements brought to light. `progress` sees the pages of the input.
    ///
    /// The output appears whole or not at all; what is there already is overwritten only if `force` is set.
    ///
    /// # Errors
    /// [`Error::Config`] when both paths lead to the same file or the input is an archive or workbook, [`Error::Io`] when
    /// something cannot be read or written or the output is there already.
    pub fn redact_file<P: Sink>(
        &self,
        scanner: &Scanner,
        (input, output): (&Path, &Path),
        mut options: Options,
        force: bool,
        progress: &mut P,
    ) -> Result<RedactedFile> {
        check_paths(input, output)?;
        let mut place = Place::claim(output, force)?;
        let mut done = RedactedFile::default();
        for round in 0..ROUNDS {
            let (from, to) = place.paths(round, input);
            let sink = RedactSink::new(self.clone(), BufWriter::new(create(&to)?), output);
            let sink = if round > 0 { sink.full_only() } else { sink };
            let pages = walk([from], options.clone());
            let sink = if round == 0 {
                let mut sinks = (sink, &mut *progress);
                done.totals = scanner.par_scan(pages, &mut sinks)?;
                sinks.0
            } else {
                let mut sink = sink;
                scanner.par_scan(pages, &mut sink)?;
                sink
            };
            let replaced = sink.replaced();
            done.replaced += replaced;
            // Masks must not change how the text is recognised.
            if let Some((format, encoding)) = sink.recognised() {
                options.format = Some(format.clone());
                options.encoding = Some(encoding);
            }
            sink.finish()?;
            let mut check = Left(0);
            scanner.par_scan(walk([to.clone()], options.clone()), &mut check)?;
            done.left = check.0;
            if done.left == 0 || replaced == 0 || round + 1 == ROUNDS {
                place.finish(&to)?;
                break;
            }
        }
        Ok(done)
    }
}

fn create(path: &Path) -> Result<File> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path);
    file.map_err(|e| Error::io(path, e))
}

/// Where the output will stand, and the two files that it is made in. What is unfinished is removed.
struct Place {
    output: PathBuf,
    drafts: [PathBuf; 2],
    /// Whether an empty file holds the output's place, which goes if nothing takes it.
    claimed: bool,
}

impl Place {
    fn claim(output: &Path, force: bool) -> Result<Place> {
        let claimed = match File::create_new(output) {
            Ok(_) => true,
            Err(e) if e.kind() == ErrorKind::AlreadyExists && force => false,
            Err(e) => return Err(Error::io(output, e)),
        };
        let draft = |n: u32| {
            let mut name = output.file_name().unwrap_or_default().to_owned();
            name.push(format!(".draft{n}-{}", std::process::id()));
            output.with_file_name(name)
        };
        Ok(Place {
            output: output.to_owned(),
            drafts: [draft(1), draft(2)],
            claimed,
        })
    }

    /// What is read and what is written in a round.
    fn paths(&self, round: usize, input: &Path) -> (PathBuf, PathBuf) {
        let to = self.drafts[round % 2].clone();
        match round {
            0 => (input.to_owned(), to),
            _ => (self.drafts[(round + 1) % 2].clone(), to),
        }
    }

    fn finish(&mut self, draft: &Path) -> Result<()> {
        fs::rename(draft, &self.output).map_err(|e| Error::io(&self.output, e))?;
        self.claimed = false;
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let claim = self.claimed.then_some(&self.output);
        for path in self.drafts.iter().chain(claim) {
            // What is not there need not be removed, and nobody is left to tell.
            drop(fs::remove_file(path));
        }
    }
}

/// Counts full values in what was written.
struct Left(u64);

impl Sink for Left {
    type Rendered = u64;

    fn render(&self, page: &PageReport<'_>) -> u64 {
        page.items().filter(shows_full).count() as u64
    }

    fn accept(&mut self, n: u64) -> Result<ControlFlow<()>> {
        self.0 += n;
        Ok(ControlFlow::Continue(()))
    }
}
