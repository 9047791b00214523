//! Administrative divisions: provinces, cities, counties, townships, their short and former names.
//!
//! All names are simplified script; look texts up through [`crate::table::script::simplify`].

use std::collections::HashMap;
use std::sync::LazyLock;

static REGIONS: &str = include_str!("raw/regions.tsv");
static TOWNS: &str = include_str!("raw/towns.tsv");

/// Level of a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Province, autonomous region, directly governed city, special region.
    Province,
    /// Prefecture or prefecture-level city.
    City,
    /// County, district, banner, county-level city, zone.
    County,
    /// Township, town, street office.
    Town,
}

/// What is known of a name beyond the division that it names; a bit set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    const ZONE: u8 = 1;
    const FORMER: u8 = 2;
    const AMBIGUOUS: u8 = 4;
    const EVERYDAY: u8 = 8;
    const SHORT: u8 = 16;

    fn parse(text: &str) -> Flags {
        Flags(text.bytes().fold(0, |set, b| {
            set | match b {
                b'z' => Flags::ZONE,
                b'f' => Flags::FORMER,
                b'a' => Flags::AMBIGUOUS,
                b'w' => Flags::EVERYDAY,
                _ => 0,
            }
        }))
    }

    /// A development zone, which is no division by law but stands in addresses like one.
    pub const fn zone(self) -> bool {
        self.0 & Flags::ZONE != 0
    }

    /// A name no longer in use.
    pub const fn former(self) -> bool {
        self.0 & Flags::FORMER != 0
    }

    /// The short form names several divisions.
    pub const fn ambiguous(self) -> bool {
        self.0 & Flags::AMBIGUOUS != 0
    }

    /// The short form is an ordinary word too.
    pub const fn everyday(self) -> bool {
        self.0 & Flags::EVERYDAY != 0
    }

    /// A short form (浙江 for 浙江省).
    pub const fn short(self) -> bool {
        self.0 & Flags::SHORT != 0
    }
}

/// A division under one of its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The name this row was found by.
    pub name: &'static str,
    /// Six digits, nine for a township.
    pub code: u32,
    /// Code of the division above (six digits); 0 for provinces.
    pub parent: u32,
    /// Code of the prefecture or city above a county or town, or its own; 0 where there is none.
    pub city: u32,
    /// Level.
    pub tier: Tier,
    /// What is special about the name.
    pub flags: Flags,
}

/// Longest name in characters.
pub const LONGEST: usize = 15;

struct Gazetteer {
    /// All names, sorted by (hash, tier, former, code).
    rows: Vec<Region>,
    /// One entry per distinct name: low half of its hash, first row. Ends with a sentinel.
    names: Vec<(u32, u32)>,
    /// First entry of `names` of each bucket: the top bits of the hash.
    buckets: Vec<u32>,
    /// By a hash of a name's first two characters: the lengths, in characters, that names with that beginning have.
    lengths: Vec<u16>,
    /// By a hash of a name's last two characters: the lengths, in characters, that names with that ending have.
    tails: Vec<u16>,
}

const BUCKET_BITS: u32 = 16;
const LENGTH_BITS: u32 = 17;

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(build);

