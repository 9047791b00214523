//! From a window around an anchor to the exact span of an address.

use std::ops::Range;

use crate::finding::Grade;
use crate::table::region::{Brief, Tier};

use super::glyph::{Glyph, bytes_between, class, ends, name_at};
use super::walk::{fits, walk};
use super::window::Window;
use super::{tail, words};

/// What the walk over an address saw.
// Independent observations, each a line of evidence of its own.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Places in the window.
    pub(super) span: Range<usize>,
    /// Divisions in order of appearance.
    pub(super) divisions: Vec<Division>,
    /// Road names.
    pub(super) roads: u32,
    /// Villages.
    pub(super) villages: u32,
    /// Numbers with a unit, or number groups such as 3-2-501.
    pub(super) numbers: u32,
    /// Words of compounds and institutions.
    pub(super) compounds: u32,
    /// A pick-up point.
    pub(super) pickup: bool,
    /// It says beside what it lies.
    pub(super) beside: bool,
    /// Hidden characters.
    pub(super) masked: bool,
    /// Lead words stood before it.
    pub(super) led: bool,
    /// It starts and ends at the borders of its field.
    pub(super) left_clean: bool,
    /// Characters that were walked over so far, for all anchors.
    pub(super) walked: usize,
}

/// The name of a division in the window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Division {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The first that is called so.
    pub(super) first: Brief,
}

impl Seen {
    /// What place an address with all this names.
    pub(super) fn grade(&self) -> Grade {
        let street = self.roads + self.villages + self.compounds > 0 || self.pickup;
        match (self.numbers > 0, street) {
            (true, _) => Grade::Door,
            (false, true) => Grade::Street,
            _ => Grade::Area,
        }
    }

    pub(super) fn clear(&mut self) {
        let mut divisions = std::mem::take(&mut self.divisions);
        divisions.clear();
        *self = Seen {
            divisions,
            walked: self.walked,
            ..Seen::default()
        };
    }
}

/// What came of composing an address.
pub(super) struct Composed {
    /// The place from which on the text belongs to the anchor: what stands before it is a text of its own.
    pub(super) from: usize,
    /// How far the text has been read: nothing before it needs to be looked at again.
    pub(super) reached: usize,
    /// Whether there is an address.
    pub(super) found: bool,
}

/// Composes the address that starts at or after the place `from` and reaches the place `anchor`.
pub(super) fn compose(
    window: &Window,
    mut from: usize,
    anchor: usize,
    seen: &mut Seen,
) -> Composed {
    let g = window.glyphs();
    let none = |from| Composed {
        from,
        reached: anchor + 1,
        found: false,
    };
    loop {
        seen.clear();
        let Some((start, first)) = left(g, from, anchor, seen) else {
            return none(from);
        };
        let reached = walk(window, start, first, seen);
        seen.walked += reached - start;
        if reached <= anchor {
            // The stop lies before the anchor.
            from = (reached + words::lead(&g[reached..]).max(1)).max(from + 1);
            if from > anchor {
                return none(from);
            }
            continue;
        }
        let start = behind_leftover(g, start, &mut seen.divisions);
        let end = tail::right(g, start, reached);
        while seen.divisions.last().is_some_and(|d| d.end > end) {
            seen.divisions.pop();
        }
        seen.span = start..end;
        tail::describe(window, seen);
        return Composed {
            from,
            reached,
            found: bytes_between(g, start, end) > 6,
        };
    }
}

/// A division that may begin an address: a full name, or a short one that is no ordinary word.
fn opening(g: &[Glyph], at: usize) -> Option<Division> {
    let d = division_at(g, at)?;
    let flags = d.first.flags;
    let weak =
        flags.everyday() || (flags.short() && d.first.tier == Tier::County && flags.ambiguous());
    (!weak).then_some(d)
}

/// The division with the longest name that begins at a place.
#[inline]
pub(super) fn division_at(g: &[Glyph], start: usize) -> Option<Division> {
    let (end, first) = name_at(g, start)?;
    Some(Division { start, end, first })
}

/// The left boundary, and the division that begins there.
fn left(
    g: &[Glyph],
    from: usize,
    anchor: usize,
    seen: &mut Seen,
) -> Option<(usize, Option<Division>)> {
    let (lead_end, opens) = behind_leads(g, from, seen);
    if lead_end > anchor {
        return None;
    }
    if opens.is_some() {
        seen.walked += 1;
        seen.left_clean = lead_end == from || seen.led || !g[lead_end - 1].is_alphanumeric();
        return Some((lead_end, opens));
    }
    let first = first_division(g, lead_end, anchor);
    seen.walked += first.division.map_or(anchor, |d| d.start) + 1 - lead_end;
    let head = first
        .cue
        .into_iter()
        .chain(first.gap)
        .max()
        .unwrap_or(lead_end);
    let start = match first.division {
        Some(d) if ends(&g[..d.start], "中国") => d.start - 2,
        Some(Division {
            start: d,
            first: region,
            ..
        }) => {
            // A short form shared by several counties (临安) counts where it begins the field.
            let begins = || name_at(g, lead_end).is_some_and(|(_, first)| !first.flags.everyday());
            let keep = head < d
                && region.tier > Tier::City
                && bytes_between(g, head, d) <= 60
                && (first.structural.is_some_and(|s| s < d)
                    || head == lead_end && begins()
                    || is_tail_of_longer(region, &g[head..d]))
                || is_misspelt(&g[head..d], region.tier);
            if keep { head } else { d }
        }
        None => head,
    };
    seen.led |= start > lead_end && first.cue == Some(start);
    seen.left_clean = start == from || seen.led || !g[start - 1].is_alphanumeric();
    Some((start, first.division.filter(|d| d.start == start)))
}

