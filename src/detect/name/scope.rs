//! How much of a text is read for names.

use std::iter::{self, Peekable};
use std::ops::Range;

use memchr::memmem;

use crate::detect::Candidate;
use crate::text::class::is_han;
use crate::text::dense::places;
use crate::text::triples::Triples;

/// Where names are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameScope {
    /// In all text: 100 MB/s and more on one core.
    #[default]
    Everywhere,
    /// Only within 240 bytes of what other detectors found (numbers, addresses, waybills), of labels (收件人, `consignee`), of
    /// titles (先生) and of what parts the cells of tables. For texts in which a name without any of these is nobody's
    /// data, such as news; gigabytes a second where nothing of the kind stands. Use [`NameScope::Everywhere`] for lists of
    /// names.
    Near,
}

/// How far from a candidate or a cue a name may stand, in bytes: about eighty characters.
const NEAR: usize = 240;

/// Text around which names are looked for.
struct Cue {
    text: &'static str,
    /// Three bytes of it by which it is looked for, and where in it they stand.
    key: [u8; 3],
    place: usize,
}

impl Cue {
    const fn new(text: &'static str, place: usize) -> Cue {
        let bytes = text.as_bytes();
        let key = [bytes[place], bytes[place + 1], bytes[place + 2]];
        Cue { text, key, place }
    }
}

/// Labels, titles, and what stands between the cells of tables; tabs and bars are looked for apart. Keys are of the rarest character
/// of each.
static CUES: [Cue; 28] = [
    Cue::new("收件", 3),
    Cue::new("收货", 3),
    Cue::new("寄件", 3),
    Cue::new("发件", 3),
    Cue::new("联系人", 3),
    Cue::new("姓名", 0),
    Cue::new("客户", 3),
    Cue::new("买家", 0),
    Cue::new("签收", 0),
    Cue::new("名字", 3),
    Cue::new("户主", 0),
    Cue::new("先生", 3),
    Cue::new("女士", 3),
    Cue::new("小姐", 3),
    Cue::new("太太", 0),
    Cue::new("阿姨", 3),
    Cue::new("师傅", 3),
    Cue::new("老师", 3),
    Cue::new("某某", 0),
    Cue::new("您好", 0),
    Cue::new("”,“", 0),
    Cue::new("receiver", 2),
    Cue::new("consignee", 5),
    Cue::new("name", 1),
    Cue::new("Name", 1),
    Cue::new("sender", 2),
    Cue::new("----", 0),
    Cue::new("','", 0),
];

/// The keys of [`CUES`], grouped so that little else of prose passes.
static KEYS: Triples = Triples::new()
    .members("件买")
    .members("货户")
    .members("姓姐生某")
    .members("字士签")
    .members("太姨您师")
    .members("傅”系")
    .members("ameceignende")
    .members("---','");

/// The [`CUES`] of a text in order, none of which overlaps the one before.
fn cues(text: &[u8]) -> impl Iterator<Item = Anchor> {
    let mut done = 0;
    KEYS.hits(text).filter_map(move |at| {
        let key: &[u8; 3] = text[at..].first_chunk()?;
        let found = CUES.iter().filter(|cue| cue.key == *key).find_map(|cue| {
            let start = at.checked_sub(cue.place).filter(|start| *start >= done)?;
            let cue = cue.text.as_bytes();
            text[start..]
                .starts_with(cue)
                .then_some((start, start + cue.len()))
        });
        done = found.map_or(done, |(_, end)| end);
        found
    })
}

/// A half-open range of bytes around which names are looked for.
type Anchor = (usize, usize);

/// Two sorted lists as one.
fn merged(
    a: impl Iterator<Item = Anchor>,
    b: impl Iterator<Item = Anchor>,
) -> impl Iterator<Item = Anchor> {
    fn first<I: Iterator<Item = Anchor>, J: Iterator<Item = Anchor>>(
        a: &mut Peekable<I>,
        b: &mut Peekable<J>,
    ) -> Option<Anchor> {
        match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if y < x => b.next(),
            (Some(_), _) => a.next(),
            (None, _) => b.next(),
        }
    }
    let (mut a, mut b) = (a.peekable(), b.peekable());
    iter::from_fn(move || first(&mut a, &mut b))
}

