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
use crate::report::{EncodingCounts, Figures};
use crate::scan::{Item, PageReport, Sink};
use crate::table::region;
use crate::text::encoding::Certainty;

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
    /// Cells of a line, from 40 on; `None` = as many as it takes.
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
    /// The heading that was written last.
    current: Option<String>,
}

/// What a page becomes: its heading (origin and encoding) and its lines.
#[derive(Debug)]
pub struct Lines {
    heading: String,
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
        let unit = page.unit();
        let unsure = match unit.certainty {
            Certainty::Likely => ", not certain",
            Certainty::Given | Certainty::Certain => "",
        };
        Lines {
            heading: format!("{} ({}{unsure})", unit.origin, unit.encoding.id()),
            text,
        }
    }

    fn accept(&mut self, page: Lines) -> Result<ControlFlow<()>> {
        if page.text.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        let mut out = String::new();
        if self.current.as_deref() != Some(page.heading.as_str()) {
            let s = self.style;
            let _ = writeln!(out, "{}{}{}", s.heading, page.heading, s.reset);
            let mut columns = String::new();
            for column in [LINE, SURE, ROLE, NAME, MOBILE, WAYBILL] {
                if self.has_room(column.least) {
                    cell(&mut columns, column.title, column.width);
                }
            }
            let address = if self.has_room(MIDDLE) { "address" } else { "" };
            let titles = format!("{columns}{address}");
            let _ = writeln!(out, "{}{}{}", s.dim, titles.trim_end(), s.reset);
            self.current = Some(page.heading);
        }
        out.push_str(&page.text);
        self.writer
            .write_all(out.as_bytes())
            .map_err(|e| Error::io("-", e))?;
        Ok(ControlFlow::Continue(()))
    }
}

/// A column of the table; what is left of a line belongs to the address.
struct Column {
    title: &'static str,
    /// In cells.
    width: usize,
    /// Lines of fewer cells do without it.
    least: usize,
}

const fn column(title: &'static str, width: usize, least: usize) -> Column {
    Column {
        title,
        width,
        least,
    }
}

const LINE: Column = column("   line", 7, 0);
const SURE: Column = column("sure", 4, 0);
const ROLE: Column = column("role", 8, WIDE);
const NAME: Column = column("name", 8, 0);
const MOBILE: Column = column("mobile", 13, 0);
const WAYBILL: Column = column("waybill", 15, WIDE);

/// Cells of a line that has room for all columns, for the address beside the narrow ones, and of the narrowest there is.
const WIDE: usize = 80;
const MIDDLE: usize = 60;
const NARROW: usize = 40;

/// Kinds that have a column.
const IN_COLUMNS: [(Kind, Column); 3] = [
    (Kind::Name, NAME),
    (Kind::Mobile, MOBILE),
    (Kind::Waybill, WAYBILL),
];

/// Kinds that are named in a line below, where a record has them and no column shows them.
const BELOW: [Kind; 8] = [
    Kind::Address,
    Kind::Waybill,
    Kind::Landline,
    Kind::IdCard,
    Kind::BankCard,
    Kind::Email,
    Kind::Handle,
    Kind::Custom,
];

/// Cells between two columns.
const GAP: &str = "  ";

/// Cells of a value in a line below.
const VALUE: usize = 24;

impl<W> HumanSink<W> {
    fn record(&self, out: &mut String, page: &PageReport<'_>, record: &Record) {
        let first = record.findings.first().and_then(|m| page.item(*m as usize));
        let line = first.map_or(0, |item| item.place().line);
        let role = match record.role.id() {
            "unknown" => "",
            role => role,
        };
        let role = self.has_room(ROLE.least).then_some(role);
        let mut used = self.head(out, line, record.confidence.ratio(), role);
        let field = |kind| record.field(kind).and_then(|i| page.item(i));
        for (kind, column) in IN_COLUMNS {
            if !self.has_room(column.least) {
                continue;
            }
            match field(kind) {
                Some(item) => self.value(out, &item, Some(column.width)),
                None => cell(out, "", column.width),
            }
            used += column.width + GAP.len();
        }
        if let Some(item) = field(Kind::Address).filter(|_| self.has_room(MIDDLE)) {
            self.value(out, &item, self.rest(used));
        }
        end_line(out);
        self.below(out, BELOW.into_iter().filter_map(field));
        if self.options.explain {
            let members = record.findings.iter();
            for item in members.filter_map(|m| page.item(*m as usize)) {
                self.explain(out, page, &item);
            }
        }
    }

