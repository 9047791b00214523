//! Integration tests, linked once.

#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "parallel")]
mod contract;
mod corpus;
#[cfg(all(feature = "archive", feature = "parallel"))]
mod doors;
mod laws;
mod layers;
#[cfg(feature = "cli")]
mod manners;
mod scanner;
#[allow(dead_code)]
mod support {
    pub mod synth;
}
