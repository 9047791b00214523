//! Labelled lines: reading the JSONL corpora.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::GzDecoder;
use serde::Deserialize;

/// What a labelled span is to the trainer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    /// A Chinese-style name.
    Name,
    /// A minority name with a middle dot: found by rule.
    Minority,
    /// Neither right nor wrong: unsure labels and foreign names.
    Skip,
    /// A surname or given name alone, a nickname: not a name to the model, nor the span itself a counter-example.
    Other,
}

/// A labelled line; spans are byte ranges.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) spans: Vec<(usize, usize, Tag)>,
    pub(crate) weight: f32,
}

#[derive(Deserialize)]
struct RawLine {
    text: String,
    entities: Vec<RawSpan>,
}

#[derive(Deserialize)]
struct RawSpan {
    label: String,
    start: usize,
    end: usize,
    #[serde(default)]
    style: String,
}

/// Reads a gzip JSONL file; `weigh` gives the loss weight of a line from whether it has spans.
pub(crate) fn read(path: &Path, weigh: impl Fn(bool) -> f32) -> Vec<Line> {
    let file = File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    lines
        .map_while(Result::ok)
        .filter_map(|l| labelled(&l, &weigh))
        .collect()
}

/// A line of JSON with its labels.
pub(crate) fn labelled(json: &str, weigh: &impl Fn(bool) -> f32) -> Option<Line> {
    Some(line(serde_json::from_str(json).ok()?, weigh))
}

/// A set for choosing settings.
pub(crate) fn development(dir: &Path, name: &str) -> Vec<Line> {
    read(&dir.join(format!("dev.{name}.jsonl.gz")), |_| 1.0)
}

fn line(raw: RawLine, weigh: &impl Fn(bool) -> f32) -> Line {
    let mut offsets: Vec<usize> = raw.text.char_indices().map(|(i, _)| i).collect();
    offsets.push(raw.text.len());
    let mut spans = Vec::new();
    for s in &raw.entities {
        let (Some(&start), Some(&end)) = (offsets.get(s.start), offsets.get(s.end)) else {
            continue;
        };
        let tag = match (s.label.as_str(), s.style.as_str()) {
            ("UNSURE", _) | (_, "foreign") => Tag::Skip,
            ("PERSON_PARTIAL", _) | (_, "other") => Tag::Other,
            (_, "minority") => Tag::Minority,
            _ => Tag::Name,
        };
        spans.push((start, end, tag));
    }
    let weight = weigh(!spans.is_empty());
    Line {
        text: raw.text,
        spans,
        weight,
    }
}

/// Training files with their loss weights: gold 1, hand-tagged 1998 news 0.3, machine-labelled text less.
pub(crate) fn training(dir: &Path) -> Vec<Line> {
    let gold = [
        "cluener",
        "msra",
        "records_synth",
        "resume",
        "taobao_titles",
        "uner_gsd_trad",
        "youku",
    ];
    let silver = [
        "chat", "product", "review", "trad", "webnews", "weibo", "wiki",
    ];
    let mut lines = Vec::new();
    for name in gold {
        lines.extend(read(&dir.join(format!("train.{name}.jsonl.gz")), |_| 1.0));
    }
    lines.extend(read(&dir.join("silver.news1998.jsonl.gz"), |_| 0.3));
    lines.extend(read(&dir.join("silver.biography.jsonl.gz"), |_| 0.15));
    for name in silver {
        let weigh = |spans| if spans { 0.4 } else { 0.8 };
        lines.extend(read(&dir.join(format!("silver.{name}.jsonl.gz")), weigh));
    }
    lines
}

/// Files for choosing settings.
pub(crate) const DEV: [&str; 7] = [
    "cluener",
    "msra_sample",
    "peoples_daily",
    "records_synth",
    "resume",
    "uner_gsd_trad",
    "youku",
];
