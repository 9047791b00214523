//! What a scan of one text found.

use std::sync::Arc;

use miandan::report::SummarySink;
use miandan::{Format, PageReport, Scanner, Sink, Span};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;

use crate::finding::{Finding, Record};
use crate::fingerprint::Fingerprinter;
use crate::options;
use crate::summary::Summary;
use crate::text::Text;

/// A text with everything that was found in it; findings and records are views of it.
pub(crate) struct Scanned {
    pub(crate) scanner: Scanner,
    pub(crate) text: Text,
    pub(crate) findings: miandan::Findings,
    /// Spans in code points, one for each finding; empty for `bytes`.
    pub(crate) chars: Vec<Span>,
}

impl Scanned {
    pub(crate) fn new(scanner: &Scanner, text: Text, findings: miandan::Findings) -> Scanned {
        let chars = text
            .as_str()
            .map(|t| char_spans(t, findings.iter().map(|f| f.span)))
            .unwrap_or_default();
        Scanned {
            scanner: scanner.clone(),
            text,
            findings,
            chars,
        }
    }

    pub(crate) fn page(&self) -> PageReport<'_> {
        self.findings.as_page(&self.scanner, self.text.bytes())
    }
}

/// The same spans counted in code points. They are in the order of their starts, so nothing is counted twice.
pub(crate) fn char_spans(text: &str, spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let count = |from, to| text.get(from..to).map_or(0, |t| t.chars().count());
    let (mut at, mut chars) = (0, 0);
    spans
        .map(|span| {
            chars += count(at, span.start);
            at = span.start;
            Span::new(chars, chars + count(span.start, span.end))
        })
        .collect()
}

/// Everything found in one text: a sequence of findings, with the records they make up.
#[pyclass(frozen, sequence, module = "miandan")]
pub(crate) struct Findings(Arc<Scanned>);

impl Findings {
    pub(crate) fn new(scanned: Scanned) -> Findings {
        Findings(Arc::new(scanned))
    }

    pub(crate) fn scanned(&self) -> &Scanned {
        &self.0
    }

    fn finding(&self, index: usize) -> Finding {
        Finding::new(Arc::clone(&self.0), index)
    }
}

#[pymethods]
impl Findings {
    fn __len__(&self) -> usize {
        self.0.findings.len()
    }

    fn __getitem__(&self, index: isize) -> PyResult<Finding> {
        let len = self.__len__();
        let at = if index < 0 {
            len as isize + index
        } else {
            index
        };
        match usize::try_from(at) {
            Ok(at) if at < len => Ok(self.finding(at)),
            _ => Err(PyIndexError::new_err(format!(
                "finding {index} of {len} findings"
            ))),
        }
    }

    /// The findings of one kind.
    fn of(&self, kind: &str) -> PyResult<Vec<Finding>> {
        let kind = options::kind(kind)?;
        let all = self.0.findings.iter().enumerate();
        Ok(all
            .filter(|(_, f)| f.kind == kind)
            .map(|(i, _)| self.finding(i))
            .collect())
    }

    /// The records: findings that describe one customer.
    #[getter]
    fn records(&self) -> Vec<Record> {
        (0..self.0.findings.records().len())
            .map(|i| Record::new(Arc::clone(&self.0), i))
            .collect()
    }

    /// What could not be read as it should.
    #[getter]
    fn warnings(&self) -> Vec<InputWarning> {
        let repaired = matches!(self.0.text, Text::Repaired(_)).then(|| InputWarning {
            code: "decode.surrogate".into(),
            message: "lone surrogates were read as U+FFFD".into(),
            byte_span: None,
            loss: true,
        });
        let warnings = self.0.findings.warnings().iter().map(|w| InputWarning {
            code: w.code.to_string(),
            message: w.message.clone(),
            byte_span: w.span.map(|s| (s.start, s.end)),
            loss: w.loss,
        });
        repaired.into_iter().chain(warnings).collect()
    }

    /// How the text is laid out, as said or recognised.
    #[getter]
    fn format(&self) -> &'static str {
        match self.0.findings.unit().format {
            Format::Table { .. } => "table",
            Format::JsonLines => "jsonl",
            Format::Json => "json",
            Format::Sql => "sql",
            Format::Markup => "markup",
            Format::HtmlTable => "html-table",
            _ => "text",
        }
    }

    /// The encoding, as said or guessed; `utf-8` for a `str`.
    #[getter]
    fn encoding(&self) -> &'static str {
        self.0.findings.unit().encoding.id()
    }

    /// The counts of this text, as the summary of one input.
    #[pyo3(signature = (fingerprinter=None))]
    fn summarize(&self, fingerprinter: Option<&Fingerprinter>) -> PyResult<Summary> {
        let mut sink = SummarySink::with_key(Fingerprinter::person_key(fingerprinter));
        let page = sink.render(&self.0.page());
        let _ = sink.accept(page).map_err(|e| crate::to_py(&e))?;
        Ok(Summary::new(sink.into_summary()))
    }

    fn __repr__(&self) -> String {
        format!(
            "<miandan.Findings: {} findings, {} records>",
            self.__len__(),
            self.0.findings.records().len()
        )
    }
}

/// Something in a text that could not be read as it should; the scan went on.
#[pyclass(frozen, get_all, module = "miandan")]
pub(crate) struct InputWarning {
    /// Stable dotted code, such as `decode.malformed`.
    code: String,
    /// For people; never a personal value.
    message: String,
    /// The bytes it is about.
    byte_span: Option<(usize, usize)>,
    /// Whether something was left unread.
    loss: bool,
}

#[pymethods]
impl InputWarning {
    fn __repr__(&self) -> String {
        format!("<miandan.InputWarning {}: {}>", self.code, self.message)
    }
}
