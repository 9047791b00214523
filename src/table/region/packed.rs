//! The gazetteer as it lies in the binary: nothing is built at start. Written by `tools/pack_regions.py`, which tells the layout.

use super::{Brief, Flags, Name, Region, Tier};

static TEXT: &str = include_str!("../blob/region_names.txt");
static TABLES: Tables = Tables::new(include_bytes!("../blob/regions.bin"));

type Numbers<const N: usize> = &'static [[u8; N]];

struct Tables {
    nodes: Numbers<8>,
    names: Numbers<8>,
    rows: Numbers<12>,
    by_code: Numbers<2>,
    tails: Numbers<2>,
    codes: Numbers<2>,
    rare: Numbers<8>,
    pairs: &'static [u8],
}

impl Tables {
    const fn new(bytes: &'static [u8]) -> Tables {
        let (header, rest) = bytes.split_at(32);
        let entries = header.as_chunks::<4>().0;
        let (nodes, rest) = rest.split_at(8 * u32::from_le_bytes(entries[0]) as usize);
        let (names, rest) = rest.split_at(4 * u32::from_le_bytes(entries[1]) as usize);
        let (rows, rest) = rest.split_at(4 * u32::from_le_bytes(entries[2]) as usize);
        let (by_code, rest) = rest.split_at(2 * u32::from_le_bytes(entries[3]) as usize);
        let (tails, rest) = rest.split_at(2 * u32::from_le_bytes(entries[4]) as usize);
        let (codes, rest) = rest.split_at(2 * u32::from_le_bytes(entries[5]) as usize);
        let (rare, pairs) = rest.split_at(4 * u32::from_le_bytes(entries[6]) as usize);
        Tables {
            nodes: nodes.as_chunks().0,
            names: names.as_chunks().0,
            rows: rows.as_chunks().0,
            by_code: by_code.as_chunks().0,
            tails: tails.as_chunks().0,
            codes: codes.as_chunks().0,
            rare: rare.as_chunks().0,
            pairs,
        }
    }
}

/// The number of a character in the trie; 0 for characters that occur in no name.
#[inline]
pub(crate) fn code(c: char) -> u16 {
    match TABLES.codes.get(c as usize) {
        Some(code) => u16::from_le_bytes(*code),
        None => rare(c),
    }
}

/// The [`code`] of every character of the basic plane, in order.
pub(crate) fn codes() -> impl Iterator<Item = u16> {
    TABLES.codes.iter().map(|code| u16::from_le_bytes(*code))
}

#[cold]
fn rare(c: char) -> u16 {
    let entry = |i: usize| halves(TABLES.rare[i]);
    let found = TABLES
        .rare
        .binary_search_by_key(&(c as u32), |e| halves(*e).0);
    found.map_or(0, |i| entry(i).1 as u16)
}

/// The [`code`]s of the characters behind the basic plane that have one, in the order of the characters.
pub(crate) fn rare_codes() -> impl Iterator<Item = (char, u16)> {
    let entries = TABLES.rare.iter().map(|entry| halves(*entry));
    entries.filter_map(|(c, code)| Some((char::from_u32(c)?, code as u16)))
}

fn halves(pair: [u8; 8]) -> (u32, u32) {
    let pair = u64::from_le_bytes(pair);
    (pair as u32, (pair >> 32) as u32)
}

/// A place in the trie: the beginning of names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node(u64, u32);

impl Node {
    /// Before the first character.
    #[inline]
    pub(crate) fn root() -> Node {
        Node(
            TABLES.nodes.first().map_or(0, |n| u64::from_le_bytes(*n)),
            0,
        )
    }

    /// Where those behind it begin; 0 where no name goes on.
    #[inline]
    fn children(self) -> u32 {
        (self.0 & 0xF_FFFF) as u32
    }

    /// The place behind one more character, given by its [`code`].
    #[inline]
    pub(crate) fn step(self, code: u16) -> Option<Node> {
        let at = self.children() + u32::from(code);
        let node = u64::from_le_bytes(*TABLES.nodes.get(at as usize)?);
        (code != 0 && (node >> 20 & 0xF_FFFF) as u32 == self.1).then_some(Node(node, at))
    }

    /// The name that ends here.
    #[inline]
    pub(crate) fn name(self) -> Option<Name> {
        ((self.0 >> 40) as u16).checked_sub(1).map(Name)
    }
}

/// Whether names begin with the two characters of these [`code`]s, and perhaps where none does: of eight pairs in prose, seven are
/// told apart here, in 32 KiB, and need no look at the trie, whose places lie far apart.
#[inline]
pub(crate) fn begins_with(first_two: [u16; 2]) -> bool {
    let pair = usize::from(first_two[0]) * 181 + usize::from(first_two[1]) * 7919;
    let bits = TABLES.pairs.get(pair % (1 << 18) / 8);
    bits.is_some_and(|bits| bits >> (pair % 8) & 1 != 0)
}

