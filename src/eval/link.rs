//! How many delivery lines give one record with the right name, mobile and address.

use serde::Serialize;

use super::gold::{GoldEntity, GoldLine};
use crate::kind::Kind;
use crate::scan::Findings;

/// Counts over delivery lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LinkTally {
    /// Lines.
    pub lines: u64,
    /// Lines that give exactly one record whose name, mobile and address have the labelled spans.
    pub one_right_record: u64,
    /// Lines with a record whose name is right.
    pub name: u64,
    /// Lines with a record whose mobile is right.
    pub mobile: u64,
    /// Lines with a record whose address is right.
    pub address: u64,
}

impl LinkTally {
    /// Counts one line. `offsets` are the byte offsets of its code points.
    pub(super) fn count(&mut self, line: &GoldLine, found: &Findings, offsets: &[usize]) {
        self.lines += 1;
        let at = |i: usize| offsets.get(i).copied().unwrap_or(line.text.len());
        let right = |kind: Kind| {
            let wanted: Vec<&GoldEntity> = line
                .entities
                .iter()
                .chain(&line.other_entities)
                .filter(|e| e.kind() == Some(kind))
                .collect();
            wanted.is_empty()
                || found
                    .records()
                    .iter()
                    .filter_map(|r| r.field(kind))
                    .any(|i| {
                        let span = found.as_slice()[i].span;
                        wanted
                            .iter()
                            .any(|e| (at(e.start), at(e.end)) == (span.start, span.end))
                    })
        };
        let (name, mobile, address) =
            (right(Kind::Name), right(Kind::Mobile), right(Kind::Address));
        self.name += u64::from(name);
        self.mobile += u64::from(mobile);
        self.address += u64::from(address);
        self.one_right_record += u64::from(found.records().len() == 1 && name && mobile && address);
    }
}
