//! What a scan hands on: [`Findings`] of an input in memory, [`PageReport`]s of a stream.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Scanner;
use super::input::{Format, Origin};
use crate::finding::Finding;
use crate::kind::Kind;
use crate::record::{Layout, Record};
use crate::span::Span;
use crate::text;
use crate::text::decode::{self, Text};
use crate::text::encoding::{Certainty, Encoding};
use crate::text::mixed::{self, Reading, Stretch};

/// Where a finding stands, in the words of its format. All numbers are 1-based; 0 = does not apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Physical line in which the span starts.
    pub line: u64,
    /// Data row of a table, or JSON record.
    pub row: u64,
    /// Column of a table.
    pub column: u32,
}

/// Something in an input that could not be read as it should; the scan went on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Stable dotted code, such as `decode.malformed`.
    pub code: Cow<'static, str>,
    /// Bytes of the input it is about.
    pub span: Option<Span>,
    /// For people; never a personal value.
    pub message: String,
    /// Whether something was left unread (the exit code of the program says so).
    pub loss: bool,
}

impl Warning {
    /// A warning about content that was read with a loss.
    pub fn loss(code: &'static str, message: impl Into<String>) -> Warning {
        Warning {
            code: code.into(),
            span: None,
            message: message.into(),
            loss: true,
        }
    }

    /// A warning about content that was read all the same.
    pub fn note(code: &'static str, message: impl Into<String>) -> Warning {
        Warning {
            code: code.into(),
            span: None,
            message: message.into(),
            loss: false,
        }
    }

    /// Adds the bytes it is about.
    #[must_use]
    pub fn at(mut self, span: Span) -> Warning {
        self.span = Some(span);
        self
    }
}

/// What all pages of one input share.
#[derive(Debug, Default)]
pub struct UnitInfo {
    /// Where the input comes from.
    pub origin: Arc<Origin>,
    /// Its format, as said or recognised.
    pub format: Format,
    /// Its encoding, as said or guessed.
    pub encoding: Encoding,
    /// How sure the encoding is. Unless it was given, lines that are certain to be in another one are read in that.
    pub certainty: Certainty,
    /// What was learnt about its columns.
    pub layout: Layout,
}

impl UnitInfo {
    /// The same input with other columns: those of the next table of a dump.
    pub(crate) fn with_layout(&self, layout: Layout) -> UnitInfo {
        UnitInfo {
            origin: Arc::clone(&self.origin),
            format: self.format.clone(),
            encoding: self.encoding,
            certainty: self.certainty,
            layout,
        }
    }
}

/// One page of an input with everything that was found on it.
///
/// Findings are in the order of their spans; a finding and all members of its record are on the same page.
pub struct PageReport<'p> {
    pub(crate) scanner: &'p Scanner,
    pub(crate) unit: &'p UnitInfo,
    pub(crate) bytes: &'p [u8],
    pub(crate) text: Option<PlainText<'p>>,
    pub(crate) offset: usize,
    pub(crate) core: Range<usize>,
    pub(crate) findings: &'p [Finding],
    pub(crate) places: &'p [Place],
    pub(crate) owners: &'p [Option<u32>],
    pub(crate) records: &'p [Record],
    pub(crate) warnings: &'p [Warning],
    pub(crate) stretches: &'p [Stretch],
    pub(crate) rows: u64,
    pub(crate) allowed: u64,
    /// How many findings stood on earlier pages (of all inputs).
    pub(crate) findings_before: u64,
    /// How many records stood on earlier pages.
    pub(crate) records_before: u64,
    pub(crate) place_base: Place,
    pub(crate) first: bool,
    pub(crate) last: bool,
    pub(crate) skipped: bool,
}

/// One finding with access to its text.
#[derive(Clone, Copy)]
pub struct Item<'p> {
    page: &'p PageReport<'p>,
    index: usize,
}

/// The bytes of a page as text. What holds of all of them is found out once, not once for every value.
#[derive(Clone, Copy)]
pub(crate) struct PlainText<'p> {
    text: &'p str,
    /// Whether anything on the page may be escaped.
    escaped: bool,
}

/// From as many bytes for each finding on, it takes longer to look at a page than at the values on it.
const SPARSE: usize = 512;

