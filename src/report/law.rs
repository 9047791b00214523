//! The thresholds of the 2017 interpretation on crimes of infringing citizens' personal information (法释〔2017〕10号), as a
//! **reference with its assumptions shown, never a verdict**. Courts dispute what one item is, so every count is given.

use std::num::NonZeroU64;

use serde::{Deserialize, Deserializer, Serialize};

use super::summary::Summary;
use crate::kind::Kind;
use crate::mask::{PHONE_HIDDEN, is_hidden};

/// Kind of information in the sense of art. 5(1).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Tier {
    /// Whereabouts, content of communication, credit, property. A delivery address is none of these.
    Tracks,
    /// Lodging, communication records, health, transactions and the like.
    Transaction,
    /// Everything else: name, mobile and address.
    #[default]
    Ordinary,
}

/// The numbers of art. 5, and what is assumed about the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Items of [`Tier::Tracks`] from which a case is serious.
    #[serde(deserialize_with = "positive")]
    pub tracks: u64,
    /// Items of [`Tier::Transaction`] from which a case is serious.
    #[serde(deserialize_with = "positive")]
    pub transaction: u64,
    /// Items of [`Tier::Ordinary`] from which a case is serious.
    #[serde(deserialize_with = "positive")]
    pub ordinary: u64,
    /// Unlawful gains in yuan from which a case is serious (art. 5(1)(7)).
    #[serde(deserialize_with = "positive")]
    pub gains: u64,
    /// How many times as much is especially serious (art. 5(2)(3)).
    #[serde(deserialize_with = "positive")]
    pub especially: u64,
    /// Whether the seller got the data while performing duties or providing services, which halves the numbers (art. 5(1)(8)).
    pub insider: bool,
    /// The tier that the records are taken for.
    pub tier: Tier,
    /// Unlawful gains that are known of, in yuan; a scan cannot see them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gains_stated: Option<u64>,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds {
            tracks: 50,
            transaction: 500,
            ordinary: 5_000,
            gains: 5_000,
            especially: 10,
            insider: false,
            tier: Tier::Ordinary,
            gains_stated: None,
        }
    }
}

/// A threshold of nothing would make every case one.
fn positive<'de, D: Deserializer<'de>>(d: D) -> Result<u64, D::Error> {
    NonZeroU64::deserialize(d).map(NonZeroU64::get)
}

impl Thresholds {
    /// A threshold, halved for insiders.
    fn halved(&self, full: u64) -> u64 {
        if self.insider { full / 2 } else { full }.max(1)
    }

    /// Items from which a case of a tier is serious, halved for insiders.
    pub fn of(&self, tier: Tier) -> u64 {
        self.halved(match tier {
            Tier::Tracks => self.tracks,
            Tier::Transaction => self.transaction,
            Tier::Ordinary => self.ordinary,
        })
    }

    /// Art. 5(1)(6): amounts of different tiers added up pro rata; 1 and more is serious.
    ///
    /// ```
    /// use miandan::report::{Thresholds, Tier};
    /// let law = Thresholds::default();
    /// assert_eq!(law.pro_rata(&[(Tier::Transaction, 250), (Tier::Ordinary, 2_500)]), 1.0);
    /// ```
    pub fn pro_rata(&self, amounts: &[(Tier, u64)]) -> f64 {
        amounts
            .iter()
            .map(|(tier, n)| *n as f64 / self.of(*tier) as f64)
            .sum()
    }

    /// Where a pro-rata sum lies.
    pub fn grade(&self, sum: f64) -> Gravity {
        if sum >= self.especially as f64 {
            Gravity::EspeciallySerious
        } else if sum >= 1.0 {
            Gravity::Serious
        } else {
            Gravity::Below
        }
    }
}

/// Where a count lies among the thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Gravity {
    /// Below the threshold.
    Below,
    /// At or above the threshold (情节严重).
    Serious,
    /// At or above the tenfold (情节特别严重).
    EspeciallySerious,
}

/// One way to count, and where it lies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CountReference {
    /// What was counted: `rows`, `records`, `complete-records`, `distinct-persons` or `distinct-valid-persons`; `gains` counts yuan.
    pub count: String,
    /// How many.
    pub items: u64,
    /// Items over the threshold.
    pub ratio: f64,
    /// Where that lies.
    pub gravity: Gravity,
}

