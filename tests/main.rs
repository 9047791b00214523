//! Integration tests, linked once.

mod allocations;
#[cfg(feature = "cli")]
mod case_cli;
#[cfg(feature = "cli")]
mod cli;
mod columns;
#[cfg(feature = "parallel")]
mod contract;
mod corpus;
#[cfg(all(feature = "archive", feature = "parallel"))]
mod doors;
#[cfg(all(feature = "parallel", feature = "encodings"))]
mod expand;
#[cfg(feature = "cli")]
mod faults;
#[cfg(feature = "cli")]
mod fuzz;
#[cfg(feature = "parallel")]
mod golden;
mod laws;
mod layers;
#[cfg(feature = "eval")]
mod lines;
mod listings;
#[cfg(feature = "cli")]
mod manners;
mod matrix;
mod names;
mod numbers;
mod records;
mod redaction;
mod reference;
mod scanner;
#[allow(dead_code)]
mod support {
    pub mod dice;
    pub mod layouts;
    pub mod synth;
    #[cfg(feature = "cli")]
    pub mod targets;
}
#[cfg(all(feature = "cli", unix))]
mod system;
#[cfg(feature = "cli")]
mod writers;