fn hash(name: &[u8]) -> u64 {
    let mut h = name.len() as u64;
    let (words, rest) = name.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    for word in words.iter().chain([&last]) {
        h = (h ^ u64::from_le_bytes(*word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        h ^= h >> 32;
    }
    h.wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

/// The slot of two Han characters (six bytes; shorter slices share a slot that no name sets).
fn length_slot(two: &[u8]) -> usize {
    let Some(two) = two.get(..6) else { return 0 };
    let mut word = [0; 8];
    word[..6].copy_from_slice(two);
    let word = u64::from_le_bytes(word);
    (word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - LENGTH_BITS)) as usize
}

fn build() -> Gazetteer {
    let mut city_of: HashMap<u32, u32> = HashMap::new();
    let mut keyed: Vec<(u64, Region)> = Vec::with_capacity(54_000);
    let mut lengths = vec![0_u16; 1 << LENGTH_BITS];
    let mut tails = vec![0_u16; 1 << LENGTH_BITS];
    let mut push = |region: Region| {
        let name = region.name.as_bytes();
        if let Some(cut) = name.len().checked_sub(6) {
            tails[length_slot(&name[cut..])] |= 1 << (name.len() / 3).min(LONGEST);
        }
        if let Some(head) = name.get(..6) {
            lengths[length_slot(head)] |= 1 << (name.len() / 3).min(LONGEST);
            keyed.push((hash(name), region));
        }
    };
    for line in REGIONS.lines().filter(|l| !l.starts_with('#')) {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or("");
        let code = next().parse().unwrap_or(0);
        let tier = match next() {
            "p" => Tier::Province,
            "c" => Tier::City,
            _ => Tier::County,
        };
        let parent = next().parse().unwrap_or(0);
        let flags = Flags::parse(next());
        let city = match tier {
            Tier::Province => 0,
            Tier::City => code,
            _ => city_or_none(parent),
        };
        if tier == Tier::County && flags == Flags::default() {
            city_of.insert(code, city);
        }
        let region = Region {
            name: next(),
            code,
            parent,
            city,
            tier,
            flags,
        };
        push(region);
        for form in fields {
            let (name, marks) = form.split_once(':').unwrap_or((form, ""));
            let flags = Flags(Flags::parse(marks).0 | flags.0 | Flags::SHORT);
            push(Region {
                name,
                flags,
                ..region
            });
        }
    }
    for line in TOWNS.lines().filter(|l| !l.starts_with('#')) {
        let Some((county, towns)) = line.split_once('\t') else {
            continue;
        };
        let parent = county.parse().unwrap_or(0);
        let city = city_of
            .get(&parent)
            .copied()
            .unwrap_or_else(|| city_or_none(parent / 100 * 100));
        for town in towns.split(',') {
            let Some((number, name)) = town.split_at_checked(3) else {
                continue;
            };
            let code = parent * 1000 + number.parse::<u32>().unwrap_or(0);
            push(Region {
                name,
                code,
                parent,
                city,
                tier: Tier::Town,
                flags: Flags::default(),
            });
        }
    }
    // Sorted by bucket first, which takes one step a row; then the few rows of each bucket are put in order.
    let bucket = |h: u64| (h >> (64 - BUCKET_BITS)) as usize;
    let mut first = vec![0_u32; (1 << BUCKET_BITS) + 1];
    for (h, _) in &keyed {
        first[bucket(*h) + 1] += 1;
    }
    for i in 1..first.len() {
        first[i] += first[i - 1];
    }
    let mut next = first.clone();
    let mut order = vec![0_u32; keyed.len()];
    for (i, (h, _)) in keyed.iter().enumerate() {
        let slot = &mut next[bucket(*h)];
        order[*slot as usize] = i as u32;
        *slot += 1;
    }
    let mut names: Vec<(u32, u32)> = Vec::with_capacity(42_000);
    let mut buckets = vec![0_u32; (1 << BUCKET_BITS) + 1];
    let mut rows: Vec<Region> = Vec::with_capacity(keyed.len());
    for (b, bounds) in first.windows(2).enumerate() {
        let within = &mut order[bounds[0] as usize..bounds[1] as usize];
        let key = |i: u32| {
            let (h, r) = &keyed[i as usize];
            (*h, r.tier, r.flags.former(), r.code)
        };
        within.sort_unstable_by_key(|i| key(*i));
        let mut last = None;
        for &i in &*within {
            let (h, region) = keyed[i as usize];
            if last != Some(h) {
                names.push((h as u32, rows.len() as u32));
                last = Some(h);
            }
            rows.push(region);
        }
        buckets[b + 1] = names.len() as u32;
    }
    names.push((0, rows.len() as u32));
    Gazetteer {
        rows,
        names,
        buckets,
        lengths,
        tails,
    }
}

/// Positions in the gazetteer's rows of full names, sorted by code.
static BY_CODE: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let rows = &GAZETTEER.rows;
    let mut full: Vec<u32> = (0..rows.len() as u32)
        .filter(|&i| !rows[i as usize].flags.short())
        .collect();
    full.sort_unstable_by_key(|&i| (rows[i as usize].code, rows[i as usize].flags.former()));
    full
});

/// Every division of that name, full, short or former, from province to town.
///
/// ```
/// use miandan::table::region::{lookup, Tier};
/// let rows = lookup("杭州");
/// assert!(rows.len() == 1 && rows[0].code == 330100 && rows[0].tier == Tier::City && rows[0].flags.short());
/// assert!(lookup("鼓楼区").len() > 2);
/// ```
pub fn lookup(name: &str) -> &'static [Region] {
    let table = &*GAZETTEER;
    let h = hash(name.as_bytes());
    let bucket = (h >> (64 - BUCKET_BITS)) as usize;
    let (low, high) = (
        table.buckets[bucket] as usize,
        table.buckets[bucket + 1] as usize,
    );
    for entry in low..high {
        if table.names[entry].0 == h as u32 {
            let rows = table.names[entry].1 as usize..table.names[entry + 1].1 as usize;
            return table
                .rows
                .get(rows)
                .filter(|r| r[0].name == name)
                .unwrap_or(&[]);
        }
    }
    &[]
}

