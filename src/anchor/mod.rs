//! The cheap passes that find where to look: **no false negatives**, false positives allowed.

pub(crate) mod aligned;
pub(crate) mod breaks;
pub(crate) mod digits;
pub(crate) mod html;
pub mod labels;
pub(crate) mod marks;
pub(crate) mod values;
mod view;

pub use view::View;
