//! Detectors made of a regular expression, words that stand near, and a check digit: for numbers that only one shop has.

use std::borrow::Cow;

use regex::{Regex, RegexBuilder};

use super::{Candidate, Checksum, Detector, RuleCard};
use crate::anchor::View;
use crate::error::{Error, Result};
use crate::evidence::{CONTEXTS, EvidenceTable, Weight};
use crate::kind::Kind;
use crate::span::Span;

evidence_lines! {
    WORD "pattern.word-near" 2200
    CHECKED "pattern.check-passed" 2500
    UNCHECKED "pattern.check-failed" -6000
}

/// The measured weight is the confidence that the maker of the pattern gives a bare match.
const fn table(context: [Weight; CONTEXTS]) -> EvidenceTable {
    EvidenceTable {
        prior: 0,
        local: LOCAL,
        measured: "pattern.match",
        context,
    }
}

/// Labels and columns know nothing of custom kinds.
static CUSTOM: EvidenceTable = table([0; CONTEXTS]);

/// Of a kind that labels and columns know: they count.
static KNOWN: EvidenceTable = table([
    2_000, -1_500, 2_000, -1_500, 800, -800, 300, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/// Words count within this many bytes of a match, about thirty Han characters.
const NEAR: usize = 90;

/// Longer matches are dropped, in bytes.
const LONGEST: usize = 512;

/// Largest compiled pattern, in bytes.
const SIZE: usize = 4 << 20;

/// Finds what a regular expression matches.
///
/// The pattern is matched against the folded text: full-width letters and digits are ASCII there, and escapes of JSON are
/// undone. Where the pattern has a group named `value`, only that group is reported. Matching takes linear time on any text.
///
/// ```
/// use miandan::detect::{Checksum, PatternDetector};
/// use miandan::{Kind, Scanner};
///
/// let member = PatternDetector::new("member-card", r"\bHY(?<value>\d{8})\b")?
///     .title("Membership card of the shop")
///     .confidence(0.4)
///     .words(["会员", "积分"])?
///     .check(Checksum::Luhn);
/// let scanner = Scanner::builder().detector(member).build()?;
/// let text = "会员卡 HY12345674，订单 HY12345675";
/// let findings = scanner.scan(text);
/// let found: Vec<&str> = findings.of(Kind::Custom).map(|f| &text[f.span.range()]).collect();
/// assert_eq!(found, ["12345674"]);
/// # Ok::<(), miandan::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PatternDetector {
    card: RuleCard,
    pattern: Regex,
    /// Number of the group that is reported.
    group: usize,
    words: Option<Regex>,
    check: Option<Checksum>,
    base: Weight,
}

impl PatternDetector {
    /// A detector of [`Kind::Custom`] whose matches have a confidence of 0.6.
    ///
    /// # Errors
    /// [`Error::Config`] when `id` is not made of lower-case letters, digits, `-` and `_`, or when the pattern is not valid or
    /// matches the empty text.
    pub fn new(id: &str, pattern: &str) -> Result<PatternDetector> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        if id.is_empty() || !id.chars().all(plain) {
            return Err(Error::config(format!(
                "the detector's id {id:?} must be made of a-z, 0-9, - and _"
            )));
        }
        let pattern = compile(pattern).map_err(|e| Error::config(format!("detector {id}: {e}")))?;
        if pattern.is_match("") {
            return Err(Error::config(format!(
                "detector {id}: the pattern matches the empty text, so it would match everywhere"
            )));
        }
        let group = pattern
            .capture_names()
            .position(|name| name == Some("value"))
            .unwrap_or(0);
        Ok(PatternDetector {
            card: RuleCard::owned(id.to_owned(), Kind::Custom, id.to_owned(), String::new()),
            pattern,
            group,
            words: None,
            check: None,
            base: 0,
        }
        .confidence(0.6))
    }

    /// Reports another kind, so that labels, columns and records of that kind count.
    #[must_use]
    pub fn kind(mut self, kind: Kind) -> PatternDetector {
        self.card.kind = kind;
        self
    }

    /// One line for people.
    #[must_use]
    pub fn title(mut self, title: &str) -> PatternDetector {
        self.card.title = Cow::Owned(title.to_owned());
        self
    }

    /// How sure a bare match is, 0.01 … 0.99, before words and check digit are looked at.
    #[must_use]
    pub fn confidence(mut self, ratio: f64) -> PatternDetector {
        let ratio = ratio.clamp(0.01, 0.99);
        self.base = ((ratio / (1.0 - ratio)).ln() * 1_000.0).round() as Weight;
        self
    }

    /// Words that make a match likelier when one of them stands within thirty characters; case does not matter.
    ///
    /// # Errors
    /// [`Error::Config`] when a word is empty or all of them together are too long to be compiled.
    pub fn words<'w>(
        mut self,
        words: impl IntoIterator<Item = &'w str>,
    ) -> Result<PatternDetector> {
        let words: Vec<String> = words.into_iter().map(regex::escape).collect();
        let id = &self.card.id;
        if words.iter().any(String::is_empty) {
            return Err(Error::config(format!("detector {id}: a word is empty")));
        }
        self.words = if words.is_empty() {
            None
        } else {
            let any = compile(&format!("(?i:{})", words.join("|")));
            Some(any.map_err(|e| Error::config(format!("detector {id}: words: {e}")))?)
        };
        Ok(self)
    }

    /// A check digit that right numbers have. What the rule does not know, such as letters before the digits, does not count.
    #[must_use]
    pub const fn check(mut self, check: Checksum) -> PatternDetector {
        self.check = Some(check);
        self
    }

    fn has_word(&self, text: &str, span: Span) -> bool {
        let Some(words) = &self.words else {
            return false;
        };
        let mut low = span.start.saturating_sub(NEAR);
        while !text.is_char_boundary(low) {
            low += 1;
        }
        let mut high = text.len().min(span.end + NEAR);
        while !text.is_char_boundary(high) {
            high -= 1;
        }
        words.is_match(&text[low..span.start]) || words.is_match(&text[span.end..high])
    }

    fn candidate(&self, text: &str, span: Span) -> Candidate {
        let mut candidate = Candidate::new(self.card.kind, span);
        candidate.measured = self.base;
        if self.has_word(text, span) {
            candidate.evidence.insert(WORD);
        }
        if let Some(check) = self.check {
            let number: Vec<u8> = text[span.range()]
                .bytes()
                .filter(|b| check.knows(char::from(*b)))
                .collect();
            candidate.evidence.insert(if check.holds(&number) {
                CHECKED
            } else {
                UNCHECKED
            });
        }
        candidate
    }
}

