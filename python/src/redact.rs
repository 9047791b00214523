//! A text without what was found in it.

use std::collections::BTreeMap;

use miandan::redact::Operator;
use miandan::{Encoding, Input};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::fingerprint::Fingerprinter;
use crate::options;
use crate::scanner::Scanner;
use crate::text::Text;

/// Replaces what a scan finds, and scans the result again.
///
/// Operators: `mask` (138******78), `label` ([mobile]), `pseudonym` (a token that is the same for the same person; needs a
/// fingerprinter), `fake` (a made-up value of the same format, marked as such), `remove`, `keep`.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Redactor(miandan::redact::Redactor);

/// A redacted text.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Redacted {
    /// The text, of the type that was handed in.
    #[pyo3(get)]
    text: Py<PyAny>,
    /// Values that were replaced, by kind.
    #[pyo3(get)]
    replaced: BTreeMap<&'static str, u64>,
    /// Full values that a second scan still reports; 0 unless an operator keeps values.
    #[pyo3(get)]
    left: u64,
}

fn operator(name: &str) -> PyResult<Operator> {
    match name {
        "mask" => Ok(Operator::Mask),
        "label" => Ok(Operator::Label),
        "pseudonym" => Ok(Operator::Pseudonym),
        "fake" => Ok(Operator::Fake),
        "remove" => Ok(Operator::Remove),
        "keep" => Ok(Operator::Keep),
        _ => Err(PyValueError::new_err(format!(
            "unknown operator {name:?}; known are mask, label, pseudonym, fake, remove, keep"
        ))),
    }
}

#[pymethods]
impl Redactor {
    /// The same operator for every kind, and others for some: `Redactor("mask", kinds={"waybill": "label"})`.
    #[new]
    #[pyo3(signature = (operator="mask", *, kinds=None, fingerprinter=None))]
    fn py_new(
        operator: &str,
        kinds: Option<BTreeMap<String, String>>,
        fingerprinter: Option<&Fingerprinter>,
    ) -> PyResult<Redactor> {
        let mut all = vec![self::operator(operator)?];
        let mut redactor = miandan::redact::Redactor::new(all[0]);
        for (kind, name) in kinds.unwrap_or_default() {
            let operator = self::operator(&name)?;
            redactor = redactor.with(options::kind(&kind)?, operator);
            all.push(operator);
        }
        if fingerprinter.is_none() && all.contains(&Operator::Pseudonym) {
            return Err(PyValueError::new_err(
                "pseudonyms need a fingerprinter: without a secret a token is undone by trying all numbers",
            ));
        }
        Ok(Redactor(
            redactor.key(Fingerprinter::person_key(fingerprinter)),
        ))
    }

    /// Redacts a `str` or `bytes`; the result is of the same type.
    fn redact(&self, py: Python<'_>, scanner: &Scanner, text: Text) -> Redacted {
        let redacted = py.detach(|| {
            let input = Input::new(text.bytes());
            let input = match text {
                Text::Bytes(_) => input,
                _ => input.encoding(Encoding::Utf8),
            };
            self.0.redact(scanner.inner(), input)
        });
        let bytes = &redacted.bytes;
        let out = match text {
            Text::Bytes(_) => PyBytes::new(py, bytes).into_any(),
            _ => PyString::new(py, &String::from_utf8_lossy(bytes)).into_any(),
        };
        Redacted {
            text: out.unbind(),
            replaced: redacted
                .replaced
                .iter()
                .map(|(kind, n)| (kind.id(), *n))
                .collect(),
            left: redacted.left,
        }
    }
}

#[pymethods]
impl Redacted {
    fn __repr__(&self) -> String {
        let replaced: u64 = self.replaced.values().sum();
        format!(
            "<miandan.Redacted: {replaced} values replaced, {} left>",
            self.left
        )
    }
}
