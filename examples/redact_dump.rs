//! Writes a dump again without what was found in it, and scans the result once more; or checks that this holds for files.
//!
//! usage: redact_dump IN OUT [mask|label|pseudonym|fake|remove]
//!        redact_dump --check PATH...      every operator on every file, also in folders (.gz unpacked), in memory; nothing is written

use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use miandan::Scanner;
use miandan::redact::{Operator, Redactor, check_paths, shows_full};

const USAGE: &str =
    "usage: redact_dump IN OUT [mask|label|pseudonym|fake|remove] | --check PATH...";

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

/// Redacts every file with every operator; counts the full values that a second scan reports, read as the first one was and
/// read as by somebody who knows nothing of it, and the lines of JSON that are no longer JSON.
fn check(paths: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    const OPERATORS: [Operator; 5] = [
        Operator::Mask,
        Operator::Label,
        Operator::Pseudonym,
        Operator::Fake,
        Operator::Remove,
    ];
    let scanner = Scanner::new()?;
    let mut out = std::io::stdout().lock();
    let mut files = Vec::new();
    for path in paths {
        list(Path::new(path), &mut files)?;
    }
    let mut wrong = 0;
    for file in &files {
        let mut bytes = std::fs::read(file)?;
        if file.extension().is_some_and(|e| e == "gz") {
            let mut unpacked = Vec::new();
            flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked)?;
            bytes = unpacked;
        }
        for operator in OPERATORS {
            let redacted = Redactor::new(operator).redact(&scanner, &bytes);
            let replaced: u64 = redacted.replaced.values().sum();
            let anew = full_values(&scanner, &redacted.bytes);
            let broken = json_lines(&bytes).saturating_sub(json_lines(&redacted.bytes));
            writeln!(
                out,
                "{} {operator:?}: {replaced} replaced, {} full values left, {anew} in a scan anew, {broken} lines of JSON broken",
                file.display(),
                redacted.left,
            )?;
            wrong += redacted.left + (anew + broken) as u64;
        }
    }
    match wrong {
        0 => Ok(()),
        n => Err(format!("{n} full values or broken lines are left").into()),
    }
}

/// The file, or all files below the folder.
fn list(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<std::io::Result<_>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| list(entry, files))
}

fn full_values(scanner: &Scanner, bytes: &[u8]) -> usize {
    let findings = scanner.scan(bytes);
    let page = findings.as_page(scanner, bytes);
    page.items().filter(shows_full).count()
}

fn json_lines(bytes: &[u8]) -> usize {
    let lines = bytes.split(|b| *b == b'\n');
    let valid = |line: &&[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
    lines.filter(|l| l.starts_with(b"{")).filter(valid).count()
}
