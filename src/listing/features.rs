//! A listing as numbers that a linear model can weigh.

use std::sync::LazyLock;

use super::fold::{Folded, fold};
use super::glyph::{DIGIT, HAN};
use super::lexicon::{GROUP_LIST, GROUPS, Group};
use super::offer::{self, Figures, Offer, SellerHandle};
use super::sample::{Shapes, shapes};
use super::walk::{Walk, Word, walk};

/// Marks that are no words: what numbers and shapes say.
const MARKS: [&str; 21] = [
    "quantity",
    "unit-price",
    "low-unit-price",
    "minimum",
    "two-kinds",
    "three-kinds",
    "handle",
    "disguised-word",
    "split-word",
    "phone",
    "address",
    "measures",
    "very-short",
    "long",
    "no-data-word",
    "trade-words-none",
    "trade-words-few",
    "trade-words-many",
    "trade-words-most",
    "small-price",
    "counted-people",
];

/// Groups that name records of people.
const DATA_WORDS: [Group; 5] = [
    Group::Slip,
    Group::People,
    Group::Noun,
    Group::Object,
    Group::Carry,
];
/// Groups of the trade in data, a bit each: those before [`Group::Supply`], and the acts of selling and taking.
const TRADE: u32 = ((1 << Group::Supply as u32) - 1) | bits(&[Group::Give, Group::Extract]);
/// Groups of what other listings are about, a bit each.
const GOODS: u32 = bits(&[
    Group::Supply,
    Group::Soft,
    Group::Study,
    Group::Goods,
    Group::Life,
    Group::Job,
]);

const fn bits(groups: &[Group]) -> u32 {
    let (mut bits, mut at) = (0, 0);
    while at < groups.len() {
        bits |= 1 << groups[at] as u32;
        at += 1;
    }
    bits
}

const MARK_BASE: usize = 2 * GROUPS;

/// Number of named features.
pub(super) const NAMED: usize = MARK_BASE + MARKS.len();

/// Buckets into which characters, pairs and triples of them are hashed; a power of two.
pub(super) const BUCKETS: usize = 1 << 16;

/// Identifiers of the named features.
pub(super) static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names: Vec<String> = Vec::with_capacity(NAMED);
    names.extend(GROUP_LIST.iter().map(|(_, g)| format!("listing.{g}")));
    names.extend(GROUP_LIST.iter().map(|(_, g)| format!("listing.{g}-twice")));
    names.extend(MARKS.iter().map(|m| format!("listing.{m}")));
    names
});

/// What was read from a listing.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub folded: Folded,
    pub walk: Walk,
    pub offer: Offer,
    pub figures: Figures,
    pub handles: Vec<SellerHandle>,
    pub shapes: Shapes,
}

/// Reads a listing: its parts are title, description and so on.
pub(super) fn read(parts: &[&str]) -> Reading {
    let folded = fold(parts);
    let walk = walk(&folded.glyphs);
    let (offer, figures) = offer::read(&folded.text, &walk);
    Reading {
        offer,
        figures,
        handles: offer::handles(&folded.text, &walk),
        shapes: shapes(&folded.glyphs),
        folded,
        walk,
    }
}

impl Reading {
    /// Calls `found` with the position of every named feature that is present.
    pub(super) fn each_named(&self, mut found: impl FnMut(usize)) {
        for (group, count) in self.walk.counts.iter().enumerate() {
            if *count > 0 {
                found(group);
            }
            if *count > 1 {
                found(GROUPS + group);
            }
        }
        for (mark, _) in self.marks().iter().enumerate().filter(|(_, on)| **on) {
            found(MARK_BASE + mark);
        }
    }

    fn marks(&self) -> [bool; MARKS.len()] {
        let offer = &self.offer;
        let chars = self.folded.glyphs.len();
        let share = self.trade_share();
        [
            offer.quantity.is_some_and(|q| q >= 500),
            offer.unit_price.is_some(),
            offer.unit_price.is_some_and(|p| p <= 5.0),
            offer.minimum.is_some(),
            offer.kinds.len() >= 2,
            offer.kinds.len() >= 3,
            !self.handles.is_empty(),
            self.walk.disguised > 0,
            self.folded.split >= 2,
            self.shapes.phones > 0,
            self.shapes.addresses > 0,
            self.has_measures(),
            chars < 10,
            chars > 90,
            DATA_WORDS.iter().all(|g| self.count(*g) == 0),
            share == 0,
            (1..15).contains(&share),
            (30..60).contains(&share),
            share >= 60,
            self.figures.small_price,
            self.figures.counted_people,
        ]
    }

