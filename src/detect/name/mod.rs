//! Person names: a surname-gated linear model over characters and context.

#[doc(hidden)]
pub mod decode;
#[doc(hidden)]
pub mod features;
#[doc(hidden)]
pub mod gate;
#[doc(hidden)]
pub mod lexicon;
mod memo;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod reader;
#[doc(hidden)]
pub mod rules;
#[doc(hidden)]
pub mod run;
mod scope;
#[doc(hidden)]
pub mod site;
#[doc(hidden)]
pub mod training;
#[doc(hidden)]
pub mod walk;
mod weights;
#[doc(hidden)]
pub mod words;

pub use scope::NameScope;

use std::cell::RefCell;

use super::{Candidate, Detector, RuleCard};
use crate::anchor::View;
use crate::evidence::{EvidenceSet, EvidenceTable};
use crate::finding::{Detail, Grade, NameDetail};
use crate::kind::{Form, Kind};
use crate::span::Span;
use crate::table::field;
use model::{Model, Touch};
use reader::{Reader, Reading};
use rules::{Found, Sign};

static CARD: RuleCard = RuleCard::new("name", Kind::Name, "Person name")
    .help(
        "Full names: a surname (single 王, compound 欧阳, double 陈方) and one or two characters, in simplified or traditional \
         script, wherever they stand: cell, label, glued to a number, prose. Names with a middle dot (买买提·艾力) count as \
         full. The name is reported without its title: 张三 in 张三先生. Where the given name is missing or hidden the \
         finding has another form: partial for surname and title (张先生, 李姐), for 老王 and 小陈, and for 王某; masked for \
         张*, 李**, 陆*琴 and *三. A surname alone, a given name alone and a nickname are not reported. A name in a product \
         title is still a name. The score is that of a linear model over the characters of the name and around it; a \
         column of names or a header lifts rare surnames and names that are also words (高兴).",
    )
    .examples(&[
        "收货人：柯慧明 电话：18100000001",
        "买买提·艾力,18100000001",
        "给张阿姨打电话没人接",
        "联系人王某某，请尽快发货",
        "收货人：李**，电话181****0001",
        "欧阳静",
    ])
    .counter_examples(&["高山流水茶具套装", "黄金项链 169元", "江苏省常州市", "石英手表"])
    .references(&[
        "wainshine/Chinese-Names-Corpus, order of surnames (Apache-2.0)",
        "jieba 0.42.1, word list (MIT)",
    ]);

/// Finds names of persons.
///
/// ```
/// use miandan::Kind;
/// let scanner = miandan::Scanner::new()?;
/// let text = "收货人：柯慧明 电话：18100000001";
/// let names: Vec<_> = scanner.scan(text).iter().filter(|f| f.kind == Kind::Name).map(|f| &text[f.span.range()]).collect();
/// assert_eq!(names, ["柯慧明"]);
/// # Ok::<(), miandan::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct NameDetector {
    scope: NameScope,
    /// `None` for the one that ships with the crate.
    model: Option<&'static Model>,
}

impl NameDetector {
    /// A detector that looks everywhere.
    pub fn new() -> NameDetector {
        NameDetector::default()
    }

    /// Sets where names are looked for.
    #[must_use]
    pub fn scope(mut self, scope: NameScope) -> NameDetector {
        self.scope = scope;
        self
    }

    /// Sets the model: the trainer sees what a scan makes of a new one.
    #[doc(hidden)]
    #[must_use]
    pub fn model(mut self, model: &'static Model) -> NameDetector {
        self.model = Some(model);
        self
    }
}

#[derive(Default)]
struct Buffers {
    reader: Reader,
    /// The model that the reader remembers readings of.
    model: Option<&'static Model>,
    /// Addresses, in which no name is looked for.
    addresses: Vec<Span>,
    /// Whatever may be an address.
    places: Vec<Span>,
    rules: Vec<Found>,
    neighbourhoods: scope::Neighbourhoods,
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = RefCell::default();
}

impl Detector for NameDetector {
    fn card(&self) -> &RuleCard {
        &CARD
    }

