//! Evidence from what stands around a candidate: labels, columns, neighbours.

use super::Judged;
use crate::anchor::labels::{json_key, label_before_in};
use crate::evidence::{Context, EvidenceSet};
use crate::finding::{Detail, Finding};
use crate::kind::Kind;
use crate::record::{Column, Layout};
use crate::scan::Format;
use crate::span::Span;
use crate::table::field::{Field, Party, Role};
use crate::table::words::Words;
use crate::text::class::is_han;

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
const TOUCHING: u32 = 3;

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

/// What the headed columns of a table say of each kind, settled once a page: it is asked for every candidate of a dump.
pub(super) struct Headers(Vec<Option<[Said; Kind::ALL.len()]>>);

impl Headers {
    pub(super) fn new(layout: &Layout) -> Headers {
        let said = |c: &Column| {
            // What stands in remarks has labels of its own.
            c.field.filter(|f| f.role != Role::Free)?;
            Some(Kind::ALL.map(|kind| Said::of(layout, Some(c), None, kind)))
        };
        Headers(layout.columns.iter().map(said).collect())
    }

    fn say(&self, column: u32, kind: Kind) -> Option<Said> {
        let column = self.0.get(column.checked_sub(1)? as usize)?;
        Some(column.as_ref()?[kind as usize])
    }
}

/// Labels, headers, column types, and values that fill their field.
pub(super) fn add_field_evidence(at: &Surroundings<'_>, headers: &Headers, judged: &mut Judged) {
    let Judged { finding, spot } = judged;
    let said = headers
        .say(spot.column, finding.kind)
        .unwrap_or_else(|| said_of(at, finding, *spot));
    spot.party = said.party;
    let all_if = |seen: bool| u16::from(seen).wrapping_neg();
    let contexts = said.contexts | said.filling & all_if(fills_field(at, finding.span));
    finding.evidence.insert_contexts(contexts);
}

/// What is said of a candidate whose column has no header, or one that leaves open what stands in it.
fn said_of(at: &Surroundings<'_>, finding: &Finding, spot: Spot) -> Said {
    let column = spot
        .column
        .checked_sub(1)
        .and_then(|i| at.layout.column(i as usize))
        .or_else(|| behind_key(at, finding.kind, finding.span));
    let label = match column.and_then(|c| c.field) {
        Some(field) if field.role != Role::Free => None,
        _ => label_before_in(at.text, finding.span.start, at.words).map(|label| label.field),
    };
    Said::of(at.layout, column, label, finding.kind)
}

/// What is known of the JSON key whose value the candidate is; only names are learnt by key.
fn behind_key<'p>(at: &Surroundings<'p>, kind: Kind, span: Span) -> Option<&'p Column> {
    if at.layout.keys.is_empty() || kind != Kind::Name {
        return None;
    }
    at.layout.key(json_key(at.text, span)?)
}

/// Whether nothing but the candidate stands in its line, cell or string.
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
    // Most cells are touched by their borders.
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

/// What a neighbour of one of the first four kinds says, in their order.
const NEIGHBOURS: [Context; 4] = [
    Context::NearName,
    Context::NearAddress,
    Context::NearMobile,
    Context::NearWaybill,
];

/// Position of a kind in [`NEIGHBOURS`]; one past the end for kinds that are no neighbours.
#[inline]
fn slot_of(kind: Kind) -> usize {
    (kind as usize).min(NEIGHBOURS.len())
}

const ADDRESS: usize = Kind::Address as usize;
const MOBILE: usize = Kind::Mobile as usize;

/// Further from every byte of a page than any neighbour may be, in both directions.
const FAR: u32 = u32::MAX / 2;

/// Looks for neighbours of other kinds in the same row or close by, in one walk forth and one back over the candidates of a row or of
/// a text: the last sure finding of each of the four kinds in [`NEIGHBOURS`] on the way.
pub(super) struct Neighbours {
    /// How far a neighbour may be, in bytes.
    limit: u32,
    /// The nearest byte of each; [`FAR`] where none was seen.
    edge: [u32; 4],
    /// Its province; 0 = not known.
    home: [u8; 4],
}

impl Neighbours {
    /// Bit of `Spot::near` while the neighbours are noted: a sure value of the candidate's own kind is among them.
    const OWN_KIND: u16 = 1 << 15;

