//! Finds leaked personal data of Chinese customers in text dumps and marketplace listings: person names, postal
//! addresses, mobile numbers and courier waybill serials.

pub mod anchor;
mod canon;
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
    Findings, Format, Input, Item, Origin, PageReport, Place, Scanner, ScannerBuilder, Scratch,
    Sink, Sourced, Totals, Unit, UnitInfo, Warning,
};
pub use span::Span;
pub use text::encoding::Encoding;
