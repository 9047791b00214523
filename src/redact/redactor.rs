//! The redactor: which values are replaced by what.

use std::collections::BTreeMap;

use super::encode::encode;
use super::operator::{Operator, is_fake, replacement};
use super::quote::{Place, Walker};
use crate::finding::Finding;
use crate::kind::{Form, Kind};
use crate::mask::mask_value;
use crate::report::{PersonKey, lone_mobile, person};
use crate::scan::{Input, Item, PageReport, Scanner};
use crate::span::Span;

/// How often an input is scanned again for values that only the first replacements brought to light.
pub(super) const ROUNDS: usize = 4;

/// Replaces what a scan finds.
///
/// ```
/// use miandan::{Kind, Scanner, redact::{Operator, Redactor}};
/// let scanner = Scanner::new()?;
/// let redactor = Redactor::new(Operator::Mask).with(Kind::Waybill, Operator::Label);
/// let out = redactor.redact(&scanner, "nothing to hide");
/// assert_eq!((out.bytes.as_slice(), out.left), (&b"nothing to hide"[..], 0));
/// # Ok::<(), miandan::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Redactor {
    operators: [Operator; Kind::ALL.len()],
    key: PersonKey,
}

/// A redacted input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Redacted {
    /// The new content, in the encoding of the old.
    pub bytes: Vec<u8>,
    /// Values that were replaced, by kind.
    pub replaced: BTreeMap<Kind, u64>,
    /// Full values that a second scan still reports; values that are neither masked nor marked as made up. Zero unless an operator keeps values.
    pub left: u64,
}

/// A span of the input and the bytes that take its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) span: Span,
    pub(super) bytes: Vec<u8>,
    pub(super) kind: Kind,
}

impl Redactor {
    /// The same operator for every kind.
    pub fn new(operator: Operator) -> Redactor {
        Redactor {
            operators: [operator; Kind::ALL.len()],
            key: PersonKey::default(),
        }
    }

    /// Another operator for one kind.
    #[must_use]
    pub fn with(mut self, kind: Kind, operator: Operator) -> Redactor {
        self.operators[kind as usize] = operator;
        self
    }

    /// The key of pseudonyms and fakes. Without a secret one a token can be undone by trying all numbers.
    #[must_use]
    pub fn key(mut self, key: PersonKey) -> Redactor {
        self.key = key;
        self
    }

    /// The operator of a kind.
    pub const fn operator(&self, kind: Kind) -> Operator {
        self.operators[kind as usize]
    }

