//! Slow detectors without anchors, which look at every position: what they find, the fast ones find.
//!
//! The texts are the corpus, made-up dumps, and made-up pieces in any order and at any place of a block.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use miandan::anchor::View;
use miandan::detect::address::AddressDetector;
use miandan::detect::mobile::MobileDetector;
use miandan::detect::name::NameDetector;
use miandan::detect::waybill::WaybillDetector;
use miandan::detect::{Candidate, Detector};
use miandan::{Form, Span};
use regex::Regex;

use crate::corpus::cases;
use crate::support::synth::{self, Rng};

/// The rows of a table of the project, without its notes.
fn table(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/table/raw");
    let text = std::fs::read_to_string(path.join(name)).expect("a table");
    let rows = text.lines().filter(|l| !l.starts_with('#'));
    rows.map(|l| l.split('\t').map(str::to_owned).collect())
        .collect()
}

fn candidates(detector: &impl Detector, text: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    detector.detect(&View::new(text), &mut found);
    found
}

/// Pieces that end and begin values, in any order around `value`, behind up to a whole block of other characters.
fn around(rng: &mut Rng, value: &str) -> String {
    let filler = [
        "联系",
        "a",
        " ",
        "，",
        "\n",
        "货",
        "，备注",
        "-x",
        "（",
        "。",
    ];
    let wall = ["\n", "，", ",", " ", "。", "\"", "\t", "；"];
    let mut text = String::new();
    for _ in 0..rng.below(40) {
        text.push_str(rng.pick(&filler));
    }
    text.push_str(rng.pick(&wall));
    text.push_str(value);
    text.push_str(rng.pick(&wall));
    for _ in 0..rng.below(40) {
        text.push_str(rng.pick(&filler));
    }
    text
}

/// Texts of all sorts with values in them.
fn texts() -> Vec<String> {
    let mut rng = Rng::new(23);
    let people: Vec<_> = (0..400).map(|_| synth::person(&mut rng)).collect();
    let mut texts: Vec<String> = cases().into_iter().map(|(_, case)| case.text).collect();
    texts.push(synth::csv(&mut rng, &people));
    texts.push(synth::key_value(&people));
    texts.push(synth::dashes(&people));
    texts.push(synth::prose(&mut rng, 60_000));
    texts
}

/// Prefixes of mainland mobile numbers.
fn prefixes() -> HashSet<String> {
    let rows = table("mobile_prefixes.tsv").into_iter();
    rows.map(|row| row[0].clone()).collect()
}

/// Whether nothing touches `start..end` that could be a part of a number or a code: other digits, letters, and their marks.
fn stands_apart(text: &str, start: usize, end: usize) -> bool {
    let apart = |c: Option<char>| {
        c.is_none_or(|c| matches!(c, '\n' | ',' | '，' | '"' | '；' | '：' | '\t' | '（'))
    };
    apart(text[..start].chars().next_back()) && apart(text[end..].chars().next())
}

#[test]
fn a_mobile_at_every_position() {
    let prefixes = prefixes();
    let detector = MobileDetector::new();
    let is_mobile = |digits: &str| (3..=7).any(|n| prefixes.contains(&digits[..n]));
    let slow = |text: &str| -> Vec<(usize, String)> {
        let bytes = text.as_bytes();
        let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
        let whole =
            |i: &usize| (*i == 0 || !digit(i - 1)) && !digit(i + 11) && (*i..i + 11).all(digit);
        let places = (0..bytes.len()).filter(whole);
        let values = places.map(|i| (i, text[i..i + 11].to_owned()));
        values
            .filter(|(i, d)| is_mobile(d) && stands_apart(text, *i, i + 11))
            .collect()
    };
    let mut texts = texts();
    let mut rng = Rng::new(5);
    let known: Vec<&String> = prefixes
        .iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    for _ in 0..600 {
        let prefix = known[rng.below(known.len())];
        let number = format!("{prefix}{}", rng.digits(11 - prefix.len()));
        texts.push(around(&mut rng, &number));
    }
    let mut seen = 0;
    for text in &texts {
        let found = candidates(&detector, text);
        for (at, value) in slow(text) {
            seen += 1;
            let span = Span::new(at, at + 11);
            let is_it = |c: &&Candidate| c.span == span;
            let hit = found.iter().find(is_it);
            assert!(hit.is_some(), "{value} at {at} of {text:?}");
            assert_eq!(detector.normalize(&value), value);
        }
        for c in found.iter().filter(|c| c.form == Form::Full) {
            let value = detector.normalize(&text[c.span.range()]);
            let allocated = value.len() != 11 || is_mobile(&value);
            assert!(allocated, "{value} is not allocated: {text:?}");
        }
    }
    assert!(seen > 700, "{seen}");
}

