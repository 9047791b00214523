//! Where inputs come from: files, directories, standard input, archives, workbooks.
//!
//! [`walk`] opens one thing after the other in a fixed order and never fails: what cannot be read comes as
//! [`Sourced::Unread`] with its reason, and everything else is still read.

#[cfg(feature = "xlsx")]
mod book;
#[cfg(feature = "xlsx")]
mod compound;
mod files;
#[cfg(feature = "globs")]
mod globs;
#[cfg(any(feature = "archive", feature = "xlsx"))]
#[cfg_attr(
    not(feature = "archive"),
    expect(dead_code, reason = "of a workbook only the size is limited")
)]
mod limit;
#[cfg(feature = "mail")]
mod mail;
#[cfg(feature = "archive")]
mod packed;
#[cfg(feature = "archive")]
mod seven;
#[cfg(feature = "xlsx")]
mod sheet;
mod sort;
#[cfg(any(feature = "archive", feature = "xlsx"))]
mod store;
#[cfg(feature = "archive")]
mod tar;
#[cfg(test)]
mod tests;
mod walk;
#[cfg(feature = "archive")]
mod zip;

pub use files::paths_from;
#[cfg(feature = "globs")]
pub use globs::Ignore;
pub use walk::{Walk, walk};

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::scan::{Format, Origin, Sourced, Unit, Warning};
use crate::text::encoding::Encoding;

/// How sources are opened.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// Format of every input; `None` to recognise it.
    pub format: Option<Format>,
    /// Encoding of every input; `None` to guess it.
    pub encoding: Option<Encoding>,
    /// Whether files that are no text are scanned all the same.
    pub binary: bool,
    /// How far archives are unpacked.
    pub limits: Limits,
    /// What to leave out of directories. Default: nothing.
    #[cfg(feature = "globs")]
    pub ignore: Ignore,
    /// Files that are left out without a word, such as the output of the same program.
    pub skip: Skip,
}

/// Says of the path of a file, as it stands in [`Origin::path`], whether it is left out. Default: of none.
#[derive(Clone, Default)]
pub struct Skip(Option<Arc<Skips>>);

type Skips = dyn Fn(&Path) -> bool + Send + Sync;

impl Skip {
    /// Leaves out the files for which `skips` says so.
    pub fn new(skips: impl Fn(&Path) -> bool + Send + Sync + 'static) -> Skip {
        Skip(Some(Arc::new(skips)))
    }

    fn skips(&self, path: &Path) -> bool {
        self.0.as_ref().is_some_and(|skips| skips(path))
    }
}

impl std::fmt::Debug for Skip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() {
            "Skip(some)"
        } else {
            "Skip(none)"
        })
    }
}

/// Limits that keep a hostile archive from filling time or memory. What lies beyond one ends in a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Archives inside archives; 0 leaves every archive closed. Default 4.
    pub depth: u32,
    /// Entries of one outermost archive with all that it holds. Default 100,000.
    pub entries: u64,
    /// Unpacked bytes of one outermost archive. Default 64 GiB.
    pub bytes: u64,
    /// Unpacked bytes for each packed one, once 64 MiB are unpacked. Default 500.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            depth: 4,
            entries: 100_000,
            bytes: 64 << 30,
            ratio: 500,
        }
    }
}

/// Bytes that were opened.
type Reader = Box<dyn Read + Send>;

impl Options {
    fn unit(&self, origin: Origin, reader: Reader) -> Sourced {
        Sourced::Unit(Unit {
            origin,
            reader,
            format: self.format.clone(),
            encoding: self.encoding,
        })
    }
}

fn unread(origin: Origin, warning: Warning) -> Sourced {
    Sourced::Unread { origin, warning }
}
