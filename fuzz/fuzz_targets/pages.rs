//! A stream in small pages is read whole, whatever the bytes: every byte is counted and the scan ends.
#![no_main]

use std::ops::ControlFlow;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use miandan::{Origin, PageReport, Result, Scanner, Sink, Sourced, Unit};

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| {
    Scanner::builder()
        .page_bytes(256)
        .build()
        .expect("valid options")
});

/// Puts the pages together again.
struct Joined(Vec<u8>);

impl Sink for Joined {
    type Rendered = Vec<u8>;

    fn render(&self, page: &PageReport<'_>) -> Vec<u8> {
        page.bytes().to_vec()
    }

    fn accept(&mut self, page: Vec<u8>) -> Result<ControlFlow<()>> {
        self.0.extend(page);
        Ok(ControlFlow::Continue(()))
    }
}

fuzz_target!(|data: &[u8]| {
    let unit = Unit {
        origin: Origin::path("fuzz"),
        reader: Box::new(std::io::Cursor::new(data.to_vec())),
        format: None,
        encoding: None,
    };
    let mut joined = Joined(Vec::new());
    let totals = SCANNER
        .par_scan([Sourced::Unit(unit)], &mut joined)
        .expect("content never fails");
    assert_eq!(joined.0, data);
    assert_eq!(totals.inputs_read, 1);
});
