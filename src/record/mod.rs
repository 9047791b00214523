//! Which findings describe one customer.

pub(crate) mod assemble;
mod filled;
pub(crate) mod form;
pub(crate) mod group;
mod layout;
pub(crate) mod nested;

pub use layout::{Column, Layout};

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::finding::Confidence;
use crate::kind::Kind;
use crate::table::field::Party;

/// Findings of a record; most have no more, and then nothing is allocated.
pub(crate) type Members = SmallVec<[u32; 6]>;

/// The best finding of each kind of a record.
pub(crate) type Fields = SmallVec<[(Kind, u32); 4]>;

/// Findings that describe one customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record {
    pub(crate) findings: Members,
    /// Whose data it is.
    pub role: Party,
    /// How sure it is that these findings belong to one person.
    pub confidence: Confidence,
    pub(crate) fields: Fields,
}

impl Record {
    /// Positions of its findings (in [`Findings`](crate::Findings) or on the page), ascending.
    pub fn findings(&self) -> &[u32] {
        &self.findings
    }

    /// The best finding of each kind, with its position.
    pub fn fields(&self) -> &[(Kind, u32)] {
        &self.fields
    }

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
