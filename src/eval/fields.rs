//! How many delivery lines [`Scanner::parse_line`] takes apart as they are labelled.

use serde::{Deserialize, Serialize};

use crate::scan::Scanner;

/// The labelled fields of a delivery line; empty where the line does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct GoldFields {
    /// The person's name.
    pub name: String,
    /// Eleven digits.
    #[serde(alias = "mobile")]
    pub phone: String,
    /// Full name of the province.
    pub province: String,
    /// Full name of the city.
    pub city: String,
    /// Full name of the county or district.
    pub county: String,
    /// What follows the county, as typed.
    pub detail: String,
}

/// Counts over delivery lines with labelled fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FieldTally {
    /// Lines.
    pub lines: u64,
    /// Lines of which every field is right.
    pub all: u64,
    /// Lines with the right name, and so on.
    pub name: u64,
    /// Right mobiles.
    pub mobile: u64,
    /// Right provinces.
    pub province: u64,
    /// Right cities.
    pub city: u64,
    /// Right counties.
    pub county: u64,
    /// Right details, spaces left out.
    pub detail: u64,
}

impl FieldTally {
    /// Counts one line.
    pub(super) fn count(&mut self, scanner: &Scanner, text: &str, gold: &GoldFields) {
        let line = scanner.parse_line(text);
        let dense = |text: &str| text.split_whitespace().collect::<String>();
        let right = [
            line.name == gold.name,
            line.mobile == gold.phone,
            line.province == gold.province,
            line.city == gold.city,
            line.county == gold.county,
            dense(&line.detail) == dense(&gold.detail),
        ];
        let counts = [
            &mut self.name,
            &mut self.mobile,
            &mut self.province,
            &mut self.city,
            &mut self.county,
            &mut self.detail,
        ];
        for (count, right) in counts.into_iter().zip(right) {
            *count += u64::from(right);
        }
        self.lines += 1;
        self.all += u64::from(right.iter().all(|r| *r));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_field_is_a_wrong_line() {
        let scanner = Scanner::new().expect("a scanner");
        let text = "张伟，13812345678，浙江省杭州市西湖区文三路18号2栋501室";
        let gold = GoldFields {
            name: "张伟".to_owned(),
            phone: "13812345678".to_owned(),
            province: "浙江省".to_owned(),
            city: "杭州市".to_owned(),
            county: "西湖区".to_owned(),
            detail: "文三路18号 2栋501室".to_owned(),
        };
        let mut tally = FieldTally::default();
        tally.count(&scanner, text, &gold);
        assert_eq!((tally.lines, tally.all, tally.detail), (1, 1, 1));
        let other = GoldFields {
            county: "滨江区".to_owned(),
            ..gold
        };
        tally.count(&scanner, text, &other);
        assert_eq!((tally.lines, tally.all, tally.county), (2, 1, 1));
    }
}
