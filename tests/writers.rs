//! Files that other programs wrote (`tools/make_fixtures.py`) give the people that were put into them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use miandan::source::{Options, walk};
use miandan::{Kind, PageReport, Result, Scanner, Sink};

use crate::support::dice::Dice;

/// What was found by file: kinds with normalised values, and the codes of warnings.
#[derive(Default)]
struct Found(BTreeMap<String, BTreeSet<(String, String)>>);

impl Sink for Found {
    type Rendered = (String, Vec<(String, String)>);

    fn render(&self, page: &PageReport<'_>) -> Self::Rendered {
        let values = page.items().map(|i| {
            (
                i.finding().kind.id().to_owned(),
                i.normalized().into_owned(),
            )
        });
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

/// Every broken file is read or told to be broken, and none takes long; `MUTATIONS` sets how many of each (a full run takes 400).
#[test]
fn no_broken_file_stops_a_scan() {
    let rounds: usize = std::env::var("MUTATIONS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(3);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files: Vec<_> = ["writers", "locked"]
        .into_iter()
        .flat_map(|dir| std::fs::read_dir(fixtures.join(dir)).expect("fixtures"))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let nested = nested(&files);
    let named = files.iter().map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy();
        (name.into_owned(), std::fs::read(path).expect("a fixture"))
    });
    let scanner = Scanner::new().expect("valid options");
    let mut dice = Dice::new(11);
    for (name, whole) in named.chain([("nested.zip".to_owned(), nested)]) {
        let dir = tempfile::tempdir().expect("a folder");
        for round in 0..rounds {
            let path = dir.path().join(format!("{round}-{name}"));
            let mut bytes = whole.clone();
            dice.mutate(&mut bytes);
            std::fs::write(&path, bytes).expect("written");
            let scan = || {
                let started = std::time::Instant::now();
                let totals = scanner
                    .par_scan(walk([&path], Options::default()), &mut Found::default())
                    .expect("content never fails");
                let inputs = totals.inputs_read + totals.inputs_failed + totals.inputs_skipped;
                assert!(inputs > 0, "{name}, round {round}: nothing is said of it");
                started.elapsed()
            };
            // Beside other work a scan may have to wait; it is slow if it is slow every time.
            let quick = (0..3).any(|_| scan().as_secs() < 5);
            assert!(quick, "{name}, round {round}");
        }
    }
}

/// Archives in an archive: all the files, packed and not.
fn nested(files: &[PathBuf]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for path in files
        .iter()
        .filter(|p| p.metadata().is_ok_and(|m| m.len() < 2_000))
    {
        let name = path.file_name().expect("a name").to_string_lossy();
        zip.start_file(name, options).expect("an entry");
        zip.write_all(&std::fs::read(path).expect("a fixture"))
            .expect("written");
    }
    zip.finish().expect("a zip").into_inner()
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
