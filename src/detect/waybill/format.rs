//! Reads the letters and digits of a serial around a chunk of digits.

use smallvec::SmallVec;

use super::LENGTHS;
use crate::anchor::digits::{
    Chunk, Gap, Glyph, Style, classify, digit, dressed_end, invisible, is_mark, read,
};
use crate::span::Span;
use crate::table::courier::{self, formats_of_padded};
use crate::text::class::byte_set;

/// Most letters and digits of a serial.
const MOST: usize = 28;

/// Most letters before the first digit.
const MOST_LETTERS: usize = 5;

/// The upper-case letters and digits of a serial, with zeros behind them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    characters: Characters,
    len: usize,
}

/// Room for [`MOST`] of them, as a processor reads and writes them: what it reads soon after having written it in smaller parts it
/// has to wait for.
type Characters = [[u8; 8]; 4];

/// From place `32 - n` on these keep the first `n` of 32 characters.
static KEPT: [u8; 64] = {
    let mut kept = [0; 64];
    let mut i = 0;
    while i < 32 {
        kept[i] = 0xFF;
        i += 1;
    }
    kept
};

impl std::ops::Deref for Value {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.characters.as_flattened()[..self.len]
    }
}

impl Value {
    /// The first [`MOST`] of `len` characters that `text` begins with: ASCII letters, at most [`MOST_LETTERS`], with digits behind
    /// them.
    #[inline]
    fn of_ascii(text: &[u8], letters: usize, len: usize) -> Value {
        const LOWER: u64 = 0x2020_2020_2020_2020;
        let len = len.min(MOST);
        let mut padded = [0; 32];
        let read = text.first_chunk().unwrap_or_else(|| {
            padded[..text.len()].copy_from_slice(text);
            &padded
        });
        let (read, _) = read.as_chunks();
        let (kept, _) = KEPT[32 - len..].as_chunks();
        let mut words: [u64; 4] =
            std::array::from_fn(|i| u64::from_le_bytes(read[i]) & u64::from_le_bytes(kept[i]));
        words[0] &= !(LOWER & ((1 << (8 * letters)) - 1));
        Value {
            characters: words.map(u64::to_le_bytes),
            len,
        }
    }

    /// What it fits if it has so many digits, and these stand behind two letters that with its length settle it.
    #[inline]
    pub(super) fn known(&self, digits: usize) -> Option<courier::Known> {
        if digits + 2 != self.len {
            return None;
        }
        let [first, second, ..] = self.characters[0];
        courier::known([first, second], self.len)
    }

    /// Every format that it fits, the most specific first.
    #[inline]
    pub(super) fn formats(&self) -> impl Iterator<Item = &'static courier::Format> + use<> {
        let head = self.characters.as_flattened().first_chunk();
        formats_of_padded(head.unwrap_or(&[0; courier::LENGTHS]), self.len)
    }
}

/// The first [`MOST`] characters.
impl FromIterator<u8> for Value {
    fn from_iter<I: IntoIterator<Item = u8>>(iter: I) -> Value {
        let mut value = Value {
            characters: Characters::default(),
            len: 0,
        };
        let slots = value.characters.as_flattened_mut().iter_mut();
        for (slot, character) in slots.take(MOST).zip(iter) {
            *slot = character;
            value.len += 1;
        }
        value
    }
}

/// Letters and digits that may be a serial, as read.
#[derive(Debug, Default)]
pub(super) struct Token {
    glyphs: SmallVec<[Glyph; MOST]>,
    /// What stands before each glyph.
    gaps: SmallVec<[Gap; MOST]>,
    /// Position of the first digit.
    pub(super) first_digit: usize,
    /// Whether more letters stand before the first one.
    pub(super) glued: bool,
}

/// A part of a token.
// Independent facts, each of which becomes a line of evidence.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Debug)]
pub(super) struct Serial {
    /// Upper-case letters and digits.
    pub(super) value: Value,
    /// How many of them are digits.
    pub(super) digits: usize,
    /// From the first glyph to the last.
    pub(super) span: Span,
    /// Whether anything visible stands between its glyphs.
    pub(super) separated: bool,
    /// Whether what stands between them is of one sort, or stands only after the letters.
    pub(super) even: bool,
    /// Whether any glyph is not ASCII.
    pub(super) disguised: bool,
    /// Whether its letters are in lower case.
    pub(super) lower: bool,
    /// Whether the digits go on behind the same separator.
    pub(super) goes_on: bool,
}

