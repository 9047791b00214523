//! Text that was once read in a wrong encoding and written again as what it looked like (mojibake), read back.
//!
//! Databases with a wrong connection setting and editors with a wrong default make it: `张三` becomes `寮犱笁` or `å¼ ä¸‰`.
//! The way back is to write the characters in the wrong encoding and to read these bytes in the right one. It is gone only
//! when the result is right beyond doubt; bytes that were lost on the way become U+FFFD.

use std::ops::Range;
use std::sync::LazyLock;

use fearless_simd::dispatch;
use memchr::{memchr, memrchr};

use super::class::is_han;
use super::dense::{BLOCK, LEVEL};
use super::encoding::Encoding;
use super::multibyte;

/// What happened to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Garble {
    /// UTF-8 was read as GBK.
    Utf8AsGbk,
    /// UTF-8 was read as Latin-1 or Windows-1252.
    Utf8AsLatin,
    /// GB18030 was read as Latin-1 or Windows-1252.
    Gb18030AsLatin,
}

impl Garble {
    /// For messages.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Garble::Utf8AsGbk => "UTF-8 that was read as GBK",
            Garble::Utf8AsLatin => "UTF-8 that was read as Latin-1",
            Garble::Gb18030AsLatin => "GBK that was read as Latin-1",
        }
    }

    /// The encoding that the text was in.
    const fn right(self) -> Encoding {
        match self {
            Garble::Utf8AsGbk | Garble::Utf8AsLatin => Encoding::Utf8,
            Garble::Gb18030AsLatin => Encoding::Gb18030,
        }
    }

    /// Writes a character in the wrong encoding; `None` if it cannot have come from there.
    fn unread(self, c: char) -> Option<Unread> {
        match self {
            _ if c.is_ascii() => Some(Unread::One(c as u8)),
            // The reader's mark for a byte that it could not read.
            _ if c == char::REPLACEMENT_CHARACTER => Some(Unread::One(LOST)),
            Garble::Utf8AsGbk => match (multibyte::gbk_bytes(c), c) {
                (Some(pair), _) => Some(Unread::Two(pair)),
                (None, '€') => Some(Unread::One(0x80)),
                _ => None,
            },
            Garble::Utf8AsLatin | Garble::Gb18030AsLatin => latin_byte(c).map(Unread::One),
        }
    }
}

/// Bytes that a character was read from.
enum Unread {
    One(u8),
    Two([u8; 2]),
}

/// Stands for a byte that is gone; no encoding begins a character with it.
const LOST: u8 = 0xFF;

/// The characters of Windows-1252 beyond Latin-1, from 0x80 on; control characters where it has none.
static WINDOWS_1252: LazyLock<Vec<char>> = LazyLock::new(|| {
    let bytes: Vec<u8> = (0x80..0xA0).collect();
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
    text.chars().collect()
});

fn latin_byte(c: char) -> Option<u8> {
    let same = u8::try_from(c as u32).ok();
    same.or_else(|| {
        let at = WINDOWS_1252.iter().position(|w| *w == c)?;
        Some(0x80 + at as u8)
    })
}

/// Whether a text holds characters that garbled text is full of and other Chinese text nearly free of: U+9300 to U+947F, the
/// Latin letters with marks, U+FFFD.
pub(super) fn is_suspect(text: &[u8]) -> bool {
    suspect_block(text).is_some()
}

/// Whether a line that holds such characters was garbled; where none was, the others need not be asked. A page of names with one 鑫
/// among them is suspect.
pub(super) fn has_garbled_line(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(mark) = suspect_block(rest).map(|block| block + first_mark(&rest[block..])) {
        let start = memrchr(b'\n', &rest[..mark]).map_or(0, |at| at + 1);
        let end = memchr(b'\n', &rest[mark..]).map_or(rest.len(), |at| mark + at + 1);
        let (line, behind) = (&rest[start..end], &rest[end..]);
        if simdutf8::basic::from_utf8(line).is_ok_and(|line| recognise(line).is_some()) {
            return true;
        }
        rest = behind;
    }
    false
}

/// Where the first block begins that holds such characters.
fn suspect_block(text: &[u8]) -> Option<usize> {
    dispatch!(*LEVEL, _simd => suspect_block_in(text))
}

#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "what is not written out where it is dispatched is made for any processor"
)]
fn suspect_block_in(text: &[u8]) -> Option<usize> {
    let mut block = 0;
    while let Some(piece) = text[block..].first_chunk::<{ BLOCK + 1 }>() {
        if is_marked(piece) {
            return Some(block);
        }
        block += BLOCK;
    }
    is_marked(&text[block..]).then_some(block)
}

/// Whether such characters stand in a piece.
#[inline(always)]
#[allow(clippy::inline_always, reason = "as above")]
fn is_marked(piece: &[u8]) -> bool {
    let pairs = piece.iter().zip(piece.iter().skip(1));
    pairs.fold(false, |any, (a, b)| any | marks(*a, *b))
}

/// Where the first such character of a text stands; 0 without one.
fn first_mark(text: &[u8]) -> usize {
    let mut pairs = text.iter().zip(text.iter().skip(1));
    pairs.position(|(a, b)| marks(*a, *b)).unwrap_or(0)
}

