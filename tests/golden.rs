//! What every output looks like, byte for byte, as kept in `tests/golden`. `BLESS=1 cargo test golden` writes it anew.
//!
//! Confidences and evidence are left out, and so are findings that are not sure: they follow the weights, and are tested elsewhere.

use std::path::Path;

use miandan::Scanner;
use miandan::output::OutputFormat;
use regex::Regex;
use serde_json::Value;

use super::contract::{options, written_by};

/// Numbers that change whenever a weight does.
const MOVING: [(&str, &str); 4] = [
    (r#""confidence":[0-9.]+"#, r#""confidence":0"#),
    (r#""evidence":\[[^\]]*\]"#, r#""evidence":[]"#),
    (r#""rank":[0-9.]+"#, r#""rank":0"#),
    (r"\b[01]\.\d{2,4}\b", "0"),
];

/// The output with what moves left out.
fn still(format: OutputFormat, show_values: bool) -> String {
    let scanner = Scanner::builder().min_confidence(0.9).build();
    let mut text = written_by(&scanner.expect("valid"), format, options(show_values));
    if format == OutputFormat::Sarif {
        let mut log: Value = serde_json::from_str(&text).expect("JSON");
        log["runs"][0]["tool"]["driver"]["rules"] = Value::Array(Vec::new());
        text = serde_json::to_string_pretty(&log).expect("JSON") + "\n";
        text = text.replace("\": ", "\":");
    }
    for (pattern, put) in MOVING {
        let pattern = Regex::new(pattern).expect("a pattern");
        text = pattern.replace_all(&text, put).into_owned();
    }
    text
}

#[test]
fn outputs_look_as_before() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut changed = Vec::new();
    for (name, format, show_values) in [
        ("masked.jsonl", OutputFormat::JsonLines, false),
        ("values.jsonl", OutputFormat::JsonLines, true),
        ("masked.csv", OutputFormat::Csv, false),
        ("masked.txt", OutputFormat::Human, false),
        ("masked.sarif", OutputFormat::Sarif, false),
    ] {
        let (path, now) = (folder.join(name), still(format, show_values));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &now).expect("written");
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        if let Some((was, is)) = kept
            .lines()
            .chain(std::iter::repeat("(nothing)"))
            .zip(now.lines())
            .find(|(was, is)| was != is)
        {
            changed.push(format!("{name}:\n- {was}\n+ {is}"));
        } else if kept.len() != now.len() {
            changed.push(format!("{name}: lines are missing at the end"));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}
