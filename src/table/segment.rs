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
    runs: Vec<Run>,
}

/// The last segment of a run in its block, and its province; 0 = not known. In two bytes, so that the runs of a block lie in few
/// lines of the cache, which are most of what looking for one costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run(u16);

impl Run {
    /// Codes of provinces, from 11 to 65, are kept in six bits, counted from here.
    const BELOW: u8 = 10;

    fn new(last: u16, province: u8) -> Run {
        debug_assert!(last < 1000 && province < Run::BELOW + 64);
        Run(last << 6 | u16::from(province.saturating_sub(Run::BELOW)))
    }

    fn last(self) -> u16 {
        self.0 >> 6
    }

    fn province(self) -> u8 {
        match (self.0 & 63) as u8 {
            0 => 0,
            code => code + Run::BELOW,
        }
    }
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
fn read_runs(row: &[u8], letters: &[u8; 128], runs: &mut Vec<Run>) {
    let (mut end, mut at) = (0, 0);
    while at < row.len() {
        let province = letters[usize::from(row[at] & 127)];
        let digits = row[at + 1..].iter().take_while(|b| b.is_ascii_digit());
        let (width, length) = digits.fold((0, 0), |(width, n), d| {
            (width + 1, n * 10 + u16::from(d - b'0'))
        });
        at += 1 + width;
        end += length.max(1);
        runs.push(Run::new(end - 1, province));
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
    let segment = number(segment);
    let at = runs.partition_point(|run| run.last() < segment);
    runs.get(at).map_or(0, |run| run.province())
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
            let in_order = |r: &[Run]| r[0].last() < r[1].last();
            let differ = |r: &[Run]| r[0].province() != r[1].province();
            assert!(runs.windows(2).all(|r| in_order(r) && differ(r)));
            assert!(runs.last().is_none_or(|run| run.last() == 999));
            let provinces = || runs.iter().map(|run| run.province()).filter(|p| *p != 0);
            known += provinces().count();
            assert!(provinces().all(is_province));
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
