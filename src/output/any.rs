//! One sink for whatever format is asked for at run time, so that a scan can feed several.

use std::io::Write;
use std::ops::ControlFlow;

use super::human::Lines;
use super::sarif::Results;
use super::{CsvSink, HumanSink, JsonLinesSink, Options, SarifSink, Style};
use crate::error::{Error, Result};
use crate::report::Figures;
use crate::scan::{PageReport, Scanner, Sink, Warning};

/// A form in which results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OutputFormat {
    /// Lines for reading.
    Human,
    /// One JSON object a line.
    JsonLines,
    /// One finding a row.
    Csv,
    /// SARIF 2.1.0.
    Sarif,
}

/// What the end of an output tells about the scan.
#[derive(Clone, Debug, Default)]
pub struct Closing {
    /// What was counted.
    pub figures: Figures,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// On how many threads.
    pub threads: usize,
    /// Why the scan ended before its end, if it did.
    pub cut_short: Option<Warning>,
}

/// A sink of any [`OutputFormat`].
///
/// A `Vec` of them is a sink as well: one scan, several outputs.
///
/// ```
/// use miandan::output::{AnySink, Closing, Options, OutputFormat, Style};
/// use miandan::{Scanner, Sink};
///
/// let scanner = Scanner::new()?;
/// let text = "电话：13812345678";
/// let findings = scanner.scan(text);
/// let (mut lines, mut table) = (Vec::new(), Vec::new());
/// let mut sinks = Vec::new();
/// for (format, out) in [(OutputFormat::JsonLines, &mut lines), (OutputFormat::Csv, &mut table)] {
///     sinks.push(AnySink::new(format, out, Options::default(), Style::default(), &scanner)?);
/// }
/// let pages = sinks.render(&findings.as_page(&scanner, text.as_bytes()));
/// let _ = sinks.accept(pages)?;
/// for sink in sinks {
///     sink.finish(&Closing::default())?;
/// }
/// assert_eq!(table.iter().filter(|b| **b == b'\n').count(), 2);
/// assert!(lines.starts_with(b"{\"type\":\"finding\""));
/// # Ok::<(), miandan::Error>(())
/// ```
#[derive(Debug)]
pub struct AnySink<W>(Inner<W>);

#[derive(Debug)]
enum Inner<W> {
    Human(HumanSink<W>),
    JsonLines(JsonLinesSink<W>),
    Csv(CsvSink<W>),
    Sarif(SarifSink<W>),
}

/// A page in some [`OutputFormat`].
#[derive(Debug)]
pub struct AnyPage(Page);

#[derive(Debug)]
enum Page {
    Bytes(Vec<u8>),
    Lines(Lines),
    Results(Results),
}

impl OutputFormat {
    /// Whether an output of this format can be gone on with after an interruption.
    pub const fn can_append(self) -> bool {
        matches!(self, OutputFormat::JsonLines | OutputFormat::Csv)
    }
}

impl<W: Write> AnySink<W> {
    /// A sink that writes to `writer`. `style` is for [`OutputFormat::Human`] only.
    ///
    /// # Errors
    /// When writing what stands at the top fails.
    pub fn new(
        format: OutputFormat,
        writer: W,
        options: Options,
        style: Style,
        scanner: &Scanner,
    ) -> Result<AnySink<W>> {
        Ok(AnySink(match format {
            OutputFormat::Human => Inner::Human(HumanSink::new(writer, options, style)),
            OutputFormat::JsonLines => Inner::JsonLines(JsonLinesSink::new(writer, options)),
            OutputFormat::Csv => Inner::Csv(CsvSink::new(writer, options)?),
            OutputFormat::Sarif => Inner::Sarif(SarifSink::new(writer, options, scanner)?),
        }))
    }

    /// A sink that goes on with what an earlier one wrote; only [`OutputFormat::JsonLines`] and [`OutputFormat::Csv`] can.
    ///
    /// # Errors
    /// [`Error::Config`] for other formats.
    pub fn append(format: OutputFormat, writer: W, options: Options) -> Result<AnySink<W>> {
        match format {
            OutputFormat::JsonLines => Ok(AnySink(Inner::JsonLines(JsonLinesSink::new(
                writer, options,
            )))),
            OutputFormat::Csv => Ok(AnySink(Inner::Csv(CsvSink::append(writer, options)))),
            OutputFormat::Human | OutputFormat::Sarif => {
                Err(Error::config("only JSON Lines and CSV can be gone on with"))
            }
        }
    }

    /// Writes what stands at the end, and flushes.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(self, closing: &Closing) -> Result<()> {
        match self.0 {
            Inner::Human(sink) => sink.finish(&closing.figures),
            Inner::JsonLines(mut sink) => {
                if let Some(warning) = &closing.cut_short {
                    sink.warn(warning)?;
                }
                sink.finish(&closing.figures, closing.elapsed_ms, closing.threads)
            }
            Inner::Csv(sink) => sink.finish(),
            Inner::Sarif(sink) => sink.finish(&closing.figures, closing.cut_short.is_none()),
        }
    }
}

impl<W: Write + Send + Sync> Sink for AnySink<W> {
    type Rendered = AnyPage;

    fn render(&self, page: &PageReport<'_>) -> AnyPage {
        AnyPage(match &self.0 {
            Inner::Human(sink) => Page::Lines(sink.render(page)),
            Inner::JsonLines(sink) => Page::Bytes(sink.render(page)),
            Inner::Csv(sink) => Page::Bytes(sink.render(page)),
            Inner::Sarif(sink) => Page::Results(sink.render(page)),
        })
    }

    fn accept(&mut self, page: AnyPage) -> Result<ControlFlow<()>> {
        match (&mut self.0, page.0) {
            (Inner::Human(sink), Page::Lines(page)) => sink.accept(page),
            (Inner::JsonLines(sink), Page::Bytes(page)) => sink.accept(page),
            (Inner::Csv(sink), Page::Bytes(page)) => sink.accept(page),
            (Inner::Sarif(sink), Page::Results(page)) => sink.accept(page),
            // A page comes back to the sink that rendered it.
            _ => Ok(ControlFlow::Continue(())),
        }
    }
}
