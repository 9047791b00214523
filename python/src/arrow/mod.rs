//! Record batches in, record batches out.

mod cells;
mod columns;
mod rows;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::ffi_stream::ArrowArrayStreamReader;
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_pyarrow::{FromPyArrow, IntoPyArrow, ToPyArrow};
use arrow_schema::{ArrowError, SchemaRef};
use miandan::report::{PersonKey, SummarySink};
use miandan::{Format, Scanner};
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use rayon::prelude::*;

use crate::scanner::Workers;
use crate::summary::Summary;

use self::columns::Columns;
use self::rows::BatchScanner;

/// Rows that one thread scans at a time.
const ROWS_PER_TASK: usize = 512;

/// Record batches from Python: a record batch, or anything that streams them.
pub(crate) struct Batches(pub(crate) Box<dyn RecordBatchReader + Send>);

impl FromPyObject<'_, '_> for Batches {
    type Error = PyErr;

    fn extract(data: Borrowed<'_, '_, PyAny>) -> PyResult<Batches> {
        if data.hasattr("__arrow_c_stream__")? {
            let stream = ArrowArrayStreamReader::from_pyarrow_bound(&data)?;
            return Ok(Batches(Box::new(stream)));
        }
        if data.hasattr("__arrow_c_array__")? {
            let batch = RecordBatch::from_pyarrow_bound(&data)?;
            let schema = batch.schema();
            let one = RecordBatchIterator::new([Ok(batch)], schema);
            return Ok(Batches(Box::new(one)));
        }
        Err(PyTypeError::new_err(format!(
            "{} holds no record batches; give a table, a record batch or a reader of pyarrow, polars or DuckDB",
            data.get_type().name()?
        )))
    }
}

/// How record batches are scanned.
pub(crate) struct Plan {
    pub(crate) scanner: Scanner,
    /// `None` = every column of text but the id.
    pub(crate) text_columns: Option<Vec<String>>,
    pub(crate) id_column: Option<String>,
    pub(crate) show_values: bool,
    pub(crate) fingerprinter: Option<miandan::leak::Fingerprinter>,
    pub(crate) person_key: PersonKey,
    /// `None` = each text is an input of its own whose format is recognised.
    pub(crate) format: Option<Format>,
    pub(crate) workers: Workers,
}

/// Record batches of findings, made while they are read; hand it to whatever reads Arrow streams, such as
/// `pyarrow.table(scan)` or `pyarrow.RecordBatchReader.from_stream(scan)`. It can be read once.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct ArrowScan {
    reader: Mutex<Option<Reader>>,
    schema: SchemaRef,
    outcome: Arc<Mutex<Outcome>>,
}

/// What is known when the last batch was read.
#[derive(Default)]
struct Outcome {
    summary: miandan::report::Summary,
    done: bool,
}

impl ArrowScan {
    pub(crate) fn new(input: Box<dyn RecordBatchReader + Send>, plan: Plan) -> PyResult<ArrowScan> {
        let columns = Columns::of(&input.schema(), &plan)?;
        let outcome = Arc::new(Mutex::new(Outcome::default()));
        Ok(ArrowScan {
            schema: Arc::clone(&columns.output),
            reader: Mutex::new(Some(Reader {
                input,
                work: Work {
                    plan,
                    columns,
                    idle: Mutex::new(Vec::new()),
                },
                ready: VecDeque::new(),
                rows: 0,
                outcome: Arc::clone(&outcome),
            })),
            outcome,
        })
    }

    fn take(&self) -> PyResult<Reader> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        reader.take().ok_or_else(|| {
            PyRuntimeError::new_err("the scan has been read already; scan again to read it again")
        })
    }

    /// Reads everything and keeps the counts only.
    pub(crate) fn count(&self) -> PyResult<miandan::report::Summary> {
        let mut reader = self.take()?;
        reader.work.columns.findings = false;
        for batch in reader {
            batch.map_err(|e| PyRuntimeError::new_err(e.to_string()))?;
        }
        let mut outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(std::mem::take(&mut outcome.summary))
    }
}

#[pymethods]
impl ArrowScan {
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let schema = self.schema.to_pyarrow(py)?;
        schema.call_method0("__arrow_c_schema__")
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let reader: Box<dyn RecordBatchReader + Send> = Box::new(self.take()?);
        let reader = reader.into_pyarrow(py)?;
        reader.call_method1("__arrow_c_stream__", (requested_schema,))
    }

    /// The counts of all rows, once the scan was read to its end.
    #[getter]
    fn summary(&self) -> PyResult<Summary> {
        let outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        if outcome.done {
            Ok(Summary::new(outcome.summary.clone()))
        } else {
            Err(PyRuntimeError::new_err(
                "the scan has not been read to its end; read it first, such as with pyarrow.table(scan)",
            ))
        }
    }
}

/// Scans batch after batch.
struct Reader {
    input: Box<dyn RecordBatchReader + Send>,
    work: Work,
    /// Batches of findings that nobody has read yet.
    ready: VecDeque<RecordBatch>,
    /// Rows scanned.
    rows: i64,
    outcome: Arc<Mutex<Outcome>>,
}

impl RecordBatchReader for Reader {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.work.columns.output)
    }
}

impl Iterator for Reader {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                return Some(Ok(batch));
            }
            let batch = match self.input.next() {
                Some(Ok(batch)) => batch,
                Some(Err(error)) => return Some(Err(error)),
                None => {
                    let mut outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
                    outcome.done = true;
                    return None;
                }
            };
            if let Err(error) = self.scan(&batch) {
                return Some(Err(error));
            }
        }
    }
}

impl Reader {
    fn scan(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        let work = &self.work;
        let done = match &work.plan.workers {
            Workers::One => vec![work.scan(batch, self.rows)],
            Workers::Global => work.scan_parts(batch, self.rows),
            Workers::Pool(pool) => pool.install(|| work.scan_parts(batch, self.rows)),
        };
        self.rows += batch.num_rows() as i64;
        for part in done {
            let (findings, sink) = part?;
            self.ready.extend(findings);
            let mut outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
            outcome.summary.merge(sink.into_summary());
        }
        Ok(())
    }
}

/// What the threads share.
struct Work {
    plan: Plan,
    columns: Columns,
    /// Scanners of rows that nobody uses just now.
    idle: Mutex<Vec<BatchScanner>>,
}

/// Findings of a part of a batch, if there are any, and its counts.
type Scanned = (Option<RecordBatch>, SummarySink);

impl Work {
    fn scan_parts(&self, batch: &RecordBatch, first_row: i64) -> Vec<Result<Scanned, ArrowError>> {
        (0..batch.num_rows().div_ceil(ROWS_PER_TASK))
            .into_par_iter()
            .map(|i| {
                let at = i * ROWS_PER_TASK;
                let part = batch.slice(at, ROWS_PER_TASK.min(batch.num_rows() - at));
                self.scan(&part, first_row + at as i64)
            })
            .collect()
    }

    fn scan(&self, part: &RecordBatch, first_row: i64) -> Result<Scanned, ArrowError> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let spare = idle().pop();
        let mut scanner = spare.unwrap_or_else(|| BatchScanner::new(&self.plan, &self.columns));
        let mut sink = SummarySink::with_key(self.plan.person_key);
        let findings = scanner.scan(&self.plan, &self.columns, part, first_row, &mut sink)?;
        idle().push(scanner);
        Ok((findings, sink))
    }
}