impl<'p> PlainText<'p> {
    /// `None` where something has to be decoded, or little was found.
    pub(super) fn of(
        bytes: &'p [u8],
        unit: &UnitInfo,
        findings: &[Finding],
        stretches: &[Stretch],
    ) -> Option<PlainText<'p>> {
        let sparse = findings.len() * SPARSE < bytes.len();
        if unit.encoding != Encoding::Utf8 || !stretches.is_empty() || sparse {
            return None;
        }
        let text = simdutf8::basic::from_utf8(bytes).ok()?;
        let escaped = text::may_be_escaped(text, unit.format.escapes());
        Some(PlainText { text, escaped })
    }
}

impl<'p> PageReport<'p> {
    /// The scanner that made the report.
    pub fn scanner(&self) -> &Scanner {
        self.scanner
    }

    /// What all pages of the input share: origin, format, encoding, columns.
    pub fn unit(&self) -> &UnitInfo {
        self.unit
    }

    /// Whether this is the input's first page.
    pub fn is_first(&self) -> bool {
        self.first
    }

    /// Whether the input is left out on purpose, such as a binary file; its warning says why.
    pub fn is_skipped(&self) -> bool {
        self.skipped
    }

    /// Whether this is the input's last page.
    pub fn is_last(&self) -> bool {
        self.last
    }

    /// The page's own bytes, without the context before and after it.
    pub fn bytes(&self) -> &'p [u8] {
        &self.bytes[self.core.clone()]
    }

    /// Offset in the input of the first of [`bytes`](Self::bytes).
    pub fn offset(&self) -> usize {
        self.offset + self.core.start
    }

    /// Data rows that start on the page.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Findings that were left out because they are allowed ([`ScannerBuilder::allow`](super::ScannerBuilder::allow)).
    pub fn allowed(&self) -> u64 {
        self.allowed
    }

    /// Every finding, in the order of the input.
    pub fn items(&'p self) -> impl Iterator<Item = Item<'p>> + 'p {
        (0..self.findings.len()).map(move |index| Item { page: self, index })
    }

    /// The finding at position `index` of the page, the index that [`Record`]s use.
    pub fn item(&'p self, index: usize) -> Option<Item<'p>> {
        (index < self.findings.len()).then_some(Item { page: self, index })
    }

    /// Number of findings.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The records, each with its number in the whole output (1, 2, 3 …).
    pub fn records(&self) -> impl Iterator<Item = (u64, &'p Record)> + '_ {
        let before = self.records_before;
        self.records
            .iter()
            .enumerate()
            .map(move |(i, r)| (before + i as u64 + 1, r))
    }

    /// The record at position `index` of the page, with its number in the whole output.
    pub fn record(&self, index: usize) -> Option<(u64, &'p Record)> {
        let record = self.records.get(index)?;
        Some((self.records_before + index as u64 + 1, record))
    }

    /// The number in the whole output of the finding at position `index`.
    pub fn finding_id(&self, index: usize) -> u64 {
        self.findings_before + index as u64 + 1
    }

    /// What could not be read as it should.
    pub fn warnings(&self) -> &'p [Warning] {
        self.warnings
    }

    /// The decoded and unescaped text of a byte range of the input; empty when the range does not lie on the page.
    pub fn text_of(&self, span: Span) -> Cow<'p, str> {
        let range = span.start.wrapping_sub(self.offset)..span.end.wrapping_sub(self.offset);
        if let Some(page) = self.text
            && let Some(text) = page.text.get(range.clone())
        {
            let escapes = self.unit.format.escapes();
            let unescaped = page.escaped.then(|| text::unescaped(text, escapes));
            return unescaped.flatten().map_or(Cow::Borrowed(text), Cow::Owned);
        }
        match self.bytes.get(range) {
            Some(bytes) => text::text_of(
                bytes,
                self.reading_at(span.start),
                self.unit.format.escapes(),
            ),
            None => Cow::Borrowed(""),
        }
    }

    /// How the byte at an offset of the input is read.
    pub(crate) fn reading_at(&self, at: usize) -> Reading {
        mixed::reading_at(self.stretches, self.unit.encoding, at)
    }

    /// The decoded text of a row, with the stretches of it that are read in another encoding than the input.
    pub(crate) fn decode_row<'r>(
        &self,
        row: &'r [u8],
        buffer: &'r mut decode::Buffer,
        stretches: &mut Vec<Stretch>,
    ) -> Text<'r> {
        if self.stretches.is_empty() {
            stretches.clear();
            return decode::decode(row, self.unit.encoding, buffer, &mut Vec::new());
        }
        mixed::decode(row, self.unit.encoding, buffer, &mut Vec::new(), stretches)
    }

    /// The page's bytes with context, and the offset in the input of the first of them.
    pub fn context_bytes(&self) -> (&'p [u8], usize) {
        (self.bytes, self.offset)
    }
}

