//! What a scan reports: [`Finding`], its [`Detail`] and [`Confidence`].

use serde::{Deserialize, Serialize};

use crate::evidence::{EvidenceSet, Weight};
use crate::kind::{Form, Kind};
use crate::span::Span;

/// The share of such findings that are right, 0 … 1, calibrated on labelled text.
///
/// Kept as an integer in ten-thousandths, so that order and equality are exact.
///
/// ```
/// use miandan::{Confidence, Level};
/// let c = Confidence::from_ratio(0.93);
/// assert_eq!(c.level(), Level::High);
/// assert!(c > Confidence::from_ratio(0.5));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u16);

impl Confidence {
    /// From a ratio; values outside 0 … 1 are clamped.
    pub fn from_ratio(ratio: f64) -> Confidence {
        Confidence((ratio.clamp(0.0, 1.0) * 10_000.0).round() as u16)
    }

    /// From ten-thousandths; values above 10,000 are clamped.
    pub const fn from_basis(basis: u16) -> Confidence {
        Confidence(if basis > 10_000 { 10_000 } else { basis })
    }

    /// As a ratio, 0 … 1.
    pub fn ratio(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }

    /// In ten-thousandths.
    pub const fn basis(self) -> u16 {
        self.0
    }

    /// `low` < 0.5 ≤ `medium` < 0.9 ≤ `high`.
    pub const fn level(self) -> Level {
        match self.0 {
            0..5_000 => Level::Low,
            5_000..9_000 => Level::Medium,
            _ => Level::High,
        }
    }
}

impl Serialize for Confidence {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(self.ratio())
    }
}

impl<'de> Deserialize<'de> for Confidence {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Confidence, D::Error> {
        f64::deserialize(d).map(Confidence::from_ratio)
    }
}

/// A coarse reading of a [`Confidence`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Below 0.5.
    Low,
    /// From 0.5 to below 0.9.
    Medium,
    /// 0.9 and above.
    High,
}

impl Level {
    /// The stable identifier used in output.
    pub const fn id(self) -> &'static str {
        match self {
            Level::Low => "low",
            Level::Medium => "medium",
            Level::High => "high",
        }
    }
}

/// What kind of subscription a mobile number belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Line {
    /// An ordinary subscription with one of the network operators.
    #[default]
    Mobile,
    /// A virtual operator's (170, 171, 162, 165, 167 …).
    Virtual,
    /// A data card with an 11-digit number.
    Data,
    /// A satellite terminal.
    Satellite,
    /// The prefix is not allocated; reported only on strong context.
    Unallocated,
}

/// The numbering region of a mobile number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Region {
    /// Mainland China, +86.
    #[default]
    #[serde(rename = "CN")]
    Mainland,
    /// Hong Kong, +852.
    #[serde(rename = "HK")]
    HongKong,
    /// Macau, +853.
    #[serde(rename = "MO")]
    Macau,
    /// Taiwan, +886.
    #[serde(rename = "TW")]
    Taiwan,
}

/// The outcome of a check digit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The format has no public check rule.
    #[default]
    None,
    /// The check digit is right.
    Passed,
    /// The check digit is wrong.
    Failed,
}

/// How far down an address reaches.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Administrative divisions only.
    #[default]
    Area,
    /// A street, village or compound.
    Street,
    /// A house, building, unit or room number.
    Door,
}

/// What is known of a mobile number beyond its digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct MobileDetail {
    /// Position in the operator list of the prefix table; 0 = unknown.
    pub operator: u8,
    /// Kind of subscription.
    pub line: Line,
    /// Numbering region.
    pub region: Region,
    /// First two digits of the home province's division code; 0 = unknown.
    pub province: u8,
    /// Digits of an extension after 转, at most nine; 0 = none.
    pub extension: u32,
}

/// What is known of a waybill serial beyond its characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct WaybillDetail {
    /// Position of the most likely courier in the courier table.
    pub courier: u8,
    /// Outcome of the check digit.
    pub check: Check,
    /// Bit set of the other couriers whose formats fit.
    pub others: u64,
}

/// The division codes of an address; 0 = not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AddressDetail {
    /// Six-digit code of the province, such as 330000.
    pub province: u32,
    /// Six-digit code of the prefecture or city.
    pub city: u32,
    /// Six-digit code of the county or district.
    pub county: u32,
    /// Nine-digit code of the township or street.
    pub town: u32,
    /// How far down the address reaches.
    pub grade: Grade,
    /// Whether the text fits several divisions and the codes are only the first of them.
    pub ambiguous: bool,
}

/// What is known of a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NameDetail {
    /// Number of characters of the surname; 0 where the form has none (minority, foreign).
    pub surname_chars: u8,
}

/// What a detector knows of a value beyond its span; one variant per kind that has any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Detail {
    /// Nothing.
    #[default]
    None,
    /// Of a mobile number.
    Mobile(MobileDetail),
    /// Of a waybill serial.
    Waybill(WaybillDetail),
    /// Of an address.
    Address(AddressDetail),
    /// Of a name.
    Name(NameDetail),
}

/// One piece of personal data: where, what, how sure and why.
///
/// The value itself is not stored: it is the text under [`span`](Finding::span) in the input. `Debug` therefore shows
/// nothing personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Half-open byte range **in the bytes that were handed in**, whatever their encoding.
    pub span: Span,
    /// The evidence for it; spelt out by [`Scanner::explain`](crate::Scanner::explain).
    pub evidence: EvidenceSet,
    /// The measured weight (score of a learned model) in milli-logits; 0 where there is none.
    pub measured: Weight,
    /// prior + Σ evidence weights, in milli-logits.
    pub score: Weight,
    /// What else is known.
    pub detail: Detail,
    /// The calibrated confidence.
    pub confidence: Confidence,
    /// What it is.
    pub kind: Kind,
    /// How it is written.
    pub form: Form,
    /// Position of the detector that found it in the scanner's list.
    pub rule: u8,
}

const _: () = assert!(size_of::<Finding>() <= 64);