/// The longest name that starts at byte `at` of simplified text, and its divisions.
///
/// Costs one table probe where no name begins.
pub fn longest_at(text: &str, at: usize) -> Option<(usize, &'static [Region])> {
    at_most(text, at, LONGEST)
}

/// The longest name of at most `chars` characters that starts at byte `at` of simplified text, and its divisions.
pub fn at_most(text: &str, at: usize, chars: usize) -> Option<(usize, &'static [Region])> {
    let rest = text.as_bytes().get(at..)?;
    let mut mask =
        GAZETTEER.lengths[length_slot(rest.get(..6)?)] & ((2 << chars.min(LONGEST)) - 1) as u16;
    while mask != 0 {
        let chars = mask.ilog2();
        mask &= !(1 << chars);
        let end = at + chars as usize * 3;
        // The ending is tested first: it spares nine look-ups out of ten.
        if let Some(name) = text.get(at..end)
            && GAZETTEER.tails[length_slot(&name.as_bytes()[name.len() - 6..])] & 1 << chars != 0
        {
            let rows = lookup(name);
            if !rows.is_empty() {
                return Some((end, rows));
            }
        }
    }
    None
}

/// Whether a full name ends at byte `end` of simplified text.
pub fn ends_at(text: &str, end: usize) -> bool {
    let Some(head) = text.as_bytes().get(..end) else {
        return false;
    };
    let Some(cut) = end.checked_sub(6) else {
        return false;
    };
    let mut mask = GAZETTEER.tails[length_slot(&head[cut..])];
    while mask != 0 {
        let chars = mask.trailing_zeros() as usize;
        mask &= mask - 1;
        if let Some(start) = end.checked_sub(chars * 3)
            && text
                .get(start..end)
                .is_some_and(|name| lookup(name).iter().any(|r| !r.flags.short()))
        {
            return true;
        }
    }
    false
}

/// The division with this code (six digits, nine for a township) under its current full name.
pub fn by_code(code: u32) -> Option<&'static Region> {
    let table = &*GAZETTEER;
    let row = |i: u32| &table.rows[i as usize];
    let first = BY_CODE.partition_point(|&i| row(i).code < code);
    BY_CODE
        .get(first)
        .map(|&i| row(i))
        .filter(|r| r.code == code)
}

/// The divisions directly below a division, former ones included.
pub fn children(code: u32) -> impl Iterator<Item = &'static Region> {
    let rows = &GAZETTEER.rows;
    BY_CODE
        .iter()
        .map(|&i| &rows[i as usize])
        .filter(move |r| r.parent == code)
}

/// Codes of the province, city, county and town that a division is or lies in; 0 where there is none.
pub const fn chain(region: &Region) -> [u32; 4] {
    let at_county = match region.tier {
        Tier::Town => region.parent,
        _ => region.code,
    };
    let province = at_county / 10_000 * 10_000;
    match region.tier {
        Tier::Province => [region.code, 0, 0, 0],
        Tier::City => [province, region.code, 0, 0],
        Tier::County => [province, region.city, region.code, 0],
        // The towns of cities without counties hang on the city.
        Tier::Town if region.parent == region.city => [province, region.city, 0, region.code],
        Tier::Town => [province, region.city, region.parent, region.code],
    }
}

/// The code if it is one of a prefecture or city, 0 if it is a province's.
const fn city_or_none(code: u32) -> u32 {
    if code.is_multiple_of(10_000) { 0 } else { code }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_closed() {
        for row in &GAZETTEER.rows {
            assert!(!row.name.is_empty() && row.code > 0);
            if row.tier == Tier::Province {
                assert_eq!(row.parent, 0);
            } else if !row.flags.former() {
                assert!(
                    by_code(row.parent).is_some_and(|p| p.tier < row.tier),
                    "{row:?}"
                );
            }
        }
    }

    #[test]
    fn names_codes_and_children() {
        let (end, rows) = longest_at("在浙江省杭州市", 3).expect("a province");
        assert_eq!(
            (end, rows[0].code, rows[0].tier),
            (12, 330000, Tier::Province)
        );
        assert_eq!(by_code(330106).map(|r| r.name), Some("西湖区"));
        assert!(children(330100).any(|r| r.name == "西湖区"));
        let town = lookup("古荡街道").first().expect("a town");
        assert_eq!(chain(town)[..3], [330000, 330100, 330106]);
        assert!(lookup("大港区").iter().all(|r| r.flags.former()));
        assert!(longest_at("你好世界", 0).is_none() && longest_at("a", 0).is_none());
    }

    #[test]
    fn builds_quickly() {
        let start = std::time::Instant::now();
        let table = build();
        assert!(table.rows.len() > 45_000);
        // Generous: unoptimised test builds on a busy machine.
        assert!(start.elapsed().as_millis() < 500);
    }
}
