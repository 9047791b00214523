//! Properties that hold for every input.

use std::io::{Cursor, Read};
use std::ops::ControlFlow;

use miandan::{
    Finding, Format, Input, Kind, Origin, PageReport, Result, Scanner, Sink, Sourced, Unit,
};
use proptest::prelude::*;

use crate::support::synth::{self, Rng};

/// Collects the findings of a stream.
#[derive(Default)]
struct Collect(Vec<Finding>);

impl Sink for Collect {
    type Rendered = Vec<Finding>;

    fn render(&self, page: &PageReport<'_>) -> Vec<Finding> {
        page.items().map(|i| *i.finding()).collect()
    }

    fn accept(&mut self, page: Vec<Finding>) -> Result<ControlFlow<()>> {
        self.0.extend(page);
        Ok(ControlFlow::Continue(()))
    }
}

/// Streams an input on so many threads into a sink.
pub(crate) fn stream(
    scanner: &Scanner,
    reader: impl Read + Send + 'static,
    format: Format,
    threads: usize,
    sink: &mut impl Sink,
) {
    let unit = Unit {
        origin: Origin::path("-"),
        reader: Box::new(reader),
        format: Some(format),
        encoding: None,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("a pool");
    pool.install(|| scanner.par_scan([Sourced::Unit(unit)], sink))
        .expect("no error from content");
}

fn streamed(scanner: &Scanner, bytes: &[u8], format: Format, threads: usize) -> Vec<Finding> {
    let mut sink = Collect::default();
    let reader = Cursor::new(bytes.to_vec());
    stream(scanner, reader, format, threads, &mut sink);
    sink.0
}

fn check_findings(scanner: &Scanner, text: &str) -> std::result::Result<(), TestCaseError> {
    let found = scanner.scan(Input::new(text).format(Format::Text));
    let mut last = 0;
    for f in &found {
        prop_assert!(f.span.start < f.span.end && f.span.end <= text.len());
        prop_assert!(text.is_char_boundary(f.span.start) && text.is_char_boundary(f.span.end));
        prop_assert!(f.span.start >= last, "sorted and apart");
        last = f.span.end;
        let sum: i32 = scanner.explain(f).iter().map(|e| e.weight).sum();
        prop_assert_eq!(f.score, scanner.prior(f) + sum);
    }
    for record in found.records() {
        prop_assert!(record.findings().windows(2).all(|w| w[0] < w[1]));
        prop_assert!(
            record
                .fields()
                .iter()
                .all(|(_, m)| record.findings().contains(m))
        );
    }
    Ok(())
}

/// Pieces that detectors care about, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("13812345678".to_owned()),
        Just("一三八一二三四五六七八".to_owned()),
        Just("YT1234567890123".to_owned()),
        Just("浙江省杭州市西湖区文三路128号".to_owned()),
        Just("张伟".to_owned()),
        Just("收件人：".to_owned()),
        Just("电话:".to_owned()),
        Just("欧阳".to_owned()),
        Just("&#49;".to_owned()),
        Just("\\u0031".to_owned()),
        "[省市区县镇村路号栋室0-9A-Za-z，,。 \n\t|\"-]{0,12}",
        "\\PC{0,6}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn findings_lie_on_characters_and_explain_themselves(text in pieces()) {
        let scanner = Scanner::builder().min_confidence(0.05).build().expect("a scanner");
        check_findings(&scanner, &text)?;
    }

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let scanner = Scanner::builder().min_confidence(0.05).build().expect("a scanner");
        let found = scanner.scan(&bytes);
        for f in &found {
            prop_assert!(f.span.end <= bytes.len());
        }
    }
}

fn dumps() -> Vec<(Format, String)> {
    let mut rng = Rng::new(7);
    let people: Vec<_> = (0..300).map(|_| synth::person(&mut rng)).collect();
    let listings: Vec<String> = people
        .iter()
        .enumerate()
        .map(|(i, p)| {
            if i % 5 == 0 {
                synth::leaking_listing(&mut rng, i, p)
            } else {
                synth::listing(&mut rng, i)
            }
        })
        .collect();
    let blocks: Vec<String> = people
        .iter()
        .map(|p| {
            format!(
                "收件人：{}\n电话：{}\n地址：{}\n单号：{}\n",
                p.name, p.mobile, p.address, p.waybill
            )
        })
        .collect();
    // Between the orders lie stretches of broken bytes, longer and longer.
    let wrecked = blocks.iter().enumerate().map(|(i, block)| {
        let wreck = "王建国\u{FFFD}赵云\u{FFFD}".repeat(if i % 3 == 0 { i / 3 } else { 0 });
        format!("{block}{wreck}\n")
    });
    let wrecked: String = wrecked.collect();
    vec![
        (Format::csv(), synth::csv(&mut rng, &people)),
        (Format::Text, synth::key_value(&people)),
        (Format::Text, blocks.join("\n")),
        (Format::Text, wrecked),
        (
            Format::Table {
                delimiter: "----".into(),
                quoted: false,
            },
            synth::dashes(&people),
        ),
        (Format::JsonLines, listings.join("\n")),
    ]
}

