//! WeChat and QQ handles after a contact word: 微信 abc_123, QQ：123456789, wxid_….

mod weights;
mod words;

use std::borrow::Cow;

use super::{Candidate, Detector, RuleCard, respelt};
use crate::anchor::View;
use crate::evidence::{EvidenceSet, EvidenceTable};
use crate::kind::Kind;
use crate::span::Span;
use words::{Service, Words};

static CARD: RuleCard = RuleCard::new("handle", Kind::Handle, "WeChat or QQ handle")
    .help("An account name after a word for WeChat or QQ, in the spellings that avoid filters, or a bare wxid_.")
    .examples(&["微信：zhang_san88", "加V信 lisi2020a", "QQ：446703083", "wxid_z864ctrmdrp0el"])
    .counter_examples(&["微信支付", "QQ音乐", "wx.request", "微信 13800138000"])
    .references(&["WeChat account rules: 6 to 20 letters, digits, _ and -, first a letter"]);

/// Finds handles.
#[derive(Clone, Copy, Debug, Default)]
pub struct HandleDetector;

impl HandleDetector {
    /// The detector.
    pub const fn new() -> HandleDetector {
        HandleDetector
    }
}

impl Detector for HandleDetector {
    fn card(&self) -> &RuleCard {
        &CARD
    }

    fn evidence(&self) -> &EvidenceTable {
        &weights::TABLE
    }

    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        let text = view.text();
        let read = |start, end, service| Account::read(text, start, end, service);
        let mut words = Words::new(text);
        while let Some(account) = words.next(read, |account| account.span.end) {
            out.extend(account.candidate(text));
        }
    }

    fn normalize<'t>(&self, text: &'t str) -> Cow<'t, str> {
        respelt(text.trim(), |c| Some(c.to_ascii_lowercase()))
    }
}

/// A contact word and the account name behind it.
struct Account {
    /// First byte of the contact word.
    word: usize,
    service: Service,
    /// Whether a mark parts the two.
    marked: bool,
    /// The name's own bytes.
    span: Span,
}

impl Account {
    /// The account that the word `start..end` announces.
    fn read(text: &str, start: usize, end: usize, service: Service) -> Option<Account> {
        let (name, marked) = match service {
            Service::WxId => (start, false),
            _ => past_mark(text, end),
        };
        let lengths = service.lengths();
        let rest = text.as_bytes()[name..].iter();
        let length = rest
            .enumerate()
            .take(*lengths.end())
            .take_while(|(i, b)| service.allows(*i, **b))
            .count();
        let fits = lengths.contains(&length);
        fits.then(|| Account {
            word: start,
            service,
            marked,
            span: Span::new(name, name + length),
        })
    }

    /// The candidate that it is, unless it is part of something longer.
    fn candidate(&self, text: &str) -> Option<Candidate> {
        let touched = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '(');
        let inside = text[self.word..].starts_with(|c: char| c.is_ascii_alphabetic())
            && text[..self.word].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        if text[self.span.end..].starts_with(touched) || inside {
            return None;
        }
        let value = &text[self.span.range()];
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        let id = self.service == Service::WxId;
        let mut evidence = EvidenceSet::EMPTY;
        evidence.insert_seen([
            (!id, weights::CUE),
            (self.marked, weights::MARKED),
            (!id && digits == 0, weights::WORD),
            (value.len() < 6, weights::SHORT),
            (id || value.starts_with("wxid_"), weights::WXID),
        ]);
        let mut candidate = Candidate::new(Kind::Handle, self.span);
        candidate.evidence = evidence;
        Some(candidate)
    }
}

/// Where the name after a contact word begins that ends at `at`, and whether a mark parts them: `号`, blanks, one mark, blanks.
fn past_mark(text: &str, at: usize) -> (usize, bool) {
    let rest = &text[at..];
    let rest = rest.strip_prefix('号').unwrap_or(rest);
    let rest = rest.trim_start_matches(' ');
    let mark = rest.strip_prefix([':', '：', '=', '-', '—', '为', '是']);
    let name = mark.unwrap_or(rest).trim_start_matches(' ');
    (text.len() - name.len(), mark.is_some())
}
