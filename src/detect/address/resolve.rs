//! From the division names of an address to division codes.

use crate::finding::{AddressDetail, Grade};
use crate::table::region::{self, Name, Region, Tier};

use super::compose::Division;

/// The codes of an address and how well its names agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// Codes from the province to the town; 0 = not known. Levels that the text leaves out are filled where they are unique.
    pub(crate) codes: [u32; 4],
    /// How many names fit under the ones before them.
    pub(crate) agreeing: u32,
    /// How many full names are in the chain.
    pub(crate) full: u32,
    /// How many short names are in the chain.
    pub(crate) short: u32,
    /// A township is named.
    pub(crate) town: bool,
    /// A name stands for several divisions and nothing says which.
    pub(crate) ambiguous: bool,
}

/// Reads the names in order: the first seen wins, levels only descend, repeats are passed over.
pub(crate) fn resolve(names: impl Iterator<Item = Name>) -> Resolved {
    let mut chain = Chain::default();
    names.for_each(|name| chain.add(name));
    chain.resolved()
}

/// What the names so far say.
#[derive(Clone, Copy, Debug, Default)]
struct Chain {
    out: Resolved,
    /// The last one that stands for several divisions.
    pending: Option<Name>,
}

impl Chain {
    fn resolved(&self) -> Resolved {
        let mut out = self.out;
        if out.codes == [0; 4]
            && let Some(name) = self.pending
        {
            out.codes = region::chain(&name.first());
        }
        out
    }

    fn add(&mut self, name: Name) {
        let Chain { out, pending } = self;
        out.town |= name.first().tier == Tier::Town;
        let codes = out.codes;
        let consistent = |r: &Region| {
            let chain = region::chain(r);
            chain.iter().zip(codes).all(|(&a, b)| {
                a == 0 || b == 0 || a == b || (r.flags.former() && a / 10000 == b / 10000)
            }) && (codes[0] == 0 || chain[0] == 0 || chain[0] == codes[0])
        };
        let divisions = name.divisions();
        let alone = divisions.len() == 1;
        let fitting = divisions.filter(consistent);
        // A name for two levels (吉林, 海南): the higher first, then the lower.
        let pick = fitting
            .clone()
            .find(|r| {
                codes[r.tier as usize] == 0 && (codes[0] != 0 || r.tier != Tier::Town || alone)
            })
            .or_else(|| fitting.clone().next());
        let Some(row) = pick else {
            // It contradicts what stands before it.
            return;
        };
        let deeper = row.tier as usize;
        if row.flags.short() && codes[deeper..].iter().any(|c| *c != 0) && codes[deeper] != row.code
        {
            return;
        }
        let unique = codes[0] != 0 && row.tier == Tier::City || fitting.count() == 1;
        if unique {
            let chain = region::chain(&row);
            let repeated = codes[deeper] == row.code;
            for (slot, code) in out.codes.iter_mut().zip(chain) {
                if *slot == 0 {
                    *slot = code;
                }
            }
            if let Some(earlier) = pending.take()
                && earlier.divisions().any(|e| chain.contains(&e.code))
            {
                out.agreeing += 1;
                out.ambiguous = false;
            }
            if codes != [0; 4] && !repeated {
                out.agreeing += 1;
            }
        } else {
            out.ambiguous = true;
            *pending = Some(name);
        }
        if row.flags.short() {
            out.short += 1;
        } else {
            out.full += 1;
        }
    }
}

/// Number of chains that are remembered: several times that of counties.
const SLOTS: usize = 1 << 13;
/// Names of an address that are resolved: four levels three times. What comes behind them has nothing to add.
const NAMES: usize = 12;

/// The names of an address and what they say; as much as is fetched of memory at once.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Entry {
    names: [u16; NAMES],
    length: u8,
    chain: Chain,
}

const _: () = assert!(size_of::<Entry>() == 64);

impl Entry {
    fn is_of(&self, divisions: &[Division]) -> bool {
        let same = |(name, division): (&u16, &Division)| *name == division.first.name.number();
        usize::from(self.length) == divisions.len() && self.names.iter().zip(divisions).all(same)
    }
}

/// The chains that were resolved last: dumps repeat the same districts again and again.
#[derive(Debug)]
pub(super) struct Memo(Vec<Entry>);

impl Default for Memo {
    fn default() -> Memo {
        Memo(vec![Entry::default(); SLOTS])
    }
}

impl Memo {
    /// As [`resolve`], of the first [`NAMES`] names of divisions.
    pub(super) fn resolve(&mut self, divisions: &[Division]) -> Resolved {
        self.chain(&divisions[..divisions.len().min(NAMES)])
            .resolved()
    }

    fn chain(&mut self, divisions: &[Division]) -> &Chain {
        let number = |division: &Division| division.first.name.number();
        let mix =
            |slot: u32, division| (slot ^ u32::from(number(division))).wrapping_mul(0x9E37_79B1);
        let slot = divisions.iter().fold(0, mix) as usize >> 16 & (SLOTS - 1);
        if !self.0[slot].is_of(divisions) {
            self.0[slot] = self.read(divisions);
        }
        &self.0[slot].chain
    }

    #[cold]
    fn read(&mut self, divisions: &[Division]) -> Entry {
        let mut entry = Entry::default();
        if let Some((last, before)) = divisions.split_last() {
            // What stands before the last one, as all above the towns, is more often known than the whole.
            entry.chain = *self.chain(before);
            entry.chain.add(last.first.name);
        }
        entry.length = divisions.len() as u8;
        for (name, division) in entry.names.iter_mut().zip(divisions) {
            *name = division.first.name.number();
        }
        entry
    }
}

/// The detail of a finding.
pub(super) fn detail(resolved: &Resolved, grade: Grade) -> AddressDetail {
    let [province, city, county, town] = resolved.codes;
    AddressDetail {
        province,
        city,
        county,
        town,
        grade,
        ambiguous: resolved.ambiguous,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_would_be_resolved() {
        let division = |text: &str| Division {
            start: 0,
            end: 0,
            first: region::longest(text.chars().map(region::code))
                .expect("a division")
                .1,
        };
        let resolved = |chain: &[Division]| resolve(chain.iter().map(|d| d.first.name));
        let names = ["浙江省", "杭州", "西湖区", "吉林", "鼓楼区", "南京市"].map(division);
        let mut memo = Memo::default();
        for _ in 0..2 {
            for from in 0..names.len() {
                for to in from..=names.len() {
                    let chain = &names[from..to];
                    assert_eq!(memo.resolve(chain), resolved(chain));
                }
            }
        }
        let long = names.repeat(3);
        assert_eq!(memo.resolve(&long), resolved(&long[..NAMES]));
    }
}
