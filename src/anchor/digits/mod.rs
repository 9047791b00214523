//! Digits in any dress: one pass over a text that yields [`Chunk`]s, contiguous digits of one style.
//!
//! Chunks are what the text plainly holds; joining them across separators is a reading, made by the detectors with
//! [`Run`] and judged by them. ASCII digits are found eight bytes at a time. Everything else is only looked for at samples
//! sixteen bytes apart, which no eleven-digit number of three-byte characters can slip through, so clean Chinese text is
//! crossed at memory speed and ASCII text without digits is never decoded.

mod edge;
mod gap;
mod glyph;
mod pinyin;
mod run;

use std::sync::LazyLock;

pub(crate) use edge::{Edge, edge};
pub(crate) use gap::{Gap, classify};
pub(crate) use glyph::{Glyph, Style, dressed_end, invisible, read};
pub(crate) use run::{Run, reach};

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
}

impl Chunk {
    /// The first digit as ASCII.
    pub(crate) fn lead(&self, text: &str) -> u8 {
        match self.style {
            Style::Plain => text.as_bytes()[self.start],
            _ => glyphs(text, self).next().map_or(0, |g| g.value),
        }
    }
}

/// All chunks of a text, in order, never overlapping.
#[derive(Clone, Debug, Default)]
pub(crate) struct Digits {
    chunks: Vec<Chunk>,
}

/// How many bytes without a digit end the careful reading after a disguised one.
const PATIENCE: usize = 16;

/// Fewest digits of Chinese characters, without any ASCII digit near, that are kept: fewer are words.
const FEWEST_HAN: u32 = 7;

/// Which characters of the basic plane may be digits.
static MAYBE: LazyLock<Box<[u64]>> = LazyLock::new(|| {
    let mut bits = vec![0_u64; 1024].into_boxed_slice();
    for c in (0_u32..0x10000).filter_map(char::from_u32) {
        if glyph::digit(c).is_some() {
            bits[c as usize >> 6] |= 1 << (c as u32 & 63);
        }
    }
    bits
});

impl Digits {
    /// Reads a text.
    pub(crate) fn scan(text: &str) -> Digits {
        let mut scan = Scan {
            text,
            bytes: text.as_bytes(),
            maybe: &MAYBE,
            handled: 0,
            chunks: Vec::new(),
        };
        scan.run();
        let mut chunks = scan.chunks;
        for i in 1..chunks.len() {
            let (end, start) = (chunks[i - 1].end, chunks[i].start);
            chunks[i - 1].gap = gap::between(text, end, start);
        }
        Digits { chunks }
    }

