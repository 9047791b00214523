//! Trains the listing model and writes `src/table/blob/listing_model.bin`.
//!
//! usage: train_listing OUT|- [LISTINGS.jsonl]…
//!
//! The templates beside this file are always used; labelled listings (`{"text", "label", "notes"}`, label `data_sale`,
//! `leak_sample` or `benign`) are added, a family per `notes`. With `-` nothing is written and the families of the
//! labelled listings are cross-validated instead: each is judged by models that never saw it.

use std::collections::BTreeMap;

use miandan::Scanner;
use miandan::listing::{self, Example, Found, Listing, Trained};

/// Read at run time, so that trying other wording needs no build.
static TEMPLATES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/examples/listing_templates.txt"
);

/// Listings made of each template.
const VARIANTS: u32 = 6;
/// Parts into which families are split for cross-validation.
const FOLDS: usize = 10;

/// A listing of the labelled set.
struct Labelled {
    text: String,
    label: String,
    family: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let out = args
        .next()
        .ok_or("usage: train_listing OUT|- [LISTINGS.jsonl]...")?;
    let files: Vec<String> = args.collect();
    let mut labelled = Vec::new();
    for file in &files {
        labelled.extend(read_labelled(&std::fs::read_to_string(file)?)?);
    }
    let templates = expand(&std::fs::read_to_string(TEMPLATES)?);
    if out == "-" {
        validate(&templates, &labelled)?;
        return Ok(());
    }
    let mut examples = templates;
    examples.extend(labelled.iter().filter_map(example));
    let header = format!(
        "cargo run --example train_listing, {} listings in {} labelled files and of templates",
        examples.len(),
        files.len()
    );
    std::fs::write(&out, Trained::fit(&examples).pack(&header))?;
    Ok(())
}

fn read_labelled(text: &str) -> Result<Vec<Labelled>, Box<dyn std::error::Error>> {
    text.lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(line)?;
            let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
            Ok(Labelled {
                text: field("text"),
                label: field("label"),
                family: format!("{}/{}", field("label"), field("notes")),
            })
        })
        .collect()
}

/// Leak samples are told by their records, not by the model.
fn example(listing: &Labelled) -> Option<Example> {
    (listing.label != "leak_sample").then(|| Example {
        text: listing.text.clone(),
        sells: listing.label == "data_sale",
        family: listing.family.clone(),
    })
}

/// Every template with its slots filled in `VARIANTS` ways.
fn expand(templates: &str) -> Vec<Example> {
    let shared: BTreeMap<&str, Vec<&str>> = templates
        .lines()
        .filter_map(|line| line.strip_prefix('@')?.split_once(' '))
        .map(|(name, choices)| (name, choices.split('|').collect()))
        .collect();
    let mut examples: Vec<Example> = Vec::new();
    for (number, line) in templates.lines().enumerate() {
        let Some((sign @ ("+" | "-"), template)) = line.split_once(' ') else {
            continue;
        };
        for variant in 0..VARIANTS {
            let mut random = Random((number as u64) << 32 | u64::from(variant) << 8 | 1);
            let mut text = random.fill(template, &shared);
            // What is said at the end of any listing must not tell offers from others.
            if random.below(3) == 0 {
                text.push(',');
                text += &random.fill("{@tail}", &shared);
            }
            let comma = [",", "，", " ", "、", "\n", "。"][random.below(6)];
            let text = text.replace(',', comma);
            if examples.iter().all(|e| e.text != text) {
                examples.push(Example {
                    text,
                    sells: sign == "+",
                    family: format!("template {number}"),
                });
            }
        }
    }
    examples
}

/// A linear congruential generator: the same templates give the same listings.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }

    /// The template with one alternative in every slot.
    fn fill(&mut self, template: &str, shared: &BTreeMap<&str, Vec<&str>>) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((slot, after)) = after.split_once('}') else {
                break;
            };
            let choices: Vec<&str> = slot.split('|').collect();
            let mut choice = choices[self.below(choices.len())];
            let list = choice.strip_prefix('@').and_then(|name| shared.get(name));
            if let Some(list) = list {
                choice = list[self.below(list.len())];
            }
            out += &self.fill(choice, shared);
            rest = after;
        }
        out + rest
    }
}

#[derive(Default)]
struct Score {
    right: f64,
    missed: f64,
    extra: f64,
}

impl Score {
    fn add(&mut self, sells: bool, said: bool) {
        self.right += f64::from(u8::from(sells && said));
        self.missed += f64::from(u8::from(sells && !said));
        self.extra += f64::from(u8::from(!sells && said));
    }