#[test]
fn threads_and_streams_change_nothing() {
    let scanner = Scanner::new().expect("a scanner");
    for (format, dump) in dumps() {
        let whole: Vec<Finding> = scanner
            .scan(Input::new(&dump).format(format.clone()))
            .iter()
            .copied()
            .collect();
        assert!(
            whole.len() > 50,
            "{format:?}: only {} findings",
            whole.len()
        );
        for threads in [1, 3] {
            let stream = streamed(&scanner, dump.as_bytes(), format.clone(), threads);
            assert!(
                whole == stream,
                "{format:?} with {threads} threads: {} against {}",
                whole.len(),
                stream.len()
            );
        }
    }
}

#[test]
fn page_size_changes_nothing() {
    for (format, dump) in dumps() {
        let of = |page_bytes| {
            let scanner = Scanner::builder()
                .page_bytes(page_bytes)
                .build()
                .expect("a scanner");
            let found = scanner.scan(Input::new(&dump).format(format.clone()));
            let places: Vec<_> = (0..found.len())
                .map(|i| (found.as_slice()[i], found.place(i)))
                .collect();
            (places, found.records().to_vec())
        };
        let whole = of(usize::MAX / 4);
        for page_bytes in [700, 4_096, 30_000] {
            let paged = of(page_bytes);
            let differs = whole.0.iter().zip(&paged.0).position(|(a, b)| a != b);
            assert!(
                differs.is_none() && whole.0.len() == paged.0.len(),
                "{format:?} in pages of {page_bytes}: finding {differs:?}, {} against {}",
                whole.0.len(),
                paged.0.len()
            );
            let differs = whole.1.iter().zip(&paged.1).find(|(a, b)| a != b);
            assert!(
                differs.is_none() && whole.1.len() == paged.1.len(),
                "{format:?} in pages of {page_bytes}: other records: {differs:?}"
            );
        }
    }
}

/// Values of one kind without anything else, as they are sold: nothing may get lost where pages meet.
#[test]
fn long_lists_of_one_kind_are_found_whole() {
    const N: usize = 4_000;
    let scanner = Scanner::builder()
        .page_bytes(16 * 1024)
        .build()
        .expect("a scanner");
    let mut rng = Rng::new(11);
    let people: Vec<_> = (0..N).map(|_| synth::person(&mut rng)).collect();
    let column = |of: fn(&synth::Person) -> &str, between: &str| -> String {
        let values: Vec<&str> = people.iter().map(of).collect();
        values.join(between)
    };
    for between in ["\n", ",", ", ", "、", " ", "\n\n"] {
        for (kind, list) in [
            (Kind::Mobile, column(|p| &p.mobile, between)),
            (Kind::Waybill, column(|p| &p.waybill, between)),
            (Kind::Address, column(|p| &p.address, between)),
        ] {
            let bytes = list.as_bytes();
            let whole = scanner.scan(Input::new(bytes).format(Format::Text));
            let n = whole.of(kind).count();
            assert!(
                n.abs_diff(N) <= N / 100,
                "{kind:?} apart by {between:?}: {n} of {N}"
            );
            let stream = streamed(&scanner, bytes, Format::Text, 2);
            assert!(
                stream.iter().eq(whole.iter()),
                "{kind:?} apart by {between:?}: streamed otherwise"
            );
            let one_page = Scanner::builder()
                .page_bytes(usize::MAX / 4)
                .build()
                .expect("a scanner");
            let one_page = one_page.scan(Input::new(bytes).format(Format::Text));
            let lost: Vec<_> = one_page
                .iter()
                .filter(|f| !whole.iter().any(|w| w.span == f.span))
                .collect();
            assert!(
                lost.len() <= N / 1_000 && one_page.len().abs_diff(whole.len()) <= N / 1_000,
                "{kind:?} apart by {between:?}: {} lost where pages meet",
                lost.len()
            );
        }
    }
}

#[test]
fn public_types_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    fn shares<T: Send + Sync + Clone>() {}
    crosses::<Finding>();
    crosses::<miandan::Record>();
    crosses::<miandan::Findings>();
    crosses::<miandan::Error>();
    shares::<Scanner>();
}

#[test]
fn debug_shows_no_value() {
    let text = "张伟 13812345678 浙江省杭州市西湖区文三路128号";
    let found = Scanner::new().expect("a scanner").scan(text);
    let shown = format!("{found:?}");
    assert!(!found.is_empty());
    for secret in ["张伟", "13812345678", "文三路"] {
        assert!(!shown.contains(secret));
    }
}
