//! Fixed lines: an area code and seven or eight digits. Hotlines (400, 800, 95xxx) are nobody's and never reported.

mod weights;

use std::borrow::Cow;

use super::{Candidate, Detector, RuleCard, all_digits};
use crate::anchor::View;
use crate::anchor::digits::{Chunk, Gap, Run, Style, edge};
use crate::evidence::{EvidenceSet, EvidenceTable};
use crate::kind::{Form, Kind};
use crate::table::landline::area_len;

static CARD: RuleCard = RuleCard::new("landline", Kind::Landline, "Fixed-line telephone number")
    .help("An area code with its leading zero and a local number of the right length. Hotlines are not personal.")
    .examples(&["座机 0571-81915091", "电话：010 80208275"])
    .counter_examples(&["客服：400-874-1628", "拨打95546", "2024-01-02"])
    .references(&["MIIT numbering plan"]);

/// Finds fixed-line numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct LandlineDetector;

impl LandlineDetector {
    /// The detector.
    pub const fn new() -> LandlineDetector {
        LandlineDetector
    }
}

impl Detector for LandlineDetector {
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
        all_digits(text)
    }
}

/// Most digits of an area code and a local number.
const MOST: usize = 12;

/// All numbers of digits that both have, a bit for each.
const LENGTHS: u32 = 1 << 10 | 1 << 11 | 1 << MOST;

fn find(text: &str, chunks: &[Chunk], i: usize) -> Option<(Candidate, usize)> {
    if chunks[i].lead(text) != b'0' {
        return None;
    }
    let mut run = Run::of(text, chunks, i)?;
    let mut fits = area_len(run.digits());
    while fits.is_none() {
        if run.digits().len() >= MOST || !run.extend(text) {
            return None;
        }
        fits = area_len(run.digits());
    }
    let area = fits?;
    let apart = run
        .groups()
        .first()
        .is_some_and(|g| usize::from(*g) == area);
    let around = edge(text, run.span);
    let mut evidence = EvidenceSet::EMPTY.with(weights::AREA);
    let after = run.gap_after();
    evidence.insert_seen([
        (apart, weights::SEPARATED),
        (run.style != Style::Plain, weights::DISGUISED),
        (around.glued, weights::GLUED),
        (around.decimal, weights::DECIMAL),
        (around.link, weights::LINK),
        (
            run.gap_count() > 1 && after != Gap::Wall && run.has_gap(after),
            weights::CHAINED,
        ),
    ]);
    let mut candidate = Candidate::new(Kind::Landline, run.span);
    candidate.evidence = evidence;
    if run.style != Style::Plain {
        candidate.form = Form::Disguised;
    }
    Some((candidate, run.last))
}
