//! Who takes what a scan finds.

use std::ops::ControlFlow;

use super::input::{Origin, Unit};
use super::report::{PageReport, Warning};
use crate::error::Result;

/// Takes the pages of a scan, in two steps so that the costly one runs on every thread.
///
/// [`render`](Sink::render) turns a page into something small and owned (a piece of output, partial counts) and may run on
/// several threads at once; [`accept`](Sink::accept) gets these **in the order of the input**, one at a time, while the next
/// pages are scanned.
///
/// ```
/// use std::ops::ControlFlow;
/// use miandan::{PageReport, Result, Sink};
///
/// /// Counts findings.
/// struct Counter(usize);
///
/// impl Sink for Counter {
///     type Rendered = usize;
///     fn render(&self, page: &PageReport<'_>) -> usize {
///         page.len()
///     }
///     fn accept(&mut self, count: usize) -> Result<ControlFlow<()>> {
///         self.0 += count;
///         Ok(ControlFlow::Continue(()))
///     }
/// }
/// ```
pub trait Sink: Send + Sync {
    /// What a page becomes.
    type Rendered: Send;

    /// Turns a page into its rendering; runs on worker threads.
    fn render(&self, page: &PageReport<'_>) -> Self::Rendered;

    /// Takes a rendering, in the order of the input; `Break` ends the scan early.
    ///
    /// # Errors
    /// Whatever the sink cannot do; the scan ends with that error.
    fn accept(&mut self, rendered: Self::Rendered) -> Result<ControlFlow<()>>;
}

/// Two sinks fed by one scan.
impl<A: Sink, B: Sink> Sink for (A, B) {
    type Rendered = (A::Rendered, B::Rendered);

    fn render(&self, page: &PageReport<'_>) -> Self::Rendered {
        (self.0.render(page), self.1.render(page))
    }

    fn accept(&mut self, rendered: Self::Rendered) -> Result<ControlFlow<()>> {
        let (a, b) = (self.0.accept(rendered.0)?, self.1.accept(rendered.1)?);
        Ok(if a.is_break() || b.is_break() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }
}

/// Any number of sinks of one type, fed by one scan.
impl<S: Sink> Sink for Vec<S> {
    type Rendered = Vec<S::Rendered>;

    fn render(&self, page: &PageReport<'_>) -> Self::Rendered {
        self.iter().map(|sink| sink.render(page)).collect()
    }

    fn accept(&mut self, rendered: Self::Rendered) -> Result<ControlFlow<()>> {
        let mut flow = ControlFlow::Continue(());
        for (sink, page) in self.iter_mut().zip(rendered) {
            if sink.accept(page)?.is_break() {
                flow = ControlFlow::Break(());
            }
        }
        Ok(flow)
    }
}

impl<S: Sink> Sink for &mut S {
    type Rendered = S::Rendered;

    fn render(&self, page: &PageReport<'_>) -> Self::Rendered {
        (**self).render(page)
    }

    fn accept(&mut self, rendered: Self::Rendered) -> Result<ControlFlow<()>> {
        (**self).accept(rendered)
    }
}

/// What a source yields: an input to read, or word of one that cannot be read.
#[derive(Debug)]
pub enum Sourced {
    /// An input.
    Unit(Unit),
    /// Something that could not be opened, or was left out; it reaches the sink as a page with only this warning.
    Unread {
        /// What it is.
        origin: Origin,
        /// Why.
        warning: Warning,
    },
}

/// How a scan of several inputs went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Inputs read to their end.
    pub inputs_read: u64,
    /// Inputs left out on purpose, such as binary files.
    pub inputs_skipped: u64,
    /// Inputs that could not be read, or not to their end.
    pub inputs_failed: u64,
    /// Bytes scanned.
    pub bytes: u64,
    /// Data rows.
    pub rows: u64,
    /// Findings reported.
    pub findings: u64,
    /// Records assembled.
    pub records: u64,
    /// Findings left out because they are allowed ([`ScannerBuilder::allow`](super::ScannerBuilder::allow)).
    pub allowed: u64,
}
