//! `miandan eval`: how good is the scanner on labelled texts?

use std::io::Write;
use std::process::ExitCode;

use miandan::eval::{EvalOptions, EvalReport, KindReport, Setting, Tally, evaluate, read_with};
use miandan::{Result, Scanner};

use super::{kinds, output_error};
use crate::args::{EvalArgs, ReportFormat};
use crate::exit;

/// The reliability table also looks at findings that would not be reported.
const LOWEST: f64 = 0.05;

pub(crate) fn run(args: &EvalArgs) -> Result<ExitCode> {
    let scanner = Scanner::builder()
        .min_confidence(LOWEST.min(args.min_confidence))
        .build()?;
    let options = EvalOptions {
        kinds: kinds(&args.labels)?,
        threshold: Some(args.min_confidence),
        mistakes: args.errors,
    };
    let setting = args.within.clone().map_or(Setting::Alone, Setting::Within);
    let mut sets = Vec::new();
    for path in &args.gold {
        let name = path.file_name().map_or_else(
            || path.display().to_string(),
            |n| n.to_string_lossy().into_owned(),
        );
        sets.push((name, read_with(path, &setting)?));
    }
    if args.join {
        let joined = sets.into_iter().reduce(|mut all, (name, lines)| {
            all.0 = format!("{} + {name}", all.0);
            all.1.extend(lines);
            all
        });
        sets = joined.into_iter().collect();
    }
    let mut out = anstream::stdout().lock();
    for (name, lines) in &sets {
        let report = evaluate(&scanner, lines, &options);
        let written = match args.format {
            ReportFormat::Json => json(&mut out, name, &report),
            ReportFormat::Human => human(&mut out, name, &report),
        };
        written.map_err(output_error)?;
    }
    Ok(exit::READ)
}

fn json(out: &mut impl Write, name: &str, report: &EvalReport) -> std::io::Result<()> {
    let mut value = serde_json::to_value(report)?;
    value["file"] = name.into();
    writeln!(out, "{value}")
}

fn human(out: &mut impl Write, name: &str, report: &EvalReport) -> std::io::Result<()> {
    writeln!(out, "{name}: {} lines", report.lines)?;
    writeln!(
        out,
        "  {:<22} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "", "P", "R", "F1", "found", "gold"
    )?;
    for (kind, k) in &report.kinds {
        row(out, &format!("{kind} exact"), &k.exact)?;
        row(out, &format!("{kind} overlap"), &k.overlap)?;
        if let Some(value) = &k.value {
            row(out, &format!("{kind} value"), value)?;
        }
        if let Some(han) = &k.han {
            row(out, &format!("{kind} exact, han view"), han)?;
        }
        if let Some(courier) = &k.courier {
            writeln!(
                out,
                "    courier of {} found: right {}, among those that fit {}",
                courier.found, courier.right, courier.fitting
            )?;
        }
        breakdown(out, k)?;
    }
    if let Some(link) = &report.link {
        let share = |n: u64| n as f64 / link.lines.max(1) as f64;
        writeln!(
            out,
            "  one record with the right name, mobile and address: {:.3} of {} lines (name {:.3}, mobile {:.3}, address {:.3})",
            share(link.one_right_record),
            link.lines,
            share(link.name),
            share(link.mobile),
            share(link.address)
        )?;
    }
    if let Some(listings) = &report.listings {
        row(out, "listings: sells data", &listings.sells_data)?;
        row(out, "listings: leak sample", &listings.leak_samples)?;
        for (family, [wrong, all]) in listings.families.iter().filter(|(_, n)| n[0] > 0) {
            writeln!(out, "    {family}: {wrong} of {all} wrong")?;
        }
    }
    if let Some(fields) = &report.fields {
        let share = |n: u64| n as f64 / fields.lines.max(1) as f64;
        writeln!(
            out,
            "  all fields of a delivery line right: {:.3} of {} lines (name {:.3}, mobile {:.3}, province {:.3}, city {:.3}, \
             county {:.3}, detail {:.3})",
            share(fields.all),
            fields.lines,
            share(fields.name),
            share(fields.mobile),
            share(fields.province),
            share(fields.city),
            share(fields.county),
            share(fields.detail)
        )?;
    }
    for m in &report.mistakes {
        let Some(kind) = m.kind else {
            writeln!(out, "  taken for {} [{}] {:?}", m.what, m.id, m.line)?;
            continue;
        };
        let confidence = m.confidence.map_or(String::new(), |c| format!(" {c:.2}"));
        writeln!(
            out,
            "  {} {kind}{confidence} [{}] {:?} in {:?}",
            m.what, m.id, m.text, m.line
        )?;
    }
    writeln!(out)
}

fn row(out: &mut impl Write, what: &str, t: &Tally) -> std::io::Result<()> {
    writeln!(
        out,
        "  {what:<22} {:>8.4} {:>8.4} {:>8.4} {:>8} {:>8}",
        t.precision(),
        t.recall(),
        t.f1(),
        t.found,
        t.gold
    )
}

fn breakdown(out: &mut impl Write, k: &KindReport) -> std::io::Result<()> {
    for (group, [exact, overlap]) in &k.groups {
        writeln!(
            out,
            "    recall of {group:<24} exact {:.4}, overlap {:.4} of {}",
            exact.recall(),
            overlap.recall(),
            exact.gold
        )?;
    }
    if k.clean_lines > 0 {
        let [half, high] = k.on_clean_lines;
        writeln!(
            out,
            "    on {} lines without one: {half} findings at 0.5 ({:.1} per 1,000), {high} at 0.9",
            k.clean_lines,
            half as f64 * 1_000.0 / k.clean_lines as f64
        )?;
    }
    writeln!(
        out,
        "    reliability (expected calibration error {:.3}):",
        k.reliability.expected_error()
    )?;
    for (i, bin) in k
        .reliability
        .bins
        .iter()
        .enumerate()
        .filter(|(_, b)| b.found > 0)
    {
        let n = bin.found as f64;
        writeln!(
            out,
            "      {:.1}-{:.1}: {:>6} findings, mean confidence {:.3}, right {:.3}",
            i as f64 / 10.0,
            (i + 1) as f64 / 10.0,
            bin.found,
            bin.confidence / n,
            bin.right as f64 / n
        )?;
    }
    Ok(())
}