/// Comparisons without a branch, which the compiler turns into vector instructions. The multiplication sign is left out.
#[inline(always)]
#[allow(
    clippy::inline_always,
    clippy::needless_bitwise_bool,
    reason = "the loop over a block is to become vector instructions"
)]
const fn marks(first: u8, second: u8) -> bool {
    (first == 0xE9) & (second.wrapping_sub(0x8C) <= 0x91 - 0x8C)
        | (first == 0xC3) & (second != 0x97)
        | (first == 0xEF) & (second == 0xBF)
}

/// What happened to a line, if it is sure that something did.
pub(super) fn recognise(line: &str) -> Option<Garble> {
    if line.is_ascii() {
        return None;
    }
    // The right one of two ways through Latin-1 shows in the bytes: UTF-8 is not valid by accident.
    [
        Garble::Utf8AsLatin,
        Garble::Utf8AsGbk,
        Garble::Gb18030AsLatin,
    ]
    .into_iter()
    .find(|garble| is_sure(line, *garble))
}

fn is_sure(line: &str, garble: Garble) -> bool {
    if !may_be(line, garble) {
        return false;
    }
    let Some(bytes) = unread(line, garble) else {
        return false;
    };
    let foreign = bytes.iter().filter(|b| **b >= 0x80 && **b != LOST).count();
    match garble {
        Garble::Gb18030AsLatin => {
            // Letters of the common rows stand in pairs from 0xA1 on, with nothing else beyond ASCII.
            let mut pairs = 0;
            let mut at = 0;
            while let Some(&lead) = bytes.get(at) {
                match (lead, bytes.get(at + 1)) {
                    (0..=0x7F, _) => at += 1,
                    (0xA1..=0xA3 | 0xB0..=0xF7, Some(0xA1..=0xFE)) => {
                        pairs += usize::from(lead >= 0xB0);
                        at += 2;
                    }
                    _ => return false,
                }
            }
            pairs >= 2 && pairs * 4 >= foreign
        }
        Garble::Utf8AsGbk | Garble::Utf8AsLatin => {
            let Some((han, lost)) = chinese(&bytes) else {
                return false;
            };
            // A run of an odd number of bytes loses its last character.
            han >= 2 && 3 * han * 2 >= foreign && lost * 3 <= foreign
        }
    }
}

/// Whether the first letters beyond ASCII leave it open: what rules it out there does so for the whole line.
fn may_be(line: &str, garble: Garble) -> bool {
    let letters = line.bytes().position(|b| !b.is_ascii());
    let (mut bytes, mut len) = ([0; HEAD], 0);
    for c in line[letters.unwrap_or(line.len())..].chars() {
        let (read, new) = match garble.unread(c) {
            Some(Unread::One(byte)) => ([byte, 0], 1),
            Some(Unread::Two(pair)) => (pair, 2),
            None => return false,
        };
        let Some(slot) = bytes.get_mut(len..len + new) else {
            break;
        };
        slot.copy_from_slice(&read[..new]);
        len += new;
    }
    garble.right() != Encoding::Utf8 || chinese(&bytes[..len]).is_some()
}

/// Numbers of Han characters and of bytes that are no UTF-8; `None` if other letters are among them than Chinese text has.
fn chinese(bytes: &[u8]) -> Option<(usize, usize)> {
    let (mut han, mut lost) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars().filter(|c| !c.is_ascii()) {
            match c {
                c if is_han(c) => han += 1,
                // Full-width marks and the like are three bytes, too.
                '\u{2000}'..='\u{33FF}' | '\u{FF00}'..='\u{FFEF}' | '·' | '×' => {}
                _ => return None,
            }
        }
        lost += chunk.invalid().iter().filter(|b| **b != LOST).count();
    }
    Some((han, lost))
}

/// Bytes from the first letter beyond ASCII on that show, as a rule, that a line was never in another encoding.
const HEAD: usize = 64;

fn unread(text: &str, garble: Garble) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match garble.unread(c)? {
            Unread::One(byte) => bytes.push(byte),
            Unread::Two(pair) => bytes.extend(pair),
        }
    }
    Some(bytes)
}

/// The text as it was meant, character by character, each with the bytes of `text` that it came from.
///
/// Neighbours may share a character of `text`, since three bytes of UTF-8 make one and a half of GBK.
pub(super) fn repair(text: &str, garble: Garble, mut emit: impl FnMut(char, Range<usize>)) {
    let mut bytes = Vec::with_capacity(text.len());
    // For each byte, the character that it was in.
    let mut owners: Vec<u32> = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match garble.unread(c) {
            Some(Unread::One(byte)) => bytes.push(byte),
            Some(Unread::Two(pair)) => bytes.extend(pair),
            None => bytes.push(LOST),
        }
        owners.resize(bytes.len(), at as u32);
    }
    let source = |at: usize, len: usize| {
        let last = owners[at + len - 1] as usize;
        let end = text[last..]
            .chars()
            .next()
            .map_or(text.len(), |c| last + c.len_utf8());
        owners[at] as usize..end
    };
    if garble.right() == Encoding::Gb18030 {
        let mut at = 0;
        while at < bytes.len() {
            let step = multibyte::step(&bytes[at..], Encoding::Gb18030);
            emit(
                step.first.unwrap_or(char::REPLACEMENT_CHARACTER),
                source(at, step.source),
            );
            at += step.source;
        }
        return;
    }
    let (mut at, mut broken) = (0, None);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if let Some(from) = broken.take() {
                emit(char::REPLACEMENT_CHARACTER, source(from, at - from));
            }
            emit(c, source(at, c.len_utf8()));
            at += c.len_utf8();
        }
        if !chunk.invalid().is_empty() {
            broken = broken.or(Some(at));
            at += chunk.invalid().len();
        }
    }
    if let Some(from) = broken {
        emit(char::REPLACEMENT_CHARACTER, source(from, at - from));
    }
}

