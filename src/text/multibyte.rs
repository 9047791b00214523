//! GB18030, Big5 and UTF-16, one character at a time and page by page.
//!
//! encoding_rs is the authority on what the bytes mean: the tables are read out of it once, and tests compare every
//! decision, malformed bytes included, with its replacement output. Decoding itself is done here because the package's own
//! loop makes 230–290 MB/s on Chinese GB18030 text, where a table walk makes four times that, and because the way back to
//! source offsets needs to know how many bytes each character took.

use std::sync::LazyLock;

use wide::u8x16;

use super::decode::Buffer;
use super::encoding::Encoding;
use super::walker::{Lengths, Mark};
use crate::span::Span;

/// What the bytes at one place stand for, and how many they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// Bytes of the source, at least one.
    pub(super) source: usize,
    /// The character; `None` when the bytes are malformed and become U+FFFD.
    pub(super) first: Option<char>,
    /// A combining mark that comes with it (four sequences of Big5 stand for two characters).
    pub(super) second: Option<char>,
}

impl Step {
    const fn char(source: usize, c: char) -> Step {
        Step {
            source,
            first: Some(c),
            second: None,
        }
    }

    const fn malformed(source: usize) -> Step {
        Step {
            source,
            first: None,
            second: None,
        }
    }
}

/// The characters of two-byte sequences by their bytes without the highest bit, 0 where [`step`] must be asked.
///
/// A character is held as it is written: its UTF-8 bytes from the lowest on, and their number in the highest byte.
struct Pairs(Box<[u32; PAIRS]>);

/// Values of two bytes without the highest bit.
const PAIRS: usize = 1 << 15;

/// The entry of [`Pairs`] for a character of at most three bytes in UTF-8.
fn written(c: char) -> u32 {
    let mut bytes = [0; 4];
    let len = c.encode_utf8(&mut bytes).len();
    u32::from_le_bytes(bytes) | (len as u32) << 24
}

/// The character of an entry of [`Pairs`].
#[inline]
fn character(entry: u32) -> Option<char> {
    if entry == 0 {
        return None;
    }
    let bytes = entry.to_le_bytes();
    std::str::from_utf8(&bytes[..written_len(entry)])
        .ok()?
        .chars()
        .next()
}

/// The number of UTF-8 bytes of an entry of [`Pairs`].
#[inline]
const fn written_len(entry: u32) -> usize {
    (entry >> 24) as usize
}

impl Pairs {
    fn build(encoding: &'static encoding_rs::Encoding) -> Pairs {
        // All at once, a line each: no trailing byte is a line break, and none is taken for part of a pair.
        let pairs =
            || (0x81..=0xFE_u8).flat_map(|lead| (0x40..=0xFF_u8).map(move |trail| [lead, trail]));
        let lines: Vec<u8> = pairs().flat_map(|[a, b]| [a, b, b'\n']).collect();
        let (text, _) = encoding.decode_without_bom_handling(&lines);
        let entry = |line: &str| {
            let mut chars = line.chars();
            match (chars.next(), chars.next()) {
                (Some(c @ ..='\u{FFFF}'), None) if c != char::REPLACEMENT_CHARACTER => written(c),
                _ => 0,
            }
        };
        #[allow(
            clippy::large_stack_arrays,
            reason = "once, for a table whose length is known"
        )]
        let mut table = Box::new([0; PAIRS]);
        for (pair, line) in pairs().zip(text.lines()) {
            table[Pairs::index(pair)] = entry(line);
        }
        Pairs(table)
    }

    #[inline]
    const fn index(pair: [u8; 2]) -> usize {
        u16::from_be_bytes(pair) as usize % PAIRS
    }

    /// The entry of a sequence whose first byte is no ASCII, 0 if there is none in the table.
    #[inline]
    fn get(&self, pair: [u8; 2]) -> u32 {
        self.0[Pairs::index(pair)]
    }

    /// Four sequences as they are written, if all are of the table and take three bytes.
    #[inline]
    fn four(&self, eight: [u8; 8]) -> Option<[u8; 12]> {
        const LEADS: u64 = u64::from_le_bytes([0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0]);
        if u64::from_le_bytes(eight) & LEADS != LEADS {
            return None;
        }
        let pairs = u64::from_be_bytes(eight);
        let entry = |shift: u32| self.0[(pairs >> shift) as usize % PAIRS];
        let [a, b, c, d] = [entry(48), entry(32), entry(16), entry(0)];
        if written_len(a & b & c & d) != 3 {
            return None;
        }
        let text = |entry: u32| u128::from(entry & 0xFF_FFFF);
        let twelve = text(a) | text(b) << 24 | text(c) << 48 | text(d) << 72;
        twelve.to_le_bytes().first_chunk().copied()
    }
}

