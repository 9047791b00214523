//! Invented record-like lines in many layouts, with and without names.

// `pick` is generic over what the list holds; without the `*` the compiler looks for a list of unsized texts.
#![allow(clippy::explicit_auto_deref)]

use std::collections::{BTreeMap, HashSet};

use miandan::detect::name::training;

use crate::cuttings;
use crate::data::{Line, Tag};
use crate::layouts::held_out;
use crate::marks::{self, BRACKETS, SEPARATORS, SYMBOLS};
use crate::names::{Likeness, Names};
use crate::phrases::{CHAT, COMPANY, FRAMES, NO_NAME, PIECES};
use crate::random::{Random, Weighted};
use crate::stock::{
    BRANDS, GOODS, HEADS, NAME_KEYS, NAME_LABELS, OTHER_LABELS, PARTIAL_TAILS, POSTS, SHOPS, TAILS,
    TRADES,
};
use crate::streets::{CITIES, PLACES, ROADS};
use crate::touched::{BEFORE, BEHIND, PERSONS, TOUCHED};
use crate::values::{date, digits, mobile, places, waybill};
use crate::written::{Written, unescaped};

pub(crate) struct Synth<'a> {
    names: &'a Names,
    words: &'a [String],
    /// Words of the whole dictionary that begin with a surname, the common ones more often: 高管, 周末, 任务.
    surname_words: Weighted<&'a str>,
    /// Phrases of running text that begin with a surname: 周六送.
    phrases: Weighted<String>,
    /// Characters before and after words of two characters in words of three: 老顾客, 易碎品. The former are surnames.
    heads: Weighted<char>,
    tails: Weighted<char>,
    places: Vec<String>,
    /// Lines, and words of cells that hold no name.
    written: &'a Written,
}

/// A line that is being written.
#[derive(Default)]
struct Out {
    text: String,
    spans: Vec<(usize, usize, Tag)>,
}

impl Out {
    fn name(&mut self, name: &str, tag: Tag) {
        let start = self.text.len();
        self.text.push_str(name);
        self.spans.push((start, self.text.len(), tag));
    }
}

fn any_of(list: &str, random: &mut Random) -> char {
    let chars: Vec<char> = list.chars().filter(|c| !c.is_whitespace()).collect();
    *random.pick(&chars)
}

/// Loss weight of a line: with more, real text is read a little worse, with less, unknown layouts are.
const WEIGHT: f32 = 0.6;

/// How much less often a word fills a cell without being a name, the more it looks like one.
const NAMELIKE: f64 = 20.0;

/// Percentage of lines in layouts that somebody wrote, and how many in a hundred of them have no name.
const WRITTEN: usize = 45;
const WRITTEN_NAMELESS: usize = 35;

