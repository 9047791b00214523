//! `miandan fingerprint` and `miandan match`: the same leak twice?

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use miandan::leak::{FingerprintSet, FingerprintSink, Fingerprinter, Overlap, clusters, pairwise};
use miandan::{Error, Result};
use serde_json::{Value, json};

use super::input::sources;
use super::progress::Progress;
use super::{key, mention_force, output_error, setup};
use crate::args::{FingerprintArgs, MatchArgs};
use crate::exit;

pub(crate) fn fingerprint(args: &FingerprintArgs) -> Result<ExitCode> {
    let key = key(args.key_file.as_deref())?;
    // Told before hours of scanning, not after them.
    if !args.force && args.output.exists() {
        let there = std::io::ErrorKind::AlreadyExists.into();
        return Err(mention_force(Error::io(&args.output, there)));
    }
    let scanner = setup::scanner(&args.detect)?;
    let sink = FingerprintSink::new(Fingerprinter::new(&key));
    let mut sinks = (sink, Progress::new(args.quiet, args.quiet));
    let totals = scanner.par_scan(sources(&args.input)?, &mut sinks)?;
    let (sink, progress) = sinks;
    progress.finish();
    let set = sink.into_set();
    if args.force {
        set.replace(&args.output)?;
    } else {
        set.write(&args.output).map_err(mention_force)?;
    }
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
    let names: Vec<String> = args
        .sets
        .iter()
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    same_key(&sets, &names)?;
    let mut out = std::io::BufWriter::new(anstream::stdout().lock());
    let mut write = |line: Value| writeln!(out, "{line}").map_err(output_error);
    let foreign = |e: miandan::leak::SetError| Error::config(e.to_string());
    if let Some(path) = &args.canaries {
        let canaries = read_canaries(path, &sets)?;
        for (set, name) in sets.iter().zip(&names) {
            for overlap in Overlap::by_class(&canaries, set).map_err(foreign)? {
                if overlap.shared > 0 {
                    write(json!({
                        "type": "canary", "set": name, "class": overlap.class,
                        "found": overlap.shared, "planted": overlap.in_a,
                    }))?;
                }
            }
        }
    }
    let pairs = pairwise(&sets).map_err(foreign)?;
    for pair in &pairs {
        for overlap in &pair.overlaps {
            let mut line = serde_json::to_value(overlap).map_err(|e| output_error(e.into()))?;
            line["type"] = "match".into();
            line["a"] = names[pair.a].as_str().into();
            line["b"] = names[pair.b].as_str().into();
            write(line)?;
        }
    }
    if args.clusters {
        let groups = clusters(sets.len(), &pairs, args.min_shared, args.min_containment);
        for group in groups.iter().filter(|g| g.len() > 1) {
            let members: Vec<&str> = group.iter().map(|i| names[*i].as_str()).collect();
            write(json!({ "type": "cluster", "sets": members }))?;
        }
    }
    out.flush().map_err(output_error)?;
    Ok(exit::READ)
}

/// Sets made under different keys share nothing by chance, which must not be taken for an answer.
fn same_key(sets: &[FingerprintSet], names: &[String]) -> Result<()> {
    let (Some(first), Some(name)) = (sets.first(), names.first()) else {
        return Ok(());
    };
    match sets.iter().position(|s| s.key_id() != first.key_id()) {
        None => Ok(()),
        Some(other) => Err(Error::config(format!(
            "{} was made under another key than {name}; sets can be compared only under one key",
            names[other]
        ))),
    }
}

fn read_canaries(path: &Path, sets: &[FingerprintSet]) -> Result<FingerprintSet> {
    let canaries = FingerprintSet::read(path)?;
    if sets.iter().any(|s| s.key_id() != canaries.key_id()) {
        return Err(Error::config(format!(
            "the canaries of {} were made under another key than the sets",
            path.display()
        )));
    }
    Ok(canaries)
}
