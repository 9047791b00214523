//! Findings and records as views of the text they were found in.

use std::sync::Arc;

use miandan::Item;
use miandan::mask::mask_value;
use miandan::output::detail_json;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PySlice};

use crate::findings::Scanned;
use crate::from_json;

/// One piece of personal data: what, where, how sure and why. `repr` shows no value.
#[pyclass(frozen, eq, module = "miandan")]
pub(crate) struct Finding {
    scanned: Arc<Scanned>,
    index: usize,
}

impl PartialEq for Finding {
    fn eq(&self, other: &Finding) -> bool {
        self.finding() == other.finding()
            && self.place() == other.place()
            && self.normalized() == other.normalized()
    }
}

impl Finding {
    pub(crate) fn new(scanned: Arc<Scanned>, index: usize) -> Finding {
        Finding { scanned, index }
    }

    pub(crate) fn finding(&self) -> &miandan::Finding {
        &self.scanned.findings.as_slice()[self.index]
    }

    fn place(&self) -> miandan::Place {
        self.scanned.findings.place(self.index).unwrap_or_default()
    }

    /// Does something with the finding's item.
    pub(crate) fn with<T>(&self, f: impl FnOnce(Item<'_>) -> T) -> PyResult<T> {
        let page = self.scanned.page();
        // A finding is made for an index that exists.
        let item = page.item(self.index);
        item.map(f)
            .ok_or_else(|| PyRuntimeError::new_err("the finding does not exist"))
    }
}

#[pymethods]
impl Finding {
    /// `name`, `address`, `mobile`, `waybill`, `id_card`, `bank_card`, `landline`, `email` or `handle`.
    #[getter]
    fn kind(&self) -> &'static str {
        self.finding().kind.id()
    }

    /// How it is written: `full`, `partial` (张先生), `masked` (138****1234) or `disguised` (一三八…).
    #[getter]
    fn form(&self) -> &'static str {
        self.finding().form.id()
    }

    /// Where it begins, in code points of the `str`; `None` for `bytes`.
    #[getter]
    fn char_start(&self) -> Option<usize> {
        self.scanned.chars.get(self.index).map(|s| s.start)
    }

    /// Where it ends, in code points of the `str`, not included; `None` for `bytes`.
    #[getter]
    fn char_end(&self) -> Option<usize> {
        self.scanned.chars.get(self.index).map(|s| s.end)
    }

    /// Where it begins, in bytes of the `bytes`, or of the `str` in UTF-8.
    #[getter]
    fn byte_start(&self) -> usize {
        self.finding().span.start
    }

    /// Where it ends, in bytes, not included.
    #[getter]
    fn byte_end(&self) -> usize {
        self.finding().span.end
    }

    /// The finding's slice of what was handed in: `text[finding.slice]`, for `str` and `bytes` alike.
    #[getter]
    fn slice<'py>(&self, py: Python<'py>) -> Bound<'py, PySlice> {
        let span = self.scanned.chars.get(self.index);
        let span = span.copied().unwrap_or(self.finding().span);
        PySlice::new(py, span.start as isize, span.end as isize, 1)
    }

    /// The calibrated confidence, 0 … 1: the share of such findings that are right.
    #[getter]
    fn confidence(&self) -> f64 {
        self.finding().confidence.ratio()
    }

    /// `low` < 0.5 ≤ `medium` < 0.9 ≤ `high`.
    #[getter]
    fn level(&self) -> &'static str {
        self.finding().confidence.level().id()
    }

    /// The text of the finding as it stands, decoded and unescaped. Personal: do not log it.
    #[getter]
    fn value(&self) -> String {
        let findings = &self.scanned.findings;
        findings
            .value(self.scanned.text.bytes(), self.finding())
            .into_owned()
    }

    /// The value with its identifying part hidden: `138******78`.
    #[getter]
    fn masked(&self) -> String {
        let finding = self.finding();
        mask_value(finding.kind, finding.form, &self.value())
    }

    /// The value in the one spelling in which equal values are equal. Personal: do not log it.
    #[getter]
    fn normalized(&self) -> String {
        let scanner = &self.scanned.scanner;
        scanner
            .normalize(self.finding(), &self.value())
            .into_owned()
    }

    /// Why: pairs of identifier and weight in milli-logits. With the rule's prior they add up to the score.
    #[getter]
    fn evidence(&self) -> Vec<(String, i32)> {
        let list = self.scanned.scanner.explain(self.finding());
        list.into_iter()
            .map(|e| (e.id.into_owned(), e.weight))
            .collect()
    }

    /// What else is known, by kind: operator and line of a mobile, courier of a waybill, division codes of an address.
    #[getter]
    fn detail<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        from_json(py, &detail_json(self.finding().detail))
    }

    /// Physical line, from 1.
    #[getter]
    fn line(&self) -> u64 {
        self.place().line
    }

    /// Data row of a table or JSON record, from 1; `None` in running text.
    #[getter]
    fn row(&self) -> Option<u64> {
        Some(self.place().row).filter(|n| *n > 0)
    }

    /// Column of a table, from 1; `None` where there is none.
    #[getter]
    fn column(&self) -> Option<u32> {
        Some(self.place().column).filter(|n| *n > 0)
    }

    /// Position of its record in `Findings.records`, if it belongs to one.
    #[getter]
    fn record(&self) -> Option<usize> {
        self.scanned.findings.record_of(self.index)
    }

    fn __repr__(&self) -> String {
        let span = self.scanned.chars.get(self.index);
        let unit = if span.is_some() { "char" } else { "byte" };
        let span = span.copied().unwrap_or(self.finding().span);
        format!(
            "<miandan.Finding {} {} {unit} {}..{} confidence {}>",
            self.form(),
            self.kind(),
            span.start,
            span.end,
            self.confidence()
        )
    }
}

/// Findings that describe one customer.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Record {
    scanned: Arc<Scanned>,
    index: usize,
}

impl Record {
    pub(crate) fn new(scanned: Arc<Scanned>, index: usize) -> Record {
        Record { scanned, index }
    }

    pub(crate) fn scanned(&self) -> &Scanned {
        &self.scanned
    }

    pub(crate) fn record(&self) -> &miandan::Record {
        &self.scanned.findings.records()[self.index]
    }

    fn finding(&self, index: u32) -> Finding {
        Finding::new(Arc::clone(&self.scanned), index as usize)
    }
}

#[pymethods]
impl Record {
    /// Its findings, in the order of the text.
    #[getter]
    fn findings(&self) -> Vec<Finding> {
        let members = self.record().findings().iter();
        members.map(|m| self.finding(*m)).collect()
    }

    /// The best finding of each kind.
    #[getter]
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let fields = PyDict::new(py);
        for (kind, member) in self.record().fields() {
            fields.set_item(kind.id(), self.finding(*member))?;
        }
        Ok(fields)
    }

    /// Whose data it is: `receiver`, `sender` or `unknown`.
    #[getter]
    fn role(&self) -> &'static str {
        self.record().role.id()
    }

    /// How sure it is that these findings belong to one person, 0 … 1.
    #[getter]
    fn confidence(&self) -> f64 {
        self.record().confidence.ratio()
    }

    /// Whether it names a person and says where to reach them: name, mobile and address.
    #[getter]
    fn is_complete(&self) -> bool {
        self.record().is_complete()
    }

    fn __repr__(&self) -> String {
        let record = self.record();
        let kinds: Vec<&str> = record.fields().iter().map(|(kind, _)| kind.id()).collect();
        format!(
            "<miandan.Record {} {} confidence {}>",
            record.role.id(),
            kinds.join("+"),
            self.confidence()
        )
    }
}
