//! Redaction: nothing whole is left, and what was valid stays valid.

use std::path::Path;

use miandan::redact::{Operator, Redactor, is_fake};
use miandan::{Encoding, Format, Input, Kind, Scanner};

use super::support::layouts::LAYOUTS;
use super::support::synth::Rng;

const OPERATORS: [Operator; 5] = [
    Operator::Mask,
    Operator::Label,
    Operator::Pseudonym,
    Operator::Fake,
    Operator::Remove,
];

/// The cells of every line of a table without quotes.
fn shape(text: &str, delimiter: char) -> Vec<usize> {
    text.lines().map(|l| l.split(delimiter).count()).collect()
}

fn assert_valid(name: &str, before: &str, after: &str) {
    if name.contains("csv") || name.starts_with("orders") {
        assert_eq!(shape(before, ','), shape(after, ','), "{name}");
    } else if name == "tsv" {
        assert_eq!(shape(before, '\t'), shape(after, '\t'), "{name}");
    } else if name == "JSON Lines" || name.starts_with("listing") {
        for line in after.lines() {
            serde_json::from_str::<serde_json::Value>(line).expect("valid JSON");
        }
    } else if name == "nested JSON" {
        serde_json::from_str::<serde_json::Value>(after).expect("valid JSON");
    } else if name == "SQL insert" {
        assert_eq!(before.matches('\'').count(), after.matches('\'').count());
    }
}

#[test]
fn no_layout_shows_a_full_value_after_any_operator() {
    let scanner = Scanner::new().expect("a scanner");
    for (name, make) in LAYOUTS {
        let dump = make(&mut Rng::new(21), 12);
        for operator in OPERATORS {
            let redactor = Redactor::new(operator);
            let out = redactor.redact(&scanner, dump.text.as_bytes());
            assert_eq!(out.left, 0, "{name} {operator:?}");
            let text = String::from_utf8(out.bytes).expect("UTF-8");
            assert_valid(name, &dump.text, &text);
            let mobiles = dump.people.iter().flatten().filter(|v| v.0 == Kind::Mobile);
            for (_, range) in mobiles {
                assert!(
                    !text.contains(&dump.text[range.clone()]),
                    "{name} {operator:?}"
                );
            }
        }
        let (gb, _, _) = encoding_rs::GB18030.encode(&dump.text);
        let input = Input::new(&gb).encoding(Encoding::Gb18030);
        let out = Redactor::new(Operator::Mask).redact(&scanner, input);
        assert_eq!(out.left, 0, "{name} in GB18030");
        let (text, lost) = encoding_rs::GB18030.decode_without_bom_handling(&out.bytes);
        assert!(!lost, "{name} is still GB18030");
        assert_valid(name, &dump.text, &text);
    }
}

#[test]
fn no_shipped_sample_shows_a_full_value() {
    let scanner = Scanner::new().expect("a scanner");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("sample data") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("readable");
        for operator in OPERATORS {
            let out = Redactor::new(operator).redact(&scanner, &bytes);
            assert_eq!(out.left, 0, "{} {operator:?}", path.display());
        }
        files += 1;
    }
    assert!(files >= 4, "{files} sample files");
}

#[test]
fn made_up_values_are_marked_and_follow_the_person() {
    let text = "姓名,电话,地址\n林静,13926471583,江苏省苏州市吴中区东吴南路92号\n\
                余波,15876540918,广东省东莞市虎门镇连升路311号\n林静,139-2647-1583,江苏省苏州市吴中区东吴南路92号\n";
    let scanner = Scanner::new().expect("a scanner");
    let input = || Input::new(text).format(Format::csv());
    let out = Redactor::new(Operator::Fake).redact(&scanner, input());
    let out = String::from_utf8(out.bytes).expect("UTF-8");
    let rows: Vec<Vec<&str>> = out
        .lines()
        .skip(1)
        .map(|l| l.split(',').collect())
        .collect();
    for row in &rows {
        assert!(
            is_fake(Kind::Name, row[0]) && is_fake(Kind::Mobile, row[1]),
            "{row:?}"
        );
        assert!(is_fake(Kind::Address, row[2]), "{row:?}");
    }
    assert_eq!(rows[0][0], rows[2][0]);
    assert_ne!(rows[0][1], rows[1][1]);
    let pseudonyms = Redactor::new(Operator::Pseudonym).redact(&scanner, input());
    let pseudonyms = String::from_utf8(pseudonyms.bytes).expect("UTF-8");
    let names: Vec<&str> = pseudonyms
        .lines()
        .filter_map(|l| l.split(',').next())
        .collect();
    assert!(names[1] == names[3] && names[1] != names[2], "{names:?}");
}
