//! Keyed fingerprints.

use std::path::PathBuf;

use miandan::leak::{Class, Key};
use miandan::report::PersonKey;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::finding::{Finding, Record};
use crate::to_py;

/// Makes fingerprints under a secret key: HMAC-SHA-256 of kind and canonical value, the first 64 bits as 16 hexadecimal digits.
///
/// The same value under the same key has the same fingerprint everywhere. They are de-identified, not anonymous: whoever has
/// the key can test any number (PIPL art. 73). The key cannot be read back and does not go into a pickle.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Fingerprinter {
    inner: miandan::leak::Fingerprinter,
    person_key: PersonKey,
}

impl Fingerprinter {
    fn of_key(secret: Vec<u8>) -> PyResult<Fingerprinter> {
        let person_key = PersonKey::from_secret(&secret);
        let key = Key::new(secret).map_err(|e| to_py(&e))?;
        Ok(Fingerprinter {
            inner: miandan::leak::Fingerprinter::new(&key),
            person_key,
        })
    }

    /// The key of a summary's hashes of people; without a fingerprinter a public one, for counts that nobody stores.
    pub(crate) fn person_key(fingerprinter: Option<&Fingerprinter>) -> PersonKey {
        fingerprinter.map_or_else(PersonKey::default, |f| f.person_key)
    }

    pub(crate) fn inner(&self) -> &miandan::leak::Fingerprinter {
        &self.inner
    }
}

/// A fingerprint as text.
pub(crate) fn hex((_, fingerprint): (Class, u64)) -> String {
    format!("{fingerprint:016x}")
}

#[pymethods]
impl Fingerprinter {
    /// A fingerprinter under a key of at least sixteen bytes.
    #[new]
    fn py_new(key: Vec<u8>) -> PyResult<Fingerprinter> {
        Fingerprinter::of_key(key)
    }

    /// Under the key that an environment variable holds.
    #[classmethod]
    #[pyo3(signature = (variable="MIANDAN_KEY"))]
    fn from_env(_class: &Bound<'_, PyType>, variable: &str) -> PyResult<Fingerprinter> {
        let secret = std::env::var(variable).map_err(|_| {
            PyValueError::new_err(format!(
                "the environment variable {variable} holds no key; set it in the environment of every process that scans \
                 (on Spark: of the executors), not in the code"
            ))
        })?;
        Fingerprinter::of_key(secret.into_bytes())
    }

    /// Under the key in a file; line ends at its end do not count.
    #[classmethod]
    fn from_file(_class: &Bound<'_, PyType>, path: PathBuf) -> PyResult<Fingerprinter> {
        let mut secret = std::fs::read(&path).map_err(|e| to_py(&miandan::Error::io(&path, e)))?;
        while secret.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
            secret.pop();
        }
        Fingerprinter::of_key(secret)
    }

    /// Tells whether two fingerprinters have the same key, and nothing else about it.
    #[getter]
    fn key_id(&self) -> String {
        format!("{:016x}", self.inner.key_id())
    }

    /// The fingerprint of a mobile number, its eleven digits as text.
    #[pyo3(signature = (number, extension=0))]
    fn mobile(&self, number: &str, extension: u32) -> PyResult<String> {
        let number: u64 = number.parse().map_err(|_| {
            PyValueError::new_err(
                "a mobile number is given by its digits, such as Finding.normalized",
            )
        })?;
        Ok(format!("{:016x}", self.inner.mobile(number, extension)))
    }

    /// The fingerprint of a waybill serial in its normalised spelling.
    fn waybill(&self, serial: &str) -> String {
        format!("{:016x}", self.inner.of(Class::Waybill, serial))
    }

    /// The fingerprint of a name at an address, both in their normalised spelling.
    fn person(&self, name: &str, address: &str) -> String {
        format!("{:016x}", self.inner.person(name, address))
    }

    /// The fingerprint of a finding; `None` for kinds without one and for values that are not whole.
    fn finding(&self, finding: &Finding) -> PyResult<Option<String>> {
        finding.with(|item| self.inner.finding(&item).map(hex))
    }

    /// The fingerprint of the person that a record is about, its name at its address; `None` where one of them is missing.
    fn record(&self, record: &Record) -> Option<String> {
        let page = record.scanned().page();
        self.inner.record(&page, record.record()).map(hex)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a fingerprinter cannot be pickled: its key would travel in the clear; send the name of the variable or file \
             that holds the key, and make the fingerprinter where it is used",
        ))
    }

    fn __repr__(&self) -> String {
        format!("<miandan.Fingerprinter key_id {}>", self.key_id())
    }
}
