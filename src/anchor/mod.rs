//! The cheap passes that find where to look: **no false negatives**, false positives allowed.

pub mod labels;
pub(crate) mod marks;
pub(crate) mod values;
