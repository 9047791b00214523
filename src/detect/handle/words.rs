//! Words for WeChat and QQ, in the spellings that avoid filters.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Input, MatchKind};

/// Whose account a word announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    WeChat,
    Qq,
    /// The word is itself the beginning of a WeChat identifier.
    WxId,
}

impl Service {
    /// Numbers of characters that its account names have.
    pub(super) const fn lengths(self) -> RangeInclusive<usize> {
        match self {
            Service::WeChat => 6..=20,
            Service::Qq => 5..=11,
            Service::WxId => 15..=25,
        }
    }

    /// Whether its account names may have `byte` at a place.
    pub(super) const fn allows(self, place: usize, byte: u8) -> bool {
        match (self, place) {
            (Service::Qq, 0) => matches!(byte, b'1'..=b'9'),
            (Service::Qq, _) => byte.is_ascii_digit(),
            (_, 0) => byte.is_ascii_alphabetic(),
            (Service::WeChat, _) => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            (Service::WxId, _) => byte.is_ascii_alphanumeric() || byte == b'_',
        }
    }
}

/// A word for a service, in lower case.
struct Word {
    text: &'static str,
    service: Service,
}

const fn word(text: &'static str, service: Service) -> Word {
    Word { text, service }
}

/// Of two words that begin at the same place the first is tried first.
const WORDS: [Word; 25] = [
    word("wxid_", Service::WxId),
    word("微信", Service::WeChat),
    word("薇信", Service::WeChat),
    word("威信", Service::WeChat),
    word("徽信", Service::WeChat),
    word("v信", Service::WeChat),
    word("微❤信", Service::WeChat),
    word("威❤信", Service::WeChat),
    word("卫星", Service::WeChat),
    word("加v", Service::WeChat),
    word("加薇", Service::WeChat),
    word("加微", Service::WeChat),
    word("加威", Service::WeChat),
    word("➕v", Service::WeChat),
    word("➕薇", Service::WeChat),
    word("➕微", Service::WeChat),
    word("➕威", Service::WeChat),
    word("wechat", Service::WeChat),
    word("weixin", Service::WeChat),
    word("vx", Service::WeChat),
    word("wx", Service::WeChat),
    word("qq", Service::Qq),
    word("q号", Service::Qq),
    word("扣扣", Service::Qq),
    word("企鹅", Service::Qq),
];

/// How many letters of a Latin word are searched for; the rest is compared where they stand.
const SEARCHED: usize = 3;

/// Finds the heads of the words, in every mixture of cases: a search that ignores cases would do without the vector
/// instructions. Latin words are searched for by themselves, since short words make the search for the long ones slow.
struct Heads([AhoCorasick; 2]);

static HEADS: LazyLock<Option<Heads>> = LazyLock::new(|| {
    let search = |latin: bool| {
        let words = WORDS.iter().filter(|w| w.text.is_ascii() == latin);
        let kept = if latin { SEARCHED } else { usize::MAX };
        AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(words.flat_map(|w| cases(w.text.chars().take(kept))))
            .ok()
    };
    Some(Heads([search(false)?, search(true)?]))
});

/// A word in every mixture of upper and lower case.
fn cases(word: impl Iterator<Item = char>) -> Vec<String> {
    let mut cases = vec![String::new()];
    for c in word {
        let upper = c.to_ascii_uppercase();
        let spellings = [Some(c), (upper != c).then_some(upper)];
        cases = spellings
            .into_iter()
            .flatten()
            .flat_map(|c| cases.iter().map(move |head| format!("{head}{c}")))
            .collect();
    }
    cases
}

/// Goes over the words in a text.
pub(super) struct Words<'t> {
    text: &'t str,
    /// Where the next head of either sort begins; the text's length where there is none.
    next: [usize; 2],
}

impl<'t> Words<'t> {
    pub(super) fn new(text: &'t str) -> Words<'t> {
        let mut words = Words { text, next: [0; 2] };
        words.skip_to(0);
        words
    }

    /// Goes on with the first words at byte `from` or behind it.
    fn skip_to(&mut self, from: usize) {
        for (sort, next) in self.next.iter_mut().enumerate() {
            if from == 0 || *next < from {
                let heads = HEADS.as_ref().map(|h| &h.0[sort]);
                let found = heads.and_then(|h| h.find(Input::new(self.text).range(from..)));
                *next = found.map_or(self.text.len(), |m| m.start());
            }
        }
    }

    /// The next word that `read` makes something of, and what; the search goes on behind the byte that `end` gives.
    ///
    /// `read` is given where a word begins and ends and its service; of several words that begin at one place the first that
    /// it takes counts.
    pub(super) fn next<T>(
        &mut self,
        read: impl Fn(usize, usize, Service) -> Option<T>,
        end: impl Fn(&T) -> usize,
    ) -> Option<T> {
        loop {
            let start = self.next[0].min(self.next[1]);
            let first = self.text[start..].chars().next()?;
            let found = WORDS.iter().find_map(|word| {
                let end = start + word.text.len();
                let there = self.text.get(start..end)?;
                let same = there.eq_ignore_ascii_case(word.text);
                same.then(|| read(start, end, word.service)).flatten()
            });
            self.skip_to(found.as_ref().map_or(start + first.len_utf8(), &end));
            if found.is_some() {
                return found;
            }
        }
    }
}
