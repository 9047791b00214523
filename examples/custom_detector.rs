//! A detector of one's own: membership numbers of an invented shop, `HY` and eight digits whose sum ends in 0.
//!
//! The same file is a template: a card for people, weights for the score, and candidates with evidence.
#![allow(clippy::print_stdout)]

use miandan::anchor::View;
use miandan::detect::{Candidate, Detector, RuleCard};
use miandan::{CONTEXTS, EvidenceDef, EvidenceTable, Kind, Scanner, Span};

struct Membership;

static CARD: RuleCard = RuleCard::new("membership", Kind::Custom, "Membership number of the shop")
    .help("HY and eight digits whose sum ends in 0.")
    .examples(&["会员 HY12340000"]);

static EVIDENCE: EvidenceTable = EvidenceTable {
    prior: -500,
    local: &[EvidenceDef {
        id: "membership.sum-right",
        weight: 3_000,
    }],
    measured: "membership.none",
    context: [0; CONTEXTS],
};

impl Detector for Membership {
    fn card(&self) -> &RuleCard {
        &CARD
    }

    fn evidence(&self) -> &EvidenceTable {
        &EVIDENCE
    }

    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        for (at, _) in view.text().match_indices("HY") {
            let Some(digits) = view.text().get(at + 2..at + 10) else {
                continue;
            };
            if !digits.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            let mut candidate = Candidate::new(Kind::Custom, Span::new(at, at + 10));
            if digits.bytes().map(|b| u32::from(b - b'0')).sum::<u32>() % 10 == 0 {
                candidate.evidence.insert(0);
            }
            out.push(candidate);
        }
    }
}

fn main() -> miandan::Result<()> {
    let scanner = Scanner::builder().detector(Membership).build()?;
    let text = "会员 HY12340000，电话 13812345678";
    let findings = scanner.scan(text);
    for finding in &findings {
        println!(
            "{} {} {:.2}",
            scanner.rule(finding).id,
            findings.value(text, finding),
            finding.confidence.ratio()
        );
    }
    Ok(())
}
