//! Measures one detector alone, on one thread: best of many runs, in megabytes a second, with the candidates that it finds.
//!
//! ```sh
//! cargo run --release --example detector_speed -- address reviews.txt dump.csv one-city
//! ```
//!
//! `digits` is the pass that finds digits of any sort, on which most detectors build; its candidates are runs of them.
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
/// Bytes that are looked at together, as in a scan.
const PAGE: usize = 128 * 1024;
/// How long each text is measured.
const TIME: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let mut look = match args.next().as_deref() {
        Some("digits") => Box::new(|view: &View<'_>| view.digit_spans().count()),
        Some("address") => candidates_of(AddressDetector),
        Some("mobile") => candidates_of(MobileDetector::new()),
        Some("waybill") => candidates_of(WaybillDetector::new()),
        Some("name") => candidates_of(NameDetector::new()),
        _ => {
            eprintln!("usage: detector_speed digits|address|mobile|waybill|name FILE|HAYSTACK...");
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
        let (best, candidates) = fastest(&mut *look, &text);
        let speed = text.len() as f64 / 1e6 / best.as_secs_f64();
        println!("{speed:8.0} MB/s {candidates:8} candidates  {input}");
    }
    if failed {
        ExitCode::from(2)
    } else {
        ExitCode::SUCCESS
    }
}

/// Looks at a text and counts what it finds.
type Look = dyn FnMut(&View<'_>) -> usize;

fn candidates_of(detector: impl Detector + 'static) -> Box<Look> {
    let mut found: Vec<Candidate> = Vec::new();
    Box::new(move |view| {
        found.clear();
        detector.detect(view, &mut found);
        found.len()
    })
}

/// The shortest time that a look at the text takes, and what it counts.
fn fastest(look: &mut Look, text: &str) -> (Duration, usize) {
    let pages = pages(text);
    let (mut best, mut found) = (Duration::MAX, 0);
    let begin = Instant::now();
    // The first run loads tables.
    while best == Duration::MAX || begin.elapsed() < TIME {
        let start = Instant::now();
        found = pages.iter().map(|page| look(&View::new(page))).sum();
        best = best.min(start.elapsed());
    }
    (best, found)
}

/// The pages of a text, whole lines where there are any.
fn pages(mut text: &str) -> Vec<&str> {
    let mut pages = Vec::new();
    while text.len() > PAGE {
        let line = text.as_bytes()[..PAGE].iter().rposition(|b| *b == b'\n');
        let mut end = line.map_or(PAGE, |at| at + 1);
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let (page, rest) = text.split_at(end);
        pages.push(page);
        text = rest;
    }
    pages.push(text);
    pages
}
