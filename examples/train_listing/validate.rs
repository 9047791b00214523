//! Judging what a model never saw.

use std::collections::BTreeMap;

use miandan::Scanner;
use miandan::listing::{self, Class, Example, Found, Listing, Trained};

use super::{Labelled, Result, example};

/// Parts into which families and files are split.
const FOLDS: usize = 10;
/// Templates that are left out together: alone, so that the opposite of the same wording beside it is trained on, or with it.
const NEIGHBOURS: [usize; 2] = [1, 8];
/// Log-odds, in milli-logits, from which on a model is surer than 0.9.
const SURE: i32 = 2_200;

#[derive(Default)]
struct Score {
    right: u32,
    missed: u32,
    extra: u32,
    /// Judgements surer than 0.9, and those of them that are wrong.
    sure: (u32, u32),
}

impl Score {
    fn add(&mut self, sells: bool, logit: i32) {
        let said = logit > 0;
        self.right += u32::from(sells && said);
        self.missed += u32::from(sells && !said);
        self.extra += u32::from(!sells && said);
        self.sure.0 += u32::from(logit.abs() > SURE);
        self.sure.1 += u32::from(logit.abs() > SURE && said != sells);
    }

    fn line(&self) -> String {
        let share = |part: u32, other: u32| f64::from(part) / f64::from((part + other).max(1));
        format!(
            "sells-data F1 {:.3} (precision {:.3}, recall {:.3}); surer than 0.9: {}, of these wrong {}",
            share(2 * self.right, self.missed + self.extra),
            share(self.right, self.extra),
            share(self.right, self.missed),
            self.sure.0,
            self.sure.1
        )
    }
}

/// Prints how what was left out of training is judged: by families of templates, by families of labelled listings, by
/// files of ordinary texts; and the rules for leak samples.
pub(crate) fn validate(
    made: &[Example],
    labelled: &[Labelled],
    ordinary: &[Vec<Example>],
) -> Result<()> {
    for neighbours in NEIGHBOURS {
        leave_out_templates(made, ordinary, neighbours);
    }
    let everything = ordinary.iter().flatten();
    let examples: Vec<Example> = made.iter().chain(everything).cloned().collect();
    leave_out_labelled(&examples, labelled);
    judge_samples(labelled)
}

/// The part that each family belongs to, in the order in which families come first; so many neighbours share one.
fn folds<'a>(
    families: impl Iterator<Item = &'a str>,
    neighbours: usize,
) -> BTreeMap<&'a str, usize> {
    let mut fold_of = BTreeMap::new();
    for family in families {
        let next = fold_of.len() / neighbours % FOLDS;
        fold_of.entry(family).or_insert(next);
    }
    fold_of
}

fn leave_out_templates(made: &[Example], ordinary: &[Vec<Example>], neighbours: usize) {
    let fold_of = folds(made.iter().map(|e| e.family.as_str()), neighbours);
    let mut score = Score::default();
    let mut alarms = (0, 0);
    for fold in 0..FOLDS {
        let (test, mut train): (Vec<Example>, Vec<Example>) = made
            .iter()
            .cloned()
            .partition(|e| fold_of[e.family.as_str()] == fold);
        let files = || ordinary.iter().enumerate();
        train.extend(
            files()
                .filter(|f| f.0 % FOLDS != fold)
                .flat_map(|f| f.1.clone()),
        );
        let model = Trained::fit(&train);
        for e in &test {
            let logit = model.score(&e.text);
            score.add(e.sells, logit);
            if (logit > 0) != e.sells {
                let sign = if e.sells { '+' } else { '-' };
                print(&format!(
                    "    {} {sign} {logit}: {}",
                    e.family,
                    start(&e.text)
                ));
            }
        }
        for e in files().filter(|f| f.0 % FOLDS == fold).flat_map(|f| f.1) {
            alarms.0 += u32::from(model.score(&e.text) > 0);
            alarms.1 += 1;
        }
    }
    print(&format!(
        "families of templates left out, {neighbours} neighbours at a time: {}",
        score.line()
    ));
    print(&format!(
        "files of ordinary texts left out: {} of {} taken for offers",
        alarms.0, alarms.1
    ));
}

fn leave_out_labelled(examples: &[Example], labelled: &[Labelled]) {
    let fold_of = folds(labelled.iter().map(|l| l.family.as_str()), 1);
    let alone = Trained::fit(examples);
    let models: Vec<Trained> = (0..FOLDS)
        .map(|fold| {
            let others = labelled
                .iter()
                .filter(|l| fold_of[l.family.as_str()] != fold);
            let train: Vec<Example> = examples
                .iter()
                .cloned()
                .chain(others.filter_map(example))
                .collect();
            Trained::fit(&train)
        })
        .collect();
    let listings = || labelled.iter().filter(|l| l.label != "leak_sample");
    let judge = |name: &str, score_of: &dyn Fn(&Labelled) -> i32| {
        let mut score = Score::default();
        for l in listings() {
            let (sells, logit) = (l.label == "data_sale", score_of(l));
            score.add(sells, logit);
            if (logit > 0) != sells {
                print(&format!("    {} {logit}: {}", l.family, start(&l.text)));
            }
        }
        print(&format!("labelled listings, {name}: {}", score.line()));
    };
    judge("trained without any", &|l| alone.score(&l.text));
    judge("their families left out", &|l| {
        models[fold_of[l.family.as_str()]].score(&l.text)
    });
}

/// Leak samples by the shapes in their text, and with a scan.
fn judge_samples(labelled: &[Labelled]) -> Result<()> {
    let scanner = Scanner::new()?;
    for scanned in [false, true] {
        let (mut found, mut samples, mut alarms, mut others) = (0, 0, 0, 0);
        for l in labelled {
            let numbers = if scanned {
                Found::from(&scanner.scan(&l.text))
            } else {
                Found::default()
            };
            let class = listing::assess(&Listing::from(l.text.as_str()), numbers).class;
            let (is, said) = (l.label == "leak_sample", class == Class::LeakSample);
            samples += u32::from(is);
            others += u32::from(!is);
            found += u32::from(is && said);
            alarms += u32::from(!is && said);
            if said != is {
                print(&format!(
                    "    {} taken for {class:?}: {}",
                    l.family,
                    start(&l.text)
                ));
            }
        }
        print(&format!(
            "leak samples {}: {found} of {samples} found, {alarms} false alarms in {others}",
            if scanned { "with a scan" } else { "by shape" }
        ));
    }
    Ok(())
}

/// The first characters of a text, on one line.
fn start(text: &str) -> String {
    text.chars()
        .take(70)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

pub(crate) fn print(line: &str) {
    use std::io::Write;
    // A closed pipe ends the listing, nothing more.
    let _ = writeln!(std::io::stdout(), "{line}");
}
