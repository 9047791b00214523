//! Invented names, drawn from the tables.

use std::collections::HashMap;

use miandan::detect::name::training;

use crate::random::{Random, Weighted};

/// Characters that write the sounds of minority names without a dot.
const SOUNDS: [char; 40] = [
    '阿', '巴', '布', '才', '措', '达', '尔', '嘎', '格', '古', '吉', '卡', '拉', '兰', '丽', '玛',
    '买', '木', '娜', '尼', '努', '其', '仁', '热', '萨', '塔', '特', '提', '旺', '乌', '西', '牙',
    '雅', '依', '扎', '珍', '卓', '孜', '索', '朗',
];

pub(crate) struct Names {
    common: Weighted<&'static str>,
    rare: Vec<&'static str>,
    compound: Vec<&'static str>,
    single: Weighted<char>,
    first: Weighted<char>,
    second: Weighted<char>,
    any: Vec<char>,
    /// Characters of given names that are no surnames.
    unlisted: Vec<char>,
    word_like: Weighted<String>,
    /// Words that somebody calls names.
    chosen: Vec<&'static str>,
    traditional: HashMap<char, char>,
}

impl Names {
    /// `words`: dictionary words of two and three characters; those that begin with a common surname serve as names, the more
    /// often the more their characters are those of names: 高兴 rather than 高管. `chosen` are words that somebody calls names.
    pub(crate) fn new(words: &[String], chosen: &[&'static str]) -> Names {
        let listed = |min: u16| training::surnames().filter(move |s| s.1 >= min || s.1 == 0);
        let chars = |s: &str| s.chars().count();
        let common = Weighted::new(
            training::surnames()
                .filter(|s| s.1 > 0)
                .map(|(s, rank)| (s, frequency(rank))),
        );
        let count = |slot: usize| training::given().map(move |(c, n)| (c, f64::from(n[slot])));
        let surnames: std::collections::HashSet<&str> = training::surnames().map(|s| s.0).collect();
        let likeness = Likeness::new();
        let mut traditional = HashMap::new();
        for c in ('\u{4E00}'..='\u{9FFF}').filter(|c| training::to_simplified(*c) != *c) {
            traditional.entry(training::to_simplified(c)).or_insert(c);
        }
        Names {
            common,
            rare: listed(200).map(|s| s.0).filter(|s| chars(s) == 1).collect(),
            compound: listed(1).map(|s| s.0).filter(|s| chars(s) == 2).collect(),
            single: Weighted::new(count(0)),
            first: Weighted::new(count(1)),
            second: Weighted::new(count(2)),
            any: training::given().map(|g| g.0).collect(),
            unlisted: training::given()
                .map(|g| g.0)
                .filter(|c| !surnames.contains(&*c.to_string()))
                .collect(),
            // The root: what is rarely a name is so often a word that it shall not be forgotten as a name.
            word_like: Weighted::new(words.iter().filter_map(|w| {
                let likeness = likeness.of(w)?;
                Some((w.clone(), likeness.sqrt()))
            })),
            chosen: chosen.to_vec(),
            traditional,
        }
    }

    /// A name such as most people have.
    pub(crate) fn usual(&self, random: &mut Random) -> String {
        let surname = match random.below(100) {
            0..3 => *random.pick(&self.rare),
            3..5 => *random.pick(&self.compound),
            _ => *self.common.draw(random),
        };
        self.with_given(surname, random)
    }

    /// A name with a surname that few people have.
    pub(crate) fn rare(&self, random: &mut Random) -> String {
        let surname = *random.pick(&self.rare);
        self.with_given(surname, random)
    }

    /// A name with a surname of two characters.
    pub(crate) fn compound(&self, random: &mut Random) -> String {
        let surname = *random.pick(&self.compound);
        self.with_given(surname, random)
    }

    /// A name of a record line: unusual kinds more often than in life.
    pub(crate) fn of_record(&self, random: &mut Random) -> String {
        match random.below(100) {
            0..16 => self.rare(random),
            16..22 => self.compound(random),
            22..25 if !self.chosen.is_empty() => (*random.pick(&self.chosen)).to_owned(),
            22..30 | 35..38 => self.word_like.draw(random).clone(),
            30..32 => {
                let surname = random.pick(&self.unlisted).to_string();
                self.with_given(&surname, random)
            }
            33..35 => {
                // A double surname, such as a married woman's.
                let surname = format!("{}{}", self.common.draw(random), self.common.draw(random));
                let given = [self.first.draw(random), self.second.draw(random)];
                surname.chars().take(2).chain(given.map(|c| *c)).collect()
            }
            32 => (0..2 + random.below(3))
                .map(|_| *random.pick(&SOUNDS))
                .collect(),
            _ => {
                let surname = *self.common.draw(random);
                self.with_given(surname, random)
            }
        }
    }

    fn with_given(&self, surname: &str, random: &mut Random) -> String {
        let mut name = surname.to_owned();
        match random.below(100) {
            0..26 if random.chance(4) => name.push(*random.pick(&self.any)),
            0..26 => name.push(*self.single.draw(random)),
            26..28 => {
                name.push(*random.pick(&self.any));
                name.push(*random.pick(&self.any));
            }
            28..32 => {
                // A doubled given name, 张婷婷.
                let c = *self.single.draw(random);
                name.extend([c, c]);
            }
            _ => {
                name.push(*self.first.draw(random));
                name.push(*self.second.draw(random));
            }
        }
        name
    }

    /// The text in traditional characters.
    pub(crate) fn traditional(&self, text: &str) -> String {
        text.chars()
            .map(|c| self.traditional.get(&c).copied().unwrap_or(c))
            .collect()
    }
}

/// How much a string looks like a name by its characters alone.
pub(crate) struct Likeness {
    surnames: HashMap<&'static str, f64>,
    given: HashMap<char, [u32; 3]>,
}

impl Likeness {
    pub(crate) fn new() -> Likeness {
        let listed = training::surnames().filter(|s| (1..=300).contains(&s.1));
        Likeness {
            surnames: listed.map(|(s, rank)| (s, frequency(rank))).collect(),
            given: training::given().collect(),
        }
    }

    /// How often its surname is one, times how many given names its other characters have: about 1 for 高峰, .07 for 高管. `None`
    /// where it begins with no common surname.
    pub(crate) fn of(&self, word: &str) -> Option<f64> {
        let mut chars = word.chars();
        let surname = self
            .surnames
            .get(chars.next()?.encode_utf8(&mut [0; 4]) as &str)?;
        let count = |c: Option<char>, slot: usize| {
            let counts = c.and_then(|c| self.given.get(&c));
            f64::from(counts.map_or(0, |n| n[slot]) + 1)
        };
        let (first, second) = (chars.next(), chars.next());
        Some(match second {
            None => surname * count(first, 0),
            _ => surname * (count(first, 1) * count(second, 2)).sqrt(),
        })
    }
}

/// About the share of people whose surname has this rank: the first 25 hold six in ten, the first 200 nineteen in twenty.
fn frequency(rank: u16) -> f64 {
    let rank = f64::from(rank);
    (-rank / 130.0).exp() / (rank + 6.0)
}
