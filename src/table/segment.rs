//! Home provinces of mainland mobile numbers.

use std::sync::LazyLock;

static RAW: &str = include_str!("raw/mobile_segments.tsv");

/// First block of a thousand segments that can hold mobile numbers.
const FIRST: usize = 1300;

/// Number of such blocks.
const BLOCKS: usize = 700;

struct Homes {
    /// Where the runs of each block begin; one entry more than there are blocks.
    blocks: Vec<u32>,
    /// The end of each run in its block, exclusive, and its province; 0 = not known.
    runs: Vec<(u16, u8)>,
}

static HOMES: LazyLock<Homes> = LazyLock::new(|| {
    let mut letters = [0_u8; 128];
    let mut blocks = vec![""; BLOCKS];
    for row in RAW.lines().filter(|l| !l.starts_with('#')) {
        let Some((head, rest)) = row.split_once('\t') else {
            continue;
        };
        let block = head.parse().ok().and_then(|n: usize| n.checked_sub(FIRST));
        match block.and_then(|b| blocks.get_mut(b)) {
            Some(slot) => *slot = rest,
            None => read_letters(rest, &mut letters),
        }
    }
    let mut homes = Homes {
        blocks: Vec::with_capacity(BLOCKS + 1),
        runs: Vec::new(),
    };
    for runs in blocks {
        homes.blocks.push(homes.runs.len() as u32);
        read_runs(runs.as_bytes(), &letters, &mut homes.runs);
    }
    homes.blocks.push(homes.runs.len() as u32);
    homes
});

/// Reads what the letters mean: `A11 B12`.
fn read_letters(row: &str, letters: &mut [u8; 128]) {
    for word in row.split(' ') {
        let letter = word.bytes().next().map(usize::from);
        let slot = letter.and_then(|l| letters.get_mut(l));
        if let (Some(slot), Some(Ok(code))) = (slot, word.get(1..).map(str::parse)) {
            *slot = code;
        }
    }
}

/// Reads the runs of a block: `A20BA3.`.
fn read_runs(row: &[u8], letters: &[u8; 128], runs: &mut Vec<(u16, u8)>) {
    let (mut end, mut at) = (0, 0);
    while at < row.len() {
        let province = letters[usize::from(row[at] & 127)];
        let digits = row[at + 1..].iter().take_while(|b| b.is_ascii_digit());
        let (width, length) = digits.fold((0, 0), |(width, n), d| {
            (width + 1, n * 10 + u16::from(d - b'0'))
        });
        at += 1 + width;
        end += length.max(1);
        runs.push((end, province));
    }
}

/// The first two digits of the division code of the province in which the number (eleven ASCII digits) was given out; 0
/// where that is not known.
///
/// ```
/// use miandan::table::segment::province_of;
/// assert_eq!(province_of(b"13800138000"), 11);
/// assert_eq!(province_of(b"12345678901"), 0);
/// ```
pub fn province_of(digits: &[u8]) -> u8 {
    let Some((block, segment)) = digits.get(..7).and_then(|d| d.split_at_checked(4)) else {
        return 0;
    };
    let number = |d: &[u8]| {
        d.iter()
            .fold(0, |n, d| n * 10 + u16::from(d.wrapping_sub(b'0').min(9)))
    };
    let homes = &*HOMES;
    let Some(block) = usize::from(number(block))
        .checked_sub(FIRST)
        .filter(|b| *b < BLOCKS)
    else {
        return 0;
    };
    let runs = &homes.runs[homes.blocks[block] as usize..homes.blocks[block + 1] as usize];
    let at = runs.partition_point(|(end, _)| *end <= number(segment));
    runs.get(at).map_or(0, |(_, province)| *province)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::division::is_province;

    #[test]
    fn every_block_is_whole_and_every_province_exists() {
        let homes = &*HOMES;
        let mut known = 0;
        for block in homes.blocks.windows(2) {
            let runs = &homes.runs[block[0] as usize..block[1] as usize];
            assert!(runs.windows(2).all(|r| r[0].0 < r[1].0 && r[0].1 != r[1].1));
            assert!(runs.last().is_none_or(|(end, _)| *end == 1000));
            known += runs.iter().filter(|(_, p)| *p != 0).count();
            assert!(runs.iter().all(|(_, p)| *p == 0 || is_province(*p)));
        }
        assert!(known > 20_000, "{known}");
        assert!(RAW.len() < 100_000, "{}", RAW.len());
    }

    #[test]
    fn what_is_no_mobile_number_has_no_home() {
        for digits in ["", "138001", "12345678901", "20000000000"] {
            assert_eq!(province_of(digits.as_bytes()), 0, "{digits}");
        }
    }
}
