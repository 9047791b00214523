//! What Python hands in: `str`, `bytes` or `None`.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::{PyBytes, PyString};

/// A text to scan. Nothing is copied but a `str` with lone surrogates.
pub(crate) enum Text {
    /// `None`: nothing to scan.
    Missing,
    Str(PyBackedStr),
    /// A `str` with lone surrogates, which UTF-8 cannot write; U+FFFD stands in their place, so that offsets stay.
    Repaired(String),
    Bytes(PyBackedBytes),
}

impl Text {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Text::Missing => b"",
            Text::Str(text) => text.as_bytes(),
            Text::Repaired(text) => text.as_bytes(),
            Text::Bytes(bytes) => bytes,
        }
    }

    /// The text of a `str`, whose offsets are told in code points.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Text::Missing => Some(""),
            Text::Str(text) => Some(text),
            Text::Repaired(text) => Some(text),
            Text::Bytes(_) => None,
        }
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Text {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Text> {
        if object.is_none() {
            Ok(Text::Missing)
        } else if object.is_instance_of::<PyString>() {
            match object.extract::<PyBackedStr>() {
                Ok(text) => Ok(Text::Str(text)),
                Err(_) => repaired(&object).map(Text::Repaired),
            }
        } else if object.is_instance_of::<PyBytes>() {
            Ok(Text::Bytes(object.extract()?))
        } else {
            Err(PyTypeError::new_err(format!(
                "a text is str or bytes, not {}",
                object.get_type().name()?
            )))
        }
    }
}

/// A surrogate takes three bytes (`ED A0 80` to `ED BF BF`) when it is written all the same, and so does U+FFFD.
fn repaired(text: &Bound<'_, PyAny>) -> PyResult<String> {
    let bytes = text.call_method1("encode", ("utf-8", "surrogatepass"))?;
    let mut bytes: Vec<u8> = bytes.extract()?;
    for i in 0..bytes.len().saturating_sub(2) {
        if bytes[i] == 0xED && bytes[i + 1] >= 0xA0 {
            bytes[i..i + 3].copy_from_slice("\u{FFFD}".as_bytes());
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
