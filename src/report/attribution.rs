//! Where a leak may have been: statements that follow from the counts, each with its evidence.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::case::division;
use super::summary::{Summary, middle};

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

/// Fewest values on which a statement rests.
const FEWEST: u64 = 10;
/// A share from which one source stands for the whole; its interval must reach above one half.
const DOMINANT: f64 = 0.8;
/// A largest part below this share means many of them.
const SPREAD: f64 = 0.2;
/// A share of numbers followed by their successor that chance does not give.
const SEQUENTIAL: f64 = 0.05;
/// Beginnings of serials, of the nine hundred that there are, above which they say nothing.
const NARROW: u64 = 90;

/// What the counts suggest. Where they are too few, or fit more than one story, nothing is said.
pub fn attribute(summary: &Summary) -> Vec<Statement> {
    let mut list = Vec::new();
    let couriers = shares(&summary.couriers);
    if summary.couriers.values().sum::<u64>() >= FEWEST {
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
    list.extend(source(summary, couriers.first()));
    list.extend(dates(summary));
    list.extend(serials(summary));
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
        let (followed, numbers) = runs.followed();
        let share = Share::of(followed, numbers);
        if numbers >= FEWEST && share.low >= SEQUENTIAL {
            list.push(Statement {
                id: id.into(),
                text: format!(
                    "{:.0} % of the {what} are followed by their successor: {meaning}",
                    100.0 * share.share
                ),
                evidence: vec![("followed by their successor".into(), share)],
            });
        }
    }
    list
}

/// When the orders were placed.
fn dates(summary: &Summary) -> Option<Statement> {
    let (first, last) = summary.date_window()?;
    let total: u64 = summary.dates.values().sum();
    let inside = summary.dates.range(first..=last).map(|(_, n)| n).sum();
    (total >= FEWEST).then(|| Statement {
        id: "attribution.dates".into(),
        text: format!(
            "nearly all dates lie from {} to {}",
            date(first),
            date(last)
        ),
        evidence: vec![("dates in this window".into(), Share::of(inside, total))],
    })
}

/// Where the serials of a courier lie, which it can look up: they are given out in ranges.
fn serials(summary: &Summary) -> impl Iterator<Item = Statement> {
    summary.serial_heads.iter().filter_map(|(courier, heads)| {
        let (first, last) = middle(heads)?;
        let total: u64 = heads.values().sum();
        let inside = heads.range(first..=last).map(|(_, n)| n).sum();
        let range = if first == last {
            first.to_string()
        } else {
            format!("{first} to {last}")
        };
        (total >= FEWEST && last - first < NARROW).then(|| Statement {
            id: "attribution.serials".into(),
            text: format!("the numbers of nearly all {courier} serials begin with {range}"),
            evidence: vec![("serials in this range".into(), Share::of(inside, total))],
        })
    })
}

/// What senders, couriers and regions fit: a shop, a branch at either end, the courier as a whole, or what many shops share.
fn source(summary: &Summary, courier: Option<&(String, Share)>) -> Option<Statement> {
    let known = summary.senders.total();
    let receivers = summary.records.saturating_sub(summary.sender_records);
    let stated = Share::of(known, receivers.max(known));
    // The few records that name a sender say little of the many that do not.
    if known < FEWEST || stated.low < 0.5 {
        return None;
    }
    let largest = Share::of(summary.senders.largest(), known);
    let mut evidence: Vec<(Cow<'static, str>, Share)> = vec![
        ("records that name a sender".into(), stated),
        ("largest sender".into(), largest),
    ];
    let dominates = |s: &Share| s.share >= DOMINANT && s.low > 0.5;
    if dominates(&largest) {
        return Some(Statement {
            id: "attribution.one-sender".into(),
            text: "one sender stands for most records: this points to the sender's shop, or to who works for it".into(),
            evidence,
        });
    }
    let (code, courier) = courier?;
    if largest.high > SPREAD || courier.total < FEWEST {
        return None;
    }
    evidence.push(("largest courier".into(), *courier));
    if courier.high < DOMINANT {
        return Some(Statement {
            id: "attribution.many-sources".into(),
            text: "many senders and several couriers: this points to no single shop or branch, but to what many shops share (a platform, their software), or to several leaks put together".into(),
            evidence,
        });
    }
    if !dominates(courier) {
        return None;
    }
    let from = largest_city(&summary.sender_cities, summary.sender_records);
    let to = largest_city(&summary.receiver_cities, receivers);
    evidence.extend([
        ("senders' largest city".into(), from.1),
        ("receivers' largest city".into(), to.1),
    ]);
    let (id, text) = match (dominates(&from.1), dominates(&to.1)) {
        (true, false) => (
            "attribution.branch",
            format!(
                "many senders, one courier ({code}), one city ({}): this points to the branch that collected the parcels",
                division(from.0)
            ),
        ),
        (false, true) => (
            "attribution.delivering-branch",
            format!(
                "many senders, one courier ({code}), receivers in one city ({}): this points to the branch that delivered the parcels",
                division(to.0)
            ),
        ),
        (false, false) if from.1.high < 0.5 && to.1.high < 0.5 => (
            "attribution.courier",
            format!(
                "many senders, one courier ({code}), no single city at either end: this points to the courier's own systems, not to one branch"
            ),
        ),
        _ => return None,
    };
    Some(Statement {
        id: id.into(),
        text,
        evidence,
    })
}

