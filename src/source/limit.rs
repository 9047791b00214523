//! Limits on what one outermost archive may become.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Limits, Reader};
use crate::scan::fault::Fault;

/// Unpacked bytes below which no ratio is looked at: short runs of equal rows pack a thousandfold.
const RATIO_FROM: u64 = 64 << 20;

/// What was unpacked so far of one outermost archive, with all that is nested in it.
#[derive(Debug)]
pub(super) struct Budget {
    limits: Limits,
    /// Length of the packed file; `None` where it is read from a stream, then `read` counts.
    packed: Option<u64>,
    read: AtomicU64,
    unpacked: AtomicU64,
    entries: AtomicU64,
}

impl Budget {
    pub(super) fn new(limits: Limits, packed: Option<u64>) -> Budget {
        Budget {
            limits,
            packed,
            read: AtomicU64::new(0),
            unpacked: AtomicU64::new(0),
            entries: AtomicU64::new(0),
        }
    }

    /// Counts an entry; `false` when there are too many.
    pub(super) fn entry(&self) -> bool {
        self.entries.fetch_add(1, Ordering::Relaxed) < self.limits.entries
    }

    /// Why an entry beyond the limit is left out.
    pub(super) fn too_many(&self) -> String {
        format!("more than {} entries", self.limits.entries)
    }

    /// Why `bytes` more may not be unpacked, if so.
    pub(super) fn refuses(&self, bytes: u64) -> Option<String> {
        let unpacked = self.unpacked.load(Ordering::Relaxed).saturating_add(bytes);
        if unpacked > self.limits.bytes {
            return Some(format!("unpacks to more than {} bytes", self.limits.bytes));
        }
        let packed = self
            .packed
            .unwrap_or_else(|| self.read.load(Ordering::Relaxed));
        if unpacked > RATIO_FROM && unpacked / packed.max(1) > self.limits.ratio {
            return Some(format!(
                "unpacks to more than {} times its size",
                self.limits.ratio
            ));
        }
        None
    }

    /// A reader of packed bytes of which only the count is of interest.
    pub(super) fn counted(self: &Arc<Budget>, inner: Reader) -> Counted {
        Counted {
            inner,
            budget: Arc::clone(self),
        }
    }

    /// A reader of unpacked bytes that ends in an error at the limits.
    pub(super) fn limited<R: Read>(self: &Arc<Budget>, inner: R, name: String) -> Limited<R> {
        Limited {
            inner,
            name,
            budget: Arc::clone(self),
        }
    }
}

/// See [`Budget::counted`].
pub(super) struct Counted {
    inner: Reader,
    budget: Arc<Budget>,
}

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.budget.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// See [`Budget::limited`].
pub(super) struct Limited<R> {
    inner: R,
    name: String,
    budget: Arc<Budget>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(why) = self.budget.refuses(0) {
            return Err(Fault::error(
                "archive.limit",
                format!("{}: {why}", self.name),
            ));
        }
        let n = self.inner.read(buf)?;
        self.budget.unpacked.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}
