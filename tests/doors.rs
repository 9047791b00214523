//! The same values written in every format, encoding and container come out the same, and no broken file stops a scan.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;

use miandan::anchor::View;
use miandan::detect::{Candidate, Detector, RuleCard};
use miandan::source::{Options, walk};
use miandan::{CONTEXTS, Encoding, EvidenceTable, Kind, PageReport, Result, Scanner, Sink, Span};

use crate::support::dice::Dice;

/// Finds `甲ZQ000001乙`: a value that no built-in rule knows, so that this test is about reading alone.
struct Marks;

static CARD: RuleCard = RuleCard::new("test-marks", Kind::Handle, "Marks of this test");
static TABLE: EvidenceTable = EvidenceTable {
    prior: 9000,
    local: &[],
    measured: "",
    context: [0; CONTEXTS],
};

impl Detector for Marks {
    fn card(&self) -> &RuleCard {
        &CARD
    }

    fn evidence(&self) -> &EvidenceTable {
        &TABLE
    }

    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        for (at, _) in view.text().match_indices("甲ZQ") {
            let end = at + mark(0).len();
            if view.text().get(end - 3..end) == Some("乙") {
                out.push(Candidate::new(Kind::Handle, Span::new(at, end)));
            }
        }
    }
}

fn mark(n: usize) -> String {
    format!("甲ZQ{n:06}乙")
}

fn scanner(page_bytes: usize) -> Scanner {
    Scanner::builder()
        .kinds([Kind::Handle])
        .detector(Marks)
        .page_bytes(page_bytes)
        .build()
        .expect("valid options")
}

const PEOPLE: usize = 300;

/// Every text format, by the ending of its file.
fn texts() -> Vec<(&'static str, String)> {
    let mut out: BTreeMap<&str, String> = BTreeMap::new();
    for (ending, head) in [
        ("a.csv", "订单,姓名,地址\r\n"),
        ("b.csv", ""),
        ("c.tsv", "订单\t姓名\t地址\n"),
        ("d.txt", ""),
        ("e.txt", ""),
        ("f.jsonl", ""),
        (
            "g.json",
            "{\"took\":1,\"hits\":{\"total\":{\"value\":3},\"hits\":[",
        ),
        ("h.json", "[\n"),
        (
            "i.sql",
            "CREATE TABLE `t` (\n  `id` int,\n  `name` text COMMENT '姓名'\n);\n",
        ),
        (
            "j.sql",
            "CREATE TABLE `t` (\n  `id` int\n);\nINSERT INTO `t` VALUES ",
        ),
        ("k.sql", "COPY t (id, name) FROM stdin;\n"),
        ("l.html", "<html><table>\n"),
        ("m.txt", ""),
        ("n.txt", ""),
        (
            "o.html",
            "<table><tr><th>订单</th><th>姓名</th><th>地址</th></tr>\n",
        ),
        ("p.txt", ""),
    ] {
        out.insert(ending, head.to_owned());
    }
    for n in 0..PEOPLE {
        let (name, comma) = (mark(n), if n + 1 < PEOPLE { "," } else { "" });
        let mut add = |ending: &str, text: String| {
            if let Some(out) = out.get_mut(ending) {
                out.push_str(&text);
            }
        };
        add(
            "a.csv",
            format!("=\"{n}\",\"{name}\",\"路,\n{n}\"\"号\"\r\n"),
        );
        add("b.csv", format!("{n},{name},路{n}号,二\n"));
        add("c.tsv", format!("{n}\t{name}\t路{n}号\n"));
        add("d.txt", format!("{n}----{name}----路{n}号\n"));
        add("e.txt", format!("{n}|{name}|路{n}号|x\n"));
        add(
            "f.jsonl",
            format!("{{\"id\":{n},\"a\":{{\"name\":\"{name}\\n\"}}}}\n"),
        );
        add(
            "g.json",
            format!("{{\"_id\":\"{n}\",\"_source\":{{\"name\":\"{name}\"}}}}{comma}"),
        );
        add(
            "h.json",
            format!("  {{\n    \"name\": \"{}\"\n  }}{comma}\n", escaped(&name)),
        );
        add(
            "i.sql",
            format!("INSERT INTO `t` VALUES ({n},'{name}\\'');\n"),
        );
        let end = if comma.is_empty() { ";\n" } else { "," };
        add("j.sql", format!("({n},'{name}'){end}"));
        add("k.sql", format!("{n}\t{name}\tit's\n"));
        add(
            "l.html",
            format!("<tr><td>{n}</td><td>{}</td></tr>\n", entities(&name)),
        );
        add(
            "m.txt",
            format!("[10:{:02}] 客服: 你好，{name}，在吗？\n", n % 60),
        );
        add("n.txt", format!("{name}今天没有换行"));
        // The first of so many rows has the order's number for all of them.
        let order = match n % 5 {
            0 => format!("<td ROWSPAN='{}'>{n}</td>", 5.min(PEOPLE - n)),
            _ => String::new(),
        };
        add(
            "o.html",
            format!("<tr>{order}<td>{name}</td><td>路{n}号</td></tr>\n"),
        );
        add("p.txt", format!("{n}\u{1}{name}\u{1}路{n}号\u{1}\\N\n"));
    }
    for (ending, tail) in [
        ("g.json", "]}}"),
        ("h.json", "]\n"),
        ("k.sql", "\\.\n"),
        ("l.html", "</table></html>\n"),
        ("o.html", "</table>\n"),
    ] {
        if let Some(out) = out.get_mut(ending) {
            out.push_str(tail);
        }
    }
    out.into_iter().collect()
}

