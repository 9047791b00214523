//! Resident identity card numbers (GB 11643): eighteen characters with a check character, or the old fifteen digits.

mod weights;

use std::borrow::Cow;

use super::{Candidate, Checksum, Detector, RuleCard, is_plain};
use crate::anchor::View;
use crate::anchor::digits::{Chunk, Gap, Run, Style, edge, read};
use crate::evidence::{EvidenceSet, EvidenceTable};
use crate::kind::{Form, Kind};
use crate::span::Span;
use crate::table::division::is_province;

static CARD: RuleCard = RuleCard::new("id_card", Kind::IdCard, "Resident identity card number")
    .help(
        "Eighteen characters: a division of China, a date of birth, a serial and the ISO 7064 check character; or the old \
         fifteen digits where a label says so.",
    )
    .examples(&["身份证110101199003077635", "11010519491231002X"])
    .counter_examples(&["订单号 128804072386255118", "20150405170316263", "110101199013077635"])
    .references(&["GB 11643-1999", "GB/T 2260"]);

/// Finds resident identity card numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct IdCardDetector;

impl IdCardDetector {
    /// The detector.
    pub const fn new() -> IdCardDetector {
        IdCardDetector
    }
}

impl Detector for IdCardDetector {
    fn card(&self) -> &RuleCard {
        &CARD
    }

    fn evidence(&self) -> &EvidenceTable {
        &weights::TABLE
    }

    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        let text = view.text();
        let chunks = view.digits().chunks();
        let mut next = 0;
        for (i, chunk) in chunks.iter().enumerate() {
            if chunk.in_row || !chunk.adds_up(LENGTHS) || i < next {
                continue;
            }
            if let Some((candidate, last)) = find(text, chunks, i) {
                out.push(candidate);
                next = last + 1;
            }
        }
    }

    fn normalize<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if is_plain(text) {
            return Cow::Borrowed(text);
        }
        let mut out = String::new();
        let mut at = 0;
        while at < text.len() {
            if let Some(glyph) = read(text, at) {
                out.push(glyph.value as char);
                at = glyph.end;
            } else {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        Cow::Owned(out)
    }
}

/// Most gaps in a number.
const MOST_GAPS: usize = 3;

/// The numbers of digits of the old form, and of the new one with and without X, a bit for each.
const LENGTHS: u32 = 1 << 15 | 1 << 17 | 1 << 18;

fn find(text: &str, chunks: &[Chunk], i: usize) -> Option<(Candidate, usize)> {
    if !matches!(chunks[i].lead(text), b'1'..=b'8') || Run::digits_within(chunks, i, MOST_GAPS) < 15
    {
        return None;
    }
    let mut run = Run::of(text, chunks, i)?;
    while run.digits().len() < 17 {
        let fits = |(digits, gaps)| digits <= 18 && gaps <= MOST_GAPS;
        if !run.with_following().is_some_and(fits) {
            break;
        }
        run.extend(text);
    }
    // The eighteenth digit may be a chunk of its own.
    if run.digits().len() == 17 && run.with_following() == Some((18, run.gap_count())) {
        run.extend(text);
    }
    let digits = run.digits();
    let check = match digits.len() {
        17 => read(text, run.span.end).filter(|g| g.value == b'X'),
        15 if run.plain() => return old(text, &run).map(|c| (c, run.last)),
        18 => None,
        _ => return None,
    };
    if digits.len() == 17 && check.is_none() || !born(&digits[..2], &digits[6..14]) {
        return None;
    }
    let mut number = [b'X'; 18];
    number[..digits.len()].copy_from_slice(digits);
    let span = Span::new(run.span.start, check.map_or(run.span.end, |g| g.end));
    let mut evidence = EvidenceSet::EMPTY.with(if Checksum::Mod11_2.holds(&number) {
        weights::CHECKED
    } else {
        weights::UNCHECKED
    });
    if run.gap_count() > 0 {
        evidence.insert(weights::SEPARATED);
    }
    if run.style != Style::Plain {
        evidence.insert(weights::DISGUISED);
    }
    let after = run.gap_after();
    if after != Gap::Wall && check.is_none() && run.has_gap(after) {
        evidence.insert(weights::CHAINED);
    }
    Some((candidate(text, span, &run, evidence), run.last))
}

fn candidate(text: &str, span: Span, run: &Run<'_>, mut evidence: EvidenceSet) -> Candidate {
    let around = edge(text, span);
    evidence.insert_seen([
        (around.glued, weights::GLUED),
        (around.decimal, weights::DECIMAL),
        (around.link, weights::LINK),
    ]);
    let mut candidate = Candidate::new(Kind::IdCard, span);
    candidate.evidence = evidence;
    if run.style != Style::Plain {
        candidate.form = Form::Disguised;
    }
    candidate
}

/// The old form, without a check character: a label has to help.
fn old(text: &str, run: &Run<'_>) -> Option<Candidate> {
    let digits = run.digits();
    let mut date = *b"19______";
    date[2..].copy_from_slice(&digits[6..12]);
    born(&digits[..2], &date)
        .then(|| candidate(text, run.span, run, EvidenceSet::EMPTY.with(weights::OLD)))
}

/// Whether a province and a date of birth (yyyymmdd) are possible.
fn born(province: &[u8], date: &[u8]) -> bool {
    let n = |d: &[u8]| d.iter().fold(0_u32, |n, c| n * 10 + u32::from(c - b'0'));
    is_province(n(province) as u8)
        && (1900..2030).contains(&n(&date[..4]))
        && (1..=12).contains(&n(&date[4..6]))
        && (1..=31).contains(&n(&date[6..8]))
}
