//! What the commands share about their input.

use std::path::PathBuf;

use miandan::source::{Options, Walk, walk};
use miandan::{Encoding, Error, Format, Result};

use crate::args::InputArgs;

/// How the inputs of a command are opened.
pub(crate) fn options(args: &InputArgs) -> Result<Options> {
    let mut options = Options::default();
    options.format = format(&args.input_format)?;
    options.encoding = encoding(&args.encoding)?;
    options.binary = args.binary;
    Ok(options)
}

/// The inputs of a command: its paths, or standard input where none is named.
pub(crate) fn sources(args: &InputArgs) -> Result<Walk> {
    let paths = if args.paths.is_empty() {
        vec![PathBuf::from("-")]
    } else {
        args.paths.clone()
    };
    Ok(walk(paths, options(args)?))
}

/// The format that `--input-format` names; `None` to recognise it.
pub(crate) fn format(name: &str) -> Result<Option<Format>> {
    Ok(Some(match name {
        "auto" => return Ok(None),
        "text" => Format::Text,
        "csv" => Format::csv(),
        "tsv" => Format::tsv(),
        "jsonl" => Format::JsonLines,
        "json" => Format::Json,
        "sql" => Format::Sql,
        "markup" | "html" | "xml" => Format::Markup,
        other => {
            return Err(Error::config(format!(
                "unknown input format {other:?}; known are auto, text, csv, tsv, jsonl, json, sql, markup"
            )));
        }
    }))
}

/// The encoding that `--encoding` names; `None` to guess it.
pub(crate) fn encoding(name: &str) -> Result<Option<Encoding>> {
    if name == "auto" {
        return Ok(None);
    }
    let wanted = name.to_ascii_lowercase();
    Encoding::ALL
        .into_iter()
        .find(|e| e.id() == wanted)
        .map(Some)
        .ok_or_else(|| {
            let known: Vec<&str> = Encoding::ALL.iter().map(|e| e.id()).collect();
            Error::config(format!(
                "unknown encoding {name:?}; known are auto, {}",
                known.join(", ")
            ))
        })
}
