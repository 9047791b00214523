//! Values that are checked while they are read, so that an error points to their place in the file.

use regex::Regex;
use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::detect::compile;
use crate::table::field::Field;

/// A number from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Ratio(f64);

impl Ratio {
    /// One half.
    pub const HALF: Ratio = Ratio(0.5);

    /// A ratio; `None` when it is not from 0 to 1.
    pub fn new(value: f64) -> Option<Ratio> {
        (0.0..=1.0).contains(&value).then_some(Ratio(value))
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Ratio, D::Error> {
        let value = f64::deserialize(d)?;
        Ratio::new(value).ok_or_else(|| {
            D::Error::invalid_value(Unexpected::Float(value), &"a number from 0 to 1")
        })
    }
}

/// A 1-based position of a column, written as a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(usize);

impl Position {
    /// The position.
    pub const fn get(self) -> usize {
        self.0
    }
}

/// Columns beyond this one are not spoken of.
const MAX_COLUMNS: usize = 1_024;

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Position, D::Error> {
        let text = String::deserialize(d)?;
        text.parse()
            .ok()
            .filter(|n| (1..=MAX_COLUMNS).contains(n))
            .map(Position)
            .ok_or_else(|| {
                D::Error::invalid_value(
                    Unexpected::Str(&text),
                    &"the position of a column: 1, 2, 3 … 1024",
                )
            })
    }
}

impl Serialize for Position {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

/// What a field holds, such as `mobile` or `sender_name`; see [`Field::from_id`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FieldId {
    id: String,
    #[serde(skip)]
    field: Field,
}

impl FieldId {
    /// What it says.
    pub const fn field(&self) -> Field {
        self.field
    }
}

impl<'de> Deserialize<'de> for FieldId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<FieldId, D::Error> {
        let id = String::deserialize(d)?;
        if let Some(field) = Field::from_id(&id) {
            return Ok(FieldId { id, field });
        }
        let known: Vec<&str> = Field::ids().collect();
        let known = format!(
            "one of {}, or receiver_ or sender_ before it",
            known.join(", ")
        );
        Err(D::Error::invalid_value(
            Unexpected::Str(&id),
            &known.as_str(),
        ))
    }
}

/// A regular expression that must match a whole value.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    whole: Regex,
}

impl Pattern {
    /// Whether the whole of `value` matches.
    pub fn matches(&self, value: &str) -> bool {
        self.whole.is_match(value)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.text == other.text
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Pattern, D::Error> {
        let text = String::deserialize(d)?;
        // Compiled alone first, so that the error shows what was written.
        let whole = compile(&text)
            .and_then(|_| compile(&format!("^(?:{text})$")))
            .map_err(D::Error::custom)?;
        Ok(Pattern { text, whole })
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.text)
    }
}
