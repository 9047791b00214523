//! Letters that stand for digits inside a number: `l38OO13BOOO`.

use super::{Number, judge, subscriber, weights};
use crate::anchor::digits::{Chunk, Run};
use crate::detect::Candidate;
use crate::evidence::EvidenceSet;
use crate::kind::Form;
use crate::span::Span;
use crate::text::class::byte_set;

/// The digit that a character stands for.
fn value(c: char) -> Option<u8> {
    Some(match c {
        '0'..='9' => c as u8,
        'l' | 'I' | 'i' | '|' | '丨' | '!' => b'1',
        'O' | 'o' | 'Q' | 'D' => b'0',
        'Z' | 'z' => b'2',
        'S' | 's' => b'5',
        'B' => b'8',
        'g' | 'q' => b'9',
        'b' | 'G' => b'6',
        _ => return None,
    })
}

/// The eleven digits that a text reads as; `None` where some character stands for none.
pub(super) fn read_all(text: &str) -> Option<Number> {
    let digits: Option<Number> = text.chars().map(value).collect();
    digits.filter(|d| d.len() == super::LEN)
}

/// The bytes next to a digit at which letters that stand for digits end or begin; 丨 is E4 B8 A8.
static BESIDE: [bool; 256] = byte_set(b"lIi|!OoQDZzSsBgqbG\xE4\xA8");

/// Whether a letter that stands for a digit may touch the chunk: nearly all digits have none beside them.
#[inline]
pub(super) fn letter_beside(text: &str, chunk: &Chunk) -> bool {
    let bytes = text.as_bytes();
    let beside = |at: usize| bytes.get(at).is_some_and(|b| BESIDE[usize::from(*b)]);
    beside(chunk.end) || beside(chunk.start.wrapping_sub(1))
}

/// A number with letters in it whose first true digits are chunk `i`, ASCII ones with a [letter beside](letter_beside) them.
pub(super) fn find(text: &str, chunks: &[Chunk], i: usize) -> Option<(Candidate, usize)> {
    let chunk = &chunks[i];
    let mut start = chunk.start;
    for c in text[..chunk.start].chars().rev().take(3) {
        if value(c).is_none() {
            break;
        }
        start -= c.len_utf8();
    }
    let mut end = start;
    let mut count = 0;
    for c in text[start..].chars().take(super::LEN + 1) {
        if value(c).is_none() {
            break;
        }
        end += c.len_utf8();
        count += 1;
    }
    let word = &text[start..end];
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if count != super::LEN || digits < 6 || digits == super::LEN {
        return None;
    }
    let number = read_all(word).filter(|n| subscriber(n))?;
    let touched = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text[end..].starts_with(touched) || text[..start].ends_with(touched) {
        return None;
    }
    let last = chunks[i..].iter().take_while(|c| c.start < end).count() + i - 1;
    let run = Run::of(text, chunks, i)?;
    let span = Span::new(start, end);
    let mut candidate = judge(text, &run, &number, span, EvidenceSet::EMPTY);
    // The letters themselves touch the digits; that is the disguise.
    let mut evidence = EvidenceSet::EMPTY.with(weights::LETTERS);
    for bit in [
        weights::UNALLOCATED,
        weights::LINK,
        weights::QQ,
        weights::AMOUNT,
    ] {
        if candidate.evidence.has(bit) {
            evidence.insert(bit);
        }
    }
    candidate.evidence = evidence;
    candidate.form = Form::Disguised;
    Some((candidate, last))
}
