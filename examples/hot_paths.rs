//! Runs one hot path once, for counting its instructions (`benches/instructions.sh`).
//!
//! ```sh
//! cargo run --release --example hot_paths -- csv
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::hint::black_box;
use std::process::ExitCode;

use miandan::detect::name::NameScope;
use miandan::listing::{Found, Listing, assess};
use miandan::policy::{Policy, Verdict};
use miandan::{Format, Input, Scanner, Scratch};

#[allow(dead_code)]
#[path = "../tests/support/haystack.rs"]
mod haystack;
#[allow(dead_code)]
#[path = "../tests/support/synth.rs"]
mod synth;

/// Rows of the haystacks: enough that what happens once a scan does not count.
const ROWS: usize = 4_000;

fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    let (haystack, scope) = match name.strip_suffix("-near") {
        Some(haystack) => (haystack, NameScope::Near),
        None => (name.as_str(), NameScope::Everywhere),
    };
    let (haystack, calls) = match haystack.strip_suffix("-calls") {
        Some(haystack) => (haystack, true),
        None => (haystack, false),
    };
    let verdict = haystack == "verdict";
    let haystack = if verdict { "one-listing" } else { haystack };
    let Some(bytes) = haystack::haystack(haystack, ROWS) else {
        eprintln!(
            "usage: hot_paths verdict|HAYSTACK[-calls][-near], one of {}",
            haystack::ORDINARY.join(", ")
        );
        return ExitCode::from(2);
    };
    let format = match haystack {
        "csv" | "csv-gb18030" => Format::csv(),
        "listing" => Format::JsonLines,
        _ => Format::Text,
    };
    let scanner = match Scanner::builder().name_scope(scope).build() {
        Ok(scanner) => scanner,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let mut scratch = scanner.scratch();
    if verdict {
        let (text, policy) = (String::from_utf8_lossy(&bytes), Policy::default());
        black_box(decide(&scanner, &mut scratch, &policy, &text));
        let verdict = hot_path_verdict(&scanner, &mut scratch, &policy, &text);
        println!("{verdict:?} on {} bytes", text.len());
        return ExitCode::SUCCESS;
    }
    if calls {
        let text = String::from_utf8_lossy(&bytes);
        scan_lines(&scanner, &mut scratch, &text);
        println!("{} findings", hot_path_calls(&scanner, &mut scratch, &text));
        return ExitCode::SUCCESS;
    }
    let input = Input::new(&bytes).format(format);
    // Tables are loaded and buffers have grown when the second run is counted.
    let findings = scanner.scan_with(&mut scratch, input.clone());
    scratch.recycle(black_box(findings));
    println!("{} findings", hot_path(&scanner, &mut scratch, input));
    ExitCode::SUCCESS
}

/// What is counted of a call for every line.
#[inline(never)]
fn hot_path_calls(scanner: &Scanner, scratch: &mut Scratch, text: &str) -> usize {
    scan_lines(scanner, scratch, text)
}

/// A call for every line; the findings of all.
#[inline(never)]
fn scan_lines(scanner: &Scanner, scratch: &mut Scratch, text: &str) -> usize {
    let call = |line: &str| {
        let findings = scanner.scan_with(scratch, line);
        let n = findings.len();
        scratch.recycle(findings);
        n
    };
    black_box(text.lines().map(call).sum())
}

/// What is counted on one listing.
#[inline(never)]
fn hot_path_verdict(
    scanner: &Scanner,
    scratch: &mut Scratch,
    policy: &Policy,
    text: &str,
) -> Verdict {
    black_box(decide(scanner, scratch, policy, text))
}

/// Scan, assessment and verdict.
#[inline(never)]
fn decide(scanner: &Scanner, scratch: &mut Scratch, policy: &Policy, text: &str) -> Verdict {
    let findings = scanner.scan_with(scratch, Input::new(text).format(Format::Text));
    let assessment = assess(&Listing::from(text), Found::from(&findings));
    let decision = policy.decide(&findings, Some(&assessment));
    scratch.recycle(findings);
    decision.verdict
}

/// What is counted.
#[inline(never)]
fn hot_path(scanner: &Scanner, scratch: &mut Scratch, input: Input<'_>) -> usize {
    black_box(scanner.scan_with(scratch, input)).len()
}
