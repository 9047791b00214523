//! From findings to a case: counts of records and people, how serious, and where the leak may have been.
//!
//! Everything here is computed from findings and records only, so it can be computed again.

mod dates;
mod facts;
mod persons;
mod senders;
mod serials;
mod sink;
mod summary;

pub(crate) use facts::{lone_mobile, person};
pub use persons::{DistinctCounter, EXACT_LIMIT, PersonKey, SKETCH_ERROR};
pub use senders::SenderShares;
pub use serials::SerialRuns;
pub use sink::{PageSummary, SummarySink};
pub use summary::{Figures, Flaw, FormCounts, Inputs, RecordFacts, Summary};
