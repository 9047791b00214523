//! Buffers that a thread uses again and again.

use crate::detect::Candidate;
use crate::text::OffsetMap;

/// Reusable buffers of one thread. After a few calls a scan of text without findings allocates nothing.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) decoded: Vec<u8>,
    pub(crate) folded: String,
    pub(crate) map: OffsetMap,
    pub(crate) candidates: Vec<Candidate>,
}
