//! `miandan redact`: the input again, without what was found in it.

use std::process::ExitCode;

use miandan::redact::{Operator, Redactor};
use miandan::report::PersonKey;
use miandan::source::Options;
use miandan::{Error, Result};

use super::input::{encoding, format};
use super::progress::Progress;
use super::{mention_force, setup};
use crate::args::{RedactArgs, RedactWith};
use crate::exit;

pub(crate) fn run(args: &RedactArgs) -> Result<ExitCode> {
    let scanner = setup::scanner(&args.detect)?;
    let mut options = Options::default();
    options.format = format(&args.input_format)?;
    options.encoding = encoding(&args.encoding)?;
    let mut progress = Progress::new(args.quiet, args.quiet);
    let paths = (args.input.as_path(), args.output.as_path());
    let done = redactor(args)?
        .redact_file(&scanner, paths, options, args.force, &mut progress)
        .map_err(mention_force)?;
    progress.finish();
    if !args.quiet {
        anstream::eprintln!(
            "{} values replaced; a second scan of {} reports {} full values",
            done.replaced,
            args.output.display(),
            done.left
        );
    }
    Ok(if done.totals.inputs_failed > 0 || done.left > 0 {
        exit::trouble()
    } else {
        exit::READ
    })
}

fn operator(with: RedactWith) -> Operator {
    match with {
        RedactWith::Mask => Operator::Mask,
        RedactWith::Label => Operator::Label,
        RedactWith::Pseudonym => Operator::Pseudonym,
        RedactWith::Fake => Operator::Fake,
        RedactWith::Remove => Operator::Remove,
    }
}

fn redactor(args: &RedactArgs) -> Result<Redactor> {
    let redactor = Redactor::new(operator(args.operator));
    let others = args.operator_for.iter();
    let redactor = others.fold(redactor, |r, (kind, with)| r.with(*kind, operator(*with)));
    let mut all = args.operator_for.iter().map(|(_, with)| with);
    let pseudonym =
        args.operator == RedactWith::Pseudonym || all.any(|with| *with == RedactWith::Pseudonym);
    match &args.key_file {
        None if pseudonym => Err(Error::config(
            "pseudonyms need --key-file: without a secret a token is undone by trying all numbers",
        )),
        None => Ok(redactor),
        Some(path) => {
            let secret = std::fs::read(path).map_err(|e| Error::io(path, e))?;
            Ok(redactor.key(PersonKey::from_secret(&secret)))
        }
    }
}
