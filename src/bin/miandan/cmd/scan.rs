//! `miandan scan`: what is in these files?

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use miandan::output::{AnySink, Closing, Options, OutputFormat, Style};
use miandan::report::SummarySink;
use miandan::source::{Skip, Walk, walk};
use miandan::{Error, Result, Scanner, Totals, Warning};

use super::interrupt::{self, Interrupt};
use super::progress::Progress;
use super::target::{self, Target, Wanted};
use super::{input, setup};
use crate::args::{self, ScanArgs};
use crate::exit;

pub(crate) fn run(args: &ScanArgs) -> Result<ExitCode> {
    let Some(paths) = inputs(args) else {
        anstream::eprintln!(
            "miandan scan: nothing to scan; name a file or directory, or pipe text in (see miandan scan --help)"
        );
        return Ok(exit::trouble());
    };
    let config = setup::config(&args.detect)?;
    let scanner = setup::scanner_of(&config, &args.detect)?;
    let mut sources = input::options(&args.input)?;
    let wanted = outputs(args)?;
    target::check(&wanted, &paths)?;
    if let Some(threads) = args.threads.or(config.threads) {
        // Fails only when a pool exists already, which no earlier line makes.
        let _ = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.get())
            .build_global();
    }
    interrupt::watch();
    let mut targets: Vec<Target> = wanted.iter().map(open).collect::<Result<_>>()?;
    sources.skip = own_files(&targets);
    let mut shown = shown(args);
    shown.id_field = args.id_field.clone().unwrap_or(config.id_field);
    let outputs = sinks(&wanted, &mut targets, &shown, &scanner)?;
    let progress = Progress::new(args.quiet || args.no_progress, args.quiet);
    let done = scan(&scanner, walk(paths, sources), outputs, progress);
    let whole = done.as_ref().is_ok_and(|done| !done.interrupted);
    for target in targets {
        if whole {
            target.commit()?;
        } else if let Some(part) = target.part() {
            let part = part.display();
            anstream::eprintln!("miandan: {part} holds what was found so far");
        }
    }
    let Done {
        totals,
        failed,
        interrupted,
    } = done?;
    if totals.allowed > 0 && !args.quiet {
        let n = totals.allowed;
        anstream::eprintln!("miandan: {n} findings are on the allow-list and were left out");
    }
    Ok(if interrupted || failed {
        exit::trouble()
    } else if args.fail_on_findings && totals.findings > 0 {
        exit::found()
    } else {
        exit::READ
    })
}

/// How a scan ended.
struct Done {
    totals: Totals,
    /// Some input was not read, or not to its end.
    failed: bool,
    interrupted: bool,
}

fn scan(
    scanner: &Scanner,
    sources: Walk,
    mut outputs: Vec<AnySink<&mut Target>>,
    progress: Progress,
) -> Result<Done> {
    let started = Instant::now();
    let mut sinks = (
        (SummarySink::default(), progress),
        (Interrupt, &mut outputs),
    );
    let totals = scanner.par_scan(sources, &mut sinks)?;
    let ((summary, progress), _) = sinks;
    progress.finish();
    let interrupted = interrupt::asked();
    if interrupted {
        anstream::eprintln!("miandan: interrupted; the rest was not scanned");
    }
    let closing = Closing {
        figures: summary.summary().figures(),
        elapsed_ms: started.elapsed().as_millis() as u64,
        threads: rayon::current_num_threads(),
        cut_short: interrupted.then(|| {
            Warning::loss(
                "scan.interrupted",
                "the scan was interrupted; the rest was not scanned",
            )
        }),
    };
    for output in outputs {
        output.finish(&closing)?;
    }
    Ok(Done {
        totals,
        failed: totals.inputs_failed > 0 || closing.figures.inputs.failed > 0,
        interrupted,
    })
}

/// What to scan: the paths, or standard input when something is piped in.
fn inputs(args: &ScanArgs) -> Option<Vec<PathBuf>> {
    if !args.input.paths.is_empty() {
        Some(args.input.paths.clone())
    } else if std::io::stdin().is_terminal() {
        None
    } else {
        Some(vec![PathBuf::from("-")])
    }
}

fn shown(args: &ScanArgs) -> Options {
    let mut shown = Options::default();
    shown.show_values = args.show_values;
    shown.records = !args.no_records;
    shown.lone_findings = !args.records_only;
    shown.explain = args.explain;
    shown
}

/// The outputs that are asked for. The format is said by a prefix, by `--format` where there is one output, by the ending.
fn outputs(args: &ScanArgs) -> Result<Vec<Wanted>> {
    let format = args.format.map(|format| match format {
        args::OutputFormat::Human => OutputFormat::Human,
        args::OutputFormat::Jsonl => OutputFormat::JsonLines,
        args::OutputFormat::Csv => OutputFormat::Csv,
        args::OutputFormat::Sarif => OutputFormat::Sarif,
    });
    if args.output.is_empty() {
        return Ok(vec![Wanted { format, path: None }]);
    }
    let alone = args.output.len() == 1;
    let settle = |text: &String| {
        let mut wanted = target::wanted(text);
        if wanted.format.is_none() && alone {
            wanted.format = format;
        }
        if wanted.format.is_none()
            && let Some(path) = &wanted.path
        {
            wanted.format = target::by_ending(path);
            if wanted.format.is_none() && !alone {
                return Err(Error::config(format!(
                    "--output {text} does not say its format; write it as jsonl={text}"
                )));
            }
        }
        Ok(wanted)
    };
    args.output.iter().map(settle).collect()
}

fn open(wanted: &Wanted) -> Result<Target> {
    match &wanted.path {
        Some(path) => Target::file(path),
        None => Ok(Target::stdout()),
    }
}

/// The files that this scan writes, which may stand in a directory that it reads.
fn own_files(targets: &[Target]) -> Skip {
    let own: HashSet<PathBuf> = targets
        .iter()
        .flat_map(Target::files)
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    let names: HashSet<OsString> = own
        .iter()
        .filter_map(|path| path.file_name().map(Into::into))
        .collect();
    Skip::new(move |path| {
        // Only a file of the same name is worth asking the system where it really stands.
        path.file_name().is_some_and(|name| names.contains(name))
            && path.canonicalize().is_ok_and(|real| own.contains(&real))
    })
}

fn sinks<'t>(
    wanted: &[Wanted],
    targets: &'t mut [Target],
    shown: &Options,
    scanner: &Scanner,
) -> Result<Vec<AnySink<&'t mut Target>>> {
    let sink = |(wanted, target): (&Wanted, &'t mut Target)| {
        let terminal = target.is_terminal();
        let format = wanted.format.unwrap_or(if terminal {
            OutputFormat::Human
        } else {
            OutputFormat::JsonLines
        });
        let style = if terminal && colours() {
            Style::TERMINAL
        } else {
            Style::default()
        };
        AnySink::new(format, target, shown.clone(), style, scanner)
    };
    wanted.iter().zip(targets).map(sink).collect()
}

/// Whether standard output may be coloured (`NO_COLOR`, `TERM=dumb`).
fn colours() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}
