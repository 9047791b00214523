//! Evidence from what stands around a candidate: labels, columns, neighbours.

use wide::i32x4;

use super::Judged;
use crate::anchor::labels::{Ending, json_key, label_before_in};
use crate::evidence::{Context, EvidenceSet};
use crate::finding::{Detail, Finding};
use crate::kind::Kind;
use crate::record::{Column, Layout};
use crate::scan::Format;
use crate::span::Span;
use crate::table::field::{Field, Party, Role};
use crate::table::words::Words;
use crate::text::class::{byte_set, is_han};

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
    /// Its province as two digits; 0 = not known.
    pub(super) home: u8,
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
const TOUCHING: i32 = 3;

/// A neighbour counts from this score on (odds of three to one).
const SURE: i32 = 1_100;

/// What header, column and label say of a value.
#[derive(Clone, Copy, Default)]
struct Said {
    /// One bit per [`Context`].
    contexts: u16,
    /// The same of a value that fills its field.
    filling: u16,
    /// Whose data it is.
    party: Party,
}

impl Said {
    /// What a column and a label say of a kind.
    fn of(layout: &Layout, column: Option<&Column>, label: Option<Field>, kind: Kind) -> Said {
        let mut said = Said {
            filling: bit(Context::WholeField),
            ..Said::default()
        };
        if layout.is_serial(column, kind) {
            said.contexts |= bit(Context::Serial);
        }
        let header = column.and_then(|c| c.field);
        if let Some(field) = header {
            said.field(field, kind, [Context::HeaderSame, Context::HeaderOther]);
        } else if let Some(most) = column.and_then(|c| c.kind) {
            said.contexts |= bit(if most == kind {
                Context::ColumnSame
            } else {
                Context::ColumnOther
            });
        }
        if let Some(field) = label {
            said.field(field, kind, [Context::LabelSame, Context::LabelOther]);
        }
        if kind == Kind::Name {
            // States, couriers, towns and colors that look like names: few values again and again, or beside a column of names.
            let named = header.or(label).is_some_and(|f| f.role.suits(Kind::Name));
            let categories = !named && column.is_some_and(|c| c.categories);
            let unsaid = header.or(label).is_none_or(|f| f.role == Role::Free)
                && column.is_some_and(|c| c.kind.is_none());
            if categories {
                said.filling |= bit(Context::Serial);
            }
            if unsaid && (categories || layout.has_names()) {
                said.filling |= bit(Context::ColumnOther);
            }
        }
        said
    }

    /// What a header or a label says of a kind.
    fn field(&mut self, field: Field, kind: Kind, [same, other]: [Context; 2]) {
        if field.party != Party::Unknown {
            self.party = field.party;
        }
        if field.role.suits(kind) {
            self.contexts |= bit(same);
        } else if field.role.contradicts(kind) {
            self.contexts |= bit(other);
        }
    }
}

/// The bit of a context.
const fn bit(context: Context) -> u16 {
    1 << context as u8
}

/// What the columns of a page say of each kind and where its cells end, settled once: it is asked for every candidate of a dump.
pub(super) struct Fields {
    /// What is said of each kind in the columns that have a header.
    headers: Vec<Option<[Said; Kind::ALL.len()]>>,
    /// The byte that parts the cells; a line break where none does.
    delimiter: u8,
    /// The bytes right before what may fill its field.
    openers: [bool; 256],
    /// What a label said last of each kind outside of columns, and what made it: they are the same in line after line.
    last: [(Ending, Said); KINDS],
}

impl Fields {
    pub(super) fn new(at: &Surroundings<'_>) -> Fields {
        let said = |c: &Column| {
            // What stands in remarks has labels of its own.
            c.field.filter(|f| f.role != Role::Free)?;
            Some(Kind::ALL.map(|kind| Said::of(at.layout, Some(c), None, kind)))
        };
        let parts = match at.format {
            Format::Table { delimiter, .. } => delimiter.as_bytes(),
            _ => &[],
        };
        let mut openers = byte_set(b"\n\t \"'\x80");
        openers[usize::from(parts.last().copied().unwrap_or(b'\n'))] = true;
        Fields {
            headers: at.layout.columns.iter().map(said).collect(),
            delimiter: if let [one] = parts { *one } else { b'\n' },
            openers,
            last: [(Ending::NONE, Said::default()); KINDS],
        }
    }

