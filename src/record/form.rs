//! Forms: what stands in a field of its own beside labelled values is not the person's.

use crate::evidence::Context;
use crate::kind::Kind;
use crate::score::Judged;
use crate::span::Span;

/// A field that is longer than this is no field, in bytes.
const FIELD_BYTES: usize = 600;
/// A finding in another field of a form that is surer than this is a person's all the same; what is itself the key must be surer.
const SURE_VALUE: u16 = 8_000;
const SURE_KEY: u16 = 9_500;

/// Takes what looks like a name or address in other fields of a form (`单价：59.00`, `仓库：二号仓`) out of the likely findings,
/// so that it begins nobody's record.
pub(crate) fn leave_out_other_fields(judged: &[Judged], text: &str, likely: &mut Vec<u32>) {
    let mut kept = 0_usize;
    for i in 0..likely.len() {
        let at = |n: usize| likely.get(n).map(|j| &judged[*j as usize]);
        let other = at(i).is_some_and(|item| {
            is_weak(item) && is_other_field(kept.checked_sub(1).and_then(at), item, at(i + 1), text)
        });
        if !other {
            likely[kept] = likely[i];
            kept += 1;
        }
    }
    likely.truncate(kept);
}

pub(crate) fn has_label(j: &Judged) -> bool {
    j.finding.evidence.has_context(Context::LabelSame)
}

/// Whether it is a name or an address that is not sure and has no label.
fn is_weak(item: &Judged) -> bool {
    matches!(item.finding.kind, Kind::Name | Kind::Address)
        && item.finding.confidence.basis() < SURE_KEY
        && !has_label(item)
}

/// Whether a weak name or address is alone on a line `key：value` whose key is not known, beside labelled values.
fn is_other_field(last: Option<&Judged>, item: &Judged, next: Option<&Judged>, text: &str) -> bool {
    let finding = &item.finding;
    if !(last.is_some_and(has_label) || next.is_some_and(has_label)) {
        return false;
    }
    let Span { start, end } = finding.span;
    let low = start.saturating_sub(FIELD_BYTES);
    let line_start = memchr::memrchr(b'\n', &text.as_bytes()[low..start]).map_or(low, |i| low + i);
    let behind = &text.as_bytes()[end..text.len().min(end + FIELD_BYTES)];
    let line_end = end + memchr::memchr(b'\n', behind).unwrap_or(behind.len());
    let alone = last.is_none_or(|l| l.finding.span.end <= line_start)
        && next.is_none_or(|n| n.finding.span.start >= line_end);
    let marks = ['：', ':'];
    let is_key = text[end..].starts_with(marks);
    let weak_value = || {
        finding.confidence.basis() < SURE_VALUE
            && text[..start].trim_end_matches(' ').ends_with(marks)
    };
    alone && (is_key || weak_value())
}
