//! Words found by stepping through the characters of a text.
//!
//! A double-array trie (Aoe 1989): the child of a node by a character stands at the node's base plus the character's code, and says
//! whose child it is. So a step is two look-ups, without a search and without a hash, which is what a listing's words cost.

use std::collections::BTreeMap;

/// A set of words with a value of type `V` for each.
pub(super) struct Trie<V> {
    /// The code of each character in the BMP, 0 for those that no word has.
    codes: Box<[u16]>,
    cells: Vec<Cell>,
    /// Of the node in each cell.
    values: Vec<V>,
}

/// A node of the trie, or room for one.
#[derive(Clone, Copy)]
struct Cell {
    /// Where the children stand, each as far behind as its code says.
    base: u32,
    /// The cell of the parent.
    parent: u32,
}

/// The cell where walks begin.
const ROOT: u32 = 0;
/// A cell without a node, which is nobody's child.
const FREE: Cell = Cell {
    base: 0,
    parent: u32::MAX,
};

impl<V: Clone + Default> Trie<V> {
    /// A trie of these words; characters outside the BMP are in none. Every value takes over what it needs from the one of the
    /// shorter beginning of the same word, the shortest first. So the value where a walk ends says all of what was passed on the way.
    pub(super) fn new(words: &BTreeMap<&str, V>, take_over: impl Fn(&mut V, &V)) -> Trie<V> {
        let mut trie = Trie {
            codes: codes(words.keys().copied()),
            cells: vec![Cell { base: 0, ..FREE }],
            values: vec![V::default()],
        };
        // Words in order share their beginnings with their neighbours, so a node is a stretch of them.
        let mut words: Vec<(Vec<u16>, &V)> = words
            .iter()
            .map(|(word, value)| (trie.codes_of(word), value))
            .filter(|(codes, _)| !codes.is_empty() && !codes.contains(&0))
            .collect();
        words.sort_by(|a, b| a.0.cmp(&b.0));
        let mut open = vec![(ROOT, 0, &words[..])];
        // All cells before this one are taken.
        let mut first_free = 1;
        while let Some((node, depth, words)) = open.pop() {
            let longer = words.partition_point(|(codes, _)| codes.len() == depth);
            let children: Vec<_> = words[longer..]
                .chunk_by(|a, b| a.0[depth] == b.0[depth])
                .collect();
            let codes: Vec<u16> = children.iter().map(|words| words[0].0[depth]).collect();
            let base = trie.room_for(&codes, &mut first_free);
            trie.cells[node as usize].base = base;
            for (words, code) in children.into_iter().zip(codes) {
                let child = base + u32::from(code);
                trie.cells[child as usize].parent = node;
                let mut value = match words {
                    [(codes, value), ..] if codes.len() == depth + 1 => (*value).clone(),
                    _ => V::default(),
                };
                take_over(&mut value, &trie.values[node as usize]);
                trie.values[child as usize] = value;
                open.push((child, depth + 1, words));
            }
        }
        trie
    }

    /// A base at which there is room for children of these codes, the room made if need be.
    fn room_for(&mut self, codes: &[u16], first_free: &mut usize) -> u32 {
        let Some((&first, &last)) = codes.first().zip(codes.last()) else {
            return 0;
        };
        let taken = |cells: &[Cell], at: usize| {
            at == ROOT as usize || cells.get(at).is_some_and(|c| c.parent != FREE.parent)
        };
        while taken(&self.cells, *first_free) {
            *first_free += 1;
        }
        let mut base = first_free.saturating_sub(usize::from(first));
        while codes
            .iter()
            .any(|c| taken(&self.cells, base + usize::from(*c)))
        {
            base += 1;
        }
        let cells = self.cells.len().max(base + usize::from(last) + 1);
        self.cells.resize(cells, FREE);
        self.values.resize(cells, V::default());
        base as u32
    }

    fn codes_of(&self, word: &str) -> Vec<u16> {
        let code = |c: char| self.codes.get(c as usize).copied().unwrap_or(0);
        word.chars().map(code).collect()
    }
}

/// Codes for the characters of these words, small ones for those that many words have: so the cells stand close together.
fn codes<'w>(words: impl Iterator<Item = &'w str>) -> Box<[u16]> {
    let mut uses: BTreeMap<char, u32> = BTreeMap::new();
    for c in words.flat_map(str::chars) {
        *uses.entry(c).or_default() += 1;
    }
    let mut chars: Vec<(u32, char)> = uses.into_iter().map(|(c, n)| (n, c)).collect();
    chars.sort_by(|a, b| b.cmp(a));
    let mut codes = vec![0; 1 << 16].into_boxed_slice();
    for ((_, c), code) in chars.into_iter().zip(1..=u16::MAX) {
        if let Some(slot) = codes.get_mut(c as usize) {
            *slot = code;
        }
    }
    codes
}

impl<V> Trie<V> {
    /// What finds the value of the longest beginning of a word that stands at the start of some characters. Characters are numbers,
    /// so that nobody needs to prove that they are some.
    pub(super) fn walker<'t, C: Iterator<Item = u32>>(&'t self) -> impl Fn(C) -> Option<&'t V> {
        let (codes, cells, values) = (&*self.codes, &*self.cells, &*self.values);
        let start = cells[ROOT as usize].base;
        move |chars| {
            let (mut node, mut base) = (ROOT, start);
            for c in chars {
                let child = base + codes.get(c as usize).map_or(0, |c| u32::from(*c));
                match cells.get(child as usize) {
                    Some(cell) if cell.parent == node => (node, base) = (child, cell.base),
                    _ => break,
                }
            }
            (node != ROOT).then(|| &values[node as usize])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_is_found_with_what_it_inherits() {
        let words: BTreeMap<&str, u8> = [
            ("面", 1),
            ("面单", 2),
            ("面单数据", 4),
            ("md", 8),
            ("", 32),
            ("m𠀀", 64),
        ]
        .into();
        let trie = Trie::new(&words, |child, parent| *child |= parent);
        for (text, value) in [
            ("面单数据库", Some(7)),
            ("面单数字", Some(3)),
            ("面", Some(1)),
            ("单", None),
            ("m", Some(0)),
            ("md", Some(8)),
            ("m𠀀", Some(0)),
            ("𠀀", None),
            ("", None),
        ] {
            let chars = text.chars().map(u32::from);
            assert_eq!(trie.walker()(chars).copied(), value, "{text}");
        }
    }

    #[test]
    fn every_word_has_its_own_cell() {
        let all: Vec<String> = (0..3_000_u32)
            .map(|n| format!("{n:o}").chars().rev().collect())
            .collect();
        let words: BTreeMap<&str, usize> = all.iter().map(String::as_str).zip(1..).collect();
        let trie = Trie::new(&words, |_, _| ());
        for (word, value) in &words {
            assert_eq!(trie.walker()(word.chars().map(u32::from)), Some(value));
        }
        assert!(trie.cells.len() < 2 * words.len());
    }
}
