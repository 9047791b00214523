//! From findings to a decision that a pipeline can act on.

use std::borrow::Cow;

use serde::de::Unexpected;
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{Error, Result};
use crate::finding::Confidence;
use crate::kind::{Form, Kind};
use crate::listing::{Assessment, Class};
use crate::scan::Findings;

/// What to do with a message, listing or upload.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Let it through.
    #[default]
    Pass,
    /// Let a person decide.
    Review,
    /// Hold it back.
    Block,
}

/// Two limits: from `review` on a person decides, from `block` on it is held back. `None` = never.
///
/// Reading them fails where `review` is higher than `block`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    try_from = "Pair<T>",
    bound(deserialize = "T: Deserialize<'de> + PartialOrd")
)]
pub struct Limits<T> {
    /// Lowest value for [`Verdict::Review`].
    pub review: Option<T>,
    /// Lowest value for [`Verdict::Block`].
    pub block: Option<T>,
}

/// Limits as they are written, before they are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair<T> {
    review: Option<T>,
    block: Option<T>,
}

impl<T: PartialOrd> TryFrom<Pair<T>> for Limits<T> {
    type Error = &'static str;

    fn try_from(pair: Pair<T>) -> std::result::Result<Limits<T>, &'static str> {
        let limits = Limits {
            review: pair.review,
            block: pair.block,
        };
        if limits.in_order() {
            Ok(limits)
        } else {
            Err(ORDER)
        }
    }
}

const ORDER: &str = "review must not be higher than block";

impl<T: PartialOrd> Limits<T> {
    fn in_order(&self) -> bool {
        match (&self.review, &self.block) {
            (Some(review), Some(block)) => review <= block,
            _ => true,
        }
    }
}

impl<T: PartialOrd + Copy> Limits<T> {
    const fn new(review: T, block: T) -> Limits<T> {
        Limits {
            review: Some(review),
            block: Some(block),
        }
    }

    fn verdict(&self, value: T) -> Verdict {
        if self.block.is_some_and(|limit| value >= limit) {
            Verdict::Block
        } else if self.review.is_some_and(|limit| value >= limit) {
            Verdict::Review
        } else {
            Verdict::Pass
        }
    }
}

/// When to let through, ask, or hold back. Deserialises from TOML; what is not given keeps its default.
///
/// ```
/// use miandan::policy::{Policy, Verdict};
/// let policy: Policy = toml::from_str("min_confidence = 0.8\n[records]\nreview = 1\nblock = 20\n")?;
/// assert_eq!(policy.records.block, Some(20));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Findings below this confidence do not count.
    #[serde(deserialize_with = "ratio")]
    pub min_confidence: f64,
    /// Whether masked and partial values count.
    pub count_masked: bool,
    /// Kinds that count as single findings.
    pub kinds: Vec<Kind>,
    /// Limits for the number of findings of those kinds.
    pub findings: Limits<u64>,
    /// Limits for the number of records with at least two data of a person.
    pub records: Limits<u64>,
    /// Limits for the number of records with name, mobile and address.
    pub complete_records: Limits<u64>,
    /// Limits for the score of a listing that offers data, 0 … 1.
    #[serde(deserialize_with = "ratios")]
    pub listing: Limits<f64>,
    /// Limits for the score of a listing that carries a sample, 0 … 1.
    #[serde(deserialize_with = "ratios")]
    pub sample: Limits<f64>,
}

impl Default for Policy {
    /// One person's data is for a person to look at, since it may be their own; five persons' are held back, and so is an offer
    /// of data that is likely to be one.
    fn default() -> Policy {
        Policy {
            min_confidence: 0.5,
            count_masked: false,
            kinds: vec![Kind::Mobile, Kind::IdCard, Kind::BankCard],
            findings: Limits::new(3, 20),
            records: Limits::new(2, 10),
            complete_records: Limits::new(1, 5),
            listing: Limits::new(0.5, 0.9),
            sample: Limits::new(0.5, 0.8),
        }
    }
}

