//! Rows of named texts: listings, messages, orders from a data frame. Each row is a unit of its own.

use std::ops::Range;

use super::input::{Format, Input};
use super::report::{Findings, PageReport};
use super::{Scanner, Scratch};
use crate::finding::Finding;
use crate::span::Span;
use crate::table::field::field_of;
use crate::text::encoding::Encoding;

/// Scans rows of named texts, one row at a time; its buffers are used again from row to row.
///
/// **Nothing is learnt from one row for another and nothing is linked across rows**, so rows may be spread over any number of
/// threads, processes or machines and give the same findings everywhere.
///
/// Within a row, the texts are read as they would stand in a form: each on a line of its own behind the name of its field, so
/// that `手机` says what the digits behind it are. The text of a single field whose name says nothing is read as it is.
///
/// ```
/// use miandan::{Kind, Scanner};
/// let mut rows = Scanner::new()?.rows(["title", "收件人", "手机"]);
/// let row = rows.scan([Some("连衣裙"), Some("张伟"), Some("电话13812345678")]);
/// let mobile = row.findings().iter().position(|f| f.kind == Kind::Mobile).unwrap();
/// let place = row.places().nth(mobile).unwrap();
/// assert_eq!((place.field, place.chars.range(), place.bytes.range()), (2, 2..13, 6..17));
/// assert_eq!(row.findings().records().len(), 1);
/// # Ok::<(), miandan::Error>(())
/// ```
pub struct RowScanner {
    scanner: Scanner,
    scratch: Scratch,
    fields: Vec<String>,
    /// What stands before the text of each field.
    labels: Vec<String>,
    /// The row as it is scanned.
    text: String,
    /// Where the text of each field stands in it; empty for one that is missing.
    cells: Vec<Range<usize>>,
}

/// Where a finding stands in its row; both spans count from the start of the field's text and are half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowPlace {
    /// Position of the field.
    pub field: usize,
    /// In bytes of UTF-8.
    pub bytes: Span,
    /// In Unicode code points.
    pub chars: Span,
}

/// What was found in one row.
pub struct RowFindings<'r> {
    row: &'r RowScanner,
    findings: Findings,
}

impl std::fmt::Debug for RowScanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowScanner")
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for RowFindings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowFindings")
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

impl Scanner {
    /// A scanner of rows whose texts have these names.
    pub fn rows<S: Into<String>>(&self, fields: impl IntoIterator<Item = S>) -> RowScanner {
        let fields: Vec<String> = fields.into_iter().map(Into::into).collect();
        let alone = fields.len() == 1;
        let labels = fields
            .iter()
            .map(|name| match name.trim() {
                "" => String::new(),
                name if alone && field_of(name).is_none() => String::new(),
                name => format!("{}: ", name.replace(char::is_control, " ")),
            })
            .collect();
        RowScanner {
            scanner: self.clone(),
            scratch: self.scratch(),
            cells: Vec::with_capacity(fields.len()),
            text: String::new(),
            fields,
            labels,
        }
    }
}

impl RowScanner {
    /// The names of the fields, in the order in which [`scan`](Self::scan) takes their texts.
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// Scans the texts of one row, in the order of the fields; `None` = there is none. Texts beyond the last field are not
    /// read, missing ones count as `None`.
    pub fn scan<'t>(
        &mut self,
        texts: impl IntoIterator<Item = Option<&'t str>>,
    ) -> RowFindings<'_> {
        self.text.clear();
        self.cells.clear();
        for (label, text) in self.labels.iter().zip(texts) {
            let text = text.unwrap_or_default();
            if !text.is_empty() {
                if !self.text.is_empty() {
                    self.text.push('\n');
                }
                self.text.push_str(label);
                self.text.push_str(text);
            }
            self.cells
                .push(self.text.len() - text.len()..self.text.len());
        }
        let input = Input::new(&self.text)
            .format(Format::Text)
            .encoding(Encoding::Utf8);
        let mut findings = self.scanner.scan_with(&mut self.scratch, input);
        keep_whole(&mut findings, &self.cells);
        RowFindings {
            row: self,
            findings,
        }
    }
}

