//! `miandan parse`: pasted delivery lines taken apart.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use miandan::{Error, Result, Scanner};
use serde_json::{Map, Value, json};

use super::output_error;
use crate::args::ParseArgs;
use crate::exit;

/// A longer line is no delivery line; it is read in pieces of this size, so that memory stays bounded.
const LONGEST_LINE: u64 = 64 * 1024;

pub(crate) fn run(args: &ParseArgs) -> Result<ExitCode> {
    let scanner = Scanner::new()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let paths = if args.paths.is_empty() {
        vec![PathBuf::from("-")]
    } else {
        args.paths.clone()
    };
    for path in &paths {
        let reader: Box<dyn Read> = if path == Path::new("-") {
            Box::new(std::io::stdin())
        } else {
            Box::new(File::open(path).map_err(|e| Error::io(path, e))?)
        };
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        for number in 1u64.. {
            line.clear();
            let read = reader
                .by_ref()
                .take(LONGEST_LINE)
                .read_until(b'\n', &mut line);
            if read.map_err(|e| Error::io(path, e))? == 0 {
                break;
            }
            let text = String::from_utf8_lossy(&line);
            if !text.trim().is_empty() {
                let object = parsed(&scanner, text.trim_end_matches(['\n', '\r']), path, number);
                writeln!(out, "{object}").map_err(output_error)?;
            }
        }
    }
    out.flush().map_err(output_error)?;
    Ok(exit::READ)
}

fn parsed(scanner: &Scanner, text: &str, path: &Path, line: u64) -> Value {
    let p = scanner.parse_line(text);
    let mut object = Map::new();
    object.insert("type".into(), "parsed".into());
    object.insert(
        "origin".into(),
        json!({ "path": path.to_string_lossy(), "line": line }),
    );
    for (name, value) in [
        ("name", &p.name),
        ("mobile", &p.mobile),
        ("waybill", &p.waybill),
        ("province", &p.province),
        ("city", &p.city),
        ("county", &p.county),
        ("town", &p.town),
        ("detail", &p.detail),
    ] {
        object.insert(name.into(), value.as_str().into());
    }
    let mut codes = Map::new();
    for (name, code) in ["province", "city", "county", "town"]
        .into_iter()
        .zip(p.codes)
    {
        if code != 0 {
            codes.insert(name.into(), code.into());
        }
    }
    object.insert("codes".into(), codes.into());
    object.insert("confidence".into(), p.confidence.ratio().into());
    object.insert("role".into(), p.role.id().into());
    object.into()
}