    #[inline]
    fn say(&self, column: u32, kind: Kind) -> Option<Said> {
        let column = self.headers.get((column as usize).wrapping_sub(1))?;
        Some(column.as_ref()?[kind as usize])
    }

    /// What is said of a candidate whose column has no header, or one that leaves open what stands in it.
    #[inline]
    fn look(&mut self, at: &Surroundings<'_>, finding: &Finding, spot: Spot) -> Said {
        let (ending, said) = self.last[finding.kind as usize];
        if spot.column == 0 && ending.ends(&at.text.as_bytes()[..finding.span.start]) {
            return said;
        }
        self.look_closely(at, finding, spot)
    }

    #[inline(never)]
    fn look_closely(&mut self, at: &Surroundings<'_>, finding: &Finding, spot: Spot) -> Said {
        let Finding { kind, span, .. } = *finding;
        let column = spot
            .column
            .checked_sub(1)
            .and_then(|i| at.layout.column(i as usize))
            .or_else(|| behind_key(at, kind, span));
        let label = match column.and_then(|c| c.field) {
            Some(field) if field.role != Role::Free => None,
            _ => label_before_in(at.text, span.start, at.words).map(|label| label.field),
        };
        let said = Said::of(at.layout, column, label, kind);
        // What stands behind such a label stands behind no key of JSON.
        if spot.column == 0
            && let Some(ending) = Ending::of(&at.text.as_bytes()[..span.start], at.words)
        {
            self.last[kind as usize] = (ending, said);
        }
        said
    }

    /// Whether nothing but the candidate stands in its line, cell or string.
    #[inline]
    fn are_filled(&self, at: &Surroundings<'_>, span: Span) -> bool {
        let text = at.text.as_bytes();
        let byte = |at: usize| text.get(at).copied().unwrap_or(b'\n');
        let (before, after) = (byte(span.start.wrapping_sub(1)), byte(span.end));
        // Most cells are touched by their borders, and most values in running text by other text.
        let is_border = |b| b == self.delimiter || b == b'\n';
        is_border(before) && (is_border(after) || after == b'\r')
            || self.openers[usize::from(before)] && fills_field(at, span)
    }
}

/// Labels, headers, column types, and values that fill their field.
#[inline]
pub(super) fn add_field_evidence(at: &Surroundings<'_>, fields: &mut Fields, judged: &mut Judged) {
    let Judged { finding, spot } = judged;
    let said = match fields.say(spot.column, finding.kind) {
        Some(said) => said,
        None => fields.look(at, finding, *spot),
    };
    spot.party = said.party;
    let fills = fields.are_filled(at, finding.span);
    let filling = said.filling & u16::from(fills).wrapping_neg();
    finding.evidence.insert_contexts(said.contexts | filling);
}

/// What is known of the JSON key whose value the candidate is; only names are learnt by key.
fn behind_key<'p>(at: &Surroundings<'p>, kind: Kind, span: Span) -> Option<&'p Column> {
    if at.layout.keys.is_empty() || kind != Kind::Name {
        return None;
    }
    at.layout.key(json_key(at.text, span)?)
}

