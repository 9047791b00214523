//! The check digits of couriers that are public.

use crate::detect::Checksum;
use crate::finding::Check;
use crate::table::courier::Rule;

/// Checks a serial of upper-case letters and digits that fits a format with this rule.
#[inline]
pub(super) fn check(rule: Rule, serial: &[u8]) -> Check {
    match rule {
        Rule::None => Check::None,
        _ => obeys(rule, serial),
    }
}

fn obeys(rule: Rule, serial: &[u8]) -> Check {
    let right = match rule {
        Rule::None => return Check::None,
        Rule::Sf12 => sf12(serial),
        Rule::S10 => s10(serial),
        Rule::Ups => ups(serial),
        Rule::Fedex12 => fedex12(serial),
        Rule::Fedex15 => Some(Checksum::Gs1.holds(serial)),
        Rule::Dhl => dhl(serial),
    };
    if right == Some(true) {
        Check::Passed
    } else {
        Check::Failed
    }
}

fn digit(c: u8) -> Option<u32> {
    (c as char).to_digit(10)
}

/// Σ digit × weight; `None` where a character is no digit.
fn weighted(digits: &[u8], weights: &[u32], fold: fn(u32) -> u32) -> Option<u32> {
    digits
        .iter()
        .zip(weights)
        .try_fold(0, |sum, (d, w)| Some(sum + fold(digit(*d)? * w)))
}

/// SF Express, twelve digits: the first three are not used.
fn sf12(s: &[u8]) -> Option<bool> {
    let sum = weighted(s.get(3..11)?, &[15, 13, 11, 9, 7, 5, 3, 1], |p| {
        p / 10 + p % 10
    })?;
    Some((10 - sum % 10) % 10 == digit(*s.get(11)?)?)
}

/// UPU S10.
fn s10(s: &[u8]) -> Option<bool> {
    let sum = weighted(s.get(2..10)?, &[8, 6, 4, 2, 3, 5, 9, 7], |p| p)?;
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        r => r,
    };
    Some(check == digit(*s.get(10)?)?)
}

/// UPS 1Z: letters count as their place, every second one doubled.
fn ups(s: &[u8]) -> Option<bool> {
    let sum: u32 = s
        .get(2..17)?
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let value = digit(*c).unwrap_or_else(|| u32::from(c.wrapping_sub(63)) % 10);
            if i % 2 == 1 { value * 2 } else { value }
        })
        .sum();
    Some((10 - sum % 10) % 10 == digit(*s.get(17)?)?)
}

fn fedex12(s: &[u8]) -> Option<bool> {
    let sum = weighted(s.get(..11)?, &[3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1], |p| p)?;
    Some(sum % 11 % 10 == digit(*s.get(11)?)?)
}

fn dhl(s: &[u8]) -> Option<bool> {
    let body = s
        .get(..9)?
        .iter()
        .try_fold(0, |n, d| Some(n * 10 + digit(*d)?))?;
    Some(body % 7 == digit(*s.get(9)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::courier::{formats_of, rows};

    #[test]
    fn published_examples_pass_and_their_neighbours_fail() {
        for (rule, serial) in [
            (Rule::Sf12, "118461988807"),
            (Rule::Sf12, "933346116516"),
            (Rule::S10, "LP176445020CN"),
            (Rule::S10, "RB123456785GB"),
            (Rule::Ups, "1Z96F4R8D313969574"),
        ] {
            assert_eq!(check(rule, serial.as_bytes()), Check::Passed, "{serial}");
        }
        assert_eq!(check(Rule::Sf12, b"118461988806"), Check::Failed);
        assert_eq!(check(Rule::S10, b"EA123456789CN"), Check::Failed);
    }

    #[test]
    fn every_row_of_the_table_keeps_its_word() {
        for row in rows() {
            let verdicts = |serial: &str| -> Vec<Check> {
                formats_of(serial.as_bytes())
                    .filter(|f| crate::table::courier::code_of(f.courier) == row.code)
                    .map(|f| check(f.rule, serial.as_bytes()))
                    .collect()
            };
            let good = |serial: &str| verdicts(serial).iter().any(|c| *c != Check::Failed);
            assert!(good(row.example), "{} {}", row.code, row.example);
        }
    }
}