    fn f1(&self) -> f64 {
        2.0 * self.right / (2.0 * self.right + self.missed + self.extra)
    }
}

type Judge<'a> = Box<dyn Fn(&Labelled) -> bool + 'a>;

/// Templates judged by models that never saw them.
fn validate_templates(templates: &[Example]) {
    let mut families: Vec<&str> = templates.iter().map(|e| e.family.as_str()).collect();
    families.dedup();
    let fold_of: BTreeMap<&str, usize> = families
        .iter()
        .enumerate()
        .map(|(i, f)| (*f, i % FOLDS))
        .collect();
    let mut score = Score::default();
    let (mut sure, mut sure_wrong) = (0, 0);
    for fold in 0..FOLDS {
        let (test, train): (Vec<Example>, Vec<Example>) = templates
            .iter()
            .cloned()
            .partition(|e| fold_of[e.family.as_str()] == fold);
        let model = Trained::fit(&train);
        for e in &test {
            let logit = model.score(&e.text);
            score.add(e.sells, logit > 0);
            sure += u32::from(logit.abs() > 2_200);
            sure_wrong += u32::from(logit.abs() > 2_200 && (logit > 0) != e.sells);
            if (logit > 0) != e.sells {
                print(&format!(
                    "    {} {logit}: {}",
                    if e.sells { '+' } else { '-' },
                    e.text.chars().take(70).collect::<String>()
                ));
            }
        }
    }
    print(&format!(
        "templates cross-validated: sells-data F1 {:.4}; surer than 0.9: {sure}, of these wrong {sure_wrong}",
        score.f1()
    ));
}

/// Cross-validates over families: templates alone, templates and other families, and the rules for leak samples.
fn validate(
    templates: &[Example],
    labelled: &[Labelled],
) -> Result<(), Box<dyn std::error::Error>> {
    validate_templates(templates);
    let scanner = Scanner::new()?;
    let mut families: Vec<&str> = labelled.iter().map(|l| l.family.as_str()).collect();
    families.sort_unstable();
    families.dedup();
    let fold_of: BTreeMap<&str, usize> = families
        .iter()
        .enumerate()
        .map(|(i, f)| (*f, i % FOLDS))
        .collect();
    let alone = Trained::fit(templates);
    let models: Vec<Trained> = (0..FOLDS)
        .map(|fold| {
            let mut examples = templates.to_vec();
            examples.extend(
                labelled
                    .iter()
                    .filter(|l| fold_of[l.family.as_str()] != fold)
                    .filter_map(example),
            );
            Trained::fit(&examples)
        })
        .collect();
    let judges: [(&str, Judge<'_>); 2] = [
        ("templates only", Box::new(|l| alone.score(&l.text) > 0)),
        (
            "cross-validated",
            Box::new(|l| models[fold_of[l.family.as_str()]].score(&l.text) > 0),
        ),
    ];
    for (name, judge) in &judges {
        let mut score = Score::default();
        let mut wrong: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        for l in labelled.iter().filter(|l| l.label != "leak_sample") {
            let (sells, said) = (l.label == "data_sale", judge(l));
            score.add(sells, said);
            let w = wrong.entry(&l.family).or_default();
            w.0 += u32::from(sells != said);
            w.1 += 1;
        }
        print(&format!("{name}: sells-data F1 {:.4}", score.f1()));
        for (family, (wrong, all)) in wrong.iter().filter(|(_, w)| w.0 > 0) {
            print(&format!("    {family}: {wrong} of {all} wrong"));
        }
    }
    for scanned in [false, true] {
        let (mut found, mut samples, mut false_alarms, mut others) = (0, 0, 0, 0);
        for l in labelled {
            let numbers = if scanned {
                Found::from(&scanner.scan(&l.text))
            } else {
                Found::default()
            };
            let class = listing::assess(&Listing::from(l.text.as_str()), numbers).class;
            let said = class == listing::Class::LeakSample;
            if l.label == "leak_sample" {
                samples += 1;
                found += u32::from(said);
            } else {
                others += 1;
                false_alarms += u32::from(said);
            }
            if said != (l.label == "leak_sample") {
                print(&format!(
                    "    {} taken for {class:?}: {}",
                    l.family,
                    l.text.chars().take(60).collect::<String>()
                ));
            }
        }
        print(&format!(
            "leak samples {}: {found} of {samples} found, {false_alarms} false alarms in {others}",
            if scanned { "with a scan" } else { "by shape" }
        ));
    }
    Ok(())
}

fn print(line: &str) {
    use std::io::Write;
    // A closed pipe ends the listing, nothing more.
    let _ = writeln!(std::io::stdout(), "{line}");
}
