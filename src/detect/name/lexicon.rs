//! What is known of single characters: surnames, places in given names, classes beside a name.

use std::sync::LazyLock;

use crate::table::script::to_simplified;
use crate::table::{given, surname};
use crate::text::class::is_han;

/// The code of a line edge or text edge.
pub const EDGE: u16 = 1;
pub(super) const DIGIT: u16 = 2;
pub(super) const LATIN: u16 = 3;
/// The code of a Han character outside the basic plane.
pub(super) const RARE_HAN: u16 = 4;

/// What a character of a text may be, as far as it decides where a name is looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks(u8);

impl Marks {
    pub(super) const HAN: Marks = Marks(1);
    /// A surname that begins names in running text.
    pub(super) const SURNAME: Marks = Marks(2);
    /// A surname that is nearly always another word in running text.
    pub(super) const WEAK: Marks = Marks(4);
    /// May begin a compound surname.
    pub(super) const COMPOUND: Marks = Marks(32);
    /// May begin a title, such as 先生, or is 某.
    pub(super) const TAIL: Marks = Marks(16);
    /// Often stands before a customer's name in records.
    pub(super) const CUE: Marks = Marks(8);

    #[inline]
    pub(super) fn has(self, any_of: Marks) -> bool {
        self.0 & any_of.0 != 0
    }

    #[inline]
    pub(super) fn or(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }
}

/// Code and marks of a character in one word, so that reading a text takes one look-up a character: bits 0–15 the code, 16–23
/// the marks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Char(u32);

impl Char {
    pub(super) const fn new(code: u16, marks: Marks) -> Char {
        Char((marks.0 as u32) << 16 | code as u32)
    }

    #[inline]
    pub(super) fn code(self) -> u16 {
        self.0 as u16
    }

    #[inline]
    pub(super) fn marks(self) -> Marks {
        Marks((self.0 >> 16) as u8)
    }

    #[inline]
    pub(super) fn has(self, any_of: Marks) -> bool {
        self.0 & u32::from(any_of.0) << 16 != 0
    }

    /// Whether a name is looked for at this character where it follows the other.
    #[inline]
    pub(super) fn starts_after(self, before: Char) -> bool {
        const SURNAME: u32 = (Marks::SURNAME.0 as u32) << 16;
        const WEAK: u32 = (Marks::WEAK.0 as u32) << 16;
        // A cue is the bit above that of a weak surname.
        self.0 & (SURNAME | before.0 >> 1 & WEAK) != 0
    }
}

/// What is known of a character as part of a name: bits 0–3 surname bucket (0 = no surname), 4 = may begin a compound
/// surname, 5–7 bucket as first, 8–10 as second, 11–13 as only character of a given name, 14 = Han, 15 = a title may begin
/// here.
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

/// Characters with which labels and addresses end before a customer's name.
const CUES: &str = "人名给寄收户系室号楼";

/// Traits of a character and its class beside a name: border, digit, mark, Han of several sorts; less than 32.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    pub traits: Traits,
    class: u8,
}

impl Known {
    #[inline]
    pub fn class(self) -> u16 {
        u16::from(self.class)
    }
}