/// Why a verdict is what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reason {
    /// Stable identifier: `policy.findings`, `policy.records`, `policy.complete-records`, `policy.listing`, `policy.sample`.
    pub id: Cow<'static, str>,
    /// What this reason alone would decide.
    pub verdict: Verdict,
    /// The value that met a limit.
    pub value: f64,
    /// The limit that it met.
    pub limit: f64,
}

/// A verdict with its reasons, the gravest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Decision {
    /// The gravest verdict of the reasons; `Pass` without any.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What a policy looks at, as plain numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Facts {
    /// Findings that count.
    pub findings: u64,
    /// Records with at least two data of a person.
    pub records: u64,
    /// Records with name, mobile and address.
    pub complete_records: u64,
    /// Score of an offer of data.
    pub listing: f64,
    /// Score of a sample of data.
    pub sample: f64,
}

impl Policy {
    /// Checks that every number makes sense.
    ///
    /// # Errors
    /// [`Error::Config`] names the first that does not.
    pub fn check(&self) -> Result<()> {
        let ratio = |what: &str, value: f64| {
            if (0.0..=1.0).contains(&value) {
                Ok(())
            } else {
                Err(Error::config(format!(
                    "{what} is {value}; it must be a number from 0 to 1"
                )))
            }
        };
        ratio("min_confidence", self.min_confidence)?;
        for (what, limits) in [("listing", self.listing), ("sample", self.sample)] {
            for (name, limit) in [("review", limits.review), ("block", limits.block)] {
                ratio(&format!("{what}.{name}"), limit.unwrap_or(0.0))?;
            }
            order(what, &limits)?;
        }
        order("findings", &self.findings)?;
        order("records", &self.records)?;
        order("complete_records", &self.complete_records)
    }

    /// Decides from a scan, and from the assessment of the listing if it is one.
    pub fn decide(&self, findings: &Findings, listing: Option<&Assessment>) -> Decision {
        let floor = Confidence::from_ratio(self.min_confidence);
        let counts = |f: &crate::Finding| {
            f.confidence >= floor
                && (self.count_masked || matches!(f.form, Form::Full | Form::Disguised))
        };
        let mut facts = Facts {
            findings: findings
                .iter()
                .filter(|f| self.kinds.contains(&f.kind) && counts(f))
                .count() as u64,
            ..Facts::default()
        };
        for record in findings.records().iter().filter(|r| r.confidence >= floor) {
            let has = |kind| {
                record
                    .field(kind)
                    .and_then(|i| findings.as_slice().get(i))
                    .is_some_and(counts)
            };
            let fields = record.fields.iter().filter(|(kind, _)| has(*kind)).count();
            facts.records += u64::from(fields >= 2);
            facts.complete_records += u64::from(
                [Kind::Name, Kind::Mobile, Kind::Address]
                    .into_iter()
                    .all(has),
            );
        }
        if let Some(listing) = listing {
            match listing.class {
                Class::SellsData => facts.listing = listing.score,
                Class::LeakSample => facts.sample = listing.score,
                Class::Benign => {}
            }
        }
        self.judge(&facts)
    }

