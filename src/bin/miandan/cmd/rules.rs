//! `miandan rules`: what is looked for, with examples.

use std::io::Write;
use std::process::ExitCode;

use miandan::Result;
use miandan::detect::{Family, RuleCard};

use super::{output_error, setup};
use crate::args::{ReportFormat, RulesArgs};
use crate::exit;

pub(crate) fn run(args: &RulesArgs) -> Result<ExitCode> {
    let scanner = setup::scanner(&args.detect)?;
    let mut out = anstream::stdout().lock();
    for card in scanner.rules() {
        let written = match args.format {
            ReportFormat::Human => human(&mut out, card),
            ReportFormat::Json => json(&mut out, card),
        };
        written.map_err(output_error)?;
    }
    Ok(exit::READ)
}

fn human(out: &mut impl Write, card: &RuleCard) -> std::io::Result<()> {
    writeln!(out, "{}  {}", card.id, card.title)?;
    for line in card.help.lines() {
        writeln!(out, "    {}", line.trim())?;
    }
    for example in card.examples {
        writeln!(out, "    found      {example:?}")?;
    }
    for example in card.counter_examples {
        writeln!(out, "    not found  {example:?}")?;
    }
    for family in card.families() {
        writeln!(out, "    {}  {}", family.id, family.title)?;
        writeln!(out, "        found      {:?}", family.example)?;
        writeln!(out, "        not found  {:?}", family.counter_example)?;
    }
    for reference in card.references {
        writeln!(out, "    source     {reference}")?;
    }
    writeln!(out)
}

fn json(out: &mut impl Write, card: &RuleCard) -> std::io::Result<()> {
    let family = |f: Family| {
        serde_json::json!({
            "id": f.id,
            "title": f.title,
            "example": f.example,
            "counter_example": f.counter_example,
        })
    };
    let families: Vec<_> = card.families().into_iter().map(family).collect();
    let value = serde_json::json!({
        "id": card.id,
        "kind": card.kind,
        "title": card.title,
        "help": card.help,
        "examples": card.examples,
        "counter_examples": card.counter_examples,
        "families": families,
        "references": card.references,
    });
    writeln!(out, "{value}")
}
