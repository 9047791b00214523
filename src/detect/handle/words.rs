//! Words for WeChat and QQ, in the spellings that avoid filters.

use std::cmp::Reverse;
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

/// What is searched for, one of which is in every word. Of a Han character it is the last two bytes, which fewer others share than
/// the first. Words that may begin at the same place have the same one, and no word begins inside another before it. The search
/// tells eight groups apart, and by their order the last three are put with those of the first that they are like.
const PAIRS: [[u8; 2]; 11] = [
    last_two("加"),
    last_two("➕"),
    *b"qq",
    *b"wx",
    *b"we",
    *b"vx",
    last_two("信"),
    last_two("卫"),
    last_two("扣"),
    last_two("鹅"),
    // The beginning of q号.
    [b'q', "号".as_bytes()[0]],
];

const fn last_two(c: &str) -> [u8; 2] {
    let bytes = c.as_bytes();
    [bytes[1], bytes[2]]
}

/// A word, and where in it what is searched for stands.
type Sought = (usize, &'static Word);

struct Heads {
    search: AhoCorasick,
    /// For every pattern the words that it is in, those first that begin first.
    words: Vec<Vec<Sought>>,
}

static HEADS: LazyLock<Option<Heads>> = LazyLock::new(|| {
    let (mut patterns, mut words) = (Vec::new(), Vec::new());
    for upper in 0..4 {
        for pair in PAIRS {
            let spelling =
                [(pair[0], upper & 1), (pair[1], upper & 2)].map(|(b, upper)| match upper {
                    0 => b,
                    _ => b.to_ascii_uppercase(),
                });
            if !patterns.contains(&spelling) {
                patterns.push(spelling);
                words.push(words_with(pair));
            }
        }
    }
    let search = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .build(patterns)
        .ok()?;
    Some(Heads { search, words })
});

/// The words that a pair is in.
fn words_with(pair: [u8; 2]) -> Vec<Sought> {
    let sought = |word: &'static Word| {
        let at = word.text.as_bytes().windows(2).position(|w| w == pair)?;
        Some((at, word))
    };
    let mut words: Vec<Sought> = WORDS.iter().filter_map(sought).collect();
    words.sort_by_key(|(at, _)| Reverse(*at));
    words
}

/// Goes over the words in a text.
pub(super) struct Words<'t> {
    text: &'t str,
    /// Where words may begin that were not told yet.
    from: usize,
    /// Where the search goes on.
    at: usize,
}

impl<'t> Words<'t> {
    pub(super) fn new(text: &'t str) -> Words<'t> {
        Words {
            text,
            from: 0,
            at: 0,
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
        let heads = HEADS.as_ref()?;
        loop {
            let rest = Input::new(self.text).range(self.at..);
            let pair = heads.search.find(rest)?;
            let words = heads.words.get(pair.pattern().as_usize())?;
            let found = words.iter().find_map(|(at, word)| {
                let start = pair.start().checked_sub(*at)?;
                let end = start + word.text.len();
                let there = self.text.get(start..end)?;
                let same = start >= self.from && there.eq_ignore_ascii_case(word.text);
                same.then(|| read(start, end, word.service)).flatten()
            });
            self.at = pair.start() + 1;
            if let Some(found) = found {
                self.from = end(&found);
                self.at = self.at.max(self.from);
                return Some(found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_in_every_case() {
        for word in &WORDS {
            for text in [word.text.to_owned(), word.text.to_uppercase()] {
                let line = format!("他的{text}，和{text}");
                let mut words = Words::new(&line);
                let first = "他的".len();
                for start in [first, first + text.len() + "，和".len()] {
                    let at = words.next(|start, end, _| Some((start, end)), |(_, end)| *end);
                    assert_eq!(at, Some((start, start + text.len())), "{line}");
                }
            }
        }
    }
}
