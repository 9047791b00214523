//! Trains the name model and measures it.
//!
//! ```text
//! train_names train DATA_DIR DICT.txt MODEL.bin DATE    DICT.txt: jieba 0.42.1 (MIT)
//! train_names eval DATA_DIR                             the shipped model, through the scanner
//! train_names model DATA_DIR MODEL.bin                  a model alone, without context
//! ```
//! The same inputs give the same bytes.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod data;
mod eval;
mod learn;
mod names;
mod random;
mod stock;
mod synth;

use std::fmt::Write;
use std::path::Path;

use miandan::Kind;
use miandan::detect::name::gate::code_of;
use miandan::detect::name::model::Model;
use miandan::detect::name::words::Words;

use data::{Line, Tag};
use learn::Learner;
use names::Names;
use random::Random;
use synth::Synth;

const EPOCHS: usize = 8;
const GATE_EPOCHS: usize = 2;
const SYNTHETIC_LINES: usize = 24_000;
/// Share of names at the gate that may be lost, as one in so many.
const GATE_LOSS: usize = 400;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["train", dir, dict, out, date] => train(Path::new(dir), dict, out, date),
        ["eval", dir] => print!("{}", scanner_table(Path::new(dir))),
        ["errors", dir, file, set] => {
            let model = std::fs::read(file)
                .ok()
                .and_then(|b| Model::parse(&b))
                .expect("m");
            let mut reader = miandan::detect::name::reader::Reader::default();
            for line in data::read(&Path::new(dir).join(format!("dev.{set}.jsonl.gz")), |_| 1.0) {
                reader.read(&model, &line.text, |r| {
                    if r.score > 0
                        && !line
                            .spans
                            .iter()
                            .any(|s| (s.0, s.1) == (r.span.start, r.span.end))
                    {
                        println!(
                            "FP {} {} | {}",
                            &line.text[r.span.range()],
                            r.score,
                            line.text
                        );
                    }
                });
            }
        }
        ["model", dir, file] => {
            let model = std::fs::read(file).ok().and_then(|b| Model::parse(&b));
            let model = model.expect("a readable model");
            for margin in [0, 500, 1000] {
                println!("margin {margin}");
                print!("{}", eval::model_table(Path::new(dir), &model, margin));
            }
        }
        _ => eprintln!("see the head of examples/train_names/main.rs"),
    }
}

/// Dictionary words of two to four Han characters that are not names: text, frequency.
fn read_words(dict: &str) -> Vec<(String, u32)> {
    let text = std::fs::read_to_string(dict).expect("the dictionary");
    text.lines()
        .filter_map(|l| {
            let mut cells = l.split(' ');
            let (word, count, tag) = (cells.next()?, cells.next()?, cells.next()?);
            let n = word.chars().count();
            let han = word.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
            let kept = han && (2..=4).contains(&n) && !tag.starts_with("nr");
            kept.then(|| (word.to_owned(), count.parse().unwrap_or(0)))
        })
        .collect()
}

