//! The parts of an address.
