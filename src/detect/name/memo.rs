//! Short runs that were read before: dumps repeat their labels on every line, and reading one costs as much as reading a
//! name.

use super::lexicon::{EDGE, Lexicon, Marks};
use super::reader::Settled;
use super::run::Run;

/// Shortest and longest run that is remembered, in characters. Where nothing is hidden, no name is a single character.
const SHORTEST: usize = 2;
const LONGEST: usize = 4;

/// Most readings of such a run: they do not overlap, and none is shorter than two characters.
const MOST: usize = 2;

/// Sets of runs, each of which holds the last [`WAYS`] that came with its hash: 8,192 runs in 256 KB.
///
/// Besides labels, for which 256 runs would do, that holds the names that a dump repeats: half as many runs took a sixth off a scan of
/// 21,000 rows with 2,065 different names, as generated dumps have. Where all names differ nothing is won.
const SETS: u16 = 4096;
const WAYS: usize = 2;

/// Bytes of three characters before a run.
pub(super) const BEFORE: usize = 9;

/// Bytes of those, of the longest run and of two characters behind it.
pub(super) const WINDOW: usize = BEFORE + 3 * (LONGEST + 2);

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
pub(super) struct Entry {
    /// Zeros, which no run has, where there is none.
    codes: Codes,
    third: u8,
    /// Whether the rules have to look at the run.
    pub(super) ruled: bool,
    readings: [Short; MOST],
}

impl Entry {
    #[inline]
    pub(super) fn settled(&self) -> impl Iterator<Item = Settled> + '_ {
        let readings = self.readings.iter().take_while(|r| r.start_end > 0);
        readings.map(|r| r.settled())
    }
}

/// One line of the processor's memory: where names are many, fetching it is what a look costs.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Set([Entry; WAYS]);

const _: () = assert!(size_of::<Set>() == 64);

impl Set {
    /// Which of its entries it is differs from run to run, so nothing branches on it.
    #[inline]
    fn recall(&self, key: &Key) -> Option<&Entry> {
        let is = |e: &Entry| {
            let third = e.third == key.third;
            (e.codes == key.codes) & third
        };
        let [_, second] = &self.0;
        let entry = &self.0[usize::from(is(second))];
        is(entry).then_some(entry)
    }
}

/// Readings of short runs.
pub(super) struct Memo(Vec<Set>);

impl Default for Memo {
    fn default() -> Memo {
        Memo(vec![Set::default(); SETS.into()])
    }
}

/// The characters of a short run, and as many of those beside it as its readings depend on: two before and two behind.
type Codes = [u64; 2];

/// What a short run is remembered by.
pub(super) struct Key {
    codes: Codes,
    /// Class of the third character before the run.
    third: u8,
    len: u8,
    set: u16,
}

impl Key {
    /// `None` where the run is too long, or a character of it takes four bytes.
    #[inline]
    pub(super) fn of(lexicon: Lexicon, run: &Run) -> Option<Key> {
        if run.len() > LONGEST || !run.is_even() {
            return None;
        }
        let codes: &[u16; LONGEST] = run.window(0, 0);
        let codes = packed(codes.get(..run.len()).unwrap_or_default());
        let before = [-1, -2, -3].map(|at| run.code(at));
        let end = run.len() as isize;
        let behind = [end, end + 1].map(|at| run.code(at));
        Some(Key::new(lexicon, codes, run.len(), before, behind))
    }

    /// The key of the run in a window, which begins [`BEFORE`] bytes into it. Otherwise the number of its first characters that are
    /// Han: runs of other lengths, and beside rare characters, are for [`Run`].
    #[inline]
    pub(super) fn at(lexicon: Lexicon, window: &[u8; WINDOW]) -> Result<Key, usize> {
        // Long runs are told by the first bytes of their characters: most of them would be read in vain.
        let long = |i: usize| matches!(window[BEFORE + 3 * i], 0xE4..=0xE9);
        if long(0) && long(1) && long(2) && long(3) && long(4) {
            return Err(LONGEST + 1);
        }
        let char = |i: usize| {
            let at = BEFORE + 3 * i;
            let next = lexicon.three_bytes(window[at], window[at + 1], window[at + 2]);
            let han = window[at] & 0xF0 == 0xE0 && next.has(Marks::HAN);
            han.then(|| u64::from(next.code()))
        };
        let (mut run, mut len) = (0, 0);
        for i in 0..LONGEST {
            let Some(code) = char(i) else { break };
            run |= code << (16 * i);
            len = i + 1;
        }
        if len < SHORTEST || len == LONGEST && char(LONGEST).is_some() {
            return Err(len);
        }
        let mut before = [EDGE; 3];
        let mut at = BEFORE;
        for slot in &mut before {
            let (code, bytes) = match window[at - 3..at] {
                [_, _, a @ 0..0x80] => (lexicon.ascii(a), 1),
                [a @ 0xE0..=0xEF, b, c] => (lexicon.three_bytes(a, b, c).code(), 3),
                _ => return Err(len),
            };
            if code == EDGE {
                break;
            }
            *slot = code;
            at -= bytes;
        }
        let mut behind = [EDGE; 2];
        let mut at = BEFORE + 3 * len;
        for slot in &mut behind {
            let (code, bytes) = match window[at..at + 3] {
                [a @ 0..0x80, ..] => (lexicon.ascii(a), 1),
                [a @ 0xE0..=0xEF, b, c] => (lexicon.three_bytes(a, b, c).code(), 3),
                _ => return Err(len),
            };
            if code == EDGE {
                break;
            }
            *slot = code;
            at += bytes;
        }
        Ok(Key::new(lexicon, run, len, before, behind))
    }

