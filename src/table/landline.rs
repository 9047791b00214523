//! Area codes of fixed lines.

use std::sync::LazyLock;

static RAW: &str = include_str!("raw/landline_areas.tsv");

/// The length of the shortest local numbers of each area, by its code without the leading zero; 0 where there is no such area.
static AREAS: LazyLock<[u8; 1000]> = LazyLock::new(|| {
    let mut areas = [0; 1000];
    for line in RAW.lines().filter(|l| !l.starts_with('#')) {
        let Some((code, local)) = line.split_once('\t') else {
            continue;
        };
        let shortest = local.bytes().next().filter(u8::is_ascii_digit);
        let area = code.parse().ok().and_then(|c: usize| areas.get_mut(c));
        if let (Some(shortest), Some(area)) = (shortest, area) {
            *area = shortest - b'0';
        }
    }
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
    if digits.first() != Some(&b'0') || !(10..=12).contains(&digits.len()) {
        return None;
    }
    [3, 4].into_iter().find(|n| {
        let code = digits[1..*n]
            .iter()
            .fold(0, |c, d| c * 10 + usize::from(d.wrapping_sub(b'0').min(9)));
        let shortest = AREAS[code];
        let local = digits.len() - n;
        shortest != 0
            && (local == 8 || local == 7 && shortest == 7)
            && matches!(digits[*n], b'2'..=b'8')
    })
}
