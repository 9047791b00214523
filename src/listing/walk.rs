//! One walk over a folded text that finds all that the others look at.

use super::glyph::{DIGIT, Glyph, LATIN, NUMERAL, TOKEN};
use super::lexicon::{GROUPS, Group, LEXICON};
use super::offer::SHORTEST_HANDLE;
use super::said::Said;

/// A word of the trade in a folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub start: usize,
    pub end: usize,
    /// One bit per [`Group`].
    pub groups: u32,
}

impl Word {
    /// The positions of its groups.
    pub(super) fn each_group(self) -> impl Iterator<Item = usize> {
        let mut groups = self.groups;
        std::iter::from_fn(move || {
            let group = groups.trailing_zeros() as usize;
            groups &= groups.checked_sub(1)?;
            Some(group)
        })
    }
}

/// What stands where in a folded text; positions are in bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Walk {
    /// How often each group of words occurs.
    pub counts: [u16; GROUPS],
    /// Words in a spelling that avoids word filters.
    pub disguised: u16,
    /// The words in the order of the text.
    pub words: Vec<Word>,
    /// What is said of age and kinds of the records.
    pub said: Said,
    /// Where digits and Han numerals stand.
    pub numerals: Vec<usize>,
    /// Runs of letters, digits and marks that are long enough for an account.
    pub tokens: Vec<(usize, usize)>,
}

impl Walk {
    /// How often a group of words occurs.
    pub(super) fn count(&self, group: Group) -> u16 {
        self.counts[group as usize]
    }

    fn add(&mut self, word: Word, disguised: bool) {
        self.disguised = self.disguised.saturating_add(u16::from(disguised));
        for group in word.each_group() {
            self.counts[group] = self.counts[group].saturating_add(1);
        }
        self.words.push(word);
    }
}

/// Walks over a folded text. Words do not overlap: the first wins, and of those that start together the longest.
pub(super) fn walk(glyphs: &[Glyph]) -> Walk {
    let longest = LEXICON.walker();
    let mut walk = Walk {
        words: Vec::with_capacity(glyphs.len() / 3),
        numerals: Vec::with_capacity(glyphs.len() / 8),
        ..Walk::default()
    };
    // Byte positions: of this character, behind the last word, and of the first character of a run.
    let (mut at, mut free, mut run) = (0, 0, 0);
    for (i, glyph) in glyphs.iter().enumerate() {
        if let Some(entry) = longest(glyphs[i..].iter().map(|g| g.scalar())) {
            walk.said.add(entry.said);
            if entry.groups != 0 && at >= free {
                free = at + usize::from(entry.len.1);
                let letter = |i: usize| glyphs.get(i).is_some_and(|g| g.is(LATIN));
                let continued = entry.latin.0 && i > 0 && letter(i - 1)
                    || entry.latin.1 && letter(i + usize::from(entry.len.0));
                if !continued {
                    let word = Word {
                        start: at,
                        end: free,
                        groups: entry.groups,
                    };
                    walk.add(word, entry.disguised);
                }
            }
        }
        if glyph.is(DIGIT | NUMERAL) {
            walk.numerals.push(at);
        }
        let next = at + glyph.len();
        if !glyph.is(TOKEN) {
            if at - run >= SHORTEST_HANDLE {
                walk.tokens.push((run, at));
            }
            run = next;
        }
        at = next;
    }
    if at - run >= SHORTEST_HANDLE {
        walk.tokens.push((run, at));
    }
    walk
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::fold::fold;

    fn of(text: &str) -> Walk {
        walk(&fold(&[text]).glyphs)
    }

    #[test]
    fn longest_words_and_whole_latin_words() {
        let found = of("一手面单数据");
        assert_eq!(
            (found.count(Group::Object), found.count(Group::Noun)),
            (1, 1)
        );
        assert_eq!(of("cmd").count(Group::Slip), 0);
        let found = of("md资料");
        assert_eq!((found.count(Group::Slip), found.disguised), (1, 1));
    }

    #[test]
    fn numerals_and_runs_have_their_places() {
        let found = of("加v：abc_12 要三条 x1");
        assert_eq!(found.tokens, [(5, 11)]);
        assert_eq!(found.numerals, [9, 10, 15, 23]);
        assert_eq!(of("abcde").tokens, [(0, 5)]);
    }
}
