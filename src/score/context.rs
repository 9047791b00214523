//! Evidence from what stands around a candidate: labels, columns, neighbours.

use super::Judged;
use crate::anchor::labels::label_before_in;
use crate::evidence::Context;
use crate::finding::{Detail, Finding};
use crate::kind::Kind;
use crate::record::Layout;
use crate::scan::Format;
use crate::span::Span;
use crate::table::field::{Party, Role};
use crate::table::words::Words;

/// Where a candidate stands in the structure of its input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    /// 0-based row on the page; 0 everywhere in running text.
    pub(crate) row: u32,
    /// 1-based column of a table; 0 = none.
    pub(crate) column: u32,
    /// Whose data it is, as header or label say.
    pub(crate) party: Party,
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
    let header = column.and_then(|c| c.field);
    if let Some(field) = header {
        spot.party = field.party;
        if field.role.suits(finding.kind) {
            evidence.insert_context(Context::HeaderSame);
        } else if field.role != Role::Free {
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
        } else if label.field.role != Role::Free {
            evidence.insert_context(Context::LabelOther);
        }
    }
    if fills_field(at, finding.span) {
        evidence.insert_context(Context::WholeField);
    }
}

/// Whether nothing but the candidate stands in its line, cell or string.
fn fills_field(at: &Surroundings<'_>, span: Span) -> bool {
    let before = at.text[..span.start].trim_end_matches([' ', '\u{3000}', '\t']);
    let after = at.text[span.end..].trim_start_matches([' ', '\u{3000}', '\t']);
    let delimiter = match at.format {
        Format::Table { delimiter, .. } => Some(delimiter.as_str()),
        _ => None,
    };
    let opens = before.is_empty()
        || before.ends_with(['\n', '"', '\''])
        || at.text[..span.start].ends_with('\t')
        || delimiter.is_some_and(|d| before.ends_with(d));
    opens
        && (after.is_empty()
            || after.starts_with(['\n', '\r', '"', '\''])
            || at.text[span.end..].starts_with('\t')
            || delimiter.is_some_and(|d| after.starts_with(d)))
}

/// The last sure finding seen of each of the four kinds, while walking over the candidates.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// Row and nearest byte of the last one, and its province if it has one.
    last: [Option<(u32, usize, u8)>; 4],
}

const NEIGHBOURS: [(Kind, Context); 4] = [
    (Kind::Mobile, Context::NearMobile),
    (Kind::Name, Context::NearName),
    (Kind::Address, Context::NearAddress),
    (Kind::Waybill, Context::NearWaybill),
];

/// Neighbours of other kinds in the same row or close by, from one walk in each direction.
pub(super) fn add_neighbour_evidence(at: &Surroundings<'_>, found: &mut [Judged]) {
    let rows = at.format.has_rows();
    let mut seen = Seen::default();
    for j in &mut *found {
        let start = j.finding.span.start;
        seen.look(j, rows, |edge| start.checked_sub(edge));
        seen.note(j, j.finding.span.end);
    }
    seen = Seen::default();
    for j in found.iter_mut().rev() {
        let end = j.finding.span.end;
        seen.look(j, rows, |edge| edge.checked_sub(end));
        seen.note(j, j.finding.span.start);
    }
}

impl Seen {
    fn note(&mut self, j: &Judged, edge: usize) {
        if j.finding.score >= SURE
            && let Some(slot) = NEIGHBOURS.iter().position(|(k, _)| *k == j.finding.kind)
        {
            self.last[slot] = Some((j.spot.row, edge, province(&j.finding)));
        }
    }

    /// Adds the neighbours of `j`; `gap` gives the bytes between it and an edge, `None` when they overlap.
    fn look(&self, j: &mut Judged, rows: bool, gap: impl Fn(usize) -> Option<usize>) {
        for (slot, (kind, context)) in NEIGHBOURS.iter().enumerate() {
            let Some((there, edge, home)) = self.last[slot].filter(|_| *kind != j.finding.kind)
            else {
                continue;
            };
            let Some(gap) = gap(edge) else { continue };
            let near = if rows {
                there == j.spot.row && gap <= 8 * NEAR
            } else {
                gap <= NEAR
            };
            if !near {
                continue;
            }
            let evidence = &mut j.finding.evidence;
            evidence.insert_context(*context);
            if gap <= 3 {
                evidence.insert_context(Context::Adjacent);
            }
            if home != 0 && home == province(&j.finding) {
                j.finding.evidence.insert_context(Context::RegionAgrees);
            }
        }
    }
}

fn province(f: &Finding) -> u8 {
    match f.detail {
        Detail::Mobile(m) => m.province,
        Detail::Address(a) => (a.province / 10_000) as u8,
        _ => 0,
    }
}
