//! Scans an export of listings row by row, as a data engine does, and prints its summary and how fast it was.
//!
//! ```sh
//! cargo run --release --example scan_rows -- listings.jsonl title text
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::time::Instant;

use miandan::Scanner;
use miandan::report::SummarySink;
use serde_json::{Map, Value};

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [path, fields @ ..] = &args[..] else {
        eprintln!("usage: scan_rows LISTINGS.jsonl FIELD…");
        return Ok(ExitCode::from(2));
    };
    let export = std::fs::read_to_string(path)?;
    let listings: Vec<Map<String, Value>> = export
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let mut rows = Scanner::new()?.rows(fields);
    let mut counts = SummarySink::default();
    let mut findings = 0;
    let started = Instant::now();
    for listing in &listings {
        let texts = fields
            .iter()
            .map(|f| listing.get(f).and_then(Value::as_str));
        let row = rows.scan(texts);
        findings += row.findings().len();
        counts.add_row(&row);
    }
    let seconds = started.elapsed().as_secs_f64();
    let summary = counts.into_summary();
    println!("{}", serde_json::to_string(&summary.figures())?);
    println!(
        "{} rows, {findings} findings, {:.1} MB of text in {seconds:.2} s: {:.1} MB/s",
        listings.len(),
        summary.bytes as f64 / 1e6,
        summary.bytes as f64 / 1e6 / seconds
    );
    Ok(ExitCode::SUCCESS)
}
