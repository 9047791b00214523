//! What stands in the place of a value.

use serde::{Deserialize, Serialize};

use crate::hash::mix;
use crate::kind::{Form, Kind};
use crate::mask::{is_hidden, mask_value};

/// What is done with a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operator {
    /// Its identifying part becomes `*`, after GB/T 41833; see [`mask_value`].
    #[default]
    Mask,
    /// It becomes its kind: `[mobile]`.
    Label,
    /// It becomes a token that is the same wherever the same person stands: `[mobile_kfbcahmo]`.
    Pseudonym,
    /// It becomes a made-up value of its format that is marked as such; see [`is_fake`].
    Fake,
    /// It is left out.
    Remove,
    /// It stays.
    Keep,
}

/// Marks a made-up name or address.
const FAKE: char = '假';

/// What takes the place of `value`. `person` is a keyed hash of whose value it is.
pub(super) fn replacement(
    operator: Operator,
    kind: Kind,
    form: Form,
    value: &str,
    person: u64,
) -> String {
    match operator {
        Operator::Mask => mask_value(kind, form, value),
        Operator::Label => format!("[{kind}]"),
        Operator::Pseudonym => format!("[{kind}_{}]", token(person)),
        Operator::Fake => fake(kind, form, value, person),
        Operator::Remove => String::new(),
        Operator::Keep => value.to_owned(),
    }
}

/// Twelve letters; without digits, so that no scan takes it for a number. 48 bits: two of a million people share one with a
/// chance of 1 in 560.
fn token(person: u64) -> String {
    (0..12)
        .map(|i| char::from(b'a' + ((person >> (4 * i)) & 15) as u8))
        .collect()
}

/// A made-up value with the letters, separators and length of the original.
fn fake(kind: Kind, form: Form, value: &str, person: u64) -> String {
    let mut random = mix(person ^ kind as u64);
    let mut next = |below: u64| {
        random = mix(random.wrapping_add(0x9e37_79b9_7f4a_7c15));
        random % below
    };
    match kind {
        Kind::Name => fake_name(value, &mut next),
        Kind::Address => {
            let mask = mask_value(kind, form, value);
            let area = mask.trim_end_matches('*');
            format!("{area}{FAKE}想路{}号", 1 + next(999))
        }
        Kind::Email => format!("{}@example.invalid", token(person)),
        // Numbers start with 10, letters become X: no mobile prefix, serial or card does.
        _ => {
            let mut digits = 0;
            value
                .chars()
                .map(|c| {
                    if c.is_ascii_alphabetic() {
                        'X'
                    } else if c.is_numeric() || is_hidden(c) || c.is_alphabetic() {
                        digits += 1;
                        match digits {
                            1 => '1',
                            2 | 3 => '0',
                            _ => char::from(b'0' + next(10) as u8),
                        }
                    } else {
                        c
                    }
                })
                .collect()
        }
    }
}

fn fake_name(value: &str, next: &mut impl FnMut(u64) -> u64) -> String {
    const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
    let mut first = true;
    value
        .chars()
        .map(|c| {
            if !c.is_alphabetic() && !is_hidden(c) {
                c
            } else if std::mem::take(&mut first) {
                FAKE
            } else {
                STEMS[next(10) as usize]
            }
        })
        .collect()
}

/// Whether a value was made by [`Operator::Fake`].
///
/// ```
/// use miandan::{Kind, redact::is_fake};
/// assert!(is_fake(Kind::Mobile, "10012345678"));
/// assert!(is_fake(Kind::Name, "假甲乙"));
/// assert!(!is_fake(Kind::Mobile, "13812345678"));
/// ```
pub fn is_fake(kind: Kind, value: &str) -> bool {
    match kind {
        Kind::Name | Kind::Address => value.contains(FAKE),
        Kind::Email => value.ends_with("@example.invalid"),
        _ => {
            // An account may have fewer digits than the mark, or none: then its letters are the mark.
            let letters = value.chars().filter(char::is_ascii_alphabetic);
            let mark: String = value.chars().filter(char::is_ascii_digit).take(3).collect();
            letters.clone().all(|c| c == 'X')
                && "100".starts_with(&mark)
                && (mark.len() == 3 || letters.count() > 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fakes_keep_the_format_and_are_marked() {
        for (kind, value) in [
            (Kind::Mobile, "138-1234-5678"),
            (Kind::Waybill, "SF1234567890123"),
            (Kind::Name, "张晓明"),
            (Kind::Address, "杭州市西湖区文三路128号3幢"),
            (Kind::IdCard, "11010119900307663X"),
            (Kind::Email, "a@b.cn"),
            (Kind::Handle, "data_seller"),
            (Kind::Handle, "wx_a1"),
        ] {
            let fake = replacement(Operator::Fake, kind, Form::Full, value, 42);
            assert!(is_fake(kind, &fake) && !is_fake(kind, value), "{fake}");
            assert_eq!(
                fake,
                replacement(Operator::Fake, kind, Form::Full, value, 42)
            );
        }
        let fake = replacement(
            Operator::Fake,
            Kind::Mobile,
            Form::Full,
            "138-1234-5678",
            42,
        );
        assert_eq!((fake.len(), &fake[3..4], &fake[8..9]), (13, "-", "-"));
    }

    #[test]
    fn tokens_follow_the_person() {
        let of = |person| replacement(Operator::Pseudonym, Kind::Name, Form::Full, "张伟", person);
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
        assert!(!of(7).contains(|c: char| c.is_ascii_digit()));
    }
}
