//! Masked numbers: `138****8000`, `155xxxx3419`, `138-****-5678`.

use smallvec::SmallVec;

use super::weights;
use crate::anchor::digits::{Chunk, Style, edge, glyphs};
use crate::detect::Candidate;
use crate::evidence::EvidenceSet;
use crate::finding::{Detail, Line, MobileDetail};
use crate::kind::{Form, Kind};
use crate::mask::is_hidden;
use crate::span::Span;
use crate::table::mobile::prefix_of;

/// Whether a character hides a digit.
fn hides(c: char) -> bool {
    is_hidden(c) || matches!(c, 'x' | 'X' | '#' | '?' | '？' | '﹡' | '※')
}

/// Whether a text with too few digits, those of the chunks, hides the others: between them stand three signs for hidden ones or
/// more, two of them side by side. A single one may part digits, and escapes (`&#x33;`) are digits.
pub(super) fn hidden(text: &str, chunks: &[Chunk]) -> bool {
    let starts = chunks.iter().map(|c| c.start).chain([text.len()]);
    let ends = std::iter::once(0).chain(chunks.iter().map(|c| c.end));
    let (mut signs, mut pairs) = (0, 0);
    for (from, to) in ends.zip(starts) {
        let gap = text.get(from..to).unwrap_or_default();
        let next = gap.chars().skip(1);
        signs += gap.chars().filter(|c| hides(*c)).count();
        pairs += gap
            .chars()
            .zip(next)
            .filter(|(a, b)| hides(*a) && hides(*b))
            .count();
    }
    signs >= 3 && pairs > 0
}

/// Digits and one `*` per hidden digit.
pub(super) fn normalize(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            _ if hides(c) => Some('*'),
            c if c.is_ascii_digit() => Some(c),
            _ => None,
        })
        .collect()
}

/// Whether a chunk of ASCII digits may be the head of a masked number.
#[inline]
pub(super) fn may_begin(text: &str, head: &Chunk) -> bool {
    matches!(head.count, 3 | 4) && text.as_bytes()[head.start] == b'1'
}

/// A masked number whose first chunk is `i`, which [may begin](may_begin) one.
pub(super) fn find(text: &str, chunks: &[Chunk], i: usize) -> Option<(Candidate, usize)> {
    let (head, tail) = (&chunks[i], chunks.get(i + 1)?);
    let fits = tail.style == Style::Plain && matches!(tail.count, 2..=4);
    if !fits || tail.start - head.end > 20 {
        return None;
    }
    let between = text.get(head.end..tail.start)?;
    let mask = between.trim_matches(['-', ' ', '－']);
    let count = mask.chars().count();
    if !mask.chars().all(hides) || head.count as usize + count + tail.count as usize != 11 {
        return None;
    }
    let mut digits: SmallVec<[u8; 5]> = glyphs(text, head).map(|g| g.value).collect();
    digits.push(b'0');
    let prefix = prefix_of(&digits);
    if digits[0] != b'1' || !(b'3'..=b'9').contains(&digits[1]) || prefix.line == Line::Unallocated
    {
        return None;
    }
    let span = Span::new(head.start, tail.end);
    let around = edge(text, span);
    let mut evidence = EvidenceSet::EMPTY.with(weights::MASKED);
    evidence.insert_seen([(around.glued, weights::GLUED), (around.link, weights::LINK)]);
    let mut candidate = Candidate::new(Kind::Mobile, span);
    candidate.form = Form::Masked;
    candidate.evidence = evidence;
    candidate.detail = Detail::Mobile(MobileDetail {
        operator: prefix.operator,
        line: prefix.line,
        ..MobileDetail::default()
    });
    Some((candidate, i + 1))
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector;
    use crate::detect::mobile::MobileDetector;

    #[test]
    fn signs_for_hidden_digits_are_told_from_escapes_and_separators() {
        for (text, value) in [
            ("138****8000", "138****8000"),
            ("155xxxx3419", "155****3419"),
            ("*******5678", "*******5678"),
            ("138-****-5678", "138****5678"),
            (
                "芭&#x33;一\u{3000}加三⓪1\u{FE0F}\u{20E3}芭&#x33;",
                "83130183",
            ),
            ("⑥*①*②*③*④*⑤*⑥*⑦", "61234567"),
        ] {
            assert_eq!(MobileDetector::new().normalize(text), value, "{text}");
        }
    }
}
