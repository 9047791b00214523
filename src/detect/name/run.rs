//! Runs of Han characters with what stands around them.

use std::ops::Range;

use super::lexicon::{Char, EDGE, Lexicon, Marks, RARE_HAN};
use crate::text::class::is_han;

/// Codes of context on either side of a run.
pub const PAD: usize = 4;

/// Characters before a run and behind it that anything depends on; the other codes of the context are edges.
const BEFORE: usize = 3;
const BEHIND: usize = 2;

/// Edges behind the context on the right, so that a window of fixed length fits at every position.
const SLACK: usize = 8;

/// A run longer than this is cut, so that the buffers stay small. Far longer than any roster line.
pub(super) const LONGEST_RUN: usize = 16_384;

/// Starts of a run behind which only some stretches of the run are read, the length of a stretch in characters, and how many
/// stretches there are to one that is read.
pub(super) const MOST_STARTS: usize = 512;
const STRETCH: u16 = 64;
pub(super) const STRETCHES: u16 = 64;

/// Lengths of a run that may be a name as a whole, whatever it begins with.
pub(super) const NAME_LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;

/// Codes of the longest run, its context and the edges behind it.
const MOST_CODES: usize = PAD + LONGEST_RUN + PAD + SLACK;

/// A run of Han characters with [`PAD`] characters of context on both sides.
pub struct Run {
    /// Codes, context included: the run's own are `codes[PAD..PAD + len]`, edges follow the context.
    codes: Box<[u16]>,
    len: usize,
    /// Byte offset of the first character.
    begin: usize,
    /// Byte offset of each character and of the end; empty where each takes three bytes.
    offsets: Vec<usize>,
    /// Where a name may start, behind a place for the head of the run.
    starts: Box<[u16]>,
    /// Which of `starts` hold.
    held: Range<usize>,
    /// What is true of any of the characters.
    any: Marks,
}

impl Default for Run {
    fn default() -> Run {
        Run {
            codes: vec![EDGE; MOST_CODES].into_boxed_slice(),
            len: 0,
            begin: 0,
            offsets: Vec::new(),
            starts: vec![0; LONGEST_RUN + 2].into_boxed_slice(),
            held: 1..1,
            any: Marks::default(),
        }
    }
}

impl Run {
    /// Number of Han characters.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The characters at which a name may begin, counted from the start of the run: where a surname does, and the head of a
    /// run of name length, whose field may know that it is a name. Surnames that are nearly always other words count at the
    /// head of a run and after words that stand before names only.
    pub fn starts(&self) -> &[u16] {
        self.starts.get(self.held.clone()).unwrap_or_default()
    }

    /// What is true of any of the run's characters.
    pub(super) fn any(&self) -> Marks {
        self.any
    }

    /// Byte offset in the text of a character of the run, or of its end.
    #[inline]
    pub fn offset(&self, at: usize) -> usize {
        match self.offsets.get(at) {
            Some(offset) => *offset,
            None => self.begin + 3 * at,
        }
    }

    /// The code `at` characters from the start of the run; may be negative or past the end by [`PAD`].
    #[inline]
    pub fn code(&self, at: isize) -> u16 {
        self.codes
            .get((at + PAD as isize) as usize)
            .copied()
            .unwrap_or(EDGE)
    }

    /// The codes from `before` characters before a character of the run on.
    #[inline]
    pub(super) fn window<const N: usize>(&self, at: usize, before: usize) -> &[u16; N] {
        debug_assert!(N <= PAD + SLACK + before);
        self.codes
            .get(at + PAD - before..)
            .and_then(|rest| rest.first_chunk())
            .unwrap_or(&[EDGE; N])
    }

    /// Whether every character takes three bytes.
    pub(super) fn is_even(&self) -> bool {
        self.offsets.is_empty()
    }

    /// Reads a short run that was read before.
    pub(super) fn read_again(&mut self, lexicon: Lexicon, text: &str, start: usize) {
        self.read(lexicon, text, start, MOST_STARTS);
    }

    /// Reads the run that starts at byte `start`; returns its end. Of its starts the first `most` are kept, of the others those of one
    /// stretch in [`STRETCHES`].
    pub(super) fn read(
        &mut self,
        lexicon: Lexicon,
        text: &str,
        start: usize,
        most: usize,
    ) -> usize {
        self.offsets.clear();
        self.begin = start;
        self.len = 0;
        self.any = Marks::default();
        if let Some(before) = self.codes[PAD - BEFORE..].first_chunk_mut::<BEFORE>() {
            *before = codes_before(lexicon, text, start);
        }
        let end = self.read_han(lexicon, text, start);
        self.thin_out(most);
        if NAME_LENGTHS.contains(&self.len) && self.starts().first() != Some(&0) {
            self.held.start = 0;
        }
        let behind = &mut self.codes[PAD + self.len..];
        if let Some((context, slack)) = behind.split_first_chunk_mut::<BEHIND>() {
            *context = codes_behind(lexicon, text, end);
            slack[..PAD - BEHIND + SLACK].fill(EDGE);
        }
        end
    }