/// Compiles a pattern of bounded size.
pub(crate) fn compile(pattern: &str) -> std::result::Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(SIZE).build()
}

impl Detector for PatternDetector {
    fn card(&self) -> &RuleCard {
        &self.card
    }

    fn evidence(&self) -> &EvidenceTable {
        if self.card.kind == Kind::Custom {
            &CUSTOM
        } else {
            &KNOWN
        }
    }

    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        let text = view.text();
        let mut push = |m: regex::Match<'_>| {
            if !m.is_empty() && m.len() <= LONGEST {
                out.push(self.candidate(text, Span::new(m.start(), m.end())));
            }
        };
        if self.group == 0 {
            self.pattern.find_iter(text).for_each(push);
        } else {
            self.pattern
                .captures_iter(text)
                .filter_map(|c| c.get(self.group))
                .for_each(&mut push);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(detector: &PatternDetector, text: &str) -> Vec<(String, Weight)> {
        let mut out = Vec::new();
        detector.detect(&View::new(text), &mut out);
        out.iter()
            .map(|c| {
                let score = detector.evidence().score(c.evidence, c.measured);
                (text[c.span.range()].to_owned(), score)
            })
            .collect()
    }

    #[test]
    fn words_and_check_digits_count() {
        let bare = PatternDetector::new("card", r"\d{8}").expect("valid");
        let base = bare.base;
        assert_eq!(found(&bare, "卡12345674"), [("12345674".into(), base)]);
        let checked = bare.clone().check(Checksum::Luhn);
        assert_eq!(found(&checked, "卡12345674")[0].1, base + 2_500);
        assert_eq!(found(&checked, "卡12345675")[0].1, base - 6_000);
        let prefixed = PatternDetector::new("card", r"HY-\d{8}").expect("valid");
        let prefixed = prefixed.check(Checksum::Luhn);
        assert_eq!(found(&prefixed, "HY-12345674")[0].1, base + 2_500);
        let worded = bare.words(["会员", "VIP"]).expect("valid");
        assert_eq!(found(&worded, "vip 12345674")[0].1, base + 2_200);
        let far = format!("会员{}12345674", "，".repeat(40));
        assert_eq!(found(&worded, &far)[0].1, base);
        // The word does not come from the match itself.
        assert_eq!(found(&worded, "12345674 会员")[0].1, base + 2_200);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let error = |id: &str, pattern: &str| {
            PatternDetector::new(id, pattern)
                .expect_err("refused")
                .to_string()
        };
        assert!(error("Card", "x").contains("a-z"));
        assert!(error("card", "(").contains("detector card"));
        assert!(error("card", "x*").contains("empty text"));
        assert!(error("card", r"\pL{1000}{1000}").contains("detector card"));
        let card = PatternDetector::new("card", "x").expect("valid");
        assert!(card.words([""]).is_err());
    }

    #[test]
    fn confidence_is_the_odds_of_a_bare_match() {
        let card = PatternDetector::new("card", "x").expect("valid");
        assert_eq!(card.clone().confidence(0.5).base, 0);
        assert_eq!(card.clone().confidence(7.0).base, 4_595);
        assert_eq!(card.confidence(0.6).base, 405);
    }
}
