//! The characters around an anchor, simplified and classified once.

use std::sync::LazyLock;

use crate::table::region::{self, Brief};
use crate::table::script;
use crate::text::class::is_han;

use super::words;

/// What a character may be; bits of [`Glyph::is`].
pub(super) mod class {
    /// A Han character.
    pub(in super::super) const HAN: u32 = 1;
    pub(in super::super) const DIGIT: u32 = 1 << 1;
    /// An ASCII letter.
    pub(in super::super) const LETTER: u32 = 1 << 2;
    /// Makes a Han numeral: 三, 十, 甲.
    pub(in super::super) const NUMERAL: u32 = 1 << 3;
    /// Begins a word of the lists, here and below: see [`words`](super::words).
    pub(in super::super) const STOP_HEAD: u32 = 1 << 4;
    pub(in super::super) const GOODS_HEAD: u32 = 1 << 5;
    /// Nothing of an address reaches across it.
    pub(in super::super) const STOP: u32 = 1 << 6;
    /// May make or end a number, a road, a village or a compound.
    pub(in super::super) const TELLS: u32 = 1 << 7;
    /// What is noted of an address as it is read: see [`Reader::fill`].
    pub(in super::super) const NOTED: u32 = TELLS | STOP_HEAD;
    /// Of those, what makes something else than a number with what stands before it.
    pub(in super::super) const OTHERWISE: u32 =
        STOP_HEAD | ROAD | VILLAGE | JOINT | PLACE | PLACE_HEAD | POINT_HEAD | BESIDE_HEAD;
    /// The classes up to here: see [`Glyph::mark`].
    pub(in super::super) const MARKS: u32 = 0xFF;
    /// Counts a part of a building or a plot: 号, 栋, 室.
    pub(in super::super) const UNIT: u32 = 1 << 8;
    /// Of the units, those that are seldom anything else.
    pub(in super::super) const COUNTED: u32 = 1 << 9;
    /// Ends the name of a road.
    pub(in super::super) const ROAD: u32 = 1 << 10;
    /// Of the road characters, those that prove one.
    pub(in super::super) const STREET: u32 = 1 << 11;
    /// Ends the name of a village.
    pub(in super::super) const VILLAGE: u32 = 1 << 12;
    /// May end the name of a place: where an address may end.
    pub(in super::super) const PLACE_END: u32 = 1 << 13;
    /// A separator between the parts of an address.
    pub(in super::super) const GAP: u32 = 1 << 14;
    /// A common family name.
    pub(in super::super) const SURNAME: u32 = 1 << 15;
    /// Before the first division it shows that the address has begun.
    pub(in super::super) const STRUCTURE: u32 = 1 << 16;
    /// After it an address may begin: 到, 在, 的.
    pub(in super::super) const CUE: u32 = 1 << 17;
    /// Ends a note behind an address.
    pub(in super::super) const NOTE_END: u32 = 1 << 18;
    pub(in super::super) const LEAD_HEAD: u32 = 1 << 19;
    pub(in super::super) const PLACE_HEAD: u32 = 1 << 20;
    pub(in super::super) const POINT_HEAD: u32 = 1 << 21;
    pub(in super::super) const BESIDE_HEAD: u32 = 1 << 22;
    /// Is such a word of a compound or institution by itself: 苑, 府.
    pub(in super::super) const PLACE: u32 = 1 << 23;
    /// Of the characters that may end the name of a place, those that seldom do anything else.
    pub(in super::super) const CLOSE: u32 = 1 << 24;
    pub(in super::super) const COMMA: u32 = 1 << 25;
    /// Joins numbers: 3-2-501.
    pub(in super::super) const JOINT: u32 = 1 << 26;
    /// The four bits from here on say which of the first four classes a character must stand behind to make something with it:
    /// see [`Glyph::completes`].
    pub(in super::super) const BEHIND: u32 = 28;
}

/// One character of a text, and what is known of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Glyph {
    /// In simplified script.
    pub(super) c: char,
    class: u32,
    /// Where it begins in the text, in bytes.
    at: u32,
    /// In the gazetteer.
    code: u16,
    /// Among the first characters of the lists: see [`words`](super::words).
    head: u16,
}

