//! Scanning what lies in memory.

use std::sync::Arc;

use super::input::{Format, Input};
use super::page::{Page, PageOutput};
use super::pager::{PREFIX_BYTES, Pager};
use super::report::{Findings, PageReport, Place, UnitInfo};
use super::scratch::Scratch;
use super::{Engine, Scanner, sniff};
use crate::text::encoding::{Certainty, Encoding, guess_late};
use crate::text::{decode, mixed};

impl Scanner {
    /// Scans an input that lies in memory, with buffers that are used again from call to call.
    pub fn scan_with<'h>(&self, scratch: &mut Scratch, input: impl Into<Input<'h>>) -> Findings {
        let input = input.into();
        let unit = self.engine.plan(&input, scratch);
        // SQL dumps and HTML are cut where their columns change, too.
        let one_page = input.bytes.len() <= self.engine.page_bytes;
        if one_page && !matches!(unit.format, Format::Sql | Format::HtmlTable) {
            let mut out = std::mem::take(&mut scratch.spare);
            let page = Page {
                bytes: input.bytes,
                core: 0..input.bytes.len(),
                offset: 0,
                first: true,
            };
            self.engine.scan_page(&unit, &page, scratch, &mut out);
            return Findings::of_page(unit, out);
        }
        let mut pager = Pager::new(input.bytes, self.engine.page_bytes);
        pager.set_plan(unit.encoding, &unit.format, &unit.layout);
        let mut findings = Findings::of_page(unit, std::mem::take(&mut scratch.spare));
        let mut out = std::mem::take(&mut scratch.page);
        let mut changed: Option<UnitInfo> = None;
        let mut buffer = Vec::new();
        // Reading from a slice cannot fail.
        while let Ok(Some(cut)) = pager.next_page(&mut buffer) {
            changed = match cut.layout {
                Some(layout) => Some(findings.unit.with_layout(layout)),
                None => changed,
            };
            let page = Page {
                bytes: &buffer,
                core: cut.core,
                offset: cut.offset,
                first: cut.first,
            };
            let unit = changed.as_ref().unwrap_or(&findings.unit);
            self.engine.scan_page(unit, &page, scratch, &mut out);
            if page.first {
                let pages = input.bytes.len().div_ceil(page.core.len().max(1));
                findings.reserve_for(&out, pages);
            }
            findings.take(&mut out);
        }
        scratch.page = out;
        findings
    }
}

impl Engine {
    fn plan(&self, input: &Input<'_>, scratch: &mut Scratch) -> UnitInfo {
        let prefix = &input.bytes[..input.bytes.len().min(PREFIX_BYTES)];
        let encoding = match input.encoding {
            Some(encoding) => (encoding, input.certainty),
            None => guess_late(input.bytes, PREFIX_BYTES).sure(),
        };
        let origin = Arc::clone(&input.origin);
        self.plan_from(prefix, input.format.clone(), encoding, origin, scratch)
    }

    /// Settles format and columns from the first bytes of an input.
    pub(crate) fn plan_from(
        &self,
        prefix: &[u8],
        format: Option<Format>,
        (encoding, certainty): (Encoding, Certainty),
        origin: Arc<super::Origin>,
        scratch: &mut Scratch,
    ) -> UnitInfo {
        // A character that the prefix cuts is no sign of another encoding.
        let prefix = match encoding {
            Encoding::Utf8 => decode::without_cut_character(prefix),
            _ => prefix,
        };
        let mut decoded = std::mem::take(&mut scratch.decoded);
        let mut stretches = Vec::new();
        let text = match certainty {
            Certainty::Given => decode::decode(prefix, encoding, &mut decoded, &mut Vec::new()),
            _ => mixed::decode(
                prefix,
                encoding,
                &mut decoded,
                &mut Vec::new(),
                &mut stretches,
            ),
        };
        let name = origin.entry.as_deref().unwrap_or(&origin.path);
        let format = match format {
            Some(_) if origin.sheet.is_some() && sniff::is_form(text) => Format::Text,
            Some(format) => format,
            None => sniff::sniff(text, Some(name)),
        };
        let layout = self.learn(text, &format, scratch);
        scratch.decoded = decoded;
        UnitInfo {
            origin,
            format,
            encoding,
            certainty,
            layout,
        }
    }
}

impl Findings {
    /// Everything as one page, as a [`Sink`](super::Sink) takes it; `input` are the bytes that were scanned by `scanner`.
    pub fn as_page<'p>(&'p self, scanner: &'p Scanner, input: &'p [u8]) -> PageReport<'p> {
        PageReport {
            scanner,
            unit: &self.unit,
            bytes: input,
            offset: 0,
            core: 0..input.len(),
            findings: &self.findings,
            places: &self.places,
            owners: &self.owners,
            records: &self.records,
            warnings: &self.warnings,
            stretches: &self.stretches,
            rows: self.rows,
            allowed: self.allowed,
            findings_before: 0,
            records_before: 0,
            place_base: Place::default(),
            first: true,
            last: true,
            skipped: false,
        }
    }

    /// The findings of one page.
    fn of_page(unit: UnitInfo, page: PageOutput) -> Findings {
        Findings {
            findings: page.findings,
            places: page.places,
            owners: page.owners,
            records: page.records,
            warnings: page.warnings,
            stretches: page.stretches,
            unit,
            rows: page.rows,
            lines: page.lines,
            allowed: page.allowed,
        }
    }

    /// Their memory, empty.
    pub(super) fn into_buffers(self) -> PageOutput {
        let mut page = PageOutput {
            findings: self.findings,
            places: self.places,
            owners: self.owners,
            records: self.records,
            warnings: self.warnings,
            stretches: self.stretches,
            ..PageOutput::default()
        };
        page.clear();
        page
    }

    /// Makes room for as many pages like this one, so that the lists are not moved again and again.
    fn reserve_for(&mut self, page: &PageOutput, pages: usize) {
        self.findings.reserve(page.findings.len() * pages);
        self.places.reserve(page.places.len() * pages);
        self.owners.reserve(page.owners.len() * pages);
        self.records.reserve(page.records.len() * pages);
    }

    /// Appends a page, whose memory stays with it.
    fn take(&mut self, page: &mut PageOutput) {
        let (before, records_before) = (self.findings.len() as u32, self.records.len() as u32);
        let lines = self.lines;
        for place in &mut page.places {
            place.line += lines;
            if place.row > 0 {
                place.row += self.rows;
            }
        }
        for record in &mut page.records {
            record.renumber(|m| m + before);
        }
        self.findings.append(&mut page.findings);
        self.places.append(&mut page.places);
        self.owners
            .extend(page.owners.iter().map(|o| o.map(|r| r + records_before)));
        self.records.append(&mut page.records);
        self.warnings.append(&mut page.warnings);
        self.stretches.append(&mut page.stretches);
        self.lines += page.lines;
        self.rows += page.rows;
        self.allowed += page.allowed;
    }
}
