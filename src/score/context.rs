//! Evidence from what stands around a candidate: labels, columns, neighbours.

use super::Judged;
use crate::anchor::labels::label_before_in;
use crate::evidence::Context;
use crate::finding::{Detail, Finding};
use crate::kind::Kind;
use crate::record::Layout;
use crate::scan::Format;
use crate::span::Span;
use crate::table::field::Party;
use crate::table::words::Words;

/// Where a candidate stands in the structure of its input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    /// 0-based row on the page; 0 everywhere in running text.
    pub(crate) row: u32,
    /// 1-based column of a table; 0 = none.
    pub(crate) column: u32,
    /// 1-based line on the page, where it fell out of looking for the row; 0 = not known.
    pub(crate) line: u32,
    /// Whose data it is, as header or label say.
    pub(crate) party: Party,
    /// What its neighbours say, one bit per [`Context`].
    pub(super) near: u16,
}

/// What is known of the page that candidates stand on.
pub(crate) struct Surroundings<'p> {
    /// The view's text.
    pub(crate) text: &'p str,
    pub(crate) format: &'p Format,
    pub(crate) layout: &'p Layout,
    /// Words of the caller's own that name a field.
    pub(crate) words: &'p Words,
}

/// Neighbours are looked for this many bytes before and after a candidate: about eighty characters, the length of a pasted
/// delivery line.
const NEAR: usize = 240;

/// With so many bytes between, or fewer, two values touch: a comma, a space, a quotation mark and the like.
const TOUCHING: usize = 3;

/// An edge that is far from every candidate, on either side.
const NOWHERE: usize = usize::MAX / 2;

/// A neighbour counts from this score on (odds of three to one).
const SURE: i32 = 1_100;

/// Labels, headers, column types, and values that fill their field.
pub(super) fn add_field_evidence(at: &Surroundings<'_>, judged: &mut Judged) {
    let Judged { finding, spot } = judged;
    let evidence = &mut finding.evidence;
    let column = spot
        .column
        .checked_sub(1)
        .and_then(|i| at.layout.column(i as usize));
    if column.is_some_and(|c| c.serial == Some(finding.kind)) {
        evidence.insert_context(Context::Serial);
    }
    let header = column.and_then(|c| c.field);
    if let Some(field) = header {
        spot.party = field.party;
        if field.role.suits(finding.kind) {
            evidence.insert_context(Context::HeaderSame);
        } else if field.role.contradicts(finding.kind) {
            evidence.insert_context(Context::HeaderOther);
        }
    } else if let Some(kind) = column.and_then(|c| c.kind) {
        let context = if kind == finding.kind {
            Context::ColumnSame
        } else {
            Context::ColumnOther
        };
        evidence.insert_context(context);
    }
    if header.is_none()
        && let Some(label) = label_before_in(at.text, finding.span.start, at.words)
    {
        spot.party = label.field.party;
        if label.field.role.suits(finding.kind) {
            evidence.insert_context(Context::LabelSame);
        } else if label.field.role.contradicts(finding.kind) {
            evidence.insert_context(Context::LabelOther);
        }
    }
    if fills_field(at, finding.span) {
        evidence.insert_context(Context::WholeField);
    }
}

/// Whether nothing but the candidate stands in its line, cell or string.
fn fills_field(at: &Surroundings<'_>, span: Span) -> bool {
    let (before, after) = at.text.as_bytes().split_at(span.start);
    let after = &after[span.len()..];
    let delimiter = match at.format {
        Format::Table { delimiter, .. } => delimiter.as_bytes(),
        _ => &[],
    };
    let is_delimiter = |ends: bool| !delimiter.is_empty() && ends;
    let head = before_blanks(before);
    let opens = match head.last() {
        None | Some(b'\n' | b'"' | b'\'') => true,
        _ => before.last() == Some(&b'\t') || is_delimiter(head.ends_with(delimiter)),
    };
    if !opens {
        return false;
    }
    let tail = after_blanks(after);
    match tail.first() {
        None | Some(b'\n' | b'\r' | b'"' | b'\'') => true,
        _ => after.first() == Some(&b'\t') || is_delimiter(tail.starts_with(delimiter)),
    }
}

/// The ideographic space.
const WIDE_SPACE: &[u8] = "\u{3000}".as_bytes();

fn before_blanks(mut text: &[u8]) -> &[u8] {
    loop {
        text = match text {
            [rest @ .., b' ' | b'\t'] => rest,
            _ => match text.strip_suffix(WIDE_SPACE) {
                Some(rest) => rest,
                None => return text,
            },
        };
    }
}

