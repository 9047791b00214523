//! What the parts of the model and of its training are worth: models that were trained without one, what they find, and how fast.

use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

use miandan::detect::name::features::part::{self, templates};
use miandan::detect::name::gate;
use miandan::detect::name::model::Model;
use miandan::detect::name::reader::Reader;
use miandan::detect::name::words::CELLS;

use crate::data::{self, DEV, Line};
use crate::eval::{self, Counts};
use crate::layouts;

/// Something that a model can be without.
pub(crate) struct Part {
    pub(crate) name: &'static str,
    /// What of the features it is; 0 where it is of training.
    pub(crate) bits: u64,
    counts: fn(&Model, &[Line]) -> Counts,
    read: fn(&Model) -> Box<Read<'_>>,
}

/// Reads a text; returns how much was found.
type Read<'m> = dyn FnMut(&str) -> usize + 'm;

/// Words that touch the border of a name and those within it.
const WORDS: u64 = part::WORDS | templates([50, 51, 52, 53, 55, 56, 57, 58, 60]);
/// Pairs and triples of the name's characters.
const CHARACTERS: u64 = templates([12, 13, 16]);
/// How common characters are as surnames and in their places of given names.
const PLACES: u64 = templates([31, 32, 33, 44, 45, 55]);
/// The characters beside the name.
const NEIGHBOURS: u64 = templates([17, 18, 20, 21, 23, 25, 26]);
/// Their classes, and where in its run the name stands.
const CLASSES: u64 = templates([34, 38, 42, 43, 45, 46]);

const PARTS: [Part; 14] = [
    Part::of::<0>("nothing"),
    Part::of::<CHARACTERS>("characters"),
    Part::of::<PLACES>("places"),
    Part::of::<NEIGHBOURS>("neighbours"),
    Part::of::<CLASSES>("classes"),
    Part::of::<{ NEIGHBOURS | CLASSES }>("beside"),
    Part::of::<WORDS>("words"),
    Part::of::<{ part::WHOLE_RUNS }>("whole-runs"),
    Part::of::<{ part::GATE }>("gate"),
    Part::of::<{ part::MEMORY }>("memory"),
    Part::of::<0>("mean"),
    Part::of::<0>("substitution"),
    Part::of::<0>("written-text"),
    Part::of::<0>("made-lines"),
];

impl Part {
    const fn of<const BITS: u64>(name: &'static str) -> Part {
        Part {
            name,
            bits: BITS,
            counts: eval::counts::<BITS>,
            read: reading::<BITS>,
        }
    }

    pub(crate) fn named(name: &str) -> Option<&'static Part> {
        PARTS.iter().find(|part| part.name == name)
    }

    /// Bytes of the tables that are read.
    fn bytes(&self, model: &[u8]) -> usize {
        let without = |bit: u64, bytes| if self.bits & bit == 0 { 0 } else { bytes };
        model.len() - without(part::WORDS, 8 * CELLS) - without(part::GATE, 1 << gate::BITS)
    }
}

/// Reads as the detector does, rules included, in pages of a scan's size.
fn reading<const LEFT_OUT: u64>(model: &Model) -> Box<Read<'_>> {
    let mut reader = Reader::<LEFT_OUT>::default();
    let mut rules = Vec::new();
    Box::new(move |text| {
        let (mut found, mut rest) = (0, text);
        while !rest.is_empty() {
            let page;
            (page, rest) = rest.split_at(rest.ceil_char_boundary(PAGE));
            rules.clear();
            let range = 0..page.len();
            reader.read_all(model, page, range, &[], |_| found += 1, Some(&mut rules));
            found += rules.len();
        }
        found
    })
}

const PAGE: usize = 128 * 1024;

/// How often every text is read with every model, in turns; the quickest counts.
const TURNS: usize = 25;

/// The parts of which a model lies in `models`, as `PART.bin`.
pub(crate) fn worth(dir: &Path, models: &Path, texts: &[&str]) -> String {
    let sets: Vec<(&str, Vec<Line>)> = DEV
        .iter()
        .map(|name| (*name, data::development(dir, name)))
        .collect();
    let layouts: Vec<Line> = layouts::ordinary(6_000)
        .iter()
        .flat_map(|set| set.lines())
        .filter_map(|line| data::labelled(line, &|_| 1.0))
        .collect();
    let texts: Vec<String> = texts
        .iter()
        .map(|file| std::fs::read_to_string(file).expect("a text to read"))
        .collect();
    let mut trained = Vec::new();
    for part in &PARTS {
        let file = models.join(format!("{}.bin", part.name));
        if let Ok(bytes) = std::fs::read(&file) {
            let model = Model::parse(&bytes).expect("a readable model");
            trained.push((part, bytes, model));
        }
    }
    let speeds = speeds(&trained, &texts);
    let mut out = String::from(
        "without         F1     hits/1000  records F1  layouts F1  MB/s of each text; KiB; weights that are not 0\n",
    );
    for ((part, bytes, model), speeds) in trained.iter().zip(speeds) {
        let (mut real, mut records) = (Counts::default(), Counts::default());
        for (name, lines) in &sets {
            let of = if *name == "records_synth" {
                &mut records
            } else {
                &mut real
            };
            of.add(&(part.counts)(model, lines));
        }
        let unseen = (part.counts)(model, &layouts);
        let _ = write!(
            out,
            "{:14} {:6.2} {:6.1} {:12.2} {:11.2}  ",
            part.name,
            real.f1(),
            real.hits(),
            records.f1(),
            unseen.f1(),
        );
        for speed in speeds {
            let _ = write!(out, " {speed:6.0}");
        }
        let weights = model.weights();
        let _ = writeln!(out, " {:6} {weights:8}", part.bytes(bytes) / 1024);
    }
    out
}

/// Megabytes a second of each model in each text.
fn speeds(trained: &[(&Part, Vec<u8>, Model)], texts: &[String]) -> Vec<Vec<f64>> {
    let readers = trained.iter().map(|(part, _, model)| (part.read)(model));
    let mut readers: Vec<Box<Read<'_>>> = readers.collect();
    let mut best = vec![vec![f64::MAX; texts.len()]; readers.len()];
    for _ in 0..TURNS {
        for (read, best) in readers.iter_mut().zip(&mut best) {
            for (text, best) in texts.iter().zip(best) {
                let start = Instant::now();
                std::hint::black_box(read(text));
                *best = best.min(start.elapsed().as_secs_f64());
            }
        }
    }
    for best in &mut best {
        for (text, best) in texts.iter().zip(best) {
            *best = text.len() as f64 / 1e6 / *best;
        }
    }
    best
}
