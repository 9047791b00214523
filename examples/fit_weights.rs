//! Fits the evidence weights of one kind to labelled texts, by logistic regression with a ridge, and says how well confidences and
//! findings hold on folds that the fit has not seen.
//!
//! ```sh
//! cargo run --release --features eval --example fit_weights -- address spans.jsonl.gz bare.jsonl.gz clean.jsonl
//! ```
//!
//! Tables of serials may be joined, and their serials put into a text, as `miandan eval --join --within` does:
//!
//! ```sh
//! cargo run --release --features eval --example fit_weights -- waybill samples.tsv+misses.tsv 'samples.tsv+misses.tsv@单号：{}'
//! ```
//!
//! The files are as `miandan eval` reads them. Files without a label of the kind show what should not be found, and count less:
//! nobody has looked for the kind in them. Spans of grain `place` are places, not addresses, and findings that only touch a
//! labelled span of grain `street` count neither way. The printed weights go into `src/detect/<kind>/weights.rs`; fitted again with
//! these, they stay as they are: of the weights in use the fit takes only the sign, and those of evidence that the files hardly have.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use miandan::eval::{GoldEntity, GoldLine, Setting, read_with};
use miandan::{Format, Input, Kind, Result, Scanner, Scratch};

/// How strongly a weight is held to zero: as by this many findings that are right as often as not.
const HOLD: f64 = 2.0;
/// Evidence of fewer findings keeps the weight in use.
const SELDOM: usize = 20;
/// Weights are rounded to this many milli-logits, and never to zero, which has no sign.
const STEP: f64 = 10.0;
/// What a finding in a file without labels of the kind counts.
const UNLABELLED: f64 = 0.3;
/// Rounds over all weights.
const ROUNDS: usize = 200;
/// Folds of the cross-validation.
const FOLDS: usize = 5;

/// A finding with its evidence.
struct Example {
    /// Positions in the list of evidence.
    evidence: Vec<usize>,
    right: bool,
    /// What it counts.
    mass: f64,
}

