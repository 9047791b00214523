//! Where a leak may have been: statements that follow from the counts, each with its evidence.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::case::division;
use super::summary::Summary;

/// A share with its 95 % interval (Wilson).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Share {
    /// How many of them.
    pub count: u64,
    /// Of how many.
    pub total: u64,
    /// The share, 0 … 1.
    pub share: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Share {
    /// The share `count` of `total`.
    ///
    /// ```
    /// use miandan::report::Share;
    /// let s = Share::of(8, 10);
    /// assert!(s.low > 0.48 && s.low < 0.50 && s.high > 0.94 && s.high < 0.95);
    /// assert_eq!(Share::of(0, 0).share, 0.0);
    /// ```
    pub fn of(count: u64, total: u64) -> Share {
        const Z: f64 = 1.959_964;
        let (share, low, high) = if total == 0 {
            (0.0, 0.0, 1.0)
        } else {
            let n = total as f64;
            let p = count as f64 / n;
            let middle = p + Z * Z / (2.0 * n);
            let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
            let scale = 1.0 + Z * Z / n;
            (
                p,
                ((middle - half) / scale).max(0.0),
                ((middle + half) / scale).min(1.0),
            )
        };
        Share {
            count,
            total,
            share,
            low,
            high,
        }
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:.1} % ({} of {}; 95 % interval {:.1} to {:.1} %)",
            100.0 * self.share,
            self.count,
            self.total,
            100.0 * self.low,
            100.0 * self.high
        )
    }
}

/// Something that the counts suggest, with the counts that suggest it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Statement {
    /// Stable identifier, such as `attribution.one-sender`.
    pub id: Cow<'static, str>,
    /// For people.
    pub text: String,
    /// The shares it rests on, by what they are a share of.
    pub evidence: Vec<(Cow<'static, str>, Share)>,
}

/// Fewest records on which a statement rests.
const FEWEST: u64 = 10;
/// A share from which one source stands for the whole; its interval must reach above one half.
const DOMINANT: f64 = 0.8;
/// A largest sender below this share means many senders.
const SPREAD: f64 = 0.2;
/// A share of numbers followed by their successor that chance does not give.
const SEQUENTIAL: f64 = 0.05;

/// What the counts suggest.
pub fn attribute(summary: &Summary) -> Vec<Statement> {
    let mut list = Vec::new();
    let couriers = shares(&summary.couriers);
    if !couriers.is_empty() {
        let named: Vec<String> = couriers
            .iter()
            .map(|(code, s)| format!("{code} {:.1} %", 100.0 * s.share))
            .collect();
        list.push(Statement {
            id: "attribution.couriers".into(),
            text: format!("couriers of the waybills: {}", named.join(", ")),
            evidence: couriers
                .iter()
                .map(|(code, s)| (Cow::Owned(code.clone()), *s))
                .collect(),
        });
    }
    senders(summary, couriers.first(), &mut list);
    if let Some((first, last)) = summary.date_window() {
        list.push(Statement {
            id: "attribution.dates".into(),
            text: format!(
                "nearly all dates lie from {} to {}",
                date(first),
                date(last)
            ),
            evidence: Vec::new(),
        });
    }
    for (id, what, runs, meaning) in [
        (
            "attribution.waybill-runs",
            "waybill serials",
            &summary.waybill_runs,
            "printed one after the other",
        ),
        (
            "attribution.mobile-runs",
            "mobile numbers",
            &summary.mobile_runs,
            "made up rather than collected",
        ),
    ] {
        if runs.share() >= SEQUENTIAL {
            list.push(Statement {
                id: id.into(),
                text: format!(
                    "{:.0} % of the {what} are followed by their successor: {meaning}",
                    100.0 * runs.share()
                ),
                evidence: Vec::new(),
            });
        }
    }
    list
}

/// One shop as sender means the shop leaked; many senders, one courier and one region mean a branch did.
fn senders(summary: &Summary, courier: Option<&(String, Share)>, list: &mut Vec<Statement>) {
    let total = summary.senders.total();
    if total < FEWEST {
        return;
    }
    let largest = Share::of(summary.senders.largest(), total);
    if largest.share >= DOMINANT && largest.low > 0.5 {
        list.push(Statement {
            id: "attribution.one-sender".into(),
            text: "one sender stands for most records: the sender's shop, or who works for it, is the likely source".into(),
            evidence: vec![("largest sender".into(), largest)],
        });
        return;
    }
    let cities = shares(&summary.sender_cities);
    if let (Some((code, courier)), Some((city, region))) = (courier, cities.first())
        && largest.share <= SPREAD
        && courier.share >= DOMINANT
        && courier.low > 0.5
        && region.share >= DOMINANT
        && region.low > 0.5
    {
        list.push(Statement {
            id: "attribution.branch".into(),
            text: format!("many senders, one courier ({code}), one region ({}): a branch of the courier is the likely source", division(city.parse().unwrap_or(0))),
            evidence: vec![
                ("largest sender".into(), largest),
                ("courier".into(), *courier),
                ("senders' region".into(), *region),
            ],
        });
    }
}

/// The shares of a count, the largest first, those below one in a hundred left out.
fn shares<K: ToString>(counts: &std::collections::BTreeMap<K, u64>) -> Vec<(String, Share)> {
    let total: u64 = counts.values().sum();
    let mut list: Vec<(String, Share)> = counts
        .iter()
        .map(|(key, n)| (key.to_string(), Share::of(*n, total)))
        .filter(|(_, s)| s.share >= 0.01)
        .collect();
    list.sort_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
    list
}

fn date(number: u32) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        number / 10_000,
        number / 100 % 100,
        number % 100
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::mix;
    use crate::report::RecordFacts;
    use crate::table::field::Party;

    fn summary(senders: u64) -> Summary {
        let mut summary = Summary::default();
        for n in 0..200 {
            summary.add_record(&RecordFacts {
                role: Party::Sender,
                person: Some(mix(n % senders)),
                city: 330_700,
                waybill: Some(780_000_000 + n),
                ..RecordFacts::default()
            });
        }
        summary.couriers.insert("ZTO".into(), 190);
        summary.couriers.insert("SF".into(), 10);
        summary.dates.insert(20_240_301, 5);
        summary
    }

    fn ids(summary: &Summary) -> Vec<Cow<'static, str>> {
        attribute(summary).into_iter().map(|s| s.id).collect()
    }

    #[test]
    fn one_sender_is_a_shop_and_many_are_a_branch() {
        let common = ["attribution.dates", "attribution.waybill-runs"];
        assert_eq!(
            ids(&summary(1)),
            [
                "attribution.couriers",
                "attribution.one-sender",
                common[0],
                common[1]
            ]
        );
        assert_eq!(
            ids(&summary(100)),
            [
                "attribution.couriers",
                "attribution.branch",
                common[0],
                common[1]
            ]
        );
        assert_eq!(
            ids(&summary(3)),
            ["attribution.couriers", common[0], common[1]]
        );
        assert!(attribute(&Summary::default()).is_empty());
    }
}