impl RowFindings<'_> {
    /// The findings and records; their spans are offsets in [`text`](Self::text).
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The row as it was scanned: the texts with the names of their fields.
    pub fn text(&self) -> &str {
        &self.row.text
    }

    /// The names of the fields.
    pub fn fields(&self) -> &[String] {
        &self.row.fields
    }

    /// Bytes of the texts, without the names of their fields.
    pub fn bytes(&self) -> u64 {
        self.row.cells.iter().map(|c| c.len() as u64).sum()
    }

    /// Where the findings stand, in their order.
    pub fn places(&self) -> impl Iterator<Item = RowPlace> + '_ {
        // Findings are in the order of the text, so what was counted need not be counted again.
        let (mut field, mut at, mut chars) = (usize::MAX, 0, 0);
        self.findings.iter().map(move |finding| {
            let Span { start, end } = finding.span;
            let here = self.row.cells.partition_point(|c| c.start <= start);
            let here = here.saturating_sub(1);
            let base = self.row.cells.get(here).map_or(0, |c| c.start);
            if here != field {
                (field, at, chars) = (here, base, 0);
            }
            let count = |from, to| self.row.text.get(from..to).map_or(0, |t| t.chars().count());
            chars += count(at, start);
            at = start;
            RowPlace {
                field,
                bytes: Span::new(start - base, end - base),
                chars: Span::new(chars, chars + count(start, end)),
            }
        })
    }

    /// The row as the one page of an input, as sinks take it.
    pub fn page(&self) -> PageReport<'_> {
        self.findings
            .as_page(&self.row.scanner, self.row.text.as_bytes())
    }
}

