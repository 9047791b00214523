//! From the division names of an address to division codes.

use crate::finding::{AddressDetail, Grade};
use crate::span::Span;
use crate::table::region::{self, Region, Tier};

/// The codes of an address and how well its names agree.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Resolved {
    /// Codes from the province to the town; 0 = not known. Levels that the text leaves out are filled where they are unique.
    pub(crate) codes: [u32; 4],
    /// How many names fit under the ones before them.
    pub(crate) agreeing: u32,
    /// How many full names are in the chain.
    pub(crate) full: u32,
    /// How many short names are in the chain.
    pub(crate) short: u32,
    /// Names that contradict the chain.
    pub(crate) stray: u32,
    /// A name stands for several divisions and nothing says which.
    pub(crate) ambiguous: bool,
    /// End of the last name of the chain from the county upwards.
    pub(crate) area_end: usize,
    /// End of the last name of the chain, the town included.
    pub(crate) end: usize,
}

/// Reads the names in order: the first seen wins, levels only descend, repeats are passed over.
pub(crate) fn resolve(divisions: &[(Span, &'static [Region])]) -> Resolved {
    let mut out = Resolved::default();
    let mut pending: Option<&'static [Region]> = None;
    for &(span, rows) in divisions {
        let consistent = |r: &&Region| {
            let chain = region::chain(r);
            chain.iter().zip(out.codes).all(|(&a, b)| {
                a == 0 || b == 0 || a == b || (r.flags.former() && a / 10000 == b / 10000)
            }) && (out.codes[0] == 0 || chain[0] == 0 || chain[0] == out.codes[0])
        };
        let fitting = rows.iter().filter(consistent).count();
        // A name for two levels (吉林, 海南): the higher first, then the lower.
        let pick = rows
            .iter()
            .filter(consistent)
            .find(|r| {
                out.codes[r.tier as usize] == 0
                    && (out.codes[0] != 0 || r.tier != Tier::Town || rows.len() == 1)
            })
            .or_else(|| rows.iter().find(consistent));
        let Some(row) = pick else {
            out.stray += 1;
            continue;
        };
        let deeper = row.tier as usize;
        if row.flags.short()
            && out.codes[deeper..].iter().any(|c| *c != 0)
            && out.codes[deeper] != row.code
        {
            continue;
        }
        let unique = fitting == 1 || out.codes[0] != 0 && row.tier == Tier::City;
        let known_before = out.codes.iter().any(|c| *c != 0);
        if unique {
            let repeated = out.codes[deeper] == row.code;
            for (slot, code) in out.codes.iter_mut().zip(region::chain(row)) {
                if *slot == 0 {
                    *slot = code;
                }
            }
            if let Some(earlier) = pending.take()
                && earlier.iter().any(|e| region::chain(row).contains(&e.code))
            {
                out.agreeing += 1;
                out.ambiguous = false;
            }
            if known_before && !repeated {
                out.agreeing += 1;
            }
        } else {
            out.ambiguous = true;
            pending = Some(rows);
        }
        if row.flags.short() {
            out.short += 1;
        } else {
            out.full += 1;
        }
        out.end = span.end;
        if row.tier != Tier::Town {
            out.area_end = span.end;
        }
    }
    if out.codes == [0; 4]
        && let Some(row) = pending.and_then(|p| p.first())
    {
        out.codes = region::chain(row);
    }
    out
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