impl<'p> Item<'p> {
    /// The finding.
    pub fn finding(&self) -> &'p Finding {
        &self.page.findings[self.index]
    }

    /// Position on the page.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Number in the whole output: 1, 2, 3 …
    pub fn id(&self) -> u64 {
        self.page.finding_id(self.index)
    }

    /// The text under the span, decoded and unescaped.
    pub fn value(&self) -> Cow<'p, str> {
        self.page.text_of(self.finding().span)
    }

    /// The value in the one spelling in which equal values are equal.
    pub fn normalized(&self) -> Cow<'p, str> {
        let scanner = &self.page.scanner;
        text::mapped(self.value(), |v| scanner.normalize(self.finding(), v))
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        let (base, own) = (self.page.place_base, self.page.places[self.index]);
        Place {
            line: if own.line == 0 {
                0
            } else {
                base.line + own.line
            },
            row: if own.row == 0 { 0 } else { base.row + own.row },
            column: own.column,
        }
    }

    /// Column of a table in which it stands, from 1 on; 0 = does not apply.
    pub(crate) fn column(&self) -> u32 {
        self.page.places[self.index].column
    }

    /// Number of its record in the whole output.
    pub fn record_id(&self) -> Option<u64> {
        self.page.owners[self.index].map(|r| self.page.records_before + u64::from(r) + 1)
    }

    /// Its record.
    pub fn record(&self) -> Option<&'p Record> {
        self.page.records.get(self.record_index()?)
    }

    /// Position of its record in [`PageReport::records`].
    pub fn record_index(&self) -> Option<usize> {
        self.page.owners[self.index].map(|r| r as usize)
    }
}

/// Everything found in an input that lies in memory.
///
/// Holds no text: values are read from the input on demand.
#[derive(Debug, Default)]
pub struct Findings {
    pub(crate) findings: Vec<Finding>,
    pub(crate) places: Vec<Place>,
    pub(crate) owners: Vec<Option<u32>>,
    pub(crate) records: Vec<Record>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) stretches: Vec<Stretch>,
    pub(crate) unit: UnitInfo,
    pub(crate) rows: u64,
    pub(crate) allowed: u64,
}

impl Findings {
    /// Every finding, in the order of the input.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.findings.iter()
    }

    /// The findings of one kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |f| f.kind == kind)
    }

    /// The findings as a slice; [`Record::findings`] are positions in it.
    pub fn as_slice(&self) -> &[Finding] {
        &self.findings
    }

    /// Number of findings.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The records: findings that describe one customer.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Where the finding at position `index` stands.
    pub fn place(&self, index: usize) -> Option<Place> {
        self.places.get(index).copied()
    }

    /// Position in [`records`](Self::records) of the record that the finding at `index` belongs to.
    pub fn record_of(&self, index: usize) -> Option<usize> {
        self.owners
            .get(index)
            .copied()
            .flatten()
            .map(|r| r as usize)
    }

    /// What could not be read as it should.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Format, encoding and columns, as said or recognised.
    pub fn unit(&self) -> &UnitInfo {
        &self.unit
    }

    /// Number of data rows.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Findings that were left out because they are allowed ([`ScannerBuilder::allow`](super::ScannerBuilder::allow)).
    pub fn allowed(&self) -> u64 {
        self.allowed
    }

    /// The decoded text under a finding's span, read from the same `input` that was scanned.
    pub fn value<'h, B: AsRef<[u8]> + ?Sized>(
        &self,
        input: &'h B,
        finding: &Finding,
    ) -> Cow<'h, str> {
        match input.as_ref().get(finding.span.range()) {
            Some(bytes) => {
                let reading =
                    mixed::reading_at(&self.stretches, self.unit.encoding, finding.span.start);
                text::text_of(bytes, reading, self.unit.format.escapes())
            }
            None => Cow::Borrowed(""),
        }
    }
}

impl<'f> IntoIterator for &'f Findings {
    type Item = &'f Finding;
    type IntoIter = std::slice::Iter<'f, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.findings.iter()
    }
}
