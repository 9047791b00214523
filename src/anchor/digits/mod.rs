//! Digits in any dress: one pass over a text that yields [`Chunk`]s, contiguous digits of one style.
//!
//! Chunks are what the text plainly holds; joining them across separators is a reading, made by the detectors with
//! [`Run`] and judged by them. ASCII digits are found sixty-four bytes at a time. Everything else is only looked for at samples
//! sixteen bytes apart, which no eleven-digit number of three-byte characters can slip through, so clean Chinese text is
//! crossed at memory speed and ASCII text without digits is never decoded.

mod block;
mod edge;
mod gap;
mod glyph;
mod pinyin;
mod run;

use block::{BLOCK, Block, bits, digits_len};
pub(crate) use edge::{Edge, edge};
pub(crate) use gap::{Gap, classify};
pub(crate) use glyph::{Glyph, Style, dressed_end, invisible, read};
pub(crate) use run::{Run, adds_up};

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
    /// Number of digits from its first one to the next wall.
    pub(crate) reach: u32,
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

impl Digits {
    /// Reads a text.
    pub(crate) fn of(text: &str) -> Digits {
        Digits::default().scan(text)
    }

    /// Reads a text into the buffer that holds other digits so far.
    pub(crate) fn scan(self, text: &str) -> Digits {
        let mut chunks = self.chunks;
        chunks.clear();
        let mut scan = Scan {
            text,
            bytes: text.as_bytes(),
            maybe: glyph::digit_bits(),
            tails: glyph::tail_bits(),
            handled: 0,
            chunks,
        };
        scan.run();
        let mut chunks = scan.chunks;
        let (mut next, mut reach) = (None, 0_u32);
        for chunk in chunks.iter_mut().rev() {
            if let Some(start) = next {
                chunk.gap = gap::between(text, chunk.end, start);
            }
            reach = match chunk.gap {
                Gap::Wall => chunk.count,
                _ => reach.saturating_add(chunk.count),
            };
            chunk.reach = reach;
            next = Some(chunk.start);
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
    tails: &'t [u64; 64],
    /// Everything before this byte has been read.
    handled: usize,
    chunks: Vec<Chunk>,
}

/// Places in a block at which disguised digits are looked for, sixteen bytes apart.
const SAMPLES: u64 = 0x0001_0001_0001_0001;

/// Places in a block at which spelt-out digits are looked for, eleven bytes apart.
const PROBES: u64 = 1 | 1 << 11 | 1 << 22 | 1 << 33 | 1 << 44 | 1 << 55;

impl Scan<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.bytes.len() {
            at = self.block(at);
        }
    }

    /// Reads the block that begins at `at`. Returns how far.
    fn block(&mut self, at: usize) -> usize {
        let block = Block::read(&self.bytes[at..]);
        let len = BLOCK.min(self.bytes.len() - at);
        let (samples, probes) = (block.high & SAMPLES, block.ten_letters() & PROBES);
        let (mut digits, mut from) = (block.digits, 0);
        loop {
            let start = len.min(digits.trailing_zeros() as usize);
            let between = bits(from, start);
            if let Some(next) = self
                .sample(at, samples & between, start)
                .or_else(|| self.syllables(at, probes & between))
            {
                return next;
            }
            if start == len {
                return at + len;
            }
            let end = start + (!(digits >> start)).trailing_zeros() as usize;
            if end >= BLOCK {
                let end = at + BLOCK + digits_len(&self.bytes[at + BLOCK..]);
                return self.ascii(at + start, end);
            }
            let next = self.ascii(at + start, at + end);
            if next != at + end {
                return next;
            }
            digits &= !bits(0, end);
            from = end;
        }
    }

    /// Looks for disguised digits at the places of a block that begins at `at`, before its byte `to`; where it finds some, reads
    /// them and tells how far.
    #[inline]
    fn sample(&mut self, at: usize, mut places: u64, to: usize) -> Option<usize> {
        while places != 0 {
            let p = self.boundary(at + places.trailing_zeros() as usize);
            places &= places - 1;
            if p >= self.handled && self.maybe_digit(p) && self.company(p) {
                let next = self.careful(p);
                if next > at + to {
                    return Some(next);
                }
            }
        }
        None
    }

    /// Looks for spelt-out digits at the places of a block that begins at `at`; most of them fail on their first bytes.
    #[inline]
    fn syllables(&mut self, at: usize, mut places: u64) -> Option<usize> {
        while places != 0 {
            let p = at + places.trailing_zeros() as usize;
            places &= places - 1;
            if pinyin::probe(self.bytes, p)
                && p >= self.handled
                && let Some((start, end, count)) = pinyin::run_around(self.bytes, self.handled, p)
            {
                self.push(start, end, count, Style::Pinyin);
                return Some(end);
            }
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

    /// Whether a character that ends with these two bytes may be a disguised digit. Few others do.
    #[inline]
    fn may_end_digit(&self, second_last: u8, last: u8) -> bool {
        self.tails[usize::from(second_last & 0x3F)] >> (last & 0x3F) & 1 != 0
    }

    /// Whether the character at `p` may be a disguised digit.
    #[inline]
    fn maybe_digit(&self, p: usize) -> bool {
        let code = match self.bytes[p..] {
            [first @ 0xE0..0xF0, second, third, ..] => {
                u32::from(first & 0x0F) << 12
                    | u32::from(second & 0x3F) << 6
                    | u32::from(third & 0x3F)
            }
            [first @ 0xC2..0xE0, second, ..] => {
                u32::from(first & 0x1F) << 6 | u32::from(second & 0x3F)
            }
            [0xF0..=0xFF, ..] => {
                let c = self.text[p..].chars().next();
                return c.is_some_and(|c| glyph::digit(c).is_some());
            }
            _ => return false,
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

    /// Takes the ASCII digits `at..end` in and goes on carefully where disguised ones may follow or precede. Returns how far.
    #[inline]
    fn ascii(&mut self, at: usize, end: usize) -> usize {
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
                last @ 0x80.. if self.may_end_digit(self.bytes[at - 2], last) => {
                    let p = self.boundary(at - 1);
                    if p >= self.handled && self.maybe_digit(p) {
                        return self.careful(p);
                    }
                }
                _ => {}
            }
        }
        self.push(at, end, (end - at) as u32, Style::Plain);
        let may_follow = match self.bytes[end..] {
            [0xE0..0xF0, second, third, ..] => self.may_end_digit(second, third),
            [0xC2..=0xFF, ..] => true,
            _ => false,
        };
        if may_follow && self.maybe_digit(end) {
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
                self.push(glyph.start, glyph.end, 1, glyph.style);
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
    #[inline]
    fn push(&mut self, start: usize, end: usize, count: u32, style: Style) {
        self.handled = end;
        if let Some(last) = self.chunks.last_mut()
            && last.end == start
            && last.style == style
        {
            last.end = end;
            last.count += count;
            return;
        }
        self.chunks.push(Chunk {
            start,
            end,
            count,
            style,
            gap: Gap::Wall,
            reach: 0,
        });
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
