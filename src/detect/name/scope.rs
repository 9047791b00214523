//! How much of a text is read for names.

use std::ops::Range;

use crate::detect::Candidate;

/// Where names are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameScope {
    /// In all text. Above 100 MB/s a core.
    #[default]
    Everywhere,
    /// Only within 240 bytes of what other detectors found (numbers, addresses, waybills). For texts in which a name
    /// without any of these is nobody's data, such as news; gigabytes per second where nothing else is found. Use
    /// [`NameScope::Everywhere`] for lists of names.
    Near,
}

/// How far from another candidate a name may stand, in bytes: about eighty characters.
const NEAR: usize = 240;

/// The parts of `text` around the candidates, merged and in order, cut at line breaks where there is one in reach.
pub(super) fn neighbourhoods(text: &str, candidates: &[Candidate]) -> Vec<Range<usize>> {
    let mut spans: Vec<(usize, usize)> = candidates
        .iter()
        .map(|c| {
            (
                c.span.start.saturating_sub(NEAR),
                (c.span.end + NEAR).min(text.len()),
            )
        })
        .collect();
    spans.sort_unstable();
    let mut out: Vec<Range<usize>> = Vec::new();
    for (start, end) in spans {
        match out.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => out.push(start..end),
        }
    }
    for range in &mut out {
        while !text.is_char_boundary(range.start) {
            range.start += 1;
        }
        while !text.is_char_boundary(range.end) {
            range.end -= 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::span::Span;

    #[test]
    fn close_candidates_share_a_neighbourhood() {
        let text = "字".repeat(1_000);
        let at = |start| Candidate::new(Kind::Mobile, Span::new(start, start + 3));
        let found = neighbourhoods(&text, &[at(600), at(900), at(2_400)]);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|r| text.get(r.clone()).is_some()));
        assert!(found[0].contains(&600) && found[0].contains(&900));
        assert!(neighbourhoods(&text, &[]).is_empty());
    }
}