impl Token {
    /// Reads the token around `chunk`, not before byte `low`.
    pub(super) fn read(text: &str, chunk: &Chunk, low: usize) -> Token {
        let mut token = Token::default();
        let mut start = chunk.start;
        let mut letters: SmallVec<[(Glyph, usize); MOST_LETTERS]> = SmallVec::new();
        while let Some((glyph, gap_from)) = letter_before(text, start, low) {
            // Between letters nothing may stand but what also parts the digits.
            if letters.len() == MOST_LETTERS {
                token.glued = gap_from == start;
                break;
            }
            start = glyph.start;
            letters.push((glyph, gap_from));
        }
        let mut end = start;
        for (glyph, _) in letters.iter().rev() {
            token.take(text, *glyph, end);
            end = glyph.end;
        }
        token.first_digit = token.glyphs.len();
        let mut at = chunk.start;
        while token.glyphs.len() < MOST {
            let Some(glyph) = read(text, at) else {
                let Some(next) = past_gap(text, at) else {
                    break;
                };
                at = next;
                continue;
            };
            token.take(text, glyph, end);
            end = glyph.end;
            at = end;
        }
        token
    }

    fn take(&mut self, text: &str, glyph: Glyph, end: usize) {
        let gap = if self.glyphs.is_empty() {
            Gap::None
        } else {
            text.get(end..glyph.start).map_or(Gap::Wall, classify)
        };
        self.glyphs.push(glyph);
        self.gaps.push(gap);
    }

    /// Places at which a serial may begin: the letters, and the first digit where it does not touch one.
    pub(super) fn starts(&self) -> impl Iterator<Item = usize> + '_ {
        (0..=self.first_digit).filter(|i| {
            *i == 0
                || (self.gaps.get(*i).is_some_and(|g| *g != Gap::None))
                || self.style_changes(*i)
        })
    }

    /// Places at which a serial may end: where the gaps change, and before the first gap behind the first digit.
    pub(super) fn ends(&self) -> impl Iterator<Item = usize> + use<> {
        let (solid, even) = (self.solid_end(), self.even_len());
        std::iter::once(even).chain((solid != even).then_some(solid))
    }

    /// Position behind the glyphs that follow the first digit without a gap.
    fn solid_end(&self) -> usize {
        let n = self.glyphs.len();
        (self.first_digit + 1..n)
            .find(|i| self.gaps[*i] != Gap::None || self.style_changes(*i))
            .unwrap_or(n)
    }

    /// Position behind the glyphs that follow the first digit with gaps of one sort.
    fn even_len(&self) -> usize {
        let n = self.glyphs.len();
        let solid = self.solid_end();
        if solid == n {
            return n;
        }
        let sort = self.gaps[solid];
        (solid + 1..n)
            .find(|i| {
                let changes = self.gaps[*i] != Gap::None && self.gaps[*i] != sort;
                changes
                    || (sort != Gap::None && self.gaps[*i] == Gap::None && self.style_changes(*i))
            })
            .unwrap_or(n)
    }

    /// The byte behind what need not be read again: the digits without a gap where they are long enough to be a number
    /// of their own, all evenly separated ones otherwise.
    pub(super) fn read_end(&self) -> Option<usize> {
        let solid = self.solid_end();
        let end = if solid - self.first_digit >= 8 {
            solid
        } else {
            self.even_len()
        };
        end.checked_sub(1)
            .and_then(|i| self.glyphs.get(i))
            .map(|g| g.end)
    }

    /// Whether a numeral in Chinese characters meets something else at glyph `i`: 单号773…5一件.
    fn style_changes(&self, i: usize) -> bool {
        let wordy = |g: &Glyph| matches!(g.style, Style::Han | Style::Sound);
        match (
            i.checked_sub(1).and_then(|p| self.glyphs.get(p)),
            self.glyphs.get(i),
        ) {
            (Some(a), Some(b)) => wordy(a) != wordy(b),
            _ => false,
        }
    }

    /// The part from glyph `from` up to glyph `to`.
    pub(super) fn part(&self, text: &str, from: usize, to: usize) -> Option<Serial> {
        let glyphs = self.glyphs.get(from..to).filter(|g| !g.is_empty())?;
        let inner = &self.gaps[from + 1..to];
        if inner.contains(&Gap::Wall) {
            return None;
        }
        let mut seen = inner.iter().filter(|g| **g != Gap::None);
        let first = seen.next().copied();
        let same = first.is_none_or(|f| seen.all(|g| *g == f));
        let breaks = inner.iter().filter(|g| **g == Gap::Break).count();
        let after = self.gaps.get(to).copied().unwrap_or(Gap::Wall);
        let bytes = text.as_bytes();
        Some(Serial {
            value: glyphs.iter().map(|g| g.value).collect(),
            digits: glyphs.iter().filter(|g| g.value.is_ascii_digit()).count(),
            span: Span::new(
                glyphs[0].start,
                dressed_end(text, glyphs[glyphs.len() - 1].end),
            ),
            separated: first.is_some(),
            even: same && breaks <= 1,
            disguised: glyphs.iter().any(|g| g.style != Style::Plain),
            lower: bytes[glyphs[0].start].is_ascii_lowercase(),
            goes_on: after != Gap::Wall
                && (after == Gap::None && !self.style_changes(to) || first == Some(after)),
        })
    }

    /// The whole token's bytes.
    pub(super) fn span(&self) -> Option<Span> {
        let (first, last) = (self.glyphs.first()?, self.glyphs.last()?);
        Some(Span::new(first.start, last.end))
    }

    /// Whether anything visible stands inside.
    pub(super) fn solid(&self) -> bool {
        self.gaps.iter().all(|g| *g == Gap::None)
    }

    /// Number of glyphs.
    pub(super) fn len(&self) -> usize {
        self.glyphs.len()
    }
}

