//! Surnames with a coarse rank of how common they are.

use std::sync::LazyLock;

static RAW: &str = include_str!("raw/surnames.tsv");

/// Upper ends of the ranks that share a bucket; names that the ranked list lacks are in the bucket after the last.
const RANKS: [u16; 9] = [10, 30, 60, 100, 200, 300, 400, 600, 2_000];

/// A surname of one or two characters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surname {
    /// In simplified characters.
    pub(crate) text: &'static str,
    /// 1 = the ten most common, rising to 10 = not in the ranked list.
    pub(crate) bucket: u8,
    /// Position in the ranked list; 0 = not in it.
    pub(crate) rank: u16,
    /// Whether it is nearly always another word in running text, such as 有 and 的.
    pub(crate) weak: bool,
}

static ALL: LazyLock<Vec<Surname>> = LazyLock::new(|| {
    RAW.lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| {
            let mut cells = l.split('\t');
            Some((cells.next()?, cells.next()?, cells.next()?))
        })
        .map(|(text, rank, weak)| {
            let rank = rank.parse().unwrap_or(0);
            let bucket = match rank {
                0 => RANKS.len() + 1,
                _ => RANKS.partition_point(|end| *end < rank) + 1,
            };
            Surname {
                text,
                bucket: bucket as u8,
                rank,
                weak: weak == "1",
            }
        })
        .collect()
});

/// Every surname, the most common first.
pub(crate) fn all() -> &'static [Surname] {
    &ALL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_surnames_come_first() {
        assert_eq!(all()[0].text, "王");
        assert_eq!(all()[0].bucket, 1);
        assert!(!all()[0].weak && all().iter().any(|s| s.weak && s.text == "有"));
        let find = |text| all().iter().find(|s| s.text == text);
        assert!(find("欧阳").is_some_and(|s| s.bucket > 2));
        assert!(all().iter().all(|s| (1..=10).contains(&s.bucket)));
        assert!(
            all()
                .iter()
                .all(|s| (1..=3).contains(&s.text.chars().count()))
        );
    }
}
