//! From text to runs of Han characters, and which positions in a run may start a name.

use std::ops::Range;
use std::sync::LazyLock;

use crate::span::Span;
use crate::table::script::to_simplified;
use crate::table::{given, surname};
use crate::text::class::is_han;

/// Characters of context on either side of a run.
pub const PAD: usize = 4;

/// The code of a line edge or text edge.
pub const EDGE: u16 = 1;
const DIGIT: u16 = 2;
const LATIN: u16 = 3;
/// The code of a Han character outside the basic plane.
const RARE_HAN: u16 = 4;

/// A run longer than this is cut, so that the buffers stay small. Far longer than any roster line.
const LONGEST_RUN: usize = 16_384;

/// What is known of a character: bits 0–3 surname bucket (0 = no surname), 4 = may begin a compound surname, 5–7 bucket as
/// first, 8–10 as second, 11–13 as only character of a given name, 14 = Han, 15 = a title such as 先生 may begin here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traits(u16);

impl Traits {
    pub fn surname(self) -> u16 {
        self.0 & 15
    }

    pub fn begins_compound(self) -> bool {
        self.0 & 16 != 0
    }

    pub fn first(self) -> u16 {
        self.0 >> 5 & 7
    }

    pub fn second(self) -> u16 {
        self.0 >> 8 & 7
    }

    pub fn single(self) -> u16 {
        self.0 >> 11 & 7
    }

    pub fn is_han(self) -> bool {
        self.0 & 1 << 14 != 0
    }

    pub fn begins_tail(self) -> bool {
        self.0 & 1 << 15 != 0
    }
}

struct Tables {
    /// Code and traits of the characters of the basic plane.
    chars: Box<[(u16, Traits)]>,
    traits: Box<[Traits]>,
    classes: Box<[u8]>,
    compounds: Compounds,
}

/// Compound surnames with their buckets, in a table that is probed from the hash of both characters on.
struct Compounds(Vec<(u16, u16, u16)>);

impl Compounds {
    /// Several times their number, so that most look-ups end with the first slot.
    const SLOTS: usize = 512;

    fn slot(a: u16, b: u16) -> usize {
        let key = u32::from(a) << 16 | u32::from(b);
        (key.wrapping_mul(0x9E37_79B1) >> 23) as usize
    }

    fn insert(&mut self, a: u16, b: u16, bucket: u16) {
        let mut at = Self::slot(a, b);
        while self.0[at].2 != 0 {
            at = (at + 1) % Self::SLOTS;
        }
        self.0[at] = (a, b, bucket);
    }

    /// The bucket; 0 = none.
    fn get(&self, a: u16, b: u16) -> u16 {
        let mut at = Self::slot(a, b);
        loop {
            match self.0[at] {
                (_, _, 0) => return 0,
                (x, y, bucket) if (x, y) == (a, b) => return bucket,
                _ => at = (at + 1) % Self::SLOTS,
            }
        }
    }
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut bits = vec![0u16; 1 << 16];
    for code in 0x3400..=0xFAFFu32 {
        if char::from_u32(code).is_some_and(is_han) {
            bits[code as usize] |= 1 << 14;
        }
    }
    bits[usize::from(RARE_HAN)] |= 1 << 14;
    bits['〇' as usize] |= 1 << 14;
    for c in super::rules::tail_starts() {
        bits[usize::from(code_of(c))] |= 1 << 15;
    }
    let mut compounds = Compounds(vec![(0, 0, 0); Compounds::SLOTS]);
    for s in surname::all() {
        let mut codes = s.text.chars().map(code_of);
        match (codes.next(), codes.next(), codes.next()) {
            (Some(a), None, _) => bits[usize::from(a)] |= u16::from(s.bucket),
            (Some(a), Some(b), None) => {
                bits[usize::from(a)] |= 16;
                compounds.insert(a, b, u16::from(s.bucket));
            }
            _ => {}
        }
    }
    for g in given::all() {
        let bucket = |count| u16::from(given::bucket(count));
        bits[usize::from(code_of(g.char))] |=
            bucket(g.first) << 5 | bucket(g.second) << 8 | bucket(g.single) << 11;
    }
    let traits: Box<[Traits]> = bits.into_iter().map(Traits).collect();
    let classes = (0..=u16::MAX)
        .zip(&traits)
        .map(|(code, t)| class(code, *t))
        .collect();
    let chars = (0..=u16::MAX)
        .map(|c| {
            let code = char::from_u32(c.into()).map_or(EDGE, code_of);
            (code, traits[usize::from(code)])
        })
        .collect();
    Tables {
        chars,
        traits,
        classes,
        compounds,
    }
});

