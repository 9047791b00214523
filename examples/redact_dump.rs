//! Writes a dump again without what was found in it, and scans the result once more; or checks that this holds for files.
//!
//! usage: redact_dump IN OUT [mask|label|pseudonym|fake|remove]
//!        redact_dump --check FILE...      every operator on every file (.gz unpacked), in memory; nothing is written

use std::io::{BufWriter, Read, Write};
use std::path::Path;

use miandan::Scanner;
use miandan::redact::{Operator, Redactor, check_paths};

const USAGE: &str =
    "usage: redact_dump IN OUT [mask|label|pseudonym|fake|remove] | --check FILE...";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [input, output, rest @ ..] = args.as_slice() else {
        return Err(USAGE.into());
    };
    if input == "--check" {
        return check(&args[1..]);
    }
    let operator: Operator = match rest.first() {
        Some(name) => serde_json::from_value(name.as_str().into())?,
        None => Operator::Mask,
    };
    check_paths(Path::new(input), Path::new(output))?;
    let redacted = Redactor::new(operator).redact(&Scanner::new()?, &std::fs::read(input)?);
    let mut file = BufWriter::new(std::fs::File::create_new(output)?);
    file.write_all(&redacted.bytes)?;
    file.flush()?;
    let mut out = std::io::stdout().lock();
    for (kind, n) in &redacted.replaced {
        writeln!(out, "{kind}: {n} replaced")?;
    }
    writeln!(out, "full values in a second scan: {}", redacted.left)?;
    if redacted.left > 0 {
        return Err("some values are left".into());
    }
    Ok(())
}

/// Redacts every file with every operator and counts what a second scan still reports.
fn check(files: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    const OPERATORS: [Operator; 5] = [
        Operator::Mask,
        Operator::Label,
        Operator::Pseudonym,
        Operator::Fake,
        Operator::Remove,
    ];
    let scanner = Scanner::new()?;
    let mut out = std::io::stdout().lock();
    let mut left = 0;
    for file in files {
        let mut bytes = std::fs::read(file)?;
        if Path::new(file).extension().is_some_and(|e| e == "gz") {
            let mut unpacked = Vec::new();
            flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked)?;
            bytes = unpacked;
        }
        for operator in OPERATORS {
            let redacted = Redactor::new(operator).redact(&scanner, &bytes);
            let replaced: u64 = redacted.replaced.values().sum();
            writeln!(
                out,
                "{file} {operator:?}: {replaced} replaced, {} full values left",
                redacted.left
            )?;
            left += redacted.left;
        }
    }
    match left {
        0 => Ok(()),
        n => Err(format!("{n} full values are left").into()),
    }
}
