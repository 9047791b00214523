//! Progress and warnings on standard error.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use miandan::{PageReport, Result, Sink};

/// Shows bytes, rate and findings while a scan runs, and its warnings.
pub(crate) struct Progress {
    bar: ProgressBar,
    findings: u64,
    silent: bool,
}

impl Progress {
    pub(crate) fn new(hidden: bool, silent: bool) -> Progress {
        let bar = if hidden || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            let bar = ProgressBar::new_spinner();
            let style = ProgressStyle::with_template("{spinner} {bytes} {bytes_per_sec} {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        };
        Progress {
            bar,
            findings: 0,
            silent,
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Sink for Progress {
    type Rendered = (u64, u64, Vec<String>);

    fn render(&self, page: &PageReport<'_>) -> Self::Rendered {
        let origin = &page.unit().origin;
        let warnings = page.warnings().iter().map(|w| match w.span {
            Some(span) => format!(
                "miandan: {origin}: byte {}: {} ({})",
                span.start, w.message, w.code
            ),
            None => format!("miandan: {origin}: {} ({})", w.message, w.code),
        });
        (
            page.bytes().len() as u64,
            page.len() as u64,
            warnings.collect(),
        )
    }

    fn accept(&mut self, (bytes, findings, warnings): Self::Rendered) -> Result<ControlFlow<()>> {
        self.findings += findings;
        self.bar.inc(bytes);
        self.bar.set_message(format!("{} findings", self.findings));
        if !self.silent {
            for warning in warnings {
                self.bar.suspend(|| anstream::eprintln!("{warning}"));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}
