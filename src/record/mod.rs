//! Which findings describe one customer.

pub(crate) mod assemble;
mod filled;
mod layout;

pub use layout::{Column, Layout};

use serde::{Deserialize, Serialize};

use crate::finding::Confidence;
use crate::kind::Kind;
use crate::table::field::Party;

/// Findings that describe one customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// Positions of its findings (in [`Findings`](crate::Findings) or on the page), ascending.
    pub findings: Vec<u32>,
    /// Whose data it is.
    pub role: Party,
    /// How sure it is that these findings belong to one person.
    pub confidence: Confidence,
    /// The best finding of each kind.
    pub fields: Vec<(Kind, u32)>,
}

impl Record {
    /// Position of the best finding of a kind.
    pub fn field(&self, kind: Kind) -> Option<usize> {
        self.fields
            .iter()
            .find(|(k, _)| *k == kind)
            .map(|(_, i)| *i as usize)
    }

    /// Whether the record names a person and says where to reach them: name, mobile and address.
    pub fn is_complete(&self) -> bool {
        [Kind::Name, Kind::Mobile, Kind::Address]
            .into_iter()
            .all(|k| self.field(k).is_some())
    }

    /// Replaces every position by what `to` says.
    pub(crate) fn renumber(&mut self, to: impl Fn(u32) -> u32) {
        self.findings.iter_mut().for_each(|m| *m = to(*m));
        self.fields.iter_mut().for_each(|(_, m)| *m = to(*m));
    }
}