/// Classes of characters beside a name.
fn class(code: u16, t: Traits) -> u8 {
    let ascii = |c: char| c as u16 == code;
    let han = || match (t.is_han(), t.surname()) {
        (false, _) => 15,
        (true, 1..=4) => 16,
        (true, 5..) => 17,
        (true, 0) if t.first() + t.second() >= 6 => 18,
        (true, 0) => 19,
    };
    match code {
        // The marks below all come before.
        0x3400..=0xFAFF => han(),
        EDGE => 0,
        DIGIT => 1,
        LATIN => 2,
        0x20 => 3,
        0x09 => 4,
        _ if "|\"'{}[]<>".chars().any(ascii) => 5,
        _ if ",;".chars().any(ascii) => 6,
        0xFF0C => 7,
        0x3001 => 8,
        _ if ":=".chars().any(ascii) => 9,
        0x3002 | 0xFF01 | 0xFF1F | 0x21 | 0x3F | 0x2E => 10,
        _ if "(《“「【".chars().any(ascii) => 11,
        _ if ")》”」】".chars().any(ascii) => 12,
        _ if "-_/\\+~".chars().any(ascii) => 13,
        _ if "*@#&·".chars().any(ascii) => 14,
        _ => han(),
    }
}

/// Character table and compound surnames, fetched once per text.
#[derive(Clone, Copy)]
pub struct Lexicon(&'static Tables);

impl Lexicon {
    pub fn get() -> Lexicon {
        Lexicon(&TABLES)
    }

    /// Code and traits of a character.
    #[inline]
    fn read(self, c: char) -> (u16, Traits) {
        match self.0.chars.get(c as usize) {
            Some(known) => *known,
            None => (code_of(c), self.traits(code_of(c))),
        }
    }

    #[inline]
    pub fn traits(self, code: u16) -> Traits {
        self.0
            .traits
            .get(usize::from(code))
            .copied()
            .unwrap_or_default()
    }

    /// Class of a character beside a name: border, digit, mark, Han of several sorts.
    #[inline]
    pub fn class(self, code: u16) -> u16 {
        u16::from(self.0.classes.get(usize::from(code)).copied().unwrap_or(0))
    }

    /// Bucket of the compound surname, 0 = none.
    pub fn compound(self, a: u16, b: u16) -> u16 {
        if self.traits(a).begins_compound() {
            self.0.compounds.get(a, b)
        } else {
            0
        }
    }
}

/// The code of a character: simplified, digits and letters as classes, full-width marks as plain ones.
#[inline]
pub fn code_of(c: char) -> u16 {
    match c {
        '\n' | '\r' | '\0' => EDGE,
        '0'..='9' | '\u{FF10}'..='\u{FF19}' => DIGIT,
        'a'..='z' | 'A'..='Z' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => LATIN,
        '\u{3000}' | '\u{a0}' => u16::from(b' '),
        '：' => u16::from(b':'),
        '（' => u16::from(b'('),
        '）' => u16::from(b')'),
        '；' => u16::from(b';'),
        c if (c as u32) < 0x1_0000 => to_simplified(c) as u16,
        c if is_han(c) => RARE_HAN,
        _ => 5,
    }
}

/// Marks between the parts of a transliterated name.
pub(super) const DOT: [char; 5] = ['·', '•', '‧', '・', '･'];

pub(super) fn is_dot(code: u16) -> bool {
    DOT.iter().any(|d| *d as u16 == code)
}

/// Whether the character may stand for a hidden one.
pub(super) fn is_mask(code: u16) -> bool {
    code == LATIN || char::from_u32(code.into()).is_some_and(super::rules::is_mask_char)
}

/// A run of Han characters with [`PAD`] characters of context on both sides.
#[derive(Default)]
pub struct Run {
    /// Codes, context included: the run's own are `codes[PAD..PAD + len]`.
    pub codes: Vec<u16>,
    /// Byte offset of each of the run's characters in the text, and of the end.
    pub offsets: Vec<usize>,
    /// Characters of the run that are a surname or may begin a compound one.
    starts: Vec<u32>,
}

impl Run {
    /// Number of Han characters.
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The characters at which a surname may begin, counted from the start of the run.
    pub fn starts(&self) -> impl Iterator<Item = usize> + '_ {
        self.starts.iter().map(|at| *at as usize)
    }

    /// The code `at` characters from the start of the run; may be negative or past the end by [`PAD`].
    #[inline]
    pub fn code(&self, at: isize) -> u16 {
        self.codes
            .get((at + PAD as isize) as usize)
            .copied()
            .unwrap_or(EDGE)
    }

    /// Reads the run that starts at byte `start`; returns its end.
    fn read(&mut self, lexicon: Lexicon, text: &str, start: usize) -> usize {
        self.codes.clear();
        self.offsets.clear();
        self.codes.resize(PAD, EDGE);
        for (slot, c) in text[..start].chars().rev().take(PAD).enumerate() {
            let code = code_of(c);
            self.codes[PAD - 1 - slot] = code;
            if code == EDGE {
                break;
            }
        }
        let mut end = start;
        self.starts.clear();
        for c in text[start..].chars() {
            let (code, t) = lexicon.read(c);
            if !t.is_han() || self.offsets.len() == LONGEST_RUN {
                break;
            }
            if t.surname() != 0 || t.begins_compound() {
                self.starts.push(self.offsets.len() as u32);
            }
            self.codes.push(code);
            self.offsets.push(end);
            end += c.len_utf8();
        }
        self.offsets.push(end);
        let own = self.codes.len();
        for c in text[end..].chars().take(PAD) {
            let code = code_of(c);
            self.codes.push(code);
            if code == EDGE {
                break;
            }
        }
        self.codes.resize(own + PAD, EDGE);
        end
    }
}

