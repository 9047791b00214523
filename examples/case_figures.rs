//! Measures counting people and comparing sets at full size, on rows made as they are read.
//!
//! usage: case_figures persons [ROWS] | containment [RECORDS]
//!
//! `persons`: a fifth of the rows repeats an earlier person in another spelling of the number; once counted exactly, once with
//! the sketch. `containment`: a sample of 1,000 records against a set of a million, written to files, read and compared.

use std::io::{Cursor, Read, Write};
use std::time::Instant;

use miandan::leak::{Class, FingerprintSet, Fingerprinter, Key, Overlap};
use miandan::report::SummarySink;
use miandan::{Format, Origin, Scanner, Sourced, Unit};

#[allow(dead_code)]
#[path = "../tests/support/synth.rs"]
mod synth;

use synth::{Person, Rng, person};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    const USAGE: &str = "usage: case_figures persons [ROWS] | containment [RECORDS]";
    let args: Vec<String> = std::env::args().skip(1).collect();
    let n = match args.get(1) {
        Some(n) => n.parse()?,
        None => 1_000_000,
    };
    match args.first().map(String::as_str) {
        Some("persons") => persons(n),
        Some("containment") => containment(n),
        _ => Err(USAGE.into()),
    }
}

/// Rows of a dump, made as they are read; every fifth repeats the person four rows before.
struct Rows {
    rng: Rng,
    left: u64,
    made: u64,
    recent: Vec<Person>,
    buffer: Cursor<Vec<u8>>,
    distinct: std::sync::Arc<std::sync::Mutex<std::collections::HashSet<u64>>>,
}

impl Rows {
    fn row(&mut self) -> String {
        let repeats = self.made % 5 == 4;
        self.made += 1;
        self.left -= 1;
        if repeats {
            let p = &self.recent[0];
            let mobile = respelt(&p.mobile, self.made / 5);
            return format!("{},{mobile},{}\n", p.name, p.address);
        }
        let p = person(&mut self.rng);
        let number = p.mobile.parse().unwrap_or(0);
        if let Ok(mut distinct) = self.distinct.lock() {
            distinct.insert(number);
        }
        let row = format!("{},{},{}\n", p.name, p.mobile, p.address);
        if self.made % 5 == 1 {
            self.recent.clear();
        }
        self.recent.push(p);
        row
    }
}

/// The number as others write it.
fn respelt(mobile: &str, style: u64) -> String {
    let (a, b, c) = (&mobile[..3], &mobile[3..7], &mobile[7..]);
    match style % 5 {
        0 => format!("+86{mobile}"),
        1 => format!("{a} {b} {c}"),
        2 => format!("{a}-{b}-{c}"),
        3 => format!("0086 {mobile}"),
        _ => mobile
            .bytes()
            .filter_map(|b| char::from_u32(0xFF10 + u32::from(b - b'0')))
            .collect(),
    }
}

impl Read for Rows {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.buffer.read(out)?;
        if read > 0 || self.left == 0 {
            return Ok(read);
        }
        let mut text = String::with_capacity(1 << 16);
        while self.left > 0 && text.len() < 60_000 {
            text.push_str(&self.row());
        }
        self.buffer = Cursor::new(text.into_bytes());
        self.buffer.read(out)
    }
}

fn persons(rows: u64) -> Outcome {
    let mut out = std::io::stdout().lock();
    let scanner = Scanner::new()?;
    for (how, limit) in [("exact", None), ("sketch", Some(1_000))] {
        let distinct = std::sync::Arc::default();
        let reader = Rows {
            rng: Rng::new(1),
            left: rows,
            made: 0,
            recent: Vec::new(),
            buffer: Cursor::default(),
            distinct: std::sync::Arc::clone(&distinct),
        };
        let unit = Unit {
            origin: Origin::path("-"),
            reader: Box::new(reader),
            format: Some(Format::csv()),
            encoding: None,
        };
        let mut sink = match limit {
            Some(limit) => SummarySink::default().exact_up_to(limit),
            None => SummarySink::default(),
        };
        let start = Instant::now();
        scanner.par_scan([Sourced::Unit(unit)], &mut sink)?;
        let seconds = start.elapsed().as_secs_f64();
        let truth = distinct.lock().map_or(0, |d| d.len() as u64);
        let summary = sink.into_summary();
        let found = summary.distinct_persons();
        let error = 100.0 * (found as f64 / truth.max(1) as f64 - 1.0);
        writeln!(
            out,
            "{how}: {rows} rows, {truth} people, {found} counted ({error:+.3} %), {} duplicates, {} bytes of state, {seconds:.1} s",
            summary.duplicates(),
            summary.persons.state_bytes(),
        )?;
    }
    Ok(())
}

fn containment(records: u64) -> Outcome {
    const SAMPLE: u64 = 1_000;
    const SHARED: u64 = 620;
    let mut out = std::io::stdout().lock();
    let fingerprinter = Fingerprinter::new(&Key::new("a key made for this measurement")?);
    let set = |numbers: std::ops::Range<u64>| {
        let prints = numbers.clone().flat_map(|n| {
            let waybill = fingerprinter.of(Class::Waybill, &format!("SF{:013}", n * 7919));
            [
                (Class::Mobile, fingerprinter.mobile(13_000_000_000 + n, 0)),
                (Class::Waybill, waybill),
            ]
        });
        FingerprintSet::new(&fingerprinter, numbers.end - numbers.start, prints)
    };
    let dir = std::env::temp_dir().join(format!("case_figures_{}", std::process::id()));
    std::fs::create_dir(&dir)?;
    let (large, small) = (dir.join("large.set"), dir.join("sample.set"));
    set(0..records).write(&large)?;
    set(records - SHARED..records - SHARED + SAMPLE).write(&small)?;
    let start = Instant::now();
    let (a, b) = (FingerprintSet::read(&small)?, FingerprintSet::read(&large)?);
    let read = start.elapsed().as_secs_f64();
    let overlap = Overlap::main(&a, &b)?;
    let all = start.elapsed().as_secs_f64();
    std::fs::remove_dir_all(&dir)?;
    writeln!(
        out,
        "sample of {SAMPLE} in {records}: true share {:.3}, found {:.3}; reading {read:.3} s, with comparing {all:.3} s",
        SHARED as f64 / SAMPLE as f64,
        overlap.a_in_b,
    )?;
    Ok(())
}