/// The text under a span that [`repair`] gave: halves of characters at its ends belong to the neighbours.
pub(super) fn repair_span(text: &str, garble: Garble) -> String {
    let mut out = String::with_capacity(text.len());
    repair(text, garble, |c, _| out.push(c));
    if garble == Garble::Utf8AsGbk {
        out = out.trim_matches(char::REPLACEMENT_CHARACTER).to_owned();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn garbled(text: &str, garble: Garble) -> String {
        let bytes = match garble {
            Garble::Gb18030AsLatin => encoding_rs::GB18030.encode(text).0.into_owned(),
            _ => text.as_bytes().to_vec(),
        };
        let wrong = match garble {
            Garble::Utf8AsGbk => encoding_rs::GBK,
            _ => encoding_rs::WINDOWS_1252,
        };
        wrong.decode_without_bom_handling(&bytes).0.into_owned()
    }

    const ALL: [Garble; 3] = [
        Garble::Utf8AsGbk,
        Garble::Utf8AsLatin,
        Garble::Gb18030AsLatin,
    ];

    #[test]
    fn what_was_garbled_is_recognised_and_read_back() {
        let line = "王伟,13800138000,浙江省杭州市文三路128号";
        for garble in ALL {
            let wrong = garbled(line, garble);
            assert!(is_suspect(wrong.as_bytes()), "{wrong}");
            assert_eq!(recognise(&wrong), Some(garble), "{wrong}");
            let mut back = String::new();
            repair(&wrong, garble, |c, _| back.push(c));
            // Through GBK the last byte of an odd run before ASCII is lost.
            let expected = match garble {
                Garble::Utf8AsGbk => line.replace("路", "\u{FFFD}").replace("号", "\u{FFFD}"),
                _ => line.to_owned(),
            };
            assert_eq!(back, expected);
        }
    }

    #[test]
    fn a_long_line_is_judged_as_a_whole() {
        for garble in ALL {
            let long = garbled(
                &"王伟,13800138000,浙江省杭州市文三路128号;".repeat(HEAD / 16),
                garble,
            );
            assert!(long.len() > 2 * HEAD);
            assert_eq!(recognise(&long), Some(garble));
            assert_eq!(recognise(&format!("{long}Привет")), None);
            assert_eq!(recognise(&format!("Привет{long}")), None);
        }
    }

    #[test]
    fn lines_without_a_mark_are_asked_where_one_with_a_mark_was_garbled() {
        let line = "王伟,13800138000,浙江省杭州市文三路128号\n";
        for garble in ALL {
            let wrong = garbled(line, garble);
            for page in [
                wrong.clone(),
                format!("{line}{wrong}"),
                format!("张鑫\n{line}{wrong}{line}"),
            ] {
                assert!(has_garbled_line(page.as_bytes()), "{page}");
            }
        }
        let long = "鑫".repeat(BLOCK);
        for page in ["", "鑫", "张鑫\n鑫", line, &long, "鑫\n\n\n"] {
            assert!(!has_garbled_line(page.as_bytes()), "{page}");
        }
        assert!(!has_garbled_line(b"\xE9\x91\xAB\xFF\n\xE9\x91\xAB"));
    }

    #[test]
    fn spans_hold_their_value() {
        for garble in ALL {
            let wrong = garbled("李小明住在杭州市", garble);
            let mut ranges = Vec::new();
            repair(&wrong, garble, |_, range| ranges.push(range));
            let value = &wrong[ranges[0].start..ranges[2].end];
            assert_eq!(repair_span(value, garble), "李小明", "{garble:?}");
            let value = &wrong[ranges[5].start..ranges[7].end];
            assert_eq!(repair_span(value, garble), "杭州市", "{garble:?}");
        }
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        for line in [
            "张三,13800138000,浙江省杭州市文三路128号",
            "今天天气不错，我们去公园散步吧。",
            "錢鎮鐘錯鏡鐵鎖錄，鍾鏞鎧鑫",
            "São Paulo, crème brûlée, Škoda, naïveté à l'Âge",
            "10×20 °C ±5 µm · £3 ÀÉ",
            "联通 鑫鑫 \u{FFFD}",
            "",
        ] {
            assert_eq!(recognise(line), None, "{line}");
        }
    }
}
