//! Trains the listing model and writes `src/table/blob/listing_model.bin`.
//!
//! usage: train_listing OUT|-|held-out [LISTINGS.jsonl]… [--ordinary TEXTS.jsonl[.gz]…]
//!
//! The templates beside this file are always used; labelled listings (`{"text", "label", "notes"}`, label `data_sale`,
//! `leak_sample` or `benign`) are added, a family per `notes`. Ordinary texts (`{"text"}`: news, chat, reviews, product titles)
//! teach the model that most text is no listing at all. With `-` nothing is written and what was left out of training is
//! judged instead: families of templates, families of labelled listings, files of ordinary texts. With `held-out` the shipped
//! model is judged on the listings of `held_out.txt`, which are never trained on.

mod held_out;
#[allow(dead_code)]
#[path = "../../tests/support/synth.rs"]
mod synth;
mod templates;
mod validate;

use std::io::Read;
use std::path::Path;

use miandan::listing::{Example, Trained};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Texts taken of one file of ordinary texts, at equal distances.
const ORDINARY: usize = 600;
/// Ordinary texts that weigh as much as one family of listings.
const ORDINARY_FAMILY: usize = 40;

/// A listing of a labelled set.
struct Labelled {
    text: String,
    label: String,
    family: String,
}

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let out = args.next().ok_or(
        "usage: train_listing OUT|-|held-out [LISTINGS.jsonl]... [--ordinary TEXTS.jsonl[.gz]...]",
    )?;
    if out == "held-out" {
        return held_out::judge();
    }
    let files: Vec<String> = args.collect();
    let mut parts = files.split(|f| f == "--ordinary");
    let listed = parts.next().unwrap_or_default();
    let others: Vec<&String> = parts.flatten().collect();
    let mut labelled = Vec::new();
    for file in listed {
        labelled.extend(read_labelled(file)?);
    }
    let mut ordinary = Vec::new();
    for file in &others {
        ordinary.push(read_ordinary(file)?);
    }
    let made = templates::expand()?;
    if out == "-" {
        return validate::validate(&made, &labelled, &ordinary);
    }
    let mut examples = made;
    examples.extend(labelled.iter().filter_map(example));
    examples.extend(ordinary.into_iter().flatten());
    let header = format!(
        "cargo run --example train_listing, {} texts of templates, {} labelled files and {} files of ordinary texts",
        examples.len(),
        listed.len(),
        others.len()
    );
    std::fs::write(&out, Trained::fit(&examples).pack(&header))?;
    Ok(())
}

/// Lines of JSON; unpacked if the file's name ends in `.gz`.
fn read_lines(file: &str) -> Result<Vec<serde_json::Value>> {
    let bytes = std::fs::read(file).map_err(|e| format!("{file}: {e}"))?;
    let mut text = String::new();
    if Path::new(file).extension().is_some_and(|e| e == "gz") {
        flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
    } else {
        text = String::from_utf8(bytes)?;
    }
    let lines = text.lines().enumerate();
    lines
        .map(|(n, line)| {
            serde_json::from_str(line).map_err(|e| format!("{file}:{}: {e}", n + 1).into())
        })
        .collect()
}

fn read_labelled(file: &str) -> Result<Vec<Labelled>> {
    let read = |value: &serde_json::Value| {
        let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Labelled {
            text: field("text"),
            label: field("label"),
            family: format!("{}/{}", field("label"), field("notes")),
        }
    };
    Ok(read_lines(file)?.iter().map(read).collect())
}

fn read_ordinary(file: &str) -> Result<Vec<Example>> {
    let lines = read_lines(file)?;
    let texts: Vec<&str> = lines.iter().filter_map(|l| l["text"].as_str()).collect();
    let step = (texts.len() / ORDINARY).max(1);
    let example = |(at, text): (usize, &&str)| Example {
        text: (*text).to_owned(),
        sells: false,
        family: format!("{file} {}", at / ORDINARY_FAMILY),
    };
    Ok(texts
        .iter()
        .step_by(step)
        .take(ORDINARY)
        .enumerate()
        .map(example)
        .collect())
}

/// Leak samples are told by their records, not by the model.
fn example(listing: &Labelled) -> Option<Example> {
    (listing.label != "leak_sample").then(|| Example {
        text: listing.text.clone(),
        sells: listing.label == "data_sale",
        family: listing.family.clone(),
    })
}
