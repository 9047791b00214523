//! One file per command.

pub(crate) mod assess;
pub(crate) mod eval;
mod input;
pub(crate) mod leak;
pub(crate) mod parse;
mod progress;
pub(crate) mod redact;
pub(crate) mod report;
pub(crate) mod rules;
pub(crate) mod scan;

use miandan::{Error, Kind, Result};

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
