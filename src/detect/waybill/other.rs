//! Numbers that bare serials are mistaken for.

use crate::detect::Checksum;
use crate::table::division::is_province;

/// Whether eight digits read as a date of 1990 … 2039, or twelve, fourteen or seventeen as a date and time.
pub(super) fn is_time(d: &[u8]) -> bool {
    if !matches!(d.len(), 8 | 12 | 14 | 17) {
        return false;
    }
    let n = |from: usize, len: usize| {
        d[from..from + len]
            .iter()
            .fold(0_u32, |n, c| n * 10 + u32::from(c - b'0'))
    };
    (1990..2040).contains(&n(0, 4))
        && (1..=12).contains(&n(4, 2))
        && (1..=31).contains(&n(6, 2))
        && (d.len() == 8 || n(8, 2) < 24 && n(10, 2) < 60)
        && (d.len() < 14 || n(12, 2) < 60)
}

/// Whether the digits read as seconds, milli- or microseconds since 1970, from 2014 to 2033.
pub(super) fn is_epoch(d: &[u8]) -> bool {
    matches!(d.len(), 10 | 13 | 16) && (b"14"[..] <= d[..2] && d[..2] < b"20"[..])
}

/// Whether the last digit is right for an EAN-13, UPC-A or SSCC bar code.
pub(super) fn ean(d: &[u8]) -> bool {
    matches!(d.len(), 12 | 13 | 18) && Checksum::Gs1.holds(d)
}

/// Whether fifteen or eighteen digits begin like a resident's number: a province and a date of birth.
pub(super) fn is_identity(d: &[u8]) -> bool {
    let date = match d.len() {
        15 => 8,
        18 if matches!(&d[6..8], b"19" | b"20") => 10,
        _ => return false,
    };
    let n = |from: usize| u32::from(d[from] - b'0') * 10 + u32::from(d[from + 1] - b'0');
    is_province(n(0) as u8) && (1..=12).contains(&n(date)) && (1..=31).contains(&n(date + 2))
}