    /// Redacts an input that lies in memory, scans it again, and redacts what that brings to light.
    pub fn redact<'h>(&self, scanner: &Scanner, input: impl Into<Input<'h>>) -> Redacted {
        let input = input.into();
        let mut scratch = scanner.scratch();
        let mut findings = scanner.scan_with(&mut scratch, input.clone());
        // Later rounds read the text as the first did; masks must not change how it is recognised.
        let (format, encoding) = (findings.unit().format.clone(), findings.unit().encoding);
        let certainty = findings.unit().certainty;
        let mut out = Redacted {
            bytes: input.bytes.to_vec(),
            ..Redacted::default()
        };
        for round in 0..ROUNDS {
            let bytes = std::mem::take(&mut out.bytes);
            let page = findings.as_page(scanner, &bytes);
            let edits = self.edits(&page, round > 0);
            for edit in &edits {
                *out.replaced.entry(edit.kind).or_default() += 1;
            }
            out.bytes = apply(&bytes, &edits);
            let again = Input {
                bytes: &out.bytes,
                format: Some(format.clone()),
                encoding: Some(encoding),
                certainty,
                origin: input.origin.clone(),
            };
            findings = scanner.scan_with(&mut scratch, again);
            let page = findings.as_page(scanner, &out.bytes);
            out.left = page.items().filter(shows_full).count() as u64;
            if out.left == 0 || edits.is_empty() {
                break;
            }
        }
        out
    }

    /// The edits of a page in the order of their spans. `full_only`, after the first round, leaves out what shows no full value,
    /// and masks hide all of the rest.
    pub(super) fn edits(&self, page: &PageReport<'_>, full_only: bool) -> Vec<Edit> {
        let (unit, offset) = (page.unit(), page.offset());
        let mut walker = Walker::new(page.bytes(), &unit.format, unit.encoding);
        let persons: Vec<Option<u64>> = page
            .records()
            .map(|(_, r)| person(page, r, self.key))
            .collect();
        let mut edits: Vec<Edit> = Vec::with_capacity(page.len());
        for item in page.items() {
            let Finding {
                kind, form, span, ..
            } = *item.finding();
            let operator = self.operator(kind);
            let overlaps = edits.last().is_some_and(|e| e.span.end > span.start);
            if operator == Operator::Keep || overlaps || (full_only && !shows_full(&item)) {
                continue;
            }
            let value = item.value();
            let who = item
                .record_index()
                .and_then(|r| persons.get(r).copied().flatten())
                .or_else(|| {
                    (kind == Kind::Mobile)
                        .then(|| lone_mobile(&item, self.key))
                        .flatten()
                })
                .unwrap_or_else(|| self.key.by_value(kind, &item.normalized()));
            let text = if full_only && operator == Operator::Mask {
                // What only a mask brought to light would be brought to light again by the part that a mask leaves: in a list of
                // surnames every one that stays begins the next name.
                "*".repeat(value.chars().count())
            } else {
                replacement(operator, kind, form, &value, who)
            };
            if text == value {
                continue;
            }
            let start = span.start.saturating_sub(offset);
            let mut place = walker.place(Span::new(start, start + span.len()));
            if text.bytes().all(|b| b.is_ascii_digit())
                && !text.is_empty()
                && !text.starts_with('0')
            {
                // A number may take a number's place.
                place = Place::Inside;
            }
            edits.push(Edit {
                span,
                bytes: encode(
                    &text,
                    &unit.format,
                    place,
                    page.reading_at(span.start).encoding(),
                ),
                kind,
            });
        }
        edits
    }
}

/// The bytes with the edits made.
fn apply(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for edit in edits {
        out.extend_from_slice(bytes.get(at..edit.span.start).unwrap_or_default());
        out.extend_from_slice(&edit.bytes);
        at = edit.span.end;
    }
    out.extend_from_slice(bytes.get(at..).unwrap_or_default());
    out
}

/// Whether a finding in a redacted text shows a full value.
pub fn shows_full(item: &Item<'_>) -> bool {
    let finding = item.finding();
    shows_value(finding.kind, finding.form, &item.value())
}

/// Whether a value is a full one: whole, not made up, and with something that [`mask_value`] would hide. Divisions and roads
/// without a house are no full address.
fn shows_value(kind: Kind, form: Form, value: &str) -> bool {
    matches!(form, Form::Full | Form::Disguised)
        && !is_fake(kind, value)
        && mask_value(kind, form, value) != value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_leave_every_other_byte() {
        let edit = |start, end, bytes: &[u8]| Edit {
            span: Span::new(start, end),
            bytes: bytes.to_vec(),
            kind: Kind::Mobile,
        };
        assert_eq!(
            apply(b"a 123 b 456", &[edit(2, 5, b"*"), edit(8, 11, b"")]),
            b"a * b "
        );
        assert_eq!(apply(b"abc", &[]), b"abc");
    }

    #[test]
    fn a_list_of_surnames_is_hidden_in_the_end() {
        let surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶\
            阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
        let scanner = Scanner::new().expect("a scanner");
        for text in [
            format!("SUR=('{surnames}')"),
            surnames.to_owned(),
            format!("姓名\n{surnames}\n"),
        ] {
            let out = Redactor::new(Operator::Mask).redact(&scanner, text.as_str());
            assert_eq!(out.left, 0, "{}", String::from_utf8_lossy(&out.bytes));
        }
    }

    #[test]
    fn masked_fake_and_area_values_are_not_full() {
        assert!(shows_value(Kind::Mobile, Form::Full, "13812345678"));
        assert!(!shows_value(Kind::Mobile, Form::Masked, "138****5678"));
        assert!(!shows_value(Kind::Mobile, Form::Full, "10012345678"));
        assert!(!shows_value(
            Kind::Address,
            Form::Full,
            "浙江省杭州市西湖区"
        ));
        assert!(shows_value(
            Kind::Address,
            Form::Full,
            "浙江省杭州市西湖区文三路1号"
        ));
    }
}
