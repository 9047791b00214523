//! Characters of given names and how often they stand where.

use std::sync::LazyLock;

static RAW: &str = include_str!("raw/given.tsv");

/// A character of given names; the counts are of distinct names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GivenChar {
    /// In simplified script.
    pub(crate) char: char,
    /// As the whole given name.
    pub(crate) single: u32,
    /// As the first of two characters.
    pub(crate) first: u32,
    /// As the second of two characters.
    pub(crate) second: u32,
}

static ALL: LazyLock<Vec<GivenChar>> = LazyLock::new(|| {
    RAW.lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| {
            let mut cells = l.split('\t');
            let char = cells.next()?.chars().next()?;
            let mut count = || cells.next()?.parse().ok();
            Some(GivenChar {
                char,
                single: count()?,
                first: count()?,
                second: count()?,
            })
        })
        .collect()
});

/// Every character that was seen in a given name.
pub(crate) fn all() -> &'static [GivenChar] {
    &ALL
}

/// Count to bucket: 0 = never, 7 = most often; each step is about a factor of three.
pub(crate) const fn bucket(count: u32) -> u8 {
    match count {
        0 => 0,
        1..=2 => 1,
        3..=8 => 2,
        9..=25 => 3,
        26..=70 => 4,
        71..=200 => 5,
        201..=500 => 6,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read() {
        let ming = all().iter().find(|g| g.char == '明').expect("listed");
        assert!(ming.second > 300 && ming.first > 100);
        assert_eq!(
            (bucket(0), bucket(8), bucket(9), bucket(9_999)),
            (0, 2, 3, 7)
        );
    }
}
