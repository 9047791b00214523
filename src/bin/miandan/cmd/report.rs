//! `miandan report`: the summary of inputs and what follows from it.

use std::io::Write;
use std::process::ExitCode;

use miandan::Result;
use miandan::report::{Report, SummarySink, Thresholds, Tier};

use unicode_width::UnicodeWidthStr;

use super::input::sources;
use super::progress::Progress;
use super::{output_error, setup};
use crate::args::{ReportArgs, ReportFormat, TierName};
use crate::exit;

pub(crate) fn run(args: &ReportArgs) -> Result<ExitCode> {
    let config = setup::config(&args.detect)?;
    let scanner = setup::scanner_of(&config, &args.detect)?;
    let thresholds = thresholds(args, config.law)?;
    let mut sinks = (
        SummarySink::default(),
        Progress::new(args.quiet, args.quiet),
    );
    let totals = scanner.par_scan(sources(&args.input)?, &mut sinks)?;
    let (mut summary, progress) = sinks;
    progress.finish();
    let report = Report::new(summary.summary(), &thresholds);
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

/// The thresholds of the file that is named, else of the settings, with what was said on the command line.
fn thresholds(args: &ReportArgs, settings: Thresholds) -> Result<Thresholds> {
    let file = args.thresholds.as_deref();
    let mut thresholds = file.map_or(Ok(settings), setup::toml_file)?;
    thresholds.insider |= args.insider;
    if let Some(tier) = args.tier {
        thresholds.tier = match tier {
            TierName::Tracks => Tier::Tracks,
            TierName::Transaction => Tier::Transaction,
            TierName::Ordinary => Tier::Ordinary,
        };
    }
    thresholds.gains_stated = args.gains.or(thresholds.gains_stated);
    Ok(thresholds)
}

fn human(out: &mut impl Write, report: &Report) -> std::io::Result<()> {
    for section in report.sections() {
        writeln!(out, "{}", section.title)?;
        // Amounts stand under each other; a line without one is a sentence.
        let amounts = || {
            section
                .lines
                .iter()
                .filter(|(_, amount)| !amount.is_empty())
        };
        let width = amounts().map(|(what, _)| what.width()).max().unwrap_or(0);
        for (what, amount) in &section.lines {
            let gap = if amount.is_empty() {
                0
            } else {
                width + 2 - what.width()
            };
            writeln!(out, "  {what}{:gap$}{amount}", "")?;
        }
    }
    Ok(())
}
