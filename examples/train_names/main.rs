//! Trains the name model and measures it.
//!
//! ```text
//! train_names train DATA_DIR DICT.txt MODEL.bin DATE    DICT.txt: jieba 0.42.1 (MIT)
//! train_names train … DATE without HAND                 the same without what one hand of `written.txt` wrote
//! train_names train … DATE apart                        the same without any word that the sets for measuring have
//! train_names train … DATE leave PART                   the same without a part of the model or of the training
//! train_names worth DATA_DIR MODELS_DIR TEXT...         what each part is worth: `PART.bin` for each, speed on texts
//! train_names calibrate DATA_DIR MODEL.bin OUT.bin DATE what the scores of a trained model are worth, fitted anew
//! train_names eval DATA_DIR                             the shipped model, through the scanner
//! train_names errors DATA_DIR SET                       what the scanner gets wrong in one development set
//! train_names partials DATA_DIR                         partial and masked names: errors and F1
//! train_names speed DATA_DIR                            megabytes a second of the detector, one thread
//! train_names layouts [fresh] [ordinary] LINES          labelled record lines in layouts not trained on, for `miandan eval`
//! train_names layouts third LINES                       the same in layouts with ordinary cells that were written later
//! train_names layouts fourth LINES                      and in layouts that were written after that
//! train_names layouts fifth|sixth LINES                 and in what two others wrote who saw neither program nor training text
//! train_names layouts hand HAND LINES                   in what one hand wrote for training
//! train_names synthetic DATA_DIR DICT.txt LINES         labelled record lines such as training has, for `fit_weights`
//! train_names tables                                    names in whole documents of layouts not trained on
//! train_names model DATA_DIR MODEL.bin                  a model alone, without context
//! train_names whole MODEL.bin SET...                    labelled texts through a scanner with a model: a line for each
//! ```
//! The same inputs give the same bytes.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod calibrate;
mod cuttings;
mod data;
mod eval;
mod fourth;
mod fresh;
mod layouts;
mod learn;
mod marks;
mod names;
mod ordinary;
mod parts;
mod phrases;
mod random;
mod stock;
mod streets;
mod synth;
mod tables;
mod third;
mod touched;
mod train;
mod values;
mod whole;
mod written;

use std::fmt::Write;
use std::path::Path;

use miandan::anchor::View;
use miandan::detect::Detector;
use miandan::detect::name::NameDetector;
use miandan::{Finding, Form, Kind, Scanner};

use data::Tag;
use names::Names;
use random::Random;
use synth::Synth;
use train::Plan;
use written::Written;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["train", dir, dict, out, date, ref plan @ ..] => match Plan::of(plan) {
            Some(plan) => train::train(Path::new(dir), dict, out, date, plan),
            None => eprintln!("no such way to train: {}", plan.join(" ")),
        },
        ["worth", dir, models, ref texts @ ..] => {
            print!("{}", parts::worth(Path::new(dir), Path::new(models), texts));
        }
        ["calibrate", dir, file, out, date] => {
            train::finish(Path::new(dir), train::read_model(file), out, date);
        }
        ["eval", dir] => print!("{}", scanner_table(Path::new(dir))),
        ["errors", dir, set] => print!("{}", scanner_errors(Path::new(dir), set)),
        ["speed", dir] => speed(Path::new(dir)),
        ["layouts", ref set @ .., lines] => {
            let lines = lines.parse().expect("a number of lines");
            match layouts::asked_for(set, lines) {
                Some(text) => print!("{text}"),
                None => eprintln!("no such set: {}", set.join(" ")),
            }
        }
        ["synthetic", dir, dict, lines] => {
            let lines = lines.parse().expect("a number of lines");
            print!("{}", synthetic(Path::new(dir), dict, lines));
        }
        ["tables"] => print!("{}", tables::measured()),
        ["partials", dir] => print!("{}", partials(Path::new(dir))),
        ["model", dir, file] => {
            let model = train::read_model(file);
            for margin in [0, 500, 1000] {
                println!("margin {margin}");
                print!("{}", eval::model_table(Path::new(dir), &model, margin));
            }
        }
        ["whole", file, ref sets @ ..] => print!("{}", whole::measured(file, sets)),
        _ => eprintln!("see the head of examples/train_names/main.rs"),
    }
}

/// Invented lines as labelled JSON Lines; others than training makes.
fn synthetic(dir: &Path, dict: &str, lines: usize) -> String {
    let lines_read = data::training(dir);
    let list = train::read_words(dict, &lines_read);
    let common = train::common_words(&list, false);
    let written = Written::for_training(&Plan::default());
    let names = Names::new(&common, &written.names);
    let synth = Synth::new(&names, &common, &list, &lines_read, &written, false);
    let mut random = Random::new(4_711);
    let mut out = String::new();
    for i in 0..lines {
        let line = synth.line(&mut random);
        let chars = |byte: usize| line.text[..byte].chars().count();
        let spans: Vec<serde_json::Value> = line
            .spans
            .iter()
            .map(|s| {
                let (label, style) = match s.2 {
                    Tag::Name => ("PERSON", "han"),
                    Tag::Minority => ("PERSON", "minority"),
                    Tag::Skip => ("UNSURE", "ignore"),
                    Tag::Other => ("PERSON_PARTIAL", "other"),
                };
                serde_json::json!({"label": label, "start": chars(s.0), "end": chars(s.1), "style": style})
            })
            .collect();
        let id = format!("synthetic-{i}");
        let row = serde_json::json!({"id": id, "text": line.text, "entities": spans});
        let _ = writeln!(out, "{row}");
    }
    out
}

