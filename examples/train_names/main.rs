//! Trains the name model and measures it.
//!
//! ```text
//! train_names train DATA_DIR DICT.txt MODEL.bin DATE    DICT.txt: jieba 0.42.1 (MIT)
//! train_names train … DATE without HAND                 the same without what one hand of `written.txt` wrote
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
mod phrases;
mod random;
mod stock;
mod streets;
mod synth;
mod tables;
mod third;
mod touched;
mod values;
mod written;

use std::fmt::Write;
use std::path::Path;

use miandan::anchor::View;
use miandan::detect::Detector;
use miandan::detect::name::NameDetector;
use miandan::detect::name::lexicon::code_of;
use miandan::detect::name::model::Model;
use miandan::detect::name::words::Words;
use miandan::{Finding, Form, Kind, Scanner};

use data::{Line, Tag};
use learn::Learner;
use names::Names;
use random::Random;
use synth::Synth;
use written::Written;

const EPOCHS: usize = 8;
/// Trainings from nothing, each with lines and names in another order; the model is their mean, which swings less.
const ROUNDS: usize = 6;
const GATE_EPOCHS: usize = 2;
/// First learning rate; it falls to a fifth.
const RATE: f32 = 0.3;
/// Percentage of names that are replaced by invented ones, so that the model learns how names are made and not who is in the news.
const SUBSTITUTED: usize = 12;
const SYNTHETIC_LINES: usize = 40_000;
/// Share of names that the gate may lose, as one in so many.
const GATE_LOSS: usize = 100;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["train", dir, dict, out, date] => train(Path::new(dir), dict, out, date, None),
        ["train", dir, dict, out, date, "without", hand] => {
            let hand = hand.parse().expect("the number of a hand");
            train(Path::new(dir), dict, out, date, Some(hand));
        }
        ["calibrate", dir, file, out, date] => finish(Path::new(dir), read_model(file), out, date),
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
            let model = read_model(file);
            for margin in [0, 500, 1000] {
                println!("margin {margin}");
                print!("{}", eval::model_table(Path::new(dir), &model, margin));
            }
        }
        _ => eprintln!("see the head of examples/train_names/main.rs"),
    }
}

/// Dictionary words of two to four Han characters that are not names: text, frequency. Half of what the dictionary calls a name is
/// none (西红柿, 安全措施): such words count, as rare ones, where `lines` have them and hardly ever as a name.
fn read_words(dict: &str, lines: &[Line]) -> Vec<(String, u32)> {
    let text = std::fs::read_to_string(dict).expect("the dictionary");
    let entries: Vec<(&str, u32, bool)> = text
        .lines()
        .filter_map(|l| {
            let mut cells = l.split(' ');
            let (word, count, tag) = (cells.next()?, cells.next()?, cells.next()?);
            let n = word.chars().count();
            let han = word.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
            let kept = han && (2..=4).contains(&n);
            kept.then(|| (word, count.parse().unwrap_or(0), tag.starts_with("nr")))
        })
        .collect();
    let uses = cuttings::uses(lines, &entries.iter().map(|e| e.0).collect());
    let is_word = |word: &str| {
        let use_of = uses.get(word).copied().unwrap_or_default();
        use_of.plain >= 2 && use_of.plain > 8 * use_of.named
    };
    entries
        .into_iter()
        .filter(|(word, _, name)| !name || is_word(word))
        .map(|(word, count, name)| {
            (
                word.to_owned(),
                if name { count.min(COMMON - 1) } else { count },
            )
        })
        .collect()
}

/// A word that the dictionary has so often or more is a common one.
const COMMON: u32 = 100;

/// Words for invented lines: common ones, but for those that the lines for measuring have.
fn common_words(list: &[(String, u32)]) -> Vec<String> {
    list.iter()
        .filter(|(w, n)| *n >= 50 && w.chars().count() <= 3)
        .filter(|(w, _)| !layouts::held_out(w))
        .map(|(w, _)| w.clone())
        .collect()
}

