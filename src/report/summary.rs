//! Every aggregate of a scan, as a value that merges.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::persons::DistinctCounter;
use super::senders::SenderShares;
use super::serials::SerialRuns;
use crate::error::{Error, Result};
use crate::kind::{Form, Kind};
use crate::table::field::Party;

/// What is wrong with a record, so that it may be no real customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Flaw {
    /// The name is a placeholder, such as 张三 or 测试.
    FillerName,
    /// The mobile number is a placeholder, such as 13800138000.
    FillerMobile,
    /// The mobile number's prefix is not allocated.
    DeadPrefix,
    /// The waybill's check digit is wrong.
    FailedCheck,
    /// The address names a province that does not exist.
    ImpossibleRegion,
}

impl Flaw {
    /// Every flaw, in the order of the enum.
    pub const ALL: [Flaw; 5] = [
        Flaw::FillerName,
        Flaw::FillerMobile,
        Flaw::DeadPrefix,
        Flaw::FailedCheck,
        Flaw::ImpossibleRegion,
    ];
}

/// What a summary takes from one record. Holds hashes and codes only, no text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordFacts {
    /// Whether the record has name, mobile and address.
    pub complete: bool,
    /// Whose data it is.
    pub role: Party,
    /// Who it is, from [`PersonKey`](super::PersonKey); `None` where the record does not tell people apart.
    pub person: Option<u64>,
    /// Who sends, for a record about a sender: a shop is known by a landline or its address as well.
    pub sender: Option<u64>,
    /// The mobile number as a number, where it is given in full.
    pub mobile: Option<u64>,
    /// The last 18 digits of the waybill serial.
    pub waybill: Option<u64>,
    /// Code of the waybill's courier.
    pub courier: Option<&'static str>,
    /// Six-digit code of the address's city; 0 = unknown.
    pub city: u32,
    /// What is wrong with it, one bit per [`Flaw`].
    pub flaws: u8,
    /// Masked values that stand beside their full value.
    pub mask_breaks: u8,
}

impl RecordFacts {
    /// Notes a flaw.
    pub const fn flaw(&mut self, flaw: Flaw) {
        self.flaws |= 1 << flaw as u8;
    }

    /// The courier and the first three digits of the waybill's number.
    pub(super) fn serial_head(&self) -> Option<(&'static str, usize)> {
        Some((self.courier?, head(self.waybill?) as usize))
    }
}

/// What a stored summary begins with: four letters and the version.
const TAG: &[u8] = b"MDSM1";

/// Every aggregate of a scan.
///
/// **[`merge`](Summary::merge) is associative and commutative**, and any split of the records gives the same summary, so
/// any engine can spread the work. The serialised form carries keyed hashes of people (see [`PersonKey`](super::PersonKey));
/// [`figures`](Summary::figures) carries only numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Summary {
    /// Inputs read to their end.
    pub inputs_read: u64,
    /// Inputs left out on purpose, such as binary files.
    pub inputs_skipped: u64,
    /// Inputs that could not be read, or not to their end.
    pub inputs_failed: u64,
    /// Inputs by the encoding they were read in.
    pub encodings: BTreeMap<String, EncodingCounts>,
    /// Bytes scanned.
    pub bytes: u64,
    /// Raw rows of tables and documents with rows.
    pub rows: u64,
    /// Findings by kind and form.
    pub findings: BTreeMap<Kind, FormCounts>,
    /// Records assembled.
    pub records: u64,
    /// Records with name, mobile and address.
    pub complete_records: u64,
    /// Records and lone mobile numbers that tell who they are about.
    pub identified: u64,
    /// Records about a sender.
    pub sender_records: u64,
    /// Records with at least one [`Flaw`].
    pub invalid_records: u64,
    /// Records by flaw.
    pub flaws: BTreeMap<Flaw, u64>,
    /// Waybill findings by courier code.
    pub couriers: BTreeMap<String, u64>,
    /// Address findings by six-digit province code.
    pub provinces: BTreeMap<u32, u64>,
    /// Records of receivers by six-digit city code.
    pub receiver_cities: BTreeMap<u32, u64>,
    /// Records of senders by six-digit city code.
    pub sender_cities: BTreeMap<u32, u64>,
    /// Dates seen on pages with findings, as the number yyyymmdd.
    pub dates: BTreeMap<u32, u64>,
    /// Inputs with columns of goods or prices.
    pub transaction_inputs: u64,
    /// Masked values that hide as much as GB/T 41833 asks.
    pub conforming_masks: u64,
    /// Masked values beside their full value.
    pub mask_breaks: u64,
    /// Distinct people.
    pub persons: DistinctCounter,
    /// How the senders share the records.
    pub senders: SenderShares,
    /// Neighbouring mobile numbers.
    pub mobile_runs: SerialRuns,
    /// Neighbouring waybill serials.
    pub waybill_runs: SerialRuns,
    /// Records by courier code and the first three digits of the waybill's number.
    pub serial_heads: BTreeMap<String, BTreeMap<u64, u64>>,
}

