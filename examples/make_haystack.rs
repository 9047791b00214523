//! Writes an input to measure speed on to standard output. The same name and size give the same bytes on every machine.
//!
//! ```sh
//! cargo run --release --example make_haystack -- csv 6000000 > six_million.csv
//! ```

#![allow(clippy::print_stderr)]

use std::io::Write as _;
use std::process::ExitCode;

#[allow(dead_code)]
#[path = "../tests/support/haystack.rs"]
mod haystack;
#[allow(dead_code)]
#[path = "../tests/support/synth.rs"]
mod synth;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let made = match &args[..] {
        [name, size] => size.parse().ok().and_then(|n| haystack::haystack(name, n)),
        _ => None,
    };
    let Some(bytes) = made else {
        let names = [&haystack::ORDINARY[..], &haystack::ADVERSARIAL[..]].concat();
        eprintln!(
            "usage: make_haystack NAME ROWS\n  NAME: {}\n  ROWS: size in rows of {} bytes",
            names.join(", "),
            haystack::ROW
        );
        return ExitCode::from(2);
    };
    match std::io::stdout().write_all(&bytes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
