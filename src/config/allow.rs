//! What is known and nobody's leak: the shop's own hotline, its warehouse.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::checked::Pattern;
use crate::error::{Error, Result};
use crate::kind::Kind;
use crate::leak::{Fingerprinter, Key};

/// One line of an allow-list: a pattern, or the keyed hash of a value that should not stand in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct Allowed {
    /// Only for this kind; `None` = for every kind.
    pub kind: Option<Kind>,
    /// For people.
    pub note: Option<String>,
    value: Value,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Pattern(Pattern),
    Hash(Hash),
}

/// The 64 bits of a fingerprint as sixteen hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Hash(u64);

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<Hash>,
}

impl TryFrom<Raw> for Allowed {
    type Error = &'static str;

    fn try_from(raw: Raw) -> std::result::Result<Allowed, &'static str> {
        let value = match (raw.pattern, raw.hash) {
            (Some(pattern), None) => Value::Pattern(pattern),
            (None, Some(_)) if raw.kind.is_none() => return Err("a hash needs its kind"),
            (None, Some(hash)) => Value::Hash(hash),
            _ => return Err("either pattern or hash must be given"),
        };
        Ok(Allowed {
            kind: raw.kind,
            note: raw.note,
            value,
        })
    }
}

impl From<Allowed> for Raw {
    fn from(allowed: Allowed) -> Raw {
        let raw = Raw {
            kind: allowed.kind,
            note: allowed.note,
            ..Raw::default()
        };
        match allowed.value {
            Value::Pattern(pattern) => Raw {
                pattern: Some(pattern),
                ..raw
            },
            Value::Hash(hash) => Raw {
                hash: Some(hash),
                ..raw
            },
        }
    }
}

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.collect_str(&format_args!("{:016x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> std::result::Result<Hash, D::Error> {
        let text = String::deserialize(d)?;
        u64::from_str_radix(&text, 16)
            .ok()
            .filter(|_| text.len() == 16)
            .map(Hash)
            .ok_or_else(|| serde::de::Error::custom("a hash has 16 hexadecimal digits"))
    }
}

impl Allowed {
    /// The line that allows one value, by its fingerprint. `normalized` is the value in its one spelling.
    ///
    /// ```
    /// use miandan::Kind;
    /// use miandan::config::{AllowList, Allowed};
    /// use miandan::leak::{Fingerprinter, Key};
    /// let key = Key::new("sixteen secret bytes")?;
    /// let line = Allowed::hashed(Kind::Mobile, "13812345678", &Fingerprinter::new(&key));
    /// let list = AllowList::new(&[line], Some(&key))?;
    /// assert!(list.allows(Kind::Mobile, "13812345678"));
    /// assert!(!list.allows(Kind::Waybill, "13812345678"));
    /// # Ok::<(), miandan::Error>(())
    /// ```
    pub fn hashed(kind: Kind, normalized: &str, fingerprinter: &Fingerprinter) -> Allowed {
        Allowed {
            kind: Some(kind),
            note: None,
            value: Value::Hash(Hash(fingerprinter.value(kind, normalized))),
        }
    }
}

/// An allow-list that is ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct AllowList {
    patterns: Vec<(Option<Kind>, Pattern)>,
    hashes: HashSet<(Kind, u64)>,
    fingerprinter: Option<Fingerprinter>,
}

impl AllowList {
    /// The list of these lines; `key` is the key of their hashes.
    ///
    /// # Errors
    /// [`Error::Config`] when there are hashes and no key.
    pub fn new(lines: &[Allowed], key: Option<&Key>) -> Result<AllowList> {
        let mut list = AllowList::default();
        for line in lines {
            match (&line.value, line.kind) {
                (Value::Pattern(pattern), kind) => list.patterns.push((kind, pattern.clone())),
                (Value::Hash(hash), kind) => list.hashes.extend(kind.map(|kind| (kind, hash.0))),
            }
        }
        if !list.hashes.is_empty() {
            let key = key.ok_or_else(|| {
                Error::config("the allow-list holds hashes; they need the key they were made with")
            })?;
            list.fingerprinter = Some(Fingerprinter::new(key));
        }
        Ok(list)
    }

    /// Whether a value, in its one spelling, is on the list.
    pub fn allows(&self, kind: Kind, normalized: &str) -> bool {
        self.patterns
            .iter()
            .any(|(of, pattern)| of.is_none_or(|of| of == kind) && pattern.matches(normalized))
            || self
                .fingerprinter
                .as_ref()
                .is_some_and(|f| self.hashes.contains(&(kind, f.value(kind, normalized))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Allowed {
        toml::from_str(text).expect("valid")
    }

    #[test]
    fn patterns_match_whole_values_of_their_kind() {
        let lines = [
            line("kind = 'landline'\npattern = '400\\d{7}|800\\d{7}'"),
            line("pattern = '.*菜鸟仓.*'"),
        ];
        let list = AllowList::new(&lines, None).expect("no hashes");
        assert!(list.allows(Kind::Landline, "4008208820"));
        assert!(!list.allows(Kind::Landline, "40082088201"));
        assert!(!list.allows(Kind::Mobile, "4008208820"));
        assert!(list.allows(Kind::Address, "杭州市余杭区菜鸟仓3号"));
    }

    #[test]
    fn hashes_need_their_key() {
        let (key, other) = ["0123456789abcdef", "fedcba9876543210"]
            .map(|text| Key::new(text).expect("long enough"))
            .into();
        let lines = [Allowed::hashed(
            Kind::Mobile,
            "13812345678",
            &Fingerprinter::new(&key),
        )];
        let list = AllowList::new(&lines, Some(&key)).expect("a key");
        assert!(list.allows(Kind::Mobile, "13812345678"));
        assert!(!list.allows(Kind::Mobile, "13812345679"));
        let list = AllowList::new(&lines, Some(&other)).expect("a key");
        assert!(!list.allows(Kind::Mobile, "13812345678"));
        assert!(AllowList::new(&lines, None).is_err());
    }
}