/// The longest name that a text begins with, given by the [`code`]s of its characters, with what is known of it, and how many of them
/// it has.
// The loop of `Node::step` over all characters, with what stays the same kept out of it: it is run at most places of an address.
pub(crate) fn longest(codes: impl Iterator<Item = u16>) -> Option<(usize, Brief)> {
    let nodes = TABLES.nodes;
    let (mut at, mut length, mut name) = (0, 0, 0);
    let mut node = u64::from_le_bytes(*nodes.first()?);
    let base = |node: u64| (node & 0xF_FFFF) as usize;
    for (before, code) in codes.enumerate() {
        let next = base(node) + usize::from(code);
        node = u64::from_le_bytes(*nodes.get(next)?);
        if (node >> 20 & 0xF_FFFF) as usize != at {
            break;
        }
        at = next;
        if node >> 40 != 0 {
            (length, name) = (before + 1, node >> 40);
        }
        if base(node) == 0 {
            // No longer name begins with it.
            break;
        }
    }
    (name != 0).then(|| (length, brief(name)))
}

/// What a node of the trie has of the name that ends there.
#[inline]
fn brief(entry: u64) -> Brief {
    Brief {
        name: Name((entry as u16).wrapping_sub(1)),
        flags: Flags((entry >> 16) as u8 & 0x1F),
        tier: TIERS[(entry >> 21 & 3) as usize],
    }
}

/// Whether no name begins with the characters of these [`code`]s and others behind them.
pub(crate) fn is_settled(mut codes: impl Iterator<Item = u16>) -> bool {
    let node = codes.try_fold(Node::root(), Node::step);
    node.is_none_or(|node| node.children() == 0)
}

/// The name that the characters of these [`code`]s make.
// As `Node::step`, with what stays the same kept out of the loop: see `longest`.
pub(super) fn name_of(codes: &[u16]) -> Option<Name> {
    let nodes = TABLES.nodes;
    let mut node = u64::from_le_bytes(*nodes.first()?);
    let mut at = 0;
    for code in codes {
        let next = (node & 0xF_FFFF) as u32 + u32::from(*code);
        node = u64::from_le_bytes(*nodes.get(next as usize)?);
        if *code == 0 || (node >> 20 & 0xF_FFFF) as u32 != at {
            return None;
        }
        at = next;
    }
    Node(node, at).name()
}

impl Name {
    /// Whether it is the full name of a division.
    pub(super) fn has_full(self) -> bool {
        let [(_, start), (_, end)] = self.entry();
        let rows = TABLES.rows.get(start as usize..end as usize);
        rows.unwrap_or_default()
            .iter()
            .any(|row| !flags(row).short())
    }

    fn entry(self) -> [(u32, u32); 2] {
        let at = usize::from(self.0);
        [at, at + 1].map(|i| TABLES.names.get(i).map_or((0, 0), |e| halves(*e)))
    }

    /// Its number in the gazetteer.
    pub(crate) fn number(self) -> u16 {
        self.0
    }

    /// The name itself.
    pub fn text(self) -> &'static str {
        let [(start, _), (end, _)] = self.entry();
        TEXT.get(start as usize..end as usize).unwrap_or("")
    }

    /// The divisions of that name by level, the current ones before the former; at least one.
    pub fn divisions(self) -> impl ExactSizeIterator<Item = Region> + Clone {
        let [(_, start), (_, end)] = self.entry();
        (start..end).map(move |i| row(self, i))
    }

    /// The first of the [`divisions`](Self::divisions).
    pub fn first(self) -> Region {
        let entry = TABLES.names.get(usize::from(self.0));
        row(self, entry.map_or(0, |entry| halves(*entry).1))
    }
}

const TIERS: [Tier; 4] = [Tier::Province, Tier::City, Tier::County, Tier::Town];

#[inline]
fn row(name: Name, at: u32) -> Region {
    let row = TABLES.rows.get(at as usize).copied().unwrap_or_default();
    let number = |i: usize| u32::from_le_bytes([row[i], row[i + 1], row[i + 2], row[i + 3]]);
    let above = number(4);
    Region {
        name,
        code: number(0),
        parent: above & 0xF_FFFF,
        city: number(8),
        tier: TIERS[(above >> 28 & 3) as usize],
        flags: Flags((above >> 20) as u8),
    }
}

fn flags(row: &[u8; 12]) -> Flags {
    let above = u32::from_le_bytes([row[4], row[5], row[6], row[7]]);
    Flags((above >> 20) as u8)
}

/// The full names in the order of their codes.
pub(super) fn by_code() -> impl DoubleEndedIterator<Item = Region> + Clone {
    TABLES.by_code.iter().map(|i| named_row(*i))
}

/// The first full name with at least this code.
pub(super) fn first_from(code: u32) -> Option<Region> {
    let code_of = |i: &[u8; 2]| {
        let row = TABLES.rows[usize::from(u16::from_le_bytes(*i))];
        u32::from_le_bytes([row[0], row[1], row[2], row[3]])
    };
    let first = TABLES.by_code.partition_point(|i| code_of(i) < code);
    TABLES.by_code.get(first).map(|i| named_row(*i))
}

fn named_row(at: [u8; 2]) -> Region {
    let at = u32::from(u16::from_le_bytes(at));
    let after = TABLES.names.partition_point(|e| halves(*e).1 <= at);
    row(Name(after.saturating_sub(1) as u16), at)
}

/// Bit n is set where full names of n characters end with the two characters of these codes (and perhaps for others).
#[inline]
pub(super) fn tail_lengths(last_two: [u16; 2]) -> u16 {
    let slot = usize::from(last_two[0]) * 181 + usize::from(last_two[1]) * 7919;
    TABLES
        .tails
        .get(slot % (1 << 15))
        .map_or(0, |bits| u16::from_le_bytes(*bits))
}

/// Number of names.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = Name> {
    (0..TABLES.names.len() as u16 - 1).map(Name)
}
