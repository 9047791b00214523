//! What a moderation service relies on: a call for a short text, with a warm scratch, allocates nothing.

use allocation_counter::measure;
use miandan::Scanner;
use miandan::detect::name::NameScope;

use crate::corpus;
use crate::support::synth::{self, Person, Rng};

/// Listings, some with people in them, chat messages, label blocks, rows of dumps, prose, and the corpus with its disguises.
fn texts() -> Vec<String> {
    let mut rng = Rng::new(23);
    let people: Vec<Person> = (0..60).map(|_| synth::person(&mut rng)).collect();
    let mut texts: Vec<String> = (0..60).map(|i| synth::listing(&mut rng, i)).collect();
    for (i, p) in people.iter().enumerate() {
        texts.push(synth::leaking_listing(&mut rng, i, p));
        texts.push(format!("麻烦寄给{}，{}，{}", p.name, p.mobile, p.address));
        texts.push(synth::key_value(std::slice::from_ref(p)));
    }
    // The header of a table is kept, with the names of its columns.
    let csv = synth::csv(&mut rng, &people);
    texts.extend(csv.lines().skip(1).map(str::to_owned));
    texts.extend(synth::dashes(&people).lines().map(str::to_owned));
    texts.extend((0..20).map(|_| synth::prose(&mut rng, 600)));
    texts.extend(corpus::cases().into_iter().map(|(_, case)| case.text));
    texts
}

#[test]
fn short_texts_with_a_warm_scratch_allocate_nothing() {
    let texts = texts();
    for scope in [NameScope::Everywhere, NameScope::Near] {
        let scanner = Scanner::builder().name_scope(scope).build();
        let scanner = scanner.expect("a scanner");
        let mut scratch = scanner.scratch();
        let mut pass = || -> (usize, Vec<(&str, u64)>) {
            let mut found = 0;
            let mut allocating = Vec::new();
            for text in &texts {
                let counted = measure(|| {
                    let findings = scanner.scan_with(&mut scratch, text.as_str());
                    found += findings.len();
                    scratch.recycle(findings);
                });
                if counted.count_total > 0 {
                    allocating.push((text.as_str(), counted.count_total));
                }
            }
            (found, allocating)
        };
        let (found, _) = pass();
        assert!(found > 1_000, "{found} findings");
        assert_eq!(pass(), (found, Vec::new()), "allocating, names {scope:?}");
    }
}

#[test]
fn values_in_their_one_spelling_are_normalised_without_allocating() {
    let mut rng = Rng::new(29);
    let people: Vec<Person> = (0..60).map(|_| synth::person(&mut rng)).collect();
    let rows = synth::csv(&mut rng, &people);
    let scanner = Scanner::new().expect("a scanner");
    let found = scanner.scan(rows.as_str());
    assert!(found.len() >= 4 * people.len());
    for finding in &found {
        let value = &rows[finding.span.range()];
        let counted = measure(|| assert_eq!(scanner.normalize(finding, value), value));
        assert_eq!(counted.count_total, 0, "{value}");
    }
}
