//! `miandan scan`: what is in these files?

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use miandan::leak::{Fingerprinter, Key};
use miandan::output::{AnySink, Closing, Options, OutputFormat, Style, ValueHash};
use miandan::source::{Skip, Walk, walk};
use miandan::{Error, Result, Scanner, Totals, Warning};

use super::interrupt::{self, Interrupt};
use super::journal::{Journal, Ledger, Past};
use super::progress::Progress;
use super::target::{self, Target, Wanted};
use super::{input, setup};
use crate::args::{self, ScanArgs};
use crate::exit;

pub(crate) fn run(args: &ScanArgs) -> Result<ExitCode> {
    let Some(paths) = inputs(args)? else {
        anstream::eprintln!(
            "miandan scan: nothing to scan; name a file or directory, or pipe text in (see miandan scan --help)"
        );
        return Ok(exit::trouble());
    };
    let mut config = setup::config(&args.detect)?;
    if !args.text_field.is_empty() {
        config.text_fields.clone_from(&args.text_field);
    }
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
    let mut shown = shown(args)?;
    shown.id_field = args
        .id_field
        .clone()
        .unwrap_or_else(|| config.id_field.clone());
    let settings = format!("{}{shown:?}{wanted:?}{:?}", config.to_toml()?, args.input);
    let mut opened = open(args, &wanted, &settings)?;
    sources.skip = skip(&opened);
    let append = opened.past.is_some();
    let outputs = sinks(&wanted, &mut opened.targets, append, &shown, &scanner)?;
    let progress = Progress::new(args.quiet || args.no_progress, args.quiet);
    let past = opened.past.clone().unwrap_or_default();
    let sources = walk(paths, sources);
    let done = scan(
        &scanner,
        sources,
        outputs,
        progress,
        &past,
        opened.journal.as_mut(),
    );
    let whole = done.as_ref().is_ok_and(|done| !done.interrupted);
    opened.close(whole)?;
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
    past: &Past,
    journal: Option<&mut Journal>,
) -> Result<Done> {
    let started = Instant::now();
    let mut sinks = (
        (Ledger::new(past.summary.clone(), journal), progress),
        (Interrupt, &mut outputs),
    );
    let totals = scanner
        .par_scan_from(past.totals(), sources, &mut sinks)
        .map_err(target::with_file)?;
    let ((ledger, progress), _) = sinks;
    progress.finish();
    let interrupted = interrupt::asked();
    if interrupted {
        anstream::eprintln!("miandan: interrupted; the rest was not scanned");
    }
    let closing = Closing {
        figures: ledger.into_summary().figures(),
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
fn inputs(args: &ScanArgs) -> Result<Option<Vec<PathBuf>>> {
    let named = input::paths(&args.input)?;
    let piped = || (!std::io::stdin().is_terminal()).then(|| vec![PathBuf::from("-")]);
    Ok(named.or_else(piped))
}

fn shown(args: &ScanArgs) -> Result<Options> {
    let mut shown = Options::default();
    shown.show_values = args.show_values;
    shown.records = !args.no_records;
    shown.lone_findings = !args.records_only;
    shown.explain = args.explain;
    shown.brief = args.brief;
    if let Some(file) = &args.fingerprint_key {
        let fingerprinter = Fingerprinter::new(&Key::from_file(file)?);
        shown.value_hash = Some(ValueHash::new(move |kind, value| {
            fingerprinter.value(kind, value)
        }));
    }
    Ok(shown)
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

/// Where the results go, and what makes the scan resumable.
struct Opened {
    targets: Vec<Target>,
    journal: Option<Journal>,
    /// What an interrupted scan left.
    past: Option<Arc<Past>>,
}

fn open(args: &ScanArgs, wanted: &[Wanted], settings: &str) -> Result<Opened> {
    let appendable = |w: &Wanted| w.path.is_some() && w.format.is_none_or(OutputFormat::can_append);
    let first = wanted.first().and_then(|w| w.path.as_deref());
    let mut journal = first
        .filter(|_| wanted.iter().all(appendable))
        .map(|path| Journal::new(target::beside(path, "resume"), settings, wanted.len()));
    let past = match &mut journal {
        Some(journal) if args.resume => journal.resume()?.map(Arc::new),
        None if args.resume => {
            return Err(Error::config(
                "--resume needs --output to be files in JSON Lines or CSV",
            ));
        }
        Some(journal) => {
            journal.remove();
            None
        }
        None => None,
    };
    let targets: Vec<Target> = wanted
        .iter()
        .enumerate()
        .map(|(i, wanted)| match (&wanted.path, &past) {
            (None, _) => Ok(Target::stdout()),
            (Some(path), None) => Target::file(path),
            (Some(path), Some(past)) => Target::resume(path, past.ends[i]),
        })
        .collect::<Result<_>>()?;
    let lengths: Option<Vec<_>> = targets.iter().map(Target::length).collect();
    let journal = journal.zip(lengths).map(|(mut journal, lengths)| {
        journal.watch(lengths);
        journal
    });
    Ok(Opened {
        targets,
        journal,
        past,
    })
}

impl Opened {
    /// Gives the files their names when the scan is whole; else says where they are and how to go on.
    fn close(self, whole: bool) -> Result<()> {
        for target in self.targets {
            if whole {
                target.commit()?;
            } else if let Some(part) = target.part() {
                let part = part.display();
                anstream::eprintln!("miandan: {part} holds what was found so far");
            }
        }
        match self.journal {
            Some(journal) if whole => journal.remove(),
            Some(journal) if journal.is_started() => {
                anstream::eprintln!("miandan: the same command with --resume goes on");
            }
            _ => {}
        }
        Ok(())
    }
}

/// Leaves out the files that this scan writes, which may stand in a directory that it reads, and those that are finished.
fn skip(opened: &Opened) -> Skip {
    let own: HashSet<PathBuf> = opened
        .targets
        .iter()
        .flat_map(Target::files)
        .chain(opened.journal.as_ref().map(Journal::path))
        .filter_map(real)
        .collect();
    let names: HashSet<OsString> = own
        .iter()
        .filter_map(|path| path.file_name().map(Into::into))
        .collect();
    let past = opened.past.clone();
    Skip::new(move |path| {
        // Only a file of the same name is worth asking the system where it really stands.
        past.as_ref().is_some_and(|past| past.has(path))
            || path.file_name().is_some_and(|name| names.contains(name))
                && path.canonicalize().is_ok_and(|real| own.contains(&real))
    })
}

/// The real path of a file that may not be there yet.
fn real(path: &Path) -> Option<PathBuf> {
    let parent = match path.parent()? {
        here if here.as_os_str().is_empty() => Path::new("."),
        parent => parent,
    };
    Some(parent.canonicalize().ok()?.join(path.file_name()?))
}

fn sinks<'t>(
    wanted: &[Wanted],
    targets: &'t mut [Target],
    append: bool,
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
        if append {
            return AnySink::append(format, target, shown.clone());
        }
        AnySink::new(format, target, shown.clone(), style(terminal), scanner)
    };
    wanted.iter().zip(targets).map(sink).collect()
}

/// Colours (unless `NO_COLOR` or `TERM=dumb` say no) and width of the terminal.
fn style(terminal: bool) -> Style {
    if !terminal {
        return Style::default();
    }
    let colours = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    let style = if colours {
        Style::TERMINAL
    } else {
        Style::default()
    };
    Style {
        width: terminal_size::terminal_size().map(|(cells, _)| usize::from(cells.0)),
        ..style
    }
}
