//! The characters around an anchor, simplified and classified once.

use std::sync::LazyLock;

use crate::table::region::{self, Name, Node};
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
    /// Counts a part of a building or a plot: 号, 栋, 室.
    pub(in super::super) const UNIT: u32 = 1 << 4;
    /// Of the units, those that are seldom anything else.
    pub(in super::super) const COUNTED: u32 = 1 << 5;
    /// Ends the name of a road.
    pub(in super::super) const ROAD: u32 = 1 << 6;
    /// Of the road characters, those that prove one.
    pub(in super::super) const STREET: u32 = 1 << 7;
    /// Ends the name of a village.
    pub(in super::super) const VILLAGE: u32 = 1 << 8;
    /// May end the name of a place: where an address may end.
    pub(in super::super) const PLACE_END: u32 = 1 << 9;
    /// Nothing of an address reaches across it.
    pub(in super::super) const STOP: u32 = 1 << 10;
    /// A separator between the parts of an address.
    pub(in super::super) const GAP: u32 = 1 << 11;
    /// A common family name.
    pub(in super::super) const SURNAME: u32 = 1 << 12;
    /// Before the first division it shows that the address has begun.
    pub(in super::super) const STRUCTURE: u32 = 1 << 13;
    /// After it an address may begin: 到, 在, 的.
    pub(in super::super) const CUE: u32 = 1 << 14;
    /// Ends a note behind an address.
    pub(in super::super) const NOTE_END: u32 = 1 << 15;
    /// Begins a word of the lists: see [`words`](super::words).
    pub(in super::super) const LEAD_HEAD: u32 = 1 << 16;
    pub(in super::super) const STOP_HEAD: u32 = 1 << 17;
    pub(in super::super) const PLACE_HEAD: u32 = 1 << 18;
    pub(in super::super) const POINT_HEAD: u32 = 1 << 19;
    pub(in super::super) const GOODS_HEAD: u32 = 1 << 20;
    pub(in super::super) const BESIDE_HEAD: u32 = 1 << 24;
    /// Has another form in simplified script.
    pub(in super::super) const TRADITIONAL: u32 = 1 << 21;
    pub(in super::super) const COMMA: u32 = 1 << 23;
    /// Joins numbers: 3-2-501.
    pub(in super::super) const JOINT: u32 = 1 << 22;
}

/// One character of the window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// In simplified script.
    pub(super) c: char,
    class: u32,
    /// Where it begins in the text, in bytes.
    at: u32,
    code: u16,
}

/// What is known of a character of the basic plane.
#[derive(Clone, Copy, Default)]
struct Entry {
    class: u32,
    /// In the gazetteer.
    code: u16,
}