/// The two bytes of a character of GBK, by code point; 0 where there are none.
static GBK_BYTES: LazyLock<Box<[u16]>> = LazyLock::new(|| {
    let mut table = vec![0; 0x1_0000];
    for lead in (0x81..=0xFE_u8).rev() {
        for trail in 0x40..=0xFE_u8 {
            if let Some(c) = character(GB18030.get([lead, trail])) {
                table[c as usize] = u16::from_be_bytes([lead, trail]);
            }
        }
    }
    table.into()
});

/// The two bytes that GBK writes for a character.
pub(super) fn gbk_bytes(c: char) -> Option<[u8; 2]> {
    let pair = *GBK_BYTES.get(c as usize)?;
    (pair != 0).then(|| pair.to_be_bytes())
}

static GB18030: LazyLock<Pairs> = LazyLock::new(|| Pairs::build(encoding_rs::GB18030));
static BIG5: LazyLock<Pairs> = LazyLock::new(|| Pairs::build(encoding_rs::BIG5));

/// The one or two characters that a complete sequence stands for.
fn sequence(
    encoding: &'static encoding_rs::Encoding,
    bytes: &[u8],
) -> (Option<char>, Option<char>) {
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => {
            let mut chars = text.chars();
            (chars.next(), chars.next())
        }
        None => (None, None),
    }
}

fn pair(encoding: &'static encoding_rs::Encoding, bytes: [u8; 2]) -> (Option<char>, Option<char>) {
    sequence(encoding, &bytes)
}

/// Reads the character at the start of `bytes`, which must not be empty.
pub(super) fn step(bytes: &[u8], encoding: Encoding) -> Step {
    match encoding {
        Encoding::Gb18030 => gb18030(bytes),
        Encoding::Big5 => big5(bytes),
        Encoding::Utf16Le => utf16(bytes, u16::from_le_bytes),
        Encoding::Utf16Be => utf16(bytes, u16::from_be_bytes),
        // UTF-8 has its own path and never comes here.
        Encoding::Utf8 => Step::malformed(1),
    }
}

fn gb18030(bytes: &[u8]) -> Step {
    let lead = bytes[0];
    match lead {
        0..=0x7F => return Step::char(1, char::from(lead)),
        0x80 => return Step::char(1, '€'),
        0xFF => return Step::malformed(1),
        _ => {}
    }
    let Some(&second) = bytes.get(1) else {
        return Step::malformed(1);
    };
    if second.is_ascii_digit() {
        return match (bytes.get(2), bytes.get(3)) {
            (Some(0x81..=0xFE), Some(b'0'..=b'9')) => {
                match sequence(encoding_rs::GB18030, &bytes[..4]) {
                    (Some(c), _) => Step::char(4, c),
                    _ => Step::malformed(4),
                }
            }
            // The input ends inside a sequence that was right so far: one replacement for all of it.
            (None, _) => Step::malformed(2),
            (Some(0x81..=0xFE), None) => Step::malformed(3),
            _ => Step::malformed(1),
        };
    }
    match character(GB18030.get([lead, second])) {
        Some(c) => Step::char(2, c),
        None if second < 0x80 => Step::malformed(1),
        None => Step::malformed(2),
    }
}

/// How much of a sequence of four bytes (lead, digit, lead, digit) stands at the end of what was stepped over, where it turned
/// out to be none. If the input ended there, it would be one malformed sequence and not several characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Open(u8);

impl Open {
    /// Whether two or three bytes of it stand there.
    pub(super) const fn is_sequence(self) -> bool {
        self.0 > 1
    }

    /// Goes on by one step, which begins with the byte `first`.
    pub(super) fn follow(&mut self, first: u8, step: Step) {
        let lead = step == Step::malformed(1) && matches!(first, 0x81..=0xFE);
        self.0 = match self.0 {
            1 | 3 if first.is_ascii_digit() => 2,
            2 if lead => 3,
            _ => u8::from(lead),
        };
    }
}

