//! Digits in any dress: one pass over a text that yields [`Chunk`]s, contiguous digits of one style.
//!
//! Chunks are what the text plainly holds; joining them across separators is a reading, made by the detectors with
//! [`Run`] and judged by them. ASCII digits are found sixty-four bytes at a time. Everything else is only looked for at samples
//! about twenty bytes apart, which no eleven-digit number of three-byte characters can slip through, so clean Chinese text is
//! crossed at memory speed and ASCII text without digits is never decoded.

mod alone;
mod block;
mod edge;
mod gap;
mod glyph;
mod pinyin;
mod run;
mod scan;

pub(crate) use edge::{Edge, edge};
pub(crate) use gap::{Gap, classify, is_mark};
pub(crate) use glyph::{Glyph, Style, digit, dressed_end, invisible, read};
pub(crate) use run::Run;

/// Contiguous digits of one style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// First byte of the first digit.
    pub(crate) start: usize,
    /// One past the last byte of the last digit.
    pub(crate) end: usize,
    /// Number of digits.
    pub(crate) count: u32,
    /// How they are written.
    pub(crate) style: Style,
    /// What stands between it and the next chunk; a wall after the last one.
    pub(crate) gap: Gap,
    /// Bit `n` says that a chunk ends `n` digits on from its first one, with no wall between; bit 31 stands for 31 and more.
    pub(crate) ends: u32,
    /// Whether it stands inside a row of chunks with the same separator, so that no number begins there. Rows of separated digits
    /// are thereby read once and not once per digit.
    pub(crate) in_row: bool,
}

impl Chunk {
    /// The first digit as ASCII.
    pub(crate) fn lead(&self, text: &str) -> u8 {
        match self.style {
            Style::Plain => text.as_bytes()[self.start],
            _ => glyphs(text, self).next().map_or(0, |g| g.value),
        }
    }

    /// Whether at least `n` digits, up to 31, follow from its first one on before a wall.
    #[inline]
    pub(crate) const fn reaches(&self, n: u32) -> bool {
        self.ends >> n != 0
    }

    /// Whether it has, with the chunks after it up to some chunk before a wall, one of these numbers of digits, a bit for each.
    #[inline]
    pub(crate) const fn adds_up(&self, lengths: u32) -> bool {
        self.ends & lengths != 0
    }

    /// The `ends` of a chunk of `count` digits before a chunk, or a wall (0), with `ends`.
    #[inline]
    const fn ends_before(count: u32, ends: u32) -> u32 {
        let count = if count < 32 { count } else { 32 };
        let moved = (ends as u64 | 1) << count;
        moved as u32 | ((moved >> 31 != 0) as u32) << 31
    }
}

/// Chunks of a text, in order, never overlapping: all those that may be part of a number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Digits {
    chunks: Vec<Chunk>,
}

impl Digits {
    /// Reads a text.
    pub(crate) fn of(text: &str) -> Digits {
        Digits::default().scan(text)
    }

    /// Reads a text into the buffer that holds other digits so far.
    pub(crate) fn scan(self, text: &str) -> Digits {
        let mut chunks = scan::chunks(text, self.chunks);
        settle(text, &mut chunks);
        Digits { chunks }
    }

    /// The chunks in order.
    pub(crate) fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }
}

/// Tells what stands between the chunks and what they add up to, group by group between walls, and leaves out the groups that are
/// no part of a number.
fn settle(text: &str, chunks: &mut Vec<Chunk>) {
    let bytes = text.as_bytes();
    let (mut kept, mut first, mut digits) = (0, 0, 0);
    for at in 0..chunks.len() {
        let gap = match chunks[at..] {
            [Chunk { end, .. }, Chunk { start, .. }, ..] => gap::between(text, end, start),
            _ => Gap::Wall,
        };
        digits += chunks[at].count;
        // Every chunk begins with a wall behind it.
        if gap != Gap::Wall {
            chunks[at].gap = gap;
            continue;
        }
        let group = first..at + 1;
        if first == at {
            // Most chunks stand between walls of their own.
            let chunk = chunks[at];
            if !alone::is_too_few(bytes, &chunk) {
                if kept < at {
                    chunks[kept] = chunk;
                }
                chunks[kept].ends = Chunk::ends_before(chunk.count, 0);
                kept += 1;
            }
        } else if digits >= alone::FEWEST_IN_WORDS
            || !alone::are_too_few(bytes, &chunks[group.clone()], digits)
        {
            add_up(&mut chunks[group.clone()]);
            kept += group.len();
            chunks.copy_within(group.clone(), kept - group.len());
        }
        (first, digits) = (at + 1, 0);
    }
    chunks.truncate(kept);
}