impl<'a> Synth<'a> {
    /// `words` are common ones; `dictionary` has all of them, with how often they are used. Phrases are cut out of `lines`. `apart`
    /// leaves out what the sets for measuring have.
    pub(crate) fn new(
        names: &'a Names,
        words: &'a [String],
        dictionary: &'a [(String, u32)],
        lines: &[Line],
        written: &'a Written,
        apart: bool,
    ) -> Synth<'a> {
        let likeness = Likeness::new();
        // A word that people are called is seldom met in a cell as anything else: 高峰, not 高管.
        let plain = |w: &str| 1.0 / (1.0 + NAMELIKE * likeness.of(w).unwrap_or(0.0));
        let mut places = places();
        let kept_out = |w: &str| apart && held_out(w);
        places.retain(|place| !kept_out(place));
        let surnames: HashSet<&str> = training::surnames().map(|s| s.0).collect();
        let begins = |w: &str| surnames.contains(&w[..w.chars().next().map_or(0, char::len_utf8)]);
        let known: HashSet<&str> = dictionary.iter().map(|(w, _)| w.as_str()).collect();
        let mut phrases = cuttings::phrases(lines, &known, &surnames);
        phrases.retain(|phrase, _| !kept_out(phrase));
        let (mut heads, mut tails) = (BTreeMap::new(), BTreeMap::new());
        // Nearly all Han characters take three bytes.
        for (word, n) in dictionary.iter().filter(|(w, _)| w.len() == 9) {
            let count = f64::from(*n + 1).sqrt();
            if known.contains(&word[3..]) && surnames.contains(&word[..3]) {
                *heads.entry(word.chars().next()).or_insert(0.0) += count;
            }
            if known.contains(&word[..6]) {
                *tails.entry(word.chars().next_back()).or_insert(0.0) += count;
            }
        }
        let weighted = |counts: BTreeMap<Option<char>, f64>| {
            Weighted::new(counts.into_iter().filter_map(|(c, n)| Some((c?, n))))
        };
        Synth {
            names,
            words,
            heads: weighted(heads),
            tails: weighted(tails),
            phrases: Weighted::new(
                phrases
                    .into_iter()
                    .map(|(phrase, n)| (phrase, f64::from(n).sqrt())),
            ),
            surname_words: Weighted::new(
                dictionary
                    .iter()
                    .filter(|(w, _)| begins(w) && !kept_out(w))
                    .map(|(w, n)| (w.as_str(), f64::from(*n).sqrt() * plain(w))),
            ),
            places,
            written,
        }
    }

    /// A line of a random layout.
    pub(crate) fn line(&self, random: &mut Random) -> Line {
        let mut out = Out::default();
        match random.below(100) {
            _ if !self.written.layouts.is_empty() && random.chance(WRITTEN) => {
                self.written(&mut out, random);
            }
            0..19 => self.fields(&mut out, random),
            19..28 => self.labelled(&mut out, random),
            28..34 => self.keyed(&mut out, random),
            34..41 => {
                let t = *random.pick(TOUCHED);
                self.template(&mut out, t, random);
            }
            41..53 => {
                let t = *random.pick(CHAT);
                self.template(&mut out, t, random);
            }
            53..67 => self.pieces(&mut out, random),
            67..73 => {
                let t = *random.pick(COMPANY);
                self.template(&mut out, t, random);
            }
            73..75 => self.name(&mut out, random),
            75..85 => self.cells(&mut out, random),
            _ => {
                let t = *random.pick(NO_NAME);
                self.template(&mut out, t, random);
            }
        }
        if random.chance(7) {
            out = self.traditional(&out);
        }
        Line {
            text: out.text,
            spans: out.spans,
            weight: WEIGHT,
        }
    }

    /// A line in a layout that somebody wrote.
    fn written(&self, out: &mut Out, random: &mut Random) {
        let nameless = random.chance(WRITTEN_NAMELESS);
        let list = if nameless {
            &self.written.nameless
        } else {
            &self.written.layouts
        };
        let layout = unescaped(*random.pick(list));
        self.template(out, &layout, random);
    }

    fn name(&self, out: &mut Out, random: &mut Random) {
        if random.chance(5) {
            let mut partial: String = self.names.usual(random).chars().take(1).collect();
            partial.push_str(*random.pick(PARTIAL_TAILS));
            out.name(&partial, Tag::Other);
        } else {
            let name = self.names.of_record(random);
            out.name(&name, Tag::Name);
        }
    }

    fn template(&self, out: &mut Out, template: &str, random: &mut Random) {
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            out.text.push_str(&rest[..open]);
            match rest[open + 1..].chars().next() {
                Some(slot) if rest[open + 1 + slot.len_utf8()..].starts_with('}') => {
                    self.slot(out, slot, random);
                    rest = &rest[open + 2 + slot.len_utf8()..];
                }
                _ => {
                    out.text.push('{');
                    rest = &rest[open + 1..];
                }
            }
        }
        out.text.push_str(rest);
    }

    fn slot(&self, out: &mut Out, slot: char, random: &mut Random) {
        match slot {
            'n' => self.name(out, random),
            'm' => out.text.push_str(&mobile(random)),
            'a' => out.text.push_str(&self.address(random)),
            'p' => out.text.push_str(*random.pick(PLACES)),
            'g' => self.goods(out, random),
            'b' => self.brand(out, random),
            's' => out.text.push_str(*random.pick(SHOPS)),
            'f' => match random.below(if self.written.words.is_empty() {
                14
            } else {
                40
            }) {
                0 => out.text.push_str(random.pick::<String>(self.words)),
                1..4 => out.text.push_str(self.surname_words.draw(random)),
                4..7 => out.text.push_str(self.phrases.draw(random)),
                7..12 => out.text.push_str(&self.made_word(random)),
                12..14 => out.text.push_str(random.pick::<String>(&self.places)),
                _ => out.text.push_str(*random.pick(&self.written.words)),
            },
            'h' => out.text.push_str(&self.made_word(random)),
            'c' => self.company(out, random),
            'l' => out.text.push_str(*random.pick(PERSONS)),
            't' => out.text.push_str(*random.pick(BEFORE)),
            'v' => out.text.push_str(*random.pick(BEHIND)),
            'e' => self.brand_name(out, random),
            'q' => out.text.push_str(*random.pick(POSTS)),
            'k' => out.text.push_str(random.pick::<String>(self.words)),
            'w' => out.text.push_str(&waybill(random)),
            'o' => digits(&mut out.text, 12 + random.below(8), random),
            'y' => out
                .text
                .push_str(&format!("{}.{}", random.below(900), random.below(100))),
            _ => out.text.push_str(&date(random)),
        }
    }

    fn goods(&self, out: &mut Out, random: &mut Random) {
        if random.chance(20) {
            out.text.push_str(*random.pick(BRANDS));
        }
        if random.chance(30) {
            out.text.push_str(random.pick::<String>(self.words));
        }
        out.text.push_str(*random.pick(GOODS));
        match random.below(6) {
            0 => out
                .text
                .push_str(&format!("{}g*{}", random.below(900), 1 + random.below(9))),
            1 => out.text.push_str(&format!(" {}码", 35 + random.below(10))),
            _ => {}
        }
    }

    fn brand(&self, out: &mut Out, random: &mut Random) {
        if random.chance(25) {
            // A shop called after its owner is no customer, but whether its name is a name nobody can say.
            let name = self.names.usual(random);
            let start = out.text.len();
            out.text.push_str(&name);
            out.text.push_str(*random.pick(SHOPS));
            out.spans.push((start, out.text.len(), Tag::Skip));
        } else {
            out.text.push_str(*random.pick(BRANDS));
        }
    }

    /// A company called like a person, or after nothing: 任欣旺达采购部 has no person in it.
    fn company(&self, out: &mut Out, random: &mut Random) {
        self.brand_name(out, random);
        out.text.push_str(*random.pick(TRADES));
        if random.chance(25) {
            out.text.push_str(*random.pick(TRADES));
        }
    }

    /// What a company is called.
    fn brand_name(&self, out: &mut Out, random: &mut Random) {
        let mut name = String::new();
        match random.below(4) {
            0 => name.push_str(random.pick::<String>(&self.places)),
            1 => name.push_str(random.pick::<String>(self.words)),
            _ => {}
        }
        // 东方 and 上官 begin more companies than people.
        let name_like = if random.chance(12) {
            self.names.compound(random)
        } else {
            self.names.usual(random)
        };
        name.extend(name_like.chars().skip(random.below(2)));
        if random.chance(50) {
            let more = self.names.usual(random);
            name.extend(more.chars().skip(1));
        }
        out.text.push_str(&name);
    }

    /// A word of a cell or label that dictionaries do not have, made as they make theirs.
    fn made_word(&self, random: &mut Random) -> String {
        let made = match random.below(8) {
            0 => format!("{}{}", self.head(random), self.any_word(random)),
            1 => format!("{}{}", self.head(random), self.tail(random)),
            2 => format!("{}{}", self.any_word(random), self.any_word(random)),
            3 => format!(
                "{}{}{}",
                self.head(random),
                self.any_word(random),
                self.tail(random)
            ),
            _ => format!("{}{}", self.any_word(random), self.tail(random)),
        };
        if held_out(&made) {
            return self.made_word(random);
        }
        made
    }

    /// A word, half of the time one that begins like a name.
    fn any_word(&self, random: &mut Random) -> &str {
        if random.chance(50) {
            self.surname_words.draw(random)
        } else {
            random.pick::<String>(self.words)
        }
    }

    fn head(&self, random: &mut Random) -> char {
        if random.chance(50) {
            *self.heads.draw(random)
        } else {
            any_of(HEADS, random)
        }
    }

    fn tail(&self, random: &mut Random) -> char {
        if random.chance(50) {
            *self.tails.draw(random)
        } else {
            any_of(TAILS, random)
        }
    }

    /// Pieces of a record in any order, with marks that are drawn anew for every line.
    fn pieces(&self, out: &mut Out, random: &mut Random) {
        let n = 1 + random.below(4);
        let at = random.below(n + 1);
        let mark = marks::mark(random);
        let other = if random.chance(30) {
            marks::mark(random)
        } else {
            mark.clone()
        };
        for i in 0..=n {
            if i > 0 {
                out.text.push_str(if i % 2 == 0 { &mark } else { &other });
            }
            let piece = *random.pick(if i == at { FRAMES } else { PIECES });
            self.template(out, piece, random);
        }
    }

    /// Cells without a name.
    fn cells(&self, out: &mut Out, random: &mut Random) {
        let mark = marks::mark(random);
        for i in 0..2 + random.below(5) {
            if i > 0 {
                out.text.push_str(&mark);
            }
            self.slot(
                out,
                *random.pick(&['f', 'f', 'f', 'm', 'a', 'w', 'o', 'd', 'g']),
                random,
            );
        }
    }

    fn address(&self, random: &mut Random) -> String {
        let mut a = String::from(*random.pick(CITIES));
        if random.chance(25) {
            // Villages and roads are called after families: 王家村, 李庄.
            a.extend(self.names.usual(random).chars().take(1 + random.below(2)));
            a.push_str(*random.pick(&[
                "家村", "庄", "村", "屯", "家屯", "寨", "路", "街", "大道", "湾", "岭", "店镇",
                "桥镇",
            ]));
        } else {
            a.push_str(*random.pick(ROADS));
        }
        if random.chance(70) {
            a.push_str(&format!("{}号", 1 + random.below(999)));
        }
        if random.chance(65) {
            a.push_str(*random.pick(PLACES));
        }
        match random.below(7) {
            0 => a.push_str(&format!(
                "{}栋{}室",
                1 + random.below(40),
                101 + random.below(2900)
            )),
            1 => a.push_str(&format!(
                "{}号楼{}单元{}",
                1 + random.below(40),
                1 + random.below(6),
                101 + random.below(2900)
            )),
            2 => a.push_str(&format!(
                "{}幢{}",
                1 + random.below(40),
                101 + random.below(2900)
            )),
            3 => a.push_str(&format!(
                "{}-{}-{}",
                1 + random.below(40),
                1 + random.below(6),
                101 + random.below(2900)
            )),
            4 => a.push_str(&format!(
                "{}座{}号",
                1 + random.below(40),
                101 + random.below(2900)
            )),
            5 => a.push_str(&format!(
                "{}楼{}房",
                1 + random.below(30),
                101 + random.below(2900)
            )),
            _ => {}
        }
        a
    }

    /// Cells in random order with one separator, quoted or not.
    fn fields(&self, out: &mut Out, random: &mut Random) {
        let mut slots: Vec<char> = "mawogffyfdb".chars().collect();
        random.shuffle(&mut slots);
        slots.truncate(1 + random.below(5));
        let at = random.below(slots.len() + 1);
        slots.insert(at, 'n');
        if random.chance(12) {
            let at = random.below(slots.len() + 1);
            slots.insert(at, 'n');
        }
        let symbol = *random.pick(SYMBOLS);
        let separator = match random.below(12) {
            0 => symbol.to_owned(),
            1 => format!(" {symbol} "),
            2..4 => marks::any_mark(random),
            _ => (*random.pick(SEPARATORS)).to_owned(),
        };
        let around = *random.pick(BRACKETS);
        let around = if random.chance(12) { around } else { ("", "") };
        let quote = *random.pick(&["", "", "", "", "\"", "'"]);
        let (open, close) = *random.pick(&[
            ("", ""),
            ("", ""),
            ("", ""),
            ("(", ")"),
            ("[", "]"),
            ("<", ">"),
            ("", ";"),
        ]);
        out.text.push_str(open);
        for (i, slot) in slots.iter().enumerate() {
            if i > 0 {
                out.text.push_str(&separator);
            }
            let (before, after) = if *slot == 'n' { around } else { ("", "") };
            out.text.push_str(quote);
            out.text.push_str(before);
            self.slot(out, *slot, random);
            out.text.push_str(after);
            out.text.push_str(quote);
        }
        out.text.push_str(close);
    }

    /// Labels before values.
    fn labelled(&self, out: &mut Out, random: &mut Random) {
        let mark = *random.pick(&[
            "：", "：", ":", ":", ": ", "：", " ", "=", "", "-", "】", "是", "为", " : ",
        ]);
        let between = *random.pick(&[
            " ", " ", "，", ",", "\n", "；", ";", "", "\t", "  ", "|", "/",
        ]);
        let open = if mark == "】" { "【" } else { "" };
        let n = 1 + random.below(4);
        let at = random.below(n + 1);
        for i in 0..=n {
            if i > 0 {
                out.text.push_str(between);
            }
            out.text.push_str(open);
            if i == at {
                out.text.push_str(*random.pick(NAME_LABELS));
                out.text.push_str(mark);
                self.name(out, random);
            } else {
                let (label, slot) = random.pick(OTHER_LABELS);
                out.text.push_str(label);
                out.text.push_str(mark);
                self.slot(out, *slot, random);
            }
        }
    }

    /// JSON, SQL, query strings and markup.
    fn keyed(&self, out: &mut Out, random: &mut Random) {
        let key = random.pick(NAME_KEYS);
        let (before, after) = match random.below(8) {
            0 => ("{\"id\":\"{o}\",\"{key}\":\"{n}\",\"tel\":\"{m}\"", "}"),
            1 => (
                "{\"{key}\": \"{n}\", \"addr\": \"{a}\", \"goods\": \"{g}\"",
                "}",
            ),
            2 => (
                "INSERT INTO t VALUES ('{o}', '{n}', '{m}', '{a}', '{f}'",
                ");",
            ),
            3 => ("('{n}','{m}','{f}'", "),"),
            4 => ("{key}={n}&mobile={m}&city={f}", ""),
            5 => ("<{key}>{n}</{key}><tel>{m}</tel><goods>{g}</goods>", ""),
            6 => ("<td>{n}</td><td>{m}</td><td>{f}</td>", ""),
            _ => ("{'{key}': '{n}', 'shop': '{b}', 'mobile': '{m}'", "}"),
        };
        self.template(out, &before.replace("{key}", key), random);
        out.text.push_str(after);
    }

    fn traditional(&self, from: &Out) -> Out {
        let mut out = Out::default();
        let mut at = 0;
        for &(start, end, tag) in &from.spans {
            out.text
                .push_str(&self.names.traditional(&from.text[at..start]));
            out.name(&self.names.traditional(&from.text[start..end]), tag);
            at = end;
        }
        out.text.push_str(&self.names.traditional(&from.text[at..]));
        out
    }
}
