//! Writing an input again without what was found in it.
//!
//! Outside the replaced spans every byte stays; the encoding stays; CSV, JSON and SQL stay valid. What comes out is
//! scanned again: a [`Redacted`] says how many full values a second scan still sees.

mod encode;
#[cfg(feature = "parallel")]
mod file;
mod operator;
mod quote;
mod redactor;
mod sink;

#[cfg(feature = "parallel")]
pub use file::RedactedFile;
pub use operator::{Operator, is_fake};
pub use redactor::{Redacted, Redactor, shows_full};
pub use sink::{RedactSink, check_paths};
