//! Benches as data: `defs/*.toml` says what is measured and what must be counted.
//!
//! ```sh
//! cargo bench --all-features                       # everything
//! cargo bench --all-features -- csv/               # what has csv/ in its name (one filter)
//! cargo bench --features rivals                    # without what the program needs
//! MIANDAN_RECORD=benches/record/my.csv cargo bench --all-features
//! ```

use std::fmt::Write as _;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput};
use miandan::anchor::View;
use miandan::detect::Detector;
use miandan::detect::address::AddressDetector;
use miandan::detect::mobile::MobileDetector;
use miandan::detect::name::{NameDetector, NameScope};
use miandan::detect::waybill::WaybillDetector;
use miandan::listing::{self, Found, Listing};
use miandan::output::{JsonLinesSink, Options};
use miandan::policy::{Policy, Verdict};
use miandan::text::{Escapes, OffsetMap, fold};
use miandan::{Format, Input, Kind, Origin, PageReport, Result, Scanner, Sink, Sourced, Unit};
use serde::Deserialize;

#[allow(dead_code)]
#[path = "../tests/support/haystack.rs"]
mod haystack;
#[allow(dead_code)]
#[path = "../tests/support/synth.rs"]
mod synth;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Definitions {
    bench: Vec<Definition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    name: String,
    model: String,
    haystack: String,
    /// Size of the haystack in rows of 129 bytes.
    people: usize,
    /// What is counted.
    kind: String,
    count: Option<usize>,
    /// Where names are looked for: `everywhere` (the default) or `near`.
    #[serde(default)]
    names: String,
    /// For readers of the definitions.
    #[serde(rename = "analysis")]
    _analysis: String,
}

/// The bytes of a haystack and the format that they are scanned as.
fn haystack(name: &str, n: usize) -> (Vec<u8>, Format) {
    let bytes = haystack::haystack(name, n).unwrap_or_else(|| panic!("unknown haystack {name}"));
    let format = match name {
        "csv" | "csv-gb18030" => Format::csv(),
        "listing" => Format::JsonLines,
        _ => Format::Text,
    };
    (bytes, format)
}

/// Counts the findings of one kind.
struct Count(Kind, usize);

impl Sink for Count {
    type Rendered = usize;

    fn render(&self, page: &PageReport<'_>) -> usize {
        page.items().filter(|i| i.finding().kind == self.0).count()
    }

    fn accept(&mut self, n: usize) -> Result<ControlFlow<()>> {
        self.1 += n;
        Ok(ControlFlow::Continue(()))
    }
}

/// What a bench measures: one run over the haystack, which gives what it counted.
type Run<'r> = Box<dyn FnMut() -> usize + 'r>;

fn run_of<'r>(d: &Definition, kind: Kind, bytes: &'r [u8], format: &'r Format) -> Run<'r> {
    let scope = match d.names.as_str() {
        "" | "everywhere" => NameScope::Everywhere,
        "near" => NameScope::Near,
        other => panic!("{}: unknown scope {other}", d.name),
    };
    let scanner = Scanner::builder()
        .name_scope(scope)
        .build()
        .expect("a scanner");
    let mut scratch = scanner.scratch();
    match d.model.as_str() {
        "scan" => Box::new(move || {
            let input = Input::new(bytes).format(format.clone());
            let findings = scanner.scan_with(&mut scratch, input);
            let count = findings.of(kind).count();
            scratch.recycle(findings);
            count
        }),
        "calls" => {
            let lines = bytes.split(|b| *b == b'\n').filter(|l| !l.is_empty());
            let lines: Vec<&[u8]> = lines.collect();
            Box::new(move || {
                let mut count = |line: &&[u8]| {
                    let findings = scanner.scan_with(&mut scratch, *line);
                    let count = findings.of(kind).count();
                    scratch.recycle(findings);
                    count
                };
                lines.iter().map(&mut count).sum()
            })
        }
        "par_scan" => Box::new(move || {
            let mut sink = Count(kind, 0);
            scanner
                .par_scan([unit(bytes, format)], &mut sink)
                .expect("no error");
            sink.1
        }),
        "jsonl" => Box::new(move || {
            let mut sink = (
                Count(kind, 0),
                JsonLinesSink::new(std::io::sink(), Options::default()),
            );
            scanner
                .par_scan([unit(bytes, format)], &mut sink)
                .expect("no error");
            sink.0.1
        }),
        "detect" => {
            let detector: Box<dyn Detector> = match kind {
                Kind::Mobile => Box::new(MobileDetector::new()),
                Kind::Waybill => Box::new(WaybillDetector::new()),
                Kind::Address => Box::new(AddressDetector),
                _ => Box::new(NameDetector::new().scope(scope)),
            };
            let pages = pages(std::str::from_utf8(bytes).expect("UTF-8"));
            let mut out = Vec::new();
            Box::new(move || {
                let mut count = 0;
                for page in &pages {
                    out.clear();
                    detector.detect(&View::new(page), &mut out);
                    count += out.len();
                }
                count
            })
        }
        "digits" => {
            let pages = pages(std::str::from_utf8(bytes).expect("UTF-8"));
            Box::new(move || {
                let spans = |page: &&str| View::new(page).digit_spans().count();
                pages.iter().map(spans).sum()
            })
        }
        "fold" => {
            // Checked here: the standard library takes longer over it than folding does.
            let text = std::str::from_utf8(bytes).expect("UTF-8");
            Box::new(move || {
                let (mut out, mut map) = (String::new(), OffsetMap::default());
                usize::from(fold(text, Escapes::None, &mut out, &mut map))
            })
        }
        "verdict" => {
            let text = std::str::from_utf8(bytes).expect("UTF-8");
            let policy = Policy::default();
            Box::new(move || {
                let input = Input::new(text).format(Format::Text);
                let findings = scanner.scan_with(&mut scratch, input);
                let assessment = listing::assess(&Listing::from(text), Found::from(&findings));
                let decision = policy.decide(&findings, Some(&assessment));
                scratch.recycle(findings);
                usize::from(decision.verdict != Verdict::Pass)
            })
        }
        "regex" => {
            let mobile = regex::bytes::Regex::new("1[3-9][0-9]{9}").expect("a pattern");
            Box::new(move || mobile.find_iter(bytes).count())
        }
        "combined" => {
            let combined = regex::bytes::Regex::new(COMBINED).expect("a pattern");
            Box::new(move || combined.find_iter(bytes).count())
        }
        "naive" => Box::new(move || naive(bytes)),
        #[cfg(feature = "rivals")]
        "argus" => Box::new(move || argus(bytes, kind)),
        other => panic!("unknown model {other}"),
    }
}

