//! Mobiles of Hong Kong, Macau and Taiwan: behind a region code, and Taiwan's as they are dialled there.

use super::weights;
use crate::anchor::digits::{Chunk, Gap, Run, Style, edge};
use crate::detect::Candidate;
use crate::evidence::EvidenceSet;
use crate::finding::{Detail, MobileDetail, Region};
use crate::kind::Kind;

/// Digits of a Taiwanese mobile with the zero that is dialled inside Taiwan: `0928-417-305`.
const LOCAL_LEN: usize = 10;

/// Whether a chunk of ASCII digits may be a region code (`+852`, `00852`) or the start of a number as dialled in Taiwan.
#[inline]
pub(super) fn may_begin(text: &str, chunk: &Chunk) -> bool {
    let bytes = text.as_bytes();
    let behind_plus = || bytes[..chunk.start].ends_with(b"+");
    match chunk.count {
        3 => behind_plus(),
        4 | 10 => chunk.adds_up(1 << LOCAL_LEN) && bytes[chunk.start..].starts_with(b"09"),
        5 => behind_plus() || bytes[chunk.start..].starts_with(b"00"),
        _ => false,
    }
}

/// The number that begins with chunk `i`, which [may be](may_begin) one.
pub(super) fn find(text: &str, chunks: &[Chunk], i: usize) -> Option<(Candidate, usize)> {
    match chunks[i].count {
        4 | 10 => local(text, chunks, i),
        _ => behind_code(text, chunks, i),
    }
}

fn behind_code(text: &str, chunks: &[Chunk], i: usize) -> Option<(Candidate, usize)> {
    let code = &chunks[i];
    let written = &text[code.start..code.end];
    let bare = written.strip_prefix("00").filter(|_| code.count == 5);
    let (region, len, firsts) = match bare.unwrap_or(written) {
        "852" => (Region::HongKong, 8, b'4'..=b'9'),
        "853" => (Region::Macau, 8, b'6'..=b'6'),
        "886" => (Region::Taiwan, 9, b'9'..=b'9'),
        _ => return None,
    };
    chunks.get(i + 1)?;
    let mut run = Run::of(text, chunks, i + 1)?;
    if !matches!(run.gap_before(), Gap::None | Gap::Space | Gap::Mark('-')) {
        return None;
    }
    while run.digits().len() < len {
        if !run.extend(text) {
            return None;
        }
    }
    if run.digits().len() != len || !firsts.contains(&run.digits()[0]) {
        return None;
    }
    let evidence = EvidenceSet::EMPTY.with(weights::ABROAD);
    Some((candidate(&run, region, evidence), run.last))
}

/// Ten digits from 09 on are other things as well: only what stands around them makes a number of them.
fn local(text: &str, chunks: &[Chunk], i: usize) -> Option<(Candidate, usize)> {
    let mut run = Run::of(text, chunks, i)?;
    while run.digits().len() < LOCAL_LEN {
        if !run.extend(text) {
            return None;
        }
    }
    let usual = matches!(*run.groups(), [10] | [4, 6] | [4, 3, 3]);
    let parted = |gap: Gap| matches!(gap, Gap::Space | Gap::Mark('-'));
    let goes_on = run.gap_after();
    if run.digits().len() != LOCAL_LEN
        || !matches!(run.digits()[2], b'0'..=b'8')
        || run.style != Style::Plain
        || !usual
        || !run.gaps().all(parted)
        || goes_on != Gap::Wall && run.has_gap(goes_on)
    {
        return None;
    }
    let around = edge(text, run.span);
    if around.glued || around.decimal || around.amount || around.link || around.measure {
        return None;
    }
    let evidence = EvidenceSet::EMPTY.with(weights::LOCAL_FORM);
    Some((candidate(&run, Region::Taiwan, evidence), run.last))
}

fn candidate(run: &Run<'_>, region: Region, evidence: EvidenceSet) -> Candidate {
    let mut candidate = Candidate::new(Kind::Mobile, run.span);
    candidate.evidence = evidence;
    candidate.detail = Detail::Mobile(MobileDetail {
        region,
        province: match region {
            Region::HongKong => 81,
            Region::Macau => 82,
            Region::Taiwan => 71,
            Region::Mainland => 0,
        },
        ..MobileDetail::default()
    });
    candidate
}

/// The digits of a number without the zero that is dialled only inside Taiwan.
pub(super) fn without_trunk_zero(digits: &[u8]) -> &[u8] {
    match digits {
        [b'0', rest @ ..] if digits.len() == LOCAL_LEN && rest[0] == b'9' => rest,
        _ => digits,
    }
}
