//! Counting while a scan runs.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use super::dates::each_date;
use super::facts::{lone_mobile, record_facts};
use super::law::MaskConformity;
use super::persons::{DistinctCounter, PersonKey};
use super::summary::{EncodingCounts, HEADS, RecordFacts, Summary};
use crate::error::Result;
use crate::finding::Detail;
use crate::kind::{Form, Kind};
use crate::record::Column;
use crate::scan::{PageReport, RowFindings, Sink};
use crate::table::courier;
use crate::text::encoding::Certainty;

/// A [`Sink`] that makes a [`Summary`].
#[derive(Debug, Default)]
pub struct SummarySink {
    summary: Summary,
    /// What is not yet in the summary.
    pending: Counts,
    key: PersonKey,
    /// Whether something of the current input was left unread.
    lossy: bool,
}

/// What a page adds.
#[derive(Debug)]
pub struct PageSummary {
    summary: Summary,
    seen: Seen,
    last: bool,
    lossy: bool,
    skipped: bool,
}

impl SummarySink {
    /// A sink whose hashes of people are made under `key`. Summaries made under different keys count people twice when merged.
    pub fn with_key(key: PersonKey) -> SummarySink {
        SummarySink {
            key,
            ..SummarySink::default()
        }
    }

    /// Counts people exactly up to so many and estimates beyond; see [`EXACT_LIMIT`](super::EXACT_LIMIT) for the usual number.
    #[must_use]
    pub fn exact_up_to(mut self, people: usize) -> SummarySink {
        self.summary.persons = DistinctCounter::with_limit(people);
        self
    }

    /// Counts one row of a data frame, which is a row but no input.
    pub fn add_row(&mut self, row: &RowFindings<'_>) {
        self.summary.bytes += row.bytes();
        self.summary.rows += 1;
        let seen = count_page(&row.page(), self.key, &mut self.summary);
        seen.add_to(&mut self.summary, &mut self.pending);
    }

    /// What was counted so far.
    pub fn summary(&mut self) -> &Summary {
        self.pending.move_to(&mut self.summary);
        &self.summary
    }

    /// What was counted.
    pub fn into_summary(mut self) -> Summary {
        self.pending.move_to(&mut self.summary);
        self.summary
    }
}

/// What is counted for nearly every record, in tables that take less time than the sorted maps of a [`Summary`].
#[derive(Debug, Default)]
struct Counts {
    dates: FxHashMap<u32, u64>,
    /// By courier and first digits of the serial.
    heads: FxHashMap<&'static str, Box<[u64; HEADS]>>,
}

#[allow(clippy::iter_over_hash_type, reason = "sums are the same in any order")]
impl Counts {
    fn move_to(&mut self, summary: &mut Summary) {
        for (date, n) in self.dates.drain() {
            *summary.dates.entry(date).or_default() += n;
        }
        for (courier, heads) in self.heads.drain() {
            for (head, n) in heads.iter().enumerate().filter(|(_, n)| **n > 0) {
                summary.count_head(courier, head, *n);
            }
        }
    }
}

impl Sink for SummarySink {
    type Rendered = Box<PageSummary>;

    fn render(&self, page: &PageReport<'_>) -> Box<PageSummary> {
        let mut summary = Summary {
            bytes: page.bytes().len() as u64,
            rows: page.rows(),
            ..Summary::default()
        };
        if page.is_first() && page.unit().layout.columns.iter().any(shows_trade) {
            summary.transaction_inputs = 1;
        }
        if page.is_first() && !page.bytes().is_empty() {
            let unit = page.unit();
            let counts = match unit.certainty {
                Certainty::Likely => EncodingCounts {
                    likely: 1,
                    certain: 0,
                },
                Certainty::Given | Certainty::Certain => EncodingCounts {
                    likely: 0,
                    certain: 1,
                },
            };
            summary.encodings.insert(unit.encoding.id().into(), counts);
        }
        let seen = count_page(page, self.key, &mut summary);
        Box::new(PageSummary {
            summary,
            seen,
            last: page.is_last(),
            lossy: page.warnings().iter().any(|w| w.loss),
            skipped: page.is_skipped(),
        })
    }