/// Findings of one kind by form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FormCounts {
    /// Whole values in plain spelling.
    pub full: u64,
    /// Parts of values.
    pub partial: u64,
    /// Values with hidden characters.
    pub masked: u64,
    /// Whole values in a spelling that avoids detection.
    pub disguised: u64,
}

impl FormCounts {
    /// All forms together.
    pub const fn total(&self) -> u64 {
        self.full + self.partial + self.masked + self.disguised
    }

    /// Adds `n` findings of a form.
    pub const fn add(&mut self, form: Form, n: u64) {
        match form {
            Form::Full => self.full += n,
            Form::Partial => self.partial += n,
            Form::Masked => self.masked += n,
            Form::Disguised => self.disguised += n,
        }
    }
}

/// Inputs that were read in one encoding, by how sure it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EncodingCounts {
    /// It was given, or is certain.
    pub certain: u64,
    /// It is the most likely one.
    pub likely: u64,
}

/// The numbers of a summary: what `miandan scan` prints at its end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Figures {
    /// Inputs read and failed.
    pub inputs: Inputs,
    /// Inputs by the encoding they were read in.
    #[serde(default)]
    pub encodings: BTreeMap<String, EncodingCounts>,
    /// Bytes scanned.
    pub bytes: u64,
    /// Raw rows.
    pub rows: u64,
    /// Findings per kind.
    pub findings: BTreeMap<Kind, u64>,
    /// Records.
    pub records: u64,
    /// Records with name, mobile and address.
    pub complete_records: u64,
    /// Distinct people.
    pub distinct_persons: u64,
    /// Records with a flaw.
    pub invalid_records: u64,
    /// Waybills per courier code.
    pub couriers: BTreeMap<String, u64>,
    /// Addresses per province code.
    pub provinces: BTreeMap<u32, u64>,
}

/// How many inputs were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// Read to their end.
    pub read: u64,
    /// Left out on purpose, such as binary files.
    #[serde(default)]
    pub skipped: u64,
    /// Could not be read, or not to their end.
    pub failed: u64,
}

impl Summary {
    /// Adds one record.
    pub fn add_record(&mut self, facts: &RecordFacts) {
        self.count_record(facts);
        self.remember(std::slice::from_ref(facts));
        if let Some((courier, head)) = facts.serial_head() {
            self.count_head(courier, head, 1);
        }
    }

    /// Adds what is counted of a record.
    pub(super) fn count_record(&mut self, facts: &RecordFacts) {
        self.records += 1;
        self.complete_records += u64::from(facts.complete);
        self.mask_breaks += u64::from(facts.mask_breaks);
        if facts.flaws != 0 {
            self.invalid_records += 1;
            for flaw in Flaw::ALL {
                if facts.flaws & (1 << flaw as u8) != 0 {
                    *self.flaws.entry(flaw).or_default() += 1;
                }
            }
        }
        let sender = facts.role == Party::Sender;
        self.sender_records += u64::from(sender);
        if facts.city != 0 {
            let cities = if sender {
                &mut self.sender_cities
            } else {
                &mut self.receiver_cities
            };
            *cities.entry(facts.city).or_default() += 1;
        }
        self.identified += u64::from(facts.person.is_some());
    }

    /// Adds what is remembered of records so that it is not counted twice. Costs more than counting, and making such sets for every
    /// page only to merge them would cost it twice.
    pub(super) fn remember(&mut self, records: &[RecordFacts]) {
        self.persons.extend(records.iter().filter_map(|r| r.person));
        for sender in records.iter().filter_map(|r| r.sender) {
            self.senders.insert(sender, 1);
        }
        self.mobile_runs
            .extend(records.iter().filter_map(|r| r.mobile));
        self.waybill_runs
            .extend(records.iter().filter_map(|r| r.waybill));
    }

    /// Adds `n` records of a courier whose serials begin with the same digits.
    pub(super) fn count_head(&mut self, courier: &str, head: usize, n: u64) {
        let heads = self.serial_heads.entry(courier.to_owned()).or_default();
        *heads.entry(head as u64).or_default() += n;
    }

