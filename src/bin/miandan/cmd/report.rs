//! `miandan report`: the summary of inputs and what follows from it.

use std::io::Write;
use std::process::ExitCode;

use miandan::Result;
use miandan::report::{Report, SummarySink, Thresholds};

use super::input::sources;
use super::progress::Progress;
use super::{output_error, setup};
use crate::args::{ReportArgs, ReportFormat};
use crate::exit;

pub(crate) fn run(args: &ReportArgs) -> Result<ExitCode> {
    let scanner = setup::scanner(&args.detect)?;
    let mut sinks = (
        SummarySink::default(),
        Progress::new(args.quiet, args.quiet),
    );
    let totals = scanner.par_scan(sources(&args.input)?, &mut sinks)?;
    let (summary, progress) = sinks;
    progress.finish();
    let report = Report::new(summary.summary(), &Thresholds::default());
    let mut out = anstream::stdout().lock();
    let written = match args.format {
        ReportFormat::Json => serde_json::to_string(&report)
            .map_err(std::io::Error::from)
            .and_then(|json| writeln!(out, "{json}")),
        ReportFormat::Human => human(&mut out, &report),
    };
    written.map_err(output_error)?;
    Ok(if totals.inputs_failed > 0 {
        exit::trouble()
    } else {
        exit::READ
    })
}

fn human(out: &mut impl Write, report: &Report) -> std::io::Result<()> {
    for section in report.sections() {
        writeln!(out, "{}", section.title)?;
        for (what, amount) in &section.lines {
            writeln!(out, "  {what}  {amount}")?;
        }
    }
    Ok(())
}