static ENTRIES: LazyLock<Box<[Entry]>> = LazyLock::new(|| {
    let mut table = vec![Entry::default(); 1 << 16].into_boxed_slice();
    let mut mark = |c: char, bits: u32| {
        if let Some(entry) = table.get_mut(c as usize) {
            entry.class |= bits;
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
    for (c, entry) in region::codes().zip(&mut table) {
        entry.code = c;
    }
    for (traditional, simple) in script::pairs() {
        let mut entry = table[simple as usize];
        entry.class |= class::TRADITIONAL;
        table[traditional as usize] = entry;
    }
    table
});

impl Glyph {
    #[inline]
    fn new(table: &[Entry], c: char, at: usize) -> Glyph {
        let entry = table.get(c as usize).copied();
        let entry = entry.unwrap_or_else(|| Entry {
            class: if is_han(c) { class::HAN } else { 0 },
            code: region::code(c),
        });
        Glyph {
            c: if entry.class & class::TRADITIONAL == 0 {
                c
            } else {
                script::to_simplified(c)
            },
            class: entry.class,
            at: at as u32,
            code: entry.code,
        }
    }

    /// Where it begins in the text.
    #[inline]
    pub(super) fn byte(self) -> usize {
        self.at as usize
    }

    /// Whether it is of one of the classes.
    #[inline]
    pub(super) fn is(self, classes: u32) -> bool {
        self.class & classes != 0
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
    ENTRIES
        .get(c as usize)
        .is_some_and(|e| e.class & classes != 0)
}

/// The code of a character in the gazetteer, in whatever script.
pub(super) fn code(c: char) -> u16 {
    ENTRIES
        .get(c as usize)
        .map_or_else(|| region::code(c), |e| e.code)
}

/// How far after an anchor an address is followed, in bytes.
const AHEAD: usize = 420;

/// A piece of the text as glyphs.
#[derive(Debug, Default)]
pub(super) struct Window {
    glyphs: Vec<Glyph>,
    /// The bytes of the text that it holds.
    start: usize,
    end: usize,
    /// The hard stop with which it ends.
    stop: Option<usize>,
    /// The first comma behind the anchor, where the window was ended at the second.
    comma: Option<usize>,
}

impl Window {
    /// Forgets the last text.
    pub(super) fn clear(&mut self) {
        *self = Window {
            glyphs: std::mem::take(&mut self.glyphs),
            ..Window::default()
        };
        self.glyphs.clear();
    }

    /// Makes the window hold the text from byte `low` to what may belong to the anchor at byte `at`; returns the place of `low`.
    ///
    /// Of a row with commas only the field of the anchor and the next one are read; [`widen`](Self::widen) reads on. Where
    /// anchors follow each other closely the window is made larger at once, so that every byte is read about once, whatever the
    /// text.
    pub(super) fn cover(&mut self, text: &str, low: usize, at: usize) -> usize {
        let field = self.comma.or(self.stop).is_some_and(|end| end >= at);
        let enough = field || self.end == text.len() || self.end >= at + AHEAD;
        if low < self.start || self.end <= at || !enough {
            let dense = self.end > 0 && at < self.end + AHEAD;
            self.read(
                text,
                low,
                at,
                at + if dense { 4 * AHEAD } else { AHEAD },
                true,
            );
        }
        self.index(low)
    }

    /// Reads on behind the second comma, if the address composed from the window goes on behind the first: to the place `reached`.
    pub(super) fn widen(&mut self, text: &str, at: usize, reached: usize) -> bool {
        let more = self.comma.is_some_and(|comma| self.byte(reached) > comma);
        if more {
            self.read(text, self.start, at, at + AHEAD, false);
        }
        more
    }

    fn read(&mut self, text: &str, low: usize, anchor: usize, mut high: usize, to_comma: bool) {
        self.glyphs.clear();
        self.start = low;
        (self.stop, self.comma) = (None, None);
        let table = &**ENTRIES;
        let mut first_comma = None;
        self.end = text.len();
        for (i, c) in text[low..].char_indices() {
            let at = low + i;
            if at >= high {
                self.end = at;
                break;
            }
            let glyph = Glyph::new(table, c, at);
            self.glyphs.push(glyph);
            if glyph.is(class::STOP | class::COMMA) && at >= anchor {
                if glyph.is(class::STOP) {
                    self.stop = Some(at);
                    high = at;
                } else if to_comma && first_comma.is_some() {
                    self.comma = first_comma;
                    high = at;
                } else {
                    first_comma = first_comma.or(Some(at));
                }
            }
        }
    }

    /// The place of the character at byte `at`.
    pub(super) fn index(&self, at: usize) -> usize {
        if at == self.start {
            return 0;
        }
        self.glyphs.partition_point(|g| (g.at as usize) < at)
    }

    /// The byte at which the character at place `i` begins.
    pub(super) fn byte(&self, i: usize) -> usize {
        self.glyphs.get(i).map_or(self.end, |g| g.at as usize)
    }

    /// The characters.
    pub(super) fn glyphs(&self) -> &[Glyph] {
        &self.glyphs
    }
}

/// The distance in bytes between two characters.
pub(super) fn bytes_between(g: &[Glyph], from: usize, to: usize) -> usize {
    match (g.get(from), g.get(to), g.last()) {
        (Some(a), Some(b), _) => (b.at - a.at) as usize,
        (Some(a), None, Some(last)) => (last.at - a.at) as usize + last.c.len_utf8(),
        _ => 0,
    }
}

/// The longest division name that begins at a place: its end and the name.
#[inline]
pub(super) fn name_at(g: &[Glyph], at: usize) -> Option<(usize, Name)> {
    let mut node = Node::root();
    let mut longest = None;
    let mut end = at;
    while let Some(next) = g.get(end).and_then(|glyph| node.step(glyph.code)) {
        node = next;
        end += 1;
        if let Some(name) = node.name() {
            longest = Some((end, name));
        }
    }
    longest
}

/// Whether the characters end with a word.
pub(super) fn ends(g: &[Glyph], word: &str) -> bool {
    let mut glyphs = g.iter().rev();
    word.chars()
        .rev()
        .all(|c| glyphs.next().is_some_and(|g| g.c == c))
}
