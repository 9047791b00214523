//! Training: gate and candidate scores from labelled and invented lines, and the model's file.

use std::fmt::Write;
use std::path::Path;

use miandan::detect::name::features::part;
use miandan::detect::name::lexicon::code_of;
use miandan::detect::name::model::Model;
use miandan::detect::name::training::to_simplified;
use miandan::detect::name::words::Words;
use miandan::text::class::is_han;

use crate::data::{self, Line, Tag};
use crate::layouts::held_out;
use crate::learn::Learner;
use crate::names::Names;
use crate::parts::Part;
use crate::random::Random;
use crate::synth::Synth;
use crate::written::Written;
use crate::{calibrate, cuttings, eval};

const EPOCHS: usize = 8;
/// Trainings from nothing, each with lines and names in another order; the model is their mean, which swings less.
const ROUNDS: usize = 6;
const GATE_EPOCHS: usize = 2;
/// First learning rate; it falls to a fifth.
const RATE: f32 = 0.3;
/// Percentage of names that are replaced by invented ones, so that the model learns how names are made and not who is in the news.
const SUBSTITUTED: usize = 12;
const SYNTHETIC_LINES: usize = 40_000;
/// One in so many words that hands wrote is none to the filter while a model is trained, others in each training: other texts have words
/// that nobody wrote down.
const UNKNOWN: usize = 3;
/// Share of names that the gate may lose, as one in so many.
const GATE_LOSS: usize = 100;
/// The limit where there is no gate.
const NO_LIMIT: f32 = -10_000.0;

/// What is trained with, where that is not everything.
#[derive(Clone, Copy, Default)]
pub(crate) struct Plan {
    /// A part of the model or of the training that is left out.
    pub(crate) left_out: Option<&'static Part>,
    /// A hand whose written text is left out.
    pub(crate) without: Option<usize>,
    /// Whether the words of the sets for measuring are left out wherever they come from.
    pub(crate) apart: bool,
}

impl Plan {
    /// `leave PART`, `without HAND`, `apart`, in any order.
    pub(crate) fn of(mut words: &[&str]) -> Option<Plan> {
        let mut plan = Plan::default();
        loop {
            words = match words {
                [] => return Some(plan),
                ["leave", part, rest @ ..] => {
                    plan.left_out = Some(Part::named(part)?);
                    rest
                }
                ["without", hand, rest @ ..] => {
                    plan.without = Some(hand.parse().ok()?);
                    rest
                }
                ["apart", rest @ ..] => {
                    plan.apart = true;
                    rest
                }
                _ => return None,
            };
        }
    }

    /// Whether it leaves out the part of this name.
    pub(crate) fn leaves(&self, part: &str) -> bool {
        self.left_out.is_some_and(|left| left.name == part)
    }

    fn bits(&self) -> u64 {
        self.left_out.map_or(0, |part| part.bits)
    }
}

