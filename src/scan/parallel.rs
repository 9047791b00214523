//! Scanning streams: pages are cut in order, scanned and rendered on every thread, and handed on in order.
//!
//! Work goes in waves of a few pages per thread. While one wave is scanned the next is read and the last is handed on. Numbers that depend on earlier
//! pages (finding ids, lines, rows) are settled between scanning and rendering, so rendering runs in parallel, too, and the
//! output is the same for any number of threads.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::cut::PageCut;
use super::page::{Page, PageOutput};
use super::pager::Pager;
use super::read_buffer::ReadBuffer;
use super::report::{PageReport, Place, PlainText, UnitInfo, Warning};
use super::scratch::Scratch;
use super::sink::{Sink, Sourced, Totals};
use super::{Origin, Scanner, Unit};
use crate::error::Result;
use crate::span::Span;
use crate::text::encoding::Certainty;

/// Pages of a wave for each thread: enough that threads which finish early find more, few enough that memory stays small
/// (four pages of 128 KiB for each thread, twice). With two of them two threads take 5 to 9 % longer; eight gain nothing more.
const PAGES_PER_THREAD: usize = 4;

/// Pages of a wave on one thread, which waits for no other: what is scanned is rendered while it lies in the cache.
const PAGES_ALONE: usize = 1;

/// How an input went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Outcome {
    #[default]
    Read,
    /// Left out on purpose; said in a warning.
    Skipped,
    /// Not read, or not to its end.
    Failed,
}

/// A page in flight; its buffers are used again.
#[derive(Default)]
struct Job {
    buffer: ReadBuffer,
    cut: PageCut,
    unit: Arc<UnitInfo>,
    /// First page of its input.
    first: bool,
    /// Last page of its input.
    last: bool,
    /// How the input went, as far as this page tells.
    outcome: Outcome,
    warnings: Vec<Warning>,
    out: PageOutput,
    findings_before: u64,
    records_before: u64,
    place_base: Place,
}

impl Scanner {
    /// Scans inputs one after the other on every thread of the current rayon pool, in bounded memory.
    ///
    /// The sink gets pages in the order of the inputs, whatever the number of threads. An input that cannot be read, wholly
    /// or from some place on, becomes a warning on a page of its own and counts as failed; the others are still scanned.
    ///
    /// # Errors
    /// Only what the sink returns: the content of inputs never makes an error.
    pub fn par_scan<S: Sink>(
        &self,
        sources: impl IntoIterator<Item = Sourced, IntoIter: Send>,
        sink: &mut S,
    ) -> Result<Totals> {
        self.par_scan_from(Totals::default(), sources, sink)
    }

    /// As [`par_scan`](Self::par_scan), counting on from the totals of an earlier scan: the numbers of findings and records
    /// follow those.
    ///
    /// # Errors
    /// As [`par_scan`](Self::par_scan).
    pub fn par_scan_from<S: Sink>(
        &self,
        totals: Totals,
        sources: impl IntoIterator<Item = Sourced, IntoIter: Send>,
        sink: &mut S,
    ) -> Result<Totals> {
        let sources = sources.into_iter();
        // On a thread of the pool: from outside of it, each wave would wait twice until one of them wakes up.
        rayon::scope(|_| self.scan_waves(totals, sources, sink))
    }

    fn scan_waves<S: Sink>(
        &self,
        mut totals: Totals,
        sources: impl Iterator<Item = Sourced> + Send,
        sink: &mut S,
    ) -> Result<Totals> {
        let width = match rayon::current_num_threads() {
            1 => PAGES_ALONE,
            threads => threads * PAGES_PER_THREAD,
        };
        let mut feed = Feed {
            scanner: self,
            sources,
            current: None,
            scratch: Scratch::default(),
        };
        let scratches = Mutex::new(Vec::new());
        let mut line_base = Place::default();
        let (mut wave, mut next) = (Vec::new(), Vec::new());
        let mut rendered: Vec<S::Rendered> = Vec::new();
        feed.fill(&mut wave, width);
        while !wave.is_empty() {
            let scan = || self.scan_wave(&mut wave, &scratches);
            let accept = || accept(sink, &mut rendered);
            let ((), ((), flow)) =
                rayon::join(|| feed.fill(&mut next, width), || rayon::join(scan, accept));
            if flow?.is_break() {
                return Ok(totals);
            }
            for job in &mut wave {
                number(job, &mut totals, &mut line_base);
            }
            let shared: &S = sink;
            wave.par_iter()
                .map(|job| shared.render(&job.report(self)))
                .collect_into_vec(&mut rendered);
            std::mem::swap(&mut wave, &mut next);
        }
        accept(sink, &mut rendered).map(|_| totals)
    }

    fn scan_wave(&self, wave: &mut [Job], scratches: &Mutex<Vec<Scratch>>) {
        wave.par_iter_mut().for_each(|job| {
            let pop = || {
                scratches
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .pop()
            };
            let mut scratch = pop().unwrap_or_default();
            let page = Page {
                bytes: &job.buffer,
                plain: None,
                core: job.cut.core.clone(),
                offset: job.cut.offset,
                first: job.first,
            };
            job.out.clear();
            self.engine
                .scan_page(&job.unit, &page, &mut scratch, &mut job.out);
            job.out.warnings.append(&mut job.warnings);
            scratches
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(scratch);
        });
    }
}