/// As [`Fields::are_filled`], looked at closely.
#[inline(never)]
fn fills_field(at: &Surroundings<'_>, span: Span) -> bool {
    let (before, after) = at.text.as_bytes().split_at(span.start);
    let after = &after[span.len()..];
    let delimiter = match at.format {
        Format::Table { delimiter, .. } => delimiter.as_bytes(),
        _ => &[],
    };
    let ends = |text: &[u8]| match delimiter {
        [] => false,
        [one] => text.last() == Some(one),
        _ => text.ends_with(delimiter),
    };
    let begins = |text: &[u8]| match delimiter {
        [] => false,
        [one] => text.first() == Some(one),
        _ => text.starts_with(delimiter),
    };
    let starts = ends(before) || matches!(before.last(), None | Some(b'\n'));
    if starts && (begins(after) || matches!(after.first(), None | Some(b'\n' | b'\r'))) {
        return true;
    }
    let head = before_blanks(before);
    let opens = match head.last() {
        None | Some(b'\n' | b'"' | b'\'') => true,
        _ => before.last() == Some(&b'\t') || ends(head),
    };
    if !opens {
        return false;
    }
    let tail = after_blanks(after);
    match tail.first() {
        None | Some(b'\n' | b'\r' | b'"' | b'\'') => true,
        _ => after.first() == Some(&b'\t') || begins(tail),
    }
}

// The three bytes are the ideographic space.
fn before_blanks(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] | [rest @ .., 0xE3, 0x80, 0x80] = text {
        text = rest;
    }
    text
}

fn after_blanks(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [0xE3, 0x80, 0x80, rest @ ..] = text {
        text = rest;
    }
    text
}

/// What a neighbour of one of the first four kinds says, in their order.
const NEIGHBOURS: [Context; 4] = [
    Context::NearName,
    Context::NearAddress,
    Context::NearMobile,
    Context::NearWaybill,
];

const KINDS: usize = Kind::ALL.len();

/// Further from every byte of a page than any neighbour may be, in both directions.
const FAR: i32 = i32::MAX;

/// No bytes between two values. Counted from here on, fewer than none wrap around to more than any.
const NONE: i32 = i32::MIN;

/// Looks for neighbours of other kinds in the same row or close by, in one walk forth and one back over the candidates of a row or of
/// a text: the last sure finding of each of the four kinds in [`NEIGHBOURS`] on the way.
pub(super) struct Neighbours {
    /// How far a neighbour may be, in bytes, and one more, as gaps are counted.
    limit: i32x4,
    /// The nearest byte of each; [`FAR`] where none was seen.
    edges: i32x4,
    /// The province of each kind's last sure finding; 0 = not known.
    homes: [u8; KINDS],
}

impl Neighbours {
    /// Bit of `Spot::near` while the neighbours are noted: a sure value of the candidate's own kind is among them.
    const OWN_KIND: u16 = 1 << 15;

    /// Neighbours that make a record of a customer: a number or an address.
    const RECORD: u16 = bit(Context::NearMobile) | bit(Context::NearAddress);

    pub(super) fn new(format: &Format) -> Neighbours {
        let limit = if format.has_rows() { 8 * NEAR } else { NEAR };
        Neighbours {
            limit: i32x4::splat(NONE + limit as i32 + 1),
            edges: i32x4::splat(FAR),
            homes: [0; KINDS],
        }
    }

    /// Notes the neighbours before the next candidate of the walk forth.
    #[inline]
    pub(super) fn note_before(&mut self, j: &mut Judged) {
        let Span { start, end } = j.finding.span;
        j.spot.home = province(&j.finding);
        let start = (start as i32).wrapping_add(NONE);
        j.spot.near = self.look(j, i32x4::splat(start) - self.edges);
        self.note(j, end);
    }

    /// Forgets what was seen, before a walk back or in another row.
    #[inline]
    pub(super) fn forget(&mut self) {
        self.edges = i32x4::splat(FAR);
    }

    /// Notes the neighbours behind the next candidate of the walk back. Returns all its neighbours, one bit per [`Context`].
    #[inline]
    pub(super) fn note_behind(&mut self, text: &str, j: &Judged) -> u16 {
        let Span { start, end } = j.finding.span;
        let end = (end as i32).wrapping_sub(NONE);
        let near = j.spot.near | self.look(j, self.edges - i32x4::splat(end));
        self.note(j, start);
        if j.finding.kind == Kind::Name
            && near & Neighbours::RECORD != 0
            && near & Neighbours::OWN_KIND == 0
            && !explained(j.finding.evidence)
            && stands_unexplained(text, j.finding.span)
        {
            return near | bit(Context::Sole);
        }
        near & !Neighbours::OWN_KIND
    }

