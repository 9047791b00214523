//! Names of a text as the model reads them: gate, score, decode.

use super::decode::{Decoder, Scored};
use super::features::part;
use super::lexicon::Lexicon;
use super::memo::{Key, Memo};
use super::model::{Model, Touch};
use super::rules::{self, Found};
use super::run::Run;
use super::site::Site;
use super::walk::{Take, walk};
use crate::span::Span;
use crate::table::region::{self, Tier};

/// A string that the model takes for a name, or nearly.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Bytes in the text.
    pub span: Span,
    /// Characters of the surname; 0 where it begins with no known one.
    pub surname: usize,
    /// The model's score in milli-logits, less what the best overlapping alternative has; not calibrated yet.
    pub score: i32,
    /// On how many sides Han characters touch it.
    pub touch: Touch,
    /// Whether it is a whole run and the name of a place.
    pub place: bool,
}

/// A reading of a run; positions are characters of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settled {
    pub(super) start: u16,
    pub(super) end: u16,
    pub(super) surname: u8,
    pub(super) place: bool,
    pub(super) score: i32,
}

/// Readings below this are not worth showing to the context.
const LOWEST: i32 = -1_500;

/// A reading that fills its run may still be lifted by a column of names or a header.
const LOWEST_ALONE: i32 = -6_000;

/// The same for a reading that begins with no known surname.
const LOWEST_UNLISTED: i32 = -4_000;

/// Characters of the longest name.
const LONGEST_NAME: u16 = 4;

/// Characters of the shortest name in full.
const SHORTEST_NAME: usize = 2;

/// Short runs that are looked up together, so that the memory of all of them is fetched at once: it lies far apart, and one after the
/// other they took a twentieth of a dense dump.
const TOGETHER: usize = 16;

/// Buffers of one thread, for one model, which lacks what is left out.
#[derive(Default)]
pub struct Reader<const LEFT_OUT: u64 = 0> {
    run: Run,
    short: ShortRuns,
    work: Work<LEFT_OUT>,
}

/// Short runs that wait to be looked up.
#[derive(Default)]
struct ShortRuns {
    memo: Memo,
    /// Each with its place in the text.
    waiting: Vec<(Key, usize)>,
    /// The one that is read again because it is not remembered.
    run: Run,
}

#[derive(Default)]
struct Work<const LEFT_OUT: u64> {
    scored: Vec<Scored>,
    kept: Vec<bool>,
    decoder: Decoder,
    settled: Vec<Settled>,
}

impl<const LEFT_OUT: u64> Reader<LEFT_OUT> {
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
        partial: Option<&mut Vec<Found>>,
    ) {
        let lexicon = Lexicon::get();
        let Reader { run, short, work } = self;
        let mut take = Taken {
            model,
            lexicon,
            text,
            short,
            work,
            found: &mut found,
            partial,
        };
        walk(text, range, skip, run, &mut take);
        take.settle();
    }
}

/// Where the runs of a text go.
struct Taken<'a, F, const LEFT_OUT: u64> {
    model: &'a Model,
    lexicon: Lexicon,
    text: &'a str,
    short: &'a mut ShortRuns,
    work: &'a mut Work<LEFT_OUT>,
    found: F,
    partial: Option<&'a mut Vec<Found>>,
}

impl<F: FnMut(Reading), const LEFT_OUT: u64> Take for Taken<'_, F, LEFT_OUT> {
    const SHORT: bool = LEFT_OUT & part::MEMORY == 0;

    #[inline]
    fn short(&mut self, key: Key, begin: usize) {
        self.short.waiting.push((key, begin));
        if self.short.waiting.len() == TOGETHER {
            self.settle();
        }
    }

    fn run(&mut self, run: &Run) {
        let named = run.len() >= SHORTEST_NAME;
        if let Some(key) = Key::of(self.lexicon, run).filter(|_| Self::SHORT && named) {
            self.short(key, run.offset(0));
            return;
        }
        self.settle();
        // In a single character only the rules may find a name.
        if named {
            self.work.read(self.model, self.lexicon, self.text, run);
            let offset = |at| run.offset(at);
            tell(self.work.settled(), run.len(), offset, &mut self.found);
        }
        if let Some(partial) = &mut self.partial {
            rules::look(self.lexicon, self.model.words(), self.text, run, partial);
        }
    }
}

impl<F: FnMut(Reading), const LEFT_OUT: u64> Taken<'_, F, LEFT_OUT> {
    /// Settles the readings of the waiting runs, or recalls them.
    fn settle(&mut self) {
        let (model, lexicon, text) = (self.model, self.lexicon, self.text);
        let ShortRuns { memo, waiting, run } = &mut *self.short;
        let work = &mut *self.work;
        memo.fetch(waiting.iter().map(|(key, _)| key));
        for (key, begin) in &*waiting {
            let begin = *begin;
            let known = memo.recall(key);
            let mut ruled = known.is_none_or(|entry| entry.ruled);
            if ruled {
                run.read_again(lexicon, text, begin);
                if let Some(partial) = &mut self.partial {
                    let before = partial.len();
                    rules::look(lexicon, model.words(), text, run, partial);
                    ruled = partial.len() > before || rules::look_beyond(lexicon, run);
                }
            }
            let offset = |at| begin + 3 * at;
            if let Some(entry) = known {
                tell(entry.settled(), key.len(), offset, &mut self.found);
            } else {
                work.read(model, lexicon, text, run);
                memo.keep(key, &work.settled, ruled);
                tell(work.settled(), key.len(), offset, &mut self.found);
            }
        }
        waiting.clear();
    }
}

