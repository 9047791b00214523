//! Ctrl-C: what was found is written, then the program ends.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use miandan::{PageReport, Result, Sink};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Exit code of a program that a second Ctrl-C ends at once, as shells count it.
const KILLED: i32 = 130;

/// From now on Ctrl-C (and a request to terminate) ends the scan at the next page; a second one ends the program at once.
pub(crate) fn watch() {
    // Fails only where a handler is set already; then the system's own way of ending holds.
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(KILLED);
        }
    });
}

/// Whether the scan was asked to end.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// A sink that ends the scan when that was asked for.
pub(crate) struct Interrupt;

impl Sink for Interrupt {
    type Rendered = ();

    fn render(&self, _: &PageReport<'_>) {}

    fn accept(&mut self, (): ()) -> Result<ControlFlow<()>> {
        Ok(if asked() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }
}
