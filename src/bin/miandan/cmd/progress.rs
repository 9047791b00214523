//! Progress and warnings on standard error.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use miandan::{Origin, PageReport, Result, Sink};

/// Shows bytes, rate, inputs (entries of archives are inputs) and findings while a scan runs, and its warnings.
pub(crate) struct Progress {
    bar: ProgressBar,
    inputs: u64,
    findings: u64,
    silent: bool,
}

/// What a page adds.
pub(crate) struct Step {
    origin: Arc<Origin>,
    bytes: u64,
    findings: u64,
    last: bool,
    warnings: Vec<String>,
}

impl Progress {
    pub(crate) fn new(hidden: bool, silent: bool) -> Progress {
        let bar = if hidden || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            let bar = ProgressBar::new_spinner();
            let style =
                ProgressStyle::with_template("{spinner} {bytes} {bytes_per_sec} {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        };
        Progress {
            bar,
            inputs: 0,
            findings: 0,
            silent,
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Sink for Progress {
    type Rendered = Step;

    fn render(&self, page: &PageReport<'_>) -> Step {
        let origin = &page.unit().origin;
        let warnings = page.warnings().iter().map(|w| match w.span {
            Some(span) => format!(
                "miandan: {origin}: byte {}: {} ({})",
                span.start, w.message, w.code
            ),
            None => format!("miandan: {origin}: {} ({})", w.message, w.code),
        });
        Step {
            origin: Arc::clone(origin),
            bytes: page.bytes().len() as u64,
            findings: page.len() as u64,
            last: page.is_last(),
            warnings: warnings.collect(),
        }
    }

    fn accept(&mut self, step: Step) -> Result<ControlFlow<()>> {
        self.findings += step.findings;
        self.inputs += u64::from(step.last);
        self.bar.inc(step.bytes);
        if !self.bar.is_hidden() {
            let (inputs, findings, origin) = (self.inputs, self.findings, &step.origin);
            self.bar
                .set_message(format!("{inputs} inputs, {findings} findings; {origin}"));
        }
        if !self.silent {
            for warning in step.warnings {
                self.bar.suspend(|| anstream::eprintln!("{warning}"));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}
