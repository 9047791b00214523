//! Short runs that were judged before: dumps repeat their labels on every line, and judging one costs as much as judging a
//! name.

use super::decode::Scored;
use super::run::{PAD, Run};

/// Longest run that is remembered, in characters.
const LONGEST: usize = 4;

/// More candidates than this are not remembered.
const MOST: usize = 4;

/// Number of runs that are remembered; a new one takes the place of another with the same hash.
const SLOTS: usize = 256;

type Codes = [u16; LONGEST + 2 * PAD];

#[derive(Clone, Copy)]
struct Entry {
    /// The run with its context, which is all that a judgement depends on; zeros, which no run has, where there is none.
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

/// The run with its context, and its slot; `None` where it is too long.
fn key(run: &Run) -> Option<(Codes, usize)> {
    let mut codes = [0; LONGEST + 2 * PAD];
    codes
        .get_mut(..run.codes().len())?
        .copy_from_slice(run.codes());
    let mix = |h: u64, c: &u16| (h ^ u64::from(*c)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let hash = codes.iter().fold(0, mix);
    Some((codes, (hash >> 56) as usize % SLOTS))
}

impl Memo {
    /// Puts what is remembered of `run` into `scored`; `false` where nothing is.
    pub(super) fn recall(&self, run: &Run, scored: &mut Vec<Scored>) -> bool {
        let Some((codes, slot)) = key(run) else {
            return false;
        };
        let entry = &self.0[slot];
        let known = entry.codes == codes;
        if known {
            scored.extend_from_slice(&entry.scored[..usize::from(entry.len)]);
        }
        known
    }

    /// Remembers the candidates of `run`.
    pub(super) fn keep(&mut self, run: &Run, scored: &[Scored]) {
        let Some((codes, slot)) = key(run) else {
            return;
        };
        let entry = &mut self.0[slot];
        if let Some(slots) = entry.scored.get_mut(..scored.len()) {
            slots.copy_from_slice(scored);
            entry.len = scored.len() as u8;
            entry.codes = codes;
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
                seen.push(memo.recall(run, &mut scored).then_some(scored));
            });
            seen
        };
        runs("张三,", 0..7, &[], &mut Run::default(), |run| {
            memo.keep(run, &[found]);
        });
        assert_eq!(recalled(&memo, "张三,"), [Some(vec![found])]);
        assert_eq!(recalled(&memo, "张三;"), [None]);
        assert_eq!(recalled(&memo, "张三,甲"), [None, None]);
        assert_eq!(recalled(&memo, "张三李四王五"), [None]);
    }
}
