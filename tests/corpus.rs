//! Runs the cases of `corpus/*.toml` as they are; `expand.rs` runs them in other dresses.

use std::path::{Path, PathBuf};

use miandan::{Findings, Format, Input, Kind, Scanner};
use serde::Deserialize;

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Corpus {
    case: Vec<Case>,
}

/// One case: a text, what must be found in it, and which kinds must not be reported.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) findings: Vec<Wanted>,
    #[serde(default)]
    pub(crate) absent: Vec<String>,
    /// Number of records, where the case is about them.
    records: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    pub(crate) kind: String,
    pub(crate) text: String,
    form: Option<String>,
    value: Option<String>,
}

pub(crate) fn cases() -> Vec<(PathBuf, Case)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir)
        .expect("the corpus folder")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a readable corpus file");
        let corpus: Corpus =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        cases.extend(corpus.case.into_iter().map(|c| (file.clone(), c)));
    }
    cases
}

/// What is wrong with the findings of a case, one line each.
fn problems(scanner: &Scanner, case: &Case, bytes: &[u8], found: &Findings) -> Vec<String> {
    let mut list = Vec::new();
    let shown: Vec<(Kind, String)> = found
        .iter()
        .map(|f| (f.kind, found.value(bytes, f).into_owned()))
        .collect();
    for wanted in &case.findings {
        let hit = found
            .iter()
            .find(|f| f.kind.id() == wanted.kind && found.value(bytes, f) == wanted.text.as_str());
        let Some(hit) = hit else {
            list.push(format!(
                "missing {} {:?}; found {shown:?}",
                wanted.kind, wanted.text
            ));
            continue;
        };
        if let Some(form) = wanted.form.as_deref().filter(|form| *form != hit.form.id()) {
            list.push(format!(
                "{:?} is {}, wanted {form}",
                wanted.text,
                hit.form.id()
            ));
        }
        let value = found.value(bytes, hit);
        let value = scanner.normalize(hit, &value);
        if let Some(want) = wanted.value.as_deref().filter(|want| *want != value) {
            list.push(format!("{:?} reads {value}, wanted {want}", wanted.text));
        }
    }
    for absent in &case.absent {
        list.extend(
            shown
                .iter()
                .filter(|(kind, _)| kind.id() == absent)
                .map(|(kind, text)| format!("{kind} {text:?} must not be reported")),
        );
    }
    if let Some(records) = case.records.filter(|n| *n != found.records().len()) {
        list.push(format!(
            "{} records, wanted {records}",
            found.records().len()
        ));
    }
    list
}

#[test]
fn every_case_holds() {
    let scanner = Scanner::new().expect("a scanner");
    let mut failures = Vec::new();
    for (file, case) in cases() {
        let found = scanner.scan(Input::new(&case.text).format(Format::Text));
        for problem in problems(&scanner, &case, case.text.as_bytes(), &found) {
            failures.push(format!("{}: {}: {problem}", file.display(), case.name));
        }
    }
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

#[test]
fn rule_cards_keep_their_word() {
    let scanner = Scanner::new().expect("a scanner");
    let mut failures = Vec::new();
    for card in scanner.rules() {
        assert!(
            !card.title.is_empty() && !card.help.is_empty(),
            "{} explains nothing",
            card.id
        );
        let reports = |text: &str| {
            let found = scanner.scan(Input::new(text).format(Format::Text));
            found.iter().any(|f| scanner.rule(f).id == card.id)
        };
        failures.extend(
            card.examples
                .iter()
                .filter(|t| !reports(t))
                .map(|t| format!("{}: missed {t:?}", card.id)),
        );
        failures.extend(
            card.counter_examples
                .iter()
                .filter(|t| reports(t))
                .map(|t| format!("{}: reported {t:?}", card.id)),
        );
    }
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}