    fn evidence(&self) -> &EvidenceTable {
        &weights::EVIDENCE
    }

    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        let text = view.text();
        let model = self.model.unwrap_or_else(Model::builtin);
        BUFFERS.with_borrow_mut(|buffers| {
            buffers.turn_to(model);
            buffers.note_places(out);
            match self.scope {
                NameScope::Everywhere => {
                    for range in scope::readable(text) {
                        buffers.read(model, text, range, out);
                    }
                }
                NameScope::Near => {
                    let mut near = std::mem::take(&mut buffers.neighbourhoods);
                    for range in near.of(text, out) {
                        buffers.read(model, text, range.clone(), out);
                    }
                    buffers.neighbourhoods = near;
                }
            }
        });
    }
}

impl Buffers {
    /// Forgets what another model made of short runs.
    fn turn_to(&mut self, model: &'static Model) {
        if self.model.is_none_or(|last| !std::ptr::eq(last, model)) {
            self.reader = Reader::default();
            self.model = Some(model);
        }
    }

    fn note_places(&mut self, found: &[Candidate]) {
        self.addresses.clear();
        self.places.clear();
        for c in found.iter().filter(|c| c.kind == Kind::Address) {
            self.places.push(c.span);
            if proven_address(c) {
                self.addresses.push(c.span);
            }
        }
        if !self.places.is_sorted() {
            self.places.sort_unstable();
            self.addresses.sort_unstable();
        }
    }

    fn read(
        &mut self,
        model: &Model,
        text: &str,
        range: std::ops::Range<usize>,
        out: &mut Vec<Candidate>,
    ) {
        self.rules.clear();
        let first = out.len();
        let push = |r: Reading| out.push(read_by_model(model, text, r));
        self.reader.read_all(
            model,
            text,
            range,
            &self.addresses,
            push,
            Some(&mut self.rules),
        );
        let by_model = out.len();
        mark_roads(text, &self.places, &mut out[first..]);
        for found in &self.rules {
            let partial = found_by_rule(found);
            // What is a surname and a title to the rules is no full name, however well the model likes it. 老舍 and 小平 may
            // be, in the middle of a sentence.
            let read = out[first..by_model].binary_search_by_key(&found.span, |c| c.span);
            if let Ok(i) = read
                && partial.form == Form::Partial
                && (found.framed || matches!(found.sign, Sign::Title | Sign::Some))
            {
                let c = &mut out[first + i];
                c.form = Form::Partial;
                c.evidence.insert(weights::MODEL_PARTIAL);
            }
            // A word behind a short title begins no given name: 徐姨留 in 买家徐姨留言.
            if found.framed && found.sign == Sign::ShortTitle {
                let read = &mut out[first..by_model];
                if let Ok(i) = read.binary_search_by_key(&found.span.start, |c| c.span.start)
                    && read[i].span.end > found.span.end
                {
                    let c = &mut read[i];
                    c.span = found.span;
                    c.form = Form::Partial;
                    c.evidence.insert(weights::MODEL_PARTIAL);
                }
            }
            if found.framed && found.sign == Sign::MaskBefore {
                let shown =
                    out[first..by_model].binary_search_by_key(&found.span.end, |c| c.span.end);
                if let Ok(i) = shown {
                    out[first + i].evidence.insert(weights::BEHIND_MASK);
                }
            }
            out.push(partial);
        }
    }
}

/// Whether a candidate is an address beyond doubt, by a county and a door in it: characters inside it that look like a
/// name are none, and looking at them would be most of the work on a dump.
fn proven_address(c: &Candidate) -> bool {
    matches!(c.detail, Detail::Address(a) if a.county != 0 && a.grade == Grade::Door)
}

fn read_by_model(model: &Model, text: &str, r: Reading) -> Candidate {
    let bytes = text.as_bytes();
    let mut c = Candidate::new(Kind::Name, r.span);
    c.measured = model.worth(r.score, r.touch);
    c.detail = Detail::Name(NameDetail {
        surname_chars: r.surname as u8,
    });
    if r.touch == Touch::Nowhere {
        c.evidence.insert(weights::ALONE);
        if is_label(text, r.span) {
            c.evidence.insert(weights::LABEL);
        }
        if r.surname == 0 {
            c.evidence.insert(weights::UNLISTED);
        }
        if r.place {
            c.evidence.insert(weights::PLACE);
        }
        if bytes.get(r.span.end).is_some_and(u8::is_ascii_digit) {
            if amount_follows(&text[r.span.end..]) {
                c.evidence.insert(weights::MEASURED);
            }
            if wedged(bytes, r.span) {
                c.evidence.insert(weights::WEDGED);
            }
        }
    }
    if r.surname == 2 && begins_with_word(model, &text[r.span.range()]) {
        c.evidence.insert(weights::WORD_SURNAME);
    }
    let last = last_of(bytes, r.span);
    // 张王氏 is a person in old registers.
    if r.span.len() == 6 && last == three("氏") {
        c.evidence.insert(weights::CLAN);
    }
    if last == three("某") {
        c.form = Form::Partial;
        c.evidence.insert(weights::MODEL_PARTIAL);
    }
    c
}

