//! Numbers as people write them in listings: `150w`, `二十万`, `3千`, `0.8`, `八角`, `一毛五`.

/// A number read at some place: its value in thousandths, and where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// In thousandths.
    pub milli: u64,
    /// One past its last byte.
    pub end: usize,
}

/// Larger values mean nothing in a listing.
const MOST: u64 = 1_000_000_000_000_000;

/// The number that starts at byte `at` of a folded text, with 万, 千, w, k behind it taken in.
pub(super) fn number_at(text: &str, at: usize) -> Option<Number> {
    let rest = text.get(at..)?;
    let (mut milli, mut len) = if rest.starts_with(|c: char| c.is_ascii_digit()) {
        decimal(rest)?
    } else {
        han(rest)?
    };
    while let Some((factor, unit)) = scale(&rest[len..]) {
        milli = milli.saturating_mul(factor);
        len += unit;
    }
    (milli <= MOST).then_some(Number {
        milli,
        end: at + len,
    })
}

/// A factor behind a number: `万`, `w`, `k`, `千`, `亿`.
fn scale(rest: &str) -> Option<(u64, usize)> {
    let c = rest.chars().next()?;
    let factor = match c {
        '万' | 'w' => 10_000,
        '千' | 'k' => 1_000,
        '百' => 100,
        '亿' => 100_000_000,
        _ => return None,
    };
    // `5kg`, `3w充电器` are no counts.
    let latin = c.is_ascii() && rest[1..].starts_with(|n: char| n.is_ascii_alphabetic());
    (!latin).then_some((factor, c.len_utf8()))
}

fn decimal(rest: &str) -> Option<(u64, usize)> {
    let (mut value, mut len, mut fraction) = (0u64, 0, None);
    for b in rest.bytes() {
        match b {
            b'0'..=b'9' => {
                match &mut fraction {
                    Some(3..) => {}
                    Some(places) => {
                        *places += 1;
                        value = value.checked_mul(10)?.checked_add(u64::from(b - b'0'))?;
                    }
                    None => value = value.checked_mul(10)?.checked_add(u64::from(b - b'0'))?,
                }
                len += 1;
            }
            b'.' if fraction.is_none()
                && rest.as_bytes().get(len + 1).is_some_and(u8::is_ascii_digit) =>
            {
                fraction = Some(0);
                len += 1;
            }
            b',' if fraction.is_none() && thousands(&rest.as_bytes()[len..]) => len += 1,
            _ => break,
        }
    }
    let missing = 3 - fraction.unwrap_or(0);
    Some((value.checked_mul(10u64.pow(missing))?, len))
}

/// Whether `,ddd` stands here and no fourth digit.
fn thousands(bytes: &[u8]) -> bool {
    bytes.len() >= 4
        && bytes[1..4].iter().all(u8::is_ascii_digit)
        && !bytes.get(4).is_some_and(u8::is_ascii_digit)
}

/// A number in Han numerals below ten thousand; 万 and 亿 are left to the caller.
fn han(rest: &str) -> Option<(u64, usize)> {
    let (mut total, mut digit, mut len) = (0u64, None, 0);
    for c in rest.chars() {
        match numeral(c) {
            Some(value @ 0..=9) => {
                digit = Some(digit.map_or(value, |d: u64| d.saturating_mul(10) + value));
            }
            Some(unit) => {
                total = total.checked_add(digit.take().unwrap_or(1).checked_mul(unit)?)?;
            }
            None => break,
        }
        len += c.len_utf8();
        if len > 30 {
            return None;
        }
    }
    (len > 0)
        .then(|| (total + digit.unwrap_or(0)) * 1000)
        .map(|milli| (milli, len))
}

/// The value of a Han numeral, 十 百 千 included.
pub(super) const fn numeral(c: char) -> Option<u64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '百' => 100,
        '千' => 1000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_many_spellings() {
        for (text, milli) in [
            ("150w份", 1_500_000_000),
            ("二十万份", 200_000_000),
            ("3千起", 3_000_000),
            ("0.8元", 800),
            ("1,000条", 1_000_000),
            ("30000", 30_000_000),
            ("两千五", 2_005_000),
            ("1.2345", 1_234),
            ("5k条", 5_000_000),
            ("5kg", 5_000),
            ("十条", 10_000),
        ] {
            assert_eq!(number_at(text, 0).map(|n| n.milli), Some(milli), "{text}");
        }
        assert_eq!(number_at("条", 0), None);
        assert_eq!(number_at(&"9".repeat(40), 0), None);
        assert_eq!(number_at(&"一".repeat(400), 0), None);
    }
}
