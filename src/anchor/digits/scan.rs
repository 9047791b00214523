//! The pass over the bytes of a text that finds its chunks of digits.

use super::block::{BLOCK, Block, bits, digits_len};
use super::gap::{self, Gap};
use super::glyph::{self, Style, read};
use super::{Chunk, alone, pinyin};
use crate::text::class::byte_set;

/// How many bytes without a digit end the careful reading after a disguised one.
const PATIENCE: usize = 16;

/// Fewest digits of Chinese characters, without any ASCII digit near, that are kept: fewer are words.
const FEWEST_HAN: u32 = 7;

/// All chunks of a text, without what stands between them, in a buffer that is used again.
pub(super) fn chunks(text: &str, mut chunks: Vec<Chunk>) -> Vec<Chunk> {
    chunks.clear();
    let mut scan = Scan {
        text,
        bytes: text.as_bytes(),
        maybe: glyph::digit_bits(),
        handled: 0,
        left_out: 0,
        chunks,
    };
    scan.run();
    scan.chunks
}

struct Scan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    maybe: &'t [u64; 1024],
    /// Everything before this byte has been read.
    handled: usize,
    /// The end of what was left out last: nothing reaches across digits that are in no chunk.
    left_out: usize,
    chunks: Vec<Chunk>,
}

/// Places in a block at which disguised digits are looked for, seven characters of three bytes apart: where every other character
/// is a separator, one of two samples falls on a digit. Where ASCII stands, the byte after it is looked at, so that the samples do not
/// all fall on the separators of digits that are three bytes wide.
const PLACES: [usize; 3] = [0, 21, 42];

/// The same as bits.
const SAMPLES: u64 = 1 << PLACES[0] | 1 << PLACES[1] | 1 << PLACES[2];

/// A character of three bytes begins fewer bytes than this behind a sample in a row of them.
const AHEAD: usize = 3;

/// Places in a block at which spelt-out digits are looked for, eleven bytes apart.
const PROBES: u64 = 1 | 1 << 11 | 1 << 22 | 1 << 33 | 1 << 44 | 1 << 55;