    /// What no column shows, in lines of its own, as many values to a line as fit.
    fn below<'p>(&self, out: &mut String, items: impl Iterator<Item = Item<'p>>) {
        let indent = LINE.width + GAP.len();
        let mut used = 0;
        for item in items {
            let kind = item.finding().kind;
            let shown = match kind {
                Kind::Address => self.has_room(MIDDLE),
                Kind::Waybill => self.has_room(WAYBILL.least),
                _ => false,
            };
            if shown {
                continue;
            }
            let name = kind.id();
            let most = self.rest(indent + name.len() + 1);
            let width = match kind {
                Kind::Address => most,
                _ => most.map(|n| n.min(VALUE)),
            };
            let taken = name.len() + 1 + width.unwrap_or(VALUE) + GAP.len();
            if used > 0 && self.rest(used + taken - GAP.len()) == Some(0) {
                end_line(out);
                used = 0;
            }
            if used == 0 {
                let _ = write!(out, "{:indent$}", "");
                used = indent;
            }
            let _ = write!(out, "{name} ");
            self.value(out, &item, width);
            if width.is_none() {
                out.push_str(GAP);
            }
            used += taken;
        }
        if used > 0 {
            end_line(out);
        }
    }

    /// Whether a line has so many cells.
    fn has_room(&self, least: usize) -> bool {
        self.style.width.is_none_or(|width| width >= least)
    }

    fn lone(&self, out: &mut String, page: &PageReport<'_>, item: &Item<'_>) {
        let finding = item.finding();
        let kind = match finding.kind {
            Kind::Custom => &page.scanner().rule(finding).id,
            kind => kind.id(),
        };
        let sure = finding.confidence.ratio();
        let used = self.head(out, item.place().line, sure, Some(kind));
        self.value(out, item, self.rest(used));
        end_line(out);
        if self.options.explain {
            self.explain(out, page, item);
        }
    }

    /// Line number, confidence and a word; returns the cells they take.
    fn head(&self, out: &mut String, line: u64, sure: f64, word: Option<&str>) -> usize {
        let s = self.style;
        let _ = write!(out, "{}{line:>7}{GAP}{sure:.2}{GAP}", s.dim);
        let mut used = LINE.width + SURE.width + 2 * GAP.len();
        if let Some(word) = word {
            cell(out, word, ROLE.width);
            used += ROLE.width + GAP.len();
        }
        out.push_str(s.reset);
        used
    }

    /// Cells that are left of a line.
    fn rest(&self, used: usize) -> Option<usize> {
        let width = self.style.width?.max(NARROW);
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
        let head = format!("{} {:.2}:", finding.kind, finding.confidence.ratio());
        let evidence = page.scanner().explain(finding);
        let evidence = evidence.iter().map(|e| format!("{} {:+}", e.id, e.weight));
        let parts: Vec<String> = std::iter::once(head).chain(evidence).collect();
        out.push_str(s.dim);
        wrap(out, &parts, " ", 9, s.width);
        out.push_str(s.reset);
    }
}

