//! Entries of zip files.

use std::io::{self, Read};
use std::sync::Arc;

use zip::{CompressionMethod, ZipArchive};

use super::limit::Budget;
use super::store::Store;
use super::walk::{Body, Bytes};
use super::{Reader, unread};
use crate::scan::fault::Fault;
use crate::scan::{Origin, Sourced, Warning};
use crate::text;
use crate::text::Escapes;
use crate::text::encoding::guess;

/// The entries of a zip file, in the order of its directory.
pub(super) struct Entries {
    archive: ZipArchive<Store>,
    store: Store,
    origin: Origin,
    depth: u32,
    budget: Arc<Budget>,
    next: usize,
}

impl Entries {
    pub(super) fn open(
        store: Store,
        origin: Origin,
        depth: u32,
        budget: Arc<Budget>,
    ) -> io::Result<Entries> {
        let archive = ZipArchive::new(store.clone())
            .map_err(|e| Fault::error("input.damaged", format!("zip directory: {e}")))?;
        Ok(Entries {
            archive,
            store,
            origin,
            depth,
            budget,
            next: 0,
        })
    }
}

impl Iterator for Entries {
    type Item = Result<Body, Sourced>;

    /// The next entry: its bytes, or why it cannot be read.
    fn next(&mut self) -> Option<Result<Body, Sourced>> {
        loop {
            if self.next >= self.archive.len() {
                return None;
            }
            let index = self.next;
            self.next += 1;
            if !self.budget.entry() {
                self.next = self.archive.len();
                let warning = Warning::loss("archive.limit", self.budget.too_many());
                return Some(Err(unread(self.origin.clone(), warning)));
            }
            let file = match self.archive.by_index_raw(index) {
                Ok(file) => file,
                Err(error) => {
                    let warning = Warning::loss("input.damaged", format!("zip entry: {error}"));
                    return Some(Err(unread(self.origin.clone(), warning)));
                }
            };
            if file.is_dir() {
                continue;
            }
            let origin = self.origin.inside(&name(file.name_raw()));
            if file.encrypted() {
                let warning = Warning::loss("archive.encrypted", "needs a password");
                return Some(Err(unread(origin, warning)));
            }
            let (method, crc) = (file.compression(), file.crc32());
            let Some(start) = file.data_start() else {
                let warning = Warning::loss("input.damaged", "zip entry without data");
                return Some(Err(unread(origin, warning)));
            };
            let part = self.store.part(start, file.compressed_size());
            let reader: Reader = match method {
                CompressionMethod::Stored => Box::new(part),
                CompressionMethod::DEFLATE => Box::new(flate2::bufread::DeflateDecoder::new(part)),
                CompressionMethod::BZIP2 => Box::new(bzip2::bufread::BzDecoder::new(part)),
                other => {
                    let what = format!("packed by method {other}, which is not read");
                    let warning = Warning::loss("archive.unsupported", what);
                    return Some(Err(unread(origin, warning)));
                }
            };
            let checked = Checked {
                inner: reader,
                crc: flate2::Crc::new(),
                expected: crc,
            };
            return Some(Ok(Body {
                bytes: Bytes::Stream(Box::new(self.budget.limited(checked, origin.to_string()))),
                origin,
                depth: self.depth + 1,
                budget: Some(Arc::clone(&self.budget)),
            }));
        }
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
