//! Check digits that many numbering schemes share.

/// A rule by which the last characters of a number follow from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Checksum {
    /// Luhn, as on bank cards: every second digit doubled, the sum a multiple of 10.
    Luhn,
    /// ISO 7064 MOD 11-2, as on resident identity cards: the last character is a digit or X.
    #[serde(rename = "mod-11-2")]
    Mod11_2,
    /// ISO 7064 MOD 97-10: the number leaves 1 when divided by 97; letters count 10 to 35.
    #[serde(rename = "mod-97-10")]
    Mod97_10,
    /// GS1, as under bar codes: weights 1 and 3 from the right, the sum a multiple of 10.
    Gs1,
}

impl Checksum {
    /// Every rule.
    pub const ALL: [Checksum; 4] = [
        Checksum::Luhn,
        Checksum::Mod11_2,
        Checksum::Mod97_10,
        Checksum::Gs1,
    ];

    /// Whether the rule gives a character a value. Others, such as separators and a prefix of letters, are left out before a
    /// number is checked.
    pub const fn knows(self, c: char) -> bool {
        match self {
            Checksum::Luhn | Checksum::Gs1 => c.is_ascii_digit(),
            Checksum::Mod11_2 => c.is_ascii_digit() || matches!(c, 'X' | 'x'),
            Checksum::Mod97_10 => c.is_ascii_alphanumeric(),
        }
    }

    /// Whether a number of ASCII digits (and letters where the rule knows them) obeys the rule. Fewer than two characters, and
    /// characters that the rule does not know, never do.
    ///
    /// ```
    /// use miandan::detect::Checksum;
    /// assert!(Checksum::Luhn.holds(b"79927398713"));
    /// assert!(Checksum::Mod11_2.holds(b"11010519491231002X"));
    /// assert!(Checksum::Mod97_10.holds(b"3214282912345698765432161182"));
    /// assert!(Checksum::Gs1.holds(b"4006381333931"));
    /// assert!(!Checksum::Luhn.holds(b"7992739871x"));
    /// ```
    pub fn holds(self, number: &[u8]) -> bool {
        number.len() > 1
            && match self {
                Checksum::Luhn => weighted(number, |i, d| {
                    let n = d << (i % 2);
                    n / 10 + n % 10
                }),
                Checksum::Gs1 => weighted(number, |i, d| d * (1 + 2 * (i % 2) as u32)),
                Checksum::Mod11_2 => mod_11_2(number).unwrap_or(false),
                Checksum::Mod97_10 => mod_97_10(number).unwrap_or(false),
            }
    }
}

/// Whether the digits, each weighed by its place from the right, add up to a multiple of 10.
fn weighted(number: &[u8], weigh: impl Fn(usize, u32) -> u32) -> bool {
    let sum = number.iter().rev().enumerate().try_fold(0, |sum, (i, c)| {
        let d = (*c as char).to_digit(10)?;
        Some(sum + weigh(i, d))
    });
    sum.is_some_and(|sum| sum.is_multiple_of(10))
}

fn mod_11_2(number: &[u8]) -> Option<bool> {
    let (last, digits) = number.split_last()?;
    let rest = digits.iter().try_fold(0, |rest, c| {
        Some((rest + (*c as char).to_digit(10)?) * 2 % 11)
    })?;
    let last = match last {
        b'X' | b'x' => 10,
        c => (*c as char).to_digit(10)?,
    };
    Some((rest + last) % 11 == 1)
}

fn mod_97_10(number: &[u8]) -> Option<bool> {
    let rest = number.iter().try_fold(0, |rest, c| {
        let value = (*c as char).to_digit(36)?;
        Some((rest * if value > 9 { 100 } else { 10 } + value) % 97)
    })?;
    Some(rest == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_digit_breaks_every_rule() {
        for (rule, number) in [
            (Checksum::Luhn, "79927398713"),
            (Checksum::Mod11_2, "11010519491231002X"),
            (Checksum::Mod11_2, "440524188001010014"),
            (Checksum::Mod97_10, "3214282912345698765432161182"),
            (Checksum::Gs1, "4006381333931"),
        ] {
            assert!(rule.holds(number.as_bytes()), "{rule:?}");
            for i in 0..number.len() - 1 {
                let mut wrong = number.as_bytes().to_vec();
                wrong[i] = b'0' + (wrong[i] - b'0' + 1) % 10;
                assert!(!rule.holds(&wrong), "{rule:?} at {i}");
            }
        }
    }

    #[test]
    fn nothing_obeys_without_digits() {
        for rule in Checksum::ALL {
            for number in ["", "0", "张三", "0-0"] {
                assert!(!rule.holds(number.as_bytes()), "{rule:?} {number}");
            }
        }
    }
}
