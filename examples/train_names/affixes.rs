//! Characters that make words of words (仓 of 华东, 已 of 发出), as the dictionary shows them: what stands in the cells of dumps is
//! in no dictionary, but made in the same way.

use std::collections::{BTreeMap, HashSet};

use crate::random::{Random, Weighted};

pub(crate) struct Affixes {
    heads: Weighted<char>,
    tails: Weighted<char>,
}

impl Affixes {
    /// Counts with how many words of the dictionary a character makes another word of it.
    pub(crate) fn new(dictionary: &[(String, u32)]) -> Affixes {
        let known: HashSet<&str> = dictionary.iter().map(|(word, _)| word.as_str()).collect();
        let mut heads = BTreeMap::new();
        let mut tails = BTreeMap::new();
        for (word, _) in dictionary.iter().filter(|(w, _)| w.chars().count() == 3) {
            let mut chars = word.char_indices();
            let (Some((_, head)), Some((second, _)), Some((last, tail))) =
                (chars.next(), chars.next(), chars.next())
            else {
                continue;
            };
            if known.contains(&word[second..]) {
                *heads.entry(head).or_insert(0.0) += 1.0;
            }
            if known.contains(&word[..last]) {
                *tails.entry(tail).or_insert(0.0) += 1.0;
            }
        }
        Affixes {
            heads: Weighted::new(heads.into_iter()),
            tails: Weighted::new(tails.into_iter()),
        }
    }

    pub(crate) fn head(&self, random: &mut Random) -> char {
        *self.heads.draw(random)
    }

    pub(crate) fn tail(&self, random: &mut Random) -> char {
        *self.tails.draw(random)
    }
}