/// Evidence lines with the weights in use, in logits; the prior comes first.
struct Lines {
    ids: Vec<String>,
    weights: Vec<f64>,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((kind, files)) = args.split_first().filter(|(_, files)| !files.is_empty()) else {
        eprintln!("usage: fit_weights KIND GOLD...");
        return ExitCode::from(2);
    };
    let Some(kind) = Kind::from_id(kind) else {
        eprintln!("unknown kind {kind}");
        return ExitCode::from(2);
    };
    match run(kind, files) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The findings of a file and the number of labelled values.
struct Set {
    examples: Vec<Example>,
    gold: usize,
}

fn run(kind: Kind, files: &[String]) -> Result<()> {
    let scanner = Scanner::builder().min_confidence(0.0).build()?;
    let mut lines = Lines {
        ids: vec!["prior".to_owned()],
        weights: vec![0.0],
    };
    let mut sets: Vec<Set> = Vec::new();
    for file in files {
        sets.push(collect(&scanner, kind, &read_set(file)?, &mut lines));
    }
    let all: Vec<&Example> = sets.iter().flat_map(|set| &set.examples).collect();
    let fitted = fit(&all, &lines.weights);
    println!(
        "{:<32} {:>8} {:>8} {:>8}",
        "evidence", "in use", "fitted", "seen"
    );
    for (i, id) in lines.ids.iter().enumerate() {
        let seen = all.iter().filter(|e| e.evidence.contains(&i)).count();
        let [before, after] = [&lines.weights, &fitted].map(|w| (w[i] * 1_000.0).round());
        println!("{id:<32} {before:>8} {after:>8} {seen:>8}");
    }
    let folds: Vec<Vec<f64>> = (0..FOLDS)
        .map(|fold| {
            let seen = |(i, e)| (i % FOLDS != fold).then_some(e);
            let seen: Vec<&Example> = all.iter().copied().enumerate().filter_map(seen).collect();
            fit(&seen, &lines.weights)
        })
        .collect();
    println!(
        "\n{:<32} {:<28} fitted, of folds not seen\n{:<32} {HEADER} {HEADER}",
        "", "in use", "set"
    );
    let mut first = 0;
    for (file, set) in files.iter().zip(&sets) {
        let examples = || set.examples.iter().enumerate();
        let used = examples().map(|(_, e)| (score(e, &lines.weights), e.right));
        let held_out = examples().map(|(i, e)| (score(e, &folds[(first + i) % FOLDS]), e.right));
        println!(
            "{:<32} {} {}",
            name(file),
            figures(&used, set.gold),
            figures(&held_out, set.gold)
        );
        first += set.examples.len();
    }
    Ok(())
}

/// Expected calibration error, exact F1 from 0.5 on, wrong findings from 0.5 and from 0.9 on.
const HEADER: &str = "error     F1  wrong  >=.9  ";

fn figures(found: &(impl Iterator<Item = (f64, bool)> + Clone), gold: usize) -> String {
    let wrong = |p: f64| {
        let wrong = found.clone().filter(|(s, right)| !right && ratio(*s) >= p);
        wrong.count()
    };
    let hits = found
        .clone()
        .filter(|(s, right)| *right && *s >= 0.0)
        .count();
    let f1 = 2.0 * hits as f64 / (gold + hits + wrong(0.5)).max(1) as f64;
    format!(
        "{:.4} {f1:.4} {:>6} {:>5}  ",
        calibration(found.clone()),
        wrong(0.5),
        wrong(0.9)
    )
}

/// The lines of a set: files joined by `+`, whose serials are put in the text behind an `@`.
fn read_set(set: &str) -> Result<Vec<GoldLine>> {
    let (files, setting) = match set.split_once('@') {
        Some((files, text)) => (files, Setting::Within(text.to_owned())),
        None => (set, Setting::Alone),
    };
    let mut lines = Vec::new();
    for file in files.split('+') {
        lines.extend(read_with(Path::new(file), &setting)?);
    }
    Ok(lines)
}

fn name(file: &str) -> String {
    let name = Path::new(file).file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The findings of a kind, whether they are right, and their evidence; new evidence is added to `lines`.
fn collect(scanner: &Scanner, kind: Kind, gold: &[GoldLine], lines: &mut Lines) -> Set {
    let mut places: BTreeMap<String, usize> = lines.ids.iter().cloned().zip(0..).collect();
    let mut scratch = Scratch::default();
    let mut out = Vec::new();
    let mut asked = 0;
    let labelled = gold
        .iter()
        .flat_map(|l| &l.entities)
        .any(|e| e.kind() == Some(kind));
    let mass = if labelled { 1.0 } else { UNLABELLED };
    for line in gold {
        let found = scanner.scan_with(&mut scratch, Input::new(&line.text).format(Format::Text));
        let offsets: Vec<usize> = line
            .text
            .char_indices()
            .map(|(i, _)| i)
            .chain([line.text.len()])
            .collect();
        let spans = |soft: bool| {
            let of_kind = line.entities.iter().filter(|e| e.kind() == Some(kind));
            let asked = of_kind.filter(move |e| match e.grain.as_deref() {
                Some("place") => false,
                Some("street") => true,
                _ => !soft,
            });
            let span = |e: &GoldEntity| Some((*offsets.get(e.start)?, *offsets.get(e.end)?));
            asked.filter_map(span).collect::<Vec<(usize, usize)>>()
        };
        let (exact, soft) = (spans(false), spans(true));
        asked += exact.len();
        for finding in found.of(kind) {
            let span = (finding.span.start, finding.span.end);
            let right = exact.contains(&span);
            if !right && soft.iter().any(|s| s.0 < span.1 && span.0 < s.1) {
                continue;
            }
            let mut evidence = vec![0];
            let mut sum = 0;
            for line in scanner.explain(finding) {
                let place = *places.entry(line.id.to_string()).or_insert_with(|| {
                    lines.ids.push(line.id.to_string());
                    lines.weights.push(f64::from(line.weight) / 1_000.0);
                    lines.ids.len() - 1
                });
                evidence.push(place);
                sum += line.weight;
            }
            lines.weights[0] = f64::from(finding.score - sum) / 1_000.0;
            out.push(Example {
                evidence,
                right,
                mass,
            });
        }
    }
    Set {
        examples: out,
        gold: asked,
    }
}

fn score(example: &Example, weights: &[f64]) -> f64 {
    example.evidence.iter().map(|i| weights[*i]).sum()
}

fn ratio(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

/// Evidence for something never becomes evidence against it.
fn hold_sign(weight: f64, start: f64) -> f64 {
    if start > 0.0 {
        weight.max(0.0)
    } else if start < 0.0 {
        weight.min(0.0)
    } else {
        weight
    }
}

/// Newton steps weight by weight, from zero.
fn fit(examples: &[&Example], in_use: &[f64]) -> Vec<f64> {
    let mut with: Vec<Vec<usize>> = vec![Vec::new(); in_use.len()];
    for (i, e) in examples.iter().enumerate() {
        e.evidence.iter().for_each(|place| with[*place].push(i));
    }
    let fixed = |place: usize| with[place].len() < SELDOM;
    let mut weights: Vec<f64> = in_use
        .iter()
        .enumerate()
        .map(|(place, weight)| if fixed(place) { *weight } else { 0.0 })
        .collect();
    let mut scores: Vec<f64> = examples.iter().map(|e| score(e, &weights)).collect();
    for _ in 0..ROUNDS {
        for (place, seen) in with.iter().enumerate() {
            if fixed(place) {
                continue;
            }
            // The prior is evidence of nothing: it is free.
            let hold = if place == 0 { 0.0 } else { HOLD };
            let (mut slope, mut bend) = (hold * weights[place], hold);
            for &i in seen {
                let p = ratio(scores[i]);
                slope += examples[i].mass * (p - f64::from(u8::from(examples[i].right)));
                bend += examples[i].mass * p * (1.0 - p);
            }
            let step = (slope / bend.max(1e-9)).clamp(-0.5, 0.5);
            let held = hold_sign(weights[place] - step, in_use[place]);
            let step = held - weights[place];
            weights[place] = held;
            for &i in seen {
                scores[i] += step;
            }
        }
    }
    let round = |(place, weight): (usize, &f64)| match (weight * 1_000.0 / STEP).round() {
        0.0 => (STEP / 1_000.0).copysign(in_use[place]),
        steps => steps * STEP / 1_000.0,
    };
    weights.iter().enumerate().map(round).collect()
}

/// Expected calibration error over ten bins, of findings from 0.05 on.
fn calibration(found: impl Iterator<Item = (f64, bool)>) -> f64 {
    let (mut bins, mut n) = ([0.0; 10], 0.0);
    for (score, right) in found {
        let p = ratio(score);
        if p >= 0.05 {
            bins[((p * 10.0) as usize).min(9)] += p - f64::from(u8::from(right));
            n += 1.0;
        }
    }
    bins.iter().map(|d: &f64| d.abs()).sum::<f64>() / f64::max(n, 1.0)
}