/// Bytes before ASCII digits that may end an escape's beginning: `%`, `&#`, `&#x`, `\u00`, `\uff`.
static ENDS_ESCAPE: [bool; 256] = byte_set(b"%#xXuUfF");

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
        // Most blocks have nothing at these places; then their runs of digits need no second look.
        let samples = (block.high | block.high >> 1) & SAMPLES;
        let samples = if samples == 0 {
            0
        } else {
            self.suspects(at, samples, block)
        };
        let probes = block.ten_letters() & PROBES;
        let probes = if probes == 0 {
            0
        } else {
            self.spelt(at, probes)
        };
        if block.digits | samples | probes == 0 {
            return at + BLOCK;
        }
        let len = BLOCK.min(self.bytes.len() - at);
        let (mut digits, mut from) = (block.digits, 0);
        if self.handled > at {
            digits &= !bits(0, self.handled - at);
        }
        loop {
            let start = len.min(digits.trailing_zeros() as usize);
            if samples | probes != 0 {
                let between = bits(from, start);
                let (samples, probes) = (samples & between, probes & between);
                if samples != 0
                    && let Some(next) = self.sample(at, samples, start)
                {
                    return next;
                }
                if probes != 0
                    && let Some(next) = self.syllables(at, probes)
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
                (self.handled, self.left_out) = (end, end);
                from = end - at;
                end
            } else if end - (at + start) < alone::FEWEST as usize
                && let Some(end) = self.few_end(at + start, end)
            {
                (self.handled, self.left_out) = (end, end);
                from = end - at;
                if from > BLOCK {
                    return self.behind_block(at);
                }
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

    /// Where the next block begins behind the one that begins at `at`, which is whole: digits across its end belong to it.
    #[cold]
    fn behind_block(&self, at: usize) -> usize {
        let end = at + BLOCK;
        if self.bytes[end - 1].is_ascii_digit() {
            end + digits_len(&self.bytes[end..])
        } else {
            end
        }
    }

    /// The end of house numbers that begin with the few ASCII digits `at..end`, if they are plainly no part of any number.
    #[inline]
    fn few_end(&self, at: usize, end: usize) -> Option<usize> {
        // Separators are told first, which floods consist of.
        let behind = *self.bytes.get(end)?;
        if behind < 0xE4 && !alone::ends_all(behind) {
            return None;
        }
        let parted = self.handled == self.left_out
            || at - self.handled > gap::LONGEST
            || alone::ends_all(self.bytes[at - 1]);
        if !parted {
            return None;
        }
        let not_before = match self.bytes[..at] {
            [] => false,
            [.., last] if last.is_ascii() => !alone::ends_all(last),
            [.., first, second, third] => {
                let character = u32::from_le_bytes([first, second, third, 0]);
                !alone::is_common_han(character) || self.is_digit(character)
            }
            _ => true,
        };
        if not_before {
            return None;
        }
        alone::few_end(self.bytes, at, end, |han| self.is_digit(han))
    }

    /// Those of the samples of a block that begins at `at` whose character is a disguised digit of three bytes or has another length; all
    /// of them where characters of four bytes stand in the block.
    ///
    /// Whether a sample falls on the first, second or third byte of a character is a matter of chance, so nothing here branches on
    /// it: a wrong guess of the processor costs more than all the rest. The character is the first one of three bytes that begins
    /// at the sample or up to two bytes on, as it does in a row of them.
    #[inline]
    fn suspects(&self, at: usize, samples: u64, block: Block) -> u64 {
        let Some(window) = self.bytes[at..].first_chunk::<BLOCK>() else {
            return samples;
        };
        if block.any_four {
            return samples;
        }
        let mut kept = !(block.leads | block.leads >> 1 | block.leads >> 2);
        for place in PLACES {
            // No two of three bytes begin characters of three.
            let p = place + ((block.leads >> place) as usize & 7) / 2;
            let character = u32::from_le_bytes([window[p], window[p + 1], window[p + 2], 0]);
            kept |= u64::from(self.is_digit(character)) << place;
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
        let ahead = self.bytes[at..].iter().take(AHEAD);
        match ahead.clone().position(|b| *b >= 0xE0) {
            Some(ahead) => at + ahead,
            None if self.bytes[at].is_ascii() => at + 1,
            None => self.boundary(at),
        }
    }

    /// Looks for disguised digits at the places of a block that begins at `at`, before its byte `to`; where it finds some, reads
    /// them and tells how far.
    #[cold]
    fn sample(&mut self, at: usize, mut places: u64, to: usize) -> Option<usize> {
        while places != 0 {
            let mut p = self.sampled(at + places.trailing_zeros() as usize);
            places &= places - 1;
            if self.bytes.get(p + 3).is_some_and(|b| *b >= 0xF0) && !self.maybe_digit(p) {
                p += 3;
            }
            // What stands behind the next ASCII digits is read with them.
            let here = (self.handled..at + to).contains(&p);
            if here && self.maybe_digit(p) && self.company(p) {
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

    /// Whether the character of three bytes that these begin with, the first one lowest, is a disguised digit.
    #[inline]
    fn is_digit(&self, bytes: u32) -> bool {
        let row = (bytes & 0x0F) << 6 | bytes >> 8 & 0x3F;
        self.maybe[row as usize] >> (bytes >> 16 & 0x3F) & 1 != 0
    }

    /// Whether the character at `p` is a disguised digit.
    #[inline]
    fn maybe_digit(&self, p: usize) -> bool {
        match self.bytes[p..] {
            [first @ 0xE0..0xF0, second, third, ..] => {
                self.is_digit(u32::from_le_bytes([first, second, third, 0]))
            }
            _ => self.is_other_digit(p),
        }
    }

    /// As [`maybe_digit`](Self::maybe_digit), for characters of other lengths than three bytes.
    #[inline(never)]
    fn is_other_digit(&self, p: usize) -> bool {
        match self.bytes[p..] {
            [first @ 0xC2..0xE0, second, ..] => {
                let code = u32::from(first & 0x1F) << 6 | u32::from(second & 0x3F);
                self.maybe[(code >> 6) as usize] >> (code & 63) & 1 != 0
            }
            [0xF0..=0xFF, ..] => {
                let c = self.text[p..].chars().next();
                c.is_some_and(|c| glyph::digit(c).is_some())
            }
            _ => false,
        }
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
    #[inline]
    fn before_ascii(&mut self, at: usize) -> Option<usize> {
        let last = self.bytes[at - 1];
        if last.is_ascii() {
            // `SF` before a serial ends as `\uff` does.
            let opened = |b: &u8| matches!(b, b'%' | b'\\' | b'&');
            let escaped = ENDS_ESCAPE[usize::from(last)]
                && self.bytes[at.saturating_sub(4)..at].iter().any(opened);
            return if escaped {
                self.escape_before(at)
            } else {
                None
            };
        }
        let (p, is_digit) = if let [.., first @ 0xE0..0xF0, second, third] = self.bytes[..at] {
            let character = u32::from_le_bytes([first, second, third, 0]);
            (at - 3, self.is_digit(character))
        } else {
            let p = self.boundary(at - 1);
            (p, self.maybe_digit(p))
        };
        (is_digit && p >= self.handled).then(|| self.careful(p))
    }

    /// Reads the escape whose last character is an ASCII digit at `at`.
    #[cold]
    fn escape_before(&mut self, at: usize) -> Option<usize> {
        let (start, c, len) = self.escape_over(at)?;
        if c.is_ascii_digit() || glyph::digit(c).is_some() {
            return Some(self.careful(start));
        }
        self.handled = start + len;
        Some(self.handled)
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