/// Leaves out findings that reach out of their text, into the name of a field or from one text into the next.
fn keep_whole(findings: &mut Findings, cells: &[Range<usize>]) {
    let inside = |f: &Finding| {
        cells
            .iter()
            .any(|c| c.start <= f.span.start && f.span.end <= c.end)
    };
    if findings.findings.iter().all(inside) {
        return;
    }
    let mut kept = 0;
    let to: Vec<Option<u32>> = findings
        .findings
        .iter()
        .map(|f| {
            inside(f).then(|| {
                kept += 1;
                kept - 1
            })
        })
        .collect();
    let is_kept = |m: &u32| to[*m as usize].is_some();
    for record in &mut findings.records {
        record.findings.retain(|m| is_kept(m));
        record.fields.retain(|(_, m)| is_kept(m));
        record.renumber(|m| to[m as usize].unwrap_or_default());
    }
    findings.records.retain(|r| r.findings.len() > 1);
    let mut keep = to.iter().map(Option::is_some);
    findings.findings.retain(|_| keep.next().unwrap_or(false));
    let mut keep = to.iter().map(Option::is_some);
    findings.places.retain(|_| keep.next().unwrap_or(false));
    findings.owners.clear();
    findings.owners.resize(findings.findings.len(), None);
    for (number, record) in (0..).zip(&findings.records) {
        for member in &record.findings {
            findings.owners[*member as usize] = Some(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;

    fn rows(fields: &[&str]) -> RowScanner {
        Scanner::new()
            .expect("the tables are sound")
            .rows(fields.iter().copied())
    }

    /// The field and text of every finding.
    fn found(row: &RowFindings<'_>, texts: &[Option<&str>]) -> Vec<(Kind, usize, String)> {
        let found = row.findings().iter().zip(row.places());
        found
            .map(|(f, place)| {
                let text = texts[place.field].expect("a finding stands in a text");
                let value = &text[place.bytes.range()];
                let chars = text.chars().skip(place.chars.start);
                assert!(value.chars().eq(chars.take(place.chars.len())));
                (f.kind, place.field, value.to_owned())
            })
            .collect()
    }

    #[test]
    fn one_record_stands_in_many_fields() {
        let mut rows = rows(&["order_id", "收件人", "手机", "收货地址", "备注"]);
        let texts = [
            Some("20240000000000001"),
            Some("张伟"),
            Some("13812345678"),
            Some("浙江省杭州市西湖区文三路128号"),
            None,
        ];
        let row = rows.scan(texts);
        let list = found(&row, &texts);
        for (kind, field) in [(Kind::Name, 1), (Kind::Mobile, 2), (Kind::Address, 3)] {
            let text = texts[field].expect("given").to_owned();
            assert!(list.contains(&(kind, field, text)), "{kind}: {list:?}");
        }
        assert!(row.findings().records()[0].is_complete());
    }

    #[test]
    fn a_single_text_is_read_as_it_is() {
        let text = "收件人：张伟 电话：13812345678";
        let mut rows = rows(&["text"]);
        let row = rows.scan([Some(text)]);
        assert_eq!(row.text(), text);
        let whole = Scanner::new().expect("tables").scan(text);
        assert_eq!(row.findings().as_slice(), whole.as_slice());
    }

    #[test]
    fn a_title_of_one_word_is_no_name() {
        let mut rows = rows(&["title", "text"]);
        for title in ["茶叶", "茶叶 正品", "金币 包邮", "高腰 新款"] {
            let row = rows.scan([Some(title), Some("客服的态度也不错，物流很快")]);
            assert!(row.findings().is_empty(), "{title}");
        }
    }

    #[test]
    fn a_field_that_is_missing_leaves_no_trace() {
        let mut rows = rows(&["title", "mobile", "text"]);
        let texts = [None, Some(""), Some("电话 13812345678")];
        let row = rows.scan(texts);
        assert_eq!(
            found(&row, &texts),
            [(Kind::Mobile, 2, "13812345678".into())]
        );
        assert_eq!(row.bytes(), 18);
        assert!(rows.scan([None, None, None]).findings().is_empty());
        assert!(rows.scan([]).findings().is_empty());
    }

    #[test]
    fn nothing_reaches_from_one_text_into_the_next() {
        for fields in [
            ["a", "b"],
            ["", ""],
            ["数量", "编号"],
            ["张伟", "13812345678"],
        ] {
            let mut rows = rows(&fields);
            for texts in [
                [Some("138"), Some("12345678")],
                [Some("1381234"), Some("5678")],
                [Some("浙江省杭州市西湖区"), Some("文三路128号")],
                [Some("张"), Some("伟先生")],
            ] {
                let row = rows.scan(texts);
                for (kind, field, text) in found(&row, &texts) {
                    assert_ne!(kind, Kind::Mobile, "{fields:?} {texts:?}");
                    assert!(texts[field].is_some_and(|t| t.contains(&text)));
                }
                for record in row.findings().records() {
                    let last = record.findings.iter().max().copied().unwrap_or(0);
                    assert!((last as usize) < row.findings().len());
                }
            }
        }
    }

    #[test]
    fn what_reaches_out_is_taken_out_of_its_record() {
        let scanner = Scanner::new().expect("tables");
        let text = "收件人：张伟 电话：13812345678 地址：浙江省杭州市西湖区文三路128号";
        let mut findings = scanner.scan(text);
        assert_eq!(findings.records()[0].findings.len(), 3);
        let mobile = findings.of(Kind::Mobile).next().expect("found").span;
        keep_whole(
            &mut findings,
            &[0..mobile.start + 3, mobile.start + 3..text.len()],
        );
        assert_eq!(findings.of(Kind::Mobile).count(), 0);
        let record = &findings.records()[0];
        assert_eq!(
            (record.findings.as_slice(), record.field(Kind::Mobile)),
            (&[0, 1][..], None)
        );
        assert_eq!(record.field(Kind::Address), Some(1));
        assert_eq!(findings.record_of(1), Some(0));
    }
}