/// Calls `found` with every run of Han characters that starts in `range` (bytes, on character boundaries), but for those that
/// lie wholly in one of the spans of `skip`, which are sorted.
pub fn runs(
    text: &str,
    range: Range<usize>,
    skip: &[Span],
    run: &mut Run,
    mut found: impl FnMut(&Run),
) {
    let bytes = &text.as_bytes()[..range.end.min(text.len())];
    let lexicon = Lexicon::get();
    let mut skip = skip.iter().peekable();
    let mut at = range.start;
    while let Some(&b) = bytes.get(at) {
        // Eight bytes of ASCII at a time: dumps are mostly digits and marks.
        if b < 0x80 {
            at += match bytes.get(at..at + 8).and_then(|w| w.try_into().ok()) {
                Some(word) if u64::from_le_bytes(word) & 0x8080_8080_8080_8080 == 0 => 8,
                _ => 1,
            };
            continue;
        }
        while skip.next_if(|s| s.end <= at).is_some() {}
        if let Some(s) = skip.peek().filter(|s| s.start <= at) {
            let goes_on = text
                .get(s.end..)
                .and_then(|t| t.chars().next())
                .is_some_and(is_han);
            if !goes_on {
                at = s.end;
                continue;
            }
        }
        // Han characters are encoded in three bytes from E3 on or in four bytes.
        let han = (0xE3..=0xEF).contains(&b) || b == 0xF0;
        if han && let Some(c) = text.get(at..).and_then(|t| t.chars().next()) {
            if is_han(c) {
                at = run.read(lexicon, text, at);
                found(run);
            } else {
                at += c.len_utf8();
            }
        } else {
            at += 1;
        }
    }
}

/// A possible name in a run.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// First character, counted from the start of the run.
    pub start: usize,
    /// Number of characters.
    pub len: usize,
    /// Number of characters of the surname.
    pub surname: usize,
}

/// Calls `found` with every shape that may be a name starting at `start`: surname and one or two characters.
pub fn shapes(lexicon: Lexicon, run: &Run, start: usize, mut found: impl FnMut(Shape)) {
    let left = run.len() - start;
    let code = |i: usize| run.code((start + i) as isize);
    let mut push = |surname, len| {
        if len <= left {
            found(Shape {
                start,
                len,
                surname,
            });
        }
    };
    let first = lexicon.traits(code(0));
    let compound = left >= 3 && lexicon.compound(code(0), code(1)) != 0;
    if first.surname() != 0 {
        push(1, 2);
        push(1, 3);
    }
    if compound {
        push(2, 3);
        push(2, 4);
    } else if left >= 4
        && (1..=5).contains(&first.surname())
        && (1..=5).contains(&lexicon.traits(code(1)).surname())
    {
        // A double surname, such as a married woman's: 陈方安生.
        push(2, 4);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs_of(text: &str) -> Vec<String> {
        let mut list = Vec::new();
        runs(text, 0..text.len(), &[], &mut Run::default(), |r| {
            list.push(text[r.offsets[0]..r.offsets[r.len()]].to_owned());
        });
        list
    }

    #[test]
    fn runs_end_at_everything_that_is_not_han() {
        assert_eq!(
            runs_of("电话1380张三，李四\n王五·x"),
            ["电话", "张三", "李四", "王五"]
        );
        assert_eq!(runs_of("aé😀は"), Vec::<String>::new());
        assert_eq!(runs_of("𬭎𬭎张"), ["𬭎𬭎张"]);
    }

    #[test]
    fn runs_wholly_inside_a_span_are_skipped() {
        let text = "文三路12号,王五路3号张三";
        let first = Span::new(0, text.find(',').expect("there"));
        let second = Span::new(first.end + 1, text.find("张三").expect("there"));
        let mut seen = Vec::new();
        runs(
            text,
            0..text.len(),
            &[first, second],
            &mut Run::default(),
            |r| {
                seen.push(text[r.offsets[0]..r.offsets[r.len()]].to_owned());
            },
        );
        assert_eq!(seen, ["王五路", "号张三"]);
    }

    #[test]
    fn context_stops_at_the_line() {
        let mut seen = Vec::new();
        runs("甲\nab张三:\n", 0..18, &[], &mut Run::default(), |r| {
            seen.clone_from(&r.codes);
        });
        let zhang = code_of('张');
        assert_eq!(&seen[..5], [EDGE, EDGE, LATIN, LATIN, zhang]);
        assert_eq!(&seen[6..], [u16::from(b':'), EDGE, EDGE, EDGE]);
    }
}