/// What is known of every character.
struct Table {
    /// Those of the basic plane.
    basic: Box<[Glyph; 1 << 16]>,
    /// Those behind it that names of divisions have, in order.
    rare: Vec<Glyph>,
    /// Any other behind it.
    han: Glyph,
    other: Glyph,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = vec![Glyph::default(); 1 << 16].into_boxed_slice();
    for (number, glyph) in (0..).zip(table.iter_mut()) {
        glyph.c = char::from_u32(number).unwrap_or_default();
    }
    let mut mark = |c: char, bits: u32| {
        if let Some(glyph) = table.get_mut(c as usize) {
            glyph.class |= bits;
        }
    };
    ('0'..='9').for_each(|c| mark(c, class::DIGIT));
    ('a'..='z')
        .chain('A'..='Z')
        .for_each(|c| mark(c, class::LETTER));
    let han = [
        '\u{3400}'..='\u{4DBF}',
        '\u{4E00}'..='\u{9FFF}',
        '\u{F900}'..='\u{FAFF}',
        '〇'..='〇',
    ];
    han.into_iter().flatten().for_each(|c| mark(c, class::HAN));
    words::classes(&mut mark);
    for (number, c) in words::heads() {
        if let Some(glyph) = table.get_mut(c as usize) {
            glyph.head = number;
        }
    }
    for (code, glyph) in region::codes().zip(table.iter_mut()) {
        glyph.code = code;
    }
    for (traditional, simple) in script::pairs() {
        table[traditional as usize] = table[simple as usize];
    }
    let behind = |c, class, code| Glyph {
        c,
        class,
        code,
        ..Glyph::default()
    };
    Table {
        basic: table
            .try_into()
            .unwrap_or_else(|_| Box::new([Glyph::default(); 1 << 16])),
        rare: region::rare_codes()
            .map(|(c, code)| behind(c, class::HAN, code))
            .collect(),
        han: behind('\u{20000}', class::HAN, 0),
        other: behind(char::MAX, 0, 0),
    }
});

/// The character that three bytes make.
#[inline]
fn number([a, b, c]: [u8; 3]) -> usize {
    // What the marks of the bytes add up to is taken off at once.
    let sum = (usize::from(a) << 12) + (usize::from(b) << 6) + usize::from(c);
    sum.wrapping_sub(0xE_2080) & 0xFFFF
}

/// Whether a hyphen joins what is before it to a Han character, a letter or a digit, of which this is the first byte.
fn joins(next: u8) -> bool {
    next.is_ascii_alphanumeric() || matches!(next, 0xE4..=0xE9)
}

/// Whether a mobile in groups may begin with the digits that a text ends with, before a hyphen: 138-1234-5678, 86-138….
fn is_mobile(text: &[u8]) -> bool {
    let digits = text.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let first = text.get(text.len() - digits);
    matches!((first, digits), (Some(b'1' | b'8'), 3..) | (Some(b'8'), 2))
}

/// Room for characters, so many that a place is one byte.
pub(super) const ROOM: usize = 256;

/// Most bytes that [`Reader::fill`] reads, so that there is room before and behind them.
const MOST: usize = 224;

/// What was noted of characters as they were read.
pub(super) struct Noted {
    /// Places, in order.
    places: [u8; ROOM],
    length: u8,
    /// Units that were counted instead.
    pub(super) units: u32,
}

impl Default for Noted {
    fn default() -> Noted {
        Noted {
            places: [0; ROOM],
            length: 0,
            units: 0,
        }
    }
}

impl Noted {
    pub(super) fn places(&self) -> &[u8] {
        &self.places[..usize::from(self.length)]
    }
}