    /// Reads the run's own characters; returns their end.
    fn read_han(&mut self, lexicon: Lexicon, text: &str, start: usize) -> usize {
        let mut last = Char::new(EDGE, Marks::CUE);
        let mut end = start;
        let mut held = 1;
        loop {
            // Nearly all Han characters take three bytes.
            let (triples, _) = text.as_bytes()[end..].as_chunks();
            let slots = &mut self.codes[PAD + self.len..PAD + LONGEST_RUN];
            let starts = &mut self.starts[..];
            let mut any = self.any;
            let mut at = self.len;
            for (slot, &[a, b, c]) in slots.iter_mut().zip(triples) {
                let next = lexicon.three_bytes(a, b, c);
                if a & 0xF0 != 0xE0 || !next.has(Marks::HAN) {
                    break;
                }
                if last.has(Marks::COMPOUND) && lexicon.compound(last.code(), next.code()) != 0 {
                    let known = held > 1 && usize::from(starts[held - 1]) == at - 1;
                    starts[held] = (at - 1) as u16;
                    held += usize::from(!known);
                }
                // Written in any case and kept where it holds: a branch would be foretold wrongly time and again.
                starts[held] = at as u16;
                held += usize::from(next.starts_after(last));
                any = any.or(next.marks());
                *slot = next.code();
                last = next;
                at += 1;
            }
            let read = 3 * (at - self.len);
            self.any = any;
            self.len = at;
            if !self.offsets.is_empty() {
                self.offsets.extend((end + 3..=end + read).step_by(3));
            }
            end += read;
            if self.len == LONGEST_RUN || !rare_han_at(text, end) {
                self.held = 1..held;
                return end;
            }
            self.widen(end);
            last = Char::new(RARE_HAN, Marks::HAN);
            self.codes[PAD + self.len] = RARE_HAN;
            self.len += 1;
            end += 4;
            self.offsets.push(end);
        }
    }

    /// Leaves the first `most` starts, and behind them those of one stretch in [`STRETCHES`]: surnames without end are no text, and
    /// a page of them would take as long as ten pages of text.
    fn thin_out(&mut self, most: usize) {
        let Some(&whole) = self.starts().get(most) else {
            return;
        };
        let mut held = self.held.start;
        for i in self.held.clone() {
            let at = self.starts[i];
            if at < whole || (at / STRETCH).is_multiple_of(STRETCHES) {
                self.starts[held] = at;
                held += 1;
            }
        }
        self.held.end = held;
    }

    /// Keeps the offsets one by one from here on: the character at `end` takes four bytes.
    fn widen(&mut self, end: usize) {
        if self.offsets.is_empty() {
            self.offsets.extend((self.begin..=end).step_by(3));
        }
    }
}

/// Whether a Han character of four bytes begins at byte `at`.
#[inline]
fn rare_han_at(text: &str, at: usize) -> bool {
    let four = text.as_bytes().get(at).is_some_and(|b| *b >= 0xF0);
    four && text[at..].chars().next().is_some_and(is_han)
}

/// Codes of the characters behind byte `at`; from the end of the line on edges.
#[inline]
fn codes_behind<const N: usize>(lexicon: Lexicon, text: &str, at: usize) -> [u16; N] {
    let mut codes = [EDGE; N];
    let rest = &text.as_bytes()[at..];
    if let Some(bytes) = rest.first_chunk::<N>().filter(|bytes| all_ascii(bytes)) {
        // As in tables: digits, a comma.
        fill(&mut codes, |i| lexicon.ascii(bytes[i]));
    } else {
        let mut rest = rest;
        fill(&mut codes, |_| match rest {
            [a @ 0..0x80, behind @ ..] => {
                rest = behind;
                lexicon.ascii(*a)
            }
            [a @ 0xE0..=0xEF, b, c, behind @ ..] => {
                rest = behind;
                lexicon.three_bytes(*a, *b, *c).code()
            }
            _ => {
                let mut chars = text[text.len() - rest.len()..].chars();
                let code = chars.next().map_or(EDGE, |c| lexicon.code(c));
                rest = chars.as_str().as_bytes();
                code
            }
        });
    }
    codes
}

/// Codes of the characters before byte `at`, in the order of the text; edges before the beginning of the line.
#[inline]
fn codes_before<const N: usize>(lexicon: Lexicon, text: &str, at: usize) -> [u16; N] {
    let mut codes = [EDGE; N];
    let head = &text.as_bytes()[..at];
    if let Some(bytes) = head.last_chunk::<N>().filter(|bytes| all_ascii(bytes)) {
        fill(&mut codes, |i| lexicon.ascii(bytes[N - 1 - i]));
    } else {
        let mut rest = head;
        fill(&mut codes, |_| match rest {
            [before @ .., a @ 0..0x80] => {
                rest = before;
                lexicon.ascii(*a)
            }
            [before @ .., a @ 0xE0..=0xEF, b, c] => {
                rest = before;
                lexicon.three_bytes(*a, *b, *c).code()
            }
            _ => {
                let mut chars = text[..rest.len()].chars();
                let code = chars.next_back().map_or(EDGE, |c| lexicon.code(c));
                rest = chars.as_str().as_bytes();
                code
            }
        });
    }
    codes.reverse();
    codes
}

#[inline]
fn all_ascii<const N: usize>(bytes: &[u8; N]) -> bool {
    bytes.iter().fold(0, |any, b| any | b) < 0x80
}

/// Fills in codes up to the first edge.
#[inline]
fn fill<const N: usize>(codes: &mut [u16; N], mut code: impl FnMut(usize) -> u16) {
    for (i, slot) in codes.iter_mut().enumerate() {
        match code(i) {
            EDGE => return,
            code => *slot = code,
        }
    }
}