    /// Decides from plain numbers.
    pub fn judge(&self, facts: &Facts) -> Decision {
        let mut reasons = Vec::new();
        let mut add = |id: &'static str, limits: Limits<f64>, value: f64| {
            let verdict = limits.verdict(value);
            let limit = match verdict {
                Verdict::Pass => return,
                Verdict::Review => limits.review,
                Verdict::Block => limits.block,
            };
            reasons.push(Reason {
                id: id.into(),
                verdict,
                value,
                limit: limit.unwrap_or_default(),
            });
        };
        let of = |limits: Limits<u64>| Limits {
            review: limits.review.map(|n| n as f64),
            block: limits.block.map(|n| n as f64),
        };
        add("policy.findings", of(self.findings), facts.findings as f64);
        add("policy.records", of(self.records), facts.records as f64);
        add(
            "policy.complete-records",
            of(self.complete_records),
            facts.complete_records as f64,
        );
        // A score of nothing at all meets no limit, not even 0.
        if facts.listing > 0.0 {
            add("policy.listing", self.listing, facts.listing);
        }
        if facts.sample > 0.0 {
            add("policy.sample", self.sample, facts.sample);
        }
        reasons.sort_by_key(|r| std::cmp::Reverse(r.verdict));
        Decision {
            verdict: reasons.first().map_or(Verdict::Pass, |r| r.verdict),
            reasons,
        }
    }
}

fn order<T: PartialOrd>(what: &str, limits: &Limits<T>) -> Result<()> {
    if limits.in_order() {
        Ok(())
    } else {
        Err(Error::config(format!("{what}: {ORDER}")))
    }
}

fn ratio<'de, D: Deserializer<'de>>(d: D) -> std::result::Result<f64, D::Error> {
    checked(f64::deserialize(d)?)
}

fn ratios<'de, D: Deserializer<'de>>(d: D) -> std::result::Result<Limits<f64>, D::Error> {
    let limits = Limits::deserialize(d)?;
    for limit in [limits.review, limits.block].into_iter().flatten() {
        checked::<D::Error>(limit)?;
    }
    Ok(limits)
}

fn checked<E: serde::de::Error>(value: f64) -> std::result::Result<f64, E> {
    if (0.0..=1.0).contains(&value) {
        Ok(value)
    } else {
        Err(E::invalid_value(
            Unexpected::Float(value),
            &"a number from 0 to 1",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_reason_decides() {
        let policy = Policy::default();
        assert_eq!(policy.judge(&Facts::default()), Decision::default());
        let decision = policy.judge(&Facts {
            findings: 4,
            complete_records: 6,
            ..Facts::default()
        });
        assert_eq!(decision.verdict, Verdict::Block);
        let ids: Vec<&str> = decision.reasons.iter().map(|r| &*r.id).collect();
        assert_eq!(ids, ["policy.complete-records", "policy.findings"]);
        let decision = policy.judge(&Facts {
            listing: 0.7,
            ..Facts::default()
        });
        assert_eq!(
            (decision.verdict, decision.reasons[0].limit),
            (Verdict::Review, 0.5)
        );
    }

    #[test]
    fn limits_that_make_no_sense_are_refused() {
        assert!(Policy::default().check().is_ok());
        for (text, line, what) in [
            ("\nmin_confidence = 2.0", "line 2", "from 0 to 1"),
            ("[listing]\nblock = 1.5", "line 1", "from 0 to 1"),
            ("\nlisting = { review = 5 }", "line 2", "from 0 to 1"),
            (
                "\n[records]\nreview = 5\nblock = 2",
                "line 2",
                "not be higher",
            ),
            ("unknown = 1", "line 1", "unknown"),
            ("records = { reveiw = 1 }", "line 1", "reveiw"),
        ] {
            let error = toml::from_str::<Policy>(text).expect_err(text).to_string();
            assert!(error.contains(line) && error.contains(what), "{error}");
        }
        for policy in [
            Policy {
                min_confidence: f64::NAN,
                ..Policy::default()
            },
            Policy {
                records: Limits::new(5, 2),
                ..Policy::default()
            },
        ] {
            assert!(policy.check().is_err(), "{policy:?}");
        }
    }

    #[test]
    fn a_policy_survives_toml() {
        let policy = Policy::default();
        let json = serde_json::to_string(&policy).expect("plain data");
        assert_eq!(
            serde_json::from_str::<Policy>(&json).expect("same shape"),
            policy
        );
        assert_eq!(toml::from_str::<Policy>("").expect("defaults"), policy);
    }
}
