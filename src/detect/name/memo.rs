//! Short runs that were judged before: dumps repeat their labels on every line, and judging one costs as much as judging a
//! name.

use super::decode::Scored;
use super::run::{PAD, Run};

/// Longest run that is remembered, in characters.
const LONGEST: usize = 4;

/// More candidates than this are not remembered.
const MOST: usize = 4;

/// Number of runs that are remembered, in 300 KB; a new one takes the place of another with the same hash.
///
/// Besides labels, that is enough for the names that a dump repeats. Where 21,000 rows have 2,065 different names (as generated dumps do;
/// 256 runs are enough for their labels), a scan takes a sixth less time; where all names differ, as much as before.
const SLOTS: usize = 4096;

/// A short run with its context and edges up to a fixed length, which is all that a judgement depends on.
type Codes = [u16; LONGEST + 2 * PAD];

#[derive(Clone, Copy)]
struct Entry {
    /// Zeros, which no run has, where there is none.
    codes: Codes,
    len: u8,
    scored: [Scored; MOST],
}

/// Judgements of short runs.
pub(super) struct Memo(Vec<Entry>);

impl Default for Memo {
    fn default() -> Memo {
        let nothing = Scored {
            start: 0,
            end: 0,
            surname: 0,
            score: 0,
        };
        let empty = Entry {
            codes: [0; LONGEST + 2 * PAD],
            len: 0,
            scored: [nothing; MOST],
        };
        Memo(vec![empty; SLOTS])
    }
}

/// What a short run is remembered by.
pub(super) struct Key {
    codes: Codes,
    slot: usize,
}

impl Key {
    /// `None` where the run is too long.
    #[inline]
    pub(super) fn of(run: &Run) -> Option<Key> {
        if run.len() > LONGEST {
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
            slot: (hash >> 48) as usize % SLOTS,
        })
    }
}

impl Memo {
    /// Puts what is remembered of a run into `scored`; `false` where nothing is.
    #[inline]
    pub(super) fn recall(&self, key: &Key, scored: &mut Vec<Scored>) -> bool {
        let entry = &self.0[key.slot];
        let known = entry.codes == key.codes;
        if known {
            scored.extend_from_slice(&entry.scored[..usize::from(entry.len)]);
        }
        known
    }

    /// Remembers the candidates of a run.
    pub(super) fn keep(&mut self, key: &Key, scored: &[Scored]) {
        let entry = &mut self.0[key.slot];
        if let Some(slots) = entry.scored.get_mut(..scored.len()) {
            slots.copy_from_slice(scored);
            entry.len = scored.len() as u8;
            entry.codes = key.codes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::run::runs;
    use super::*;

    #[test]
    fn a_run_is_recalled_in_the_same_context_only() {
        let mut memo = Memo::default();
        let found = Scored {
            start: 0,
            end: 2,
            surname: 1,
            score: 70,
        };
        let recalled = |memo: &Memo, text: &str| {
            let mut seen = Vec::new();
            runs(text, 0..text.len(), &[], &mut Run::default(), |run| {
                let mut scored = Vec::new();
                let known = Key::of(run).is_some_and(|key| memo.recall(&key, &mut scored));
                seen.push(known.then_some(scored));
            });
            seen
        };
        runs("张三,", 0..7, &[], &mut Run::default(), |run| {
            memo.keep(&Key::of(run).expect("a short run"), &[found]);
        });
        assert_eq!(recalled(&memo, "张三,"), [Some(vec![found])]);
        assert_eq!(recalled(&memo, "张三;"), [None]);
        assert_eq!(recalled(&memo, "张三,甲"), [None, None]);
        assert_eq!(recalled(&memo, "张三李四王五"), [None]);
    }
}
