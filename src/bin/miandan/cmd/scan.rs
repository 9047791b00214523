//! `miandan scan`: what is in these files?

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use miandan::output::{CsvSink, HumanSink, JsonLinesSink, Options, Style};
use miandan::report::{Summary, SummarySink};
use miandan::source::{self, walk};
use miandan::{Error, Result, Scanner, Sink, Totals};

use super::input::{encoding, format};
use super::progress::Progress;
use super::{output_error, scanner};
use crate::args::{OutputFormat, ScanArgs};
use crate::exit;

type Out = Box<dyn Write + Send + Sync>;

pub(crate) fn run(args: &ScanArgs) -> Result<ExitCode> {
    let Some(paths) = inputs(args) else {
        anstream::eprintln!(
            "miandan scan: nothing to scan; name a file or directory, or pipe text in (see miandan scan --help)"
        );
        return Ok(exit::trouble());
    };
    let scanner = scanner(&args.kinds, args.names, args.min_confidence)?;
    let mut options = source::Options::default();
    options.format = format(&args.input_format)?;
    options.encoding = encoding(&args.encoding)?;
    options.binary = args.binary;
    if let Some(threads) = args.threads {
        // Fails only when a pool exists already, which no earlier line makes.
        let _ = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build_global();
    }
    let started = Instant::now();
    let mut shown = Options::default();
    shown.show_values = args.show_values;
    shown.id_field.clone_from(&args.id_field);
    shown.records = !args.no_records;
    shown.lone_findings = !args.records_only;
    shown.explain = args.explain;
    let (out, terminal) = output(args)?;
    let sources = walk(paths, options);
    let chosen = args.format.unwrap_or(if terminal {
        OutputFormat::Human
    } else {
        OutputFormat::Jsonl
    });
    let progress = Progress::new(args.quiet || args.no_progress, args.quiet);
    let (totals, summary) = match chosen {
        OutputFormat::Jsonl => {
            let mut sink = JsonLinesSink::new(out, shown);
            let (totals, summary) = scan(&scanner, sources, &mut sink, progress)?;
            let elapsed = started.elapsed().as_millis() as u64;
            sink.finish(&summary.figures(), elapsed, rayon::current_num_threads())?;
            (totals, summary)
        }
        OutputFormat::Csv => {
            let mut sink = CsvSink::new(out, shown)?;
            let result = scan(&scanner, sources, &mut sink, progress)?;
            sink.finish()?;
            result
        }
        OutputFormat::Human => {
            let style = if terminal {
                Style::TERMINAL
            } else {
                Style::default()
            };
            let mut sink = HumanSink::new(out, shown, style);
            let (totals, summary) = scan(&scanner, sources, &mut sink, progress)?;
            sink.finish(&summary.figures())?;
            (totals, summary)
        }
    };
    Ok(if totals.inputs_failed > 0 || summary.inputs_failed > 0 {
        exit::trouble()
    } else if args.fail_on_findings && totals.findings > 0 {
        exit::found()
    } else {
        exit::READ
    })
}

fn scan<S: Sink>(
    scanner: &Scanner,
    sources: source::Walk,
    sink: &mut S,
    progress: Progress,
) -> Result<(Totals, Summary)> {
    let mut both = ((SummarySink::default(), progress), sink);
    let totals = scanner.par_scan(sources, &mut both)?;
    let ((summary, progress), _) = both;
    progress.finish();
    Ok((totals, summary.into_summary()))
}

/// What to scan: the paths, or standard input when something is piped in.
fn inputs(args: &ScanArgs) -> Option<Vec<PathBuf>> {
    if !args.paths.is_empty() {
        Some(args.paths.clone())
    } else if std::io::stdin().is_terminal() {
        None
    } else {
        Some(vec![PathBuf::from("-")])
    }
}

/// Where results go, and whether that is a terminal.
fn output(args: &ScanArgs) -> Result<(Out, bool)> {
    if let Some(path) = &args.output {
        let same = |p: &PathBuf| matches!((p.canonicalize(), path.canonicalize()), (Ok(a), Ok(b)) if a == b);
        if args.paths.iter().any(same) {
            return Err(Error::config(format!(
                "{} is an input; the output would overwrite it",
                path.display()
            )));
        }
        let file = File::create(path).map_err(|e| Error::io(path, e))?;
        return Ok((Box::new(BufWriter::new(file)), false));
    }
    let stdout = std::io::stdout();
    let terminal = stdout.is_terminal();
    let colours = terminal && anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    if stdout.lock().flush().map_err(output_error).is_err() {
        return Err(Error::config("standard output is closed"));
    }
    Ok((Box::new(BufWriter::new(stdout)), colours))
}
