//! Measures one detector alone, on one thread: best of many runs, in megabytes a second, with the candidates that it finds. `scan` is all
//! of them with everything that a scan does, and its candidates are findings.
//!
//! ```sh
//! cargo run --release --example detector_speed -- address reviews.txt dump.csv one-city
//! ```
//!
//! `digits` is the pass that finds digits of any sort, on which most detectors build; its candidates are runs of them.
//!
//! What is no file is the name of a made-up text, as `make_haystack` writes it. With `--growth` it is made four times as long, too, and
//! how much longer the look at that takes is told: four times, if it is linear.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use miandan::anchor::View;
use miandan::detect::address::AddressDetector;
use miandan::detect::mobile::MobileDetector;
use miandan::detect::name::NameDetector;
use miandan::detect::waybill::WaybillDetector;
use miandan::detect::{Candidate, Detector};
use miandan::{Input, Scanner};

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
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let given = args.len();
    args.retain(|arg| arg != "--growth");
    let growth = args.len() < given;
    let mut args = args.into_iter();
    let mut look = match args.next().as_deref() {
        Some("scan") => whole_scan(),
        Some("digits") => by_page(|view| view.digit_spans().count()),
        Some("address") => candidates_of(AddressDetector),
        Some("mobile") => candidates_of(MobileDetector::new()),
        Some("waybill") => candidates_of(WaybillDetector::new()),
        Some("name") => candidates_of(NameDetector::new()),
        _ => {
            eprintln!(
                "usage: detector_speed scan|digits|address|mobile|waybill|name [--growth] FILE|HAYSTACK..."
            );
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
        let grown = growth
            .then(|| haystack::haystack(&input, 4 * ROWS))
            .flatten()
            .map(|four| fastest(&mut *look, &String::from_utf8_lossy(&four)).0);
        let grown = grown.map_or(String::new(), |four| {
            format!("{:5.2} x", four.as_secs_f64() / best.as_secs_f64())
        });
        println!("{speed:8.0} MB/s {candidates:8} candidates {grown} {input}");
    }
    if failed {
        ExitCode::from(2)
    } else {
        ExitCode::SUCCESS
    }
}

/// Looks at a text and counts what it finds.
type Look = dyn FnMut(&str) -> usize;

fn by_page(mut count: impl FnMut(&View<'_>) -> usize + 'static) -> Box<Look> {
    Box::new(move |text| pages(text).map(|page| count(&View::new(page))).sum())
}

fn candidates_of(detector: impl Detector + 'static) -> Box<Look> {
    let mut found: Vec<Candidate> = Vec::new();
    by_page(move |view| {
        found.clear();
        detector.detect(view, &mut found);
        found.len()
    })
}

fn whole_scan() -> Box<Look> {
    let scanner = Scanner::new().expect("the default settings are right");
    let mut scratch = scanner.scratch();
    Box::new(move |text| {
        let findings = scanner.scan_with(&mut scratch, Input::new(text));
        let count = findings.len();
        scratch.recycle(findings);
        count
    })
}

/// The shortest time that a look at the text takes, and what it counts.
fn fastest(look: &mut Look, text: &str) -> (Duration, usize) {
    let (mut best, mut found) = (Duration::MAX, 0);
    let begin = Instant::now();
    // The first run loads tables.
    while best == Duration::MAX || begin.elapsed() < TIME {
        let start = Instant::now();
        found = look(text);
        best = best.min(start.elapsed());
    }
    (best, found)
}

/// The pages of a text, whole lines where there are any.
fn pages(mut rest: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len();
        if end > PAGE {
            let line = rest.as_bytes()[..PAGE].iter().rposition(|b| *b == b'\n');
            end = line.map_or(rest.ceil_char_boundary(PAGE), |at| at + 1);
        }
        let page;
        (page, rest) = rest.split_at(end);
        Some(page)
    })
}
