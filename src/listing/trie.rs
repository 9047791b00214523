//! Words found by stepping through the characters of a text.
//!
//! Most words are two or three Han characters, and few pairs of characters begin one. So there is a table for the first character
//! and a hashed step for each further one, and a mask at each node turns most characters away before they are hashed. That takes a
//! quarter of the instructions of an automaton over the bytes.

use rustc_hash::FxHashMap;

/// A set of words with a value of type `V` for each.
pub(super) struct Trie<V> {
    /// The node of each first character in the BMP.
    first: Box<[u16]>,
    /// The node behind a [`key`].
    next: FxHashMap<u64, u16>,
    nodes: Vec<Node<V>>,
}

#[derive(Default)]
struct Node<V> {
    value: V,
    /// The [`bit`] of every character that leads on.
    leads_on: u64,
    parent: u16,
}

/// The node where no word goes on.
const NOWHERE: u16 = 0;

impl<V: Default> Trie<V> {
    pub(super) fn new() -> Trie<V> {
        Trie {
            first: vec![NOWHERE; 1 << 16].into_boxed_slice(),
            next: FxHashMap::default(),
            nodes: vec![Node::default()],
        }
    }

    /// The value of a word, which is added if it is not there yet; `None` for a word of no characters, one that begins outside
    /// the BMP, or where the trie is full.
    pub(super) fn value_mut(&mut self, word: &str) -> Option<&mut V> {
        let mut node = NOWHERE;
        for c in word.chars().map(u32::from) {
            let new = u16::try_from(self.nodes.len()).ok()?;
            let slot = if node == NOWHERE {
                self.first.get_mut(c as usize)?
            } else {
                self.nodes[usize::from(node)].leads_on |= bit(c);
                self.next.entry(key(node, c)).or_insert(NOWHERE)
            };
            if *slot == NOWHERE {
                *slot = new;
                self.nodes.push(Node {
                    parent: node,
                    ..Node::default()
                });
            }
            node = *slot;
        }
        (node != NOWHERE).then(|| &mut self.nodes[usize::from(node)].value)
    }

    /// Lets every value take over what it needs from the one of the shorter beginning of the same word, the shortest first. So the
    /// value where a walk ends says all of what was passed on the way.
    pub(super) fn inherit(&mut self, take_over: impl Fn(&mut V, &V)) {
        // A node is always made after its parent.
        for at in 1..self.nodes.len() {
            let (before, from_here) = self.nodes.split_at_mut(at);
            let child = &mut from_here[0];
            take_over(&mut child.value, &before[usize::from(child.parent)].value);
        }
    }
}

impl<V> Trie<V> {
    /// The value of the longest beginning of a word that stands at the start of these characters. Characters are numbers, so that
    /// nobody needs to prove that they are some.
    pub(super) fn walk(&self, first: u32, mut rest: impl Iterator<Item = u32>) -> Option<&V> {
        let mut node = *self.first.get(first as usize)?;
        if node == NOWHERE {
            return None;
        }
        loop {
            let here = &self.nodes[usize::from(node)];
            let next = rest
                .next()
                .filter(|c| here.leads_on & bit(*c) != 0)
                .and_then(|c| self.next.get(&key(node, c)));
            match next {
                Some(&next) => node = next,
                None => return Some(&here.value),
            }
        }
    }
}

/// A bit for the last six bits of a character.
const fn bit(c: u32) -> u64 {
    1 << (c & 63)
}

/// A node and a further character; a character has 21 bits.
const fn key(node: u16, c: u32) -> u64 {
    (node as u64) << 32 | c as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_is_found_with_what_it_inherits() {
        let mut trie: Trie<u8> = Trie::new();
        for (value, word) in [
            (1, "面"),
            (2, "面单"),
            (4, "面单数据"),
            (8, "md"),
            (16, "m𠀀"),
        ] {
            *trie.value_mut(word).expect("room") = value;
        }
        trie.inherit(|child, parent| *child |= parent);
        assert!(trie.value_mut("").is_none() && trie.value_mut("𠀀").is_none());
        for (text, value) in [
            ("面单数据库", Some(7)),
            ("面单数字", Some(3)),
            ("面", Some(1)),
            ("单", None),
            ("m", Some(0)),
            ("md", Some(8)),
            ("m𠀀", Some(16)),
            ("𠀀", None),
        ] {
            let mut chars = text.chars().map(u32::from);
            let first = chars.next().expect("a character");
            assert_eq!(trie.walk(first, chars).copied(), value, "{text}");
        }
    }
}
