//! Short runs that were read before: dumps repeat their labels on every line, and reading one costs as much as reading a
//! name.

use super::reader::Settled;
use super::run::{PAD, Run};

/// Longest run that is remembered, in characters.
const LONGEST: usize = 4;

/// Most readings of such a run: they do not overlap, and none is shorter than two characters.
const MOST: usize = 2;

/// Sets of runs, each of which holds the last [`WAYS`] that came with its hash: 8,192 runs in 256 KB.
///
/// Besides labels, for which 256 runs would do, that holds the names that a dump repeats: half as many runs took a sixth off a scan of
/// 21,000 rows with 2,065 different names, as generated dumps have. Where all names differ nothing is won.
const SETS: u16 = 4096;
const WAYS: usize = 2;

/// A short run with its context and edges up to a fixed length, which is all that its readings depend on.
type Codes = [u16; LONGEST + 2 * PAD];

/// A reading of a short run in four bytes.
#[derive(Clone, Copy, Default)]
struct Short {
    /// The first character, and one past the last; zero where there is no reading.
    start_end: u8,
    /// Characters of the surname, and from [`PLACE`] on whether it is a place.
    surname: u8,
    /// Milli-logits.
    score: i16,
}

const PLACE: u8 = 0x80;

impl Short {
    /// `None` where the score is out of range.
    fn of(r: &Settled) -> Option<Short> {
        Some(Short {
            start_end: (r.start << 4 | r.end) as u8,
            surname: r.surname | if r.place { PLACE } else { 0 },
            score: i16::try_from(r.score).ok()?,
        })
    }

    fn settled(self) -> Settled {
        Settled {
            start: (self.start_end >> 4).into(),
            end: (self.start_end & 15).into(),
            surname: self.surname & !PLACE,
            place: self.surname & PLACE != 0,
            score: self.score.into(),
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Entry {
    /// Zeros, which no run has, where there is none.
    codes: Codes,
    readings: [Short; MOST],
}

/// One line of the processor's memory: where names are many, fetching it is what a look costs.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Set([Entry; WAYS]);

const _: () = assert!(size_of::<Set>() == 64);

/// Readings of short runs.
pub(super) struct Memo(Vec<Set>);

impl Default for Memo {
    fn default() -> Memo {
        Memo(vec![Set::default(); SETS.into()])
    }
}

/// What a short run is remembered by.
pub(super) struct Key {
    codes: Codes,
    len: u16,
    set: u16,
}

impl Key {
    /// `None` where the run is too long, or a character of it takes four bytes.
    #[inline]
    pub(super) fn of(run: &Run) -> Option<Key> {
        if run.len() > LONGEST || !run.is_even() {
            return None;
        }
        let codes: Codes = *run.window(0, PAD);
        let (quads, _) = codes.as_chunks::<4>();
        let mix = |h: u64, q: &[u16; 4]| {
            let quad = q.iter().fold(0, |k, c| k << 16 | u64::from(*c));
            (h ^ quad ^ h >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        };
        let hash = quads.iter().fold(0, mix);
        Some(Key {
            codes,
            len: run.len() as u16,
            set: (hash >> 48) as u16 % SETS,
        })
    }

    /// Characters of the run.
    pub(super) fn len(&self) -> usize {
        self.len.into()
    }
}

impl Memo {
    /// Has the memory of several runs fetched at once, before they are recalled one after the other.
    #[inline]
    pub(super) fn fetch<'k>(&self, keys: impl Iterator<Item = &'k Key>) {
        let codes = keys.map(|key| self.0[usize::from(key.set)].0[0].codes[0]);
        std::hint::black_box(codes.fold(0, |any, code| any | code));
    }

    /// Puts what is remembered of a run into `settled`; `false` where nothing is.
    #[inline]
    pub(super) fn recall(&self, key: &Key, settled: &mut Vec<Settled>) -> bool {
        let mut set = self.0[usize::from(key.set)].0.iter();
        let entry = set.find(|e| e.codes == key.codes);
        if let Some(entry) = entry {
            let readings = entry.readings.iter().take_while(|r| r.start_end > 0);
            settled.extend(readings.map(|r| r.settled()));
        }
        entry.is_some()
    }

    /// Remembers the readings of a run instead of the one of its set that was remembered first.
    pub(super) fn keep(&mut self, key: &Key, settled: &[Settled]) {
        if settled.len() > MOST {
            return;
        }
        let mut entry = Entry {
            codes: key.codes,
            ..Entry::default()
        };
        for (slot, r) in entry.readings.iter_mut().zip(settled) {
            match Short::of(r) {
                Some(short) => *slot = short,
                None => return,
            }
        }
        let Set(set) = &mut self.0[usize::from(key.set)];
        set.rotate_right(1);
        set[0] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::super::run::runs;
    use super::*;

    #[test]
    fn a_run_is_recalled_in_the_same_context_only() {
        let mut memo = Memo::default();
        let found = Settled {
            start: 0,
            end: 2,
            surname: 1,
            place: false,
            score: 70,
        };
        let recalled = |memo: &Memo, text: &str| {
            let mut seen = Vec::new();
            runs(text, 0..text.len(), &[], &mut Run::default(), |run| {
                let mut settled = Vec::new();
                let known = Key::of(run).is_some_and(|key| memo.recall(&key, &mut settled));
                seen.push(known.then_some(settled));
            });
            seen
        };
        runs("张三,", 0..7, &[], &mut Run::default(), |run| {
            memo.keep(&Key::of(run).expect("a short run"), &[found]);
        });
        assert_eq!(recalled(&memo, "张三,"), [Some(vec![found])]);
        assert_eq!(recalled(&memo, "张三;"), [None]);
        assert_eq!(recalled(&memo, "张三,甲乙"), [None, None]);
        assert_eq!(recalled(&memo, "张三李四王五"), [None]);
    }
}
