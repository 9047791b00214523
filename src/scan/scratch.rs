//! Buffers that a thread uses again and again.

use super::page::PageOutput;
use super::report::Findings;
use crate::anchor::digits::Digits;
use crate::detect::Candidate;
use crate::record::group::Group;
use crate::score::{Judged, Order};
use crate::span::Span;
use crate::text::OffsetMap;
use crate::text::decode::Buffer;
use crate::text::mixed::Stretch;

/// Reusable buffers of one thread. After a few calls a scan of text without findings allocates nothing.
#[derive(Default)]
pub struct Scratch {
    pub(crate) decoded: Buffer,
    pub(crate) folded: String,
    pub(crate) map: OffsetMap,
    pub(crate) malformed: Vec<Span>,
    pub(crate) stretches: Vec<Stretch>,
    pub(crate) digits: Digits,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) order: Order,
    pub(crate) judged: Vec<Judged>,
    pub(crate) likely: Vec<u32>,
    pub(crate) groups: Vec<Group>,
    /// What was given back, empty.
    pub(crate) spare: PageOutput,
}

impl Scratch {
    /// Takes the memory of findings that are no longer needed, for those of the next scan.
    ///
    /// A program that scans text after text then allocates nothing for what is found either, and the memory for the findings of a
    /// whole file, some four times the size of a dense one, is not asked of the system anew.
    ///
    /// ```
    /// let scanner = miandan::Scanner::new()?;
    /// let mut scratch = scanner.scratch();
    /// for message in ["收货人：柯慧明 电话：18100000001", "在吗？"] {
    ///     let findings = scanner.scan_with(&mut scratch, message);
    ///     println!("{} findings", findings.len());
    ///     scratch.recycle(findings);
    /// }
    /// # Ok::<(), miandan::Error>(())
    /// ```
    pub fn recycle(&mut self, findings: Findings) {
        self.spare = findings.into_buffers();
    }
}

impl std::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scratch").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::Scanner;

    #[test]
    fn recycled_memory_holds_nothing_of_before() -> crate::Result<()> {
        let row = "柯慧明,18100000001,浙江省杭州市西湖区文三路18号2栋501室\n";
        let texts = [
            row.repeat(40),
            "在吗？".to_owned(),
            row.to_owned(),
            String::new(),
        ];
        for page_bytes in [128, 1 << 17] {
            let scanner = Scanner::builder().page_bytes(page_bytes).build()?;
            let mut scratch = scanner.scratch();
            for text in texts.iter().cycle().take(9) {
                let findings = scanner.scan_with(&mut scratch, text.as_str());
                let fresh = scanner.scan(text.as_str());
                assert_eq!(findings.as_slice(), fresh.as_slice());
                assert_eq!(findings.records(), fresh.records());
                scratch.recycle(findings);
            }
        }
        Ok(())
    }
}
