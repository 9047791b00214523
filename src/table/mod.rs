//! Knowledge: typed access to the tables under `raw/`, which are the source of truth.

pub mod courier;
pub mod division;
pub mod field;
pub(crate) mod given;
pub mod landline;
pub mod mobile;
pub mod region;
pub mod script;
pub mod segment;
pub(crate) mod surname;
pub(crate) mod words;

pub use words::Words;
