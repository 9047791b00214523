//! The summary and what follows from it, as one value and as text for people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::attribution::{Statement, attribute};
use super::law::{LawReference, Thresholds};
use super::persons::SKETCH_ERROR;
use super::summary::{Figures, Flaw, Summary};
use crate::table::{courier, region};

/// What a case comes to. Made from counts only, so it can be made again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The numbers of the summary.
    pub figures: Figures,
    /// Whether the number of distinct persons is exact.
    pub persons_exact: bool,
    /// Records of somebody who was seen before.
    pub duplicates: u64,
    /// Records about a sender; the others are about receivers or do not say.
    pub sender_records: u64,
    /// Records by what is wrong with them.
    pub flaws: BTreeMap<Flaw, u64>,
    /// Share of names, mobiles and addresses that are masked, 0 … 1.
    pub masked_share: f64,
    /// Masked values that hide as much as GB/T 41833 asks.
    pub conforming_masks: u64,
    /// Masked values that stand beside their full value.
    pub mask_breaks: u64,
    /// The middle 98 % of the dates seen, as numbers yyyymmdd.
    pub date_window: Option<(u32, u32)>,
    /// The thresholds of the law, as a reference.
    pub law: LawReference,
    /// Where the leak may have been.
    pub attribution: Vec<Statement>,
}

/// A part of a report for people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// Its lines: what, and how much. A line without an amount is a sentence.
    pub lines: Vec<(String, String)>,
}

impl Report {
    /// The report of a summary.
    pub fn new(summary: &Summary, thresholds: &Thresholds) -> Report {
        Report {
            figures: summary.figures(),
            persons_exact: summary.persons.is_exact(),
            duplicates: summary.duplicates(),
            sender_records: summary.sender_records,
            flaws: summary.flaws.clone(),
            masked_share: summary.masked_share(),
            conforming_masks: summary.conforming_masks,
            mask_breaks: summary.mask_breaks,
            date_window: summary.date_window(),
            law: LawReference::new(summary, thresholds),
            attribution: attribute(summary),
        }
    }

    /// The report as text for people, in sections.
    pub fn sections(&self) -> Vec<Section> {
        let figures = &self.figures;
        let line = |what: &str, n: u64| (what.to_owned(), n.to_string());
        let persons = if self.persons_exact {
            figures.distinct_persons.to_string()
        } else {
            format!(
                "{} ± {:.1} %",
                figures.distinct_persons,
                200.0 * SKETCH_ERROR
            )
        };
        let mut counts = vec![
            line("inputs read", figures.inputs.read),
            line("inputs left out", figures.inputs.skipped),
            line("inputs failed", figures.inputs.failed),
            line("rows", figures.rows),
            line("records", figures.records),
            line("complete records", figures.complete_records),
            ("distinct persons".to_owned(), persons),
            line("duplicates", self.duplicates),
            line("records about senders", self.sender_records),
            line("records with a flaw", figures.invalid_records),
        ];
        counts.extend(
            self.flaws
                .iter()
                .map(|(flaw, n)| line(flaw_text(*flaw), *n)),
        );
        counts.extend(figures.findings.iter().map(|(kind, n)| line(kind.id(), *n)));
        let percent = format!("{:.1} %", 100.0 * self.masked_share);
        let masks = vec![
            ("masked names, mobiles and addresses".to_owned(), percent),
            line("masks that conform to GB/T 41833", self.conforming_masks),
            line("masks beside their full value", self.mask_breaks),
        ];
        let couriers = ranked(figures.couriers.iter(), |code| {
            let name = courier::index_of(code).map_or("", courier::name_of);
            format!("{code} {name}").trim_end().to_owned()
        });
        let provinces = ranked(figures.provinces.iter(), |code| division(**code));
        let mut law: Vec<(String, String)> = self
            .law
            .counts
            .iter()
            .map(|c| {
                (
                    c.count.clone(),
                    format!("{} = {:.2} times the threshold", c.items, c.ratio),
                )
            })
            .collect();
        law.extend(
            self.law
                .assumptions
                .iter()
                .map(|a| (a.clone(), String::new())),
        );
        let mut source: Vec<(String, String)> = Vec::new();
        for statement in &self.attribution {
            source.push((statement.text.clone(), String::new()));
            source.extend(
                statement
                    .evidence
                    .iter()
                    .map(|(what, share)| (what.to_string(), share.to_string())),
            );
        }
        [
            ("Counts", counts),
            ("Waybills by courier", couriers),
            ("Addresses by province", provinces),
            ("Masks", masks),
            (
                "Thresholds of 法释〔2017〕10号 art. 5, a reference and no verdict",
                law,
            ),
            ("Where it may have leaked", source),
        ]
        .into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(title, lines)| Section { title, lines })
        .collect()
    }
}

/// Counts under the names of what is counted, the largest first.
fn ranked<'n, K: Ord>(
    counts: impl Iterator<Item = (K, &'n u64)>,
    name: impl Fn(&K) -> String,
) -> Vec<(String, String)> {
    let mut list: Vec<(K, u64)> = counts.map(|(key, n)| (key, *n)).collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list.iter()
        .map(|(key, n)| (name(key), n.to_string()))
        .collect()
}

/// The name of a division with its code.
pub(super) fn division(code: u32) -> String {
    match region::by_code(code) {
        Some(region) => format!("{} {code}", region.name.text()),
        None => code.to_string(),
    }
}

const fn flaw_text(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::FillerName => "  placeholder name",
        Flaw::FillerMobile => "  placeholder mobile",
        Flaw::DeadPrefix => "  mobile prefix not allocated",
        Flaw::FailedCheck => "  waybill check digit wrong",
        Flaw::ImpossibleRegion => "  no such province",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_survives_json_and_has_text() {
        let mut summary = Summary::default();
        summary.couriers.insert("SF".into(), 30);
        summary.flaws.insert(Flaw::FillerName, 2);
        let report = Report::new(&summary, &Thresholds::default());
        let json = serde_json::to_string(&report).expect("plain data");
        assert_eq!(
            serde_json::from_str::<Report>(&json).expect("same shape"),
            report
        );
        let titles: Vec<&str> = report.sections().iter().map(|s| s.title).collect();
        assert_eq!(titles.len(), 5);
        assert_eq!(division(330_100), "杭州市 330100");
    }
}
