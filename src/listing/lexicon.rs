//! The words of the trade, found in one pass.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

static RAW: &str = include_str!("../table/raw/trade_lexicon.tsv");

/// What a word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Group {
    Slip,
    People,
    Noun,
    Object,
    Field,
    Carry,
    Price,
    Fresh,
    Source,
    Service,
    Hack,
    Use,
    Proof,
    Contact,
    Delivery,
    Wanted,
    Brush,
    Supply,
    Soft,
    Study,
    Goods,
    Life,
    Erase,
    Own,
    Law,
    Warn,
    Doubt,
    Job,
    Ask,
    Give,
    Extract,
}

/// Number of groups.
pub(super) const GROUPS: usize = 31;

/// The groups with their names, in order; the names are part of the reasons' identifiers.
pub(super) const GROUP_LIST: [(Group, &str); GROUPS] = [
    (Group::Slip, "slip"),
    (Group::People, "people"),
    (Group::Noun, "noun"),
    (Group::Object, "object"),
    (Group::Field, "field"),
    (Group::Carry, "carry"),
    (Group::Price, "price"),
    (Group::Fresh, "fresh"),
    (Group::Source, "source"),
    (Group::Service, "service"),
    (Group::Hack, "hack"),
    (Group::Use, "use"),
    (Group::Proof, "proof"),
    (Group::Contact, "contact"),
    (Group::Delivery, "delivery"),
    (Group::Wanted, "wanted"),
    (Group::Brush, "brush"),
    (Group::Supply, "supply"),
    (Group::Soft, "soft"),
    (Group::Study, "study"),
    (Group::Goods, "goods"),
    (Group::Life, "life"),
    (Group::Erase, "erase"),
    (Group::Own, "own"),
    (Group::Law, "law"),
    (Group::Warn, "warn"),
    (Group::Doubt, "doubt"),
    (Group::Job, "job"),
    (Group::Ask, "ask"),
    (Group::Give, "give"),
    (Group::Extract, "extract"),
];

struct Entry {
    groups: u32,
    disguised: bool,
    /// Latin letters at the edges, which must not continue outside.
    latin: (bool, bool),
}

struct Lexicon {
    automaton: Option<AhoCorasick>,
    entries: Vec<Entry>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut words: Vec<&str> = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    for line in RAW.lines().filter(|l| !l.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(word), Some(group)) = (cells.next(), cells.next()) else {
            continue;
        };
        let Some((group, _)) = GROUP_LIST.into_iter().find(|(_, id)| *id == group) else {
            continue;
        };
        let group = group as u8;
        // The table is sorted, so a word's groups stand together.
        if words.last() == Some(&word) {
            if let Some(entry) = entries.last_mut() {
                entry.groups |= 1 << group;
            }
            continue;
        }
        let latin = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphabetic);
        words.push(word);
        entries.push(Entry {
            groups: 1 << group,
            disguised: cells.next().is_some_and(|canon| !canon.is_empty()),
            latin: (
                latin(word.as_bytes().first()),
                latin(word.as_bytes().last()),
            ),
        });
    }
    Lexicon {
        automaton: AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(words)
            .ok(),
        entries,
    }
});

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

/// The words of the trade in a folded text.
#[derive(Clone, Debug, Default)]
pub(super) struct Hits {
    /// How often each group occurs.
    pub counts: [u16; GROUPS],
    /// Words in a spelling that avoids word filters.
    pub disguised: u16,
    /// The words in the order of the text.
    pub words: Vec<Word>,
}

impl Hits {
    pub(super) fn of(&self, group: Group) -> u16 {
        self.counts[group as usize]
    }
}

/// Finds the words of the trade in a folded text; the longest word wins where several start.
pub(super) fn hits(text: &str) -> Hits {
    let mut hits = Hits::default();
    let bytes = text.as_bytes();
    let Some(automaton) = &LEXICON.automaton else {
        return hits;
    };
    for found in automaton.find_iter(text) {
        let entry = &LEXICON.entries[found.pattern().as_usize()];
        let letter = |at: Option<usize>| {
            at.and_then(|i| bytes.get(i))
                .is_some_and(u8::is_ascii_alphabetic)
        };
        if (entry.latin.0 && letter(found.start().checked_sub(1)))
            || (entry.latin.1 && letter(Some(found.end())))
        {
            continue;
        }
        hits.disguised = hits.disguised.saturating_add(u16::from(entry.disguised));
        let word = Word {
            start: found.start(),
            end: found.end(),
            groups: entry.groups,
        };
        for group in word.each_group() {
            hits.counts[group] = hits.counts[group].saturating_add(1);
        }
        hits.words.push(word);
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_parses_and_the_automaton_builds() {
        assert!(LEXICON.automaton.is_some());
        assert!(LEXICON.entries.len() > 1000);
        for line in RAW.lines().filter(|l| !l.starts_with('#')) {
            let group = line.split('\t').nth(1).unwrap_or("");
            assert!(GROUP_LIST.iter().any(|(_, id)| *id == group), "{line}");
        }
    }

    #[test]
    fn longest_words_and_whole_latin_words() {
        let found = hits("一手面单数据");
        assert_eq!((found.of(Group::Object), found.of(Group::Noun)), (1, 1));
        assert_eq!(hits("cmd").of(Group::Slip), 0);
        assert_eq!(
            (hits("md资料").of(Group::Slip), hits("md资料").disguised),
            (1, 1)
        );
    }
}