/// The thresholds applied to a summary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LawReference {
    /// The thresholds used.
    pub thresholds: Thresholds,
    /// Every way to count.
    pub counts: Vec<CountReference>,
    /// What was assumed, for people.
    pub assumptions: Vec<String>,
}

impl LawReference {
    /// Applies thresholds to a summary.
    pub fn new(summary: &Summary, thresholds: &Thresholds) -> LawReference {
        let valid_share = 1.0 - summary.invalid_records as f64 / summary.records.max(1) as f64;
        let persons = summary.distinct_persons();
        let mut counts: Vec<CountReference> = [
            ("rows", summary.rows),
            ("records", summary.records),
            ("complete-records", summary.complete_records),
            ("distinct-persons", persons),
            (
                "distinct-valid-persons",
                (persons as f64 * valid_share).round() as u64,
            ),
        ]
        .into_iter()
        .map(|(count, items)| {
            let ratio = thresholds.pro_rata(&[(thresholds.tier, items)]);
            CountReference {
                count: count.to_owned(),
                items,
                ratio,
                gravity: thresholds.grade(ratio),
            }
        })
        .collect();
        if let Some(yuan) = thresholds.gains_stated {
            let ratio = yuan as f64 / thresholds.halved(thresholds.gains) as f64;
            counts.push(CountReference {
                count: "gains".to_owned(),
                items: yuan,
                ratio,
                gravity: thresholds.grade(ratio),
            });
        }
        let mut assumptions = vec![
            format!(
                "all records are taken for one tier ({}), whose threshold is {} items",
                match thresholds.tier {
                    Tier::Tracks => "tracks",
                    Tier::Transaction => "transaction",
                    Tier::Ordinary => "ordinary",
                },
                thresholds.of(thresholds.tier)
            ),
            "one item is one count as named; courts differ on what an item is".to_owned(),
            "bulk information is counted as seized unless items are shown to be untrue or duplicate (art. 11)".to_owned(),
            "distinct valid persons: distinct persons less the share of records with a flaw".to_owned(),
            "one buyer is assumed; what was sold to several is counted again for each (art. 11)".to_owned(),
        ];
        if thresholds.insider {
            assumptions.push(
                "the seller is taken for an insider, which halves the thresholds (art. 5(1)(8))"
                    .to_owned(),
            );
        }
        if summary.transaction_inputs > 0 && thresholds.tier == Tier::Ordinary {
            assumptions.push(format!(
                "{} inputs have columns of goods or prices: the transaction tier is arguable",
                summary.transaction_inputs
            ));
        }
        LawReference {
            thresholds: thresholds.clone(),
            counts,
            assumptions,
        }
    }
}

/// Whether a masked value hides as much as GB/T 41833-2022 asks of a waybill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MaskConformity {
    /// Characters that are hidden.
    pub hidden: usize,
    /// Characters that must be hidden; for an address 1 stands for house, unit and room.
    pub needed: usize,
    /// Whether the value hides enough.
    pub conforms: bool,
}

impl MaskConformity {
    /// Judges a name, telephone number or address as printed; `None` for other kinds.
    ///
    /// ```
    /// use miandan::{Kind, report::MaskConformity};
    /// assert!(!MaskConformity::of(Kind::Mobile, "138****5678").unwrap().conforms);
    /// assert!(MaskConformity::of(Kind::Mobile, "138******78").unwrap().conforms);
    /// assert!(MaskConformity::of(Kind::Name, "张*").unwrap().conforms);
    /// ```
    pub fn of(kind: Kind, value: &str) -> Option<MaskConformity> {
        let phone = matches!(kind, Kind::Mobile | Kind::Landline);
        let hidden = value
            .chars()
            .filter(|c| is_hidden(*c) || (phone && matches!(c, 'x' | 'X')))
            .count();
        let needed = if phone { PHONE_HIDDEN } else { 1 };
        let conforms = match kind {
            Kind::Name | Kind::Mobile | Kind::Landline => hidden >= needed,
            Kind::Address => hidden >= needed && !shows_room(value),
            _ => return None,
        };
        Some(MaskConformity {
            hidden,
            needed,
            conforms,
        })
    }
}