/// Finds the neighbourhoods of a text; kept between calls for its memory.
#[derive(Debug, Default)]
pub(super) struct Neighbourhoods {
    anchors: Vec<Anchor>,
    parts: Vec<Range<usize>>,
}

impl Neighbourhoods {
    /// The parts of `text` around candidates and cues, merged and in order; none begins in the middle of a run of Han characters
    /// that is shorter than [`NEAR`].
    pub(super) fn of(&mut self, text: &str, candidates: &[Candidate]) -> &[Range<usize>] {
        let Neighbourhoods { anchors, parts } = self;
        anchors.clear();
        parts.clear();
        anchors.extend(candidates.iter().map(|c| (c.span.start, c.span.end)));
        anchors.sort_unstable();
        let marks = memchr::memchr2_iter(b'\t', b'|', text.as_bytes());
        let cues = merged(cues(text.as_bytes()), marks.map(|at| (at, at + 1)));
        for (start, end) in merged(anchors.iter().copied(), cues) {
            let end = (end + NEAR).min(text.len());
            match parts.last_mut() {
                // Looking for the head takes longer, and within reach it does not matter.
                Some(last) if start <= last.end + NEAR => last.end = last.end.max(end),
                Some(last) if head(text, start) <= last.end => last.end = last.end.max(end),
                _ => parts.push(head(text, start)..end),
            }
            if let Some(last) = parts.last_mut() {
                while !text.is_char_boundary(last.end) {
                    last.end -= 1;
                }
            }
        }
        parts
    }
}

/// How closely, in bytes, broken bytes follow one another on a line, and how many of them, before what lies between is no text.
const WRECK_GAP: usize = 64;
const WRECK: usize = 8;

/// The parts of `text` that are not strewn with broken bytes, in order. Random bytes read as Han characters are full of names, and
/// a field that was cut off in the middle of a character is not strewn with them.
pub(super) fn readable(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut wrecks = wrecks(text).peekable();
    let mut from = 0;
    iter::from_fn(move || {
        let Some(mut wreck) = wrecks.next() else {
            let rest = from..text.len();
            from = text.len();
            return (!rest.is_empty()).then_some(rest);
        };
        while let Some(next) = wrecks.next_if(|next| next.start - wreck.end <= NEAR) {
            wreck.end = next.end;
        }
        let whole = from..wreck.start;
        from = wreck.end;
        Some(whole)
    })
    .filter(|part| !part.is_empty())
}

/// From the first to the last of at least [`WRECK`] broken bytes that stand close together.
fn wrecks(text: &str) -> impl Iterator<Item = Range<usize>> {
    const BROKEN: &[u8] = "\u{FFFD}".as_bytes();
    let bytes = text.as_bytes();
    // Nearly all texts have none; where there are some, they may be everywhere.
    let whole = memmem::find(bytes, BROKEN).unwrap_or(bytes.len());
    let mut line_begins = false;
    let broken = places(&bytes[whole..], [BROKEN[0], b'\n']).filter_map(move |at| {
        let at = whole + at;
        line_begins |= bytes[at] == b'\n';
        let broken = bytes[at..].starts_with(BROKEN);
        broken.then(|| (at, std::mem::take(&mut line_begins)))
    });
    let mut broken = broken.peekable();
    iter::from_fn(move || {
        loop {
            let (first, _) = broken.next()?;
            let (mut last, mut count) = (first, 1);
            let goes_on =
                |last, (next, line_begins): (usize, bool)| !line_begins && next - last <= WRECK_GAP;
            while let Some((next, _)) = broken.next_if(|next| goes_on(last, *next)) {
                (last, count) = (next, count + 1);
            }
            if count >= WRECK {
                return Some(first..last + BROKEN.len());
            }
        }
    })
}

