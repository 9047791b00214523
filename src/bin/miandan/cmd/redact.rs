//! `miandan redact`: the input again, without what was found in it.

use std::fs::OpenOptions;
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

use miandan::redact::{Operator, RedactSink, Redactor, check_paths, shows_full};
use miandan::report::PersonKey;
use miandan::source::{Options, walk};
use miandan::{Error, PageReport, Result, Sink};

use super::input::{encoding, format};
use super::progress::Progress;
use super::setup;
use crate::args::{RedactArgs, RedactWith};
use crate::exit;

pub(crate) fn run(args: &RedactArgs) -> Result<ExitCode> {
    check_paths(&args.input, &args.output)?;
    let scanner = setup::scanner(&args.detect)?;
    let mut options = Options::default();
    options.format = format(&args.input_format)?;
    options.encoding = encoding(&args.encoding)?;
    let mut open = OpenOptions::new();
    open.write(true);
    // A file that is there already may be the only copy of something.
    if args.force {
        open.create(true).truncate(true)
    } else {
        open.create_new(true)
    };
    let file = open
        .open(&args.output)
        .map_err(|e| Error::io(&args.output, e))?;
    let redactor = redactor(args)?;
    let sink = RedactSink::new(redactor, BufWriter::new(file), &args.output);
    let mut sinks = (sink, Progress::new(args.quiet, args.quiet));
    let totals = scanner.par_scan(
        walk([PathBuf::from(&args.input)], options.clone()),
        &mut sinks,
    )?;
    let (sink, progress) = sinks;
    progress.finish();
    let replaced = sink.replaced();
    sink.finish()?;
    let mut check = Left(0);
    scanner.par_scan(walk([args.output.clone()], options), &mut check)?;
    if !args.quiet {
        anstream::eprintln!(
            "{replaced} values replaced; a second scan of {} reports {} full values",
            args.output.display(),
            check.0
        );
    }
    Ok(if totals.inputs_failed > 0 || check.0 > 0 {
        exit::trouble()
    } else {
        exit::READ
    })
}

fn redactor(args: &RedactArgs) -> Result<Redactor> {
    let operator = match args.operator {
        RedactWith::Mask => Operator::Mask,
        RedactWith::Label => Operator::Label,
        RedactWith::Pseudonym => Operator::Pseudonym,
        RedactWith::Fake => Operator::Fake,
        RedactWith::Remove => Operator::Remove,
    };
    let redactor = Redactor::new(operator);
    match &args.key_file {
        None if args.operator == RedactWith::Pseudonym => Err(Error::config(
            "pseudonyms need --key-file: without a secret a token is undone by trying all numbers",
        )),
        None => Ok(redactor),
        Some(path) => {
            let secret = std::fs::read(path).map_err(|e| Error::io(path, e))?;
            Ok(redactor.key(PersonKey::from_secret(&secret)))
        }
    }
}

/// Counts full values in what was written.
struct Left(u64);

impl Sink for Left {
    type Rendered = u64;

    fn render(&self, page: &PageReport<'_>) -> u64 {
        page.items().filter(shows_full).count() as u64
    }

    fn accept(&mut self, n: u64) -> Result<ControlFlow<()>> {
        self.0 += n;
        Ok(ControlFlow::Continue(()))
    }
}
