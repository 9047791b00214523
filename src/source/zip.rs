//! Entries of zip files.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use zip::read::{ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::limit::Budget;
use super::store::Store;
use super::walk::Body;
use super::{Reader, unread};
use crate::scan::fault::Fault;
use crate::scan::{Origin, Sourced, Warning};
use crate::text;
use crate::text::Escapes;
use crate::text::encoding::guess;

/// The entries of a zip file, in the order of its directory; without a directory (a download that broke off), in the order in which
/// they lie there.
pub(super) struct Entries {
    listing: Listing,
    store: Store,
    origin: Origin,
    depth: u32,
    budget: Arc<Budget>,
    /// Of which entries nothing is said.
    passes: fn(&str) -> bool,
}

/// Where the entries are read from.
enum Listing {
    Directory {
        archive: ZipArchive<Store>,
        next: usize,
    },
    /// The headers before the entries, from this place on; the damage is told first.
    Headers {
        at: u64,
        damage: Option<Warning>,
    },
    End,
}

/// The entry of a name, if it is there and larger than so many packed bytes.
#[cfg(feature = "xlsx")]
pub(super) fn large_entry(store: &Store, name: &str, packed: u64) -> Option<Reader> {
    let mut archive = ZipArchive::new(store.clone()).ok()?;
    let at = archive.index_for_name(name)?;
    let file = archive.by_index_raw(at).ok()?;
    let entry = Entry::of(&file, file.data_start()).ok()?;
    let is_large = entry.packed > packed && !entry.encrypted;
    is_large.then(|| entry.reader(store)).flatten()
}

/// Parts of a workbook that hold texts of their own.
#[cfg(feature = "xlsx")]
const BESIDE_SHEETS: [&str; 5] = [
    "comments",
    "threadedcomments/",
    "drawings/drawing",
    "pivotcache/",
    "externallinks/externallink",
];

/// What is known of an entry before it is unpacked.
struct Entry {
    name: String,
    method: CompressionMethod,
    crc: u32,
    start: u64,
    packed: u64,
    encrypted: bool,
}

impl Entries {
    pub(super) fn open(store: Store, origin: Origin, depth: u32, budget: Arc<Budget>) -> Entries {
        let listing = match ZipArchive::new(store.clone()) {
            Ok(archive) => Listing::Directory { archive, next: 0 },
            Err(error) => {
                let what = format!("zip directory: {error}; entries before the damage are read");
                let damage = Some(Warning::loss("input.damaged", what));
                Listing::Headers { at: 0, damage }
            }
        };
        Entries {
            listing,
            store,
            origin,
            depth,
            budget,
            passes: |_| false,
        }
    }

    /// What a workbook holds beside the cells of its sheets: remarks, boxes of text, copies of tables that are gone.
    #[cfg(feature = "xlsx")]
    pub(super) fn beside_sheets(
        store: Store,
        origin: Origin,
        depth: u32,
        budget: Arc<Budget>,
    ) -> Entries {
        Entries {
            passes: |name| {
                let name = name.to_ascii_lowercase();
                let inside = name
                    .strip_prefix("xl/")
                    .and_then(|n| n.strip_suffix(".xml"));
                !inside.is_some_and(|n| BESIDE_SHEETS.iter().any(|part| n.starts_with(part)))
            },
            ..Entries::open(store, origin, depth, budget)
        }
    }

    /// The next entry that is no directory, or what is wrong with it.
    fn next_entry(&mut self) -> Option<Result<Entry, Warning>> {
        loop {
            let entry = match &mut self.listing {
                Listing::End => return None,
                Listing::Directory { archive, next } => {
                    if *next >= archive.len() {
                        return None;
                    }
                    *next += 1;
                    match archive.by_index_raw(*next - 1) {
                        Ok(file) => (!file.is_dir()).then(|| Entry::of(&file, file.data_start())),
                        Err(error) => return Some(Err(damaged(&error))),
                    }
                }
                Listing::Headers { at, damage } => {
                    if let Some(damage) = damage.take() {
                        return Some(Err(damage));
                    }
                    match Entry::at(&mut self.store, at) {
                        Ok(entry) => entry,
                        Err(told) => {
                            self.listing = Listing::End;
                            return told.map(Err);
                        }
                    }
                }
            };
            match entry {
                Some(Ok(entry)) if (self.passes)(&entry.name) => {}
                Some(entry) => return Some(entry),
                None => {}
            }
        }
    }
}

