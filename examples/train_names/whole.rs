//! Labelled texts through a scanner with any model: what `miandan eval` says of the one that ships.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use miandan::detect::address::AddressDetector;
use miandan::detect::bank_card::BankCardDetector;
use miandan::detect::email::EmailDetector;
use miandan::detect::handle::HandleDetector;
use miandan::detect::id_card::IdCardDetector;
use miandan::detect::landline::LandlineDetector;
use miandan::detect::mobile::MobileDetector;
use miandan::detect::name::NameDetector;
use miandan::detect::waybill::WaybillDetector;
use miandan::eval::{self, EvalOptions, EvalReport};
use miandan::{Kind, Scanner};

use crate::train::read_model;

/// A line a set: precision, recall and F1 of Chinese-style names, names in lines without one at 0.5 and 0.9, calibration error, recall of
/// groups of names, and the share of delivery lines with the right record.
pub(crate) fn measured(file: &str, sets: &[&str]) -> String {
    let model = Box::leak(Box::new(read_model(file)));
    let scanner = Scanner::builder()
        .without_builtin()
        .detector(MobileDetector::new())
        .detector(WaybillDetector::new())
        .detector(IdCardDetector::new())
        .detector(BankCardDetector::new())
        .detector(LandlineDetector::new())
        .detector(EmailDetector::new())
        .detector(HandleDetector::new())
        .detector(AddressDetector)
        .detector(NameDetector::new().model(model))
        .min_confidence(0.05)
        .build()
        .expect("settings that fit together");
    let mut out = String::from("P     R     F1    hits at .5, .9, lines; calibration error\n");
    for set in sets {
        let path = Path::new(set);
        let lines = eval::read(path).expect("labelled texts");
        let report = eval::evaluate(&scanner, &lines, &EvalOptions::default());
        out += &row(&report);
        let _ = writeln!(out, "  {}", path.file_stem().unwrap_or_default().display());
    }
    out
}

fn row(report: &EvalReport) -> String {
    let mut out = String::new();
    if let Some(names) = report.kinds.get(&Kind::Name) {
        let exact = names.han.unwrap_or(names.exact);
        let [at_half, at_nine] = names.on_clean_lines;
        let _ = write!(
            out,
            "{:.4} {:.4} {:.4} {at_half}, {at_nine} of {}; {:.3}",
            exact.precision(),
            exact.recall(),
            exact.f1(),
            names.clean_lines,
            names.reliability.expected_error(),
        );
        let groups: BTreeMap<_, _> = names.groups.iter().filter(|(g, _)| *g != "han").collect();
        for (group, [exact, _]) in groups {
            let _ = write!(out, " {group} {}/{}", exact.hit, exact.gold);
        }
    }
    if let Some(link) = &report.link {
        let _ = write!(out, " {link:?}");
    }
    out
}
