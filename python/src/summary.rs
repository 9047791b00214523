//! Counts that merge.

use miandan::report::{Report, Thresholds};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyType};

use crate::from_json;

/// Every aggregate of a scan, as a value that merges.
///
/// Merging is associative and commutative, and any split of the rows gives the same summary, so any engine can spread the work.
/// The stored form carries keyed hashes of people; give a fingerprinter where it is made if it leaves the process.
#[pyclass(module = "miandan", eq, skip_from_py_object)]
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Summary(miandan::report::Summary);

impl Summary {
    pub(crate) fn new(summary: miandan::report::Summary) -> Summary {
        Summary(summary)
    }
}

#[pymethods]
impl Summary {
    /// An empty summary, to merge others into.
    #[new]
    fn py_new() -> Summary {
        Summary::default()
    }

    /// Adds everything that another summary holds.
    fn merge(&mut self, other: &Summary) {
        self.0.merge(other.0.clone());
    }

    fn __add__(&self, other: &Summary) -> Summary {
        let mut sum = self.clone();
        sum.merge(other);
        sum
    }

    /// The stored form, for another process to merge.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_bytes())
    }

    /// A summary from its stored form; `ValueError` for anything else.
    #[classmethod]
    fn from_bytes(_class: &Bound<'_, PyType>, data: &[u8]) -> PyResult<Summary> {
        let summary = miandan::report::Summary::from_bytes(data);
        summary
            .map(Summary)
            .map_err(|e| PyValueError::new_err(e.to_string()))
    }

    fn __reduce__<'py>(
        slf: PyRef<'py, Self>,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let from_bytes = py.get_type::<Summary>().getattr("from_bytes")?;
        Ok((from_bytes, (slf.to_bytes(py),)))
    }

    /// Rows scanned.
    #[getter]
    fn rows(&self) -> u64 {
        self.0.rows
    }

    /// Bytes scanned.
    #[getter]
    fn bytes(&self) -> u64 {
        self.0.bytes
    }

    /// Findings of all kinds, or of one.
    #[pyo3(signature = (kind=None))]
    fn findings(&self, kind: Option<&str>) -> PyResult<u64> {
        match kind {
            Some(kind) => Ok(self.0.count(crate::options::kind(kind)?)),
            None => Ok(self
                .0
                .findings
                .values()
                .map(miandan::report::FormCounts::total)
                .sum()),
        }
    }

    /// Records: findings that describe one customer.
    #[getter]
    fn records(&self) -> u64 {
        self.0.records
    }

    /// Records with name, mobile and address.
    #[getter]
    fn complete_records(&self) -> u64 {
        self.0.complete_records
    }

    /// Distinct people: exact up to 1.35 million, then within 0.3 % (one standard error).
    #[getter]
    fn distinct_persons(&self) -> u64 {
        self.0.distinct_persons()
    }

    /// The numbers as `miandan scan` prints them in its last line.
    fn figures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_dict(py, &serde_json::to_string(&self.0.figures()))
    }

    /// What follows from the summary, as `miandan report --format json` prints it: people, couriers, provinces, thresholds of
    /// the law as a reference with their assumptions.
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let report = Report::new(&self.0, &Thresholds::default());
        to_dict(py, &serde_json::to_string(&report))
    }

    fn __repr__(&self) -> String {
        format!(
            "<miandan.Summary: {} rows, {} records, {} people>",
            self.rows(),
            self.records(),
            self.distinct_persons()
        )
    }
}

fn to_dict<'py>(py: Python<'py>, json: &serde_json::Result<String>) -> PyResult<Bound<'py, PyAny>> {
    match json {
        Ok(json) => from_json(py, json),
        Err(e) => Err(PyValueError::new_err(e.to_string())),
    }
}
