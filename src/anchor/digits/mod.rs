//! Digits in any dress: one pass over a text that yields [`Chunk`]s, contiguous digits of one style.
//!
//! Chunks are what the text plainly holds; joining them across separators is a reading, made by the detectors with
//! [`Run`] and judged by them. ASCII digits are found sixty-four bytes at a time. Everything else is only looked for at samples
//! sixteen bytes apart, which no eleven-digit number of three-byte characters can slip through, so clean Chinese text is
//! crossed at memory speed and ASCII text without digits is never decoded.

mod alone;
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
    let (mut kept, mut first) = (0, 0);
    while first < chunks.len() {
        let (mut end, mut digits) = (first, 0);
        loop {
            let gap = match chunks[end..] {
                [Chunk { end, .. }, Chunk { start, .. }, ..] => gap::between(text, end, start),
                _ => Gap::Wall,
            };
            digits += chunks[end].count;
            chunks[end].gap = gap;
            end += 1;
            if gap == Gap::Wall {
                break;
            }
        }
        let group = &mut chunks[first..end];
        if !alone::too_few(text, group, digits) {
            let mut next: Option<&mut Chunk> = None;
            for chunk in group.iter_mut().rev() {
                let mut ends = 0;
                if let Some(next) = next {
                    ends = next.ends;
                    next.in_row =
                        chunk.gap == next.gap && chunk.gap != Gap::None && chunk.count < 7;
                }
                chunk.ends = Chunk::ends_before(chunk.count, ends);
                next = Some(chunk);
            }
            chunks.copy_within(first..end, kept);
            kept += end - first;
        }
        first = end;
    }
    chunks.truncate(kept);
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

/// Places in a block at which disguised digits are looked for, sixteen bytes apart; where ASCII stands, the byte after it is looked
/// at, so that the samples do not all fall on the separators of digits that are three bytes wide.
const SAMPLES: u64 = 0x0001_0001_0001_0001;

/// Places in a block at which spelt-out digits are looked for, eleven bytes apart.
const PROBES: u64 = 1 | 1 << 11 | 1 << 22 | 1 << 33 | 1 << 44 | 1 << 55;

