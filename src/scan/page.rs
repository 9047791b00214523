//! One page from bytes to findings.

use super::input::Input;
use super::report::{Findings, Place};
use super::scratch::Scratch;
use super::{Engine, Scanner};
use crate::finding::Finding;
use crate::score;
use crate::text::{Escapes, View, fold};

impl Scanner {
    /// Scans an input that lies in memory, with buffers that are used again.
    pub fn scan_with(&self, scratch: &mut Scratch, input: Input<'_>) -> Findings {
        let mut found = Findings::default();
        let Ok(text) = simdutf8::basic::from_utf8(input.bytes) else {
            return found;
        };
        let Scratch {
            folded,
            map,
            candidates,
            ..
        } = scratch;
        let escapes = input.format.as_ref().map_or(Escapes::None, |f| f.escapes());
        let view_text = if fold(text, escapes, folded, map) {
            folded.as_str()
        } else {
            text
        };
        let view = View::new(view_text);
        candidates.clear();
        self.engine.detect(&view, candidates);
        let list = score::judge(&view, &self.engine.detectors, candidates);
        for mut finding in list {
            if self.engine.reports(&finding) {
                finding.span.start = map.start_to_source(finding.span.start);
                finding.span.end = map.end_to_source(finding.span.end);
                found.findings.push(finding);
                found.places.push(Place::default());
                found.owners.push(None);
            }
        }
        found
    }
}

impl Engine {
    fn detect(&self, view: &View<'_>, candidates: &mut Vec<crate::detect::Candidate>) {
        for (rule, detector) in self.detectors.iter().enumerate() {
            let first = candidates.len();
            detector.detect(view, candidates);
            for candidate in &mut candidates[first..] {
                candidate.rule = rule as u8;
            }
        }
    }

    fn reports(&self, finding: &Finding) -> bool {
        self.reported[finding.kind as usize] && finding.confidence >= self.min_confidence
    }
}