/// The city of most records and its share of all of them, those without a city included.
fn largest_city(cities: &BTreeMap<u32, u64>, records: u64) -> (u32, Share) {
    let known: u64 = cities.values().sum();
    let largest = cities.iter().max_by_key(|(_, n)| **n);
    let (city, n) = largest.map_or((0, 0), |(city, n)| (*city, *n));
    (city, Share::of(n, records.max(known)))
}

/// The shares of a count, the largest first, those below one in a hundred left out.
fn shares(counts: &BTreeMap<String, u64>) -> Vec<(String, Share)> {
    let total: u64 = counts.values().sum();
    let mut list: Vec<(String, Share)> = counts
        .iter()
        .map(|(key, n)| (key.clone(), Share::of(*n, total)))
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

    /// What a dump is made of: records, how many senders and how often one is named, cities at both ends, couriers.
    #[derive(Clone, Copy)]
    struct Story {
        records: u64,
        senders: u64,
        named: u64,
        from: u64,
        to: u64,
        couriers: u64,
    }

    const STORY: Story = Story {
        records: 200,
        senders: 100,
        named: 1,
        from: 20,
        to: 20,
        couriers: 1,
    };

    fn ids(story: Story) -> Vec<String> {
        const CODES: [&str; 3] = ["ZTO", "SF", "YTO"];
        let mut summary = Summary::default();
        for n in 0..story.records {
            let courier = CODES[(n % story.couriers) as usize];
            summary.add_record(&RecordFacts {
                role: Party::Receiver,
                city: 110_100 + (mix(n) % story.to) as u32 * 100,
                courier: Some(courier),
                waybill: Some(100_000 + mix(n) % 900_000),
                ..RecordFacts::default()
            });
            *summary.couriers.entry(courier.to_owned()).or_default() += 1;
            if n % story.named == 0 {
                summary.add_record(&RecordFacts {
                    role: Party::Sender,
                    sender: Some(mix(n % story.senders)),
                    city: 330_100 + (n % story.from) as u32 * 100,
                    ..RecordFacts::default()
                });
            }
        }
        let statements = attribute(&summary);
        assert!(statements.iter().all(|s| !s.evidence.is_empty()));
        statements.into_iter().map(|s| s.id.into_owned()).collect()
    }

    #[test]
    fn each_story_has_its_statement() {
        for (story, id) in [
            (
                Story {
                    senders: 1,
                    ..STORY
                },
                "one-sender",
            ),
            (
                Story {
                    senders: 1,
                    couriers: 3,
                    ..STORY
                },
                "one-sender",
            ),
            (Story { from: 1, ..STORY }, "branch"),
            (Story { to: 1, ..STORY }, "delivering-branch"),
            (STORY, "courier"),
            (
                Story {
                    couriers: 3,
                    ..STORY
                },
                "many-sources",
            ),
        ] {
            let expected = [
                "attribution.couriers".to_owned(),
                format!("attribution.{id}"),
            ];
            assert_eq!(ids(story), expected);
        }
    }

    #[test]
    fn what_fits_no_story_or_several_is_not_told() {
        for story in [
            Story {
                senders: 3,
                ..STORY
            },
            Story {
                senders: 1,
                named: 20,
                ..STORY
            },
            Story {
                from: 1,
                to: 1,
                ..STORY
            },
            Story { from: 2, ..STORY },
        ] {
            assert_eq!(ids(story), ["attribution.couriers"]);
        }
        let few = Story {
            records: 9,
            senders: 1,
            ..STORY
        };
        assert!(ids(few).is_empty());
        assert!(attribute(&Summary::default()).is_empty());
    }

    #[test]
    fn windows_of_dates_and_serials_need_more_than_one() {
        let mut summary = Summary::default();
        for n in 0..200 {
            summary.dates.insert(20_240_301 + n as u32 % 9, n);
            summary.add_record(&RecordFacts {
                courier: Some("ZTO"),
                waybill: Some(780_000_000 + n),
                ..RecordFacts::default()
            });
        }
        let statements = attribute(&summary);
        let ids: Vec<&str> = statements.iter().map(|s| s.id.as_ref()).collect();
        let expected = ["dates", "serials", "waybill-runs"].map(|id| format!("attribution.{id}"));
        assert_eq!(ids, expected);
        assert!(statements[1].text.ends_with("begin with 780"));

        let mut footer = Summary::default();
        footer.dates.insert(20_240_301, 1);
        footer.waybill_runs.insert(5);
        footer.waybill_runs.insert(6);
        assert!(attribute(&footer).is_empty());
    }
}
