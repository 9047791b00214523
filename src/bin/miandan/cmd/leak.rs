//! `miandan fingerprint` and `miandan match`: the same leak twice?

use std::io::Write;
use std::process::ExitCode;

use miandan::leak::{FingerprintSet, FingerprintSink, Fingerprinter, pairwise};
use miandan::{Error, Result};

use super::input::sources;
use super::progress::Progress;
use super::{key, output_error, setup};
use crate::args::{FingerprintArgs, MatchArgs};
use crate::exit;

pub(crate) fn fingerprint(args: &FingerprintArgs) -> Result<ExitCode> {
    let key = key(args.key_file.as_deref())?;
    let scanner = setup::scanner(&args.detect)?;
    let sink = FingerprintSink::new(Fingerprinter::new(&key));
    let mut sinks = (sink, Progress::new(args.quiet, args.quiet));
    let totals = scanner.par_scan(sources(&args.input)?, &mut sinks)?;
    let (sink, progress) = sinks;
    progress.finish();
    sink.into_set().write(&args.output)?;
    Ok(if totals.inputs_failed > 0 {
        exit::trouble()
    } else {
        exit::READ
    })
}

pub(crate) fn compare(args: &MatchArgs) -> Result<ExitCode> {
    let sets: Vec<FingerprintSet> = args
        .sets
        .iter()
        .map(|path| FingerprintSet::read(path))
        .collect::<Result<_>>()?;
    let pairs = pairwise(&sets).map_err(|e| Error::config(e.to_string()))?;
    let mut out = anstream::stdout().lock();
    for pair in &pairs {
        for overlap in &pair.overlaps {
            let mut line = serde_json::to_value(overlap).map_err(|e| output_error(e.into()))?;
            line["type"] = "match".into();
            line["a"] = args.sets[pair.a].to_string_lossy().into();
            line["b"] = args.sets[pair.b].to_string_lossy().into();
            writeln!(out, "{line}").map_err(output_error)?;
        }
    }
    Ok(exit::READ)
}
