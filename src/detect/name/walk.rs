//! From text to runs of Han characters.

use std::ops::Range;

use super::lexicon::{EDGE, Lexicon, Marks, is_dot, is_mask};
use super::memo::{BEFORE, Key};
use super::run::{LONGEST_RUN, MOST_STARTS, Run};
use crate::span::Span;
use crate::text::class::is_han;
use crate::text::dense::{self, BLOCK};

/// Takes the runs of a text.
pub(super) trait Take {
    /// Whether short runs are told by their keys where that is possible.
    const SHORT: bool;

    /// Takes a run that begins at byte `begin`.
    fn short(&mut self, key: Key, begin: usize);

    fn run(&mut self, run: &Run);
}

/// Takes all runs alike.
struct Whole<F>(F);

impl<F: FnMut(&Run)> Take for Whole<F> {
    const SHORT: bool = false;

    fn short(&mut self, _: Key, _: usize) {}

    fn run(&mut self, run: &Run) {
        self.0(run);
    }
}

/// Calls `found` with every run of Han characters that starts in `range` (bytes, on character boundaries), but for those that
/// lie wholly in one of the spans of `skip`, which are sorted, and those that no name can be in: see `stands_alone`.
pub fn runs(
    text: &str,
    range: Range<usize>,
    skip: &[Span],
    run: &mut Run,
    found: impl FnMut(&Run),
) {
    walk(text, range, skip, run, &mut Whole(found));
}

/// The same for what takes short runs by their keys.
#[inline]
pub(super) fn walk<T: Take>(
    text: &str,
    range: Range<usize>,
    skip: &[Span],
    run: &mut Run,
    take: &mut T,
) {
    let whole = text.as_bytes();
    let bytes = &whole[..range.end.min(text.len())];
    let lexicon = Lexicon::get();
    let mut highs = Highs::new(bytes);
    let mut skip = skip.iter();
    let mut skipped = skip.next();
    let mut at = range.start;
    // Where a run was cut off: what goes on there is no new run.
    let mut cut = None;
    while let Some(&b) = bytes.get(at) {
        if b < 0x80 {
            let Some(next) = highs.next(at) else { break };
            at = next;
            continue;
        }
        if let Some(s) = skipped.filter(|s| s.start <= at) {
            let goes_on = || text.get(s.end..)?.chars().next().filter(|c| is_han(*c));
            let inside = at < s.end;
            if !inside || goes_on().is_none() {
                at = at.max(s.end);
                skipped = skip.next();
                continue;
            }
        }
        let window = at.checked_sub(BEFORE).and_then(|from| whole.get(from..));
        if T::SHORT
            && let Some(window) = window.and_then(<[u8]>::first_chunk)
        {
            match Key::at(lexicon, window) {
                Ok(key) => {
                    let end = at + 3 * key.len();
                    take.short(key, at);
                    // In what stands behind it no run begins.
                    at = end + if whole[end] < 0x80 { 1 } else { 3 };
                    continue;
                }
                Err(0) if matches!(b, 0xE0..=0xEF) => {
                    at += 3;
                    continue;
                }
                Err(_) => {}
            }
        }
        // Han characters are encoded in three bytes from E3 on or in four bytes.
        let han = match bytes.get(at..).and_then(|rest| rest.first_chunk()) {
            Some(&[a @ 0xE3..=0xEF, b, c]) => lexicon.three_bytes(a, b, c).has(Marks::HAN),
            Some(&[0xF0, ..]) => text[at..].chars().next().is_some_and(is_han),
            _ => false,
        };
        if han && stands_alone(lexicon, whole, at) {
            at += 3;
        } else if han {
            let most = if cut == Some(at) { 0 } else { MOST_STARTS };
            at = run.read(lexicon, text, at, most);
            cut = (run.len() == LONGEST_RUN).then_some(at);
            take.run(run);
        } else {
            at += match b {
                0xF0.. => 4,
                0xE0.. => 3,
                _ => 2,
            };
        }
    }
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

/// Those of the first [`BLOCK`] bytes that are not ASCII, the first one lowest.
#[inline]
fn highs(bytes: &[u8]) -> u64 {
    dense::bits(bytes, |lane| lane)
}

/// Finds bytes that are not ASCII.
struct Highs<'t> {
    bytes: &'t [u8],
    /// Where the block begins that was looked at last.
    block: usize,
    /// Which of its bytes are not ASCII, the first one lowest.
    mask: u64,
}

impl<'t> Highs<'t> {
    fn new(bytes: &'t [u8]) -> Highs<'t> {
        Highs {
            bytes,
            block: 0,
            mask: highs(bytes),
        }
    }

    /// The first one from `at` on; later calls ask from there on or further behind.
    #[inline]
    fn next(&mut self, mut at: usize) -> Option<usize> {
        loop {
            let within = at - self.block;
            if within < BLOCK {
                let rest = self.mask >> within;
                if rest != 0 {
                    return Some(at + rest.trailing_zeros() as usize);
                }
                at = self.block + BLOCK;
            }
            let rest = self.bytes.get(at..).filter(|rest| !rest.is_empty())?;
            self.block = at;
            self.mask = highs(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::{LATIN, code_of};
    use super::super::run::{PAD, STRETCHES};
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
