//! The slices: one folder per kind of data, each with its rule card, candidates and weights.
//!
//! A detector looks at a [`View`] and pushes [`Candidate`]s with *local* evidence: what the value itself and its
//! immediate surroundings say. Labels, columns and neighbours are judged afterwards, for all kinds alike, by
//! the score stage, with the weights each detector declares in its [`EvidenceTable`].
//!
//! Slices never import one another.

#[macro_use]
mod lines;

pub mod address;
pub mod bank_card;
mod card;
mod checksum;
pub mod email;
pub mod handle;
pub mod id_card;
pub mod landline;
pub mod mobile;
pub mod name;
mod pattern;
pub mod waybill;

pub use card::{Family, RuleCard};
pub use checksum::Checksum;
pub use pattern::PatternDetector;
#[cfg(feature = "config")]
pub(crate) use pattern::compile;

use std::borrow::Cow;
use std::sync::Arc;

use crate::anchor::View;
use crate::anchor::digits::{Digits, glyphs};
use crate::evidence::{EvidenceSet, EvidenceTable, Weight};
use crate::finding::Detail;
use crate::kind::{Form, Kind};
use crate::span::Span;

/// A possible finding with the evidence its detector saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What it would be.
    pub kind: Kind,
    /// How it is written.
    pub form: Form,
    /// Half-open byte range in [`View::text`], on character boundaries.
    pub span: Span,
    /// Local evidence, by position in the detector's table.
    pub evidence: EvidenceSet,
    /// The measured weight (a model's score) in milli-logits.
    pub measured: Weight,
    /// What else is known.
    pub detail: Detail,
    /// Position of the detector in the scanner's list; set by the scanner.
    pub rule: u8,
}

impl Candidate {
    /// A candidate of full form without evidence.
    pub const fn new(kind: Kind, span: Span) -> Candidate {
        Candidate {
            kind,
            form: Form::Full,
            span,
            evidence: EvidenceSet::EMPTY,
            measured: 0,
            detail: Detail::None,
            rule: 0,
        }
    }
}

/// One slice: finds candidates of one kind in a view.
///
/// Implementations must be linear in the length of the text, must not panic on any text, and must not look further
/// than [`REACH`] bytes from the candidate they are judging, so that a long input may be cut into pages.
pub trait Detector: Send + Sync {
    /// What people read about the rule.
    fn card(&self) -> &RuleCard;

    /// What its evidence weighs.
    fn evidence(&self) -> &EvidenceTable;

    /// Pushes every candidate in `view`, in any order.
    ///
    /// `out` already holds the candidates of the detectors that stand earlier in the scanner's list (digits first, then
    /// addresses, names last), which a detector may use as anchors. It must not change them.
    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>);

    /// The value under a finding in the one spelling in which equal values are equal: eleven digits, upper-case letters and
    /// digits, text without separators; the text itself where it is spelt so. `text` is the decoded text under the finding's span.
    fn normalize<'t>(&self, text: &'t str) -> Cow<'t, str> {
        respelt(text, |c| (!c.is_whitespace()).then_some(c))
    }
}

/// A text of which every character becomes another or is left out, or the text itself where all stay as they are.
pub(crate) fn respelt(text: &str, of: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    let Some((first, _)) = text.char_indices().find(|(_, c)| of(*c) != Some(*c)) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    out.extend(text[first..].chars().filter_map(of));
    Cow::Owned(out)
}

/// Whether a text is capital letters and digits alone, which are read as themselves.
fn is_plain(text: &str) -> bool {
    let is = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    text.bytes().all(is)
}

/// The digits of a text, whatever their disguise.
fn all_digits(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return Cow::Borrowed(text);
    }
    let digits = Digits::of(text);
    let all = digits.chunks().iter().flat_map(|c| glyphs(text, c));
    Cow::Owned(all.map(|g| g.value as char).collect())
}

/// Every built-in detector, in the order in which they run: digits first, then addresses, names last.
pub(crate) fn builtin(names: name::NameScope) -> Vec<Arc<dyn Detector>> {
    vec![
        Arc::new(mobile::MobileDetector::new()),
        Arc::new(waybill::WaybillDetector::new()),
        Arc::new(id_card::IdCardDetector::new()),
        Arc::new(bank_card::BankCardDetector::new()),
        Arc::new(landline::LandlineDetector::new()),
        Arc::new(email::EmailDetector::new()),
        Arc::new(handle::HandleDetector::new()),
        Arc::new(address::AddressDetector),
        Arc::new(name::NameDetector::new().scope(names)),
    ]
}

/// How far, in bytes of the view's text, a detector may look from the candidate that it judges.
pub const REACH: usize = 1024;