    /// Adds `n` findings.
    pub fn add_findings(&mut self, kind: Kind, form: Form, n: u64) {
        if n > 0 {
            self.findings.entry(kind).or_default().add(form, n);
        }
    }

    /// Adds everything that `other` holds.
    pub fn merge(&mut self, other: Summary) {
        self.inputs_read += other.inputs_read;
        self.inputs_skipped += other.inputs_skipped;
        self.inputs_failed += other.inputs_failed;
        for (encoding, theirs) in other.encodings {
            let mine = self.encodings.entry(encoding).or_default();
            mine.certain += theirs.certain;
            mine.likely += theirs.likely;
        }
        self.bytes += other.bytes;
        self.rows += other.rows;
        for (kind, theirs) in other.findings {
            let mine = self.findings.entry(kind).or_default();
            mine.full += theirs.full;
            mine.partial += theirs.partial;
            mine.masked += theirs.masked;
            mine.disguised += theirs.disguised;
        }
        self.records += other.records;
        self.complete_records += other.complete_records;
        self.identified += other.identified;
        self.sender_records += other.sender_records;
        self.invalid_records += other.invalid_records;
        merge_counts(&mut self.flaws, other.flaws);
        merge_counts(&mut self.couriers, other.couriers);
        merge_counts(&mut self.provinces, other.provinces);
        merge_counts(&mut self.receiver_cities, other.receiver_cities);
        merge_counts(&mut self.sender_cities, other.sender_cities);
        merge_counts(&mut self.dates, other.dates);
        self.transaction_inputs += other.transaction_inputs;
        self.conforming_masks += other.conforming_masks;
        self.mask_breaks += other.mask_breaks;
        self.persons.merge(other.persons);
        self.senders.merge(other.senders);
        self.mobile_runs.merge(&other.mobile_runs);
        self.waybill_runs.merge(&other.waybill_runs);
        for (courier, heads) in other.serial_heads {
            merge_counts(self.serial_heads.entry(courier).or_default(), heads);
        }
    }

    /// The stored form, for another process to merge: a tag with its version, then JSON.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = TAG.to_vec();
        // Maps with identifiers and numbers as keys, numbers and text as values: nothing of it can fail.
        if serde_json::to_writer(&mut out, self).is_err() {
            out.clear();
        }
        out
    }

    /// The summary in a stored form.
    ///
    /// # Errors
    /// [`Error::Config`] when the bytes are no summary, or one of another version; a summary is never read in part.
    pub fn from_bytes(bytes: &[u8]) -> Result<Summary> {
        let Some(json) = bytes.strip_prefix(TAG) else {
            return Err(Error::config(if bytes.starts_with(&TAG[..4]) {
                "a summary of another version; this program reads version 1"
            } else {
                "not a stored summary"
            }));
        };
        serde_json::from_slice(json).map_err(|_| Error::config("damaged summary"))
    }

    /// Findings of a kind.
    pub fn count(&self, kind: Kind) -> u64 {
        self.findings.get(&kind).map_or(0, FormCounts::total)
    }

    /// Distinct people; see [`DistinctCounter::estimate`].
    pub fn distinct_persons(&self) -> u64 {
        self.persons.estimate()
    }

    /// Records and lone mobile numbers of somebody who was seen before.
    pub fn duplicates(&self) -> u64 {
        self.identified.saturating_sub(self.distinct_persons())
    }

    /// Share of the findings of names, mobiles and addresses that are masked, 0 … 1.
    pub fn masked_share(&self) -> f64 {
        let (mut masked, mut all) = (0, 0);
        for kind in [Kind::Name, Kind::Mobile, Kind::Address] {
            let counts = self.findings.get(&kind).copied().unwrap_or_default();
            masked += counts.masked;
            all += counts.total();
        }
        if all == 0 {
            0.0
        } else {
            masked as f64 / all as f64
        }
    }

    /// First and last date that matter, as numbers yyyymmdd: the middle 98 % of all dates seen.
    pub fn date_window(&self) -> Option<(u32, u32)> {
        middle(&self.dates)
    }

    /// Only the numbers.
    pub fn figures(&self) -> Figures {
        Figures {
            inputs: Inputs {
                read: self.inputs_read,
                skipped: self.inputs_skipped,
                failed: self.inputs_failed,
            },
            encodings: self.encodings.clone(),
            bytes: self.bytes,
            rows: self.rows,
            findings: self.findings.iter().map(|(k, c)| (*k, c.total())).collect(),
            records: self.records,
            complete_records: self.complete_records,
            distinct_persons: self.distinct_persons(),
            invalid_records: self.invalid_records,
            couriers: self.couriers.clone(),
            provinces: self.provinces.clone(),
        }
    }
}

