//! Listings made of templates.

use std::collections::BTreeMap;

use miandan::listing::Example;

/// Read at run time, so that trying other wording needs no build.
static TEMPLATES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/examples/train_listing/templates.txt"
);

/// Listings made of each template.
const VARIANTS: u32 = 15;

/// Every template with its slots filled in `VARIANTS` ways; each template is a family.
pub(crate) fn expand() -> std::io::Result<Vec<Example>> {
    let templates = std::fs::read_to_string(TEMPLATES)?;
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
        let first = examples.len();
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
            if examples[first..].iter().all(|e| e.text != text) {
                examples.push(Example {
                    text,
                    sells: sign == "+",
                    family: format!("template {}", number + 1),
                });
            }
        }
    }
    Ok(examples)
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
