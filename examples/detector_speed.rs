//! Measures one detector alone, on one thread: best of many runs, in megabytes a second, with the candidates that it finds.
//!
//! ```sh
//! cargo run --release --example detector_speed -- address reviews.txt dump.csv one-city
//! ```
//!
//! What is no file is the name of a made-up text, as `make_haystack` writes it.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use miandan::anchor::View;
use miandan::detect::address::AddressDetector;
use miandan::detect::mobile::MobileDetector;
use miandan::detect::name::NameDetector;
use miandan::detect::waybill::WaybillDetector;
use miandan::detect::{Candidate, Detector};

#[allow(dead_code)]
#[path = "../tests/support/haystack.rs"]
mod haystack;
#[allow(dead_code)]
#[path = "../tests/support/synth.rs"]
mod synth;

/// Size of a made-up text, in rows.
const ROWS: usize = 20_000;
/// How long each text is measured.
const TIME: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let detector: Box<dyn Detector> = match args.next().as_deref() {
        Some("address") => Box::new(AddressDetector),
        Some("mobile") => Box::new(MobileDetector::new()),
        Some("waybill") => Box::new(WaybillDetector::new()),
        Some("name") => Box::new(NameDetector::new()),
        _ => {
            eprintln!("usage: detector_speed address|mobile|waybill|name FILE|HAYSTACK...");
            return ExitCode::from(2);
        }
    };
    let mut failed = false;
    for input in args {
        let bytes = match (haystack::haystack(&input, ROWS), std::fs::read(&input)) {
            (Some(made), _) => made,
            (None, Ok(read)) => read,
            (None, Err(error)) => {
                eprintln!("{input}: {error}");
                failed = true;
                continue;
            }
        };
        let text = String::from_utf8_lossy(&bytes);
        let (best, candidates) = fastest(&*detector, &text);
        let speed = text.len() as f64 / 1e6 / best.as_secs_f64();
        println!("{speed:8.0} MB/s {candidates:8} candidates  {input}");
    }
    if failed {
        ExitCode::from(2)
    } else {
        ExitCode::SUCCESS
    }
}

/// The shortest time that the detector takes for the text, and how many candidates it has.
fn fastest(detector: &dyn Detector, text: &str) -> (Duration, usize) {
    let mut found: Vec<Candidate> = Vec::new();
    let mut best = Duration::MAX;
    let begin = Instant::now();
    // The first run loads tables.
    while best == Duration::MAX || begin.elapsed() < TIME {
        found.clear();
        let start = Instant::now();
        detector.detect(&View::new(text), &mut found);
        best = best.min(start.elapsed());
    }
    (best, found.len())
}