    fn accept(&mut self, page: Box<PageSummary>) -> Result<ControlFlow<()>> {
        self.summary.merge(page.summary);
        page.seen.add_to(&mut self.summary, &mut self.pending);
        self.lossy |= page.lossy;
        if page.last {
            if std::mem::take(&mut self.lossy) {
                self.summary.inputs_failed += 1;
            } else if page.skipped {
                self.summary.inputs_skipped += 1;
            } else {
                self.summary.inputs_read += 1;
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Whether a column tells what was bought or for how much.
fn shows_trade(column: &Column) -> bool {
    const WORDS: [&str; 14] = [
        "商品", "品名", "宝贝", "货品", "物品", "价格", "金额", "单价", "总价", "实付", "goods",
        "price", "amount", "sku",
    ];
    let header = column.header.as_deref().unwrap_or_default().to_lowercase();
    WORDS.iter().any(|w| header.contains(w))
}

/// What a summary remembers of a page, so that nothing is counted twice. Making sets of it for every page, only to merge them,
/// would cost more than all the rest.
#[derive(Debug, Default)]
struct Seen {
    records: Vec<RecordFacts>,
    /// People whose mobile numbers stand outside records.
    lone: Vec<u64>,
    dates: FxHashMap<u32, u64>,
}

#[allow(clippy::iter_over_hash_type, reason = "sums are the same in any order")]
impl Seen {
    fn add_to(self, summary: &mut Summary, counts: &mut Counts) {
        summary.remember(&self.records);
        summary.persons.extend(self.lone);
        for (courier, head) in self.records.iter().filter_map(RecordFacts::serial_head) {
            let heads = counts.heads.entry(courier);
            heads.or_insert_with(|| Box::new([0; HEADS]))[head] += 1;
        }
        for (date, n) in self.dates {
            *counts.dates.entry(date).or_default() += n;
        }
    }
}

/// Counts findings, records and the dates beside them; gives what is to be remembered.
fn count_page(page: &PageReport<'_>, key: PersonKey, summary: &mut Summary) -> Seen {
    if page.is_empty() {
        return Seen::default();
    }
    let lone = count_findings(page, key, summary);
    let records = page.records().map(|(_, record)| {
        let facts = record_facts(page, record, key);
        summary.count_record(&facts);
        facts
    });
    let records = records.collect();
    let mut dates = FxHashMap::default();
    each_date(page.bytes(), |date| *dates.entry(date).or_default() += 1);
    Seen {
        records,
        lone,
        dates,
    }
}

/// Counts in arrays first: a map entry per finding would cost more than the rest of the page. Gives the people whose mobile
/// numbers stand outside records.
fn count_findings(page: &PageReport<'_>, key: PersonKey, summary: &mut Summary) -> Vec<u64> {
    const FORMS: [Form; 4] = [Form::Full, Form::Partial, Form::Masked, Form::Disguised];
    let mut forms = [[0u64; 4]; Kind::ALL.len()];
    let mut couriers = [0u64; 256];
    let mut provinces = [0u64; 100];
    let mut lone = Vec::new();
    for item in page.items() {
        let finding = item.finding();
        forms[finding.kind as usize][finding.form as usize] += 1;
        if finding.form == Form::Masked
            && MaskConformity::of(finding.kind, &item.value()).is_some_and(|m| m.conforms)
        {
            summary.conforming_masks += 1;
        }
        match finding.detail {
            Detail::Waybill(d) => couriers[usize::from(d.courier)] += 1,
            Detail::Address(d) if d.province != 0 => {
                provinces[(d.province / 10_000 % 100) as usize] += 1;
            }
            Detail::Mobile(_) if item.record_index().is_none() => {
                if let Some(person) = lone_mobile(&item, key) {
                    summary.identified += 1;
                    lone.push(person);
                }
            }
            _ => {}
        }
    }
    for (kind, counts) in Kind::ALL.into_iter().zip(forms) {
        for (form, n) in FORMS.into_iter().zip(counts) {
            summary.add_findings(kind, form, n);
        }
    }
    for (courier, n) in couriers.into_iter().enumerate().filter(|(_, n)| *n > 0) {
        let code = courier::code_of(courier as u8).to_owned();
        *summary.couriers.entry(code).or_default() += n;
    }
    for (province, n) in provinces.into_iter().enumerate().filter(|(_, n)| *n > 0) {
        *summary
            .provinces
            .entry(province as u32 * 10_000)
            .or_default() += n;
    }
    lone
}