fn after_blanks(mut text: &[u8]) -> &[u8] {
    loop {
        text = match text {
            [b' ' | b'\t', rest @ ..] => rest,
            _ => match text.strip_prefix(WIDE_SPACE) {
                Some(rest) => rest,
                None => return text,
            },
        };
    }
}

/// The last sure finding of each of the four kinds in [`NEIGHBOURS`], while walking over the candidates.
struct Seen {
    row: [u32; 4],
    /// The nearest byte of it, or [`NOWHERE`].
    edge: [usize; 4],
    /// Its province; 0 = not known.
    home: [u8; 4],
}

const NEIGHBOURS: [(Kind, Context); 4] = [
    (Kind::Mobile, Context::NearMobile),
    (Kind::Name, Context::NearName),
    (Kind::Address, Context::NearAddress),
    (Kind::Waybill, Context::NearWaybill),
];

/// Position of each kind in [`NEIGHBOURS`]; for other kinds their length.
const SLOTS: [u8; Kind::ALL.len()] = {
    let mut slots = [NEIGHBOURS.len() as u8; Kind::ALL.len()];
    let mut slot = 0;
    while slot < NEIGHBOURS.len() {
        slots[NEIGHBOURS[slot].0 as usize] = slot as u8;
        slot += 1;
    }
    slots
};

/// What a set of neighbours, one bit per slot, says as contexts.
const NEAR_CONTEXTS: [u16; 16] = {
    let mut contexts = [0; 16];
    let mut set = 0;
    while set < contexts.len() {
        let mut slot = 0;
        while slot < NEIGHBOURS.len() {
            contexts[set] |= ((set >> slot & 1) as u16) << NEIGHBOURS[slot].1 as u8;
            slot += 1;
        }
        set += 1;
    }
    contexts
};

/// Notes neighbours of other kinds in the same row or close by, from one walk in each direction.
pub(super) fn note_neighbours(at: &Surroundings<'_>, found: &mut [Judged]) {
    let rows = at.format.has_rows();
    let mut seen = Seen::none();
    for j in &mut *found {
        let Span { start, end } = j.finding.span;
        seen.look(j, rows, |edge| start.wrapping_sub(edge));
        seen.note(j, end);
    }
    seen = Seen::none();
    for j in found.iter_mut().rev() {
        let Span { start, end } = j.finding.span;
        seen.look(j, rows, |edge| edge.wrapping_sub(end));
        seen.note(j, start);
    }
}

impl Seen {
    const fn none() -> Seen {
        Seen {
            row: [0; 4],
            edge: [NOWHERE; 4],
            home: [0; 4],
        }
    }

    fn note(&mut self, j: &Judged, edge: usize) {
        let slot = usize::from(SLOTS[j.finding.kind as usize]);
        if j.finding.score >= SURE && slot < self.edge.len() {
            self.row[slot] = j.spot.row;
            self.edge[slot] = edge;
            self.home[slot] = province(&j.finding);
        }
    }

    /// Adds the neighbours of `j`; `gap` gives the bytes between it and an edge, and more than any limit when they overlap.
    ///
    /// Without branches: in a dump all four are near every time, elsewhere none, and what it is changes from value to value.
    #[inline]
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "lazy operators would be the branches that are to be spared"
    )]
    fn look(&self, j: &mut Judged, rows: bool, gap: impl Fn(usize) -> usize) {
        let limit = if rows { 8 * NEAR } else { NEAR };
        let home = province(&j.finding);
        let (mut near, mut touching, mut alike) = (0_u8, 0_u8, 0_u8);
        for slot in 0..NEIGHBOURS.len() {
            let gap = gap(self.edge[slot]);
            let same_row = !rows | (self.row[slot] == j.spot.row);
            near |= u8::from((gap <= limit) & same_row) << slot;
            touching |= u8::from(gap <= TOUCHING) << slot;
            alike |= u8::from((home != 0) & (home == self.home[slot])) << slot;
        }
        near &= !(1 << SLOTS[j.finding.kind as usize]);
        j.spot.near |= NEAR_CONTEXTS[usize::from(near & 15)]
            | u16::from(near & touching != 0) << Context::Adjacent as u8
            | u16::from(near & alike != 0) << Context::RegionAgrees as u8;
    }
}

fn province(f: &Finding) -> u8 {
    match f.detail {
        Detail::Mobile(m) => m.province,
        Detail::Address(a) => (a.province / 10_000) as u8,
        _ => 0,
    }
}
