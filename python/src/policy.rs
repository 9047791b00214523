//! From findings to a verdict.

use miandan::listing::{self, Found, Listing};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::findings::Findings;
use crate::{from_json, to_py};

/// When to let a text through, ask a person, or hold it back. What is not given keeps its default.
///
/// Limits are written `{"review": 1, "block": 5}`; a missing one = never. Options: `min_confidence`, `count_masked`, `kinds`, and
/// the limits `findings`, `records`, `complete_records`, `listing`, `sample`.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Policy(miandan::policy::Policy);

#[pymethods]
impl Policy {
    #[new]
    #[pyo3(signature = (**options))]
    fn py_new(py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Policy> {
        let Some(options) = options else {
            return Ok(Policy(miandan::policy::Policy::default()));
        };
        let json = py.import("json")?.call_method1("dumps", (options,))?;
        let policy: miandan::policy::Policy = serde_json::from_str(json.extract()?)
            .map_err(|e| PyValueError::new_err(format!("policy: {e}")))?;
        policy.check().map_err(|e| to_py(&e))?;
        Ok(Policy(policy))
    }

    /// Decides from a scan. With `listing=True` the words count, too: does the text sell data, or carry a sample?
    #[pyo3(signature = (findings, *, title="", listing=false))]
    fn decide(&self, findings: &Findings, title: &str, listing: bool) -> PyResult<Decision> {
        let scanned = findings.scanned();
        let assessment = if listing {
            let text = scanned.text.as_str().ok_or_else(|| {
                PyValueError::new_err("a listing is judged from a str; decode the bytes first")
            })?;
            let found = Found::from(&scanned.findings);
            Some(listing::assess(&Listing::new(title, text), found))
        } else {
            None
        };
        Ok(Decision(
            self.0.decide(&scanned.findings, assessment.as_ref()),
        ))
    }

    /// The policy with its defaults filled in.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let json = serde_json::to_string(&self.0);
        from_json(py, &json.map_err(|e| PyValueError::new_err(e.to_string()))?)
    }
}

/// A verdict with its reasons.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Decision(miandan::policy::Decision);

#[pymethods]
impl Decision {
    /// `pass`, `review` or `block`.
    #[getter]
    fn verdict(&self) -> &'static str {
        verdict(self.0.verdict)
    }

    /// Why, the gravest first: tuples of identifier, what it alone would decide, the value, and the limit that it met.
    #[getter]
    fn reasons(&self) -> Vec<(String, &'static str, f64, f64)> {
        let reasons = self.0.reasons.iter();
        reasons
            .map(|r| (r.id.to_string(), verdict(r.verdict), r.value, r.limit))
            .collect()
    }

    fn __repr__(&self) -> String {
        format!("<miandan.Decision {}>", self.verdict())
    }
}

fn verdict(verdict: miandan::policy::Verdict) -> &'static str {
    match verdict {
        miandan::policy::Verdict::Pass => "pass",
        miandan::policy::Verdict::Review => "review",
        miandan::policy::Verdict::Block => "block",
    }
}