fn escaped(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut out, u| {
        let _ = write!(out, "\\u{u:04x}");
        out
    })
}

fn entities(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        let _ = write!(out, "&#{};", c as u32);
        out
    })
}

fn encode(text: &str, encoding: Encoding, bom: bool) -> Vec<u8> {
    let text = if bom {
        format!("\u{FEFF}{text}")
    } else {
        text.to_owned()
    };
    match encoding {
        Encoding::Gb18030 => encoding_rs::GB18030.encode(&text).0.into_owned(),
        Encoding::Big5 => encoding_rs::BIG5.encode(&text).0.into_owned(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => text.into_bytes(),
    }
}

/// Every text format in every encoding it is written in.
fn files() -> Vec<(String, Encoding, Vec<u8>)> {
    let mut out = Vec::new();
    for (name, text) in texts() {
        for (encoding, bom) in [
            (Encoding::Utf8, false),
            (Encoding::Utf8, true),
            (Encoding::Gb18030, false),
            (Encoding::Utf16Le, true),
            (Encoding::Utf16Le, false),
            (Encoding::Utf16Be, false),
        ] {
            let name = format!("{}-{}-{name}", encoding.id(), u8::from(bom));
            out.push((name, encoding, encode(&text, encoding, bom)));
        }
    }
    out
}

fn expected() -> Vec<String> {
    (0..PEOPLE).map(mark).collect()
}

#[test]
fn every_format_in_every_encoding_gives_the_same_values() {
    for (name, encoding, bytes) in files() {
        for page_bytes in [700, 1 << 18] {
            let found = scanner(page_bytes).scan(&bytes);
            if !bytes.is_ascii() {
                assert_eq!(found.unit().encoding, encoding, "{name}");
            }
            let values: Vec<String> = found
                .iter()
                .map(|f| found.value(&bytes, f).into_owned())
                .collect();
            assert_eq!(
                values,
                expected(),
                "{name} in pages of {page_bytes}: {:?}",
                found.unit().format
            );
            assert!(
                found.warnings().is_empty(),
                "{name}: {:?}",
                found.warnings()
            );
        }
    }
}

/// Exports of several programs, one behind the other.
#[test]
fn a_file_may_change_its_encoding_midway() {
    let block = |from: usize| -> String {
        let line = |n| format!("编号 {} 上海市\n", mark(n));
        (from..from + PEOPLE / 10).map(line).collect()
    };
    let encodings = [
        (Encoding::Utf8, false),
        (Encoding::Utf16Le, true),
        (Encoding::Gb18030, false),
        (Encoding::Utf16Be, false),
        (Encoding::Utf16Le, false),
    ];
    for first in [0, 2] {
        let mut bytes = Vec::new();
        for i in 0..10 {
            let (encoding, bom) = encodings[(first + i) % encodings.len()];
            bytes.extend(encode(&block(i * PEOPLE / 10), encoding, bom));
        }
        for page_bytes in [700, 1 << 18] {
            let found = scanner(page_bytes).scan(&bytes);
            let value = |f| found.value(&bytes, f).into_owned();
            let values: Vec<String> = found.iter().map(value).collect();
            assert_eq!(values, expected(), "{first} in pages of {page_bytes}");
            let warnings = found.warnings().iter();
            assert!(warnings.clone().count() > 0);
            assert!(
                warnings
                    .clone()
                    .all(|w| w.code == "decode.mixed" && !w.loss)
            );
        }
    }
}

#[test]
fn rows_and_columns_do_not_depend_on_encoding_or_pages() {
    let mut places: BTreeMap<String, Vec<(u64, u64, u32)>> = BTreeMap::new();
    for (name, encoding, bytes) in files() {
        let Some((_, format)) = name.rsplit_once('-') else {
            continue;
        };
        for page_bytes in [700, 5000, 1 << 18] {
            let found = scanner(page_bytes).scan(&bytes);
            let here: Vec<(u64, u64, u32)> = (0..found.len())
                .filter_map(|i| found.place(i))
                .map(|p| (p.line, p.row, p.column))
                .collect();
            let first = places
                .entry(format.to_owned())
                .or_insert_with(|| here.clone());
            assert_eq!(*first, here, "{name} {encoding:?} {page_bytes}");
        }
    }
    assert_eq!(places["a.csv"][2], (6, 3, 2));
    assert_eq!(places["d.txt"][2], (3, 3, 2));
    assert_eq!(places["f.jsonl"][2], (3, 3, 0));
    assert!(places["o.html"].iter().all(|place| place.2 == 2));
    assert_eq!(places["p.txt"][2], (3, 3, 2));
}

/// Origin and value of every finding, and origin and code of every warning.
#[derive(Default)]
struct Seen(Vec<(String, String)>);

impl Sink for Seen {
    type Rendered = Vec<(String, String)>;

    fn render(&self, page: &PageReport<'_>) -> Self::Rendered {
        let origin = page.unit().origin.to_string();
        let values = page.items().map(|i| i.value().into_owned());
        let codes = page.warnings().iter().map(|w| w.code.clone().into_owned());
        values.chain(codes).map(|v| (origin.clone(), v)).collect()
    }

    fn accept(&mut self, rendered: Self::Rendered) -> Result<ControlFlow<()>> {
        self.0.extend(rendered);
        Ok(ControlFlow::Continue(()))
    }
}

fn scan_directory(scanner: &Scanner, path: &std::path::Path) -> BTreeMap<String, Vec<String>> {
    let mut seen = Seen::default();
    scanner
        .par_scan(walk([path], Options::default()), &mut seen)
        .expect("the sink never fails");
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (origin, value) in seen.0 {
        out.entry(origin).or_default().push(value);
    }
    out
}

#[test]
fn files_in_containers_give_the_same_values() {
    let dir = tempfile::tempdir().expect("directory");
    let files = files();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, _, bytes) in &files {
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored);
        zip.start_file(format!("数据/{name}"), options)
            .expect("entry");
        zip.write_all(&gz(bytes)).expect("write");
        std::fs::write(dir.path().join(name), bytes).expect("write");
    }
    let zip = zip.finish().expect("zip").into_inner();
    std::fs::write(dir.path().join("all.zip"), zip).expect("write");
    let all = scan_directory(&scanner(3000), dir.path());
    assert_eq!(all.len(), 2 * files.len());
    for (origin, values) in all {
        assert_eq!(values, expected(), "{origin}");
    }
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).expect("write");
    out.finish().expect("finish")
}

