//! `miandan assess`: does this listing sell data?

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use miandan::listing::{Found, Listing, SellerHandle, assess};
use miandan::policy::Policy;
use miandan::{Error, Format, Input, Result, Scanner};
use serde_json::{Value, json};

use super::output_error;
use crate::args::AssessArgs;
use crate::exit;

pub(crate) fn run(args: &AssessArgs) -> Result<ExitCode> {
    let scanner = Scanner::new()?;
    let policy = Policy::default();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let paths = if args.paths.is_empty() {
        vec![PathBuf::from("-")]
    } else {
        args.paths.clone()
    };
    let mut failed = false;
    for path in &paths {
        let reader: Box<dyn Read> = if path == Path::new("-") {
            Box::new(std::io::stdin())
        } else {
            Box::new(File::open(path).map_err(|e| Error::io(path, e))?)
        };
        for (i, line) in BufReader::new(reader).split(b'\n').enumerate() {
            let line = line.map_err(|e| Error::io(path, e))?;
            let text = String::from_utf8_lossy(&line);
            if text.trim().is_empty() {
                continue;
            }
            let origin = json!({ "path": path.to_string_lossy(), "line": i + 1 });
            let object = match fields(text.trim(), &args.text_field) {
                Ok((title, description)) => {
                    listing(&scanner, &policy, &origin, &title, &description)
                }
                Err(error) => {
                    failed = true;
                    json!({ "type": "warning", "code": "json.not-json", "origin": origin, "message": error.to_string() })
                }
            };
            writeln!(out, "{object}").map_err(output_error)?;
        }
    }
    out.flush().map_err(output_error)?;
    Ok(if failed { exit::trouble() } else { exit::READ })
}

/// Title and description of a listing: fields of a JSON object, or the line itself.
fn fields(text: &str, wanted: &[String]) -> serde_json::Result<(String, String)> {
    if !text.starts_with('{') {
        return Ok((String::new(), text.to_owned()));
    }
    let object: Value = serde_json::from_str(text)?;
    let field = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
    if wanted.is_empty() {
        let description: Vec<String> = ["description", "text", "detail", "content"]
            .into_iter()
            .map(field)
            .filter(|t| !t.is_empty())
            .collect();
        return Ok((field("title"), description.join("\n")));
    }
    let texts: Vec<String> = wanted.iter().skip(1).map(|name| field(name)).collect();
    Ok((field(&wanted[0]), texts.join("\n")))
}

fn listing(
    scanner: &Scanner,
    policy: &Policy,
    origin: &Value,
    title: &str,
    description: &str,
) -> Value {
    let text = format!("{title}\n{description}");
    let findings = scanner.scan(Input::new(&text).format(Format::Text));
    let assessment = assess(&Listing::new(title, description), Found::from(&findings));
    let decision = policy.decide(&findings, Some(&assessment));
    let handles: Vec<String> = assessment
        .handles
        .iter()
        .map(SellerHandle::masked)
        .collect();
    json!({
        "type": "listing",
        "origin": origin,
        "class": assessment.class,
        "score": assessment.score,
        "verdict": decision.verdict,
        "reasons": assessment.reasons,
        "offer": assessment.offer,
        "handles": handles,
        "records": findings.records().len(),
    })
}