impl Entry {
    fn of<R: Read>(file: &ZipFile<'_, R>, start: Option<u64>) -> Result<Entry, Warning> {
        let what = || Warning::loss("input.damaged", "zip entry without data");
        Ok(Entry {
            name: name(file.name_raw()),
            method: file.compression(),
            crc: file.crc32(),
            start: start.ok_or_else(what)?,
            packed: file.compressed_size(),
            encrypted: file.encrypted(),
        })
    }

    /// The entry whose header stands at `at`, which moves on to the next one; `None` for a directory, an error at the end with what
    /// there is to tell.
    fn at(
        store: &mut Store,
        at: &mut u64,
    ) -> Result<Option<Result<Entry, Warning>>, Option<Warning>> {
        // The lengths of name and extra fields end the fixed part of a header.
        let mut fixed = [0; 30];
        let read = |store: &mut Store, fixed: &mut [u8]| {
            store.seek(SeekFrom::Start(*at))?;
            store.read_exact(fixed)?;
            store.seek(SeekFrom::Start(*at))
        };
        read(store, &mut fixed).map_err(|_| None)?;
        let len = |i: usize| u64::from(u16::from_le_bytes([fixed[i], fixed[i + 1]]));
        let start = *at + fixed.len() as u64 + len(26) + len(28);
        match read_zipfile_from_stream(store) {
            Ok(Some(file)) => {
                *at = start.saturating_add(file.compressed_size());
                Ok((!file.is_dir()).then(|| Entry::of(&file, Some(start))))
            }
            // The directory, or what is no header any more: the damage was told.
            Ok(None) | Err(ZipError::InvalidArchive(_) | ZipError::Io(_)) => Err(None),
            Err(error) => Err(Some(damaged(&error))),
        }
    }
}

impl Entry {
    /// Its unpacked bytes; `None` where the method is not known.
    fn reader(&self, store: &Store) -> Option<Reader> {
        let part = store.part(self.start, self.packed);
        Some(match self.method {
            CompressionMethod::Stored => Box::new(part),
            CompressionMethod::DEFLATE => Box::new(flate2::bufread::DeflateDecoder::new(part)),
            CompressionMethod::BZIP2 => Box::new(bzip2::bufread::BzDecoder::new(part)),
            _ => return None,
        })
    }
}

fn damaged(error: &ZipError) -> Warning {
    Warning::loss("input.damaged", format!("zip entry: {error}"))
}

impl Iterator for Entries {
    type Item = Result<Body, Sourced>;

    /// The next entry: its bytes, or why it cannot be read.
    fn next(&mut self) -> Option<Result<Body, Sourced>> {
        let entry = match self.next_entry()? {
            Ok(entry) => entry,
            Err(warning) => return Some(Err(unread(self.origin.clone(), warning))),
        };
        if !self.budget.entry() {
            self.listing = Listing::End;
            let warning = Warning::loss("archive.limit", self.budget.too_many());
            return Some(Err(unread(self.origin.clone(), warning)));
        }
        let origin = self.origin.inside(&entry.name);
        if entry.encrypted {
            let warning = Warning::loss("archive.encrypted", "needs a password");
            return Some(Err(unread(origin, warning)));
        }
        let Some(reader) = entry.reader(&self.store) else {
            let what = format!("packed by method {}, which is not read", entry.method);
            let warning = Warning::loss("archive.unsupported", what);
            return Some(Err(unread(origin, warning)));
        };
        let checked = Checked {
            inner: reader,
            crc: flate2::Crc::new(),
            expected: entry.crc,
        };
        Some(Ok(Body::entry(origin, checked, self.depth, &self.budget)))
    }
}

/// An entry's name: archives made on Chinese systems hold GB18030.
pub(super) fn name(raw: &[u8]) -> String {
    text::span_text(raw, guess(raw).encoding, Escapes::None).into_owned()
}

/// Compares the check sum at the end.
struct Checked {
    inner: Reader,
    crc: flate2::Crc,
    expected: u32,
}

impl Read for Checked {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.crc.update(&buf[..n]);
        if n == 0 && !buf.is_empty() && self.crc.sum() != self.expected {
            let expected = std::mem::replace(&mut self.expected, self.crc.sum());
            let what =
                format!("check sum of the entry is not {expected:08x}: cut short or damaged");
            return Err(Fault::error("input.damaged", what));
        }
        Ok(n)
    }
}
