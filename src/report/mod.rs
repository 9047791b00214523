//! From findings to a case: counts of records and people, how serious, and where the leak may have been.
//!
//! Everything here is computed from findings and records only, so it can be computed again.

mod attribution;
mod case;
mod dates;
mod facts;
mod law;
mod persons;
mod senders;
mod serials;
mod sink;
mod summary;

pub use attribution::{Share, Statement, attribute};
pub use case::{Report, Section};
pub(crate) use facts::{lone_mobile, person};
pub use law::{CountReference, Gravity, LawReference, MaskConformity, Thresholds, Tier};
pub use persons::{DistinctCounter, EXACT_LIMIT, PersonKey, SKETCH_ERROR};
pub use senders::SenderShares;
pub use serials::SerialRuns;
pub use sink::{PageSummary, SummarySink};
pub use summary::{EncodingCounts, Figures, Flaw, FormCounts, Inputs, RecordFacts, Summary};