    #[inline]
    fn note(&mut self, j: &Judged, edge: usize) {
        let sure = j.finding.score >= SURE;
        let kind = if sure { j.finding.kind } else { Kind::Custom } as usize;
        let here = i32x4::new(LANES[kind]);
        self.edges = here.bitselect(i32x4::splat(edge as i32), self.edges);
        self.homes[kind] = j.spot.home;
    }

    /// The neighbours of `j` that are near, by the bytes between it and the edge of each, counted from [`NONE`] on: where they
    /// overlap, there are more than anywhere else.
    ///
    /// Nothing branches on which kinds there are: it differs from row to row, and a wrong guess costs more than all four.
    #[inline]
    fn look(&self, j: &Judged, gaps: i32x4) -> u16 {
        let kind = j.finding.kind;
        let close = self.limit.simd_gt(gaps).to_bitmask() as usize;
        let touching = i32x4::splat(NONE + TOUCHING + 1).simd_gt(gaps);
        let touching = touching.to_bitmask() as usize;
        let near = SAID[kind as usize][(close & 15) | (touching & 15) << 4];
        let other = match kind {
            Kind::Mobile => Kind::Address,
            Kind::Address => Kind::Mobile,
            _ => return near,
        };
        let home = self.homes[other as usize];
        let agrees = home != 0 && home == j.spot.home && close & 1 << other as usize != 0;
        near | u16::from(agrees) << Context::RegionAgrees as u8
    }
}

/// The lanes of [`Neighbours::edges`] that belong to each kind; none for kinds that are no neighbours.
static LANES: [[i32; 4]; KINDS] = {
    let mut lanes = [[0; 4]; KINDS];
    let mut slot = 0;
    while slot < NEIGHBOURS.len() {
        lanes[slot][slot] = -1;
        slot += 1;
    }
    lanes
};

/// For each kind of a candidate, what its neighbours of the four kinds say: four bits for those that are near, four for those that touch it.
static SAID: [[u16; 256]; KINDS] = {
    let mut said = [[0; 256]; KINDS];
    let mut place = 0;
    while place < KINDS << 8 {
        let (own, set) = (place >> 8, place & 255);
        let mut slot = 0;
        while slot < NEIGHBOURS.len() {
            let is_own = slot == own;
            if set & 1 << slot != 0 {
                said[own][set] |= if is_own {
                    Neighbours::OWN_KIND
                } else {
                    bit(NEIGHBOURS[slot])
                };
            }
            if set & 16 << slot != 0 && !is_own {
                said[own][set] |= bit(Context::Adjacent);
            }
            slot += 1;
        }
        place += 1;
    }
    said
};

/// Whether a header, a label or the other cells of its column say that a value is something else.
fn explained(evidence: EvidenceSet) -> bool {
    let other = bit(Context::HeaderOther) | bit(Context::LabelOther) | bit(Context::ColumnOther);
    evidence.contexts() & other != 0
}

/// Whether no Han character touches the span, and no words with a colon stand before it that say what it is: 客户等级：普通.
#[inline(never)]
fn stands_unexplained(text: &str, span: Span) -> bool {
    let byte = |at: usize| text.as_bytes().get(at).copied().unwrap_or(b',');
    let parted = |at| matches!(byte(at), b',' | b'\t' | b'\n' | b'\r');
    if parted(span.start.wrapping_sub(1)) && parted(span.end) {
        return true;
    }
    let (before, after) = (&text[..span.start], &text[span.end..]);
    let head = before.trim_end_matches([' ', '"', '“']);
    let label = head.strip_suffix(['：', ':', '=', '】']);
    ![before, label.unwrap_or_default()]
        .iter()
        .any(|text| text.ends_with(is_han))
        && !after.starts_with(is_han)
}

fn province(f: &Finding) -> u8 {
    match f.detail {
        Detail::Mobile(m) => m.province,
        Detail::Address(a) => (a.province / 10_000) as u8,
        _ => 0,
    }
}
