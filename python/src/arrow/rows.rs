//! Scans the rows of a batch and writes their findings as rows.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int32Builder, StringBuilder};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, UInt32Array};
use arrow_schema::ArrowError;
use arrow_select::take::take;
use miandan::mask::mask_into;
use miandan::report::SummarySink;
use miandan::table::courier;
use miandan::{
    Detail, Encoding, Findings, Format, Input, PageReport, RowScanner, Scanner, Scratch, Sink, Span,
};

use super::Plan;
use super::cells::{Cell, cell, plain};
use super::columns::Columns;
use crate::findings::char_spans;
use crate::fingerprint::hex;

/// Scans rows with buffers of its own.
pub(super) struct BatchScanner {
    scanner: Scanner,
    rows: RowScanner,
    scratch: Scratch,
}

impl BatchScanner {
    pub(super) fn new(plan: &Plan, columns: &Columns) -> BatchScanner {
        let names = columns.texts.iter().map(|(_, name)| name.as_str());
        BatchScanner {
            rows: plan.scanner.rows(names),
            scratch: plan.scanner.scratch(),
            scanner: plan.scanner.clone(),
        }
    }

    /// The findings of a batch, if there are any and they are wanted; the counts go to `sink`.
    pub(super) fn scan(
        &mut self,
        plan: &Plan,
        columns: &Columns,
        batch: &RecordBatch,
        first_row: i64,
        sink: &mut SummarySink,
    ) -> Result<Option<RecordBatch>, ArrowError> {
        let texts = columns.texts.iter().map(|(at, _)| plain(batch.column(*at)));
        let texts: Vec<ArrayRef> = texts.collect::<Result<_, _>>()?;
        let together = plan.format == Some(Format::Text);
        let mut out = FindingRows::default();
        for row in 0..batch.num_rows() {
            let mut records = 0;
            let cells = texts.iter().map(|column| match cell(column, row) {
                Cell::Text(text) if together => Some(text),
                _ => None,
            });
            let found = self.rows.scan(cells);
            sink.add_row(&found);
            if columns.findings && !found.findings().is_empty() {
                let page = found.page();
                for (index, at) in found.places().enumerate() {
                    let place = Place {
                        field: &columns.texts[at.field].1,
                        bytes: at.bytes,
                        chars: Some(at.chars),
                    };
                    out.push(plan, row, &page, index, place, records)?;
                }
                records += found.findings().records().len();
            }
            for (column, (_, name)) in texts.iter().zip(&columns.texts) {
                let (bytes, encoding) = match cell(column, row) {
                    Cell::Bytes(bytes) => (bytes, None),
                    Cell::Text(text) if !together => (text.as_bytes(), Some(Encoding::Utf8)),
                    _ => continue,
                };
                let found = self.scan_alone(plan, bytes, encoding);
                let page = found.as_page(&self.scanner, bytes);
                // A summary takes every page; it never ends a scan.
                let _ = sink.accept(sink.render(&page));
                if columns.findings {
                    let text = encoding.and_then(|_| std::str::from_utf8(bytes).ok());
                    let spans = found.iter().map(|f| f.span);
                    let mut chars = text
                        .map(|t| char_spans(t, spans))
                        .unwrap_or_default()
                        .into_iter();
                    for (index, finding) in found.iter().enumerate() {
                        let place = Place {
                            field: name,
                            bytes: finding.span,
                            chars: chars.next(),
                        };
                        out.push(plan, row, &page, index, place, records)?;
                    }
                    records += found.records().len();
                }
            }
        }
        out.finish(plan, columns, batch, first_row)
    }

    /// Scans a cell that is an input of its own.
    fn scan_alone(&mut self, plan: &Plan, bytes: &[u8], encoding: Option<Encoding>) -> Findings {
        let mut input = Input::new(bytes);
        if let Some(format) = &plan.format {
            input = input.format(format.clone());
        }
        if let Some(encoding) = encoding {
            input = input.encoding(encoding);
        }
        self.scanner.scan_with(&mut self.scratch, input)
    }
}

/// Where a finding stands; `chars` where its field is text.
#[derive(Clone, Copy)]
struct Place<'c> {
    field: &'c str,
    bytes: Span,
    chars: Option<Span>,
}

/// The findings of a batch, column by column.
#[derive(Default)]
struct FindingRows {
    /// Row of the batch.
    rows: Vec<u32>,
    field: StringBuilder,
    kind: StringBuilder,
    form: StringBuilder,
    char_start: Int32Builder,
    char_end: Int32Builder,
    byte_start: Int32Builder,
    byte_end: Int32Builder,
    value: StringBuilder,
    normalized: StringBuilder,
    confidence: Float64Builder,
    record: Int32Builder,
    role: StringBuilder,
    courier: StringBuilder,
    province: Int32Builder,
    city: Int32Builder,
    fingerprint: StringBuilder,
    person: StringBuilder,
    shown: String,
}

