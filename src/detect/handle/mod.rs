//! WeChat and QQ handles after a contact word: 微信 abc_123, QQ：123456789, wxid_….

mod weights;

use std::sync::LazyLock;

use regex::Regex;

use super::{Candidate, Detector, RuleCard};
use crate::anchor::View;
use crate::evidence::{EvidenceSet, EvidenceTable};
use crate::kind::Kind;
use crate::span::Span;

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

/// A contact word, what may part it from the handle, and the handle.
static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:(?:微信|薇信|威信|徽信|微❤信|威❤信|卫星|[加➕]?[vV薇威]信|[加➕][vV薇微威]|wechat|weixin|vx|wx)号?",
        r"(?P<m1>[ ]*[:：=\-—为是]?[ ]*)(?P<wx>[a-z][a-z0-9_-]{5,19})",
        r"|(?:qq|扣扣|企鹅|q号)号?(?P<m2>[ ]*[:：=\-—为是]?[ ]*)(?P<qq>[1-9][0-9]{4,10})",
        r"|(?P<id>wxid_[a-z0-9]{10,20}))"
    ))
    .ok()
});

impl Detector for HandleDetector {
    fn card(&self) -> &RuleCard {
        &CARD
    }

    fn evidence(&self) -> &EvidenceTable {
        &weights::TABLE
    }

    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        let text = view.text();
        let Some(words) = WORDS.as_ref() else {
            return;
        };
        out.extend(words.captures_iter(text).filter_map(|found| {
            let (name, mark) = match (found.name("id"), found.name("wx")) {
                (Some(id), _) => {
                    return Some(candidate(
                        id.range(),
                        EvidenceSet::EMPTY.with(weights::WXID),
                    ));
                }
                (None, Some(wx)) => (wx, found.name("m1")),
                (None, None) => (found.name("qq")?, found.name("m2")),
            };
            let touched = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '(');
            let start = found.get(0)?.start();
            let inside = text[start..].starts_with(|c: char| c.is_ascii_alphabetic())
                && text[..start].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            if text[name.end()..].starts_with(touched) || inside {
                return None;
            }
            let value = name.as_str();
            let digits = value.bytes().filter(u8::is_ascii_digit).count();
            let mut evidence = EvidenceSet::EMPTY.with(weights::CUE);
            for (seen, bit) in [
                (
                    mark.is_some_and(|m| !m.as_str().trim().is_empty()),
                    weights::MARKED,
                ),
                (digits == 0, weights::WORD),
                (value.len() < 6, weights::SHORT),
                (value.starts_with("wxid_"), weights::WXID),
            ] {
                if seen {
                    evidence.insert(bit);
                }
            }
            Some(candidate(name.range(), evidence))
        }));
    }

    fn normalize(&self, text: &str) -> String {
        text.trim().to_ascii_lowercase()
    }
}

fn candidate(range: std::ops::Range<usize>, evidence: EvidenceSet) -> Candidate {
    let mut candidate = Candidate::new(Kind::Handle, Span::from(range));
    candidate.evidence = evidence;
    candidate
}