/// Where the serial around `chunk` begins if one look shows that there is only one reading: plain letters and digits between walls.
/// [`Serial::plain`] is what [`Token::read`] would read then; it spares most serials of a dump the work.
#[inline]
pub(super) fn plain(text: &str, chunk: &Chunk, low: usize) -> Option<usize> {
    if chunk.style != Style::Plain {
        return None;
    }
    let bytes = text.as_bytes();
    let letters = bytes[low..chunk.start]
        .iter()
        .rev()
        .take(MOST_LETTERS + 1)
        .take_while(|b| b.is_ascii_alphabetic())
        .count();
    let start = chunk.start - letters;
    let only = letters <= MOST_LETTERS
        && (start <= low || wall_before(text, start))
        && (wall_after(text, chunk.end) || list_goes_on(&bytes[start..], chunk.end - start));
    only.then_some(start)
}

impl Serial {
    /// The plain letters and digits from `start` to the end of `chunk`.
    #[inline]
    pub(super) fn plain(text: &str, start: usize, chunk: &Chunk) -> Serial {
        let bytes = text.as_bytes();
        Serial {
            value: Value::of_ascii(&bytes[start..], chunk.start - start, chunk.end - start),
            digits: chunk.count as usize,
            span: Span::new(start, chunk.end),
            separated: false,
            even: true,
            disguised: false,
            lower: bytes[start].is_ascii_lowercase(),
            goes_on: false,
        }
    }

    /// Whether it has no letters.
    #[inline]
    pub(super) fn bare(&self) -> bool {
        self.digits == self.value.len()
    }
}

/// ASCII marks that end every serial.
static WALLS: [bool; 256] = byte_set(b"\n,\"'|()[]{}<>");

/// Those behind which nothing of it can follow; a line break and a tag may stand inside.
static ENDS: [bool; 256] = byte_set(b",\"'|()[]{}>");

/// Whether no letter of a serial can stand before byte `at`, nor before what parts it from the serial.
#[inline]
pub(super) fn wall_before(text: &str, at: usize) -> bool {
    match text.as_bytes()[..at].last() {
        Some(b) => WALLS[usize::from(*b)] || other_wall_before(text, at),
        None => true,
    }
}

fn other_wall_before(text: &str, at: usize) -> bool {
    match text.as_bytes()[..at] {
        // A label and its colon, as in most texts.
        [.., a, b, c, b':'] | [.., a, b, c, 0xEF, 0xBC, 0x9A] if is_han_wall([a, b, c]) => {
            return true;
        }
        [.., a, b, c] if is_han_wall([a, b, c]) => return true,
        _ => {}
    }
    let mut before = text[..at].chars().rev();
    before.next().is_none_or(|c| {
        is_wall(c)
            || (is_blank(c) || is_mark(c))
                && before
                    .next()
                    .is_none_or(|c| c.is_ascii_digit() || is_wall(c))
    })
}

/// Whether no digit of a serial can stand from byte `at` on, nor behind what parts it from the serial.
#[inline]
fn wall_after(text: &str, at: usize) -> bool {
    match text.as_bytes()[at..].first() {
        Some(b) => ENDS[usize::from(*b)] || other_wall_after(text, at),
        None => true,
    }
}

fn other_wall_after(text: &str, at: usize) -> bool {
    match text.as_bytes()[at..] {
        [b' ' | b'\n', a, b, c, ..] | [a, b, c, ..] if is_han_wall([a, b, c]) => return true,
        _ => {}
    }
    let mut after = text[at..].chars();
    let ends = |c: char| is_wall(c) && c != '\n' && c != '<';
    after.next().is_none_or(|c| {
        ends(c) || (c == '\n' || is_blank(c) || is_mark(c)) && after.next().is_none_or(ends)
    })
}