/// Invented lines as labelled JSON Lines; others than training makes.
fn synthetic(dir: &Path, dict: &str, lines: usize) -> String {
    let lines_read = data::training(dir);
    let list = read_words(dict, &lines_read);
    let common = common_words(&list);
    let written = Written::for_training(None);
    let names = Names::new(&common, &written.names);
    let synth = Synth::new(&names, &common, &list, &lines_read, &written);
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

fn train(dir: &Path, dict: &str, out: &str, date: &str, without: Option<usize>) {
    let mut lines = data::training(dir);
    let list = read_words(dict, &lines);
    let mut words = Words::empty();
    for (word, count) in &list {
        let codes: Vec<u16> = word.chars().map(code_of).collect();
        words.insert(&codes, *count >= COMMON);
    }
    let common = common_words(&list);
    let written = Written::for_training(without);
    let names = Names::new(&common, &written.names);
    let synth = Synth::new(&names, &common, &list, &lines, &written);
    eprintln!("{} lines, {} words", lines.len(), list.len());
    let mut random = Random::new(20_26);
    let mut learner = Learner::new();
    random.shuffle(&mut lines);
    let (held_out, others) = lines.split_at(lines.len() / 8);
    for _ in 0..GATE_EPOCHS {
        let made: Vec<Line> = (0..SYNTHETIC_LINES)
            .map(|_| synth.line(&mut random))
            .collect();
        let mut order: Vec<&Line> = others.iter().chain(&made).collect();
        random.shuffle(&mut order);
        for line in order {
            learner.learn_gate(&substituted(line, &names, &mut random));
        }
    }
    let reject = gate_limit(&mut learner, held_out, &names, &mut random);
    learner.set_reject(reject);
    for round in 0..ROUNDS {
        learner.restart();
        for epoch in 0..EPOCHS {
            learner.set_rate(RATE * (1.0 - 0.8 * epoch as f32 / EPOCHS as f32));
            random.shuffle(&mut lines);
            let every = lines.len() / SYNTHETIC_LINES;
            for (i, line) in lines.iter().enumerate() {
                learner.learn(&substituted(line, &names, &mut random), &words);
                if i % every == 0 {
                    learner.learn(&synth.line(&mut random), &words);
                }
            }
            if epoch >= EPOCHS / 2 {
                learner.remember();
            }
            eprintln!("round {} epoch {} done", round + 1, epoch + 1);
        }
    }
    finish(dir, learner.quantised(words), out, date);
}

fn read_model(file: &str) -> Model {
    let model = std::fs::read(file).ok().and_then(|b| Model::parse(&b));
    model.expect("a readable model")
}

/// Fits what the scores of a model are worth and writes it.
fn finish(dir: &Path, model: Model, out: &str, date: &str) {
    let (model, calibration) = calibrate::calibrated(dir, model);
    eprint!("{calibration}");
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
        "development scores, model alone, Chinese-style names:\n{scores}{calibration}"
    );
    std::fs::write(out, model.to_bytes(&header)).expect("the model can be written");
}

/// The gate's score that all but one in [`GATE_LOSS`] names reach.
fn gate_limit(learner: &mut Learner, lines: &[Line], names: &Names, random: &mut Random) -> f32 {
    let (mut right, mut other) = (Vec::new(), Vec::new());
    for line in lines {
        let line = substituted(line, names, random);
        learner.gate_scores(&line, &mut right, &mut other);
    }
    right.sort_by(f32::total_cmp);
    let limit = right[right.len() / GATE_LOSS];
    let pass = other.iter().filter(|s| **s >= limit).count();
    eprintln!(
        "gate at {limit}: {pass} of {} other positions pass, {} names",
        other.len(),
        right.len()
    );
    limit
}

/// The line with [`SUBSTITUTED`] percent of its names replaced by invented ones.
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
        if tag == Tag::Name && random.chance(SUBSTITUTED) {
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
        weight: line.weight,
    }
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
