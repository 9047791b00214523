//! The one spelling in which equal values are equal, without an allocation where that is possible.

use crate::finding::Detail;
use crate::kind::Form;
use crate::scan::Item;

/// The digits of a mobile number as a number; `None` where some are hidden.
///
/// Plain spellings, which are nearly all, are read in place: a summary of 24 million findings allocates nothing for them.
pub(crate) fn mobile_number(item: &Item<'_>) -> Option<u64> {
    match item.finding().form {
        Form::Full => plain_mobile(&item.value()).or_else(|| digits(&item.normalized())),
        Form::Disguised => digits(&item.normalized()),
        _ => None,
    }
}

/// The extension of a virtual number, which many people share; 0 = none.
pub(crate) fn extension(item: &Item<'_>) -> u32 {
    match item.finding().detail {
        Detail::Mobile(d) => d.extension,
        _ => 0,
    }
}

/// Whether no character of the value is hidden or missing.
pub(crate) fn is_whole(item: &Item<'_>) -> bool {
    matches!(item.finding().form, Form::Full | Form::Disguised)
}

/// Eleven digits from 1 on, separators and +86 dropped; `None` for any other shape.
fn plain_mobile(text: &str) -> Option<u64> {
    // As nearly all are.
    if text.len() == 11 && text.starts_with('1') && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(value_of(text.as_bytes()));
    }
    let mut number = 0u64;
    let mut count = 0;
    for b in text.bytes() {
        match b {
            b'0'..=b'9' => {
                count += 1;
                number = number.checked_mul(10)?.checked_add(u64::from(b - b'0'))?;
            }
            b' ' | b'-' | b'+' | b'(' | b')' => {}
            _ => return None,
        }
    }
    let number = match count {
        11 => number,
        13 | 15 if number / 100_000_000_000 == 86 => number % 100_000_000_000,
        _ => return None,
    };
    (number / 10_000_000_000 == 1).then_some(number)
}

/// The last 18 digits of the digits at the end of a serial.
pub(crate) fn trailing_number(serial: &str) -> Option<u64> {
    let serial = serial.trim_end().as_bytes();
    let (_, tail) = serial.split_at(serial.len().saturating_sub(18));
    let first = tail.iter().rposition(|b| !b.is_ascii_digit());
    let digits = &tail[first.map_or(0, |i| i + 1)..];
    (!digits.is_empty()).then(|| value_of(digits))
}

/// The value of at most 19 digits.
fn value_of(digits: &[u8]) -> u64 {
    digits
        .iter()
        .fold(0, |n, digit| n * 10 + u64::from(digit - b'0'))
}

fn digits(text: &str) -> Option<u64> {
    let mut digits = text.bytes().filter(u8::is_ascii_digit).peekable();
    digits.peek()?;
    digits.try_fold(0u64, |n, b| {
        n.checked_mul(10)?.checked_add(u64::from(b - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_end_with_a_number() {
        assert_eq!(trailing_number("SF1234567890123"), Some(1_234_567_890_123));
        assert_eq!(trailing_number("SF"), None);
    }

    #[test]
    fn spellings_of_one_mobile_are_one_number() {
        for text in [
            "13812345678",
            "+86 138-1234-5678",
            "0086 13812345678",
            "86-138 1234 5678",
        ] {
            assert_eq!(plain_mobile(text), Some(13_812_345_678), "{text}");
        }
        for text in [
            "1381234567",
            "１３８１２３４５６７８",
            "23812345678",
            "13812345678转12",
        ] {
            assert_eq!(plain_mobile(text), None, "{text}");
        }
    }
}
