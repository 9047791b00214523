//! What a listing is: an offer of customer data, a leak itself, or neither.

use serde::{Deserialize, Serialize};

use super::features::{Reading, read};
use super::lexicon::Group;
use super::model::Model;
use super::offer::{Offer, SellerHandle};
use crate::evidence::{Evidence, Weight};
use crate::finding::{Confidence, Finding};
use crate::kind::{Form, Kind};
use crate::scan::Findings;

/// A listing or message: the texts that a buyer reads.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Listing<'t> {
    /// The title; may be empty.
    pub title: &'t str,
    /// The description, or the whole text of a message.
    pub description: &'t str,
}

impl<'t> Listing<'t> {
    /// A listing with a title and a description.
    pub const fn new(title: &'t str, description: &'t str) -> Listing<'t> {
        Listing { title, description }
    }
}

impl<'t> From<&'t str> for Listing<'t> {
    fn from(text: &'t str) -> Listing<'t> {
        Listing::new("", text)
    }
}

/// What a scan of the listing's text found, as numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Names, whole or masked.
    pub names: u32,
    /// Mobile numbers in any form.
    pub mobiles: u32,
    /// Addresses that reach down to a street or door.
    pub addresses: u32,
    /// Waybill serials.
    pub waybills: u32,
    /// Records with at least two of the above.
    pub records: u32,
}

impl From<&Findings> for Found {
    fn from(findings: &Findings) -> Found {
        let likely = |f: &&Finding| f.confidence >= Confidence::from_basis(5_000);
        let count = |kind: Kind| {
            let whole = |f: &&Finding| f.form != Form::Partial;
            findings.of(kind).filter(likely).filter(whole).count() as u32
        };
        Found {
            names: count(Kind::Name),
            mobiles: count(Kind::Mobile),
            addresses: count(Kind::Address),
            waybills: count(Kind::Waybill),
            records: findings
                .records()
                .iter()
                .filter(|r| {
                    let fields = r.fields.iter();
                    let members = fields.filter_map(|(_, i)| findings.as_slice().get(*i as usize));
                    members.filter(likely).count() >= 2
                })
                .count() as u32,
        }
    }
}

/// What a listing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Class {
    /// Neither.
    Benign,
    /// Offers or seeks customer data.
    SellsData,
    /// Carries records of people itself.
    LeakSample,
}

/// What a listing is, how sure, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Assessment {
    /// What it is.
    pub class: Class,
    /// How sure it is that the listing is not benign, 0 … 1.
    pub score: f64,
    /// Why, in milli-logits; `listing.*` lines add up to the odds of an offer, `sample.*` lines to those of a sample.
    pub reasons: Vec<Evidence>,
    /// What is offered.
    pub offer: Offer,
    /// Accounts to reach the seller by.
    pub handles: Vec<SellerHandle>,
    /// Records in the text.
    pub records: u32,
}

/// Judges a listing from its words, and from what a scan found in it.
///
/// Pass `Found::default()` where no scan was made; shapes of numbers, masked or not, are seen all the same.
///
/// ```
/// use miandan::listing::{self, Class, Found};
/// let sale = listing::assess(&"一手面单数据 姓名电话地址齐全 每条八角 千起 加V".into(), Found::default());
/// assert_eq!(sale.class, Class::SellsData);
/// assert_eq!((sale.offer.unit_price, sale.offer.minimum), (Some(0.8), Some(1000)));
/// let goods = listing::assess(&"电子面单打印纸 100*180 热敏标签 整箱包邮".into(), Found::default());
/// assert_eq!(goods.class, Class::Benign);
/// ```
pub fn assess(listing: &Listing<'_>, found: Found) -> Assessment {
    let reading = if listing.title.is_empty() {
        read(&[listing.description])
    } else {
        read(&[listing.title, listing.description])
    };
    let mut reasons = Vec::with_capacity(128);
    let sale = Model::shipped().score(&reading, &mut reasons);
    let people = People::of(&reading, found);
    let sample = people.score(&reading, sale, &mut reasons);
    let class = if sample > 0 {
        Class::LeakSample
    } else if sale > 0 {
        Class::SellsData
    } else {
        Class::Benign
    };
    Assessment {
        class,
        score: 1.0 / (1.0 + (-f64::from(sale.max(sample)) / 1000.0).exp()),
        reasons,
        records: people.records(),
        offer: reading.offer,
        handles: reading.handles,
    }
}

/// Parts of records in a listing, from the scan or from their shapes, whichever saw more.
struct People {
    phones: u32,
    addresses: u32,
    waybills: u32,
    names: u32,
    records: u32,
}

impl People {
    fn of(reading: &Reading, found: Found) -> People {
        let shapes = reading.shapes;
        People {
            phones: shapes.phones.max(found.mobiles),
            addresses: shapes.addresses.max(found.addresses),
            waybills: shapes.waybills.max(found.waybills),
            names: shapes.names.max(found.names),
            records: found.records,
        }
    }

    /// How many people are given with at least two data each.
    fn records(&self) -> u32 {
        let with_phone = self
            .phones
            .min(self.addresses.max(self.waybills).max(self.names));
        let named = self.names.min(self.waybills.max(self.addresses));
        with_phone.max(named).max(self.records)
    }

    /// The log-odds that the text itself is a leak, in milli-logits.
    fn score(&self, reading: &Reading, sale: Weight, reasons: &mut Vec<Evidence>) -> Weight {
        let mut sum = 0;
        let mut add = |id: &'static str, weight: Weight| {
            if weight != 0 {
                reasons.push(Evidence {
                    id: id.into(),
                    weight,
                });
                sum += weight;
            }
        };
        let records = self.records();
        add(
            "sample.records",
            match records {
                0 => -6_000,
                1 => -2_500,
                2 => 1_200,
                3 => 3_000,
                _ => 4_500,
            },
        );
        if records > 0 {
            // Shops and hotlines have numbers and addresses, but neither persons nor parcels.
            add(
                "sample.nobody-named",
                if self.names + self.waybills == 0 {
                    -1_500
                } else {
                    0
                },
            );
            // Nobody's return address comes with the parcel's serial.
            let parcel = self.waybills > 0 && self.phones > 0;
            add("sample.parcel", if parcel { 1_500 } else { 0 });
            add("sample.offer", if sale > 0 { 1_500 } else { 0 });
            add(
                "sample.shown",
                if reading.count(Group::Proof) > 0 {
                    700
                } else {
                    0
                },
            );
            add("sample.goods", -500 * reading.goods().min(3));
        }
        sum
    }
}
