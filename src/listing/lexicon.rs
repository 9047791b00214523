//! The words of the trade.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::said::Said;
use super::trie::Trie;

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

/// What a word says, and how it must stand. In the lexicon an entry is that of the longest word that ends on the way to it, and
/// says of age and kinds what every word on the way says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    /// One bit per [`Group`]; 0 where no word of the trade ends.
    pub groups: u32,
    /// Length of the word in characters and in bytes.
    pub len: (u8, u8),
    /// A spelling that avoids word filters.
    pub disguised: bool,
    /// Latin letters at the edges, which must not continue outside.
    pub latin: (bool, bool),
    /// What is said of age and kind of the records.
    pub said: Said,
}

impl Entry {
    fn of(word: &str) -> Entry {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase());
        Entry {
            len: (word.chars().count() as u8, word.len() as u8),
            latin: (latin(word.chars().next()), latin(word.chars().next_back())),
            ..Entry::default()
        }
    }

    fn inherit(&mut self, shorter: &Entry) {
        let mut said = self.said;
        said.add(shorter.said);
        if self.groups == 0 {
            *self = *shorter;
        }
        self.said = said;
    }
}

/// All words, those of [`Said`] among them.
pub(super) static LEXICON: LazyLock<Trie<Entry>> = LazyLock::new(|| {
    let mut words: BTreeMap<&str, Entry> = BTreeMap::new();
    for (word, group, disguised) in rows() {
        let entry = words.entry(word).or_insert_with(|| Entry {
            disguised,
            ..Entry::of(word)
        });
        entry.groups |= 1 << group as u32;
    }
    for (word, said) in Said::words() {
        words.entry(word).or_default().said.add(said);
    }
    Trie::new(&words, Entry::inherit)
});

/// Word, group and whether it is a disguise, row by row.
fn rows() -> impl Iterator<Item = (&'static str, Group, bool)> {
    let lines = RAW.lines().filter(|l| !l.starts_with('#'));
    lines.filter_map(|line| {
        let mut cells = line.split('\t');
        let (word, id) = (cells.next()?, cells.next()?);
        let (group, _) = GROUP_LIST.into_iter().find(|(_, g)| *g == id)?;
        Some((word, group, cells.next().is_some_and(|c| !c.is_empty())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_a_word_of_the_lexicon() {
        let mut all = 0;
        for (word, group, _) in rows() {
            all += 1;
            let entry = LEXICON.walker()(word.chars().map(u32::from)).expect("an entry");
            assert_eq!(usize::from(entry.len.1), word.len(), "{word}");
            assert_ne!(entry.groups & 1 << group as u32, 0, "{word}");
        }
        assert_eq!(all, RAW.lines().filter(|l| !l.starts_with('#')).count());
        assert!(all > 1000);
    }
}
