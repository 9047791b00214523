//! The scanner: single texts, lists of texts, record batches.

use miandan::{Encoding, Format, Input, Scratch};
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use rayon::prelude::*;

use crate::arrow::{ArrowScan, Batches, Plan};
use crate::findings::{Findings, Scanned};
use crate::fingerprint::Fingerprinter;
use crate::options;
use crate::summary::Summary;
use crate::text::Text;
use crate::to_py;

/// Finds personal data: names, addresses, mobile numbers, waybill serials and their companions.
///
/// A scanner never changes; it can be shared by threads and pickled. Scanning releases the GIL.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Scanner {
    inner: miandan::Scanner,
    kinds: Option<Vec<String>>,
    min_confidence: f64,
    names: String,
}

impl Scanner {
    pub(crate) fn inner(&self) -> &miandan::Scanner {
        &self.inner
    }

    fn scan_one(&self, scratch: &mut Scratch, text: Text, how: &How) -> Scanned {
        let mut input = Input::new(text.bytes());
        if let Some(format) = &how.format {
            input = input.format(format.clone());
        }
        let encoding = match text {
            Text::Bytes(_) => how.encoding,
            _ => Some(Encoding::Utf8),
        };
        if let Some(encoding) = encoding {
            input = input.encoding(encoding);
        }
        let findings = self.inner.scan_with(scratch, input);
        Scanned::new(&self.inner, text, findings)
    }
}

/// How texts are read; `None` = to be recognised.
struct How {
    format: Option<Format>,
    encoding: Option<Encoding>,
}

impl How {
    fn of(format: &str, encoding: &str) -> PyResult<How> {
        Ok(How {
            format: options::format(format)?,
            encoding: options::encoding(encoding)?,
        })
    }
}

#[pymethods]
impl Scanner {
    #[new]
    #[pyo3(signature = (*, kinds=None, min_confidence=0.5, names="everywhere"))]
    fn py_new(kinds: Option<Vec<String>>, min_confidence: f64, names: &str) -> PyResult<Scanner> {
        let mut builder = miandan::Scanner::builder()
            .min_confidence(min_confidence)
            .name_scope(options::name_scope(names)?);
        if let Some(kinds) = &kinds {
            let kinds: PyResult<Vec<_>> = kinds.iter().map(|k| options::kind(k)).collect();
            builder = builder.kinds(kinds?);
        }
        Ok(Scanner {
            inner: builder.build().map_err(|e| to_py(&e))?,
            kinds,
            min_confidence,
            names: names.to_owned(),
        })
    }

    /// Scans one text: a `str`, or `bytes` whose encoding is guessed.
    #[pyo3(signature = (text, *, format="auto", encoding="auto"))]
    fn scan(&self, py: Python<'_>, text: Text, format: &str, encoding: &str) -> PyResult<Findings> {
        let how = How::of(format, encoding)?;
        let scanned = py.detach(|| self.scan_one(&mut self.inner.scratch(), text, &how));
        Ok(Findings::new(scanned))
    }

    /// Scans many texts on several threads; each is a unit of its own. `None` among them has no findings.
    #[pyo3(signature = (texts, *, format="auto", encoding="auto", threads=None))]
    fn scan_batch(
        &self,
        py: Python<'_>,
        texts: Vec<Text>,
        format: &str,
        encoding: &str,
        threads: Option<usize>,
    ) -> PyResult<Vec<Findings>> {
        let how = How::of(format, encoding)?;
        let scratch = || self.inner.scratch();
        let scanned: Vec<Scanned> = py.detach(|| match pool(threads)? {
            Workers::One => {
                let mut scratch = scratch();
                let scan = |text| self.scan_one(&mut scratch, text, &how);
                Ok(texts.into_iter().map(scan).collect())
            }
            Workers::Pool(pool) => Ok::<_, PyErr>(pool.install(|| {
                let texts = texts.into_par_iter();
                texts
                    .map_init(scratch, |scratch, text| self.scan_one(scratch, text, &how))
                    .collect()
            })),
            Workers::Global => Ok(texts
                .into_par_iter()
                .map_init(scratch, |scratch, text| self.scan_one(scratch, text, &how))
                .collect()),
        })?;
        Ok(scanned.into_iter().map(Findings::new).collect())
    }

