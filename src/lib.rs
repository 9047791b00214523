//! Finds leaked personal data of Chinese customers in text dumps and marketplace listings: person names, postal
//! addresses, mobile numbers and courier waybill serials.
//!
//! The front door is [`Scanner`]: bytes or text in, [`Findings`] out, with [`Record`]s that link what belongs to one
//! customer. Streams and directories go through [`Scanner::par_scan`] from a [`source`] into a [`Sink`].
//!
//! ```
//! use miandan::{Kind, Scanner};
//!
//! let scanner = Scanner::new()?;
//! let findings = scanner.scan("收件人：张伟 电话：13812345678");
//! assert_eq!(findings.of(Kind::Name).count(), 1);
//! assert_eq!(findings.records().len(), 1);
//! # Ok::<(), miandan::Error>(())
//! ```
//!
//! What follows from findings: [`report`] (counts, people, the law as a reference), [`listing`] (does a listing sell data?),
//! [`redact`], [`policy`] (verdicts for pipelines), `leak` (keyed fingerprints), [`output`] (JSON Lines, CSV, SARIF,
//! pages for people). `config` reads all of a scanner's settings from a file.
//!
//! **Nothing personal leaves by default**: findings hold spans and no text, outputs mask, `Debug` shows no value. **The content of
//! an input never makes an error**: broken bytes become [`Warning`]s, and the scan goes on.

#![forbid(unsafe_code)]

pub mod anchor;
mod canon;
#[cfg(feature = "config")]
pub mod config;
pub mod detect;
mod error;
#[cfg(feature = "eval")]
pub mod eval;
mod evidence;
mod finding;
mod hash;
mod kind;
#[cfg(feature = "fingerprint")]
pub mod leak;
pub mod listing;
pub mod mask;
pub mod output;
pub mod parse;
pub mod policy;
pub mod record;
pub mod redact;
pub mod report;
pub mod scan;
mod score;
pub mod source;
mod span;
pub mod table;
pub mod text;

pub use error::{Error, Result};
pub use evidence::{
    CONTEXT_IDS, CONTEXTS, Context, Evidence, EvidenceDef, EvidenceSet, EvidenceTable, Weight,
};
pub use finding::{
    AddressDetail, Check, Confidence, Detail, Finding, Grade, Level, Line, MobileDetail,
    NameDetail, Region, WaybillDetail,
};
pub use kind::{Form, Kind};
pub use record::{Column, Layout, Record};
pub use scan::{
    Findings, Format, Input, Item, Origin, PageReport, Place, RowFindings, RowPlace, RowScanner,
    RowText, Scanner, ScannerBuilder, Scratch, Sink, Sourced, Totals, Unit, UnitInfo, Warning,
};
pub use span::Span;
pub use text::encoding::{Certainty, Encoding};

/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
