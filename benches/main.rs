//! Benches as data: `defs/*.toml` says what is measured and what must be counted.
//!
//! ```sh
//! cargo bench --all-features
//! ```

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Duration;

use criterion::{Criterion, Throughput};
use miandan::listing::{self, Found, Listing};
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
    people: usize,
    kind: String,
    count: Option<usize>,
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
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let scanner = Scanner::new().expect("a scanner");
    let policy = Policy::default();
    let mobile = regex::bytes::Regex::new("1[3-9][0-9]{9}").expect("a pattern");
    for d in &definitions.bench {
        let (bytes, format) = haystack(&d.haystack, d.people);
        let kind = Kind::from_id(&d.kind).expect("a kind");
        let mut scratch = scanner.scratch();
        // Checked here: the standard library takes longer over it than folding does.
        let text = std::str::from_utf8(&bytes);
        let mut run = || match d.model.as_str() {
            "scan" => {
                let input = Input::new(&bytes).format(format.clone());
                scanner.scan_with(&mut scratch, input).of(kind).count()
            }
            "par_scan" => {
                let unit = Unit {
                    origin: Origin::path("-"),
                    reader: Box::new(std::io::Cursor::new(bytes.clone())),
                    format: Some(format.clone()),
                    encoding: None,
                };
                let mut sink = Count(kind, 0);
                scanner
                    .par_scan([Sourced::Unit(unit)], &mut sink)
                    .expect("no error");
                sink.1
            }
            "fold" => {
                let text = text.expect("UTF-8");
                let (mut out, mut map) = (String::new(), OffsetMap::default());
                usize::from(fold(text, Escapes::None, &mut out, &mut map))
            }
            "verdict" => {
                let text = text.expect("UTF-8");
                let input = Input::new(text).format(Format::Text);
                let findings = scanner.scan_with(&mut scratch, input);
                let assessment = listing::assess(&Listing::from(text), Found::from(&findings));
                let decision = policy.decide(&findings, Some(&assessment));
                usize::from(decision.verdict != Verdict::Pass)
            }
            "regex" => mobile.find_iter(&bytes).count(),
            "naive" => naive(&bytes),
            other => panic!("unknown model {other}"),
        };
        let counted = run();
        if let Some(count) = d.count {
            assert_eq!(counted, count, "{}: a wrong count", d.name);
        }
        let mut group = criterion.benchmark_group("miandan");
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(&d.name, |b| b.iter(|| black_box(run())));
        group.finish();
    }
    criterion.final_summary();
}