/// The place behind separators and lead words, and the division that opens there.
fn behind_leads(g: &[Glyph], from: usize, seen: &mut Seen) -> (usize, Option<Division>) {
    let mut at = from;
    loop {
        while g.get(at).is_some_and(|c| c.is(class::GAP)) {
            at += 1;
        }
        let lead = words::lead(g.get(at..).unwrap_or_default());
        let here = opening(g, at);
        // 从江苏省, 从江西吉安: 从江 is a county, but a full name or a province after the lead word wins.
        let wins = |at| {
            let after = opening(g, at);
            after.is_some_and(|d| !d.first.flags.short() || d.first.tier == Tier::Province)
        };
        if lead == 0 || here.is_some_and(|d| !d.first.flags.short() || !wins(at + lead)) {
            return (at, here);
        }
        at += lead;
        seen.led = true;
    }
}

/// What stands before the first division of an address.
#[derive(Default)]
struct First {
    division: Option<Division>,
    /// The first structural word before it.
    structural: Option<usize>,
    /// Behind the last word such as 到 and the last separator before the first structural word.
    cue: Option<usize>,
    gap: Option<usize>,
}

/// What stands before the first division behind the place `lead_end`, where none opens.
fn first_division(g: &[Glyph], lead_end: usize, anchor: usize) -> First {
    let mut first = First::default();
    for (i, &c) in g.iter().enumerate().take(anchor + 1).skip(lead_end) {
        if i > lead_end
            && let Some(d) = opening(g, i)
            && fits(d.first, g, d.end)
            && !(d.first.flags.short() && g.get(d.end).is_none_or(|c| !c.is(class::HAN)))
        {
            first.division = Some(d);
            break;
        }
        if first.structural.is_some() {
            continue;
        }
        if c.is(class::STRUCTURE) && i > lead_end {
            first.structural = Some(i);
        } else if c.is(class::CUE)
            && i < anchor
            && !ends(&g[..=i], "自在")
            && !(i == lead_end && words::begins_a_name(&g[i..]))
        {
            first.cue = Some(i + 1);
        } else if c.is(class::GAP) && i < anchor {
            first.gap = Some(i + 1);
        }
    }
    first
}

/// Whether the division is but the end of a longer name that the gazetteer does not know: 惠山 + 经济开发区, 环 + 城南路.
fn is_tail_of_longer(first: Brief, before: &[Glyph]) -> bool {
    let name = first.name.text();
    let generic = || {
        first.flags.zone()
            || first.flags.short()
            || name.chars().count() == 2
            || ["经济", "高新", "工业", "技术", "开发"]
                .iter()
                .any(|w| name.starts_with(w))
    };
    (1..=5).contains(&before.len())
        && before.iter().all(|c| c.is(class::HAN))
        && (before.len() == 1 && first.tier == Tier::Town || generic())
}

/// Whether what stands before a division of a tier has the form of higher ones that the gazetteer does not know: 安微省合肥市,
/// 安微省合淝市蜀山区.
fn is_misspelt(before: &[Glyph], tier: Tier) -> bool {
    let [name @ .., last] = before else {
        return false;
    };
    let above = match last.c {
        '省' if tier > Tier::Province => Tier::Province,
        '市' | '州' | '盟' if tier > Tier::City => Tier::City,
        '县' | '区' | '旗' if tier > Tier::County => Tier::County,
        _ => return false,
    };
    let higher = name.iter().rposition(|c| c.c == '省').map_or(0, |i| i + 1);
    let (higher, name) = name.split_at(higher);
    (2..=4).contains(&name.len())
        && name.iter().all(|c| c.is(class::HAN))
        && (higher.is_empty() || is_misspelt(higher, above))
}

/// Leftovers of forms before the address itself are no part of it: 宁波宁波市江东区, 崇溪镇云南省昭通市, 浙江省温州市null浙江省.
/// Takes their divisions out and returns where the address begins.
fn behind_leftover(g: &[Glyph], start: usize, divisions: &mut Vec<Division>) -> usize {
    let Some((mut last, rest)) = divisions.split_first().filter(|(d, _)| d.start == start) else {
        return start;
    };
    let mut province = last.first.tier == Tier::Province;
    for (i, d) in (1..).zip(rest) {
        let (above, first) = (last.first, d.first);
        let between = &g[last.end..d.start];
        let country = !between.is_empty() && ends(between, "中国");
        let form = country || !between.is_empty() && ends(between, "null");
        if !form && !between.iter().all(|c| c.is(class::GAP)) {
            break;
        }
        let doubled = i == 1
            && above.tier == Tier::City
            && above.flags.short()
            && above.name.first().code == first.name.first().code;
        let province_last = !province && first.tier == Tier::Province;
        if form || !first.flags.short() && (doubled || province_last) {
            let at = d.start - if country { 2 } else { 0 };
            divisions.drain(..i);
            return at;
        }
        province |= first.tier == Tier::Province;
        last = d;
    }
    start
}