/// The last three bytes of a span as one number: a Han character in nearly every name.
#[inline]
fn last_of(text: &[u8], span: Span) -> u32 {
    let last = text.get(..span.end).and_then(<[u8]>::last_chunk);
    last.map_or(0, |last: &[u8; 3]| packed(*last))
}

/// The three bytes of a character as one number.
const fn three(c: &str) -> u32 {
    match c.as_bytes() {
        [a, b, c] => packed([*a, *b, *c]),
        _ => 0,
    }
}

const fn packed([a, b, c]: [u8; 3]) -> u32 {
    u32::from_le_bytes([a, b, c, 0])
}

/// Notes which readings are the road that an address begins with: 石祥路 in 石祥路与长浜路交叉口. Both are sorted.
fn mark_roads(text: &str, places: &[Span], read: &mut [Candidate]) {
    const ROADS: [u32; 4] = [three("路"), three("街"), three("道"), three("巷")];
    for c in read {
        let road = ROADS.contains(&last_of(text.as_bytes(), c.span));
        if road
            && places
                .binary_search_by_key(&c.span.start, |p| p.start)
                .is_ok()
        {
            c.evidence.insert(weights::ROAD);
        }
    }
}

/// Whether a string is itself the label of a value (`运单号：`, `路线=`), whatever family name it begins with.
fn is_label(text: &str, span: Span) -> bool {
    // What a label ends with begins with one of these bytes, and little else that stands behind a name does.
    let ends = |b: &u8| matches!(b, b'"' | b'\'' | b'`' | b':' | b'=' | 0xE3 | 0xEF);
    if !text.as_bytes().get(span.end).is_some_and(ends) {
        return false;
    }
    let after = text[span.end..].trim_start_matches(['"', '\'', '`']);
    after.starts_with(['：', ':', '=', '】']) && field::exact(&text[span.range()]).is_some()
}

/// Whether the first two characters are a common word: 东方 begins more firms than people.
fn begins_with_word(model: &Model, name: &str) -> bool {
    let mut codes = name.chars().map(lexicon::code_of);
    matches!((codes.next(), codes.next()), (Some(a), Some(b)) if model.words().is_common([a, b]))
}

/// Units of goods. Pieces (2件) may be a customer's.
const UNITS: [&str; 14] = [
    "片", "克", "斤", "升", "寸", "码", "米", "段", "粒", "支", "g", "kg", "ml", "cm",
];

/// Whether a text begins with an amount of goods: 30片 in 暖宝宝30片.
fn amount_follows(text: &str) -> bool {
    let digits = text.bytes().take(5).take_while(u8::is_ascii_digit).count();
    let unit = &text[digits..];
    (1..5).contains(&digits) && UNITS.iter().any(|u| unit.starts_with(u))
}

/// Digits of a number so long that it is no count and no door: a serial, a telephone number.
const LONG: usize = 8;

/// Whether long numbers touch both ends of a span, as where a serial, a name and a mobile number were glued together.
fn wedged(text: &[u8], span: Span) -> bool {
    let (before, after) = (&text[..span.start], &text[span.end..]);
    let digits =
        |bytes: Option<&[u8; LONG]>| bytes.is_some_and(|b| b.iter().all(u8::is_ascii_digit));
    digits(before.last_chunk()) && digits(after.first_chunk())
}

fn found_by_rule(f: &Found) -> Candidate {
    let mut c = Candidate::new(Kind::Name, f.span);
    c.form = f.form;
    c.detail = Detail::Name(NameDetail {
        surname_chars: f.surname as u8,
    });
    c.evidence = EvidenceSet::EMPTY.with(weights::bit(f.sign));
    if f.framed {
        c.evidence.insert(weights::FRAMED);
    }
    if f.doubtful {
        c.evidence.insert(weights::DOUBTFUL);
    }
    c
}
