//! Any bytes as a file: archives, packed streams, workbooks and mail are read to their end or told to be broken.
#![no_main]

use std::io::Read;

use libfuzzer_sys::fuzz_target;
use miandan::Sourced;
use miandan::source::{Options, walk};

/// Unpacked bytes that are read of one input; what comes after them is more of the same.
const READ: u64 = 1 << 20;

fuzz_target!(|data: &[u8]| {
    let dir = tempfile::tempdir().expect("temporary directory");
    // The ending tells workbooks and mail from other files.
    let names = ["x.xlsx", "x.ods", "x.zip", "x.xls", "x.eml"];
    let path = dir.path().join(names[data.len() % names.len()]);
    std::fs::write(&path, data).expect("temporary file");
    for sourced in walk([path], Options::default()).take(100) {
        if let Sourced::Unit(unit) = sourced {
            let _ = std::io::copy(&mut unit.reader.take(READ), &mut std::io::sink());
        }
    }
});
