//! Progress and warnings on standard error.

use std::borrow::Cow;
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use miandan::{Origin, PageReport, Result, Sink};

/// Warnings of one kind that are shown of an input; a damaged file would have one on every page.
const SHOWN: usize = 3;

/// Shows bytes, rate, inputs (entries of archives are inputs) and findings while a scan runs, and its warnings.
pub(crate) struct Progress {
    bar: ProgressBar,
    inputs: u64,
    findings: u64,
    silent: bool,
    /// Warnings of the input so far, by code.
    told: Vec<(Cow<'static, str>, usize)>,
}

/// What a page adds.
pub(crate) struct Step {
    origin: Arc<Origin>,
    bytes: u64,
    findings: u64,
    last: bool,
    warnings: Vec<(Cow<'static, str>, String)>,
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
            told: Vec::new(),
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Shows the first warnings of each kind, and at the end of the input how many there are more.
    fn tell(&mut self, step: &Step) {
        let say = |line: &str| self.bar.suspend(|| anstream::eprintln!("{line}"));
        for (code, line) in &step.warnings {
            let known = self.told.iter().position(|(told, _)| told == code);
            let at = known.unwrap_or_else(|| {
                self.told.push((code.clone(), 0));
                self.told.len() - 1
            });
            self.told[at].1 += 1;
            if self.told[at].1 <= SHOWN {
                say(line);
            }
        }
        if step.last {
            for (code, count) in self.told.drain(..).filter(|(_, n)| *n > SHOWN) {
                let more = count - SHOWN;
                say(&format!(
                    "miandan: {}: {more} more of these ({code})",
                    step.origin
                ));
            }
        }
    }
}

impl Sink for Progress {
    type Rendered = Step;

    fn render(&self, page: &PageReport<'_>) -> Step {
        let origin = &page.unit().origin;
        let warnings = page.warnings().iter().map(|w| {
            let at = w.span.map(|span| format!("byte {}: ", span.start));
            let at = at.unwrap_or_default();
            let line = format!("miandan: {origin}: {at}{} ({})", w.message, w.code);
            (w.code.clone(), line)
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
            self.tell(&step);
        }
        Ok(ControlFlow::Continue(()))
    }
}
