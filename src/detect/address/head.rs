//! The first divisions of the addresses that were read last: dumps name the same cities again and again.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use crate::table::region;

use super::compose::Division;
use super::glyph::{Glyph, class};
use super::words;

/// Bytes by which a head is known: six characters, as 浙江省杭州市 has.
pub(super) const KEY: usize = 18;

/// Number of heads that are remembered.
const SLOTS: usize = 1024;

/// The first characters of an address, and the divisions that they name whatever stands behind them.
#[derive(Clone, Copy)]
pub(super) struct Head {
    key: [u8; KEY],
    /// How many divisions.
    length: u8,
    /// What was counted before the last character of the last division.
    pub(super) numbers: u32,
    pub(super) compounds: u32,
    divisions: [Division; 2],
    pub(super) glyphs: [Glyph; KEY / 3],
}

impl Head {
    pub(super) fn divisions(&self) -> &[Division] {
        &self.divisions[..usize::from(self.length).min(2)]
    }

    pub(super) fn last(&self) -> &Division {
        &self.divisions[usize::from(self.length > 1)]
    }

    /// That of an address with these characters and divisions.
    fn of(key: [u8; KEY], g: &[Glyph], divisions: &[Division]) -> Option<Head> {
        let glyphs: &[Glyph; KEY / 3] = g.first_chunk()?;
        let settled = |d: &Division| {
            !d.first.flags.short()
                && glyphs.get(d.start..).is_some_and(|rest| {
                    d.end <= glyphs.len() && region::is_settled(rest.iter().map(Glyph::code))
                })
        };
        let first = divisions.first().filter(|d| d.start == 0 && settled(d))?;
        let second = divisions.get(1);
        let second = second.filter(|d| d.start == first.end && settled(d));
        let last = second.unwrap_or(first);
        let mut head = Head {
            key,
            length: 1 + u8::from(second.is_some()),
            numbers: 0,
            compounds: 0,
            divisions: [*first, *last],
            glyphs: *glyphs,
        };
        let mut previous = &Glyph::NONE;
        for pair in glyphs[..last.end].windows(2) {
            let [glyph, next] = pair else {
                continue;
            };
            let place = glyph.is(class::PLACE);
            if glyph.is(class::ROAD | class::VILLAGE)
                || !place && words::PLACE_WORDS.may_begin(glyph, next)
            {
                return None;
            }
            head.numbers += u32::from(glyph.completes(previous) & !class::HAN != 0);
            head.compounds += u32::from(place);
            previous = glyph;
        }
        Some(head)
    }
}

/// The heads, by the first bytes.
#[derive(Default)]
pub(super) struct Heads(Vec<Option<Head>>);

impl Heads {
    /// The head that begins with these bytes.
    #[inline]
    pub(super) fn get(&self, key: &[u8; KEY]) -> Option<&Head> {
        let head = self.0.get(slot(key))?.as_ref();
        head.filter(|head| head.key == *key)
    }

    /// Remembers the head of an address with these characters and divisions, which begins with these bytes.
    #[cold]
    pub(super) fn remember(&mut self, key: &[u8; KEY], g: &[Glyph], divisions: &[Division]) {
        // Characters of other lengths have other bytes.
        let han = g.iter().take(KEY / 3).all(|g| g.is(class::HAN));
        let Some(head) = Head::of(*key, g, divisions).filter(|_| han) else {
            return;
        };
        self.0.resize(SLOTS, None);
        if let Some(slot) = self.0.get_mut(slot(key)) {
            *slot = Some(head);
        }
    }
}

fn slot(key: &[u8; KEY]) -> usize {
    FxBuildHasher.hash_one(key) as usize % SLOTS
}