/// Bytes before ASCII digits that may end an escape's beginning (`%`, `&#`, `&#x`, `\u00`, `\uff`) or a disguised digit.
static TELLING: [bool; 256] = {
    let mut telling = [false; 256];
    let mut b = 0;
    while b < 256 {
        telling[b] = b >= 0x80
            || matches!(
                b as u8,
                b'%' | b'#' | b'x' | b'X' | b'u' | b'U' | b'f' | b'F'
            );
        b += 1;
    }
    telling
};

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
        // Most blocks have nothing at these places; then their runs of digits need no second look.
        let samples = (block.high | block.high >> 1) & SAMPLES;
        let samples = if samples == 0 {
            0
        } else {
            self.suspects(at, samples)
        };
        let probes = block.ten_letters() & PROBES;
        let probes = if probes == 0 {
            0
        } else {
            self.spelt(at, probes)
        };
        let (mut digits, mut from) = (block.digits, 0);
        loop {
            let start = len.min(digits.trailing_zeros() as usize);
            if samples | probes != 0 {
                let between = bits(from, start);
                if let Some(next) = self
                    .sample(at, samples & between, start)
                    .or_else(|| self.syllables(at, probes & between))
                {
                    return next;
                }
            }
            if start == len {
                return at + len;
            }
            from = start + (digits >> start).trailing_ones() as usize;
            let mut end = at + from;
            if from >= BLOCK {
                end += digits_len(&self.bytes[end..]);
            }
            let next = if end - (at + start) == 4
                && let Some(end) = alone::date_end(self.bytes, at + start)
            {
                self.handled = end;
                from = end - at;
                end
            } else {
                self.ascii(at + start, end)
            };
            if next != at + from || from >= BLOCK {
                return next;
            }
            digits = digits >> from << from;
        }
    }

    /// Those of the samples of a block that begins at `at` whose character ends like a disguised digit of three bytes, which few
    /// others do, or has another length.
    ///
    /// Whether a sample falls on the first, second or third byte of a character is a matter of chance, so nothing here branches on
    /// it: a wrong guess of the processor costs more than all the rest. This took clean text from 1.2 to over 2 GB/s.
    #[inline]
    fn suspects(&self, at: usize, samples: u64) -> u64 {
        let before = at.wrapping_sub(2);
        let Some(window) = self.bytes.get(before..).and_then(|b| b.first_chunk::<66>()) else {
            return samples;
        };
        let mut kept = 0;
        for place in [0, 16, 32, 48] {
            let follows = |byte: u8| usize::from(byte & 0xC0 == 0x80);
            let sample = window[place + 2];
            let back = follows(sample) * (1 + follows(window[place + 1]));
            let p = place + 2 + usize::from(sample < 0x80) - back;
            let three = window[p] & 0xF0 == 0xE0;
            let suspect = !three | self.may_end_digit(window[p + 1], window[p + 2]);
            kept |= u64::from(suspect) << place;
        }
        kept & samples
    }

    /// Those of the places of a block that begins at `at` from which digits may be spelt out.
    fn spelt(&self, at: usize, mut places: u64) -> u64 {
        let mut kept = 0;
        while places != 0 {
            let place = places.trailing_zeros();
            places &= places - 1;
            kept |= u64::from(pinyin::probe(self.bytes, at + place as usize)) << place;
        }
        kept
    }

    /// Where the character begins that a sample at byte `at` is about.
    #[inline]
    fn sampled(&self, at: usize) -> usize {
        match self.bytes[at] {
            0..0x80 => at + 1,
            _ => self.boundary(at),
        }
    }

    /// Looks for disguised digits at the places of a block that begins at `at`, before its byte `to`; where it finds some, reads
    /// them and tells how far.
    #[cold]
    fn sample(&mut self, at: usize, mut places: u64, to: usize) -> Option<usize> {
        while places != 0 {
            let p = self.sampled(at + places.trailing_zeros() as usize);
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

    /// Looks for spelt-out digits at the places of a block that begins at `at`.
    #[cold]
    fn syllables(&mut self, at: usize, mut places: u64) -> Option<usize> {
        while places != 0 {
            let p = at + places.trailing_zeros() as usize;
            places &= places - 1;
            if p >= self.handled
                && let Some((start, end, count)) = pinyin::run_around(self.bytes, self.handled, p)
            {
                self.push(start, end, count, Style::Pinyin);
                return Some(end);
            }
        }
        None
    }

    /// The first byte of the character around byte `at`.
    #[inline]
    fn boundary(&self, at: usize) -> usize {
        let mut p = at;
        while p > 0 && self.bytes[p] & 0xC0 == 0x80 {
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
                if !self.may_end_digit(second, third) {
                    return false;
                }
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
        if at > self.handled
            && TELLING[usize::from(self.bytes[at - 1])]
            && let Some(next) = self.before_ascii(at)
        {
            return next;
        }
        self.push(at, end, (end - at) as u32, Style::Plain);
        if self.bytes.get(end).is_some_and(|b| *b >= 0xC2) && self.maybe_digit(end) {
            return self.careful(end);
        }
        end
    }

    /// Reads what stands before the ASCII digits at `at` where it is an escape or a disguised digit, and tells how far.
    #[inline(never)]
    fn before_ascii(&mut self, at: usize) -> Option<usize> {
        let last = self.bytes[at - 1];
        if last.is_ascii() {
            let (start, c, len) = self.escape_over(at)?;
            if c.is_ascii_digit() || glyph::digit(c).is_some() {
                return Some(self.careful(start));
            }
            self.handled = start + len;
            return Some(self.handled);
        }
        if !self.may_end_digit(self.bytes[at - 2], last) {
            return None;
        }
        let p = self.boundary(at - 1);
        (p >= self.handled && self.maybe_digit(p)).then(|| self.careful(p))
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
    #[inline(never)]
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
            ends: 0,
            in_row: false,
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
            "一~三~八~零~零~一~三~八~零~零~零",
            "①+③+⑧+⓪+⓪+①+③+⑧+⓪+⓪+⓪",
            "١-٣-٨-٠-٠-١-٣-٨-٠-٠-٠",
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
