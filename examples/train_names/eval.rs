//! Exact-span figures per development set.

use std::path::Path;

use miandan::detect::name::model::Model;
use miandan::detect::name::reader::Reader;

use crate::data::{self, DEV, Line, Tag};

#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) right: usize,
    pub(crate) predicted: usize,
    pub(crate) gold: usize,
    pub(crate) empty_lines: usize,
    pub(crate) false_hits: usize,
}

impl Counts {
    pub(crate) fn f1(&self) -> f64 {
        200.0 * self.right as f64 / (self.predicted + self.gold).max(1) as f64
    }

    /// False hits in 1,000 lines without a name.
    pub(crate) fn hits(&self) -> f64 {
        1000.0 * self.false_hits as f64 / self.empty_lines.max(1) as f64
    }

    pub(crate) fn add(&mut self, o: &Counts) {
        self.right += o.right;
        self.predicted += o.predicted;
        self.gold += o.gold;
        self.empty_lines += o.empty_lines;
        self.false_hits += o.false_hits;
    }
}

/// Counts a line; predictions that touch a foreign or minority name are ignored.
pub(crate) fn count(line: &Line, predicted: &[(usize, usize)], counts: &mut Counts) {
    let touches = |p: &(usize, usize), s: &(usize, usize, Tag)| p.0 < s.1 && s.0 < p.1;
    counts.gold += line.spans.iter().filter(|s| s.2 == Tag::Name).count();
    if line.spans.is_empty() {
        counts.empty_lines += 1;
        counts.false_hits += predicted.len();
    }
    for p in predicted {
        if line
            .spans
            .iter()
            .any(|s| *p == (s.0, s.1) && s.2 == Tag::Name)
        {
            counts.right += 1;
            counts.predicted += 1;
        } else if !line
            .spans
            .iter()
            .any(|s| matches!(s.2, Tag::Skip | Tag::Minority) && touches(p, s))
        {
            counts.predicted += 1;
        }
    }
}

/// Reads the development sets with the model alone; `margin` in milli-logits.
pub(crate) fn model_table(dir: &Path, model: &Model, margin: i32) -> String {
    table(dir, read_by::<0>(model, margin))
}

/// The names that a model without some parts reads.
fn read_by<const LEFT_OUT: u64>(
    model: &Model,
    margin: i32,
) -> impl FnMut(&str, &mut Vec<(usize, usize)>) {
    let mut reader = Reader::<LEFT_OUT>::default();
    move |text, out| {
        reader.read(model, text, |r| {
            if r.score > margin {
                out.push((r.span.start, r.span.end));
            }
        });
    }
}

/// What a model without some parts finds in lines.
pub(crate) fn counts<const LEFT_OUT: u64>(model: &Model, lines: &[Line]) -> Counts {
    counted(lines, read_by::<LEFT_OUT>(model, 0))
}

fn counted(lines: &[Line], mut find: impl FnMut(&str, &mut Vec<(usize, usize)>)) -> Counts {
    let mut counts = Counts::default();
    let mut predicted = Vec::new();
    for line in lines {
        predicted.clear();
        find(&line.text, &mut predicted);
        count(line, &predicted, &mut counts);
    }
    counts
}

/// The table of all development sets, names as `find` sees them.
pub(crate) fn table(dir: &Path, mut find: impl FnMut(&str, &mut Vec<(usize, usize)>)) -> String {
    let mut out = String::from("set              P     R     F1    hits/1000 name-free lines\n");
    let mut all = Counts::default();
    let mut real = Counts::default();
    for name in DEV {
        let counts = counted(&data::development(dir, name), &mut find);
        out += &row(name, &counts);
        all.add(&counts);
        if name != "records_synth" {
            real.add(&counts);
        }
    }
    out += &row("all", &all);
    out += &row("all but records", &real);
    out
}

fn row(name: &str, c: &Counts) -> String {
    format!(
        "{name:16} {:5.1} {:5.1} {:6.2} {:6.1} of {}\n",
        100.0 * c.right as f64 / c.predicted.max(1) as f64,
        100.0 * c.right as f64 / c.gold.max(1) as f64,
        c.f1(),
        c.hits(),
        c.empty_lines,
    )
}
