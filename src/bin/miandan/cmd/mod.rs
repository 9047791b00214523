//! One file per command.

pub(crate) mod assess;
pub(crate) mod eval;
pub(crate) mod filter;
mod input;
pub(crate) mod leak;
pub(crate) mod parse;
mod progress;
pub(crate) mod redact;
pub(crate) mod report;
pub(crate) mod rules;
pub(crate) mod scan;

use miandan::detect::name::NameScope;
use miandan::{Error, Kind, Result, Scanner};

use crate::args::Names;

/// The scanner that the options of a command describe; no kind named = all.
pub(crate) fn scanner(kinds: &[String], names: Names, min_confidence: f64) -> Result<Scanner> {
    let scope = match names {
        Names::Everywhere => NameScope::Everywhere,
        Names::Near => NameScope::Near,
    };
    let mut builder = Scanner::builder()
        .min_confidence(min_confidence)
        .name_scope(scope);
    if !kinds.is_empty() {
        builder = builder.kinds(self::kinds(kinds)?);
    }
    builder.build()
}

/// The kinds that a list of identifiers names.
fn kinds(list: &[String]) -> Result<Vec<Kind>> {
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
