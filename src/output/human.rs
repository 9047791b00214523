//! Pages for people: a table with one line a record or lone finding, and a summary at the end.
//!
//! Columns have fixed widths, since a page is turned into lines before the next one is known. Widths are counted in cells of a
//! terminal, of which a Han character takes two.

use std::fmt::Write as _;
use std::io::Write;
use std::ops::ControlFlow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Options;
use crate::error::{Error, Result};
use crate::finding::Level;
use crate::kind::Kind;
use crate::record::Record;
use crate::report::Figures;
use crate::scan::{Item, PageReport, Sink};
use crate::table::region;

/// How a page looks; the program passes colours and width of its terminal, tests pass nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Before a file name or heading.
    pub heading: &'static str,
    /// Before a value of high confidence.
    pub high: &'static str,
    /// Before a value of lower confidence.
    pub medium: &'static str,
    /// Before what is of less interest.
    pub dim: &'static str,
    /// After each of them.
    pub reset: &'static str,
    /// Cells of a line, from 80 on; `None` = as many as it takes.
    pub width: Option<usize>,
}

impl Style {
    /// Colours of a terminal.
    pub const TERMINAL: Style = Style {
        heading: "\x1b[1;36m",
        high: "\x1b[1;31m",
        medium: "\x1b[33m",
        dim: "\x1b[2m",
        reset: "\x1b[0m",
        width: None,
    };
}

/// Writes records and findings for reading.
#[derive(Debug)]
pub struct HumanSink<W> {
    writer: W,
    options: Options,
    style: Style,
    /// The input whose heading was written last.
    current: Option<String>,
}

/// What a page becomes: its origin and its lines.
#[derive(Debug)]
pub struct Lines {
    origin: String,
    text: String,
}

impl<W: Write> HumanSink<W> {
    /// A sink that writes to `writer`.
    pub const fn new(writer: W, options: Options, style: Style) -> HumanSink<W> {
        HumanSink {
            writer,
            options,
            style,
            current: None,
        }
    }

    /// Writes the summary.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self, figures: &Figures) -> Result<()> {
        let text = summary(figures, self.style);
        self.writer
            .write_all(text.as_bytes())
            .and_then(|()| self.writer.flush())
            .map_err(|e| Error::io("-", e))
    }
}

impl<W: Write + Send + Sync> Sink for HumanSink<W> {
    type Rendered = Lines;

    fn render(&self, page: &PageReport<'_>) -> Lines {
        let mut text = String::new();
        let mut next = 0;
        let records: Vec<(u64, &Record)> = page.records().collect();
        for item in page.items() {
            match item.record_index() {
                // A record is shown where its first finding stands.
                Some(r) if r >= next && self.options.records => {
                    for (_, record) in &records[next..=r] {
                        self.record(&mut text, page, record);
                    }
                    next = r + 1;
                }
                Some(_) if self.options.records => {}
                record => {
                    if record.is_some() || self.options.lone_findings {
                        self.lone(&mut text, page, &item);
                    }
                }
            }
        }
        Lines {
            origin: page.unit().origin.to_string(),
            text,
        }
    }

    fn accept(&mut self, page: Lines) -> Result<ControlFlow<()>> {
        if page.text.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        let mut out = String::new();
        if self.current.as_deref() != Some(page.origin.as_str()) {
            let s = self.style;
            let _ = writeln!(out, "{}{}{}", s.heading, page.origin, s.reset);
            let mut columns = String::new();
            for (title, width) in COLUMNS {
                cell(&mut columns, title, width);
            }
            let _ = writeln!(out, "{}{columns}address{}", s.dim, s.reset);
            self.current = Some(page.origin);
        }
        out.push_str(&page.text);
        self.writer
            .write_all(out.as_bytes())
            .map_err(|e| Error::io("-", e))?;
        Ok(ControlFlow::Continue(()))
    }
}

/// The columns of the table and their widths in cells; what is left belongs to the address.
const COLUMNS: [(&str, usize); 6] = [
    ("   line", 7),
    ("sure", 4),
    ("role", 8),
    ("name", 8),
    ("mobile", 13),
    ("waybill", 15),
];

/// Kinds that have a column.
const IN_COLUMNS: [Kind; 3] = [Kind::Name, Kind::Mobile, Kind::Waybill];

/// Kinds that are named in a line below, where a record has them.
const BELOW: [Kind; 6] = [
    Kind::Landline,
    Kind::IdCard,
    Kind::BankCard,
    Kind::Email,
    Kind::Handle,
    Kind::Custom,
];

/// Cells between two columns.
const GAP: &str = "  ";

