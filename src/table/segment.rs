//! Home provinces of mainland mobile numbers.

use std::sync::LazyLock;

use wide::u16x8;

static RAW: &str = include_str!("raw/mobile_segments.tsv");

/// First block of a thousand segments that can hold mobile numbers.
const FIRST: usize = 1300;

/// Number of such blocks.
const BLOCKS: usize = 700;

/// Segments of a block whose runs are looked for from the same place on.
const SHARE: usize = 64;

/// Shares of a block.
const SHARES: usize = 1000_usize.div_ceil(SHARE);

/// Runs that are looked at together.
const TOGETHER: usize = 8;

struct Homes {
    /// For each share of each block, where the first run stands that reaches into it. A search through all runs of a block reads memory
    /// six times, each time where the time before has shown.
    shares: Vec<u16>,
    /// Those of all blocks, and [`TOGETHER`] more; the last run of a block ends with it.
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
        shares: Vec::with_capacity(BLOCKS * SHARES),
        runs: Vec::new(),
    };
    for runs in blocks {
        let first = homes.runs.len();
        read_runs(runs.as_bytes(), &letters, &mut homes.runs);
        if runs.is_empty() {
            homes.runs.push(Run::new(999, 0));
        }
        let block = &homes.runs[first..];
        let reaching = (0..SHARES).map(|share| {
            let before = |run: &Run| usize::from(run.last()) < share * SHARE;
            (first + block.partition_point(before)) as u16
        });
        homes.shares.extend(reaching);
    }
    let end = homes.runs.len() + TOGETHER;
    homes.runs.resize(end, Run::new(999, 0));
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
    let Some(eight) = digits.first_chunk() else {
        return 0;
    };
    let [block, behind] = fours(*eight);
    let homes = &*HOMES;
    let Some(block) = block.checked_sub(FIRST).filter(|b| *b < BLOCKS) else {
        return 0;
    };
    let segment = (behind / 10) as u16;
    let mut from = usize::from(homes.shares[block * SHARES + usize::from(segment) / SHARE]);
    loop {
        let runs = homes.runs.get(from..).and_then(|runs| runs.first_chunk());
        let Some(runs) = runs else {
            return 0;
        };
        let before = runs_before(runs, segment);
        if let Some(run) = runs.get(before) {
            return run.province();
        }
        from += TOGETHER;
    }
}

/// What the first four and the last four of eight ASCII digits are as numbers.
fn fours(digits: [u8; 8]) -> [usize; 2] {
    // Neighbours become one number of two digits, then of four.
    let ones = u64::from_le_bytes(digits) & 0x0F0F_0F0F_0F0F_0F0F;
    let twos = ones.wrapping_mul(10 << 8 | 1) >> 8 & 0x00FF_00FF_00FF_00FF;
    let fours = twos.wrapping_mul(100 << 16 | 1) >> 16;
    [fours as usize & 0xFFFF, (fours >> 32) as usize & 0xFFFF]
}

/// How many runs end before a segment, up to the first that does not.
fn runs_before(runs: &[Run; TOGETHER], segment: u16) -> usize {
    let lasts = u16x8::new(runs.map(|run| run.0));
    let reaching = u16x8::splat(segment << 6).saturating_sub(lasts);
    let reaching = reaching.simd_eq(u16x8::splat(0)).to_bitmask();
    (reaching.trailing_zeros() as usize).min(TOGETHER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::division::is_province;

    #[test]
    fn every_block_is_whole_and_every_province_exists() {
        let homes = &*HOMES;
        assert_eq!(homes.shares.len(), BLOCKS * SHARES);
        let runs = &homes.runs[..homes.runs.len() - TOGETHER];
        let blocks: Vec<&[Run]> = runs.split_inclusive(|run| run.last() == 999).collect();
        assert_eq!(blocks.len(), BLOCKS);
        let mut known = 0;
        for (block, runs) in (FIRST..).zip(blocks) {
            let in_order = |r: &[Run]| r[0].last() < r[1].last();
            let differ = |r: &[Run]| r[0].province() != r[1].province();
            assert!(runs.windows(2).all(|r| in_order(r) && differ(r)));
            let mut first = 0;
            for run in runs {
                known += usize::from(run.province() != 0);
                assert!(run.province() == 0 || is_province(run.province()));
                for segment in first..=run.last() {
                    let number = format!("{block}{segment:03}0000");
                    assert_eq!(province_of(number.as_bytes()), run.province(), "{number}");
                }
                first = run.last() + 1;
            }
        }
        assert!(u16::try_from(homes.runs.len()).is_ok());
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
