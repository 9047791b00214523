//! Scans a marketplace export on all threads and counts which listings carry customers.
//!
//! ```sh
//! cargo run --example scan_export -- examples/data/listings.jsonl
//! ```
#![allow(clippy::print_stdout)]

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use miandan::source::{self, walk};
use miandan::{PageReport, Result, Scanner, Sink};

/// The rows that hold at least one record.
#[derive(Default)]
struct LeakingRows(BTreeSet<u64>);

impl Sink for LeakingRows {
    type Rendered = Vec<u64>;

    fn render(&self, page: &PageReport<'_>) -> Vec<u64> {
        page.items()
            .filter(|item| item.record_id().is_some())
            .map(|item| item.place().row)
            .collect()
    }

    fn accept(&mut self, rows: Vec<u64>) -> Result<ControlFlow<()>> {
        self.0.extend(rows);
        Ok(ControlFlow::Continue(()))
    }
}

fn main() -> Result<()> {
    let path = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "examples/data/listings.jsonl".into());
    let mut sink = LeakingRows::default();
    let totals = Scanner::new()?.par_scan(walk([path], source::Options::default()), &mut sink)?;
    println!(
        "{} of {} listings carry customers: rows {:?}",
        sink.0.len(),
        totals.rows,
        sink.0
    );
    Ok(())
}
