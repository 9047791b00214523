//! Buffers that a thread uses again and again.

use crate::anchor::digits::Digits;
use crate::detect::Candidate;
use crate::record::group::Group;
use crate::score::Judged;
use crate::span::Span;
use crate::text::OffsetMap;
use crate::text::mixed::Stretch;

/// Reusable buffers of one thread. After a few calls a scan of text without findings allocates nothing.
#[derive(Default)]
pub struct Scratch {
    pub(crate) decoded: Vec<u8>,
    pub(crate) folded: String,
    pub(crate) map: OffsetMap,
    pub(crate) malformed: Vec<Span>,
    pub(crate) stretches: Vec<Stretch>,
    pub(crate) digits: Digits,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) order: Vec<u64>,
    pub(crate) judged: Vec<Judged>,
    pub(crate) likely: Vec<u32>,
    pub(crate) groups: Vec<Group>,
}

impl std::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scratch").finish_non_exhaustive()
    }
}
