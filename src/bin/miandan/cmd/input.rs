//! What the commands share about their input.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use miandan::source::{Ignore, Limits, Options, Walk, paths_from, walk};
use miandan::{Encoding, Error, Format, Result};

use crate::args::{InputArgs, LimitArgs};

/// How the inputs of a command are opened.
pub(crate) fn options(args: &InputArgs) -> Result<Options> {
    let mut options = Options::default();
    options.format = format(&args.input_format)?;
    options.encoding = encoding(&args.encoding)?;
    options.binary = args.binary;
    options.ignore = Ignore::new(&args.ignore)?;
    options.limits = limits(&args.limits);
    Ok(options)
}

fn limits(args: &LimitArgs) -> Limits {
    let mut limits = Limits::default();
    limits.depth = args.archive_depth.unwrap_or(limits.depth);
    limits.entries = args.archive_entries.unwrap_or(limits.entries);
    limits.bytes = args
        .archive_size
        .map_or(limits.bytes, |gib| u64::from(gib) << 30);
    limits.ratio = args.archive_ratio.unwrap_or(limits.ratio);
    limits
}

/// The paths that a command names, those of its list included; `None` where it names neither paths nor a list.
pub(crate) fn paths(args: &InputArgs) -> Result<Option<Vec<PathBuf>>> {
    let mut paths = args.paths.clone();
    let Some(list) = &args.files_from else {
        return Ok((!paths.is_empty()).then_some(paths));
    };
    let standard = Path::new("-");
    if list == standard && paths.iter().any(|path| path == standard) {
        return Err(Error::config(
            "standard input is the list of files; it cannot be an input too",
        ));
    }
    let reader: Box<dyn BufRead> = if list == standard {
        Box::new(std::io::stdin().lock())
    } else {
        let file = File::open(list).map_err(|e| Error::io(list, e))?;
        Box::new(BufReader::new(file))
    };
    paths.extend(paths_from(reader).map_err(|e| Error::io(list, e))?);
    Ok(Some(paths))
}

/// The inputs of a command: its paths, or standard input where none is named.
pub(crate) fn sources(args: &InputArgs) -> Result<Walk> {
    let paths = paths(args)?.unwrap_or_else(|| vec![PathBuf::from("-")]);
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
        "html-table" => Format::HtmlTable,
        other => {
            return Err(Error::config(format!(
                "unknown input format {other:?}; known are auto, text, csv, tsv, jsonl, json, sql, markup, html-table"
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
