//! Writes what a scan finds: JSON Lines, CSV, SARIF, and pages for people.
//!
//! Every writer is a [`Sink`](crate::Sink): pages are turned into bytes on worker threads and written in the order of the
//! input. **Values are masked unless [`Options::show_values`] is set.**

mod any;
mod csv;
mod detail;
mod field;
mod human;
mod json;
mod jsonl;
mod row;
mod sarif;

pub use any::{AnyPage, AnySink, Closing, OutputFormat};
pub use csv::CsvSink;
pub use detail::detail_json;
pub use human::{HumanSink, Lines, Style};
pub use jsonl::JsonLinesSink;
pub use row::write_row;
pub use sarif::{Results, SarifSink};

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use crate::finding::Finding;
use crate::kind::Kind;
use crate::mask::mask_into;
use crate::scan::{Item, PageReport};

/// The JSON Schema of a line that [`JsonLinesSink`] writes.
pub const SCHEMA: &str = include_str!("schema.json");

/// What is written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Raw values instead of masked ones.
    pub show_values: bool,
    /// Column or JSON field that identifies a row.
    pub id_field: String,
    /// Whether records are written.
    pub records: bool,
    /// Whether findings outside records are written.
    pub lone_findings: bool,
    /// Whether people are told what each finding rests on.
    pub explain: bool,
    /// Whether JSON Lines leave out `text_span`, `evidence` and `detail`, which are three fifths of them.
    pub brief: bool,
    /// A keyed hash of values, by which SARIF results are known again in the next scan; none without a key.
    pub value_hash: Option<ValueHash>,
}

/// A keyed hash of a kind and a normalised value, such as `leak::Fingerprinter::value`. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct ValueHash(Arc<Hash>);

type Hash = dyn Fn(Kind, &str) -> u64 + Send + Sync;

impl ValueHash {
    /// Takes a function for the hash. **It must be keyed**: a plain hash of a mobile number is undone in minutes.
    pub fn new(hash: impl Fn(Kind, &str) -> u64 + Send + Sync + 'static) -> ValueHash {
        ValueHash(Arc::new(hash))
    }

    /// The hash of a finding's value, in sixteen hexadecimal digits.
    fn of(&self, item: &Item<'_>) -> String {
        format!("{:016x}", (self.0)(item.finding().kind, &item.normalized()))
    }
}

impl std::fmt::Debug for ValueHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ValueHash(…)")
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            show_values: false,
            id_field: "id".into(),
            records: true,
            lone_findings: true,
            explain: false,
            brief: false,
            value_hash: None,
        }
    }
}

impl Options {
    /// The value as it may be shown.
    fn shown<'p>(&self, item: &Item<'p>) -> Cow<'p, str> {
        if self.show_values {
            return item.value();
        }
        let mut out = String::new();
        self.show(item.finding(), &item.value(), &mut out);
        Cow::Owned(out)
    }

    /// Appends the value of a finding as it may be shown.
    fn show(&self, finding: &Finding, value: &str, out: &mut String) {
        if self.show_values {
            out.push_str(value);
        } else {
            mask_into(finding.kind, finding.form, value, out);
        }
    }

    fn wants(&self, item: &Item<'_>) -> bool {
        self.lone_findings || item.record_index().is_some()
    }
}

/// Buffers that were written and may be filled again: mapping new memory for every page takes longer than filling it.
#[derive(Debug)]
struct Spare(Mutex<Vec<Vec<u8>>>);

impl Spare {
    const fn new() -> Spare {
        Spare(Mutex::new(Vec::new()))
    }

    /// An empty buffer.
    fn take(&self) -> Vec<u8> {
        let mut spare = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spare.pop().unwrap_or_default()
    }

    fn give(&mut self, mut buffer: Vec<u8>) {
        buffer.clear();
        let spare = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        spare.push(buffer);
    }
}

/// Records that end with each finding of a page: a record is written after its findings.
fn records_by_last(page: &PageReport<'_>) -> Vec<(u32, usize)> {
    let mut ends: Vec<(u32, usize)> = page
        .records()
        .enumerate()
        .filter_map(|(i, (_, record))| record.findings.iter().max().map(|last| (*last, i)))
        .collect();
    ends.sort_unstable();
    ends
}