impl<W> HumanSink<W> {
    fn record(&self, out: &mut String, page: &PageReport<'_>, record: &Record) {
        let first = record.findings.first().and_then(|m| page.item(*m as usize));
        let line = first.map_or(0, |item| item.place().line);
        let role = match record.role.id() {
            "unknown" => "",
            role => role,
        };
        let mut used = self.head(out, line, record.confidence.ratio(), role);
        let field = |kind| record.field(kind).and_then(|i| page.item(i));
        for (kind, (_, width)) in IN_COLUMNS.into_iter().zip(&COLUMNS[3..]) {
            match field(kind) {
                Some(item) => self.value(out, &item, Some(*width)),
                None => cell(out, "", *width),
            }
            used += width + GAP.len();
        }
        if let Some(item) = field(Kind::Address) {
            self.value(out, &item, self.rest(used));
        }
        end_line(out);
        let below: Vec<Item<'_>> = BELOW.into_iter().filter_map(field).collect();
        if !below.is_empty() {
            let mut used = self.head(out, 0, 0.0, "");
            for item in below {
                let name = item.finding().kind.id();
                let _ = write!(out, "{name} ");
                used += name.len() + 1;
                let width = self.rest(used).map(|n| n.min(24));
                self.value(out, &item, width);
                if width.is_none() {
                    out.push_str(GAP);
                }
                used += 24 + GAP.len();
            }
            end_line(out);
        }
        if self.options.explain {
            let members = record.findings.iter();
            for item in members.filter_map(|m| page.item(*m as usize)) {
                self.explain(out, page, &item);
            }
        }
    }

    fn lone(&self, out: &mut String, page: &PageReport<'_>, item: &Item<'_>) {
        let finding = item.finding();
        let kind = match finding.kind {
            Kind::Custom => &page.scanner().rule(finding).id,
            kind => kind.id(),
        };
        let used = self.head(out, item.place().line, finding.confidence.ratio(), kind);
        self.value(out, item, self.rest(used));
        end_line(out);
        if self.options.explain {
            self.explain(out, page, item);
        }
    }

    /// Line number, confidence and a word; returns the cells they take. Without a line number all is blank.
    fn head(&self, out: &mut String, line: u64, sure: f64, word: &str) -> usize {
        let s = self.style;
        if line == 0 {
            let _ = write!(out, "{:21}{GAP}{GAP}", "");
        } else {
            let _ = write!(out, "{}{line:>7}{GAP}{sure:.2}{GAP}", s.dim);
            cell(out, word, 8);
            out.push_str(s.reset);
        }
        COLUMNS[..3]
            .iter()
            .map(|(_, width)| width + GAP.len())
            .sum()
    }

    /// Cells that are left of a line.
    fn rest(&self, used: usize) -> Option<usize> {
        let width = self.style.width?.max(80);
        Some(width.saturating_sub(used))
    }

    /// A value in its colour, cut or filled to a width.
    fn value(&self, out: &mut String, item: &Item<'_>, width: Option<usize>) {
        let s = self.style;
        let colour = if item.finding().confidence.level() == Level::High {
            s.high
        } else {
            s.medium
        };
        let shown = self.options.shown(item);
        out.push_str(colour);
        match width {
            Some(width) => cell(out, &shown, width),
            None => out.extend(shown.chars().map(visible)),
        }
        out.push_str(s.reset);
    }

    fn explain(&self, out: &mut String, page: &PageReport<'_>, item: &Item<'_>) {
        let s = self.style;
        let finding = item.finding();
        let _ = write!(
            out,
            "{}         {} {:.2}:",
            s.dim,
            finding.kind,
            finding.confidence.ratio()
        );
        for evidence in page.scanner().explain(finding) {
            let _ = write!(out, " {} {:+}", evidence.id, evidence.weight);
        }
        let _ = writeln!(out, "{}", s.reset);
    }
}

/// Control characters would move the cursor; they are shown as blanks.
fn visible(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

/// Appends a text that takes `width` cells, cut with … or filled with blanks, and a gap.
fn cell(out: &mut String, text: &str, width: usize) {
    let fits = text.width() <= width;
    let room = if fits { width } else { width.saturating_sub(1) };
    let mut used = 0;
    for c in text.chars().map(visible) {
        let cells = c.width().unwrap_or(0);
        if used + cells > room {
            break;
        }
        used += cells;
        out.push(c);
    }
    if !fits {
        out.push('…');
        used += 1;
    }
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(used)));
    out.push_str(GAP);
}

/// Ends a line without blanks at its end.
fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}

