//! A position that may start a name, with all that is asked about its surroundings looked up once for every shape.

use super::lexicon::{Known, Lexicon, Traits};
use super::run::{NAME_LENGTHS, PAD, Run};
use super::words::Words;

/// A possible name in a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    /// Number of characters.
    pub len: usize,
    /// Number of characters of the surname.
    pub surname: usize,
}

/// Characters of a [`Site`]: context before, the longest name, context after, and what makes it a power of two, so that a place
/// among them is found with a mask.
const WIDE: usize = 16;

/// The surroundings of a start.
pub struct Site {
    /// Codes from [`PAD`] characters before the start on.
    codes: [u16; WIDE],
    /// What is known of them, from three characters before the start to behind the longest name.
    known: [Known; WIDE],
    /// For every character of `codes`, what word begins there: bits 0–1 of two characters, 2–3 of three, 4–5 of four.
    words: [u8; WIDE],
    /// Bucket of the compound surname that starts here; 0 = none.
    compound: u16,
    /// Characters of the run before the start, and from there on.
    pub(super) before: usize,
    pub(super) left: usize,
}

impl Site {
    /// Looks around `start`, for words as well where there are any to know.
    #[inline]
    pub fn new(lexicon: Lexicon, words: Option<&Words>, run: &Run, start: usize) -> Site {
        let codes: [u16; WIDE] = *run.window(start, PAD);
        let mut known = [Known::default(); WIDE];
        for at in PAD - 3..=PAD + 4 {
            known[at] = lexicon.known(codes[at]);
        }
        let mut site = Site {
            codes,
            known,
            words: [0; WIDE],
            compound: 0,
            before: start,
            left: run.len() - start,
        };
        if site.left >= 3 {
            site.compound = lexicon.compound(codes[PAD], codes[PAD + 1]);
        }
        if let Some(words) = words {
            site.look_up(words);
        }
        site
    }

    /// Words are looked for within the run, up to the last pair that touches the longest shape.
    #[inline]
    fn look_up(&mut self, words: &Words) {
        let codes = &self.codes;
        let low = PAD - self.before.min(3);
        let high = (PAD + self.left).min(PAD + 6);
        for at in low..high.min(PAD + 5) {
            let two = words.look([codes[at], codes[at + 1]]);
            let three = if at + 3 <= high {
                words.look([codes[at], codes[at + 1], codes[at + 2]])
            } else {
                0
            };
            self.words[at] = (two | three << 2) as u8;
        }
        if PAD + 4 <= high {
            let four = words.look([codes[PAD], codes[PAD + 1], codes[PAD + 2], codes[PAD + 3]]);
            self.words[PAD] |= (four << 4) as u8;
        }
    }

    /// The code `at` characters from the start.
    #[inline]
    pub(super) fn code(&self, at: isize) -> u16 {
        self.codes[(at + PAD as isize) as usize % WIDE]
    }

    #[inline]
    pub(super) fn class(&self, at: isize) -> u16 {
        self.known[(at + PAD as isize) as usize % WIDE].class()
    }

    #[inline]
    pub(super) fn traits(&self, at: usize) -> Traits {
        self.known[(at + PAD) % WIDE].traits
    }

    /// Whether the `n` characters from `at` on are a word (1), and a common one (2 more).
    #[inline]
    pub(super) fn word(&self, at: isize, n: u32) -> u16 {
        u16::from(self.words[(at + PAD as isize) as usize % WIDE] >> (2 * n - 4) & 3)
    }

    /// Bucket of the compound surname; 0 = none.
    pub fn compound(&self) -> u16 {
        self.compound
    }

    /// Whether the `n` characters from the start are the whole run.
    #[inline]
    pub(super) fn fills_run(&self, n: usize) -> bool {
        self.before == 0 && self.left == n
    }

    /// Whether a known surname begins here.
    #[inline]
    pub(super) fn begins_with_surname(&self) -> bool {
        self.compound != 0 || self.traits(0).surname() != 0
    }

    /// Calls `found` with every shape that may be a name here: surname and one or two characters, or a whole run of name
    /// length that begins with no known surname.
    #[inline]
    pub fn shapes(&self, mut found: impl FnMut(Shape)) {
        let mut push = |surname, len| {
            if len <= self.left {
                found(Shape { len, surname });
            }
        };
        let first = self.traits(0);
        if first.surname() != 0 {
            push(1, 2);
            push(1, 3);
        } else if !self.begins_with_surname()
            && self.before == 0
            && NAME_LENGTHS.contains(&self.left)
        {
            push(1, self.left);
        }
        if self.compound != 0 {
            push(2, 3);
            push(2, 4);
        } else if (1..=5).contains(&first.surname()) && (1..=5).contains(&self.traits(1).surname())
        {
            // A double surname, such as a married woman's: 陈方安生.
            push(2, 4);
        }
    }
}