/// Tells of readings of a run, given its number of characters and their byte offsets.
#[inline]
fn tell(
    settled: impl Iterator<Item = Settled>,
    len: usize,
    offset: impl Fn(usize) -> usize,
    found: &mut impl FnMut(Reading),
) {
    for r in settled {
        found(Reading {
            span: Span::new(offset(r.start.into()), offset(r.end.into())),
            surname: r.surname.into(),
            score: r.score,
            touch: Touch::new(r.start > 0, usize::from(r.end) < len),
            place: r.place,
        });
    }
}

impl<const LEFT_OUT: u64> Work<LEFT_OUT> {
    /// Settles the readings of a run.
    fn read(&mut self, model: &Model, lexicon: Lexicon, text: &str, run: &Run) {
        self.settled.clear();
        self.judge(model, lexicon, run);
        if !self.scored.is_empty() {
            self.settle();
        }
        for r in &mut self.settled {
            r.place = usize::from(r.end - r.start) == run.len()
                && is_place(&text[run.offset(r.start.into())..run.offset(r.end.into())]);
        }
    }

    fn settled(&self) -> impl Iterator<Item = Settled> + '_ {
        self.settled.iter().copied()
    }

    fn judge(&mut self, model: &Model, lexicon: Lexicon, run: &Run) {
        self.scored.clear();
        let n = run.len();
        // What touches a middle dot is a part of a longer name.
        let (low, high) = (
            usize::from(rules::follows_dot(lexicon, run)),
            n - usize::from(rules::precedes_dot(lexicon, run)),
        );
        for start in run.starts().iter().map(|at| usize::from(*at)) {
            if start < low || start + 2 > high {
                continue;
            }
            // A run of name length is judged in full: only its field may know that it is a name.
            let gated = (start > 0 || n > 4) && LEFT_OUT & part::GATE == 0;
            if gated && model.gate(run, start) < 0 {
                continue;
            }
            let words = (LEFT_OUT & part::WORDS == 0).then(|| model.words());
            let site = Site::new(lexicon, words, run, start);
            model.score_shapes::<LEFT_OUT>(&site, |shape, score| {
                let end = start + shape.len;
                if end > high {
                    return;
                }
                let surname = if site.begins_with_surname() {
                    shape.surname as u8
                } else {
                    0
                };
                let lowest = match (shape.len == n, surname > 0) {
                    (true, true) => LOWEST_ALONE,
                    (true, false) => LOWEST_UNLISTED,
                    _ => LOWEST,
                };
                if score > lowest {
                    self.scored.push(Scored {
                        start: start as u16,
                        end: end as u16,
                        surname,
                        score,
                    });
                }
            });
        }
    }

    fn settle(&mut self) {
        self.decoder.decode(&self.scored, &mut self.kept);
        let mut free_from = 0;
        for i in 0..self.scored.len() {
            let c = self.scored[i];
            let rival = self.rival(i);
            if self.kept[i] {
                free_from = c.end;
                self.settled.push(settled(c, c.score - rival.max(0)));
            } else if c.score <= 0 && c.start >= free_from && rival <= c.score {
                free_from = c.end;
                self.settled.push(settled(c, c.score));
            }
        }
    }

    /// The highest score among the candidates that overlap candidate `i`; `i32::MIN` without one.
    fn rival(&self, i: usize) -> i32 {
        let c = self.scored[i];
        // They are sorted by where they start.
        let (before, rest) = self.scored.split_at(i);
        let reaches = |o: &&Scored| o.start + LONGEST_NAME > c.start;
        let before = before.iter().rev().take_while(reaches);
        let behind = rest[1..].iter().take_while(|o| o.start < c.end);
        before
            .filter(|o| o.end > c.start)
            .chain(behind)
            .map(|o| o.score)
            .max()
            .unwrap_or(i32::MIN)
    }
}

fn settled(c: Scored, score: i32) -> Settled {
    Settled {
        start: c.start,
        end: c.end,
        surname: c.surname,
        place: false,
        score,
    }
}

/// Whether a string is the name of a province, city or county, or two of them: 黄岩, 安溪, 江苏徐州. Those of towns are often like
/// people's.
fn is_place(text: &str) -> bool {
    let named = |text: &str| {
        let name = region::lookup(text);
        name.is_some_and(|name| name.divisions().any(|d| d.tier != Tier::Town))
    };
    // Four characters, two for each.
    named(text)
        || matches!(text.split_at_checked(6), Some((a, b)) if b.len() == 6 && named(a) && named(b))
}