/// Every way to write a digit of which a row is a number in itself.
const DRESSES: [[&str; 10]; 5] = [
    ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
    ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"],
    ["⓪", "①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨"],
    ["𝟎", "𝟏", "𝟐", "𝟑", "𝟒", "𝟓", "𝟔", "𝟕", "𝟖", "𝟗"],
    ["0️⃣", "1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣"],
];

#[test]
fn a_disguised_mobile_at_every_position() {
    let detector = MobileDetector::new();
    let mut rng = Rng::new(6);
    for dress in DRESSES {
        for separator in ["", " ", "-", "、", "*", "·", "~", "。", "\u{3000}", "--"] {
            for _ in 0..60 {
                let number = format!("13{}", rng.digits(9));
                let digits = number.bytes().map(|b| dress[usize::from(b - b'0')]);
                let written = digits.collect::<Vec<_>>().join(separator);
                let text = around(&mut rng, &written);
                let found = candidates(&detector, &text);
                let reads = |c: &Candidate| detector.normalize(&text[c.span.range()]) == number;
                assert!(found.iter().any(reads), "{number} in {text:?}");
            }
        }
    }
}

/// The templates of the courier table that begin with letters, as patterns.
fn lettered() -> Vec<(String, Regex)> {
    let rows = table("couriers.tsv");
    let templates = rows.iter().filter(|row| row[5] == "high");
    let all = templates.flat_map(|row| row[2].split('|'));
    let lettered = all.filter(|t| t.starts_with(|c: char| c.is_ascii_alphabetic()));
    lettered
        .map(|template| {
            let pattern = template
                .replace('#', "[0-9]")
                .replace('@', "[A-Z]")
                .replace('*', "[0-9A-Z]");
            (
                template.to_owned(),
                Regex::new(&format!("^{pattern}")).expect("a pattern"),
            )
        })
        .collect()
}

#[test]
fn a_serial_at_every_position() {
    let templates = lettered();
    assert!(templates.len() > 8, "{}", templates.len());
    let detector = WaybillDetector::new();
    let mut texts = texts();
    let mut rng = Rng::new(8);
    for _ in 0..80 {
        for (template, _) in &templates {
            let serial: String = template
                .chars()
                .map(|c| match c {
                    '#' | '*' => char::from(b'0' + rng.below(10) as u8),
                    '@' => char::from(b'A' + rng.below(26) as u8),
                    c => c,
                })
                .collect();
            texts.push(around(&mut rng, &serial));
        }
    }
    let mut seen = 0;
    for text in &texts {
        let found = candidates(&detector, text);
        for (at, _) in text.char_indices() {
            for (template, pattern) in &templates {
                let Some(serial) = pattern.find(&text[at..]) else {
                    continue;
                };
                let span = Span::new(at, at + serial.end());
                if !stands_apart(text, span.start, span.end) {
                    continue;
                }
                seen += 1;
                let is_it = |c: &Candidate| c.span == span;
                assert!(
                    found.iter().any(is_it),
                    "{template}: {} of {text:?}",
                    serial.as_str()
                );
            }
        }
    }
    assert!(seen > 800, "{seen}");
}

/// The names of today's divisions with those of the divisions above them.
struct Gazetteer {
    /// Codes by name, and the code of the division above each.
    codes: BTreeMap<String, Vec<u32>>,
    above: BTreeMap<u32, u32>,
    longest: usize,
}