fn train(dir: &Path, dict: &str, out: &str, date: &str) {
    let list = read_words(dict);
    let mut words = Words::empty();
    for (word, count) in &list {
        let codes: Vec<u16> = word.chars().map(code_of).collect();
        words.insert(&codes, *count >= 100);
    }
    let common: Vec<String> = list
        .iter()
        .filter(|(w, n)| *n >= 50 && w.chars().count() <= 3)
        .map(|(w, _)| w.clone())
        .collect();
    let names = Names::new(&common);
    let synth = Synth::new(&names, &common);
    let mut lines = data::training(dir);
    eprintln!("{} lines, {} words", lines.len(), list.len());
    let mut random = Random::new(20_26);
    let mut learner = Learner::new();
    for _ in 0..GATE_EPOCHS {
        random.shuffle(&mut lines);
        let made: Vec<Line> = (0..SYNTHETIC_LINES)
            .map(|_| synth.line(&mut random))
            .collect();
        for line in lines.iter().chain(&made) {
            learner.learn_gate(&substituted(line, &names, &mut random));
        }
    }
    let threshold = gate_threshold(&mut learner, &lines, &names, &mut random);
    learner.set_reject(threshold);
    for epoch in 0..EPOCHS {
        learner.set_rate(knob("RATE", 0.1) * (1.0 - 0.8 * epoch as f32 / EPOCHS as f32));
        random.shuffle(&mut lines);
        let every = lines.len() / SYNTHETIC_LINES;
        for (i, line) in lines.iter().enumerate() {
            learner.learn(&substituted(line, &names, &mut random), &words);
            if i % every == 0 {
                learner.learn(&synth.line(&mut random), &words);
            }
        }
        eprintln!("epoch {} done", epoch + 1);
    }
    let model = learner.quantised(words);
    let scores = eval::model_table(dir, &model, 0);
    eprint!("{scores}");
    let mut header = String::new();
    let _ = writeln!(
        header,
        "by: train_names train DATA_DIR DICT.txt MODEL.bin {date}"
    );
    let _ = writeln!(header, "date: {date}");
    let _ = writeln!(
        header,
        "data: gold train files, news1998 x0.3, silver files, synthetic records; jieba 0.42.1 words"
    );
    let _ = write!(
        header,
        "development scores, model alone, Chinese-style names:\n{scores}"
    );
    std::fs::write(out, model.to_bytes(&header)).expect("the model can be written");
}

/// The start score that all but one in [`GATE_LOSS`] names reach.
fn gate_threshold(
    learner: &mut Learner,
    lines: &[Line],
    names: &Names,
    random: &mut Random,
) -> f32 {
    let (mut right, mut other) = (Vec::new(), Vec::new());
    for line in lines.iter().step_by(7) {
        let line = substituted(line, names, random);
        learner.gate_scores(&line, &mut right, &mut other);
    }
    right.sort_by(f32::total_cmp);
    let threshold = right[right.len() / GATE_LOSS];
    let kept = other.iter().filter(|s| **s >= threshold).count();
    eprintln!(
        "gate at {threshold}: {kept} of {} other positions pass, {} names",
        other.len(),
        right.len()
    );
    threshold
}

/// The line with seven in ten of its names replaced by invented ones.
fn substituted(line: &Line, names: &Names, random: &mut Random) -> Line {
    let mut text = String::with_capacity(line.text.len());
    let mut spans: Vec<(usize, usize, Tag)> = Vec::with_capacity(line.spans.len());
    let mut at = 0;
    let mut order: Vec<_> = line.spans.clone();
    order.sort_unstable_by_key(|s| (s.0, s.1));
    for (start, end, tag) in order {
        if start < at {
            // Nested spans: rare; the inner one is dropped with its text kept.
            continue;
        }
        text.push_str(&line.text[at..start]);
        let from = text.len();
        let old = &line.text[start..end];
        if tag == Tag::Name && random.chance(70) {
            let name = names.usual(random);
            let traditional = old
                .chars()
                .any(|c| miandan::detect::name::training::to_simplified(c) != c);
            text.push_str(&if traditional {
                names.traditional(&name)
            } else {
                name
            });
        } else {
            text.push_str(old);
        }
        spans.push((from, text.len(), tag));
        at = end;
    }
    text.push_str(&line.text[at..]);
    Line {
        text,
        spans,
        kinds: Vec::new(),
        weight: line.weight,
    }
}

/// The development sets through the whole scanner, names of full form at 0.5 and more.
fn scanner_table(dir: &Path) -> String {
    let scanner = miandan::Scanner::new().expect("the built-in rules");
    eval::table(dir, |text, out| {
        for f in scanner.scan(text.as_bytes()).iter() {
            if f.kind == Kind::Name
                && f.form == miandan::Form::Full
                && f.confidence.basis() >= 5_000
            {
                out.push((f.span.start, f.span.end));
            }
        }
    })
}

pub(crate) fn knob(name: &str, default: f32) -> f32 {
    std::env::var(name)
        .ok()
        .and_then(|v| v.parse().ok())
        .unwrap_or(default)
}