/// The summary with small bars.
fn summary(f: &Figures, s: Style) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}summary{}", s.heading, s.reset);
    let _ = writeln!(
        out,
        "  inputs {} read, {} left out, {} failed; {} bytes, {} rows",
        f.inputs.read, f.inputs.skipped, f.inputs.failed, f.bytes, f.rows
    );
    let _ = writeln!(
        out,
        "  records {}, complete {}, distinct persons {}, with a flaw {}",
        f.records, f.complete_records, f.distinct_persons, f.invalid_records
    );
    let kinds = f.findings.iter().map(|(kind, n)| (kind.id(), *n));
    let couriers = f.couriers.iter().map(|(code, n)| (code.as_str(), *n));
    let provinces = f
        .provinces
        .iter()
        .map(|(code, n)| (region::by_code(*code).map_or("?", |r| r.name.text()), *n));
    let longest = s
        .width
        .map_or(LONGEST, |width| width.saturating_sub(30).min(LONGEST));
    bars(&mut out, "findings", kinds.collect(), longest);
    bars(&mut out, "couriers", couriers.collect(), longest);
    bars(&mut out, "provinces", provinces.collect(), longest);
    out
}

/// Longest bar, in cells.
const LONGEST: usize = 30;

/// Bars of one kind beyond this number are left out; the others are in the machine's formats.
const BARS: usize = 10;

fn bars(out: &mut String, title: &str, mut counts: Vec<(&str, u64)>, longest: usize) {
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let Some(most) = counts.first().map(|(_, n)| *n).filter(|n| *n > 0) else {
        return;
    };
    let _ = writeln!(out, "  {title}");
    for (name, n) in counts.iter().take(BARS) {
        out.push_str("    ");
        cell(out, name, 10);
        let bar = (*n as u128 * longest as u128).div_ceil(u128::from(most)) as usize;
        let _ = writeln!(out, "{n:>9}  {}", "▇".repeat(bar));
    }
    if counts.len() > BARS {
        let _ = writeln!(out, "    and {} more", counts.len() - BARS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::Scanner;

    #[test]
    fn cells_have_their_width() {
        for (text, width, shown) in [
            ("张*", 8, "张*       "),
            ("浙江省杭州市", 8, "浙江省…   "),
            ("浙江省杭州市", 9, "浙江省杭…  "),
            ("a\tb", 3, "a b  "),
            ("ab", 1, "…  "),
        ] {
            let mut out = String::new();
            cell(&mut out, text, width);
            assert_eq!(out, shown);
            assert_eq!(out.width(), width + GAP.len(), "{text}");
        }
    }

    #[test]
    fn lines_fit_and_are_aligned() {
        let scanner = Scanner::new().expect("tables");
        let text = "姓名,电话,地址,单号,邮箱\n\
            张伟,13812345678,浙江省杭州市西湖区文三路128号,SF1234567890123,zhang.san88@qq.com\n\
            欧阳娜娜,13987654321,江苏省南京市鼓楼区中山北路与山西路交叉口往东一百米1号3栋502室,,\n\
            ,,,YT1234567890123,\n";
        let findings = scanner.scan(text);
        for width in [10, 100, 120] {
            let mut out = Vec::new();
            let style = Style {
                width: Some(width),
                ..Style::default()
            };
            let mut sink = HumanSink::new(&mut out, Options::default(), style);
            let page = sink.render(&findings.as_page(&scanner, text.as_bytes()));
            assert!(sink.accept(page).is_ok_and(|flow| flow.is_continue()));
            sink.finish(&Figures::default()).expect("memory");
            let out = String::from_utf8(out).expect("UTF-8");
            let lines: Vec<&str> = out.lines().collect();
            let widest = lines.iter().map(|l| l.width()).max().unwrap_or(0);
            assert!(widest <= width.max(80), "{width}: {widest}\n{out}");
            let column = |line: &str, word: &str| line[..line.find(word).expect(word)].width();
            assert_eq!(column(lines[1], "mobile"), column(lines[2], "138"));
            assert_eq!(column(lines[1], "mobile"), column(lines[4], "139"));
            assert_eq!(column(lines[1], "waybill"), column(lines[2], "SF"));
            assert!(lines[3].contains("email"), "{out}");
        }
    }

    #[test]
    fn the_summary_shows_the_most_frequent_first() {
        let mut figures = Figures::default();
        figures.findings.insert(Kind::Name, 3);
        figures.findings.insert(Kind::Mobile, 30);
        figures.provinces.insert(330_000, 2);
        let text = summary(&figures, Style::default());
        let at = |word: &str| text.find(word).expect(word);
        assert!(at("mobile") < at("name") && at("浙江省") > at("provinces"));
        assert_eq!(text.matches('▇').count(), 30 + 3 + 30);
    }
}