fn big5(bytes: &[u8]) -> Step {
    let lead = bytes[0];
    match lead {
        0..=0x7F => return Step::char(1, char::from(lead)),
        0x80 | 0xFF => return Step::malformed(1),
        _ => {}
    }
    let Some(&second) = bytes.get(1) else {
        return Step::malformed(1);
    };
    if let Some(c) = character(BIG5.get([lead, second])) {
        return Step::char(2, c);
    }
    match pair(encoding_rs::BIG5, [lead, second]) {
        (Some(first), second) => Step {
            source: 2,
            first: Some(first),
            second,
        },
        (None, _) if second < 0x80 => Step::malformed(1),
        (None, _) => Step::malformed(2),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Step {
    let [a, b, ..] = *bytes else {
        return Step::malformed(1);
    };
    let high = unit([a, b]);
    if let Some(c) = char::from_u32(u32::from(high)) {
        return Step::char(2, c);
    }
    if high >= 0xDC00 {
        return Step::malformed(2);
    }
    match *bytes {
        [_, _, c, d, ..] => {
            let low = unit([c, d]);
            if (0xDC00..0xE000).contains(&low) {
                let code = 0x10000 + ((u32::from(high) - 0xD800) << 10) + (u32::from(low) - 0xDC00);
                Step::char(
                    4,
                    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
                )
            } else {
                Step::malformed(2)
            }
        }
        // The input ends inside a pair: one replacement for all of it.
        _ => Step::malformed(bytes.len()),
    }
}

/// Decodes a page. The text is the first bytes of the buffer's, as many as are returned; they only ever become more, so that a
/// warm buffer is not filled again.
pub(super) fn decode(
    bytes: &[u8],
    encoding: Encoding,
    buf: &mut Buffer,
    malformed: &mut Vec<Span>,
) -> usize {
    let Buffer { text: out, marks } = buf;
    marks.clear();
    // No byte becomes more than three: a malformed byte is a U+FFFD.
    let room = bytes.len() * 3 + 16;
    if out.len() < room {
        out.resize(room, 0);
    }
    let lengths = Lengths::of(encoding);
    let replacement = char::REPLACEMENT_CHARACTER;
    let mut writer = Writer { out, len: 0 };
    let mut at = 0;
    while at < bytes.len() {
        at = match encoding {
            Encoding::Gb18030 => {
                let broken = |at, text, pair| {
                    let len = broken_in_gb18030(pair)?;
                    malformed.push(Span::new(at, at + len));
                    Mark::note(marks, lengths, (text, replacement.len_utf8()), (at, len));
                    Some(len)
                };
                run_of_pairs(bytes, at, &GB18030, &mut writer, broken)
            }
            Encoding::Big5 => run_of_pairs(bytes, at, &BIG5, &mut writer, |_, _, _| None),
            Encoding::Utf16Le => run_of_units(bytes, at, u16::from_le_bytes, &mut writer),
            _ => run_of_units(bytes, at, u16::from_be_bytes, &mut writer),
        };
        if at >= bytes.len() {
            break;
        }
        let step = step(&bytes[at..], encoding);
        if step.first.is_none() {
            malformed.push(Span::new(at, at + step.source));
        }
        let text = writer.len;
        writer.push(step.first.unwrap_or(replacement));
        if let Some(mark) = step.second {
            writer.push(mark);
        }
        let text_len = writer.len - text;
        Mark::note(marks, lengths, (text, text_len), (at, step.source));
        at += step.source;
    }
    writer.len
}

struct Writer<'o> {
    out: &'o mut [u8],
    len: usize,
}

impl Writer<'_> {
    fn push(&mut self, c: char) {
        self.len += c.encode_utf8(&mut self.out[self.len..]).len();
    }

    /// Writes four bytes, of which those that are too many are written over by what comes next.
    #[inline]
    fn push_entry(&mut self, entry: u32) {
        self.out[self.len..self.len + 4].copy_from_slice(&entry.to_le_bytes());
        self.len += written_len(entry);
    }

    #[inline]
    fn push_unit(&mut self, c: u16) {
        let out = &mut self.out[self.len..self.len + 3];
        if c >= 0x800 {
            out[0] = 0xE0 | (c >> 12) as u8;
            out[1] = 0x80 | (c >> 6) as u8 & 0x3F;
            out[2] = 0x80 | c as u8 & 0x3F;
            self.len += 3;
        } else if c >= 0x80 {
            out[0] = 0xC0 | (c >> 6) as u8;
            out[1] = 0x80 | c as u8 & 0x3F;
            self.len += 2;
        } else {
            out[0] = c as u8;
            self.len += 1;
        }
    }
}

