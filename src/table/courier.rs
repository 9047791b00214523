//! Couriers and the formats of their waybill serials.

use std::sync::LazyLock;

static RAW: &str = include_str!("raw/couriers.tsv");

/// A published check rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// None is public.
    #[default]
    None,
    /// SF Express, twelve digits.
    Sf12,
    /// UPU S10: two letters, eight digits, check, country.
    S10,
    /// UPS 1Z.
    Ups,
    /// FedEx Express, twelve digits.
    Fedex12,
    /// FedEx Ground, fifteen digits.
    Fedex15,
    /// DHL Express, ten digits.
    Dhl,
}

/// How rarely other numbers have the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Specificity {
    /// Bare digits that many other numbers share.
    Low,
    /// A block of digits or a single letter.
    Medium,
    /// Letters of the courier's own and a fixed length.
    High,
}

/// One format of one courier.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Position of the courier in the list.
    pub courier: u8,
    /// `#` a digit, `@` a letter, `*` either, any other character itself.
    pub template: &'static str,
    /// The check rule.
    pub rule: Rule,
    /// How rarely other numbers have the format.
    pub specificity: Specificity,
    /// Whether the format has a letter of its own.
    pub lettered: bool,
    /// Number of digits that are fixed at the start, such as 2 for `77#############`.
    pub fixed: u8,
}

impl Format {
    fn fits(&self, serial: &[u8]) -> bool {
        self.template.len() == serial.len()
            && self.template.bytes().zip(serial).all(|(t, s)| match t {
                b'#' => s.is_ascii_digit(),
                b'@' => s.is_ascii_uppercase(),
                b'*' => s.is_ascii_alphanumeric(),
                t => t == *s,
            })
    }
}

/// One row of the table, for tests and documentation.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The courier's code.
    pub code: &'static str,
    /// The courier's Chinese name.
    pub name: &'static str,
    /// Its formats, parted by `|`.
    pub templates: &'static str,
    /// The check rule's name in the table.
    rule: &'static str,
    specificity: &'static str,
    /// A synthetic serial that fits.
    pub example: &'static str,
    /// A synthetic serial that does not fit, or fails the check.
    pub counter_example: &'static str,
}

/// The rows of the table in order.
pub fn rows() -> impl Iterator<Item = Row> {
    RAW.lines().filter(|l| !l.starts_with('#')).filter_map(|l| {
        let mut cells = l.split('\t');
        let mut next = || cells.next();
        let (code, name, templates, _era) = (next()?, next()?, next()?, next()?);
        Some(Row {
            code,
            name,
            templates,
            rule: next()?,
            specificity: next()?,
            example: next()?,
            counter_example: next()?,
        })
    })
}

/// Lengths of serials in the table.
const LENGTHS: usize = 24;

struct Table {
    couriers: Vec<(&'static str, &'static str)>,
    /// By length and first character.
    formats: Vec<Vec<Format>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        couriers: Vec::new(),
        formats: vec![Vec::new(); LENGTHS * 36],
    };
    for row in rows() {
        let found = table.couriers.iter().position(|c| c.0 == row.code);
        let courier = found.unwrap_or_else(|| {
            table.couriers.push((row.code, row.name));
            table.couriers.len() - 1
        }) as u8;
        let rule = match row.rule {
            "sf12" => Rule::Sf12,
            "s10" => Rule::S10,
            "ups" => Rule::Ups,
            "fedex12" => Rule::Fedex12,
            "fedex15" => Rule::Fedex15,
            "dhl" => Rule::Dhl,
            _ => Rule::None,
        };
        let specificity = match row.specificity {
            "high" => Specificity::High,
            "medium" => Specificity::Medium,
            _ => Specificity::Low,
        };
        for template in row.templates.split('|') {
            let format = Format {
                courier,
                template,
                rule,
                specificity,
                lettered: template
                    .bytes()
                    .any(|b| b.is_ascii_uppercase() || b == b'@'),
                fixed: template.bytes().take_while(u8::is_ascii_digit).count() as u8,
            };
            let first = template.as_bytes().first().copied().unwrap_or(b'#');
            let slots = match first {
                b'#' => 0..10,
                b'@' => 10..36,
                b'*' => 0..36,
                c => slot(c)..slot(c) + 1,
            };
            for s in slots {
                if let Some(bucket) = table.formats.get_mut(template.len() * 36 + s) {
                    bucket.push(format);
                }
            }
        }
    }
    for bucket in &mut table.formats {
        bucket.sort_by_key(|f| std::cmp::Reverse((f.specificity, f.rule != Rule::None, f.fixed)));
    }
    table
});

fn slot(c: u8) -> usize {
    match c {
        b'0'..=b'9' => usize::from(c - b'0'),
        b'A'..=b'Z' => usize::from(c - b'A') + 10,
        _ => 0,
    }
}

/// Every format that `serial` (upper-case letters and digits) fits, the most specific first.
///
/// ```
/// use miandan::table::courier::{code_of, formats_of};
/// let best = formats_of(b"YT2574351128070").next().unwrap();
/// assert_eq!(code_of(best.courier), "YTO");
/// assert!(formats_of(b"YT25").next().is_none());
/// ```
pub fn formats_of(serial: &[u8]) -> impl Iterator<Item = &'static Format> {
    let bucket = match serial.first() {
        Some(c) if serial.len() < LENGTHS && c.is_ascii_alphanumeric() => {
            TABLE.formats[serial.len() * 36 + slot(c.to_ascii_uppercase())].as_slice()
        }
        _ => &[],
    };
    bucket.iter().filter(move |f| f.fits(serial))
}

/// The code of the courier at a position of the list; empty beyond the end.
pub fn code_of(courier: u8) -> &'static str {
    TABLE.couriers.get(usize::from(courier)).map_or("", |c| c.0)
}

/// The Chinese name of the courier at a position of the list; empty beyond the end.
pub fn name_of(courier: u8) -> &'static str {
    TABLE.couriers.get(usize::from(courier)).map_or("", |c| c.1)
}

/// The position of the courier with this code.
pub fn index_of(code: &str) -> Option<u8> {
    let at = TABLE.couriers.iter().position(|c| c.0 == code);
    at.map(|i| i as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_fits_its_courier() {
        assert!(TABLE.couriers.len() <= 64, "others are a bit set of 64");
        for row in rows() {
            let fits =
                |text: &str| formats_of(text.as_bytes()).any(|f| code_of(f.courier) == row.code);
            assert!(fits(row.example), "{} {}", row.code, row.example);
            assert!(!row.counter_example.is_empty());
        }
    }
}
