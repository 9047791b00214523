//! A listing as numbers that a linear model can weigh.

use std::sync::LazyLock;

use super::fold::{Folded, fold};
use super::glyph::{DIGIT, HAN, is_han};
use super::lexicon::{GROUP_LIST, GROUPS, Group};
use super::offer::{self, Offer, SellerHandle};
use super::sample::{Shapes, shapes};
use super::walk::{Walk, Word, walk};

/// Marks that are no words: what numbers and shapes say.
const MARKS: [&str; 19] = [
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

const PAIRS: usize = GROUPS * (GROUPS - 1) / 2;
const MARK_BASE: usize = 2 * GROUPS + PAIRS;
/// Marks that are also paired with every group: quantity, unit price, minimum, two kinds, disguised word.
const PAIRED_MARKS: [usize; 5] = [0, 1, 3, 4, 7];
const MARK_PAIR_BASE: usize = MARK_BASE + MARKS.len();
/// A word that directly follows another: 面单 + 数据 is an offer, 面单 + 打印纸 is goods.
const NEXT_BASE: usize = MARK_PAIR_BASE + PAIRED_MARKS.len() * GROUPS;
/// Groups whose words say something else when an unknown word is joined to them: 考研资料, 快递车.
const JOINED: [Group; 6] = [
    Group::Slip,
    Group::People,
    Group::Noun,
    Group::Object,
    Group::Field,
    Group::Service,
];
const EDGES: [&str; 4] = ["begins", "joined-before", "ends", "joined-after"];
const EDGE_BASE: usize = NEXT_BASE + GROUPS * GROUPS;

/// Number of named features.
pub(super) const NAMED: usize = EDGE_BASE + JOINED.len() * EDGES.len();

/// Buckets into which character pairs and triples are hashed; a power of two.
pub(super) const BUCKETS: usize = 1 << 13;

/// Whether a named feature is a pair of others.
pub(super) const fn is_pair(feature: usize) -> bool {
    (feature >= MARK_PAIR_BASE && feature < EDGE_BASE)
        || (feature >= 2 * GROUPS && feature < MARK_BASE)
}

/// Identifiers of the named features.
pub(super) static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names: Vec<String> = Vec::with_capacity(NAMED);
    names.extend(GROUP_LIST.iter().map(|(_, g)| format!("listing.{g}")));
    names.extend(GROUP_LIST.iter().map(|(_, g)| format!("listing.{g}-twice")));
    for (at, (_, a)) in GROUP_LIST.iter().enumerate() {
        names.extend(
            GROUP_LIST[at + 1..]
                .iter()
                .map(|(_, b)| format!("listing.{a}+{b}")),
        );
    }
    names.extend(MARKS.iter().map(|m| format!("listing.{m}")));
    for mark in PAIRED_MARKS {
        names.extend(
            GROUP_LIST
                .iter()
                .map(|(_, g)| format!("listing.{}+{g}", MARKS[mark])),
        );
    }
    for (_, a) in GROUP_LIST {
        names.extend(GROUP_LIST.iter().map(|(_, b)| format!("listing.{a}>{b}")));
    }
    for group in JOINED {
        let id = GROUP_LIST[group as usize].1;
        names.extend(EDGES.iter().map(|e| format!("listing.{id}-{e}")));
    }
    names
});

/// What was read from a listing.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub folded: Folded,
    pub walk: Walk,
    pub offer: Offer,
    pub handles: Vec<SellerHandle>,
    pub shapes: Shapes,
}

/// Reads a listing: its parts are title, description and so on.
pub(super) fn read(parts: &[&str]) -> Reading {
    let folded = fold(parts);
    let walk = walk(&folded.glyphs);
    Reading {
        offer: offer::read(&folded.text, &walk),
        handles: offer::handles(&folded.text, &walk),
        shapes: shapes(&folded.glyphs),
        folded,
        walk,
    }
}

impl Reading {
    /// Calls `found` with the position of every named feature that is present.
    pub(super) fn each_named(&self, mut found: impl FnMut(usize)) {
        let present: Vec<usize> = (0..GROUPS).filter(|g| self.walk.counts[*g] > 0).collect();
        for (at, a) in present.iter().enumerate() {
            found(*a);
            if self.walk.counts[*a] > 1 {
                found(GROUPS + a);
            }
            for b in &present[at + 1..] {
                found(2 * GROUPS + pair(*a, *b));
            }
        }
        let marks = self.marks();
        for (mark, _) in marks.iter().enumerate().filter(|(_, on)| **on) {
            found(MARK_BASE + mark);
        }
        for (at, mark) in PAIRED_MARKS.into_iter().enumerate() {
            if marks[mark] {
                for group in &present {
                    found(MARK_PAIR_BASE + at * GROUPS + group);
                }
            }
        }
        self.each_joint(found);
    }