/// Mutated files are read or warned about; `MUTATIONS` sets how many of each kind (a full run takes 100).
#[test]
fn no_broken_file_stops_a_scan() {
    let rounds = std::env::var("MUTATIONS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(3);
    let scanner = scanner(2000);
    let mut dice = Dice::new(7);
    for (name, _, bytes) in files() {
        let small = &bytes[..bytes.len().min(6000) & !1];
        let dir = tempfile::tempdir().expect("directory");
        for round in 0..rounds {
            let mut plain = small.to_vec();
            dice.mutate(&mut plain);
            let mut packed = gz(small);
            dice.mutate(&mut packed);
            let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
            let options = zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Stored);
            zip.start_file("x.csv", options).expect("entry");
            zip.write_all(small).expect("write");
            let mut zip = zip.finish().expect("zip").into_inner();
            dice.mutate(&mut zip);
            for (ending, bytes) in [("", plain), (".gz", packed), (".zip", zip)] {
                let path = dir.path().join(format!("{round}-{name}{ending}"));
                std::fs::write(path, bytes).expect("write");
            }
        }
        let mut seen = Seen::default();
        let started = std::time::Instant::now();
        let totals = scanner
            .par_scan(walk([dir.path()], Options::default()), &mut seen)
            .expect("content never fails");
        // A damaged zip file may hold no entry or several.
        let inputs = totals.inputs_read + totals.inputs_failed + totals.inputs_skipped;
        assert!(inputs >= 2 * rounds as u64, "{name}: {totals:?}");
        assert!(started.elapsed().as_secs() < 5 * rounds as u64);
    }
}
