//! The fuzzer's targets on stable Rust: the inputs that were kept, and a short run over made-up ones.
//!
//! `fuzz/` runs the same functions under libFuzzer, which needs a nightly compiler. What it finds goes to
//! `fuzz/regressions/<target>/` and is replayed here.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::support::dice::Dice;
use crate::support::targets::{ENDINGS, TARGETS};

fn files_in(dir: &str) -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(dir);
    let entries = fs::read_dir(&dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn kept_inputs_do_no_harm() {
    for (name, target) in TARGETS {
        let files = files_in(&format!("fuzz/regressions/{name}"));
        assert!(!files.is_empty(), "{name}: nothing is kept");
        for file in files {
            target(&fs::read(&file).expect("a kept input"));
        }
    }
}

/// Bytes that a target starts from: files of every format, each behind the byte by which the target chooses.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let fixtures = ["tests/fixtures/writers", "tests/fixtures/locked"];
    let files = fixtures.into_iter().flat_map(files_in);
    let kept = files_in(&format!("fuzz/regressions/{target}"));
    let kept = kept.iter().map(|file| fs::read(file).expect("an input"));
    let seeds = files.map(|file| {
        let bytes = fs::read(&file).expect("a fixture");
        let ending = file.extension().unwrap_or_default();
        let first = match target {
            "sources" => ENDINGS.iter().position(|e| ending == *e).unwrap_or(0) as u8,
            "scan" => 0,
            _ => return bytes,
        };
        [&[first], &*bytes].concat()
    });
    seeds.chain(kept).collect()
}

/// Every target on mutations of files, for `FUZZ_SECONDS` each. No input takes as long as a second for each of its kilobytes.
#[test]
fn a_short_run_finds_nothing() {
    let seconds = std::env::var("FUZZ_SECONDS")
        .ok()
        .and_then(|n| n.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(2));
    for (n, (name, target)) in TARGETS.into_iter().enumerate() {
        let seeds = seeds(name);
        let mut dice = Dice::new(n as u64 + seconds.unwrap_or(0));
        let begun = Instant::now();
        let mut rounds = 0;
        while begun.elapsed() < time {
            let mut bytes = seeds[dice.below(seeds.len())].clone();
            dice.mutate(&mut bytes);
            if dice.below(4) == 0 {
                // The beginning of one file and the end of another.
                let other = &seeds[dice.below(seeds.len())];
                bytes.truncate(dice.below(bytes.len() + 1));
                bytes.extend_from_slice(&other[dice.below(other.len() + 1)..]);
            }
            let started = Instant::now();
            target(&bytes);
            let took = started.elapsed();
            let limit = Duration::from_secs(5 + bytes.len() as u64 / 1024);
            assert!(
                took < limit,
                "{name}, round {rounds}: {took:?} for {} bytes",
                bytes.len()
            );
            rounds += 1;
        }
        assert!(rounds > 0, "{name}");
    }
}
