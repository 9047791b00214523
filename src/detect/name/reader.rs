//! Names of a text as the model reads them: gate, score, decode.

use super::decode::{Decoder, Scored};
use super::gate::{Lexicon, Run, Shape, is_dot, runs, shapes};
use super::memo::Memo;
use super::model::Model;
use super::rules::{self, Found};
use crate::span::Span;

/// A string that the model takes for a name, or nearly.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Bytes in the text.
    pub span: Span,
    /// Characters of the surname.
    pub surname: usize,
    /// The model's score in milli-logits, less what the best overlapping alternative has.
    pub score: i32,
    /// Whether it is a whole run: no Han character before or after it.
    pub alone: bool,
}

/// Readings below this are not worth showing to the context.
const LOWEST: i32 = -1_500;

/// A reading that fills its run may still be lifted by a column of names or a header.
const LOWEST_ALONE: i32 = -6_000;

/// Buffers of one thread, for one model.
#[derive(Default)]
pub struct Reader {
    run: Run,
    work: Work,
}

#[derive(Default)]
struct Work {
    memo: Memo,
    shapes: Vec<Shape>,
    scored: Vec<Scored>,
    kept: Vec<bool>,
    decoder: Decoder,
}

impl Reader {
    /// Calls `found` with the readings of `text`, run by run; they do not overlap.
    pub fn read(&mut self, model: &Model, text: &str, found: impl FnMut(Reading)) {
        self.read_all(model, text, 0..text.len(), &[], found, None);
    }

    /// The same for the runs that start in `range` and do not lie wholly in one of the spans of `skip`, which are sorted, and
    /// what the rules find, into `partial`.
    pub fn read_all(
        &mut self,
        model: &Model,
        text: &str,
        range: std::ops::Range<usize>,
        skip: &[Span],
        mut found: impl FnMut(Reading),
        mut partial: Option<&mut Vec<Found>>,
    ) {
        let lexicon = Lexicon::get();
        let work = &mut self.work;
        runs(text, range, skip, &mut self.run, |run| {
            work.judge(model, lexicon, run);
            if !work.scored.is_empty() {
                work.report(run, &mut found);
            }
            if let Some(partial) = partial.as_deref_mut() {
                rules::look(lexicon, model.words(), text, run, partial);
            }
        });
    }
}

impl Work {
    fn judge(&mut self, model: &Model, lexicon: Lexicon, run: &Run) {
        self.scored.clear();
        if self.memo.recall(run, &mut self.scored) {
            return;
        }
        self.shapes.clear();
        let n = run.len();
        for start in run.starts() {
            // A run of name length is judged in full: only its field may know that it is a name.
            if start + 1 >= n || (start > 0 || n > 4) && !model.may_start(run, start) {
                continue;
            }
            shapes(lexicon, run, start, |shape| self.shapes.push(shape));
        }
        // What touches a middle dot is a part of a longer name.
        let (low, high) = (
            usize::from(is_dot(run.code(-1))),
            n - usize::from(is_dot(run.code(n as isize))),
        );
        for &shape in &self.shapes {
            if shape.start < low || shape.start + shape.len > high {
                continue;
            }
            let score = model.score(lexicon, run, shape);
            let alone = shape.len == n;
            if score > if alone { LOWEST_ALONE } else { LOWEST } {
                self.scored.push(Scored {
                    start: shape.start,
                    end: shape.start + shape.len,
                    surname: shape.surname,
                    score,
                });
            }
        }
        self.memo.keep(run, &self.scored);
    }

    fn report(&mut self, run: &Run, found: &mut impl FnMut(Reading)) {
        self.decoder.decode(run.len(), &self.scored, &mut self.kept);
        let mut free_from = 0;
        for i in 0..self.scored.len() {
            let c = self.scored[i];
            let rival = self.rival(i);
            if self.kept[i] {
                free_from = c.end;
                found(reading(run, c, c.score - rival.max(0)));
            } else if c.score <= 0 && c.start >= free_from && rival <= c.score {
                free_from = c.end;
                found(reading(run, c, c.score));
            }
        }
    }

    /// The highest score among the candidates that overlap candidate `i`; `i32::MIN` without one.
    fn rival(&self, i: usize) -> i32 {
        let c = self.scored[i];
        // At most four characters and three shapes a start: a dozen candidates on either side can touch it.
        let low = i.saturating_sub(12);
        let high = (i + 13).min(self.scored.len());
        (low..high)
            .filter(|j| *j != i)
            .map(|j| self.scored[j])
            .filter(|o| o.start < c.end && c.start < o.end)
            .map(|o| o.score)
            .max()
            .unwrap_or(i32::MIN)
    }
}

fn reading(run: &Run, c: Scored, score: i32) -> Reading {
    Reading {
        span: Span::new(run.offsets[c.start], run.offsets[c.end]),
        surname: c.surname,
        score,
        alone: c.end - c.start == run.len(),
    }
}
