//! A detector as a configuration file describes it.

use serde::{Deserialize, Serialize};

use super::checked::Ratio;
use crate::detect::{Checksum, PatternDetector};
use crate::error::{Error, Result};
use crate::kind::Kind;

/// A detector of one's own: see [`PatternDetector`] for what its parts mean.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct Rule {
    raw: Raw,
    detector: PatternDetector,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        self.raw == other.raw
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    pattern: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default = "custom")]
    kind: Kind,
    #[serde(default = "likely")]
    confidence: Ratio,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    check: Option<Checksum>,
}

const fn custom() -> Kind {
    Kind::Custom
}

fn likely() -> Ratio {
    Ratio::new(0.6).unwrap_or(Ratio::HALF)
}

impl Raw {
    fn detector(&self) -> Result<PatternDetector> {
        let mut detector = PatternDetector::new(&self.id, &self.pattern)?
            .kind(self.kind)
            .confidence(self.confidence.get())
            .words(self.words.iter().map(String::as_str))?;
        if let Some(title) = &self.title {
            detector = detector.title(title);
        }
        if let Some(check) = self.check {
            detector = detector.check(check);
        }
        Ok(detector)
    }
}

impl TryFrom<Raw> for Rule {
    type Error = Error;

    fn try_from(raw: Raw) -> Result<Rule> {
        let detector = raw.detector()?;
        Ok(Rule { raw, detector })
    }
}

impl From<Rule> for Raw {
    fn from(rule: Rule) -> Raw {
        rule.raw
    }
}

impl Rule {
    /// The detector.
    pub const fn detector(&self) -> &PatternDetector {
        &self.detector
    }
}
