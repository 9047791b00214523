//! Pages for people: one line a record or lone finding, and a summary at the end.

use std::fmt::Write as _;
use std::io::Write;
use std::ops::ControlFlow;

use super::Options;
use crate::error::{Error, Result};
use crate::finding::Level;
use crate::kind::Kind;
use crate::record::Record;
use crate::report::Figures;
use crate::scan::{Item, PageReport, Sink};

/// How parts of a page are marked; the program passes terminal colours, tests pass nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Before a file name or heading.
    pub heading: &'static str,
    /// Before a value of high confidence.
    pub high: &'static str,
    /// Before a value of lower confidence.
    pub medium: &'static str,
    /// Before what is of less interest.
    pub dim: &'static str,
    /// After each of them.
    pub reset: &'static str,
}

impl Style {
    /// Colours of a terminal.
    pub const TERMINAL: Style = Style {
        heading: "\x1b[1;36m",
        high: "\x1b[1;31m",
        medium: "\x1b[33m",
        dim: "\x1b[2m",
        reset: "\x1b[0m",
    };
}

/// Writes records and findings for reading.
#[derive(Debug)]
pub struct HumanSink<W> {
    writer: W,
    options: Options,
    style: Style,
    /// The input whose heading was written last.
    current: Option<String>,
}

/// What a page becomes: its origin and its lines.
#[derive(Debug)]
pub struct Lines {
    origin: String,
    text: String,
}

impl<W: Write> HumanSink<W> {
    /// A sink that writes to `writer`.
    pub const fn new(writer: W, options: Options, style: Style) -> HumanSink<W> {
        HumanSink {
            writer,
            options,
            style,
            current: None,
        }
    }

    /// Writes the summary.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self, figures: &Figures) -> Result<()> {
        let text = summary(figures, self.style);
        self.writer
            .write_all(text.as_bytes())
            .and_then(|()| self.writer.flush())
            .map_err(|e| Error::io("-", e))
    }
}

impl<W: Write + Send + Sync> Sink for HumanSink<W> {
    type Rendered = Lines;

    fn render(&self, page: &PageReport<'_>) -> Lines {
        let mut text = String::new();
        let mut next = 0;
        let records: Vec<(u64, &Record)> = page.records().collect();
        for item in page.items() {
            match item.record_index() {
                // A record is shown where its first finding stands.
                Some(r) if r >= next && self.options.records => {
                    for (id, record) in &records[next..=r] {
                        self.record(&mut text, page, *id, record);
                    }
                    next = r + 1;
                }
                Some(_) if self.options.records => {}
                record => {
                    if record.is_some() || self.options.lone_findings {
                        self.lone(&mut text, page, &item);
                    }
                }
            }
        }
        Lines {
            origin: page.unit().origin.to_string(),
            text,
        }
    }

    fn accept(&mut self, page: Lines) -> Result<ControlFlow<()>> {
        if page.text.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        let mut out = String::new();
        if self.current.as_deref() != Some(page.origin.as_str()) {
            let _ = writeln!(
                out,
                "{}{}{}",
                self.style.heading, page.origin, self.style.reset
            );
            self.current = Some(page.origin);
        }
        out.push_str(&page.text);
        self.writer
            .write_all(out.as_bytes())
            .map_err(|e| Error::io("-", e))?;
        Ok(ControlFlow::Continue(()))
    }
}

/// Order in which the fields of a record are shown.
const ORDER: [Kind; 9] = [
    Kind::Name,
    Kind::Mobile,
    Kind::Landline,
    Kind::Address,
    Kind::Waybill,
    Kind::IdCard,
    Kind::BankCard,
    Kind::Email,
    Kind::Handle,
];

impl<W> HumanSink<W> {
    fn record(&self, out: &mut String, page: &PageReport<'_>, id: u64, record: &Record) {
        let s = self.style;
        let line = record
            .findings
            .first()
            .and_then(|m| page.item(*m as usize))
            .map_or(0, |i| i.place().line);
        let role = match record.role.id() {
            "unknown" => String::new(),
            role => format!(" {role}"),
        };
        let _ = write!(out, "{}{line:>7}{}  #{id}{role}", s.dim, s.reset);
        for kind in ORDER {
            if let Some(item) = record.field(kind).and_then(|i| page.item(i)) {
                out.push_str("  ");
                self.value(out, &item);
            }
        }
        let _ = writeln!(
            out,
            "  {}{:.2}{}",
            s.dim,
            record.confidence.ratio(),
            s.reset
        );
        if self.options.explain {
            for item in record
                .findings
                .iter()
                .filter_map(|m| page.item(*m as usize))
            {
                self.explain(out, page, &item);
            }
        }
    }

    fn lone(&self, out: &mut String, page: &PageReport<'_>, item: &Item<'_>) {
        let s = self.style;
        let _ = write!(
            out,
            "{}{:>7}{}  {} ",
            s.dim,
            item.place().line,
            s.reset,
            item.finding().kind
        );
        self.value(out, item);
        let _ = writeln!(
            out,
            "  {}{:.2}{}",
            s.dim,
            item.finding().confidence.ratio(),
            s.reset
        );
        if self.options.explain {
            self.explain(out, page, item);
        }
    }

    fn value(&self, out: &mut String, item: &Item<'_>) {
        let s = self.style;
        let colour = if item.finding().confidence.level() == Level::High {
            s.high
        } else {
            s.medium
        };
        let shown: String = self
            .options
            .shown(item)
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let _ = write!(out, "{colour}{shown}{}", s.reset);
    }

    fn explain(&self, out: &mut String, page: &PageReport<'_>, item: &Item<'_>) {
        let s = self.style;
        let finding = item.finding();
        let _ = write!(
            out,
            "{}         {} {:.2}:",
            s.dim,
            finding.kind,
            finding.confidence.ratio()
        );
        for evidence in page.scanner().explain(finding) {
            let _ = write!(out, " {} {:+}", evidence.id, evidence.weight);
        }
        let _ = writeln!(out, "{}", s.reset);
    }
}

/// The summary with small bars.
fn summary(f: &Figures, s: Style) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}summary{}", s.heading, s.reset);
    let _ = writeln!(
        out,
        "  inputs {} read, {} failed; {} bytes, {} rows",
        f.inputs.read, f.inputs.failed, f.bytes, f.rows
    );
    let _ = writeln!(
        out,
        "  records {}, complete {}, distinct persons {}, with a flaw {}",
        f.records, f.complete_records, f.distinct_persons, f.invalid_records
    );
    let findings: Vec<(String, u64)> = f
        .findings
        .iter()
        .map(|(k, n)| (k.id().to_owned(), *n))
        .collect();
    bars(&mut out, "findings", &findings);
    let couriers: Vec<(String, u64)> = f.couriers.iter().map(|(k, n)| (k.clone(), *n)).collect();
    bars(&mut out, "couriers", &couriers);
    out
}

/// Widest bar, in characters.
const BAR: u64 = 30;

fn bars(out: &mut String, title: &str, counts: &[(String, u64)]) {
    let Some(most) = counts.iter().map(|(_, n)| *n).max().filter(|n| *n > 0) else {
        return;
    };
    let _ = writeln!(out, "  {title}");
    for (name, n) in counts {
        let width = (n * BAR).div_ceil(most) as usize;
        let _ = writeln!(out, "    {name:<10} {n:>9}  {}", "▇".repeat(width));
    }
}