    /// The key of a run, from its codes, the first one lowest, those before it, the nearest first, and those behind it.
    #[inline]
    fn new(lexicon: Lexicon, run: u64, len: usize, before: [u16; 3], behind: [u16; 2]) -> Key {
        let beside = packed(&[before[0], before[1], behind[0], behind[1]]);
        let third = lexicon.known(before[2]).class() as u8;
        let mix = |h: u64, k: u64| (h ^ k ^ h >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let hash = mix(mix(third.into(), run), beside);
        Key {
            codes: [run, beside],
            third,
            len: len as u8,
            set: (hash >> 48) as u16 % SETS,
        }
    }

    /// Its own set, and the one beside it, in which it may be if the first was full: otherwise three names of the same set are forgotten
    /// again and again, however much room there is elsewhere.
    #[inline]
    fn sets(&self) -> [usize; 2] {
        [self.set, self.set ^ 1].map(usize::from)
    }

    /// Characters of the run.
    pub(super) fn len(&self) -> usize {
        self.len.into()
    }
}

/// Codes as one number, the first one lowest.
#[inline]
fn packed(codes: &[u16]) -> u64 {
    codes.iter().rev().fold(0, |k, c| k << 16 | u64::from(*c))
}

impl Memo {
    /// Has the memory of several runs fetched at once, before they are recalled one after the other.
    #[inline]
    pub(super) fn fetch<'k>(&self, keys: impl Iterator<Item = &'k Key>) {
        let thirds = keys.map(|key| self.0[usize::from(key.set)].0[0].third);
        std::hint::black_box(thirds.fold(0, |any, third| any | third));
    }

    /// What is remembered of a run.
    #[inline]
    pub(super) fn recall(&self, key: &Key) -> Option<&Entry> {
        let mut sets = key.sets().into_iter().map(|set| &self.0[set]);
        sets.find_map(|set| set.recall(key))
    }

    /// Remembers the readings of a run, and whether the rules have to look at it: where there is room, or instead of the one of its
    /// set that was remembered first.
    pub(super) fn keep(&mut self, key: &Key, settled: &[Settled], ruled: bool) {
        if settled.len() > MOST {
            return;
        }
        let mut entry = Entry {
            codes: key.codes,
            third: key.third,
            ruled,
            ..Entry::default()
        };
        for (slot, r) in entry.readings.iter_mut().zip(settled) {
            match Short::of(r) {
                Some(short) => *slot = short,
                None => return,
            }
        }
        let [own, other] = key.sets();
        let has_room = |set: &usize| self.0[*set].0[WAYS - 1].codes == Codes::default();
        let set = [own, other].into_iter().find(has_room).unwrap_or(own);
        let Set(set) = &mut self.0[set];
        set.rotate_right(1);
        set[0] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::super::walk::{Take, runs, walk};
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
            let mut seen: Vec<Option<(Vec<Settled>, bool)>> = Vec::new();
            runs(text, 0..text.len(), &[], &mut Run::default(), |run| {
                let key = Key::of(Lexicon::get(), run);
                let known = key.and_then(|key| memo.recall(&key));
                seen.push(known.map(|entry| (entry.settled().collect(), entry.ruled)));
            });
            seen
        };
        runs("张三,", 0..7, &[], &mut Run::default(), |run| {
            let key = Key::of(Lexicon::get(), run);
            memo.keep(&key.expect("a short run"), &[found], true);
        });
        assert_eq!(recalled(&memo, "张三,"), [Some((vec![found], true))]);
        assert_eq!(recalled(&memo, "张三;"), [None]);
        assert_eq!(recalled(&memo, "张三,甲乙"), [None, None]);
        assert_eq!(recalled(&memo, "张三李四王五"), [None]);
    }

    /// Notes runs of two to four characters and their keys, as they are told and as they would be read.
    #[derive(Default)]
    struct Keys(Vec<(usize, Codes, u8, usize)>);

    impl Take for Keys {
        const SHORT: bool = true;

        fn short(&mut self, key: Key, begin: usize) {
            self.0.push((begin, key.codes, key.third, key.len()));
        }

        fn run(&mut self, run: &Run) {
            let key = Key::of(Lexicon::get(), run).filter(|_| run.len() >= SHORTEST);
            if let Some(key) = key {
                self.short(key, run.offset(0));
            }
        }
    }

    #[test]
    fn a_key_is_the_same_however_it_is_come_by() {
        let beside = [
            "", "\n", ",", "：", "，1", "12", "ab ", "*", "·", "é,", "😀", "𬭎", "丨", "\u{3000}",
            "（a", "\u{FFFD}", "\u{4DC0}",
        ];
        for run in ["张三", "王小明", "欧阳修文", "臺灣〇", "㐀㐁豈"] {
            for before in beside {
                for behind in beside {
                    let text =
                        format!("{before}{before}{run}{behind}{behind}。收货地址，电话号码是多少");
                    let mut keys = Keys::default();
                    walk(&text, 0..text.len(), &[], &mut Run::default(), &mut keys);
                    let mut read = Keys::default();
                    runs(&text, 0..text.len(), &[], &mut Run::default(), |run| {
                        read.run(run);
                    });
                    assert_eq!(keys.0, read.0, "{text}");
                }
            }
        }
    }
}