struct Tables {
    /// The characters of the basic plane.
    chars: Box<[Char; 1 << 16]>,
    /// By code.
    known: Box<[Known; 1 << 16]>,
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
    let mut bits = Box::new([0u16; 1 << 16]);
    for code in 0x3400..=0xFAFFu32 {
        if char::from_u32(code).is_some_and(is_han) {
            bits[code as usize] |= 1 << 14;
        }
    }
    bits[usize::from(RARE_HAN)] |= 1 << 14;
    // A stroke that dumps use as a bar.
    bits['丨' as usize] = 0;
    bits['〇' as usize] |= 1 << 14;
    for c in super::rules::tail_starts() {
        bits[usize::from(code_of(c))] |= 1 << 15;
    }
    let mut marks = Box::new([Marks::default(); 1 << 16]);
    let mut compounds = Compounds(vec![(0, 0, 0); Compounds::SLOTS]);
    for s in surname::all() {
        let mut codes = s.text.chars().map(code_of);
        match (codes.next(), codes.next(), codes.next()) {
            (Some(a), None, _) => {
                bits[usize::from(a)] |= u16::from(s.bucket);
                let mark = if s.weak { Marks::WEAK } else { Marks::SURNAME };
                marks[usize::from(a)] = marks[usize::from(a)].or(mark);
            }
            (Some(a), Some(b), None) => {
                bits[usize::from(a)] |= 16;
                marks[usize::from(a)] = marks[usize::from(a)].or(Marks::COMPOUND);
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
    let mut known = Box::new([Known::default(); 1 << 16]);
    for code in 0..=u16::MAX {
        let traits = Traits(bits[usize::from(code)]);
        known[usize::from(code)] = Known {
            traits,
            class: class(code, traits),
        };
    }
    for cue in CUES.chars().map(code_of) {
        marks[usize::from(cue)] = marks[usize::from(cue)].or(Marks::CUE);
    }
    let mut chars = Box::new([Char::new(EDGE, Marks::default()); 1 << 16]);
    for c in (0..=u16::MAX).filter_map(|c| char::from_u32(c.into())) {
        let code = code_of(c);
        let at = usize::from(code);
        let mut marks = marks[at];
        if known[at].traits.is_han() {
            marks = marks.or(Marks::HAN);
        }
        if known[at].traits.begins_tail() {
            marks = marks.or(Marks::TAIL);
        }
        chars[c as usize] = Char::new(code, marks);
    }
    Tables {
        chars,
        known,
        compounds,
    }
});

/// Classes of characters beside a name.
fn class(code: u16, t: Traits) -> u8 {
    match code {
        EDGE => return 0,
        DIGIT => return 1,
        LATIN => return 2,
        _ => {}
    }
    match char::from_u32(code.into()) {
        Some(' ') => 3,
        Some('\t') => 4,
        Some('|' | '"' | '\'' | '{' | '}' | '[' | ']' | '<' | '>') => 5,
        Some(',' | ';') => 6,
        Some('，') => 7,
        Some('、') => 8,
        Some(':' | '=') => 9,
        Some('。' | '！' | '？' | '!' | '?' | '.') => 10,
        Some('(' | '《' | '“' | '「' | '【') => 11,
        Some(')' | '》' | '”' | '」' | '】') => 12,
        Some('-' | '_' | '/' | '\\' | '+' | '~') => 13,
        Some('*' | '@' | '#' | '&' | '·') => 14,
        _ => match (t.is_han(), t.surname()) {
            (false, _) => 15,
            (true, 1..=4) => 16,
            (true, 5..) => 17,
            (true, 0) if t.first() + t.second() >= 6 => 18,
            (true, 0) => 19,
        },
    }
}

/// Character table and compound surnames, fetched once per text.
#[derive(Clone, Copy)]
pub struct Lexicon(&'static Tables);

impl Lexicon {
    pub fn get() -> Lexicon {
        Lexicon(&TABLES)
    }

    /// Code of a character.
    #[inline]
    pub(super) fn code(self, c: char) -> u16 {
        self.0
            .chars
            .get(c as usize)
            .map_or_else(|| code_of(c), |c| c.code())
    }

    /// Code of a character of one byte.
    #[inline]
    pub(super) fn ascii(self, byte: u8) -> u16 {
        self.0.chars[usize::from(byte)].code()
    }

    /// The character that is written in these three bytes of UTF-8.
    #[inline]
    pub(super) fn three_bytes(self, a: u8, b: u8, c: u8) -> Char {
        let c = usize::from(a & 15) << 12 | usize::from(b & 63) << 6 | usize::from(c & 63);
        self.0.chars[c]
    }

    /// What is known of the character with a code.
    #[inline]
    pub fn known(self, code: u16) -> Known {
        self.0.known[usize::from(code)]
    }

    #[inline]
    pub fn traits(self, code: u16) -> Traits {
        self.known(code).traits
    }

    /// Whether the character is a surname that is nearly always another word in running text.
    pub(super) fn is_weak_surname(self, code: u16) -> bool {
        self.0.chars[usize::from(code)].has(Marks::WEAK)
    }

    /// Bucket of the compound surname, 0 = none.
    #[inline]
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
        '丨' => u16::from(b'|'),
        c if (c as u32) < 0x1_0000 => to_simplified(c) as u16,
        c if is_han(c) => RARE_HAN,
        _ => 5,
    }
}

/// Marks between the parts of a transliterated name.
pub(super) const DOT: [char; 5] = ['·', '•', '‧', '・', '･'];

#[inline]
pub(super) fn is_dot(code: u16) -> bool {
    // Nearly all that stands beside a run is plain.
    code > 0x7F && DOT.iter().any(|d| *d as u16 == code)
}

/// Whether the character may stand for a hidden one.
pub(super) fn is_mask(code: u16) -> bool {
    code == LATIN || char::from_u32(code.into()).is_some_and(super::rules::is_mask_char)
}