/// Whether an address shows a unit, household or room (单元户室号): a number before one of their words, or a chain of numbers
/// such as `3-2-501`. The numbers of a road and a building may be shown.
fn shows_room(value: &str) -> bool {
    const ROOMS: [char; 8] = ['室', '户', '戶', '层', '層', '座', '楼', '樓'];
    let number = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
    let chars: Vec<char> = value.chars().collect();
    let before = |at: usize| at.checked_sub(1).and_then(|i| chars.get(i)).copied();
    chars.iter().enumerate().any(|(at, c)| {
        let numbered = before(at).is_some_and(|b| number(b) || "一二三四五六七八九十".contains(b));
        let unit = matches!(c, '单' | '單') && chars.get(at + 1).is_some_and(|n| matches!(n, '元'));
        // 3号楼 is a building, 3楼 a floor: the number stands directly before the word.
        let chain = *c == '-' && numbered && chars.get(at + 1).is_some_and(|n| number(*n));
        (numbered && (ROOMS.contains(c) || unit)) || chain
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_halve_and_multiply() {
        let mut law = Thresholds::default();
        assert_eq!(
            law.grade(law.pro_rata(&[(Tier::Ordinary, 4_999)])),
            Gravity::Below
        );
        assert_eq!(
            law.grade(law.pro_rata(&[(Tier::Ordinary, 5_000)])),
            Gravity::Serious
        );
        assert_eq!(
            law.grade(law.pro_rata(&[(Tier::Ordinary, 50_000)])),
            Gravity::EspeciallySerious
        );
        assert_eq!(
            law.grade(law.pro_rata(&[(Tier::Tracks, 25), (Tier::Transaction, 250)])),
            Gravity::Serious
        );
        law.insider = true;
        assert_eq!(
            law.grade(law.pro_rata(&[(Tier::Ordinary, 2_500)])),
            Gravity::Serious
        );
    }

    #[test]
    fn stated_gains_are_a_count_of_their_own() {
        let law = Thresholds {
            insider: true,
            gains_stated: Some(25_000),
            ..Thresholds::default()
        };
        let reference = LawReference::new(&Summary::default(), &law);
        let gains = reference.counts.last().expect("a count");
        assert_eq!((gains.count.as_str(), gains.items), ("gains", 25_000));
        assert_eq!(gains.gravity, Gravity::EspeciallySerious);
    }

    #[test]
    fn the_reference_shows_every_count_and_its_assumptions() {
        let summary = Summary {
            rows: 60_000,
            records: 6_000,
            complete_records: 100,
            transaction_inputs: 1,
            ..Summary::default()
        };
        let reference = LawReference::new(&summary, &Thresholds::default());
        let gravity: Vec<Gravity> = reference.counts.iter().map(|c| c.gravity).collect();
        assert_eq!(
            gravity[..3],
            [Gravity::EspeciallySerious, Gravity::Serious, Gravity::Below]
        );
        assert!(reference.assumptions.iter().any(|a| a.contains("arguable")));
    }

    #[test]
    fn printed_masks_are_judged() {
        let conforms = |kind, value| MaskConformity::of(kind, value).map(|c| c.conforms);
        assert_eq!(conforms(Kind::Mobile, "*******5678"), Some(true));
        assert_eq!(conforms(Kind::Address, "杭州市西湖区文三路***"), Some(true));
        assert_eq!(
            conforms(Kind::Address, "杭州市西湖区文三路128号**室"),
            Some(true)
        );
        for (address, right) in [
            ("杭州市西湖区文三路128号3单元***", false),
            ("杭州市西湖区文三路128号3幢*单元***室", true),
            ("阳光花园3-2-***", false),
            ("阳光花园3号楼***", true),
            ("阳光花园12层**", false),
            ("杭州市西湖区文三路128号", false),
        ] {
            assert_eq!(conforms(Kind::Address, address), Some(right), "{address}");
        }
        assert_eq!(conforms(Kind::Name, "张伟"), Some(false));
        assert_eq!(conforms(Kind::Waybill, "SF**"), None);
    }
}
