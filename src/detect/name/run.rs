//! From text to runs of Han characters.

use std::ops::Range;

use super::lexicon::{Char, EDGE, Lexicon, Marks, RARE_HAN, is_dot, is_mask};
use crate::span::Span;
use crate::text::class::is_han;

/// Characters of context on either side of a run.
pub const PAD: usize = 4;

/// Edges behind the context on the right, so that a window of fixed length fits at every position.
const SLACK: usize = 8;

/// A run longer than this is cut, so that the buffers stay small. Far longer than any roster line.
const LONGEST_RUN: usize = 16_384;

/// Starts of a run behind which only some stretches of the run are read, the length of a stretch in characters, and how many
/// stretches there are to one that is read.
const MOST_STARTS: usize = 512;
const STRETCH: u16 = 64;
const STRETCHES: u16 = 64;

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
    fn read(&mut self, lexicon: Lexicon, text: &str, start: usize, most: usize) -> usize {
        self.offsets.clear();
        self.begin = start;
        self.len = 0;
        self.any = Marks::default();
        if let Some(before) = self.codes.first_chunk_mut() {
            *before = codes_before(lexicon, text, start);
        }
        let end = self.read_han(lexicon, text, start);
        self.thin_out(most);
        if NAME_LENGTHS.contains(&self.len) && self.starts().first() != Some(&0) {
            self.held.start = 0;
        }
        let behind = &mut self.codes[PAD + self.len..];
        if let Some((context, slack)) = behind.split_first_chunk_mut() {
            *context = codes_behind(lexicon, text, end);
            slack[..SLACK].fill(EDGE);
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
            let mut any = self.any;
            let mut at = self.len;
            for (slot, &[a, b, c]) in slots.iter_mut().zip(triples) {
                let next = lexicon.three_bytes(a, b, c);
                if a & 0xF0 != 0xE0 || !next.has(Marks::HAN) {
                    break;
                }
                if last.has(Marks::COMPOUND) && lexicon.compound(last.code(), next.code()) != 0 {
                    let known = held > 1 && usize::from(self.starts[held - 1]) == at - 1;
                    self.starts[held] = (at - 1) as u16;
                    held += usize::from(!known);
                }
                // Written in any case and kept where it holds: a branch would be foretold wrongly time and again.
                self.starts[held] = at as u16;
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
fn codes_behind(lexicon: Lexicon, text: &str, at: usize) -> [u16; PAD] {
    let mut codes = [EDGE; PAD];
    let rest = &text.as_bytes()[at..];
    if let Some(bytes) = rest.first_chunk().filter(|bytes| all_ascii(**bytes)) {
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
fn codes_before(lexicon: Lexicon, text: &str, at: usize) -> [u16; PAD] {
    let mut codes = [EDGE; PAD];
    let head = &text.as_bytes()[..at];
    if let Some(bytes) = head.last_chunk().filter(|bytes| all_ascii(**bytes)) {
        fill(&mut codes, |i| lexicon.ascii(bytes[PAD - 1 - i]));
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
fn all_ascii(bytes: [u8; PAD]) -> bool {
    u32::from_ne_bytes(bytes) & 0x8080_8080 == 0
}

/// Fills in codes up to the first edge.
#[inline]
fn fill(codes: &mut [u16; PAD], mut code: impl FnMut(usize) -> u16) {
    for (i, slot) in codes.iter_mut().enumerate() {
        match code(i) {
            EDGE => return,
            code => *slot = code,
        }
    }
}

/// Number of bytes before the first that is not ASCII, eight at a time: dumps are mostly digits and marks.
#[inline]
fn ascii_len(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks();
    for (i, word) in words.iter().enumerate() {
        let others = u64::from_le_bytes(*word) & 0x8080_8080_8080_8080;
        if others != 0 {
            return 8 * i + (others.trailing_zeros() / 8) as usize;
        }
    }
    8 * words.len() + rest.iter().take_while(|b| b.is_ascii()).count()
}

/// Whether the Han character at byte `at` is a run by itself beside which nothing is hidden or dotted. No name is one character, and
/// text is full of units between digits: 3栋2单元501室, 8月26日.
#[inline]
fn stands_alone(lexicon: Lexicon, text: &[u8], at: usize) -> bool {
    let behind = match text.get(at + 3..) {
        None | Some([]) => EDGE,
        Some([a @ 0..0x80, ..]) => lexicon.ascii(*a),
        Some([a @ 0xE0..=0xEF, b, c, ..]) => {
            let next = lexicon.three_bytes(*a, *b, *c);
            if next.has(Marks::HAN) {
                return false;
            }
            next.code()
        }
        _ => return false,
    };
    let masked = text[..at].last() == Some(&b'*');
    text[at] < 0xF0 && !masked && !is_mask(behind) && !is_dot(behind)
}

/// Calls `found` with every run of Han characters that starts in `range` (bytes, on character boundaries), but for those that
/// lie wholly in one of the spans of `skip`, which are sorted, and those that no name can be in: see `stands_alone`.
pub fn runs(
    text: &str,
    range: Range<usize>,
    skip: &[Span],
    run: &mut Run,
    mut found: impl FnMut(&Run),
) {
    let bytes = &text.as_bytes()[..range.end.min(text.len())];
    let lexicon = Lexicon::get();
    let mut skip = skip.iter().peekable();
    let mut at = range.start;
    // Where a run was cut off: what goes on there is no new run.
    let mut cut = None;
    while let Some(&b) = bytes.get(at) {
        if b < 0x80 {
            at += ascii_len(&bytes[at..]);
            continue;
        }
        while skip.next_if(|s| s.end <= at).is_some() {}
        if let Some(s) = skip.peek().filter(|s| s.start <= at) {
            let goes_on = text
                .get(s.end..)
                .and_then(|t| t.chars().next())
                .is_some_and(is_han);
            if !goes_on {
                at = s.end;
                continue;
            }
        }
        // Han characters are encoded in three bytes from E3 on or in four bytes.
        let han = match bytes.get(at..).and_then(|rest| rest.first_chunk()) {
            Some(&[a @ 0xE3..=0xEF, b, c]) => lexicon.three_bytes(a, b, c).has(Marks::HAN),
            Some(&[0xF0, ..]) => text[at..].chars().next().is_some_and(is_han),
            _ => false,
        };
        if han && stands_alone(lexicon, text.as_bytes(), at) {
            at += 3;
        } else if han {
            let most = if cut == Some(at) { 0 } else { MOST_STARTS };
            at = run.read(lexicon, text, at, most);
            cut = (run.len() == LONGEST_RUN).then_some(at);
            found(run);
        } else {
            at += match b {
                0xF0.. => 4,
                0xE0.. => 3,
                _ => 2,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::{LATIN, code_of};
    use super::*;

    fn runs_of(text: &str) -> Vec<String> {
        let mut list = Vec::new();
        runs(text, 0..text.len(), &[], &mut Run::default(), |r| {
            list.push(text[r.offset(0)..r.offset(r.len())].to_owned());
        });
        list
    }

    #[test]
    fn runs_end_at_everything_that_is_not_han() {
        assert_eq!(
            runs_of("电话1380张三，李四\n王五·x"),
            ["电话", "张三", "李四", "王五"]
        );
        assert_eq!(runs_of("aé😀は"), Vec::<String>::new());
        assert_eq!(runs_of("𬭎𬭎张"), ["𬭎𬭎张"]);
        assert_eq!(runs_of("张𬭎张😀"), ["张𬭎张"]);
    }

    #[test]
    fn one_character_is_a_run_where_something_may_be_hidden_or_dotted() {
        assert_eq!(runs_of("3栋2单元501室，8月26日"), ["单元"]);
        assert_eq!(
            runs_of("张*，*三，王×，张X·李·艾力"),
            ["张", "三", "王", "张", "李", "艾力"]
        );
        assert_eq!(runs_of("张𬭎，𬭎"), ["张𬭎", "𬭎"]);
    }

    fn starts_of(text: &str) -> Vec<u16> {
        let mut list = Vec::new();
        runs(text, 0..text.len(), &[], &mut Run::default(), |r| {
            list.extend_from_slice(r.starts());
        });
        list
    }

    #[test]
    fn a_run_of_name_length_may_be_a_name_whatever_it_begins_with() {
        let at_head = |text: &str| starts_of(text).first() == Some(&0);
        assert!(at_head("嘛欣怡") && at_head("丨嘛欣怡丨"));
        assert!(!at_head("嘛都说好的"));
    }

    #[test]
    fn surnames_without_end_are_read_in_stretches() {
        let text = "王".repeat(12_000);
        let starts = starts_of(&text);
        assert!(starts[..MOST_STARTS].iter().zip(0..).all(|(s, i)| *s == i));
        assert!(starts.len() < MOST_STARTS + 12_000 / usize::from(STRETCHES));
        assert!(starts.last().is_some_and(|s| *s > 6_000));
    }

    #[test]
    fn a_run_that_is_cut_off_is_read_in_stretches_from_there_on() {
        let text = "王".repeat(2 * LONGEST_RUN) + "，王伟";
        let mut counts = Vec::new();
        runs(&text, 0..text.len(), &[], &mut Run::default(), |r| {
            counts.push((r.len(), r.starts().len()));
        });
        let stretches = LONGEST_RUN / usize::from(STRETCHES);
        assert!((MOST_STARTS..=MOST_STARTS + stretches).contains(&counts[0].1));
        assert_eq!(counts[1..], [(LONGEST_RUN, stretches), (2, 2)]);
    }

    #[test]
    fn runs_wholly_inside_a_span_are_skipped() {
        let text = "文三路12号,王五路3号张三";
        let first = Span::new(0, text.find(',').expect("there"));
        let second = Span::new(first.end + 1, text.find("张三").expect("there"));
        let mut seen = Vec::new();
        runs(
            text,
            0..text.len(),
            &[first, second],
            &mut Run::default(),
            |r| {
                seen.push(text[r.offset(0)..r.offset(r.len())].to_owned());
            },
        );
        assert_eq!(seen, ["王五路", "号张三"]);
    }

    #[test]
    fn context_stops_at_the_line() {
        let mut seen = Vec::new();
        runs("甲\nab张三:\n", 0..18, &[], &mut Run::default(), |r| {
            seen = r.window::<10>(0, PAD).to_vec();
        });
        let zhang = code_of('张');
        assert_eq!(&seen[..5], [EDGE, EDGE, LATIN, LATIN, zhang]);
        assert_eq!(&seen[6..], [u16::from(b':'), EDGE, EDGE, EDGE]);
    }
}
