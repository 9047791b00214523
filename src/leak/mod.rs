//! Is it the same leak twice? Keyed fingerprints of people, mobiles and waybills, kept in small files that can be compared
//! without either side showing its data.
//!
//! A fingerprint is HMAC-SHA-256 under a secret key. It is **de-identified, still personal information** (PIPL art. 73):
//! whoever has the key can test any number. It is not anonymous, and it must be kept and deleted like the data itself. Without
//! the key it says nothing; a plain hash of an eleven-digit number would be undone by trying them all.

mod compare;
mod fingerprint;
mod set;

pub use compare::{Overlap, Pair, clusters, pairwise};
pub use fingerprint::{Class, Fingerprinter, Key};
pub use set::{FingerprintSet, FingerprintSink, SetError, Sketch};
