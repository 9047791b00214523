//! Dates in the bytes of a dump, for the window in which its orders were placed.

use memchr::memmem;

/// Calls `found` with the number yyyymmdd of every date from 2000 to 2099 (`2024-03-01`, `2024/3/1`, `2024.3.1`,
/// `2024年3月1日`, `20240301`). Encodings in which ASCII stands for itself are read; the Han separators in UTF-8 only.
pub(super) fn each_date(bytes: &[u8], mut found: impl FnMut(u32)) {
    let mut after = 0;
    for at in memmem::find_iter(bytes, b"20") {
        if at < after || (at > 0 && bytes[at - 1].is_ascii_digit()) {
            continue;
        }
        if let Some((date, len)) = date_at(&bytes[at..]) {
            found(date);
            after = at + len;
        }
    }
}

fn date_at(bytes: &[u8]) -> Option<(u32, usize)> {
    let (year, digits) = number(bytes, 8)?;
    if digits == 8 {
        return valid(year / 10_000, year / 100 % 100, year % 100).map(|d| (d, 8));
    }
    if digits != 4 {
        return None;
    }
    let mut at = 4 + separator(&bytes[4..], "年".as_bytes())?;
    let (month, digits) = number(&bytes[at..], 2)?;
    at += digits;
    at += separator(&bytes[at..], "月".as_bytes())?;
    let (day, digits) = number(&bytes[at..], 2)?;
    valid(year, month, day).map(|d| (d, at + digits))
}

/// The number at the start and how many digits it has; `None` if there is none or more than `most` digits.
fn number(bytes: &[u8], most: usize) -> Option<(u32, usize)> {
    let digits = bytes
        .iter()
        .take(most + 1)
        .take_while(|b| b.is_ascii_digit())
        .count();
    if digits == 0 || digits > most {
        return None;
    }
    let value = bytes[..digits]
        .iter()
        .fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    Some((value, digits))
}

fn separator(bytes: &[u8], han: &[u8]) -> Option<usize> {
    match bytes.first()? {
        b'-' | b'/' | b'.' => Some(1),
        _ => bytes.starts_with(han).then_some(han.len()),
    }
}

fn valid(year: u32, month: u32, day: u32) -> Option<u32> {
    ((1..=12).contains(&month) && (1..=31).contains(&day))
        .then_some(year * 10_000 + month * 100 + day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_usual_spellings() {
        let mut dates = Vec::new();
        let text = "2024-03-01 12:00,2024/3/2;2024年3月3日 20240304 120240305 2024030512 2024-13-01 138200 20";
        each_date(text.as_bytes(), |d| dates.push(d));
        assert_eq!(dates, [20_240_301, 20_240_302, 20_240_303, 20_240_304]);
    }
}
