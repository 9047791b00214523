//! Scanning what lies in memory.

use std::sync::Arc;

use super::cut::{Cutter, PREFIX_BYTES};
use super::input::{Format, Input};
use super::page::{Page, PageOutput};
use super::report::{Findings, PageReport, Place, PlainText, UnitInfo};
use super::scratch::Scratch;
use super::{Engine, Scanner, sniff};
use crate::text::encoding::{Certainty, Encoding, guess_late};
use crate::text::{decode, mixed};

impl Scanner {
    /// Scans an input that lies in memory, with buffers that are used again from call to call.
    pub fn scan_with<'h>(&self, scratch: &mut Scratch, input: impl Into<Input<'h>>) -> Findings {
        let input = input.into();
        let (unit, plain) = self.engine.plan(&input, scratch);
        // SQL dumps and HTML are cut where their columns change, too.
        let one_page = input.bytes.len() <= self.engine.page_bytes;
        let mut out = std::mem::take(&mut scratch.spare);
        if one_page && !matches!(unit.format, Format::Sql | Format::HtmlTable) {
            let page = Page {
                bytes: input.bytes,
                plain,
                core: 0..input.bytes.len(),
                offset: 0,
                first: true,
            };
            self.engine.scan_page(&unit, &page, scratch, &mut out);
            return Findings::from_pages(unit, out);
        }
        let mut cutter = Cutter::new(self.engine.page_bytes);
        cutter.set_plan(unit.encoding, &unit.format, &unit.layout);
        let mut changed: Option<UnitInfo> = None;
        while let Some((cut, bytes)) = cutter.next_of(input.bytes) {
            changed = match cut.layout {
                Some(layout) => Some(unit.with_layout(layout)),
                None => changed,
            };
            let page = Page {
                bytes,
                plain: None,
                core: cut.core,
                offset: cut.offset,
                first: cut.first,
            };
            let now = changed.as_ref().unwrap_or(&unit);
            self.engine.scan_page(now, &page, scratch, &mut out);
            if page.first {
                out.reserve_for(input.bytes.len().div_ceil(page.core.len().max(1)));
            }
        }
        Findings::from_pages(unit, out)
    }
}

impl Engine {
    /// Settles encoding, format and columns. Gives the text of the whole input as well, where it is the bytes as they stand.
    fn plan<'h>(&self, input: &Input<'h>, scratch: &mut Scratch) -> (UnitInfo, Option<&'h str>) {
        let prefix = &input.bytes[..input.bytes.len().min(PREFIX_BYTES)];
        let encoding = match input.encoding {
            Some(encoding) => (encoding, input.certainty),
            None => guess_late(input.bytes, PREFIX_BYTES).sure(),
        };
        let plain = mixed::plain(prefix, encoding.0);
        let origin = Arc::clone(&input.origin);
        let unit = self.plan_from(
            prefix,
            plain,
            input.format.clone(),
            encoding,
            origin,
            scratch,
        );
        (unit, plain.filter(|text| text.len() == input.bytes.len()))
    }

    /// Settles format and columns from the first bytes of an input, and from their text where it is [`mixed::plain`].
    pub(crate) fn plan_from(
        &self,
        prefix: &[u8],
        plain: Option<&str>,
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
        let text = match (plain, certainty) {
            (Some(text), _) => text,
            (_, Certainty::Given) => {
                decode::decode(prefix, encoding, &mut decoded, &mut Vec::new()).text
            }
            _ => {
                mixed::decode(
                    prefix,
                    encoding,
                    &mut decoded,
                    &mut Vec::new(),
                    &mut stretches,
                )
                .text
            }
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
            text: PlainText::of(input, &self.unit, &self.findings, &self.stretches),
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

    /// The findings of all pages.
    fn from_pages(unit: UnitInfo, pages: PageOutput) -> Findings {
        Findings {
            findings: pages.findings,
            places: pages.places,
            owners: pages.owners,
            records: pages.records,
            warnings: pages.warnings,
            stretches: pages.stretches,
            unit,
            rows: pages.rows,
            allowed: pages.allowed,
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
}