/// A mobile, a lettered or bare serial, or Han characters up to a road or unit: what people grep dumps with.
const COMBINED: &str = r"1[3-9]\d{9}|(?:SF|JDV?[A-Z]?|YT|JT|ZT|ST|YD)\d{11,13}|\d{12,15}|\p{Han}{2,20}[路街巷弄号幢栋室单元]";

fn unit(bytes: &[u8], format: &Format) -> Sourced {
    Sourced::Unit(Unit {
        origin: Origin::path("-"),
        reader: Box::new(std::io::Cursor::new(bytes.to_vec())),
        format: Some(format.clone()),
        encoding: None,
    })
}

/// Pieces of about the size that a scan works on, at line ends where there are some.
fn pages(text: &str) -> Vec<&str> {
    const PAGE: usize = 256 * 1024;
    let (mut rest, mut out) = (text, Vec::new());
    while rest.len() > PAGE {
        let mut cut = rest.as_bytes()[..PAGE]
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(PAGE, |i| i + 1);
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        let (page, after) = rest.split_at(cut);
        out.push(page);
        rest = after;
    }
    out.push(rest);
    out
}

/// What argus-redact-core finds, called line by line, which is kind to it: its time grows faster than its input, and it refuses
/// more than 1 MiB.
#[cfg(feature = "rivals")]
fn argus(bytes: &[u8], kind: Kind) -> usize {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let languages = ["zh".to_owned()];
    let mut count = 0;
    for line in text.lines() {
        let found = argus_redact_core::detect_l1(line, &languages, &[]).expect("a short line");
        count += match kind {
            Kind::Name => found.person.len(),
            Kind::Mobile => found.layer1.iter().filter(|m| m.type_ == "phone").count(),
            _ => found.layer1.iter().filter(|m| m.type_ == kind.id()).count(),
        };
    }
    count
}

fn naive(bytes: &[u8]) -> usize {
    let (mut count, mut run) = (0, 0);
    for b in bytes {
        if b.is_ascii_digit() {
            run += 1;
        } else {
            count += usize::from(run == 11);
            run = 0;
        }
    }
    count + usize::from(run == 11)
}

fn main() {
    let definitions: Definitions =
        toml::from_str(include_str!("defs/all.toml")).expect("definitions");
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let mut sizes = Vec::new();
    for d in &definitions.bench {
        if d.model == "argus" && cfg!(not(feature = "rivals")) {
            continue;
        }
        if !wanted.is_empty() && !wanted.iter().any(|w| d.name.contains(w.as_str())) {
            continue;
        }
        let (bytes, format) = haystack(&d.haystack, d.people);
        let kind = Kind::from_id(&d.kind).expect("a kind");
        let mut run = run_of(d, kind, &bytes, &format);
        let counted = run();
        if let Some(count) = d.count {
            assert_eq!(counted, count, "{}: a wrong count", d.name);
        }
        sizes.push((d.name.as_str(), bytes.len(), counted));
        let mut group = criterion.benchmark_group("miandan");
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(&d.name, |b| b.iter(|| black_box(run())));
        group.finish();
    }
    criterion.final_summary();
    if let Some(path) = std::env::var_os("MIANDAN_RECORD") {
        std::fs::write(path, record(&sizes)).expect("a record");
    }
}

/// The record of a run as CSV, from the estimates that criterion leaves behind.
fn record(sizes: &[(&str, usize, usize)]) -> String {
    #[derive(Deserialize)]
    struct Estimate {
        point_estimate: f64,
    }
    #[derive(Deserialize)]
    struct Estimates {
        median: Estimate,
        median_abs_dev: Estimate,
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let base = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(target)
        .join("criterion/miandan");
    let mut out = String::from("name,bytes,counted,median_ns,mad_ns,mb_per_s\n");
    for (name, bytes, counted) in sizes {
        let file = base.join(name.replace('/', "_")).join("new/estimates.json");
        let Ok(text) = std::fs::read_to_string(file) else {
            continue;
        };
        let e: Estimates = serde_json::from_str(&text).expect("criterion's estimates");
        let median = e.median.point_estimate;
        let _ = writeln!(
            out,
            "{name},{bytes},{counted},{median:.0},{:.0},{:.1}",
            e.median_abs_dev.point_estimate,
            *bytes as f64 * 1e3 / median
        );
    }
    out
}
