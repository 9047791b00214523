//! Short phrases cut out of labelled text: what cells hold that no dictionary has, such as 周六送 and 简约风.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::data::Line;

/// Lengths of a phrase that may be taken for a name.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;

/// How often a word stands in labelled text by itself, and as a name.
#[derive(Clone, Copy, Default)]
pub(crate) struct Use {
    pub(crate) plain: u32,
    pub(crate) named: u32,
}

/// The uses of `words` in `lines`.
pub(crate) fn uses<'w>(lines: &[Line], words: &HashSet<&'w str>) -> HashMap<&'w str, Use> {
    let mut found: HashMap<&str, Use> = HashMap::new();
    for line in lines {
        for part in unlabelled(line).flat_map(|run| parted(run, words)) {
            if let Some(word) = words.get(part) {
                found.entry(word).or_default().plain += 1;
            }
        }
        for (start, end, _) in &line.spans {
            if let Some(word) = words.get(&line.text[*start..*end]) {
                found.entry(word).or_default().named += 1;
            }
        }
    }
    found
}

/// Phrases of one or more words that begin with a surname, with how often they stand in `lines`. What is labelled is cut out, and so is
/// what consists of single characters: it may be a name that nobody has labelled.
pub(crate) fn phrases(
    lines: &[Line],
    words: &HashSet<&str>,
    surnames: &HashSet<&str>,
) -> BTreeMap<String, u32> {
    let mut found = BTreeMap::new();
    for run in lines.iter().flat_map(unlabelled) {
        cut(run, words, surnames, &mut found);
    }
    found
}

/// The runs of Han characters between labelled spans.
fn unlabelled(line: &Line) -> impl Iterator<Item = &str> {
    let mut spans: Vec<(usize, usize)> = line.spans.iter().map(|s| (s.0, s.1)).collect();
    spans.sort_unstable();
    spans.push((line.text.len(), 0));
    let mut from = 0;
    spans.into_iter().flat_map(move |(start, end)| {
        let free = line.text.get(from..start).unwrap_or_default();
        from = from.max(end);
        free.split(|c| !('\u{4E00}'..='\u{9FFF}').contains(&c))
    })
}

/// Counts the phrases of a run of Han characters.
fn cut(
    run: &str,
    words: &HashSet<&str>,
    surnames: &HashSet<&str>,
    found: &mut BTreeMap<String, u32>,
) {
    let parts = parted(run, words);
    for (i, part) in parts.iter().enumerate() {
        let first = part.chars().next().map_or(0, char::len_utf8);
        if !surnames.contains(&part[..first]) {
            continue;
        }
        let (mut len, mut has_word, mut phrase) = (0, false, String::new());
        for part in &parts[i..] {
            let n = part.chars().count();
            len += n;
            has_word |= n > 1;
            if len > *LENGTHS.end() {
                break;
            }
            phrase.push_str(part);
            if has_word && LENGTHS.contains(&len) {
                *found.entry(phrase.clone()).or_default() += 1;
            }
        }
    }
}

/// The words of a run, the longest first from the left on.
fn parted<'t>(run: &'t str, words: &HashSet<&str>) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut rest = run;
    while !rest.is_empty() {
        let ends = rest.char_indices().map(|(i, c)| i + c.len_utf8()).take(4);
        let ends: Vec<usize> = ends.collect();
        let is_word = |end: &&usize| words.contains(&rest[..**end]);
        let end = ends.iter().rev().find(is_word).unwrap_or(&ends[0]);
        let (part, behind) = rest.split_at(*end);
        parts.push(part);
        rest = behind;
    }
    parts
}
