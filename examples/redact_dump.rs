//! Writes a dump again without what was found in it, and scans the result once more.
//!
//! usage: redact_dump IN OUT [mask|label|pseudonym|fake|remove]

use std::io::{BufWriter, Write};
use std::path::Path;

use miandan::Scanner;
use miandan::redact::{Operator, Redactor, check_paths};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [input, output, rest @ ..] = args.as_slice() else {
        return Err("usage: redact_dump IN OUT [mask|label|pseudonym|fake|remove]".into());
    };
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
