//! Options of a scanner.

use std::collections::HashSet;
use std::sync::Arc;

use super::selection::Selection;
use super::{Allow, Engine, Scanner};
use crate::detect::name::NameScope;
use crate::detect::{self, Detector};
use crate::error::{Error, Result};
use crate::evidence::Weights;
use crate::finding::Confidence;
use crate::kind::Kind;
use crate::table::Words;

/// Builds a [`Scanner`].
///
/// ```
/// use miandan::{Kind, Scanner};
/// let scanner = Scanner::builder().kinds([Kind::Mobile]).min_confidence(0.9).build()?;
/// assert_eq!(scanner.scan("张伟 13812345678").len(), 1);
/// # Ok::<(), miandan::Error>(())
/// ```
pub struct ScannerBuilder {
    kinds: Option<Vec<Kind>>,
    min_confidence: f64,
    thresholds: Vec<(Kind, f64)>,
    words: Words,
    text_fields: Vec<String>,
    allow: Option<Allow>,
    public_figures: HashSet<String>,
    builtin: bool,
    detectors: Vec<Arc<dyn Detector>>,
    page_bytes: usize,
    name_scope: NameScope,
}

impl Default for ScannerBuilder {
    fn default() -> ScannerBuilder {
        ScannerBuilder {
            kinds: None,
            min_confidence: 0.5,
            thresholds: Vec::new(),
            words: Words::default(),
            text_fields: Vec::new(),
            allow: None,
            public_figures: HashSet::new(),
            builtin: true,
            detectors: Vec::new(),
            page_bytes: super::PAGE_BYTES,
            name_scope: NameScope::default(),
        }
    }
}

impl std::fmt::Debug for ScannerBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScannerBuilder")
            .field("kinds", &self.kinds)
            .field("min_confidence", &self.min_confidence)
            .finish_non_exhaustive()
    }
}

