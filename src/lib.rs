//! Finds leaked personal data of Chinese customers in text dumps and marketplace listings: person names, postal
//! addresses, mobile numbers and courier waybill serials.

pub mod anchor;
pub mod detect;
mod error;
mod evidence;
mod finding;
mod kind;
pub mod parse;
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
pub use span::Span;
