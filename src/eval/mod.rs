//! Measures a scanner on labelled texts: precision, recall, F1 and calibration.
//!
//! A finding is *exactly* right when a labelled span of its kind has the same borders, and right *by overlap* when it touches
//! one. Where a set gives values, a finding is right *by value* when it overlaps a span and its normalised value is the
//! labelled one. For names the *han view* leaves out findings that touch a name of another style (foreign, nickname).

mod fields;
mod gold;
mod link;
mod listing;
mod serials;
mod tally;

pub use fields::{FieldTally, GoldFields};
pub use gold::{GoldEntity, GoldLine, read, read_with};
pub use link::LinkTally;
pub use listing::ListingTally;
pub use serials::{CourierTally, Setting};
pub use tally::{Bin, Reliability, Tally};

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::finding::{Confidence, Detail, Finding, Region};
use crate::kind::{Form, Kind};
use crate::scan::{Findings, Format, Input, Scanner, Scratch};
use crate::table::courier::{code_of, index_of};

/// What was measured for one kind.
#[derive(Clone, Debug, Default, Serialize)]
pub struct KindReport {
    /// Same borders.
    pub exact: Tally,
    /// Touching.
    pub overlap: Tally,
    /// Same value, touching; only where the set gives values.
    pub value: Option<Tally>,
    /// Names only: exact, Chinese-style and minority names, findings that touch other styles left out.
    pub han: Option<Tally>,
    /// Waybills only: the couriers, where the set labels them.
    pub courier: Option<CourierTally>,
    /// Recall by group of the labelled entity (style, strength) and by category of the line: exact, then overlap.
    pub groups: BTreeMap<String, [Tally; 2]>,
    /// Reliability of the confidences from the lowest on.
    pub reliability: Reliability,
    /// Findings on lines without any labelled span of the kind, at 0.5 and at 0.9.
    pub on_clean_lines: [u64; 2],
    /// Lines without any labelled span of the kind.
    pub clean_lines: u64,
}

/// A miss or an extra finding.
#[derive(Clone, Debug, Serialize)]
pub struct Mistake {
    /// Identifier of the line.
    pub id: String,
    /// `miss` or `extra`; for listings what the listing was taken for.
    pub what: &'static str,
    /// The kind; `None` for listings.
    pub kind: Option<Kind>,
    /// The text concerned.
    pub text: String,
    /// The line it stands in.
    pub line: String,
    /// Confidence of an extra finding.
    pub confidence: Option<f64>,
}

/// What was measured on one set.
#[derive(Clone, Debug, Default, Serialize)]
pub struct EvalReport {
    /// Lines.
    pub lines: u64,
    /// By kind.
    pub kinds: BTreeMap<Kind, KindReport>,
    /// Records of delivery lines; only where the set has them.
    pub link: Option<LinkTally>,
    /// What listings were taken for; only where the set labels them.
    pub listings: Option<ListingTally>,
    /// Fields of delivery lines; only where the set labels them.
    pub fields: Option<FieldTally>,
    /// The first mistakes.
    pub mistakes: Vec<Mistake>,
}

/// What to measure.
#[derive(Clone, Debug, Default)]
pub struct EvalOptions {
    /// The kinds; default those that are labelled in the set.
    pub kinds: Vec<Kind>,
    /// Findings from this confidence on count; default 0.5.
    pub threshold: Option<f64>,
    /// How many mistakes to keep.
    pub mistakes: usize,
}

