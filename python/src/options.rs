//! Options by their names.

use miandan::detect::name::NameScope;
use miandan::{Encoding, Format, Kind};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

fn unknown(what: &str, name: &str, known: &[&str]) -> PyErr {
    PyValueError::new_err(format!(
        "unknown {what} {name:?}; known are {}",
        known.join(", ")
    ))
}

pub(crate) fn kind(name: &str) -> PyResult<Kind> {
    Kind::from_id(name).ok_or_else(|| unknown("kind", name, &Kind::ALL.map(Kind::id)))
}

pub(crate) fn name_scope(name: &str) -> PyResult<NameScope> {
    match name {
        "everywhere" => Ok(NameScope::Everywhere),
        "near" => Ok(NameScope::Near),
        _ => Err(unknown("names", name, &["everywhere", "near"])),
    }
}

/// `None` = to be recognised.
pub(crate) fn format(name: &str) -> PyResult<Option<Format>> {
    Ok(Some(match name {
        "auto" => return Ok(None),
        "text" => Format::Text,
        "csv" => Format::csv(),
        "tsv" => Format::tsv(),
        "jsonl" => Format::JsonLines,
        "json" => Format::Json,
        "sql" => Format::Sql,
        "markup" => Format::Markup,
        "html-table" => Format::HtmlTable,
        _ => {
            let known = [
                "auto",
                "text",
                "csv",
                "tsv",
                "jsonl",
                "json",
                "sql",
                "markup",
                "html-table",
            ];
            return Err(unknown("format", name, &known));
        }
    }))
}

/// `None` = to be guessed.
pub(crate) fn encoding(name: &str) -> PyResult<Option<Encoding>> {
    if name == "auto" {
        return Ok(None);
    }
    let found = Encoding::ALL.into_iter().find(|e| e.id() == name);
    found.map(Some).ok_or_else(|| {
        let known: Vec<&str> = Encoding::ALL.iter().map(|e| e.id()).collect();
        unknown("encoding", name, &known)
    })
}
