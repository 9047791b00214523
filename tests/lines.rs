//! Delivery lines as many hands write them, taken apart: forms, single lines in every order, fragments of JSON, glued fields, remarks.
//!
//! All people in `fixtures/delivery_lines.jsonl` are made up. The lines were written before the program was run on them; `miandan eval`
//! prints the same figures.

use std::path::Path;

use miandan::eval::{EvalOptions, evaluate, read};
use miandan::{Kind, Scanner};

#[test]
fn most_lines_are_taken_apart_as_they_are_meant() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delivery_lines.jsonl");
    let lines = read(&file).expect("labelled lines");
    let scanner = Scanner::builder()
        .min_confidence(0.05)
        .build()
        .expect("a scanner");
    let options = EvalOptions {
        kinds: vec![Kind::Address],
        ..EvalOptions::default()
    };
    let report = evaluate(&scanner, &lines, &options);
    let fields = report.fields.expect("lines with fields");
    assert_eq!(fields.lines, 221);
    assert!(fields.all >= 205, "{fields:?}");
    let exact = report.kinds[&Kind::Address].exact.f1();
    assert!(exact >= 0.96, "{exact}");
}
