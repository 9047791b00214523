//! The first divisions of the addresses that were read last: dumps name the same counties again and again.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use crate::table::region::{self, Brief};

use super::compose::{Division, Seen};
use super::glyph::{Glyph, Reader, class};
use super::{tail, words};

/// Bytes by which a head is known: nine characters, as 浙江省杭州市西湖区 has.
const LONG: usize = 27;
/// And six, where the divisions have no more than seven: 北京市朝阳区.
const SHORT: usize = 18;

/// Divisions of a head.
const DIVISIONS: usize = 3;

/// Number of heads that are remembered: several times that of counties, so that few take each other's slot in a dump of the whole
/// country.
const SLOTS: usize = 1 << 14;

/// The first characters of an address, and the divisions that they name whatever stands behind them; as much as is fetched of memory
/// at once.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Head {
    /// Its first bytes, as many as it is known by, and zeros.
    key: [u8; LONG],
    /// How many divisions follow each other from the beginning; none where no head is remembered.
    divisions: u8,
    /// The places where they end.
    ends: [u8; DIVISIONS],
    firsts: [Brief; DIVISIONS],
    /// The numbers, compounds, villages and roads that were counted of the first characters, and how many these are: all, or all but
    /// the last, where what it makes depends on those behind it.
    counted: [u8; 4],
    settled: u8,
}

impl Head {
    const NONE: Head = Head {
        key: [0; LONG],
        divisions: 0,
        ends: [0; DIVISIONS],
        firsts: [Brief::NONE; DIVISIONS],
        counted: [0; 4],
        settled: 0,
    };

    /// Notes its divisions, and what was counted of it; of how many characters this was.
    #[inline]
    pub(super) fn note(&self, seen: &mut Seen) -> usize {
        let [numbers, compounds, villages, roads] = self.counted.map(u32::from);
        (seen.numbers, seen.compounds) = (numbers, compounds);
        (seen.villages, seen.roads) = (villages, roads);
        for division in self.divisions() {
            seen.divisions.push(division);
        }
        self.settled.into()
    }

    /// Whether it is known by [`LONG`] bytes.
    #[inline]
    pub(super) fn is_long(&self) -> bool {
        self.key[SHORT] != 0
    }

    #[inline]
    fn divisions(&self) -> impl Iterator<Item = Division> {
        let (mut start, divisions) = (0, self.ends.iter().zip(&self.firsts));
        divisions
            .take(self.divisions.into())
            .map(move |(end, first)| {
                let end = usize::from(*end);
                let division = Division {
                    start,
                    end,
                    first: *first,
                };
                start = end;
                division
            })
    }

    /// That of the address at byte `low` with these divisions, if it is known by as many bytes.
    fn of<const N: usize>(
        text: &Reader<'_>,
        low: usize,
        divisions: &[Division],
        seen: &mut Seen,
    ) -> Option<([u8; N], Head)> {
        let key: &[u8; N] = text.behind(low).first_chunk()?;
        let mut glyphs = [Glyph::NONE; LONG / 3];
        let glyphs = glyphs.get_mut(..N / 3)?;
        let mut at = low;
        for glyph in &mut *glyphs {
            (*glyph, at) = text.read(at);
        }
        // Characters of other lengths have other bytes.
        if at != low + N || !glyphs.iter().all(|g| g.is(class::HAN)) {
            return None;
        }
        let mut head = Head::NONE;
        head.key[..N].copy_from_slice(key);
        let mut end = 0;
        for (division, i) in divisions.iter().zip(0..DIVISIONS) {
            // What is counted of a word depends on what stands behind it.
            let word = |pair: &[Glyph]| words::may_begin_with(&pair[0], &pair[1]);
            let settled = !division.first.flags.short()
                && division.start == end
                && division.end <= glyphs.len()
                && region::is_settled(glyphs[end..].iter().map(Glyph::code))
                && !glyphs[end.saturating_sub(1)..division.end]
                    .windows(2)
                    .any(word);
            if !settled {
                break;
            }
            end = division.end;
            (head.ends[i], head.firsts[i]) = (end as u8, division.first);
            head.divisions += 1;
        }
        seen.clear();
        seen.divisions.extend(head.divisions());
        let counter = tail::Counter::new();
        let open = |last: &Glyph| last.is(class::ROAD | class::VILLAGE | words::PLACES);
        let counted = &glyphs[..end];
        let settled = end - usize::from(counted.last().is_some_and(open));
        let mut previous = &Glyph::NONE;
        for (at, glyph) in counted.iter().enumerate().take(settled) {
            counter.count(&counted[at..], at, previous, seen);
            previous = glyph;
        }
        head.counted = [seen.numbers, seen.compounds, seen.villages, seen.roads].map(|n| n as u8);
        head.settled = settled as u8;
        (settled > 0).then_some((*key, head))
    }
}

/// The heads, by the first bytes.
#[derive(Default)]
pub(super) struct Heads {
    slots: Vec<Head>,
    /// Memory that is kept between those that are added.
    seen: Seen,
}

impl Heads {
    /// The longest head that begins as the text does.
    #[inline]
    pub(super) fn find(&self, text: &[u8]) -> Option<&Head> {
        let long = text.first_chunk::<LONG>().and_then(|key| self.get(key));
        long.or_else(|| self.get(text.first_chunk::<SHORT>()?))
    }

    #[inline]
    fn get<const N: usize>(&self, key: &[u8; N]) -> Option<&Head> {
        let head = self.slots.get(slot(key))?;
        let (first, rest) = head.key.split_first_chunk()?;
        let same = first == key && rest.first().is_none_or(|next| *next == 0);
        (same && head.divisions > 0).then_some(head)
    }

    /// Remembers the head of the address at byte `low` with these divisions, if the one that was [found](Self::find) is none of
    /// [`LONG`] bytes; it has so many divisions.
    #[inline]
    pub(super) fn remember(
        &mut self,
        text: &Reader<'_>,
        low: usize,
        divisions: &[Division],
        found: usize,
    ) {
        let longer = |d: &Division| is_long(d.end) && !d.first.flags.short();
        if found == 0 || divisions.get(found).is_some_and(longer) {
            self.add(text, low, divisions, found == 0);
        }
    }

    #[cold]
    fn add(&mut self, text: &Reader<'_>, low: usize, divisions: &[Division], new: bool) {
        let seen = &mut self.seen;
        let long = Head::of::<LONG>(text, low, divisions, seen);
        let long = long.map(|(key, head)| (slot(&key), head));
        let short = || {
            let (key, head) = Head::of::<SHORT>(text, low, divisions, seen)?;
            Some((slot(&key), head))
        };
        let longer = |(_, head): &(usize, Head)| !new || head.divisions().any(|d| is_long(d.end));
        if let Some((slot, head)) = long.filter(longer).or_else(short).or(long) {
            self.slots.resize(SLOTS, Head::NONE);
            if let Some(place) = self.slots.get_mut(slot) {
                *place = head;
            }
        }
    }
}

/// Whether divisions that end at this place make a head that is known by its [`LONG`] bytes.
fn is_long(end: usize) -> bool {
    (LONG / 3 - 1..=LONG / 3).contains(&end)
}

fn slot<const N: usize>(key: &[u8; N]) -> usize {
    FxBuildHasher.hash_one(key) as usize % SLOTS
}
