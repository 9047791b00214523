//! Files that other programs wrote (`tools/make_fixtures.py`) give the people that were put into them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use miandan::source::{Options, walk};
use miandan::{Kind, PageReport, Result, Scanner, Sink};

/// What was found by file: kinds with normalised values, and the codes of warnings.
#[derive(Default)]
struct Found(BTreeMap<String, BTreeSet<(String, String)>>);

impl Sink for Found {
    type Rendered = (String, Vec<(String, String)>);

    fn render(&self, page: &PageReport<'_>) -> Self::Rendered {
        let values = page
            .items()
            .map(|i| (i.finding().kind.id().to_owned(), i.normalized()));
        let warnings = page.warnings().iter().filter(|w| w.loss);
        let warnings = warnings.map(|w| ("warning".to_owned(), w.code.to_string()));
        let path = Path::new(&page.unit().origin.path).file_name();
        let name = path.map(|n| n.to_string_lossy().into_owned());
        (name.unwrap_or_default(), values.chain(warnings).collect())
    }

    fn accept(&mut self, (name, values): Self::Rendered) -> Result<ControlFlow<()>> {
        self.0.entry(name).or_default().extend(values);
        Ok(ControlFlow::Continue(()))
    }
}

fn scan(dir: &str) -> BTreeMap<String, BTreeSet<(String, String)>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(dir);
    let scanner = Scanner::builder()
        .kinds([Kind::Name, Kind::Mobile, Kind::Address, Kind::Waybill])
        .build()
        .expect("valid options");
    let mut found = Found::default();
    scanner
        .par_scan(walk([path], Options::default()), &mut found)
        .expect("the sink never fails");
    found.0
}

#[test]
fn every_file_holds_every_person() {
    let people = include_str!("fixtures/people.tsv");
    let kinds = ["waybill", "name", "mobile", "address"];
    let expected: BTreeSet<(String, String)> = people
        .lines()
        .skip(1)
        .flat_map(|line| kinds.into_iter().zip(line.split('\t')))
        .map(|(kind, value)| (kind.to_owned(), value.to_owned()))
        .collect();
    let found = scan("writers");
    assert!(found.len() >= 18, "{:?}", found.keys());
    for (file, values) in found {
        let missing: Vec<_> = expected.difference(&values).collect();
        let extra: Vec<_> = values.difference(&expected).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{file}: missing {missing:?}, extra {extra:?}"
        );
    }
}

#[test]
fn what_is_locked_is_told_to_be() {
    let locked = BTreeSet::from([("warning".to_owned(), "archive.encrypted".to_owned())]);
    let found = scan("locked");
    assert_eq!(found.len(), 3);
    for (file, values) in found {
        assert_eq!(values, locked, "{file}");
    }
}
