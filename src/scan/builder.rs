//! Options of a scanner.

use std::sync::Arc;

use super::{Engine, Scanner};
use crate::detect::name::NameScope;
use crate::detect::{self, Detector};
use crate::error::{Error, Result};
use crate::evidence::Weights;
use crate::finding::Confidence;
use crate::kind::Kind;

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

    /// Size of a page, the unit of work of a thread, in bytes; default 256 KiB.
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
        if !(0.0..=1.0).contains(&self.min_confidence) {
            return Err(Error::config(format!(
                "min_confidence is {}; it must be a number from 0 to 1",
                self.min_confidence
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
        let mut reported = [self.kinds.is_none(); Kind::ALL.len()];
        for kind in self.kinds.into_iter().flatten() {
            reported[kind as usize] = true;
        }
        Ok(Scanner {
            engine: Arc::new(Engine {
                weights: detectors
                    .iter()
                    .map(|d| Weights::new(d.evidence()))
                    .collect(),
                detectors,
                reported,
                min_confidence: Confidence::from_ratio(self.min_confidence),
                page_bytes: self.page_bytes.clamp(64, 1 << 30),
            }),
        })
    }
}