/// Hands renderings on in order.
fn accept<S: Sink>(sink: &mut S, rendered: &mut Vec<S::Rendered>) -> Result<ControlFlow<()>> {
    for rendering in rendered.drain(..) {
        if sink.accept(rendering)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Settles the numbers of a page that depend on the pages before it, and counts it.
fn number(job: &mut Job, totals: &mut Totals, base: &mut Place) {
    if job.first {
        *base = Place::default();
    }
    job.findings_before = totals.findings;
    job.records_before = totals.records;
    job.place_base = *base;
    base.line += job.out.lines;
    base.row += job.out.rows;
    totals.findings += job.out.findings.len() as u64;
    totals.records += job.out.records.len() as u64;
    totals.rows += job.out.rows;
    totals.allowed += job.out.allowed;
    totals.bytes += job.cut.core.len() as u64;
    if job.last {
        match job.outcome {
            Outcome::Read => totals.inputs_read += 1,
            Outcome::Skipped => totals.inputs_skipped += 1,
            Outcome::Failed => totals.inputs_failed += 1,
        }
    }
}

impl Job {
    fn report<'p>(&'p self, scanner: &'p Scanner) -> PageReport<'p> {
        PageReport {
            scanner,
            unit: &self.unit,
            bytes: &self.buffer,
            text: PlainText::of(
                &self.buffer,
                &self.unit,
                &self.out.findings,
                &self.out.stretches,
            ),
            offset: self.cut.offset,
            core: self.cut.core.clone(),
            findings: &self.out.findings,
            places: &self.out.places,
            owners: &self.out.owners,
            records: &self.out.records,
            warnings: &self.out.warnings,
            stretches: &self.out.stretches,
            rows: self.out.rows,
            allowed: self.out.allowed,
            findings_before: self.findings_before,
            records_before: self.records_before,
            place_base: self.place_base,
            first: self.first,
            last: self.last,
            skipped: self.outcome == Outcome::Skipped,
        }
    }
}

/// Cuts inputs into pages, one after the other.
struct Feed<'s, I> {
    scanner: &'s Scanner,
    sources: I,
    current: Option<Open>,
    scratch: Scratch,
}

/// The input that is being cut.
struct Open {
    pager: Pager<Box<dyn std::io::Read + Send>>,
    unit: Arc<UnitInfo>,
    first: bool,
}

impl<I: Iterator<Item = Sourced>> Feed<'_, I> {
    /// Fills `wave` with up to `width` pages, using its old buffers again.
    fn fill(&mut self, wave: &mut Vec<Job>, width: usize) {
        let mut n = 0;
        while n < width {
            if wave.len() == n {
                wave.push(Job::default());
            }
            if !self.next(&mut wave[n]) {
                break;
            }
            n += 1;
        }
        wave.truncate(n);
    }

    /// Puts the next page into `job`; `false` when all inputs are at their end.
    fn next(&mut self, job: &mut Job) -> bool {
        job.warnings.clear();
        job.outcome = Outcome::Read;
        loop {
            let Some(open) = &mut self.current else {
                match self.sources.next() {
                    None => return false,
                    Some(Sourced::Unit(unit)) => self.current = Some(self.open(unit)),
                    Some(Sourced::Unread { origin, warning }) => {
                        job.unread(origin, warning);
                        return true;
                    }
                }
                continue;
            };
            job.unit = Arc::clone(&open.unit);
            job.first = std::mem::take(&mut open.first);
            match open.pager.next_page(&mut job.buffer) {
                Ok(Some(mut cut)) => {
                    if let Some(layout) = cut.layout.take() {
                        open.unit = Arc::new(open.unit.with_layout(layout));
                        job.unit = Arc::clone(&open.unit);
                    }
                    job.last = cut.last;
                    job.warnings.extend(cut.unclosed_quote.map(unclosed));
                    job.cut = cut;
                }
                Ok(None) => {
                    self.current = None;
                    continue;
                }
                Err(error) => {
                    job.empty();
                    job.outcome = Outcome::Failed;
                    job.warnings.push(Warning::from_io(&error));
                    self.current = None;
                }
            }
            if job.last {
                self.current = None;
            }
            return true;
        }
    }

    fn open(&mut self, unit: Unit) -> Open {
        let mut pager = Pager::new(unit.reader, self.scanner.engine.page_bytes);
        let origin = Arc::new(unit.origin);
        let encoding = match unit.encoding {
            Some(encoding) => (encoding, Certainty::Given),
            None => pager.guess().sure(),
        };
        let info = self.scanner.engine.plan_from(
            pager.prefix(),
            None,
            unit.format,
            encoding,
            origin,
            &mut self.scratch,
        );
        pager.set_plan(info.encoding, &info.format, &info.layout);
        Open {
            pager,
            unit: Arc::new(info),
            first: true,
        }
    }
}

impl Job {
    fn empty(&mut self) {
        self.buffer.truncate(0);
        self.cut = PageCut::default();
        self.last = true;
    }

    fn unread(&mut self, origin: Origin, warning: Warning) {
        self.empty();
        self.unit = Arc::new(UnitInfo {
            origin: Arc::new(origin),
            ..UnitInfo::default()
        });
        self.first = true;
        self.outcome = if warning.loss {
            Outcome::Failed
        } else {
            Outcome::Skipped
        };
        self.warnings.push(warning);
    }
}

/// A quote that opens a cell and is not closed was read as a character like others.
pub(super) fn unclosed(at: usize) -> Warning {
    Warning::loss(
        "table.unclosed-quote",
        "a quote is not closed; it was read as a plain character",
    )
    .at(Span::new(at, at + 1))
}