impl Gazetteer {
    fn read() -> Gazetteer {
        let (mut codes, mut above) = (BTreeMap::<String, Vec<u32>>::new(), BTreeMap::new());
        let number = |text: &str| text.parse::<u32>().unwrap_or(0);
        for row in table("regions.tsv") {
            if row[3] == "-" && row[4].chars().count() > 2 {
                codes
                    .entry(row[4].clone())
                    .or_default()
                    .push(number(&row[0]));
                above.insert(number(&row[0]), number(&row[2]));
            }
        }
        let longest = codes.keys().map(|name| name.chars().count()).max();
        Gazetteer {
            codes,
            above,
            longest: longest.unwrap_or(0),
        }
    }

    /// The longest name at the start of a text, below one of the divisions `above` if there are any: its length and what it may be.
    fn name(&self, text: &str, above: &[u32]) -> Option<(usize, Vec<u32>)> {
        let ends = text.char_indices().map(|(i, c)| i + c.len_utf8());
        let mut ends: Vec<usize> = ends.take(self.longest).collect();
        ends.reverse();
        ends.into_iter().find_map(|end| {
            let codes = self.codes.get(&text[..end])?.iter().copied();
            let below = |code: &u32| {
                let parent = self.above[code];
                above.is_empty()
                    || above.contains(&parent)
                    || self
                        .above
                        .get(&parent)
                        .is_some_and(|top| above.contains(top))
            };
            let codes: Vec<u32> = codes.filter(below).collect();
            (!codes.is_empty()).then_some((end, codes))
        })
    }

    /// The end of two or more divisions, each in the one before, at the start of a text.
    fn chain(&self, text: &str) -> Option<usize> {
        let (mut end, mut above) = self.name(text, &[])?;
        let mut levels = 1;
        while let Some((len, codes)) = self.name(&text[end..], &above) {
            (end, above) = (end + len, codes);
            levels += 1;
        }
        (levels > 1).then_some(end)
    }
}

#[test]
fn divisions_at_every_position() {
    let gazetteer = Gazetteer::read();
    let road = Regex::new(r"^\p{Han}{1,4}(路|街|大道)[0-9]{1,4}号").expect("a pattern");
    let mut texts = texts();
    let mut rng = Rng::new(9);
    for _ in 0..300 {
        let person = synth::person(&mut rng);
        let text = around(&mut rng, &person.address);
        texts.push(text);
    }
    let mut seen = 0;
    for text in &texts {
        let found = candidates(&AddressDetector, text);
        let mut from = 0;
        for (at, _) in text.char_indices() {
            if at < from {
                continue;
            }
            let Some(chain) = gazetteer.chain(&text[at..]).map(|len| at + len) else {
                continue;
            };
            let Some(end) = road.find(&text[chain..]).map(|m| chain + m.end()) else {
                continue;
            };
            seen += 1;
            from = end;
            let covers = |c: &Candidate| c.span.start <= at && c.span.end >= end;
            assert!(found.iter().any(covers), "{} of {text:?}", &text[at..end]);
        }
    }
    assert!(seen > 800, "{seen}");
}

/// The fast detector looks up short runs many at a time and remembers them; the slow one sees one line and nothing else.
#[test]
fn names_line_by_line() {
    let lines = |text: &str| -> Vec<(String, Form, i32)> {
        let one = |(at, line): (usize, &str)| {
            let found = candidates(&NameDetector::new(), line);
            let told = found.into_iter().map(move |c| (at, c));
            told.map(|(at, c)| (format!("{at}:{:?}", c.span), c.form, c.measured))
                .collect::<Vec<_>>()
        };
        text.lines().enumerate().flat_map(one).collect()
    };
    let whole = |text: &str| -> Vec<(String, Form, i32)> {
        let starts: Vec<usize> = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(i, _)| i + 1))
            .collect();
        let told = |c: Candidate| {
            let line = starts.partition_point(|s| *s <= c.span.start) - 1;
            let span = Span::new(c.span.start - starts[line], c.span.end - starts[line]);
            (format!("{line}:{span:?}"), c.form, c.measured)
        };
        candidates(&NameDetector::new(), text)
            .into_iter()
            .map(told)
            .collect()
    };
    let mut seen = 0;
    for text in texts() {
        let found = whole(&text);
        seen += found.len();
        assert_eq!(found, lines(&text));
    }
    assert!(seen > 1_000, "{seen}");
}
