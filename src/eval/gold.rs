//! Labelled texts: one JSON object a line, plain or gzip.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::Deserialize;

use super::fields::GoldFields;
use super::serials::{self, Setting};
use crate::error::{Error, Result};
use crate::kind::Kind;

/// One labelled text.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct GoldLine {
    /// Identifier, for the list of errors.
    #[serde(default)]
    pub id: String,
    /// The text.
    pub text: String,
    /// What is in it.
    #[serde(default)]
    pub entities: Vec<GoldEntity>,
    /// Further labels that are only used for linking (delivery lines).
    #[serde(default)]
    pub other_entities: Vec<GoldEntity>,
    /// What counts neither way.
    #[serde(default)]
    pub optional: Option<Vec<GoldEntity>>,
    /// The fields of a delivery line.
    #[serde(default)]
    pub gold: Option<GoldFields>,
    /// Group for the breakdown.
    #[serde(default)]
    pub category: Option<String>,
    /// What the text is as a listing: `data_sale`, `leak_sample` or `benign`.
    #[serde(default)]
    pub label: Option<String>,
    /// The listing's family: listings of one family are variants of one another.
    #[serde(default)]
    pub notes: Option<String>,
}

/// One labelled span; offsets count Unicode code points, end exclusive.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct GoldEntity {
    /// `PERSON`, `ADDRESS`, `MOBILE`, `WAYBILL` …
    pub label: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The normalised value, where the set has one.
    #[serde(default)]
    pub value: Option<String>,
    /// Group of the entity: `han`, `foreign` …
    #[serde(default)]
    pub style: Option<String>,
    /// Group of the entity: `strong`, `medium`, `weak`.
    #[serde(default)]
    pub strength: Option<String>,
    /// Group of the entity: `place`, `street`.
    #[serde(default)]
    pub grain: Option<String>,
    /// Code of the courier, where a waybill's is known.
    #[serde(default)]
    pub courier: Option<String>,
}

impl GoldEntity {
    /// The kind that the label means; `None` for labels that are not about personal data.
    pub fn kind(&self) -> Option<Kind> {
        Some(match self.label.as_str() {
            "PERSON" | "NAME" | "PERSON_PARTIAL" => Kind::Name,
            "ADDRESS" => Kind::Address,
            "MOBILE" | "PHONE" => Kind::Mobile,
            "WAYBILL" => Kind::Waybill,
            other => Kind::from_id(&other.to_ascii_lowercase())?,
        })
    }

    /// Whether the label asks for a partial or masked form.
    pub fn is_partial(&self) -> bool {
        self.label == "PERSON_PARTIAL"
    }

    /// The groups the entity is counted under: its own, and for an address that has two of division, street and number, or all of
    /// them, those together.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        let own = self.style.as_deref();
        let own = own.or(self.strength.as_deref()).or(self.grain.as_deref());
        let both = matches!(own, Some("medium" | "strong")).then_some("medium or strong");
        own.into_iter().chain(both)
    }
}

/// Reads a file of labelled texts; a name that ends in `.gz` is unpacked. A name that ends in `.tsv` or `.tsv.gz` is a table of
/// serials, each of which is a text.
///
/// # Errors
/// [`Error::Io`] when it cannot be read, [`Error::Format`] with the line when a line is not a labelled text.
pub fn read(path: &Path) -> Result<Vec<GoldLine>> {
    read_with(path, &Setting::Alone)
}

/// As [`read`], with the serials of a table put where `setting` says.
///
/// # Errors
/// As [`read`].
pub fn read_with(path: &Path, setting: &Setting) -> Result<Vec<GoldLine>> {
    let file = std::fs::File::open(path).map_err(|e| Error::io(path, e))?;
    let reader: Box<dyn Read> = if path.extension().is_some_and(|e| e == "gz") {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.ends_with(".tsv") || name.ends_with(".tsv.gz") {
        return serials::read(path, BufReader::new(reader), setting);
    }
    let mut lines = Vec::new();
    for (i, line) in BufReader::new(reader).lines().enumerate() {
        let line = line.map_err(|e| Error::io(path, e))?;
        if line.trim().is_empty() {
            continue;
        }
        let gold = serde_json::from_str(&line).map_err(|e| Error::Format {
            path: path.to_owned(),
            what: format!("line {}: not a labelled text: {e}", i + 1),
        })?;
        lines.push(gold);
    }
    Ok(lines)
}
