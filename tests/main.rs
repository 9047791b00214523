//! Integration tests, linked once.

#[cfg(feature = "cli")]
mod cli;
mod corpus;
#[cfg(all(feature = "archive", feature = "parallel"))]
mod doors;
mod laws;
mod layers;
mod numbers;
mod scanner;
#[allow(dead_code)]
mod support {
    pub mod synth;
}