    /// Calls `found` once for every way in which words follow each other or are joined to unknown ones.
    fn each_joint(&self, mut found: impl FnMut(usize)) {
        let mut seen = [0u64; (NAMED - NEXT_BASE).div_ceil(64)];
        let mut once = |feature: usize| {
            let (slot, bit) = (
                (feature - NEXT_BASE) / 64,
                1 << ((feature - NEXT_BASE) % 64),
            );
            if seen[slot] & bit == 0 {
                seen[slot] |= bit;
                found(feature);
            }
        };
        let text = &self.folded.text;
        let words = &self.walk.words;
        for (at, word) in words.iter().enumerate() {
            let before = at.checked_sub(1).map(|i| &words[i]);
            let touches = before.is_some_and(|b| close(&text[b.end..word.start]));
            if let Some(before) = before.filter(|_| touches) {
                for a in before.each_group() {
                    for b in word.each_group() {
                        once(NEXT_BASE + a * GROUPS + b);
                    }
                }
            }
            let followed = words
                .get(at + 1)
                .is_some_and(|n| close(&text[word.end..n.start]));
            for (slot, _) in JOINED
                .into_iter()
                .enumerate()
                .filter(|(_, g)| word.groups & (1 << *g as u32) != 0)
            {
                let base = EDGE_BASE + slot * EDGES.len();
                if !touches {
                    let joined = text[..word.start].chars().next_back().is_some_and(is_han);
                    once(base + usize::from(joined));
                }
                if !followed {
                    let joined = text[word.end..].chars().next().is_some_and(is_han);
                    once(base + 2 + usize::from(joined));
                }
            }
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

    /// Calls `found` with the bucket of every pair and triple of neighbouring characters (spaces left out, digits alike)
    /// and returns how many there were.
    pub(super) fn each_gram(&self, mut found: impl FnMut(usize)) -> u32 {
        // Of each character its code, and whether it is Han.
        let (mut a, mut b) = ((u64::from(b'\n'), false), (u64::from(b'\n'), false));
        let mut grams = 0;
        for glyph in &self.folded.glyphs {
            let c = if glyph.is(DIGIT) {
                b'0'.into()
            } else {
                u64::from(glyph.scalar())
            };
            if c == u64::from(b' ') || c == u64::from(b'0') && b.0 == c {
                continue;
            }
            let c = (c, glyph.is(HAN));
            if b.1 || c.1 {
                found(bucket(b.0 << 32 | c.0));
                grams += 1;
                if a.1 || b.1 && c.1 {
                    found(bucket(a.0 << 42 ^ b.0 << 21 ^ c.0));
                    grams += 1;
                }
            }
            (a, b) = (b, c);
        }
        grams
    }

    /// How often a group of words occurs.
    pub(super) fn count(&self, group: Group) -> u16 {
        self.walk.count(group)
    }
}

/// Whether two words with this text between them belong to one phrase: nothing, or one character that ends no clause.
fn close(between: &str) -> bool {
    let mut chars = between.chars();
    match (chars.next(), chars.next()) {
        (None, _) => true,
        (Some(c), None) => is_han(c) || matches!(c, ' ' | '/' | '+' | '、' | '-' | '&'),
        _ => false,
    }
}

/// Position of the pair a < b.
const fn pair(a: usize, b: usize) -> usize {
    a * GROUPS - a * (a + 1) / 2 + b - a - 1
}

/// Fibonacci hashing; the constant is 2^64 / φ.
const fn bucket(key: u64) -> usize {
    ((key ^ (key >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51) as usize
}

const _: () = assert!(BUCKETS == 1 << (64 - 51));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_positions_agree() {
        assert_eq!(NAMES.len(), NAMED);
        for (a, (_, first)) in GROUP_LIST.iter().enumerate() {
            for (b, (_, second)) in GROUP_LIST.iter().enumerate().skip(a + 1) {
                assert_eq!(
                    NAMES[2 * GROUPS + pair(a, b)],
                    format!("listing.{first}+{second}")
                );
            }
        }
        let mut seen = Vec::new();
        read(&["当日面单 每条八角 千起"]).each_named(|n| seen.push(NAMES[n].as_str()));
        for name in [
            "listing.slip",
            "listing.fresh",
            "listing.slip+fresh",
            "listing.unit-price",
            "listing.minimum+slip",
            "listing.fresh>slip",
        ] {
            assert!(seen.contains(&name), "{name} {seen:?}");
        }
        let mut edges = Vec::new();
        read(&["矿物资料"]).each_named(|n| edges.push(NAMES[n].as_str()));
        for name in ["listing.noun-joined-before", "listing.noun-ends"] {
            assert!(edges.contains(&name), "{name} {edges:?}");
        }
    }
}