    /// Scans record batches: one row in, its findings out as rows, streamed in the order of the input.
    ///
    /// `data` is anything with the Arrow C data interface: a pyarrow or polars table, a record batch, a reader, a DuckDB result.
    /// The text columns of a row are scanned together as one unit, each behind its column's name; nothing is linked across
    /// rows. A binary column is scanned cell by cell, each cell an input of its own whose encoding is guessed.
    #[pyo3(signature = (data, *, text_columns=None, id_column=None, show_values=false, fingerprinter=None, format="text", threads=1))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn scan_arrow(
        &self,
        data: Batches,
        text_columns: Option<Vec<String>>,
        id_column: Option<String>,
        show_values: bool,
        fingerprinter: Option<&Fingerprinter>,
        format: &str,
        threads: Option<usize>,
    ) -> PyResult<ArrowScan> {
        let plan = Plan {
            scanner: self.inner.clone(),
            text_columns,
            id_column,
            show_values,
            fingerprinter: fingerprinter.map(|f| f.inner().clone()),
            person_key: Fingerprinter::person_key(fingerprinter),
            format: options::format(format)?,
            workers: pool(threads)?,
        };
        ArrowScan::new(data.0, plan)
    }

    /// Counts record batches without their findings: what `scan_arrow(…).summary` is in the end.
    #[pyo3(signature = (data, *, text_columns=None, fingerprinter=None, format="text", threads=1))]
    fn summarize_arrow(
        &self,
        py: Python<'_>,
        data: Batches,
        text_columns: Option<Vec<String>>,
        fingerprinter: Option<&Fingerprinter>,
        format: &str,
        threads: Option<usize>,
    ) -> PyResult<Summary> {
        let scan = self.scan_arrow(
            data,
            text_columns,
            None,
            false,
            fingerprinter,
            format,
            threads,
        )?;
        py.detach(|| scan.count()).map(Summary::new)
    }

    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let options = PyDict::new(py);
        options.set_item("kinds", &self.kinds)?;
        options.set_item("min_confidence", self.min_confidence)?;
        options.set_item("names", &self.names)?;
        let class = py.get_type::<Scanner>();
        let partial = py
            .import("functools")?
            .getattr("partial")?
            .call((class,), Some(&options))?;
        Ok((partial, PyTuple::empty(py)))
    }

    fn __repr__(&self) -> String {
        let kinds = match &self.kinds {
            Some(kinds) => kinds.join(", "),
            None => "all kinds".to_owned(),
        };
        format!(
            "<miandan.Scanner: {kinds}, from confidence {}, names {}>",
            self.min_confidence, self.names
        )
    }
}

/// Who does the work.
pub(crate) enum Workers {
    /// The calling thread.
    One,
    /// So many threads of their own.
    Pool(rayon::ThreadPool),
    /// One thread for each core.
    Global,
}

fn pool(threads: Option<usize>) -> PyResult<Workers> {
    match threads {
        None => Ok(Workers::Global),
        Some(0) => Err(PyValueError::new_err(
            "threads is 0; give a number from 1, or None for one per core",
        )),
        Some(1) => Ok(Workers::One),
        Some(n) => rayon::ThreadPoolBuilder::new()
            .num_threads(n)
            .build()
            .map(Workers::Pool)
            .map_err(|e| PyRuntimeError::new_err(e.to_string())),
    }
}

/// For a column of another type than text.
pub(crate) fn wrong_type(column: &str, found: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "column {column:?} has type {found}; text columns are string or binary: cast it first, or leave it out of text_columns"
    ))
}
