//! Masked serials: `SF138****5678`, `YT**********8070`, and bare digits such as `7730****8061`.

use smallvec::SmallVec;

use super::weights;
use crate::anchor::digits::{Chunk, Style, edge};
use crate::detect::Candidate;
use crate::evidence::EvidenceSet;
use crate::finding::{Check, Detail, WaybillDetail};
use crate::kind::{Form, Kind};
use crate::mask::is_hidden;
use crate::span::Span;
use crate::table::courier::formats_headed;

/// Fewest hidden characters in a row: a single star between digits parts them.
const FEWEST: usize = 2;

/// Most hidden characters in a row.
const MOST: usize = 18;

/// Numbers of characters, hidden ones among them, that bare serials have.
const BARE_LENGTHS: std::ops::RangeInclusive<usize> = 10..=18;

/// Whether the chunk may be what a mask leaves at the end of a serial.
#[inline]
pub(super) fn may_end(text: &str, tail: &Chunk) -> bool {
    tail.style == Style::Plain
        && matches!(tail.count, 2..=8)
        // A star, or a symbol of a block that has marks which hide; Han characters stand in none of them.
        && matches!(
            text.as_bytes()[..tail.start],
            [.., b'*'] | [.., 0xE2 | 0xEF, _, _] | [.., 0xC3, _]
        )
}

/// A masked serial that ends with `tail`, which [may end](may_end) one.
pub(super) fn find(text: &str, tail: &Chunk) -> Option<Candidate> {
    let before = &text[..tail.start];
    let shown = before.trim_end_matches(is_hidden);
    let hidden = before[shown.len()..].chars().take(MOST + 1).count();
    if !(FEWEST..=MOST).contains(&hidden) {
        return None;
    }
    let bytes = shown.as_bytes();
    let run = |bytes: &[u8], of: fn(&u8) -> bool| {
        bytes.iter().rev().take(MOST).take_while(|b| of(b)).count()
    };
    let digits = run(bytes, u8::is_ascii_digit);
    let letters = run(&bytes[..bytes.len() - digits], u8::is_ascii_alphabetic);
    let start = bytes.len() - digits - letters;
    let span = Span::new(start, tail.end);
    let letters: SmallVec<[u8; MOST]> = text[start..start + letters]
        .bytes()
        .map(|b| b.to_ascii_uppercase())
        .collect();
    let len = letters.len() + digits + hidden + tail.count as usize;
    let mut evidence = EvidenceSet::EMPTY;
    let mut couriers = formats_headed(&letters).filter(|f| f.template.len() >= len);
    let mut candidate = Candidate::new(Kind::Waybill, span);
    if letters.is_empty() {
        let mobile = len == 11 && text.as_bytes()[start] == b'1';
        if digits < 2 || mobile || !BARE_LENGTHS.contains(&len) {
            return None;
        }
        evidence.insert(weights::MASKED_BARE);
    } else {
        let first = couriers.next()?;
        // Most masks are as long as what they hide.
        evidence.insert(if first.template.len() == len {
            weights::MASKED
        } else {
            weights::MASKED_SHORT
        });
        let all = couriers.fold(1_u64 << (first.courier & 63), |all, f| {
            all | 1 << (f.courier & 63)
        });
        candidate.detail = Detail::Waybill(WaybillDetail {
            courier: first.courier,
            check: Check::None,
            others: all & !(1 << (first.courier & 63)),
        });
    }
    let around = edge(text, span);
    evidence.insert_seen([(around.glued, weights::GLUED), (around.link, weights::LINK)]);
    candidate.form = Form::Masked;
    candidate.evidence = evidence;
    Some(candidate)
}

/// Whether a text under a finding hides characters in a row.
pub(super) fn hides(text: &str) -> bool {
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.into_iter().any(|(a, b)| is_hidden(a) && is_hidden(b))
}

/// Upper-case letters, digits, and one `*` for each hidden character.
pub(super) fn normalize(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            _ if is_hidden(c) => Some('*'),
            c if c.is_ascii_alphanumeric() => Some(c.to_ascii_uppercase()),
            _ => None,
        })
        .collect()
}