impl FindingRows {
    /// Adds a finding; `records` is the number of records in the cells of the row before this page.
    fn push(
        &mut self,
        plan: &Plan,
        row: usize,
        page: &PageReport<'_>,
        index: usize,
        place: Place<'_>,
        records: usize,
    ) -> Result<(), ArrowError> {
        let Some(item) = page.item(index) else {
            return Ok(());
        };
        let finding = item.finding();
        self.rows.push(row as u32);
        self.field.append_value(place.field);
        self.kind.append_value(finding.kind.id());
        self.form.append_value(finding.form.id());
        self.char_start
            .append_option(place.chars.map(|s| offset(s.start)).transpose()?);
        self.char_end
            .append_option(place.chars.map(|s| offset(s.end)).transpose()?);
        self.byte_start.append_value(offset(place.bytes.start)?);
        self.byte_end.append_value(offset(place.bytes.end)?);
        if plan.show_values {
            self.value.append_value(item.value());
            self.normalized.append_value(item.normalized());
        } else {
            self.shown.clear();
            mask_into(finding.kind, finding.form, &item.value(), &mut self.shown);
            self.value.append_value(&self.shown);
        }
        self.confidence.append_value(finding.confidence.ratio());
        let number = item.record_index().map(|r| offset(records + r + 1));
        self.record.append_option(number.transpose()?);
        let record = item.record();
        self.role.append_option(record.map(|r| r.role.id()));
        let (mut courier, mut province, mut city) = (None, 0, 0);
        match finding.detail {
            Detail::Waybill(d) => courier = Some(courier::code_of(d.courier)),
            Detail::Address(d) => (province, city) = (d.province, d.city),
            Detail::Mobile(d) => province = u32::from(d.province) * 10_000,
            _ => {}
        }
        let code = |n: u32| (n > 0).then_some(n as i32);
        self.courier.append_option(courier);
        self.province.append_option(code(province));
        self.city.append_option(code(city));
        if let Some(fingerprinter) = &plan.fingerprinter {
            self.fingerprint
                .append_option(fingerprinter.finding(&item).map(hex));
            let person = record.and_then(|r| fingerprinter.record(page, r));
            self.person.append_option(person.map(hex));
        }
        Ok(())
    }

    /// The rows as a batch, their id taken from the batch that was scanned.
    fn finish(
        mut self,
        plan: &Plan,
        columns: &Columns,
        batch: &RecordBatch,
        first_row: i64,
    ) -> Result<Option<RecordBatch>, ArrowError> {
        if self.rows.is_empty() {
            return Ok(None);
        }
        let id: ArrayRef = match columns.id {
            Some(at) => take(batch.column(at), &UInt32Array::from(self.rows), None)?,
            None => Arc::new(Int64Array::from_iter_values(
                self.rows.iter().map(|row| first_row + i64::from(*row)),
            )),
        };
        let mut arrays: Vec<ArrayRef> = vec![
            id,
            Arc::new(self.field.finish()),
            Arc::new(self.kind.finish()),
            Arc::new(self.form.finish()),
            Arc::new(self.char_start.finish()),
            Arc::new(self.char_end.finish()),
            Arc::new(self.byte_start.finish()),
            Arc::new(self.byte_end.finish()),
            Arc::new(self.value.finish()),
        ];
        if plan.show_values {
            arrays.push(Arc::new(self.normalized.finish()));
        }
        arrays.push(Arc::new(self.confidence.finish()));
        arrays.push(Arc::new(self.record.finish()));
        arrays.push(Arc::new(self.role.finish()));
        arrays.push(Arc::new(self.courier.finish()));
        arrays.push(Arc::new(self.province.finish()));
        arrays.push(Arc::new(self.city.finish()));
        if plan.fingerprinter.is_some() {
            arrays.push(Arc::new(self.fingerprint.finish()));
            arrays.push(Arc::new(self.person.finish()));
        }
        RecordBatch::try_new(Arc::clone(&columns.output), arrays).map(Some)
    }
}

/// An offset as the output has it.
fn offset(n: usize) -> Result<i32, ArrowError> {
    i32::try_from(n).map_err(|_| {
        ArrowError::InvalidArgumentError("a cell is longer than 2 GiB; split it first".into())
    })
}
