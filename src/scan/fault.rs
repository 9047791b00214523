//! Why an input could not be read to its end, carried inside an [`io::Error`] from the source's reader to the report.

use std::io;

use super::report::Warning;

/// A reason with a stable code.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Fault {
    code: &'static str,
    message: String,
}

impl Fault {
    /// A fault as the error of a reader.
    pub(crate) fn error(code: &'static str, message: impl Into<String>) -> io::Error {
        io::Error::other(Fault {
            code,
            message: message.into(),
        })
    }
}

impl Warning {
    /// What to report of an error that a reader returned; always a loss.
    pub(crate) fn from_io(error: &io::Error) -> Warning {
        if let Some(fault) = error.get_ref().and_then(|e| e.downcast_ref::<Fault>()) {
            return Warning::loss(fault.code, fault.message.clone());
        }
        let code = match error.kind() {
            io::ErrorKind::NotFound => "io.not-found",
            io::ErrorKind::PermissionDenied => "io.permission",
            io::ErrorKind::UnexpectedEof => "input.truncated",
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => "input.damaged",
            _ => "io.error",
        };
        let message = match error.kind() {
            io::ErrorKind::UnexpectedEof => format!("cut short: {error}"),
            _ => error.to_string(),
        };
        Warning::loss(code, message)
    }
}
