//! The front door: [`Scanner`] and what it takes and gives.

mod builder;
mod columns;
pub(crate) mod cut;
pub(crate) mod fault;
mod form;
mod html;
mod input;
mod locate;
mod memory;
mod page;
#[cfg(any(feature = "parallel", test))]
mod pager;
#[cfg(feature = "parallel")]
mod parallel;
#[cfg(any(feature = "parallel", test))]
mod read_buffer;
mod report;
mod rows;
mod schema;
mod scratch;
mod selection;
mod sink;
pub(crate) mod sniff;
mod structure;
mod texts;

pub use builder::ScannerBuilder;
pub use input::{Format, Input, Origin, Unit};
pub use report::{Findings, Item, PageReport, Place, UnitInfo, Warning};
pub use rows::{RowFindings, RowPlace, RowScanner};
pub use scratch::Scratch;
pub use sink::{Sink, Sourced, Totals};
pub use texts::RowText;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use crate::detect::{Detector, RuleCard};
use crate::error::Result;
use crate::evidence::{Evidence, Weight, Weights};
use crate::finding::{Confidence, Finding};
use crate::kind::Kind;
use crate::table::Words;
use crate::text::{folded, mapped};

/// Bytes of a page, the unit of work of a thread. Pages of twice the size save one or two per cent of the instructions on clean
/// text and none on a dense dump, and nearly double the memory of a scan whose findings are written as JSON Lines.
pub(crate) const PAGE_BYTES: usize = 128 * 1024;

/// Finds personal data. Immutable, `Send + Sync`, and cheap to clone: clones share the engine.
///
/// ```
/// use miandan::{Kind, Scanner};
///
/// let scanner = Scanner::new()?;
/// let text = "收件人：张伟 电话：13812345678 地址：浙江省杭州市西湖区文三路 128 号";
/// let findings = scanner.scan(text);
/// let mobile = findings.of(Kind::Mobile).next().unwrap();
/// assert_eq!(&text[mobile.span.range()], "13812345678");
/// # Ok::<(), miandan::Error>(())
/// ```
#[derive(Clone)]
pub struct Scanner {
    engine: Arc<Engine>,
}

/// Says of a kind and a normalised value whether it is left out.
pub(crate) type Allow = Arc<dyn Fn(Kind, &str) -> bool + Send + Sync>;

pub(crate) struct Engine {
    pub(crate) detectors: Vec<Arc<dyn Detector>>,
    /// One for each detector.
    pub(crate) weights: Vec<Weights>,
    /// From which confidence on each kind is reported; `None` = never.
    pub(crate) floors: [Option<Confidence>; Kind::ALL.len()],
    pub(crate) words: Words,
    /// The fields that are scanned; `None` = all.
    pub(crate) selection: Option<selection::Selection>,
    pub(crate) allow: Option<Allow>,
    /// Normalised names that are left out where they are no customer's.
    pub(crate) public_figures: Arc<HashSet<String>>,
    pub(crate) page_bytes: usize,
}

impl std::fmt::Debug for Scanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scanner")
            .field("detectors", &self.engine.detectors.len())
            .field("floors", &self.engine.floors)
            .finish_non_exhaustive()
    }
}

impl Scanner {
    /// A scanner with default options.
    ///
    /// # Errors
    /// Never with the tables as shipped; see [`ScannerBuilder::build`].
    pub fn new() -> Result<Scanner> {
        Scanner::builder().build()
    }

    /// Options for a scanner.
    pub fn builder() -> ScannerBuilder {
        ScannerBuilder::default()
    }

    /// Buffers for [`scan_with`](Self::scan_with); one per thread.
    pub fn scratch(&self) -> Scratch {
        Scratch::default()
    }

    /// Scans bytes or text that lie in memory.
    pub fn scan<'h>(&self, input: impl Into<Input<'h>>) -> Findings {
        self.scan_with(&mut Scratch::default(), input)
    }

    /// The rule cards of every detector, in the order in which they run.
    pub fn rules(&self) -> impl Iterator<Item = &RuleCard> {
        self.engine.detectors.iter().map(|d| d.card())
    }

    /// The rule that made a finding.
    pub fn rule(&self, finding: &Finding) -> &RuleCard {
        self.detector(finding).card()
    }

    /// The evidence for a finding; prior and weights add up to [`Finding::score`].
    pub fn explain(&self, finding: &Finding) -> Vec<Evidence> {
        self.detector(finding)
            .evidence()
            .explain(finding.evidence, finding.measured)
    }

    /// As [`explain`](Self::explain), without a list.
    pub(crate) fn each_evidence(&self, finding: &Finding, tell: impl FnMut(&'static str, Weight)) {
        self.detector(finding)
            .evidence()
            .each(finding.evidence, finding.measured, tell);
    }

    /// The score of the finding's rule before any evidence, in milli-logits.
    pub fn prior(&self, finding: &Finding) -> Weight {
        self.detector(finding).evidence().prior
    }

    /// The value in the one spelling in which equal values are equal; `text` is the decoded text under the span.
    pub fn normalize<'t>(&self, finding: &Finding, text: &'t str) -> Cow<'t, str> {
        let detector = self.detector(finding);
        mapped(folded(text), |text| detector.normalize(text))
    }

    /// The same scanner with another threshold.
    pub(crate) fn with_confidence(&self, min_confidence: Confidence) -> Scanner {
        let engine = &self.engine;
        Scanner {
            engine: Arc::new(Engine {
                detectors: engine.detectors.clone(),
                weights: engine.weights.clone(),
                floors: engine.floors.map(|floor| floor.map(|_| min_confidence)),
                words: engine.words.clone(),
                selection: engine.selection.clone(),
                allow: engine.allow.clone(),
                public_figures: Arc::clone(&engine.public_figures),
                page_bytes: engine.page_bytes,
            }),
        }
    }

    fn detector(&self, finding: &Finding) -> &dyn Detector {
        self.engine.detectors[usize::from(finding.rule)].as_ref()
    }
}
