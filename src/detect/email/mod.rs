//! E-mail addresses.

mod weights;

use std::borrow::Cow;

use memchr::memchr_iter;

use super::{Candidate, Detector, RuleCard, respelt};
use crate::anchor::View;
use crate::evidence::{EvidenceSet, EvidenceTable};
use crate::kind::Kind;
use crate::span::Span;

static CARD: RuleCard = RuleCard::new("email", Kind::Email, "E-mail address")
    .help("A mailbox at a domain. Shared mailboxes (support@, noreply@) and file names with an @ weigh less.")
    .examples(&["邮箱 zhang.san88@qq.com", "lisi_01@163.com"])
    .counter_examples(&["noreply@", "icon@2x.png", "@某某"])
    .references(&["RFC 5321"]);

/// Finds e-mail addresses.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmailDetector;

impl EmailDetector {
    /// The detector.
    pub const fn new() -> EmailDetector {
        EmailDetector
    }
}

/// Domains at which people have their own mailbox.
const PROVIDERS: [&str; 16] = [
    "qq.com",
    "163.com",
    "126.com",
    "139.com",
    "189.cn",
    "sina.com",
    "sina.cn",
    "sohu.com",
    "foxmail.com",
    "gmail.com",
    "outlook.com",
    "hotmail.com",
    "yeah.net",
    "aliyun.com",
    "icloud.com",
    "vip.qq.com",
];

/// Mailboxes that are nobody's.
const SHARED: [&str; 12] = [
    "noreply",
    "no-reply",
    "support",
    "service",
    "admin",
    "info",
    "git",
    "postmaster",
    "webmaster",
    "sales",
    "contact",
    "hr",
];

/// Last labels that are file endings.
const FILES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "js", "css"];

/// Longest mailbox and domain, in bytes.
const LONGEST: usize = 64;

impl Detector for EmailDetector {
    fn card(&self) -> &RuleCard {
        &CARD
    }

    fn evidence(&self) -> &EvidenceTable {
        &weights::TABLE
    }

    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        let text = view.text();
        out.extend(memchr_iter(b'@', text.as_bytes()).filter_map(|at| find(text, at)));
    }

    fn normalize<'t>(&self, text: &'t str) -> Cow<'t, str> {
        respelt(text.trim(), |c| Some(c.to_ascii_lowercase()))
    }
}

/// Whether a word is one of a list, whatever its case.
fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.iter().any(|w| word.eq_ignore_ascii_case(w))
}

fn find(text: &str, at: usize) -> Option<Candidate> {
    let bytes = text.as_bytes();
    let in_box = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+');
    let head = bytes[..at]
        .iter()
        .rev()
        .take(LONGEST + 1)
        .take_while(|b| in_box(b))
        .count();
    let tail = bytes[at + 1..]
        .iter()
        .take(LONGEST + 1)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        .count();
    if head == 0 || head > LONGEST || tail > LONGEST {
        return None;
    }
    let mailbox = text[at - head..at].trim_start_matches(['.', '-', '+']);
    let domain = text[at + 1..at + 1 + tail].trim_end_matches(['.', '-']);
    let (name, last) = domain.rsplit_once('.')?;
    if mailbox.is_empty()
        || name.is_empty()
        || last.len() < 2
        || last.bytes().any(|b| !b.is_ascii_alphabetic())
        || domain.contains("..")
    {
        return None;
    }
    let start = at - mailbox.len();
    let mut evidence = EvidenceSet::EMPTY.with(weights::SHAPE);
    evidence.insert_seen([
        (is_one_of(domain, &PROVIDERS), weights::PROVIDER),
        (is_one_of(mailbox, &SHARED), weights::ROLE),
        (is_one_of(last, &FILES), weights::FILE),
        (text[..start].ends_with("//"), weights::LINK),
    ]);
    let mut candidate = Candidate::new(Kind::Email, Span::new(start, at + 1 + domain.len()));
    candidate.evidence = evidence;
    Some(candidate)
}