impl ScannerBuilder {
    /// Which kinds are reported; default all. The others are still looked for, since they are evidence.
    #[must_use]
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = Kind>) -> ScannerBuilder {
        self.kinds = Some(kinds.into_iter().collect());
        self
    }

    /// Findings below this confidence are not reported; default 0.5.
    #[must_use]
    pub fn min_confidence(mut self, ratio: f64) -> ScannerBuilder {
        self.min_confidence = ratio;
        self
    }

    /// A threshold for one kind, instead of [`min_confidence`](Self::min_confidence).
    #[must_use]
    pub fn min_confidence_of(mut self, kind: Kind, ratio: f64) -> ScannerBuilder {
        self.thresholds.push((kind, ratio));
        self
    }

    /// Words of the caller's own that name a field: column headers, JSON keys, labels.
    #[must_use]
    pub fn words(mut self, words: Words) -> ScannerBuilder {
        self.words = words;
        self
    }

    /// Scans only these fields of tables and JSON; default all.
    ///
    /// A field is a column's header or 1-based position, a key of a JSON row, or a JSON pointer (`/buyer/phone`) with all that
    /// is below it. Running text is scanned whole. An input that has none of the fields gets a warning.
    ///
    /// ```
    /// use miandan::{Kind, Scanner};
    /// let scanner = Scanner::builder().text_fields(["remark"]).build()?;
    /// let rows = "{\"mobile\":\"13812345678\",\"remark\":\"打13987654321\"}\n";
    /// let findings = scanner.scan(rows);
    /// let found: Vec<&str> = findings.of(Kind::Mobile).map(|f| &rows[f.span.range()]).collect();
    /// assert_eq!(found, ["13987654321"]);
    /// # Ok::<(), miandan::Error>(())
    /// ```
    #[must_use]
    pub fn text_fields<S: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = S>,
    ) -> ScannerBuilder {
        self.text_fields = names.into_iter().map(Into::into).collect();
        self
    }

    /// Leaves out findings that are known and nobody's leak, such as the shop's own hotline: those for whose kind and
    /// normalised value `allow` says so. They are counted, join no record, and are evidence for their neighbours all the same.
    ///
    /// ```
    /// use miandan::{Kind, Scanner};
    /// let own = |kind, value: &str| kind == Kind::Mobile && value == "13812345678";
    /// let scanner = Scanner::builder().allow(own).build()?;
    /// let findings = scanner.scan("电话 138-1234-5678 或 13987654321");
    /// assert_eq!((findings.len(), findings.allowed()), (1, 1));
    /// # Ok::<(), miandan::Error>(())
    /// ```
    #[must_use]
    pub fn allow(
        mut self,
        allow: impl Fn(Kind, &str) -> bool + Send + Sync + 'static,
    ) -> ScannerBuilder {
        self.allow = Some(Arc::new(allow));
        self
    }

    /// Leaves out the names of public figures, authors and actors in product titles and news, where nothing connects them with a
    /// customer: no label or header of a name, and no sure mobile, address or waybill in the same row or close by. Their
    /// namesakes among the customers are reported. What is left out is counted in `allowed`. No list comes with the library.
    ///
    /// ```
    /// use miandan::{Kind, Scanner};
    /// let scanner = Scanner::builder().public_figures(["柯慧明"]).build()?;
    /// let names = |text: &str| scanner.scan(text).of(Kind::Name).count();
    /// assert_eq!(names("昨天，记者柯慧明从杭州发来报道。"), 0);
    /// assert_eq!(names("收货人：柯慧明 电话：18100000001"), 1);
    /// # Ok::<(), miandan::Error>(())
    /// ```
    #[must_use]
    pub fn public_figures<S: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = S>,
    ) -> ScannerBuilder {
        self.public_figures
            .extend(names.into_iter().map(Into::into));
        self
    }

    /// Where names are looked for; default everywhere.
    #[must_use]
    pub fn name_scope(mut self, scope: NameScope) -> ScannerBuilder {
        self.name_scope = scope;
        self
    }

    /// Adds a detector of the caller's own; it runs after the built-in ones and sees their candidates.
    #[must_use]
    pub fn detector(mut self, detector: impl Detector + 'static) -> ScannerBuilder {
        self.detectors.push(Arc::new(detector));
        self
    }

    /// Leaves the built-in detectors out. A scanner without any detector still reads: its pages have rows and warnings.
    #[must_use]
    pub fn without_builtin(mut self) -> ScannerBuilder {
        self.builtin = false;
        self
    }

    /// Size of a page, the unit of work of a thread, in bytes; default 128 KiB.
    ///
    /// Findings do not depend on it.
    #[must_use]
    pub fn page_bytes(mut self, bytes: usize) -> ScannerBuilder {
        self.page_bytes = bytes;
        self
    }

    /// Builds the scanner.
    ///
    /// # Errors
    /// [`Error::Config`] when the confidence is not a number from 0 to 1, when no kind is left, or when there are more than
    /// 250 detectors.
    pub fn build(self) -> Result<Scanner> {
        let ratios = self.thresholds.iter().map(|(_, ratio)| *ratio);
        if let Some(wrong) = std::iter::once(self.min_confidence)
            .chain(ratios)
            .find(|ratio| !(0.0..=1.0).contains(ratio))
        {
            return Err(Error::config(format!(
                "min_confidence is {wrong}; it must be a number from 0 to 1"
            )));
        }
        if self.kinds.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::config("no kind is selected; name at least one"));
        }
        let mut detectors = if self.builtin {
            detect::builtin(self.name_scope)
        } else {
            Vec::new()
        };
        detectors.extend(self.detectors);
        if detectors.len() > 250 {
            return Err(Error::config("more than 250 detectors"));
        }
        let mut floors = [Some(Confidence::from_ratio(self.min_confidence)); Kind::ALL.len()];
        for (kind, ratio) in self.thresholds {
            floors[kind as usize] = Some(Confidence::from_ratio(ratio));
        }
        if let Some(kinds) = self.kinds {
            for kind in Kind::ALL.into_iter().filter(|kind| !kinds.contains(kind)) {
                floors[kind as usize] = None;
            }
        }
        Ok(Scanner {
            engine: Arc::new(Engine {
                weights: detectors
                    .iter()
                    .map(|d| Weights::new(d.evidence()))
                    .collect(),
                detectors,
                floors,
                words: self.words,
                selection: (!self.text_fields.is_empty()).then(|| Selection::new(self.text_fields)),
                allow: self.allow,
                public_figures: Arc::new(self.public_figures),
                page_bytes: self.page_bytes.clamp(64, 1 << 30),
            }),
        })
    }
}
