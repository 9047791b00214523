//! Person names: a surname-gated linear model over characters and context.

#[doc(hidden)]
pub mod decode;
#[doc(hidden)]
pub mod features;
#[doc(hidden)]
pub mod gate;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod reader;
#[doc(hidden)]
pub mod training;
mod weights;
#[doc(hidden)]
pub mod words;

use std::cell::RefCell;

use super::{Candidate, Detector, RuleCard};
use crate::evidence::{EvidenceSet, EvidenceTable};
use crate::finding::{Detail, NameDetail};
use crate::kind::Kind;
use crate::text::View;
use model::Model;
use reader::Reader;

static CARD: RuleCard = RuleCard::new("name", Kind::Name, "Person name");

/// Finds names of persons.
#[derive(Clone, Copy, Debug, Default)]
pub struct NameDetector {}

impl NameDetector {
    /// A detector that looks everywhere.
    pub fn new() -> NameDetector {
        NameDetector::default()
    }
}

thread_local! {
    static READER: RefCell<Reader> = RefCell::default();
}

impl Detector for NameDetector {
    fn card(&self) -> &RuleCard {
        &CARD
    }

    fn evidence(&self) -> &EvidenceTable {
        &weights::EVIDENCE
    }

    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        READER.with_borrow_mut(|reader| {
            reader.read(Model::builtin(), view.text(), |r| {
                let mut c = Candidate::new(Kind::Name, r.span);
                c.measured = r.score;
                c.detail = Detail::Name(NameDetail {
                    surname_chars: r.surname as u8,
                });
                if r.alone {
                    c.evidence = EvidenceSet::EMPTY.with(weights::ALONE);
                }
                out.push(c);
            });
        });
    }
}