    /// `76*130`, `10x15`: goods have sizes.
    fn has_measures(&self) -> bool {
        let bytes = self.folded.text.as_bytes();
        self.walk.numerals.iter().any(|at| {
            matches!(bytes[*at..], [a, b'*' | b'x', b, ..] if a.is_ascii_digit() && b.is_ascii_digit())
        })
    }

    /// How many words of two characters or more are about goods, services or work; single ones also stand in names and addresses.
    pub(super) fn goods(&self) -> i32 {
        let long = |w: &&Word| w.end - w.start >= 6 && w.groups & GOODS != 0;
        self.walk.words.iter().filter(long).count() as i32
    }

    /// How much of the text is made of words of the trade, in percent of its bytes: prose has few, offers many.
    fn trade_share(&self) -> usize {
        let words = self.walk.words.iter().filter(|w| w.groups & TRADE != 0);
        let covered: usize = words.map(|w| w.end - w.start).sum();
        100 * covered / self.folded.text.len().max(1)
    }

    /// Calls `found` once for every bucket that holds a Han character, or a pair or triple of neighbouring characters (spaces left
    /// out, digits alike), and returns how many there were. What is said again and again says no more.
    pub(super) fn each_gram(&self, mut found: impl FnMut(usize)) -> u32 {
        let (mut seen, mut grams) = ([0_u64; BUCKETS / 64], 0);
        let mut once = |hash: u64| {
            let bucket = bucket(hash);
            let (slot, bit) = (bucket / 64, 1 << (bucket % 64));
            if seen[slot] & bit == 0 {
                seen[slot] |= bit;
                grams += 1;
                found(bucket);
            }
        };
        // A pair's hash is that of its second character and the turned one of its first, and so is a triple's: a character is
        // multiplied once, whatever it is part of. Of the two characters before, whether they are Han.
        let edge = hash('\n'.into());
        let (mut one, mut two, mut han) = (edge, edge, (false, false));
        let mut zero = false;
        for glyph in &self.folded.glyphs {
            let digit = glyph.is(DIGIT);
            if glyph.scalar() == u32::from(' ') || digit && zero {
                continue;
            }
            zero = digit;
            let next = hash(if digit { '0'.into() } else { glyph.scalar() });
            let (pair, triple) = (
                turned(one).wrapping_add(next),
                turned(two).wrapping_add(next),
            );
            let is_han = glyph.is(HAN);
            if is_han {
                once(next);
            }
            if is_han || han.1 {
                once(pair);
                if han.0 || is_han && han.1 {
                    once(triple);
                }
            }
            (one, two, han) = (next, pair, (han.1, is_han));
        }
        grams
    }

    /// How often a group of words occurs.
    pub(super) fn count(&self, group: Group) -> u16 {
        self.walk.count(group)
    }
}

/// Fibonacci hashing of a character; the constant is 2^64 / φ.
const fn hash(c: u32) -> u64 {
    (c as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A hash for one place further back: its mixed bits come to stand where [`bucket`] does not look for them otherwise.
const fn turned(hash: u64) -> u64 {
    hash.rotate_left(17)
}

/// The upper bits of a hash, which are the mixed ones.
const fn bucket(hash: u64) -> usize {
    (hash >> (64 - BUCKETS.ilog2())) as usize
}

const _: () = assert!(BUCKETS.is_power_of_two());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_positions_agree() {
        assert_eq!(NAMES.len(), NAMED);
        let mut seen = Vec::new();
        read(&["当日面单 每条八角 千起 买家三万"]).each_named(|n| seen.push(NAMES[n].as_str()));
        for name in [
            "listing.slip",
            "listing.fresh",
            "listing.unit-price",
            "listing.small-price",
            "listing.minimum",
        ] {
            assert!(seen.contains(&name), "{name} {seen:?}");
        }
    }
}