/// A text that is read as glyphs.
#[derive(Clone, Copy)]
pub(super) struct Reader<'t> {
    text: &'t str,
    table: &'static Table,
    basic: &'static [Glyph; 1 << 16],
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Reader<'t> {
        Reader {
            text,
            table: &TABLE,
            basic: &TABLE.basic,
        }
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// The same text up to the first character border at or behind byte `end`.
    pub(super) fn until(&self, end: usize) -> Reader<'t> {
        Reader {
            text: &self.text[..self.text.ceil_char_boundary(end)],
            ..*self
        }
    }

    /// The character that begins at byte `at`, and where it ends; at the end of the text, NUL and the same place.
    #[inline]
    pub(super) fn read(&self, at: usize) -> (Glyph, usize) {
        let (entry, end) = self.entry(at);
        (entry.standing_at(at), end)
    }

    /// As [`read`](Self::read), without its place.
    ///
    /// Characters of one and of three bytes are decoded by hand: the table makes the checks of a general decoder unnecessary, and
    /// reading is a fifth of what an address costs.
    // Called otherwise, it costs twice as much.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn entry(&self, at: usize) -> (&'static Glyph, usize) {
        match self.text.as_bytes().get(at..) {
            Some(&[a @ 0..0x80, ..]) => (&self.basic[usize::from(a)], at + 1),
            Some(&[a @ 0xE0..=0xEF, b, c, ..]) => (&self.basic[number([a, b, c])], at + 3),
            _ => self.seldom(at),
        }
    }

    /// Reads the Han characters, letters and digits from byte `at` on, and the hyphens between them, in no more than [`MOST`] bytes and
    /// without their places, into the glyphs from the place `from` on, and notes those that are [`class::NOTED`] but
    /// [units](Glyph::is_unit) behind digits, which are counted; the place and the byte where they end. `None` where more than so many
    /// `digits` follow each other, or a mobile may begin.
    #[inline]
    pub(super) fn fill(
        &self,
        at: usize,
        glyphs: &mut [Glyph; ROOM],
        from: u8,
        noted: &mut Noted,
        digits: usize,
    ) -> Option<(usize, usize)> {
        let text = self.text.as_bytes().get(at..)?;
        let text = &text[..text.len().min(MOST)];
        let (mut rest, mut place, mut notes) = (text, from, 0_u8);
        noted.units = 0;
        let mut note = |entry: &Glyph, place: u8| {
            noted.places[usize::from(notes)] = place;
            notes = notes.wrapping_add(u8::from(entry.is(class::NOTED)));
        };
        let mut put = |entry: &Glyph, place: &mut u8| {
            glyphs[usize::from(*place)] = *entry;
            *place = place.wrapping_add(1);
        };
        loop {
            loop {
                let before = rest.len();
                while let [a @ 0xE4..=0xE9, b, c, behind @ ..] = rest {
                    let entry = &self.basic[number([*a, *b, *c])];
                    note(entry, place);
                    put(entry, &mut place);
                    rest = behind;
                }
                let han = rest.len();
                while let [a @ b'0'..=b'9', behind @ ..] = rest {
                    put(&self.basic[usize::from(*a)], &mut place);
                    rest = behind;
                }
                if han - rest.len() > digits {
                    return None;
                }
                if rest.len() == before {
                    break;
                }
                if let [a @ 0xE4..=0xE9, b, c, behind @ ..] = rest {
                    let entry = &self.basic[number([*a, *b, *c])];
                    if entry.is_unit() {
                        noted.units += 1;
                    } else {
                        note(entry, place);
                    }
                    put(entry, &mut place);
                    rest = behind;
                }
            }
            let (mark, behind) = match rest {
                [mark @ (b'A'..=b'Z' | b'a'..=b'z'), behind @ ..] => (mark, behind),
                [mark @ b'-', behind @ ..] if behind.first().is_some_and(|next| joins(*next)) => {
                    if is_mobile(&text[..text.len() - rest.len()]) {
                        return None;
                    }
                    (mark, behind)
                }
                _ => break,
            };
            let entry = &self.basic[usize::from(*mark)];
            note(entry, place);
            put(entry, &mut place);
            rest = behind;
        }
        noted.length = notes;
        Some((usize::from(place), at + text.len() - rest.len()))
    }

    /// The text behind byte `at`.
    pub(super) fn behind(&self, at: usize) -> &'t [u8] {
        self.text.as_bytes().get(at..).unwrap_or_default()
    }

    /// Takes the first character off `rest`, which is what the text has [behind](Self::behind) a character border.
    // Called otherwise, it costs twice as much.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn take<'g>(&self, rest: &mut &'t [u8], to: &'g mut Glyph) -> Option<&'g Glyph> {
        let at = self.text.len() - rest.len();
        let (entry, behind) = match rest {
            [a @ 0..0x80, behind @ ..] => (&self.basic[usize::from(*a)], behind),
            [a @ 0xE0..=0xEF, b, c, behind @ ..] => (&self.basic[number([*a, *b, *c])], behind),
            [] => return None,
            _ => {
                let (entry, end) = self.seldom(at);
                (entry, self.behind(end))
            }
        };
        *rest = behind;
        *to = *entry;
        to.at = at as u32;
        Some(to)
    }

    /// A character of two or four bytes, and the end of the text.
    #[cold]
    fn seldom(&self, at: usize) -> (&'static Glyph, usize) {
        let Some(c) = self.text.get(at..).and_then(|rest| rest.chars().next()) else {
            return (&self.basic[0], at);
        };
        let rare = || self.table.rare.binary_search_by_key(&c, |glyph| glyph.c);
        let entry = match self.basic.get(c as usize) {
            Some(entry) => entry,
            None => match rare() {
                Ok(i) => &self.table.rare[i],
                Err(_) if is_han(c) => &self.table.han,
                Err(_) => &self.table.other,
            },
        };
        (entry, at + c.len_utf8())
    }

    /// The character that begins at byte `at`.
    #[inline]
    pub(super) fn after(&self, at: usize) -> Option<Glyph> {
        (at < self.text.len()).then(|| self.read(at).0)
    }

    /// The character that ends before byte `at`.
    // Called otherwise, it costs twice as much.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn before(&self, at: usize) -> Option<Glyph> {
        let (entry, begin) = match *self.text.as_bytes().get(..at)? {
            [.., a @ 0..0x80] => (&self.basic[usize::from(a)], at - 1),
            [.., a @ 0xE0..=0xEF, b, c] => (&self.basic[number([a, b, c])], at - 3),
            _ => self.seldom_before(at)?,
        };
        Some(entry.standing_at(begin))
    }

    /// A character of two or four bytes before byte `at`, and the beginning of the text.
    #[cold]
    fn seldom_before(&self, at: usize) -> Option<(&'static Glyph, usize)> {
        let before = self.text.get(..at)?.chars().next_back()?;
        let begin = at - before.len_utf8();
        Some((self.seldom(begin).0, begin))
    }
}

