//! Prefixes of mainland mobile numbers: operator and kind of subscription.

use std::sync::LazyLock;

use crate::finding::Line;

static RAW: &str = include_str!("raw/mobile_prefixes.tsv");

/// What a prefix tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// Position in the operator list; 0 = unknown.
    pub operator: u8,
    /// Kind of subscription.
    pub line: Line,
}

struct Prefixes {
    operators: Vec<&'static str>,
    /// By the first four digits.
    by_four: Vec<Prefix>,
}

static PREFIXES: LazyLock<Prefixes> = LazyLock::new(|| {
    let unknown = Prefix {
        operator: 0,
        line: Line::Unallocated,
    };
    let mut operators = vec![""];
    let mut by_four = vec![unknown; 10_000];
    let mut rows: Vec<(&str, &'static str, &str)> = RAW
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| {
            let mut cells = l.split('\t');
            Some((cells.next()?, cells.next()?, cells.next()?))
        })
        .collect();
    // Longer prefixes last, so that they overwrite the shorter ones they refine.
    rows.sort_by_key(|r| r.0.len());
    for (prefix, operator, line) in rows {
        let line = match line {
            "mobile" => Line::Mobile,
            "virtual" => Line::Virtual,
            "data" => Line::Data,
            "satellite" => Line::Satellite,
            _ => Line::Unallocated,
        };
        let operator = match operators.iter().position(|o| *o == operator) {
            _ if line == Line::Unallocated => 0,
            Some(at) => at as u8,
            None => {
                operators.push(operator);
                (operators.len() - 1) as u8
            }
        };
        let (Ok(first), width) = (prefix.parse::<usize>(), prefix.len().min(4)) else {
            continue;
        };
        let scale = 10_usize.pow(4 - width as u32);
        for slot in by_four.iter_mut().skip(first * scale).take(scale) {
            *slot = Prefix { operator, line };
        }
    }
    Prefixes { operators, by_four }
});

/// What the first four of `digits` (ASCII) tell; unallocated where they are no digits.
///
/// ```
/// use miandan::{Line, table::mobile::prefix_of};
/// assert_eq!(prefix_of(b"13800138000").line, Line::Mobile);
/// assert_eq!(prefix_of(b"17051234567").line, Line::Virtual);
/// assert_eq!(prefix_of(b"19412345678").line, Line::Unallocated);
/// ```
pub fn prefix_of(digits: &[u8]) -> Prefix {
    let number = |digits: &[u8]| {
        let values = digits
            .iter()
            .map(|d| usize::from(d.wrapping_sub(b'0').min(9)));
        values.fold(0, |n, d| n * 10 + d)
    };
    let four = match digits.first_chunk::<4>() {
        Some(four) => number(four),
        None => number(digits),
    };
    PREFIXES.by_four[four.min(9_999)]
}

/// The operator at a position of the list; empty for 0 and beyond the end.
pub fn operator_name(index: u8) -> &'static str {
    PREFIXES
        .operators
        .get(usize::from(index))
        .copied()
        .unwrap_or("")
}