/// Dictionary words of two to four Han characters that are not names: text, frequency. Half of what the dictionary calls a name is
/// none (西红柿, 安全措施): such words count, as rare ones, where `lines` have them and hardly ever as a name.
pub(crate) fn read_words(dict: &str, lines: &[Line]) -> Vec<(String, u32)> {
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

/// Words for invented lines: common ones.
pub(crate) fn common_words(list: &[(String, u32)], apart: bool) -> Vec<String> {
    list.iter()
        .filter(|(w, n)| *n >= 50 && w.chars().count() <= 3)
        .filter(|(w, _)| !(apart && held_out(w)))
        .map(|(w, _)| w.clone())
        .collect()
}

pub(crate) fn train(dir: &Path, dict: &str, out: &str, date: &str, plan: Plan) {
    let mut lines = data::training(dir);
    let list = read_words(dict, &lines);
    let common = common_words(&list, plan.apart);
    let written = Written::for_training(&plan);
    let names = Names::new(&common, &written.names);
    let synth = Synth::new(&names, &common, &list, &lines, &written, plan.apart);
    eprintln!("{} lines, {} words", lines.len(), list.len());
    let made = if plan.leaves("made-lines") {
        0
    } else {
        SYNTHETIC_LINES
    };
    let substituted = |line: &Line, random: &mut Random| {
        let share = if plan.leaves("substitution") {
            0
        } else {
            SUBSTITUTED
        };
        with_invented(line, share, &names, random)
    };
    let rounds = if plan.leaves("mean") { 1 } else { ROUNDS };
    let mut random = Random::new(20_26);
    let mut learner = Learner::new(plan.bits());
    random.shuffle(&mut lines);
    let (held_out, others) = lines.split_at(lines.len() / 8);
    for _ in 0..GATE_EPOCHS {
        let invented: Vec<Line> = (0..made).map(|_| synth.line(&mut random)).collect();
        let mut order: Vec<&Line> = others.iter().chain(&invented).collect();
        random.shuffle(&mut order);
        for line in order {
            learner.learn_gate(&substituted(line, &mut random));
        }
    }
    let reject = gate_limit(&mut learner, held_out, |line| {
        substituted(line, &mut random)
    });
    learner.set_reject(if plan.bits() & part::GATE == 0 {
        reject
    } else {
        NO_LIMIT
    });
    for round in 0..rounds {
        learner.restart();
        let words = filter(&list, &written, |i| i % UNKNOWN == round % UNKNOWN);
        for epoch in 0..EPOCHS {
            learner.set_rate(RATE * (1.0 - 0.8 * epoch as f32 / EPOCHS as f32));
            random.shuffle(&mut lines);
            let every = lines.len() / SYNTHETIC_LINES;
            for (i, line) in lines.iter().enumerate() {
                learner.learn(&substituted(line, &mut random), &words);
                if made > 0 && i % every == 0 {
                    learner.learn(&synth.line(&mut random), &words);
                }
            }
            if epoch >= EPOCHS / 2 && (rounds > 1 || epoch + 1 == EPOCHS) {
                learner.remember();
            }
            eprintln!("round {} epoch {} done", round + 1, epoch + 1);
        }
    }
    let model = learner.quantised(filter(&list, &written, |_| false));
    match plan.left_out {
        None => finish(dir, model, out, date),
        // Nothing but `worth` reads it.
        Some(part) => write(&model, out, &format!("without {}", part.name)),
    }
}

/// The filter of the dictionary's words, and of those that hands wrote but for what is `unknown`, by their number.
fn filter(list: &[(String, u32)], written: &Written, unknown: impl Fn(usize) -> bool) -> Words {
    let mut words = Words::empty();
    let codes = |word: &str| -> Vec<u16> { word.chars().map(code_of).collect() };
    for (word, count) in list {
        words.insert(&codes(word), *count >= COMMON);
    }
    for (i, word) in written.words.iter().enumerate() {
        let han = word.chars().all(is_han) && (2..=4).contains(&word.chars().count());
        if han && !unknown(i) {
            words.insert(&codes(word), true);
        }
    }
    words
}

pub(crate) fn read_model(file: &str) -> Model {
    let model = std::fs::read(file).ok().and_then(|b| Model::parse(&b));
    model.expect("a readable model")
}

/// Fits what the scores of a model are worth and writes it.
pub(crate) fn finish(dir: &Path, model: Model, out: &str, date: &str) {
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
    write(&model, out, &header);
}

fn write(model: &Model, out: &str, header: &str) {
    std::fs::write(out, model.to_bytes(header)).expect("the model can be written");
}

/// The gate's score that all but one in [`GATE_LOSS`] names reach.
fn gate_limit(
    learner: &mut Learner,
    lines: &[Line],
    mut substituted: impl FnMut(&Line) -> Line,
) -> f32 {
    let (mut right, mut other) = (Vec::new(), Vec::new());
    for line in lines {
        let line = substituted(line);
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

/// The line with a share of its names, in percent, replaced by invented ones.
fn with_invented(line: &Line, share: usize, names: &Names, random: &mut Random) -> Line {
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
        if tag == Tag::Name && random.chance(share) {
            let name = names.usual(random);
            let traditional = old.chars().any(|c| to_simplified(c) != c);
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
