//! Knowledge: typed access to the tables under `raw/`, which are the source of truth.

pub mod field;
pub(crate) mod given;
pub mod script;
pub(crate) mod surname;
