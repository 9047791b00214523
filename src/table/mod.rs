//! Knowledge: typed access to the tables under `raw/`, which are the source of truth.

pub mod field;
pub mod region;
pub mod script;