/// How many bytes of a pair that GB18030 has no character for are malformed; `None` where [`step`] must be asked.
#[inline]
fn broken_in_gb18030(pair: [u8; 2]) -> Option<usize> {
    match pair {
        [0x80, _] | [_, b'0'..=b'9'] => None,
        [0xFF, _] | [_, 0..0x80] => Some(1),
        _ => Some(2),
    }
}

/// Decodes ASCII and two-byte characters of the table; returns where something else begins. `broken` is told of a place, that in the text, and the pair
/// there that is not in the table, and says how many of its bytes are malformed, if it knows.
#[inline]
fn run_of_pairs(
    bytes: &[u8],
    mut at: usize,
    pairs: &Pairs,
    writer: &mut Writer<'_>,
    mut broken: impl FnMut(usize, usize, [u8; 2]) -> Option<usize>,
) -> usize {
    let replacement = written(char::REPLACEMENT_CHARACTER);
    loop {
        // Digits and punctuation come in runs: sixteen bytes are written, and those behind the run are written over.
        while let Some(sixteen) = bytes[at..].first_chunk::<16>() {
            let run = u8x16::new(*sixteen).to_bitmask().trailing_zeros().min(16) as usize;
            writer.out[writer.len..writer.len + 16].copy_from_slice(sixteen);
            writer.len += run;
            at += run;
            if run < 16 {
                break;
            }
        }
        while let Some(twelve) = bytes[at..]
            .first_chunk()
            .and_then(|eight| pairs.four(*eight))
        {
            writer.out[writer.len..writer.len + 12].copy_from_slice(&twelve);
            writer.len += 12;
            at += 8;
        }
        while let Some(&pair @ [0x80..=0xFF, _]) = bytes[at..].first_chunk::<2>() {
            let entry = pairs.get(pair);
            if entry != 0 {
                writer.push_entry(entry);
                at += 2;
            } else if let Some(len) = broken(at, writer.len, pair) {
                writer.push_entry(replacement);
                at += len;
            } else {
                return at;
            }
        }
        // Near the end, where there are no sixteen bytes left.
        match bytes.get(at) {
            Some(&ascii @ ..0x80) => {
                writer.out[writer.len] = ascii;
                writer.len += 1;
                at += 1;
            }
            _ => return at,
        }
    }
}

/// Decodes UTF-16 units that are characters by themselves; returns where something else begins.
fn run_of_units(
    bytes: &[u8],
    mut at: usize,
    unit: fn([u8; 2]) -> u16,
    writer: &mut Writer<'_>,
) -> usize {
    for pair in bytes[at..].chunks_exact(2) {
        let c = unit([pair[0], pair[1]]);
        if (0xD800..0xE000).contains(&c) {
            break;
        }
        writer.push_unit(c);
        at += 2;
    }
    at
}

/// How many bytes are ASCII before the first that is not.
pub(super) fn ascii_len(bytes: &[u8]) -> usize {
    let (eights, _) = bytes.as_chunks::<8>();
    let whole = eights.iter().position(|eight| leading_ascii(*eight) < 8);
    let at = 8 * whole.unwrap_or(eights.len());
    let in_rest = bytes[at..].iter().position(|b| !b.is_ascii());
    in_rest.map_or(bytes.len(), |i| at + i)
}

/// How many of eight bytes are ASCII before the first that is not.
#[inline]
const fn leading_ascii(eight: [u8; 8]) -> usize {
    let high = u64::from_le_bytes(eight) & 0x8080_8080_8080_8080;
    (high.trailing_zeros() / 8) as usize
}

/// The label of the encoding in encoding_rs.
#[cfg(test)]
pub(super) fn reference(encoding: Encoding) -> &'static encoding_rs::Encoding {
    match encoding {
        Encoding::Utf8 => encoding_rs::UTF_8,
        Encoding::Gb18030 => encoding_rs::GB18030,
        Encoding::Big5 => encoding_rs::BIG5,
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
    }
}