/// Whether three bytes of a text, the first of them alone telling where a character begins, are a Han character that is no digit.
#[inline]
fn is_han_wall([a, b, c]: [u8; 3]) -> bool {
    let code = u32::from(a & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F);
    // U+4000 to U+9FFF begin with these, characters of other lengths do not.
    matches!(a, 0xE4..=0xE9) && char::from_u32(code).is_some_and(is_wall)
}

/// Whether a serial of `len` characters ends a line, and so much follows on the next that both together are none: in a list of serials
/// and in the last column of a table.
fn list_goes_on(from: &[u8], len: usize) -> bool {
    let after = from.get(len..).unwrap_or_default();
    let next = after
        .strip_prefix(b"\n")
        .or_else(|| after.strip_prefix(b"\r\n"));
    let missing = LENGTHS.end.checked_sub(len);
    let more = next.zip(missing).and_then(|(next, n)| next.get(..n));
    more.is_some_and(|more| more.iter().all(u8::is_ascii_alphanumeric))
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{3000}')
}

/// Whether a character ends every serial: an ASCII mark that stands in none, or a Han character that is no digit.
fn is_wall(c: char) -> bool {
    match c {
        '\0'..='\x7F' => WALLS[c as usize],
        '\u{4E00}'..='\u{9FFF}' => digit(c).is_none(),
        _ => false,
    }
}

/// A serial with the letters after the first `letters` read as the digits they look like; a final CN stays.
pub(super) fn repair(value: &[u8], letters: usize) -> Value {
    let stop = if value.ends_with(b"CN") {
        value.len() - 2
    } else {
        value.len()
    };
    value
        .iter()
        .enumerate()
        .map(|(i, c)| match c {
            _ if i < letters || i >= stop => *c,
            b'O' | b'Q' => b'0',
            b'I' | b'L' => b'1',
            b'Z' => b'2',
            b'S' => b'5',
            b'B' => b'8',
            c => *c,
        })
        .collect()
}

/// The letter that ends before byte `at`, and where what stands between begins.
fn letter_before(text: &str, at: usize, low: usize) -> Option<(Glyph, usize)> {
    let mut end = at;
    let mut seen = 0;
    while end > low {
        let bytes = text.as_bytes();
        // An escape that ends here.
        for len in [6, 3, 5, 7, 4] {
            if let Some(start) = end.checked_sub(len).filter(|s| *s >= low)
                && matches!(bytes[start], b'%' | b'\\' | b'&')
                && let Some(glyph) = read(text, start)
                && glyph.end == end
            {
                return glyph.value.is_ascii_alphabetic().then_some((glyph, end));
            }
        }
        let c = text[..end].chars().next_back()?;
        let start = end - c.len_utf8();
        if let Some(glyph) = read(text, start) {
            return glyph.value.is_ascii_alphabetic().then_some((glyph, end));
        }
        if !invisible(c) {
            seen += 1;
            if seen > 2 || !matches!(classify(&text[start..at]), Gap::Space | Gap::Mark(_)) {
                return None;
            }
        }
        end = start;
    }
    None
}

/// Where the next glyph may stand after the gap at `at`; `None` where it is a wall.
fn past_gap(text: &str, at: usize) -> Option<usize> {
    let mut end = at;
    for c in text.get(at..)?.chars().take(10) {
        if read(text, end).is_some() {
            let gap = classify(&text[at..end]);
            return matches!(gap, Gap::None | Gap::Space | Gap::Mark(_) | Gap::Break)
                .then_some(end);
        }
        end += c.len_utf8();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anchor::View;

    /// The serials of a text that one look shows.
    fn plain_ones(text: &str) -> Vec<&str> {
        let view = View::new(text);
        let chunks = view.digits().chunks().iter();
        let serials = chunks
            .filter(|c| c.count >= 8)
            .filter_map(|c| Some(&text[plain(text, c, 0)?..c.end]));
        serials.collect()
    }

    #[test]
    fn one_look_shows_the_serials_of_a_list() {
        let serials = ["JT2645639911462", "YT8819328609038", "773012345678901"];
        for end in ["\n", "\r\n"] {
            assert_eq!(plain_ones(&serials.join(end)), serials);
        }
        // What may go on in the next line has to be read with it.
        assert_eq!(plain_ones("SF97607546\n42932,"), [""; 0]);
        assert_eq!(plain_ones("YT88193286\n09038 a1b2c3d4e5f6"), [""; 0]);
    }
}