/// How many beginnings of serials there are: those of up to three digits.
pub(super) const HEADS: usize = 1_000;

/// The first three digits of a number.
const fn head(mut number: u64) -> u64 {
    while number >= 1_000 {
        number /= 10;
    }
    number
}

/// The first and the last of the middle 98 % of what is counted.
pub(super) fn middle<K: Copy>(counts: &BTreeMap<K, u64>) -> Option<(K, K)> {
    let total: u64 = counts.values().sum();
    let at = |rank: u64| {
        let mut seen = 0;
        counts.iter().find_map(|(key, n)| {
            seen += n;
            (seen > rank).then_some(*key)
        })
    };
    Some((at(total / 100)?, at(total.checked_sub(1)? - total / 100)?))
}

fn merge_counts<K: Ord>(mine: &mut BTreeMap<K, u64>, theirs: BTreeMap<K, u64>) {
    for (key, n) in theirs {
        *mine.entry(key).or_default() += n;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hash::mix;

    fn facts(n: u64) -> RecordFacts {
        RecordFacts {
            complete: n.is_multiple_of(3),
            role: [Party::Unknown, Party::Receiver, Party::Sender][(n % 3) as usize],
            person: (!n.is_multiple_of(5)).then(|| mix(n % 40)),
            mobile: Some(13_800_000_000 + n),
            sender: (n % 3 == 2).then(|| mix(n % 7)),
            waybill: n.is_multiple_of(2).then_some(n * 3),
            courier: n
                .is_multiple_of(4)
                .then_some(["SF", "ZTO"][(n / 4 % 2) as usize]),
            city: 330_100 + (n % 4) as u32,
            flaws: (n % 32) as u8,
            mask_breaks: (n % 2) as u8,
        }
    }

    fn summary(part: &[u64]) -> Summary {
        let mut summary = Summary::default();
        for n in part {
            summary.add_record(&facts(*n));
            summary.add_findings(Kind::ALL[(*n % 10) as usize], Form::Masked, 1);
            let encoding = ["utf-8", "gb18030"][(n % 2) as usize].to_owned();
            summary.encodings.entry(encoding).or_default().likely += 1;
            *summary
                .dates
                .entry(20_240_101 + (*n % 7) as u32)
                .or_default() += 1;
        }
        summary
    }

    proptest! {
        #[test]
        fn any_split_merges_to_the_same(list in prop::collection::vec(0u64..500, 0..80), a in 0usize..80, b in 0usize..80) {
            let (a, b) = (a.min(b).min(list.len()), a.max(b).min(list.len()));
            let [x, y, z] = [&list[..a], &list[a..b], &list[b..]].map(summary);
            let mut left = x.clone();
            left.merge(y.clone());
            left.merge(z.clone());
            let mut right = z;
            let mut yx = y;
            yx.merge(x);
            right.merge(yx);
            prop_assert_eq!(&left, &summary(&list));
            prop_assert_eq!(&right, &left);
        }
    }

    #[test]
    fn duplicates_and_window_follow_from_the_counts() {
        let mut s = Summary::default();
        for person in [1, 1, 1, 2] {
            s.add_record(&RecordFacts {
                person: Some(mix(person)),
                ..RecordFacts::default()
            });
        }
        assert_eq!((s.distinct_persons(), s.duplicates()), (2, 2));
        assert_eq!(s.date_window(), None);
        s.dates.extend([
            (19_900_101, 1),
            (20_240_301, 500),
            (20_240_331, 500),
            (20_991_231, 1),
        ]);
        assert_eq!(s.date_window(), Some((20_240_301, 20_240_331)));
    }

    #[test]
    fn a_stored_summary_is_read_whole_or_not_at_all() {
        let s = summary(&(0..300).collect::<Vec<u64>>());
        let bytes = s.to_bytes();
        assert_eq!(Summary::from_bytes(&bytes).expect("the same version"), s);
        for len in [0, 3, 4, 5, 9, bytes.len() - 1] {
            assert!(Summary::from_bytes(&bytes[..len]).is_err(), "{len}");
        }
        let other = Summary::from_bytes(b"MDSM2{}").expect_err("another version");
        assert!(other.to_string().contains("version"));
    }
}
