//! Scanning only some fields of a table or of JSON.

use std::collections::BTreeMap;

use super::input::Format;
use super::report::{UnitInfo, Warning};
use crate::anchor::marks::Rows;
use crate::anchor::values::JsonValues;
use crate::record::Layout;
use crate::score::Judged;
use crate::text::OffsetMap;

/// The fields that are scanned, by name; running text and markup have none and are scanned whole.
#[derive(Clone, Debug)]
pub(crate) struct Selection(Vec<String>);

impl Selection {
    pub(crate) fn new(names: Vec<String>) -> Selection {
        Selection(names)
    }

    /// A warning when a table has none of the fields, or the first page of JSON does: nothing would be found, and look clean.
    pub(crate) fn check(&self, unit: &UnitInfo, data: &str) -> Option<Warning> {
        let known = match &unit.format {
            Format::Table { .. } | Format::Sql | Format::HtmlTable => {
                (0..unit.layout.columns.len()).any(|i| self.has_column(&unit.layout, i))
            }
            Format::JsonLines | Format::Json => Rows::new(data, &unit.format, true).any(|row| {
                let mut values = JsonValues::new(&data[..row.range.end], row.start);
                std::iter::from_fn(|| values.next().map(|_| values.pointer()))
                    .any(|pointer| self.has_pointer(&pointer))
            }),
            Format::Text | Format::Markup => true,
        };
        let message = || format!("no field is called {}", self.0.join(" or "));
        (!known).then(|| Warning::loss("input.no-such-field", message()))
    }

    /// Drops what stands in other fields. `text` is the decoded text of a page, of which `core` is scanned.
    pub(crate) fn retain(
        &self,
        unit: &UnitInfo,
        text: &str,
        core: &std::ops::Range<usize>,
        first: bool,
        map: &OffsetMap,
        found: &mut Vec<Judged>,
    ) {
        match &unit.format {
            Format::Table { .. } | Format::Sql | Format::HtmlTable => {
                let mut known: BTreeMap<u32, bool> = BTreeMap::new();
                found.retain(|j| {
                    let column = j.spot.column;
                    *known.entry(column).or_insert_with(|| {
                        column > 0 && self.has_column(&unit.layout, column as usize - 1)
                    })
                });
            }
            Format::JsonLines | Format::Json => {
                let data = &text[core.clone()];
                let mut rows = Rows::new(data, &unit.format, first);
                let (mut end, mut fields) = (0, Vec::new());
                found.retain(|j| {
                    let at = map.start_to_source(j.finding.span.start);
                    let Some(at) = at.checked_sub(core.start) else {
                        return false;
                    };
                    while at >= end {
                        let Some(row) = rows.next() else { break };
                        end = row.range.end;
                        if at < end {
                            self.fields_of(data, row.start, end, &mut fields);
                        }
                    }
                    let i = fields.partition_point(|(start, _)| *start <= at);
                    i.checked_sub(1).is_some_and(|i| at < fields[i].1)
                });
            }
            Format::Text | Format::Markup => {}
        }
    }

    /// Lists the ranges of the chosen values of a row.
    fn fields_of(&self, data: &str, start: usize, end: usize, out: &mut Vec<(usize, usize)>) {
        out.clear();
        let mut values = JsonValues::new(&data[..end], start);
        while let Some(value) = values.next() {
            if self.has_pointer(&values.pointer()) {
                out.push((value.start, value.end));
            }
        }
    }

    fn has_column(&self, layout: &Layout, index: usize) -> bool {
        let header = layout.column(index).and_then(|c| c.header.as_deref());
        self.0
            .iter()
            .any(|name| header.is_some_and(|h| h.trim() == name) || name.parse() == Ok(index + 1))
    }

    /// A name with a slash is a JSON pointer, one without a key of the row; either stands for all that is below it.
    fn has_pointer(&self, pointer: &str) -> bool {
        self.0.iter().any(|name| {
            let name = name.strip_prefix('/').unwrap_or(name);
            pointer
                .strip_prefix('/')
                .and_then(|pointer| pointer.strip_prefix(name))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}
