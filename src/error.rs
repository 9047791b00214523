//! The crate's error type.
//!
//! **The content of an input never makes an error**: only configuration and I/O do. Broken content is reported
//! as a [`Warning`](crate::Warning) and the scan goes on.

use std::path::{Path, PathBuf};

/// What can go wrong: configuration and I/O.
///
/// No variant ever carries a piece of the scanned text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Reading or writing failed.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// What was read or written; `-` for standard input or output.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// An option or a configuration value makes no sense.
    #[error("{what}")]
    Config {
        /// What is wrong and what would be right.
        what: String,
    },
    /// An embedded or supplied table is damaged.
    #[error("table {table}, line {line}: {what}")]
    Table {
        /// Name of the table.
        table: &'static str,
        /// 1-based line.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// An input is not what its format promises, so that nothing of it can be read.
    #[error("{path}: {what}", path = path.display())]
    Format {
        /// The input.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

/// The crate's result type.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An I/O error with the path it belongs to.
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Error {
        Error::Io {
            path: path.into(),
            source,
        }
    }

    /// A configuration error.
    pub fn config(what: impl Into<String>) -> Error {
        Error::Config { what: what.into() }
    }

    /// Whether the system refused to read or write.
    pub const fn is_io(&self) -> bool {
        matches!(self, Error::Io { .. })
    }

    /// The file concerned, if one is.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Error::Io { path, .. } | Error::Format { path, .. } => Some(path),
            _ => None,
        }
    }
}
