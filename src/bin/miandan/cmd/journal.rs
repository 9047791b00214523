//! What makes a scan of many files resumable: a journal beside the output of the files that were finished, and what was
//! counted in each.
//!
//! The journal holds no value, but hashes of people that whoever has it can undo; so only its owner may read it, and it is
//! removed when the scan is complete.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use miandan::report::{FormCounts, PageSummary, Summary, SummarySink};
use miandan::{Error, Origin, PageReport, Result, Sink, Totals};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The first line of a journal.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    /// Version of the program.
    miandan: String,
    /// Hash of everything that the results depend on.
    settings: u64,
}

/// A file that was scanned to its end.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    stamp: Option<Stamp>,
    /// Length of every output behind its results.
    ends: Vec<u64>,
    summary: Summary,
}

/// What tells that a file has not changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stamp {
    bytes: u64,
    modified_ns: u128,
}

impl Stamp {
    fn of(path: &str) -> Option<Stamp> {
        let meta = fs::metadata(path).ok()?;
        let since = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Stamp {
            bytes: meta.len(),
            modified_ns: since.as_nanos(),
        })
    }
}

/// Where a journal stands, and what its outputs have reached.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    head: Head,
    /// Number of outputs.
    outputs: usize,
    /// Length of each of them so far.
    lengths: Vec<Arc<AtomicU64>>,
    /// Opened when the first file is finished.
    file: Option<File>,
}

/// What an interrupted scan left.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// Finished files.
    done: HashMap<String, Option<Stamp>>,
    /// What was counted in them.
    pub(crate) summary: Summary,
    /// Length of every output behind their results.
    pub(crate) ends: Vec<u64>,
}

impl Journal {
    /// A journal at `path` of a scan with these `settings` and this number of outputs.
    pub(crate) fn new(path: PathBuf, settings: &str, outputs: usize) -> Journal {
        let hash = Sha256::digest(settings.as_bytes());
        let first = hash.iter().take(8);
        Journal {
            path,
            head: Head {
                miandan: env!("CARGO_PKG_VERSION").into(),
                settings: first.fold(0, |n, b| n << 8 | u64::from(*b)),
            },
            outputs,
            lengths: Vec::new(),
            file: None,
        }
    }

    /// From now on notes how long the outputs are.
    pub(crate) fn watch(&mut self, lengths: Vec<Arc<AtomicU64>>) {
        self.lengths = lengths;
    }

    /// Reads what an interrupted scan left and goes on behind it; `None` when there is nothing to go on from.
    ///
    /// A line that was cut when the machine went down is left out, with all behind it.
    pub(crate) fn resume(&mut self) -> Result<Option<Past>> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed(error)),
        };
        let refuse = |why: &str| {
            let path = self.path.display();
            Error::config(format!("{path}: {why}; start over without --resume"))
        };
        let mut lines = BufReader::new(file).lines();
        let head = lines.next().transpose().map_err(|e| self.failed(e))?;
        let head = head.and_then(|line| serde_json::from_str::<Head>(&line).ok());
        if head.as_ref() != Some(&self.head) {
            return Err(refuse("the interrupted scan had other settings"));
        }
        let mut past = Past::default();
        let mut kept = serde_json::to_string(&self.head).unwrap_or_default() + "\n";
        for line in lines {
            let line = line.map_err(|e| self.failed(e))?;
            let Ok(entry) = serde_json::from_str::<Entry>(&line) else {
                break;
            };
            if entry.ends.len() != self.outputs {
                return Err(refuse("the interrupted scan had other outputs"));
            }
            if entry.stamp.is_some() && Stamp::of(&entry.path) != entry.stamp {
                let why = format!("{} has changed since it was scanned", entry.path);
                return Err(refuse(&why));
            }
            past.done.insert(entry.path, entry.stamp);
            past.summary.merge(entry.summary);
            past.ends = entry.ends;
            kept.push_str(&line);
            kept.push('\n');
        }
        fs::write(&self.path, kept).map_err(|e| self.failed(e))?;
        let file = OpenOptions::new().append(true).open(&self.path);
        self.file = Some(file.map_err(|e| self.failed(e))?);
        Ok(Some(past).filter(|past| !past.done.is_empty()))
    }

    /// Notes that a file is finished.
    fn note(&mut self, path: String, summary: &Summary) -> Result<()> {
        let entry = Entry {
            stamp: Stamp::of(&path),
            path,
            ends: self
                .lengths
                .iter()
                .map(|length| length.load(Ordering::Relaxed))
                .collect(),
            summary: summary.clone(),
        };
        let mut text = String::new();
        if self.file.is_none() {
            self.file = Some(create_private(&self.path).map_err(|e| self.failed(e))?);
            text = serde_json::to_string(&self.head).unwrap_or_default() + "\n";
        }
        text += &serde_json::to_string(&entry).map_err(|e| self.failed(e.into()))?;
        text.push('\n');
        match &mut self.file {
            Some(file) => file
                .write_all(text.as_bytes())
                .map_err(|e| Error::io(&self.path, e)),
            None => Ok(()),
        }
    }

    /// Where it stands.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether anything was noted.
    pub(crate) fn is_started(&self) -> bool {
        self.file.is_some()
    }

    /// Removes the journal: there is nothing to go on with.
    pub(crate) fn remove(&self) {
        // It may never have been written.
        let _ = fs::remove_file(&self.path);
    }

    fn failed(&self, error: std::io::Error) -> Error {
        Error::io(&self.path, error)
    }
}