/// Tells the chunks of a group between walls what they add up to.
fn add_up(group: &mut [Chunk]) {
    let mut next: Option<&mut Chunk> = None;
    for chunk in group.iter_mut().rev() {
        let mut ends = 0;
        if let Some(next) = next {
            ends = next.ends;
            next.in_row = chunk.gap == next.gap && chunk.gap != Gap::None && chunk.count < 7;
        }
        chunk.ends = Chunk::ends_before(chunk.count, ends);
        next = Some(chunk);
    }
}

/// The digits of a chunk, each with its own bytes.
pub(crate) fn glyphs<'t>(text: &'t str, chunk: &Chunk) -> impl Iterator<Item = Glyph> + 't {
    let chunk = *chunk;
    let mut at = chunk.start;
    std::iter::from_fn(move || {
        if at >= chunk.end {
            return None;
        }
        let glyph = match chunk.style {
            Style::Pinyin => {
                let skip = usize::from(matches!(text.as_bytes().get(at), Some(b' ' | b'-')));
                let (value, len) = pinyin::syllable(text.as_bytes(), at + skip)?;
                Glyph {
                    value: b'0' + value,
                    style: Style::Pinyin,
                    start: at + skip,
                    end: at + skip + len,
                }
            }
            _ => read(text, at)?,
        };
        at = glyph.end;
        Some(glyph)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(String, Style)> {
        Digits::of(text)
            .chunks()
            .iter()
            .map(|c| {
                let digits = glyphs(text, c).map(|g| g.value as char).collect();
                (digits, c.style)
            })
            .collect()
    }

    fn digits(text: &str) -> String {
        values(text).into_iter().map(|(d, _)| d).collect()
    }

    #[test]
    fn plain_digits_are_found_wherever_they_stand() {
        for pad in 0..70 {
            let text = format!("{}13800138000{}", "联".repeat(pad), "系a".repeat(pad));
            assert_eq!(digits(&text), "13800138000", "{pad}");
        }
    }

    #[test]
    fn disguised_digits_are_found_wherever_they_stand() {
        for number in [
            "一三八零零幺三捌〇洞零",
            "⒈⒊⒏⓪⓪①③⑧⓪⓪⓪",
            "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
            "一、三、八、零、零、一、三、八、零、零、零",
            "一~三~八~零~零~一~三~八~零~零~零",
            "三减八减零减零减一减三减八减零减零减零减九",
            "１　３　８　０　０　１　３　８　０　０　０",
            "①③⑧⓪⓪①③⑧⓪⓪⓪",
            "①+③+⑧+⓪+⓪+①+③+⑧+⓪+⓪+⓪",
            "١-٣-٨-٠-٠-١-٣-٨-٠-٠-٠",
            "医伞芭铃铃医伞芭铃铃铃",
            "16零零445八7三87",
            "1⑨①1302⑤64⑧",
            "%31%33%38%30%30%31%33%38%30%30%30",
            r"\u0031\u0033\u0038\u0030\u0030\u0031\u0033\u0038\u0030\u0030\u0030",
            "yao san ba ling ling yao san ba ling ling ling",
        ] {
            let count = digits(number).len();
            assert!(count >= 11, "{number} {count}");
            for pad in 0..64 {
                for before in [":", "："] {
                    let (x, y) = ("x".repeat(pad), "货".repeat(pad / 2));
                    let text = format!("{x}{y}{before}{number} {}", "联系".repeat(pad));
                    assert_eq!(digits(&text), digits(number), "{pad} {number}");
                }
            }
        }
    }

    #[test]
    fn chunks_know_what_they_add_up_to() {
        let ends = |text: &str| -> Vec<u32> {
            let digits = Digits::of(text);
            digits.chunks().iter().map(|c| c.ends).collect()
        };
        assert_eq!(
            ends("138-0013-8000,12345"),
            [1 << 3 | 1 << 7 | 1 << 11, 1 << 4 | 1 << 8, 1 << 4, 1 << 5]
        );
        let long = format!("5-{}", "7".repeat(40));
        assert_eq!(ends(&long), [1 << 1 | 1 << 31, 1 << 31]);
        assert!(Digits::of(&long).chunks()[0].reaches(20));
        assert!(!Digits::of("5-7777").chunks()[0].reaches(6));
    }

    #[test]
    fn words_are_not_digits() {
        for text in [
            "三里屯一号院",
            "五五开，七七八八",
            "a basin is big",
            "%4A%4b",
            "100%",
        ] {
            let found = digits(text);
            assert!(found.is_empty() || found == "100", "{text} {found}");
        }
    }

    #[test]
    fn styles_part_chunks() {
        assert_eq!(
            values("李四18090040619一件"),
            [
                ("四".replace('四', "4"), Style::Han),
                ("18090040619".into(), Style::Plain),
                ("1".into(), Style::Han)
            ]
        );
    }
}
