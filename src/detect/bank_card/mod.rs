//! Bank cards: issuer prefix, length and Luhn check.

mod weights;

use std::borrow::Cow;

use super::{Candidate, Checksum, Detector, RuleCard, all_digits};
use crate::anchor::View;
use crate::anchor::digits::{Chunk, Gap, Run, Style, edge};
use crate::evidence::{EvidenceSet, EvidenceTable};
use crate::kind::{Form, Kind};

static CARD: RuleCard = RuleCard::new("bank_card", Kind::BankCard, "Bank card number")
    .help("Sixteen to nineteen digits with an issuer's prefix and a right Luhn check, also in groups of four.")
    .examples(&["银行卡 6222025325940606557", "卡号 6228487865180822222"])
    .counter_examples(&["订单号：4447309710020118316", "银行卡尾号 6557", "2863644185534578"])
    .references(&["ISO/IEC 7812", "UnionPay issuer prefix 62"]);

/// Finds bank card numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct BankCardDetector;

impl BankCardDetector {
    /// The detector.
    pub const fn new() -> BankCardDetector {
        BankCardDetector
    }
}

impl Detector for BankCardDetector {
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
            if !chunk.adds_up(LENGTHS) || i < next {
                continue;
            }
            if let Some((candidate, last)) = find(text, chunks, i) {
                out.push(candidate);
                next = last + 1;
            }
        }
    }

    fn normalize<'t>(&self, text: &'t str) -> Cow<'t, str> {
        all_digits(text)
    }
}

/// All numbers of digits that cards have, a bit for each.
const LENGTHS: u32 = 1 << 15 | 1 << 16 | 1 << 17 | 1 << 18 | 1 << 19;

fn find(text: &str, chunks: &[Chunk], i: usize) -> Option<(Candidate, usize)> {
    let chunk = &chunks[i];
    if chunk.in_row && chunk.count < 4 || !matches!(chunk.lead(text), b'3'..=b'6' | b'9') {
        return None;
    }
    let mut run = Run::of(text, chunks, i)?;
    if run.digits().len() < 13 {
        let sort = run.gap_after();
        // A gap of another sort ends the number.
        while run.gap_count() == 0
            || matches!(run.gap_after(), gap if gap == sort || gap == Gap::None)
        {
            let fits = |(digits, gaps)| digits <= 19 && gaps <= 6;
            if !run.with_following().is_some_and(fits) {
                break;
            }
            run.extend(text);
        }
    }
    let digits = run.digits();
    let (first, second) = (*digits.first()?, *digits.get(1)?);
    let issuer = match (digits.len(), first, second) {
        (16..=19, b'6', b'2') => weights::UNION,
        (16 | 19, b'9', _)
        | (16, b'4' | b'5', _)
        | (16, b'6', b'0' | b'5')
        | (15, b'3', b'4' | b'7') => weights::ISSUER,
        _ => return None,
    };
    let mut evidence = EvidenceSet::EMPTY.with(issuer);
    let groups = run.groups();
    let by_four = groups.len() >= 4 && groups[..groups.len() - 1].iter().all(|g| *g == 4);
    let around = edge(text, run.span);
    let after = run.gap_after();
    evidence.insert_seen([
        (!Checksum::Luhn.holds(digits), weights::UNCHECKED),
        (by_four && run.even(), weights::GROUPED),
        (run.gap_count() > 0 && !by_four, weights::UNEVEN),
        (run.style != Style::Plain, weights::DISGUISED),
        (bank_word(text, run.span.start), weights::WORD),
        (around.glued, weights::GLUED),
        (around.decimal, weights::DECIMAL),
        (around.link, weights::LINK),
        (after != Gap::Wall && run.has_gap(after), weights::CHAINED),
    ]);
    let mut candidate = Candidate::new(Kind::BankCard, run.span);
    candidate.evidence = evidence;
    if run.style != Style::Plain {
        candidate.form = Form::Disguised;
    }
    Some((candidate, run.last))
}

/// Whether a bank or card word stands within a few characters before.
fn bank_word(text: &str, at: usize) -> bool {
    let mut low = at.saturating_sub(24);
    while !text.is_char_boundary(low) {
        low += 1;
    }
    [
        "银行", "建行", "工行", "农行", "中行", "招行", "开户", "收款",
    ]
    .iter()
    .any(|w| text[low..at].contains(w))
}