    /// For each kind of a candidate, what its neighbours of the four kinds say: where they are near, and where they touch it.
    const BITS: [[[u32; 2]; 4]; 5] = {
        let mut bits = [[[0; 2]; 4]; 5];
        let mut own = 0;
        while own < bits.len() {
            let mut slot = 0;
            while slot < NEIGHBOURS.len() {
                bits[own][slot] = if slot == own {
                    [Neighbours::OWN_KIND as u32, 0]
                } else {
                    [1 << NEIGHBOURS[slot] as u8, 1 << Context::Adjacent as u8]
                };
                slot += 1;
            }
            own += 1;
        }
        bits
    };

    /// Neighbours that make a record of a customer: a number or an address.
    const RECORD: u16 = 1 << Context::NearMobile as u8 | 1 << Context::NearAddress as u8;

    pub(super) fn new(format: &Format) -> Neighbours {
        Neighbours {
            limit: if format.has_rows() { 8 * NEAR } else { NEAR } as u32,
            edge: [FAR; 4],
            home: [0; 4],
        }
    }

    /// Notes the neighbours before the next candidate of the walk forth.
    #[inline]
    pub(super) fn note_before(&mut self, j: &mut Judged) {
        let Span { start, end } = j.finding.span;
        self.look(j, |edge| (start as u32).wrapping_sub(edge));
        self.note(j, end as u32);
    }

    /// Forgets what was seen, before a walk back or in another row.
    pub(super) fn forget(&mut self) {
        self.edge = [FAR; 4];
    }

    /// Notes the neighbours behind the next candidate of the walk back. Returns all its neighbours, one bit per [`Context`].
    #[inline]
    pub(super) fn note_behind(&mut self, text: &str, j: &mut Judged) -> u16 {
        let Span { start, end } = j.finding.span;
        self.look(j, |edge| edge.wrapping_sub(end as u32));
        self.note(j, start as u32);
        let near = j.spot.near & !Neighbours::OWN_KIND;
        if j.finding.kind == Kind::Name
            && j.spot.near & Neighbours::RECORD != 0
            && j.spot.near & Neighbours::OWN_KIND == 0
            && !explained(j.finding.evidence)
            && stands_unexplained(text, j.finding.span)
        {
            return near | 1 << Context::Sole as u8;
        }
        near
    }

    fn note(&mut self, j: &Judged, edge: u32) {
        let slot = slot_of(j.finding.kind);
        if j.finding.score >= SURE && slot < NEIGHBOURS.len() {
            self.edge[slot] = edge;
            self.home[slot] = province(&j.finding);
        }
    }

    /// Adds the neighbours of `j` that are near; `gap` gives the bytes between it and an edge, very many when they overlap.
    ///
    /// Nothing branches on which kinds there are: it differs from row to row, and a wrong guess costs more than all four.
    #[inline]
    fn look(&mut self, j: &mut Judged, gap: impl Fn(u32) -> u32) {
        let own = slot_of(j.finding.kind);
        let mut near = 0;
        for (edge, [close, touching]) in self.edge.iter().zip(&Neighbours::BITS[own]) {
            let gap = gap(*edge);
            let all_if = |seen: bool| u32::from(seen).wrapping_neg();
            near |= close & all_if(gap <= self.limit) | touching & all_if(gap <= TOUCHING);
        }
        let mut near = near as u16;
        let other = match own {
            MOBILE => ADDRESS,
            ADDRESS => MOBILE,
            _ => {
                j.spot.near |= near;
                return;
            }
        };
        let home = self.home[other];
        if near & 1 << NEIGHBOURS[other] as u8 != 0 && home != 0 && home == province(&j.finding) {
            near |= 1 << Context::RegionAgrees as u8;
        }
        j.spot.near |= near;
    }
}

/// Whether a header, a label or the other cells of its column say that a value is something else.
fn explained(evidence: EvidenceSet) -> bool {
    [
        Context::HeaderOther,
        Context::LabelOther,
        Context::ColumnOther,
    ]
    .into_iter()
    .any(|context| evidence.has_context(context))
}

/// Whether no Han character touches the span, and no words with a colon stand before it that say what it is: 客户等级：普通.
fn stands_unexplained(text: &str, span: Span) -> bool {
    let (before, after) = (&text[..span.start], &text[span.end..]);
    let parted = |b: Option<&u8>| b.is_none_or(|b| matches!(b, b',' | b'\t' | b'\n' | b'\r'));
    if parted(before.as_bytes().last()) && parted(after.as_bytes().first()) {
        return true;
    }
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
