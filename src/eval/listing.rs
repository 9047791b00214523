//! How many listings are taken for what they are.

use std::collections::BTreeMap;

use serde::Serialize;

use super::gold::GoldLine;
use super::tally::Tally;
use crate::listing::{Class, Found, Listing, assess};
use crate::scan::Findings;

/// Counts over labelled listings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListingTally {
    /// Offers (label `data_sale`) against harmless listings (label `benign`): those taken for offers.
    pub sells_data: Tally,
    /// Samples of records (label `leak_sample`) against all others: those taken for samples.
    pub leak_samples: Tally,
    /// By family of the listing: how many were taken for something else, and how many there are.
    pub families: BTreeMap<String, [u64; 2]>,
}

impl ListingTally {
    /// Counts one line; returns what it was taken for where that is wrong.
    pub(super) fn count(&mut self, line: &GoldLine, found: &Findings) -> Option<&'static str> {
        let label = line.label.as_deref()?;
        let class = assess(&Listing::from(line.text.as_str()), Found::from(found)).class;
        let said = match class {
            Class::SellsData => "data_sale",
            Class::LeakSample => "leak_sample",
            Class::Benign => "benign",
        };
        let right = said == label;
        let add = |tally: &mut Tally, class: &str| {
            tally.found += u64::from(said == class);
            tally.gold += u64::from(label == class);
            tally.right += u64::from(right && label == class);
            tally.hit += u64::from(right && label == class);
        };
        if label != "leak_sample" {
            add(&mut self.sells_data, "data_sale");
        }
        add(&mut self.leak_samples, "leak_sample");
        let notes = line.notes.as_deref().unwrap_or_default();
        let family = self.families.entry(format!("{label}/{notes}")).or_default();
        family[0] += u64::from(!right);
        family[1] += 1;
        (!right).then_some(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scanner;

    #[test]
    fn listings_are_counted_by_label() {
        let scanner = Scanner::new().expect("a scanner");
        let mut tally = ListingTally::default();
        for (text, label) in [
            ("一手面单数据 姓名电话地址齐全 每条八角 千起", "data_sale"),
            ("热敏打印纸 100*180 整箱包邮", "benign"),
            ("热敏打印纸 76*130 一箱", "data_sale"),
        ] {
            let line = GoldLine {
                text: text.into(),
                label: Some(label.into()),
                ..GoldLine::default()
            };
            tally.count(&line, &scanner.scan(text));
        }
        assert_eq!((tally.sells_data.right, tally.sells_data.gold), (1, 2));
        assert_eq!(tally.sells_data.found, 1);
        assert_eq!(tally.families["data_sale/"], [1, 2]);
    }
}