/// Scans labelled texts and compares.
///
/// `scanner` should report from a low confidence on (0.05), so that the reliability table sees weak findings, too; what counts as
/// found is decided by [`EvalOptions::threshold`].
pub fn evaluate(scanner: &Scanner, lines: &[GoldLine], options: &EvalOptions) -> EvalReport {
    let mut report = EvalReport {
        lines: lines.len() as u64,
        ..EvalReport::default()
    };
    let listings = lines.iter().any(|l| l.label.is_some());
    let labelled: BTreeSet<Kind> = lines
        .iter()
        .flat_map(|l| &l.entities)
        .filter_map(GoldEntity::kind)
        .collect();
    let kinds: Vec<Kind> = match (options.kinds.as_slice(), labelled.is_empty()) {
        ([], true) if listings => Vec::new(),
        ([], true) => vec![Kind::Name, Kind::Address, Kind::Mobile, Kind::Waybill],
        ([], false) => labelled.into_iter().collect(),
        (kinds, _) => kinds.to_vec(),
    };
    let partial = lines
        .iter()
        .flat_map(|l| &l.entities)
        .any(GoldEntity::is_partial);
    let linked = lines
        .iter()
        .any(|l| !l.other_entities.is_empty() && !l.entities.is_empty());
    let threshold = Confidence::from_ratio(options.threshold.unwrap_or(0.5));
    let mut scratch = Scratch::default();
    for line in lines {
        let input = Input::new(&line.text).format(Format::Text);
        let found = scanner.scan_with(&mut scratch, input);
        let offsets: Vec<usize> = line
            .text
            .char_indices()
            .map(|(i, _)| i)
            .chain([line.text.len()])
            .collect();
        let compared = Compared {
            scanner,
            line,
            found: &found,
            offsets: &offsets,
            partial,
            threshold,
        };
        for &kind in &kinds {
            let entry = report.kinds.entry(kind).or_default();
            compared.count(kind, entry);
            if report.mistakes.len() < options.mistakes {
                compared.mistakes(kind, options.mistakes, &mut report.mistakes);
            }
        }
        if listings {
            let tally = report.listings.get_or_insert_default();
            if let Some(said) = tally.count(line, &found)
                && report.mistakes.len() < options.mistakes
            {
                report.mistakes.push(Mistake {
                    id: line.id.clone(),
                    what: said,
                    kind: None,
                    text: String::new(),
                    line: line.text.clone(),
                    confidence: None,
                });
            }
        }
        if let Some(gold) = &line.gold {
            let tally = report.fields.get_or_insert_default();
            tally.count(scanner, &line.text, gold);
        }
        if linked {
            report
                .link
                .get_or_insert_default()
                .count(line, &found, &offsets);
        }
    }
    report
}

/// One line with what was found in it.
struct Compared<'e> {
    scanner: &'e Scanner,
    line: &'e GoldLine,
    found: &'e Findings,
    offsets: &'e [usize],
    partial: bool,
    threshold: Confidence,
}

