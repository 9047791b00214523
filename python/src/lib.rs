//! The Python package `miandan`: the library's front door as Python classes, and record batches through the Arrow C data
//! interface. No logic here that the library lacks.

// Arguments and receivers have the shapes in which Python hands them over.
#![allow(clippy::needless_pass_by_value, clippy::unused_self)]

mod arrow;
mod finding;
mod findings;
mod fingerprint;
mod options;
mod policy;
mod redact;
mod scanner;
mod summary;
mod text;

use pyo3::prelude::*;

/// Finds leaked personal data of Chinese customers; the compiled part of the package `miandan`.
#[pymodule]
mod _miandan {
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }

    #[pymodule_export]
    use crate::arrow::ArrowScan;
    #[pymodule_export]
    use crate::finding::{Finding, Record};
    #[pymodule_export]
    use crate::findings::{Findings, InputWarning};
    #[pymodule_export]
    use crate::fingerprint::Fingerprinter;
    #[pymodule_export]
    use crate::policy::{Decision, Policy};
    #[pymodule_export]
    use crate::redact::{Redacted, Redactor};
    #[pymodule_export]
    use crate::scanner::Scanner;
    #[pymodule_export]
    use crate::summary::Summary;
}

/// What the library calls wrong, as the exception that Python calls it by.
fn to_py(error: &miandan::Error) -> PyErr {
    if error.is_io() {
        pyo3::exceptions::PyOSError::new_err(error.to_string())
    } else {
        pyo3::exceptions::PyValueError::new_err(error.to_string())
    }
}

/// A JSON text as Python objects.
fn from_json<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (json,))
}