/// Appends parts in lines that fit, each begun by so many blanks.
fn wrap(out: &mut String, parts: &[String], between: &str, indent: usize, width: Option<usize>) {
    let room = width.map_or(usize::MAX, |width| width.max(NARROW));
    let mut used = 0;
    for part in parts {
        let cells = part.width() + between.len();
        if used > 0 && used + cells > room {
            out.push('\n');
            used = 0;
        }
        if used == 0 {
            out.extend(std::iter::repeat_n(' ', indent));
            used = indent + part.width();
        } else {
            out.push_str(between);
            used += cells;
        }
        out.push_str(part);
    }
    out.push('\n');
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
    let lines = [
        vec![
            format!("inputs {} read", f.inputs.read),
            format!("{} left out", f.inputs.skipped),
            format!("{} failed", f.inputs.failed),
            format!("{} bytes", f.bytes),
            format!("{} rows", f.rows),
        ],
        vec![
            format!("records {}", f.records),
            format!("complete {}", f.complete_records),
            format!("distinct persons {}", f.distinct_persons),
            format!("with a flaw {}", f.invalid_records),
        ],
        encodings(f),
    ];
    for parts in lines.iter().filter(|parts| !parts.is_empty()) {
        wrap(&mut out, parts, ", ", 2, s.width);
    }
    let kinds = f.findings.iter().map(|(kind, n)| (kind.id(), *n));
    let couriers = f.couriers.iter().map(|(code, n)| (code.as_str(), *n));
    let provinces = f
        .provinces
        .iter()
        .map(|(code, n)| (region::by_code(*code).map_or("?", |r| r.name.text()), *n));
    let longest = s
        .width
        .map_or(LONGEST, |width| (width.max(NARROW) - 30).min(LONGEST));
    bars(&mut out, "findings", kinds.collect(), longest);
    bars(&mut out, "couriers", couriers.collect(), longest);
    bars(&mut out, "provinces", provinces.collect(), longest);
    out
}

/// In which encodings the inputs were read, and of how many that is not certain.
fn encodings(f: &Figures) -> Vec<String> {
    let one = |(id, n): (&String, &EncodingCounts)| match n.likely {
        0 => format!("{id} {}", n.certain),
        likely => format!("{id} {} ({likely} not certain)", n.certain + likely),
    };
    let mut parts: Vec<String> = f.encodings.iter().map(one).collect();
    if let Some(first) = parts.first_mut() {
        first.insert_str(0, "encodings ");
    }
    parts
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
        for width in [10, 40, 59, 60, 79, 80, 100, 120] {
            let mut out = Vec::new();
            let style = Style {
                width: Some(width),
                ..Style::default()
            };
            let options = Options {
                explain: true,
                ..Options::default()
            };
            let mut sink = HumanSink::new(&mut out, options, style);
            let page = sink.render(&findings.as_page(&scanner, text.as_bytes()));
            assert!(sink.accept(page).is_ok_and(|flow| flow.is_continue()));
            let figures = Figures {
                bytes: 1_234_567_890,
                rows: 12_345_678,
                findings: [(Kind::Name, 12_345_678), (Kind::Mobile, 9)].into(),
                ..Figures::default()
            };
            sink.finish(&figures).expect("memory");
            let out = String::from_utf8(out).expect("UTF-8");
            let lines: Vec<&str> = out.lines().collect();
            let widest = lines.iter().map(|l| l.width()).max().unwrap_or(0);
            assert!(widest <= width.max(NARROW), "{width}: {widest}\n{out}");
            let line = |word: &str| {
                let line = lines.iter().find(|l| l.contains(word));
                *line.unwrap_or_else(|| panic!("{width}: no {word}\n{out}"))
            };
            let at = |word: &str| line(word)[..line(word).find(word).expect(word)].width();
            assert_eq!(at("mobile"), at("138**"));
            assert_eq!(at("mobile"), at("139**"));
            // Nothing is lost where lines are narrow.
            for word in ["waybill", "SF*", "address", "浙江省", "江苏省", "email"] {
                line(word);
            }
            if width >= WIDE {
                assert_eq!(at("waybill"), at("SF*"));
            }
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