/// Where the neighbourhood of what starts at `start` begins.
fn head(text: &str, start: usize) -> usize {
    let mut at = start.saturating_sub(NEAR);
    while !text.is_char_boundary(at) {
        at += 1;
    }
    let before = text[..at].chars().rev().take(NEAR / 3);
    at - before
        .take_while(|c| is_han(*c))
        .map(char::len_utf8)
        .sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::span::Span;

    fn neighbourhoods(text: &str, candidates: &[Candidate]) -> Vec<Range<usize>> {
        Neighbourhoods::default().of(text, candidates).to_vec()
    }

    #[test]
    fn close_candidates_share_a_neighbourhood() {
        let text = "字，".repeat(500);
        let at = |start| Candidate::new(Kind::Mobile, Span::new(start, start + 3));
        let found = neighbourhoods(&text, &[at(600), at(900), at(2_400)]);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|r| text.get(r.clone()).is_some()));
        assert!(found[0].contains(&600) && found[0].contains(&900));
        assert!(neighbourhoods(&text, &[]).is_empty());
    }

    #[test]
    fn labels_titles_and_cells_are_looked_around() {
        let prose = "天气很好，".repeat(100);
        for cue in ["收件人", "先生", "consignee", "\t"] {
            let text = format!("{prose}{cue}{prose}");
            let found = neighbourhoods(&text, &[]);
            assert_eq!(found.len(), 1, "{cue}");
            assert!(found[0].contains(&prose.len()) && found[0].len() < 2 * NEAR + 20);
        }
    }

    #[test]
    fn every_cue_is_found_by_its_key() {
        let naive = |text: &str| {
            let (mut found, mut at) = (Vec::new(), 0);
            while at < text.len() {
                let rest = &text.as_bytes()[at..];
                let cue = CUES
                    .iter()
                    .find(|cue| rest.starts_with(cue.text.as_bytes()));
                let len = cue.map_or(0, |cue| cue.text.len());
                found.extend(cue.map(|_| (at, at + len)));
                at += len.max(1);
            }
            found
        };
        let behind_first = |cue: &'static Cue| {
            let first = cue.text.chars().next().map_or(0, char::len_utf8);
            &cue.text[first..]
        };
        let pairs = CUES.iter().flat_map(|a| CUES.iter().map(move |b| (a, b)));
        for (a, b) in pairs {
            let text = format!(
                "好{}{}{}{}好{}",
                a.text,
                b.text,
                a.text,
                behind_first(b),
                behind_first(a),
            );
            let found: Vec<Anchor> = cues(text.as_bytes()).collect();
            assert_eq!(found, naive(&text), "{text}");
        }
        for text in [
            "-----------",
            "老师傅",
            "客户主",
            "',',','",
            "某某某某某",
            "太太太",
        ] {
            let found: Vec<Anchor> = cues(text.as_bytes()).collect();
            assert_eq!(found, naive(text), "{text}");
        }
    }

    #[test]
    fn what_is_strewn_with_broken_bytes_is_left_out() {
        let of = |text: &str| {
            let parts = readable(text).map(|part| text[part].to_owned());
            parts.collect::<Vec<String>>()
        };
        let wreck = "王\u{FFFD}伟".repeat(WRECK);
        assert_eq!(of(&format!("张三{wreck}李四")), ["张三王", "伟李四"]);
        assert_eq!(of(&wreck), ["王", "伟"]);
        assert_eq!(of(&format!("{wreck}张三\n{wreck}")), ["王", "伟"]);
        let rows = "王\u{FFFD},赵云\n".repeat(2 * WRECK);
        for whole in [
            "张三",
            &rows,
            "张\u{FFFD},138\u{FFFD}\u{FFFD}",
            &wreck[..18],
        ] {
            assert_eq!(of(whole), [whole]);
        }
        assert!(of("").is_empty());
    }

    #[test]
    fn a_neighbourhood_begins_where_a_run_does() {
        let text = format!("，{}13800000000", "字".repeat(100));
        let phone = Candidate::new(Kind::Mobile, Span::new(303, 314));
        assert_eq!(neighbourhoods(&text, &[phone])[0].start, 3);
    }
}
