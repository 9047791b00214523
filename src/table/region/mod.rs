//! Administrative divisions: provinces, cities, counties, townships, their short and former names.
//!
//! All names are simplified script; look texts up through [`crate::table::script::simplify`]. The source of truth are
//! `raw/regions.tsv` and `raw/towns.tsv`; `tools/pack_regions.py` packs them.

mod packed;

use packed::Node;
pub(crate) use packed::{begins_with, code, codes, is_settled, longest, rare_codes};

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

/// A name of one or more divisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(u16);

/// A division under one of its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The name this row was found by.
    pub name: Name,
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

/// What the trie itself has of a name, which says most of what is asked of a division and takes no look at its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Brief {
    pub(crate) name: Name,
    /// Those of the first division that is called so.
    pub(crate) tier: Tier,
    pub(crate) flags: Flags,
}

impl Brief {
    /// That of no name.
    pub(crate) const NONE: Brief = Brief {
        name: Name(0),
        tier: Tier::Province,
        flags: Flags(0),
    };
}

/// Longest name in characters whose end is looked for backwards.
const LONGEST_TAIL: usize = 16;

/// The name, if divisions have it: full, short or former, from province to town.
///
/// ```
/// use miandan::table::region::{lookup, Tier};
/// let city = lookup("杭州").unwrap().first();
/// assert!(city.code == 330100 && city.tier == Tier::City && city.flags.short());
/// assert!(lookup("鼓楼区").unwrap().divisions().len() > 2);
/// ```
pub fn lookup(name: &str) -> Option<Name> {
    let mut first = name.chars().map(code);
    if let (Some(one), Some(two)) = (first.next(), first.next())
        && !packed::begins_with([one, two])
    {
        return None;
    }
    let mut node = Node::root();
    for c in name.chars() {
        node = node.step(code(c))?;
    }
    node.name()
}

/// The longest name that starts at byte `at` of simplified text, and where it ends.
pub fn longest_at(text: &str, at: usize) -> Option<(usize, Name)> {
    names_at(text, at).last()
}

/// The names that start at byte `at` of simplified text, from the shortest to the longest, each with its end.
pub fn names_at(text: &str, at: usize) -> impl Iterator<Item = (usize, Name)> {
    let mut node = Some(Node::root());
    let chars = text.get(at..).unwrap_or("").char_indices();
    chars
        .map_while(move |(i, c)| {
            node = node?.step(code(c));
            Some((at + i + c.len_utf8(), node?.name()))
        })
        .filter_map(|(end, name)| Some((end, name?)))
}

/// Whether a text ends with a full name; it is given by the codes of its last two characters, and where these may end a name, of
/// those before them, the last one first.
#[inline]
pub(crate) fn ends_with<I: Iterator<Item = u16>>(
    last_two: [u16; 2],
    before: impl FnOnce() -> I,
) -> bool {
    let lengths = packed::tail_lengths(last_two);
    lengths != 0 && ends_with_one_of(lengths, last_two, before())
}

/// Whether a full name of one of the lengths, given as bits, ends the text.
fn ends_with_one_of(
    mut lengths: u16,
    [before, last]: [u16; 2],
    mut back: impl Iterator<Item = u16>,
) -> bool {
    // The last characters, in order.
    let mut codes = [0; LONGEST_TAIL];
    let [.., slot_before, slot_last] = &mut codes;
    (*slot_before, *slot_last) = (before, last);
    let mut known = 2;
    while lengths != 0 {
        let n = lengths.trailing_zeros() as usize;
        lengths &= lengths - 1;
        while known < n {
            let Some(code) = back.next() else {
                return false;
            };
            known += 1;
            codes[LONGEST_TAIL - known] = code;
        }
        if packed::name_of(&codes[LONGEST_TAIL - n..]).is_some_and(Name::has_full) {
            return true;
        }
    }
    false
}

/// The division with this code (six digits, nine for a township) under its current full name.
pub fn by_code(code: u32) -> Option<Region> {
    packed::first_from(code).filter(|r| r.code == code)
}

/// The divisions directly below a division, former ones included.
pub fn children(code: u32) -> impl Iterator<Item = Region> {
    packed::by_code().filter(move |r| r.parent == code)
}

/// The name of the one current division directly below a division (0 = the provinces) that differs from a name in one character
/// other than the last; `None` where there is none or more than one.
pub(crate) fn similar(name: &str, above: u32) -> Option<Name> {
    let differs_once = |other: &str| {
        let pairs = || name.chars().zip(other.chars());
        name.chars().count() == other.chars().count()
            && name.chars().next_back() == other.chars().next_back()
            && pairs().filter(|(a, b)| a != b).count() == 1
    };
    let mut found = children(above)
        .filter(|r| !r.flags.former() && differs_once(r.name.text()))
        .map(|r| r.name);
    let first = found.next();
    first.filter(|_| found.next().is_none())
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

#[cfg(test)]
mod tests;