/// Names of full form at 0.5 and more, as the whole scanner sees them.
fn scan(scanner: &Scanner, text: &str, out: &mut Vec<(usize, usize)>) {
    let full = |f: &&Finding| f.kind == Kind::Name && f.form == Form::Full;
    out.extend(
        scanner
            .scan(text.as_bytes())
            .iter()
            .filter(full)
            .filter(|f| f.confidence.basis() >= 5_000)
            .map(|f| (f.span.start, f.span.end)),
    );
}

fn scanner_table(dir: &Path) -> String {
    let scanner = Scanner::new().expect("the built-in rules");
    eval::table(dir, |text, out| scan(&scanner, text, out))
}

/// Seconds that this thread has computed: other jobs on the machine do not count. Linux only.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat.split(' ').next().and_then(|n| n.parse::<f64>().ok());
    nanoseconds.unwrap_or(0.0) / 1e9
}

fn speed(dir: &Path) {
    let repeat = |text: String| text.repeat(10_000_000 / text.len());
    let lines = |file: &str| {
        let lines = data::read(&dir.join(file), |_| 1.0);
        repeat(lines.iter().map(|l| l.text.clone() + "\n").collect())
    };
    let texts = [
        ("records", lines("dev.records_synth.jsonl.gz")),
        ("prose", lines("dev.msra_sample.jsonl.gz")),
        ("surnames only", repeat("王李张刘陈杨黄赵吴周".to_owned())),
        ("roster", repeat("王建国李秀英张伟刘洋陈静".to_owned())),
        ("rare characters", repeat("𬭎𫖯㐱张𬱖".to_owned())),
        ("digits", repeat("18100000001,20260101,99.00\n".to_owned())),
    ];
    for (name, text) in &texts {
        let mut best = f64::MAX;
        let mut n = 0;
        for _ in 0..3 {
            let start = cpu_seconds();
            let mut out = Vec::new();
            // Pages of the size that the scanner hands over.
            let mut at = 0;
            while at < text.len() {
                let mut end = (at + (1 << 18)).min(text.len());
                while !text.is_char_boundary(end) {
                    end += 1;
                }
                NameDetector::new().detect(&View::new(&text[at..end]), &mut out);
                n += out.len();
                out.clear();
                at = end;
            }
            best = best.min(cpu_seconds() - start);
        }
        let rate = text.len() as f64 / 1e6 / best;
        println!(
            "{name:16} {rate:7.0} MB/s, {} candidates a MB",
            n as u64 * 1_000_000 / 3 / text.len() as u64
        );
    }
}

/// Names of every form in the synthetic partial names.
fn partials(dir: &Path) -> String {
    let scanner = Scanner::new().expect("the built-in rules");
    let (mut out, mut right, mut predicted, mut gold) = (String::new(), 0, 0, 0);
    for line in data::read(&dir.join("train.partials_synth.jsonl.gz"), |_| 1.0) {
        let found: Vec<(usize, usize)> = scanner
            .scan(line.text.as_bytes())
            .iter()
            .filter(|f| f.kind == Kind::Name && f.confidence.basis() >= 5_000)
            .map(|f| (f.span.start, f.span.end))
            .collect();
        let wanted: Vec<(usize, usize)> = line.spans.iter().map(|s| (s.0, s.1)).collect();
        right += found.iter().filter(|f| wanted.contains(f)).count();
        predicted += found.len();
        gold += wanted.len();
        if found != wanted {
            let text = |f: &(usize, usize)| line.text[f.0..f.1].to_owned();
            let (found, wanted): (Vec<_>, Vec<_>) = (
                found.iter().map(text).collect(),
                wanted.iter().map(text).collect(),
            );
            let _ = writeln!(out, "{found:?} for {wanted:?} | {}", line.text);
        }
    }
    let f1 = 200.0 * f64::from(right as u32) / f64::from((predicted + gold) as u32);
    let _ = writeln!(
        out,
        "F1 {f1:.1}: {right} right of {predicted}, {gold} wanted"
    );
    out
}

fn scanner_errors(dir: &Path, set: &str) -> String {
    let scanner = Scanner::new().expect("the built-in rules");
    let mut out = String::new();
    for line in data::read(&dir.join(format!("dev.{set}.jsonl.gz")), |_| 1.0) {
        let mut found = Vec::new();
        scan(&scanner, &line.text, &mut found);
        let is_gold = |f: &&(usize, usize)| line.spans.iter().any(|s| (s.0, s.1) == **f);
        for f in found.iter().filter(|f| !is_gold(f)) {
            let _ = writeln!(out, "wrong {} | {}", &line.text[f.0..f.1], line.text);
        }
        for s in line.spans.iter().filter(|s| s.2 == Tag::Name) {
            if !found.contains(&(s.0, s.1)) {
                let _ = writeln!(out, "missed {} | {}", &line.text[s.0..s.1], line.text);
            }
        }
    }
    out
}