impl Past {
    /// Whether a file is finished.
    pub(crate) fn has(&self, path: &Path) -> bool {
        self.done.contains_key(path.display().to_string().as_str())
    }

    /// Where the numbers of findings and records go on.
    pub(crate) fn totals(&self) -> Totals {
        let s = &self.summary;
        Totals {
            inputs_read: s.inputs_read,
            inputs_skipped: s.inputs_skipped,
            inputs_failed: s.inputs_failed,
            bytes: s.bytes,
            rows: s.rows,
            findings: s.findings.values().map(FormCounts::total).sum(),
            records: s.records,
            ..Totals::default()
        }
    }
}

/// Creates a file that only its owner may read.
fn create_private(path: &Path) -> std::io::Result<File> {
    let mut open = OpenOptions::new();
    open.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    open.open(path)
}

/// Counts everything, file by file, and tells the journal of each that is finished.
pub(crate) struct Ledger<'j> {
    /// Of the files that are finished.
    total: Summary,
    current: SummarySink,
    path: Option<String>,
    journal: Option<&'j mut Journal>,
}

impl<'j> Ledger<'j> {
    /// A ledger that goes on from `past`.
    pub(crate) fn new(past: Summary, journal: Option<&'j mut Journal>) -> Ledger<'j> {
        Ledger {
            total: past,
            current: SummarySink::default(),
            path: None,
            journal,
        }
    }

    /// What was counted.
    pub(crate) fn into_summary(mut self) -> Summary {
        self.total.merge(self.current.into_summary());
        self.total
    }
}

impl Sink for Ledger<'_> {
    type Rendered = (Arc<Origin>, Box<PageSummary>);

    fn render(&self, page: &PageReport<'_>) -> Self::Rendered {
        (Arc::clone(&page.unit().origin), self.current.render(page))
    }

    fn accept(&mut self, (origin, page): Self::Rendered) -> Result<ControlFlow<()>> {
        if self.path.as_deref() != Some(origin.path.as_str())
            && let Some(path) = self.path.replace(origin.path.clone())
        {
            let summary = std::mem::take(&mut self.current).into_summary();
            if let Some(journal) = &mut self.journal {
                journal.note(path, &summary)?;
            }
            self.total.merge(summary);
        }
        self.current.accept(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(path: &Path, settings: &str) -> Journal {
        let mut journal = Journal::new(path.to_owned(), settings, 1);
        journal.watch(vec![Arc::new(AtomicU64::new(7))]);
        journal
    }

    #[test]
    fn a_journal_goes_on_where_it_ended() {
        let dir = tempfile::tempdir().expect("a folder");
        let (path, file) = (dir.path().join("j"), dir.path().join("a"));
        fs::write(&file, "x").expect("written");
        let name = file.display().to_string();
        let mut first = journal(&path, "s");
        assert!(first.resume().expect("none").is_none() && !first.is_started());
        let mut summary = Summary::default();
        summary.records = 3;
        first.note(name.clone(), &summary).expect("written");
        // The machine goes down in the middle of a line.
        let mut text = fs::read_to_string(&path).expect("there");
        text.push_str("{\"path\":\"b\",\"sta");
        fs::write(&path, text).expect("written");
        let mut second = journal(&path, "s");
        let past = second.resume().expect("readable").expect("something");
        assert!(past.has(&file) && !past.has(Path::new("b")));
        assert_eq!((past.ends.as_slice(), past.totals().records), (&[7][..], 3));
        second.note("c".into(), &summary).expect("written");
        let past = journal(&path, "s")
            .resume()
            .expect("readable")
            .expect("some");
        assert_eq!(past.summary.records, 6);
        let other = journal(&path, "t").resume().expect_err("refused");
        assert!(other.to_string().contains("other settings"), "{other}");
        fs::write(&file, "xy").expect("written");
        let changed = journal(&path, "s").resume().expect_err("refused");
        assert!(changed.to_string().contains("has changed"), "{changed}");
        second.remove();
        assert!(!path.exists());
    }
}