    /// The chunks in order.
    pub(crate) fn chunks(&self) -> &[Chunk] {
        &self.chunks
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

struct Scan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    maybe: &'t [u64],
    /// Everything before this byte has been read.
    handled: usize,
    chunks: Vec<Chunk>,
}

const BLOCK: usize = 32;

impl Scan<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.bytes.len() {
            let block = &self.bytes[at..self.bytes.len().min(at + BLOCK)];
            let (before, high) = first_digit(block);
            let stop = at + before;
            if let Some(next) = self.sample(at, stop, high) {
                at = next;
            } else if before < block.len() {
                at = self.ascii(stop);
            } else {
                at = stop;
            }
        }
    }

    /// Looks for disguised digits at samples in `from..to`; where it finds some, reads them and tells how far.
    fn sample(&mut self, from: usize, to: usize, high: bool) -> Option<usize> {
        let mut at = from;
        while high && at < to {
            let p = self.boundary(at);
            if p >= self.handled && self.maybe_digit(p) && self.company(p) {
                let next = self.careful(p);
                if next > to {
                    return Some(next);
                }
            }
            at += 16;
        }
        // Syllables: three probes a block, each of which usually fails on its first bytes.
        let mut at = from;
        while at < to {
            if pinyin::probe(self.bytes, at)
                && at >= self.handled
                && let Some((start, end, count)) = pinyin::run_around(self.bytes, self.handled, at)
            {
                self.chunks.push(Chunk {
                    start,
                    end,
                    count,
                    style: Style::Pinyin,
                    gap: Gap::Wall,
                });
                self.handled = end;
                return Some(end);
            }
            at += 11;
        }
        None
    }

    fn boundary(&self, at: usize) -> usize {
        let mut p = at;
        while p > 0 && !self.text.is_char_boundary(p) {
            p -= 1;
        }
        p
    }

    /// Whether the character at `p` may be a disguised digit.
    #[inline]
    fn maybe_digit(&self, p: usize) -> bool {
        let b = self.bytes;
        let low = |i: usize| u32::from(b.get(p + i).copied().unwrap_or(0) & 0x3F);
        let code = match b[p] {
            0..0xC2 => return false,
            0xC2..0xE0 => u32::from(b[p] & 0x1F) << 6 | low(1),
            0xE0..0xF0 => u32::from(b[p] & 0x0F) << 12 | low(1) << 6 | low(2),
            _ => {
                let c = self.text[p..].chars().next();
                return c.is_some_and(|c| glyph::digit(c).is_some());
            }
        };
        self.maybe[(code >> 6) as usize] >> (code & 63) & 1 != 0
    }

    /// Whether another disguised digit stands within three characters: a single 一 in a sentence is not worth reading around.
    fn company(&self, p: usize) -> bool {
        let mut at = p;
        for _ in 0..3 {
            at += char_len(self.bytes[at]);
            if at >= self.bytes.len() {
                break;
            }
            if self.maybe_digit(at) {
                return true;
            }
        }
        let mut at = p;
        for _ in 0..3 {
            if at <= self.handled {
                break;
            }
            at = self.boundary(at - 1);
            if self.maybe_digit(at) {
                return true;
            }
        }
        false
    }

    /// Reads ASCII digits from `at` and goes on carefully where disguised ones may follow or precede. Returns how far.
    fn ascii(&mut self, at: usize) -> usize {
        if at > self.handled {
            match self.bytes[at - 1] {
                b'%' | b'#' | b'x' | b'X' | b'u' | b'U' | b'f' | b'F' => {
                    if let Some((start, c, len)) = self.escape_over(at) {
                        if c.is_ascii_digit() || glyph::digit(c).is_some() {
                            return self.careful(start);
                        }
                        self.handled = start + len;
                        return self.handled;
                    }
                }
                0x80.. => {
                    let p = self.boundary(at - 1);
                    if p >= self.handled && self.maybe_digit(p) {
                        return self.careful(p);
                    }
                }
                _ => {}
            }
        }
        let end = at + digits_len(&self.bytes[at..]);
        self.push(Chunk {
            start: at,
            end,
            count: (end - at) as u32,
            style: Style::Plain,
            gap: Gap::Wall,
        });
        if self.bytes.get(end).is_some_and(|b| *b >= 0xC2) && self.maybe_digit(end) {
            return self.careful(end);
        }
        end
    }

    /// The escape that covers byte `at`.
    fn escape_over(&self, at: usize) -> Option<(usize, char, usize)> {
        (1..=4).find_map(|back| {
            let start = at.checked_sub(back).filter(|s| *s >= self.handled)?;
            let (c, len) = glyph::escape(self.bytes, start)?;
            (start + len > at).then_some((start, c, len))
        })
    }

    /// Reads character by character around `from`, which holds a digit: first back over what the samples jumped, then on
    /// until no digit has been seen for a while. Returns how far.
    fn careful(&mut self, from: usize) -> usize {
        let mut at = self.back(from);
        let kept = self.chunks.len();
        let mut last = from;
        let mut plain = false;
        while at < self.bytes.len() && (at <= from || at - last <= PATIENCE) {
            let Some(glyph) = read(self.text, at) else {
                at += char_len(self.bytes[at]);
                continue;
            };
            if glyph.value.is_ascii_digit() {
                plain |= matches!(glyph.style, Style::Plain | Style::Escape | Style::Symbol);
                self.push(Chunk {
                    start: glyph.start,
                    end: glyph.end,
                    count: 1,
                    style: glyph.style,
                    gap: Gap::Wall,
                });
                last = glyph.end;
            }
            at = glyph.end;
        }
        if !plain && self.chunks[kept..].iter().map(|c| c.count).sum::<u32>() < FEWEST_HAN {
            self.chunks.truncate(kept);
        }
        self.handled = self.handled.max(last.max(from + 1));
        self.handled = self.boundary_up(self.handled);
        self.handled
    }

    fn boundary_up(&self, at: usize) -> usize {
        let mut p = at;
        while p < self.bytes.len() && !self.text.is_char_boundary(p) {
            p += 1;
        }
        p
    }

    /// Where the digits around `from` may begin.
    fn back(&self, from: usize) -> usize {
        let mut first = from;
        let mut at = from;
        while at > self.handled && first - at <= PATIENCE {
            at = self.boundary(at - 1);
            if self.maybe_digit(at) {
                first = at;
            }
        }
        first.max(self.handled)
    }

    /// Adds a chunk, or lengthens the last one where it touches and has the same style.
    fn push(&mut self, chunk: Chunk) {
        self.handled = chunk.end;
        if let Some(last) = self.chunks.last_mut()
            && last.end == chunk.start
            && last.style == chunk.style
        {
            last.end = chunk.end;
            last.count += chunk.count;
            return;
        }
        self.chunks.push(chunk);
    }
}

