//! Area codes of fixed lines.

use std::sync::LazyLock;

static RAW: &str = include_str!("raw/landline_areas.tsv");

/// Sorted area codes without the leading zero, each with its longest local number.
static AREAS: LazyLock<Vec<(u16, u8)>> = LazyLock::new(|| {
    let mut areas: Vec<(u16, u8)> = RAW
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
        .filter_map(|(code, local)| {
            let shortest = local.bytes().next().filter(u8::is_ascii_digit)?;
            Some((code.parse().ok()?, shortest - b'0'))
        })
        .collect();
    areas.sort_unstable();
    areas
});

/// The length of the area code at the start of `digits` (leading zero included), where what follows is as long as the
/// area's local numbers are.
///
/// ```
/// use miandan::table::landline::area_len;
/// assert_eq!(area_len(b"057181915091"), Some(4));
/// assert_eq!(area_len(b"01080208275"), Some(3));
/// assert_eq!(area_len(b"0108020827"), None);
/// ```
pub fn area_len(digits: &[u8]) -> Option<usize> {
    if digits.first() != Some(&b'0') {
        return None;
    }
    [3, 4].into_iter().find(|n| {
        let Some(code) = digits.get(1..*n) else {
            return false;
        };
        let code = code.iter().fold(0, |c, d| c * 10 + u16::from(d - b'0'));
        let local = digits.len() - n;
        AREAS
            .binary_search_by_key(&code, |a| a.0)
            .is_ok_and(|i| local == 8 || (local == 7 && AREAS[i].1 == 7))
            && matches!(digits.get(*n), Some(b'2'..=b'8'))
    })
}
