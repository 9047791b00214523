//! One file per command.

pub(crate) mod about;
pub(crate) mod allow;
pub(crate) mod assess;
pub(crate) mod eval;
pub(crate) mod filter;
mod input;
mod interrupt;
mod journal;
pub(crate) mod leak;
pub(crate) mod parse;
mod progress;
pub(crate) mod redact;
pub(crate) mod report;
pub(crate) mod rules;
pub(crate) mod scan;
pub(crate) mod setup;
mod target;

use std::io::Write;
use std::path::Path;

use miandan::leak::Key;
use miandan::{Error, Kind, Result};

/// Where a key is read from when no file is named. A key on the command line would be seen by every user of the machine.
const KEY_VARIABLE: &str = "MIANDAN_KEY";

/// The key in a file, or in the environment where no file is named.
pub(crate) fn key(file: Option<&Path>) -> Result<Key> {
    match file {
        Some(path) => Key::from_file(path),
        None => Key::from_env(KEY_VARIABLE),
    }
}

/// Writes to standard output.
pub(crate) fn print_out(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(output_error)
}

/// The kinds that a list of identifiers names.
pub(crate) fn kinds(list: &[String]) -> Result<Vec<Kind>> {
    list.iter()
        .map(|id| {
            Kind::from_id(id.trim()).ok_or_else(|| {
                let known: Vec<&str> = Kind::ALL.iter().map(|k| k.id()).collect();
                Error::config(format!(
                    "unknown kind {id:?}; known are {}",
                    known.join(", ")
                ))
            })
        })
        .collect()
}

/// Standard output failed.
pub(crate) fn output_error(error: std::io::Error) -> Error {
    Error::io("-", error)
}

/// An error that says what to do where a file is in the way of an output.
pub(crate) fn mention_force(error: Error) -> Error {
    match error {
        Error::Io { path, source } if source.kind() == std::io::ErrorKind::AlreadyExists => {
            let what = "there is a file of that name; --force replaces it";
            Error::io(path, std::io::Error::new(source.kind(), what))
        }
        error => error,
    }
}
