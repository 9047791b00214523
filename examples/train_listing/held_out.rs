//! Judging the shipped model on listings that are never trained on.

use miandan::Scanner;
use miandan::listing::{self, Class, Found, Listing};

use super::Result;
use super::synth::{Rng, person};
use super::validate::print;

static HELD_OUT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/examples/train_listing/held_out.txt"
);

/// Resamples of the listings from which the chance interval is read.
const RESAMPLES: usize = 2_000;

/// A judged listing: what it is and what the model said.
#[derive(Clone, Copy)]
struct Judged {
    is: Class,
    said: Class,
}

/// Prints of each batch what is judged wrong, then the figures with their 95 % chance intervals.
pub(crate) fn judge() -> Result<()> {
    let scanner = Scanner::new()?;
    let listings = std::fs::read_to_string(HELD_OUT)?;
    let (mut batch, mut judged) = ("", Vec::new());
    for (number, line) in listings.lines().enumerate() {
        let (is, text) = match line.split_once(' ') {
            Some(("=", name)) => {
                report(batch, &judged);
                (batch, judged) = (name, Vec::new());
                continue;
            }
            Some(("+", text)) => (Class::SellsData, text),
            Some(("-", text)) => (Class::Benign, text),
            Some(("*", text)) => (Class::LeakSample, text),
            _ => continue,
        };
        let text = fill(text, number as u64);
        let found = Found::from(&scanner.scan(&text));
        let said = listing::assess(&Listing::from(text.as_str()), found);
        judged.push(Judged {
            is,
            said: said.class,
        });
        if said.class != is {
            print(&format!(
                "    line {}: {is:?} taken for {:?} ({:.2}): {}",
                number + 1,
                said.class,
                said.score,
                text.lines().next().unwrap_or_default()
            ));
        }
    }
    report(batch, &judged);
    Ok(())
}

/// The figures of one batch.
fn report(batch: &str, judged: &[Judged]) {
    let measures: [(&str, Class, Measure); 5] = [
        ("sells data, F1", Class::SellsData, f1),
        ("sells data, precision", Class::SellsData, precision),
        ("sells data, recall", Class::SellsData, recall),
        ("leak samples, recall", Class::LeakSample, recall),
        ("leak samples, precision", Class::LeakSample, precision),
    ];
    for (name, class, measure) in measures {
        let listings = judged.iter().filter(|j| j.is == class).count();
        if listings > 0 {
            let (low, high) = interval(judged, class, measure);
            print(&format!(
                "held-out batch {batch} ({listings} of {}), {name}: {:.3} ({low:.3} to {high:.3})",
                judged.len(),
                measure(judged, class),
            ));
        }
    }
}

type Measure = fn(&[Judged], Class) -> f64;

/// Where a measure falls in 95 of 100 resamples of the listings.
fn interval(judged: &[Judged], class: Class, measure: Measure) -> (f64, f64) {
    let mut rng = Rng::new(1);
    let mut values: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let drawn: Vec<Judged> = judged
                .iter()
                .map(|_| judged[rng.below(judged.len())])
                .collect();
            measure(&drawn, class)
        })
        .collect();
    values.sort_by(f64::total_cmp);
    let edge = RESAMPLES / 40;
    (values[edge], values[RESAMPLES - edge - 1])
}

fn counts(judged: &[Judged], class: Class) -> (f64, f64, f64) {
    let count = |of: &dyn Fn(&Judged) -> bool| judged.iter().filter(|j| of(j)).count() as f64;
    (
        count(&|j| j.is == class && j.said == class),
        count(&|j| j.is == class && j.said != class),
        count(&|j| j.is != class && j.said == class),
    )
}

fn f1(judged: &[Judged], class: Class) -> f64 {
    let (right, missed, extra) = counts(judged, class);
    2.0 * right / (2.0 * right + missed + extra).max(1.0)
}

fn recall(judged: &[Judged], class: Class) -> f64 {
    let (right, missed, _) = counts(judged, class);
    right / (right + missed).max(1.0)
}

fn precision(judged: &[Judged], class: Class) -> f64 {
    let (right, _, extra) = counts(judged, class);
    right / (right + extra).max(1.0)
}

/// The text with made-up people in its slots and line breaks and tabs in place of their signs.
fn fill(text: &str, seed: u64) -> String {
    let mut rng = Rng::new(seed);
    let mut out = text.replace('⏎', "\n").replace("\\t", "\t");
    for nth in ["", "2", "3", "4"] {
        let p = person(&mut rng);
        let middle = "*".repeat(p.name.chars().count() - 1);
        let starred = p.name.chars().take(1).collect::<String>() + &middle;
        let masked = format!("{}****{}", &p.mobile[..3], &p.mobile[7..]);
        for (slot, value) in [
            ("name", &p.name),
            ("mobile", &p.mobile),
            ("address", &p.address),
            ("waybill", &p.waybill),
            ("starred", &starred),
            ("masked", &masked),
        ] {
            out = out.replace(&format!("{{{slot}{nth}}}"), value);
        }
    }
    out
}