impl Glyph {
    /// That of no character.
    pub(super) const NONE: Glyph = Glyph {
        c: '\0',
        class: 0,
        at: 0,
        code: 0,
        head: 0,
    };

    #[inline]
    fn standing_at(&self, at: usize) -> Glyph {
        Glyph {
            at: at as u32,
            ..*self
        }
    }

    /// Where it begins in the text.
    #[inline]
    pub(super) fn byte(self) -> usize {
        self.at as usize
    }

    /// Whether it is of one of the classes.
    #[inline]
    pub(super) fn is(&self, classes: u32) -> bool {
        self.class & classes != 0
    }

    /// The classes that are looked for in many characters at a time, in one byte.
    #[inline]
    pub(super) fn mark(&self) -> u8 {
        (self.class & class::MARKS) as u8
    }

    /// Of the classes of the character before it, those with which it makes something: a number of a digit, a letter or a numeral and
    /// 号, a road of a Han character and 路. So one step tells it, whatever the two are.
    #[inline]
    pub(super) fn completes(&self, before: &Glyph) -> u32 {
        before.class & self.class >> class::BEHIND
    }

    /// Whether it makes a number behind a digit, and nothing else.
    #[inline]
    fn is_unit(&self) -> bool {
        self.class & (class::COUNTED | class::OTHERWISE) == class::COUNTED
    }

    /// Its number among the first characters of the lists; 0 where it is none.
    #[inline]
    pub(super) fn head(self) -> usize {
        usize::from(self.head)
    }

    /// Its code in the gazetteer, in whatever script.
    #[inline]
    pub(super) fn code(&self) -> u16 {
        self.code
    }

    /// A letter or digit of any script.
    #[inline]
    pub(super) fn is_alphanumeric(self) -> bool {
        self.is(class::HAN | class::DIGIT | class::LETTER) || self.c.is_alphanumeric()
    }

    /// A digit, letter or Han numeral: what may stand before a unit.
    #[inline]
    pub(super) fn counts(self) -> bool {
        self.is(class::DIGIT | class::LETTER | class::NUMERAL)
    }
}

/// Whether a character is of one of the classes.
pub(super) fn is(c: char, classes: u32) -> bool {
    TABLE
        .basic
        .get(c as usize)
        .is_some_and(|glyph| glyph.is(classes))
}

/// The distance in bytes between two characters.
pub(super) fn bytes_between(g: &[Glyph], from: usize, to: usize) -> usize {
    match (g.get(from), g.get(to), g.last()) {
        (Some(a), Some(b), _) => (b.at - a.at) as usize,
        (Some(a), None, Some(last)) => (last.at - a.at) as usize + last.c.len_utf8(),
        _ => 0,
    }
}

/// Whether the name of a division begins with two characters, and perhaps where none does.
#[inline]
pub(super) fn begins_name(first: &Glyph, second: &Glyph) -> bool {
    region::begins_with([first.code, second.code])
}

/// The longest division name that begins at a place: its end, and what is known of it.
#[inline]
pub(super) fn name_at(g: &[Glyph], at: usize) -> Option<(usize, Brief)> {
    let text = g.get(at..)?;
    let [first, second, ..] = text else {
        return None;
    };
    if !begins_name(first, second) {
        return None;
    }
    let (length, first) = longest_name(text)?;
    Some((at + length, first))
}

/// As [`name_at`], of a text whose first characters [may begin a name](begins_name); how long the name is.
#[inline]
pub(super) fn longest_name(text: &[Glyph]) -> Option<(usize, Brief)> {
    region::longest(text.iter().map(|glyph| glyph.code))
}

/// Whether the characters end with a word.
pub(super) fn ends(g: &[Glyph], word: &str) -> bool {
    let mut glyphs = g.iter().rev();
    word.chars()
        .rev()
        .all(|c| glyphs.next().is_some_and(|g| g.c == c))
}