fn char_len(first: u8) -> usize {
    match first {
        0..0xC2 => 1,
        0xC2..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// The high bit of every byte of `word` that is an ASCII digit.
const fn digit_bits(word: u64) -> u64 {
    let x = word ^ 0x3030_3030_3030_3030;
    !((x & 0x7F7F_7F7F_7F7F_7F7F).wrapping_add(0x7676_7676_7676_7676) | x) & 0x8080_8080_8080_8080
}

/// Position of the first ASCII digit, or the length; and whether anything beyond ASCII stands in the words up to there.
#[inline]
fn first_digit(block: &[u8]) -> (usize, bool) {
    let (words, rest) = block.as_chunks::<8>();
    let mut high = 0;
    for (i, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        high |= word & 0x8080_8080_8080_8080;
        let hits = digit_bits(word);
        if hits != 0 {
            return (i * 8 + hits.trailing_zeros() as usize / 8, high != 0);
        }
    }
    let digit = rest.iter().position(u8::is_ascii_digit);
    let high = high != 0 || !rest.is_ascii();
    (words.len() * 8 + digit.unwrap_or(rest.len()), high)
}

/// Number of ASCII digits at the start.
fn digits_len(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let others = digit_bits(u64::from_le_bytes(*word)) ^ 0x8080_8080_8080_8080;
        if others != 0 {
            return i * 8 + others.trailing_zeros() as usize / 8;
        }
    }
    words.len() * 8 + rest.iter().take_while(|b| b.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(String, Style)> {
        Digits::scan(text)
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
            "医伞芭铃铃医伞芭铃铃铃",
            "16零零445八7三87",
            "%31%33%38%30%30%31%33%38%30%30%30",
            r"\u0031\u0033\u0038\u0030\u0030\u0031\u0033\u0038\u0030\u0030\u0030",
            "yao san ba ling ling yao san ba ling ling ling",
        ] {
            let count = digits(number).len();
            assert!(count >= 11, "{number} {count}");
            for pad in 0..40 {
                let text = format!("{}:{number} {}", "货".repeat(pad), "联系".repeat(pad));
                assert_eq!(digits(&text), digits(number), "{pad} {number}");
            }
        }
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