impl Compared<'_> {
    fn span(&self, e: &GoldEntity) -> (usize, usize) {
        let at = |i: usize| self.offsets.get(i).copied().unwrap_or(self.line.text.len());
        (at(e.start), at(e.end))
    }

    fn touches(&self, f: &Finding, e: &GoldEntity) -> bool {
        let (start, end) = self.span(e);
        f.span.start < end && start < f.span.end
    }

    fn same(&self, f: &Finding, e: &GoldEntity) -> bool {
        self.span(e) == (f.span.start, f.span.end)
    }

    fn gold(&self, kind: Kind) -> impl Iterator<Item = &GoldEntity> {
        self.line
            .entities
            .iter()
            .filter(move |e| e.kind() == Some(kind))
    }

    /// The findings that are compared: partial and masked names only with sets that label them, masked numbers and
    /// mobiles of Hong Kong, Macau and Taiwan never (the sets label mainland numbers), nothing that touches an optional span.
    fn findings(&self, kind: Kind) -> impl Iterator<Item = &Finding> {
        self.found.of(kind).filter(move |f| {
            let hidden = matches!(f.form, Form::Masked | Form::Partial);
            let asked = match kind {
                Kind::Name => hidden == self.partial,
                Kind::Address => true,
                Kind::Mobile if matches!(f.detail, Detail::Mobile(m) if m.region != Region::Mainland) => false,
                _ => f.form != Form::Masked,
            };
            let optional = self.line.optional.as_deref().unwrap_or_default();
            asked && !optional.iter().any(|e| self.touches(f, e))
        })
    }

    fn value_matches(&self, f: &Finding, e: &GoldEntity) -> bool {
        e.value.as_ref().is_some_and(|value| {
            self.touches(f, e)
                && self
                    .scanner
                    .normalize(f, &self.found.value(&self.line.text, f))
                    == *value
        })
    }

    fn count_courier(&self, e: &GoldEntity, found: &[&Finding], tally: &mut CourierTally) {
        let hit = found.iter().find(|f| self.value_matches(f, e));
        let Some(Detail::Waybill(detail)) = hit.map(|f| f.detail) else {
            return;
        };
        let labelled = e.courier.as_deref().unwrap_or_default();
        let right = code_of(detail.courier) == labelled;
        let others = index_of(labelled).is_some_and(|i| detail.others >> (i & 63) & 1 != 0);
        tally.found += 1;
        tally.right += u64::from(right);
        tally.fitting += u64::from(right || others);
    }

    fn count(&self, kind: Kind, report: &mut KindReport) {
        let gold: Vec<&GoldEntity> = self.gold(kind).collect();
        let all: Vec<&Finding> = self.findings(kind).collect();
        let found: Vec<&Finding> = all
            .iter()
            .copied()
            .filter(|f| f.confidence >= self.threshold)
            .collect();
        let add = |tally: &mut Tally, hits: &dyn Fn(&Finding, &GoldEntity) -> bool| {
            tally.found += found.len() as u64;
            tally.gold += gold.len() as u64;
            tally.right += found
                .iter()
                .filter(|f| gold.iter().any(|e| hits(f, e)))
                .count() as u64;
            tally.hit += gold
                .iter()
                .filter(|e| found.iter().any(|f| hits(f, e)))
                .count() as u64;
        };
        add(&mut report.exact, &|f, e| self.same(f, e));
        add(&mut report.overlap, &|f, e| self.touches(f, e));
        let with_values = gold.iter().any(|e| e.value.is_some());
        if with_values || report.value.is_some() {
            add(
                report.value.get_or_insert(Tally {
                    found: report.exact.found - found.len() as u64,
                    ..Tally::default()
                }),
                &|f, e| self.value_matches(f, e),
            );
        }
        for e in gold.iter().filter(|e| e.courier.is_some()) {
            self.count_courier(e, &found, report.courier.get_or_insert_default());
        }
        if kind == Kind::Name && !self.partial {
            self.count_han(&gold, &found, report.han.get_or_insert_default());
        }
        for e in &gold {
            let groups = e.groups().chain(self.line.category.as_deref());
            for group in groups {
                let entry = report.groups.entry(group.to_owned()).or_default();
                for (tally, exact) in entry.iter_mut().zip([true, false]) {
                    let hits = |f: &&Finding| {
                        if exact {
                            self.same(f, e)
                        } else {
                            self.touches(f, e)
                        }
                    };
                    tally.gold += 1;
                    tally.hit += u64::from(found.iter().any(hits));
                }
            }
        }
        for f in &all {
            let right = gold.iter().any(|e| self.right(kind, f, e));
            if !self.ignored(kind, &gold, f) {
                report.reliability.insert(f.confidence.ratio(), right);
            }
        }
        if gold.is_empty() {
            report.clean_lines += 1;
            for (count, at) in report.on_clean_lines.iter_mut().zip([5_000, 9_000]) {
                *count += all.iter().filter(|f| f.confidence.basis() >= at).count() as u64;
            }
        }
    }

    /// Whether a finding is right for the reliability table: numbers by value or span, names and addresses by exact span.
    fn right(&self, kind: Kind, f: &Finding, e: &GoldEntity) -> bool {
        match kind {
            Kind::Name | Kind::Address => self.same(f, e),
            _ if e.value.is_some() => self.value_matches(f, e),
            _ => self.touches(f, e),
        }
    }

    fn ignored(&self, kind: Kind, gold: &[&GoldEntity], f: &Finding) -> bool {
        kind == Kind::Name && gold.iter().any(|e| !is_han(e) && self.touches(f, e))
    }

    fn count_han(&self, gold: &[&GoldEntity], found: &[&Finding], tally: &mut Tally) {
        let found: Vec<&&Finding> = found
            .iter()
            .filter(|f| !self.ignored(Kind::Name, gold, f))
            .collect();
        let gold: Vec<&&GoldEntity> = gold.iter().filter(|e| is_han(e)).collect();
        tally.found += found.len() as u64;
        tally.gold += gold.len() as u64;
        tally.right += found
            .iter()
            .filter(|f| gold.iter().any(|e| self.same(f, e)))
            .count() as u64;
        tally.hit += gold
            .iter()
            .filter(|e| found.iter().any(|f| self.same(f, e)))
            .count() as u64;
    }

    fn mistakes(&self, kind: Kind, limit: usize, out: &mut Vec<Mistake>) {
        let found: Vec<&Finding> = self
            .findings(kind)
            .filter(|f| f.confidence >= self.threshold)
            .collect();
        let gold: Vec<&GoldEntity> = self.gold(kind).collect();
        let mistake = |what, span: (usize, usize), confidence| Mistake {
            id: self.line.id.clone(),
            what,
            kind: Some(kind),
            text: self
                .line
                .text
                .get(span.0..span.1)
                .unwrap_or_default()
                .to_owned(),
            line: self.line.text.clone(),
            confidence,
        };
        let misses = gold
            .iter()
            .filter(|e| {
                !found
                    .iter()
                    .any(|f| self.same(f, e) || self.value_matches(f, e))
            })
            .map(|e| mistake("miss", self.span(e), None));
        let extras = found
            .iter()
            .filter(|f| {
                !gold
                    .iter()
                    .any(|e| self.same(f, e) || self.value_matches(f, e))
            })
            .map(|f| {
                mistake(
                    "extra",
                    (f.span.start, f.span.end),
                    Some(f.confidence.ratio()),
                )
            });
        let room = limit - out.len();
        out.extend(misses.chain(extras).take(room));
    }
}

fn is_han(e: &GoldEntity) -> bool {
    !matches!(e.style.as_deref(), Some("foreign" | "other" | "ignore"))
}
