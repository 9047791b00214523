//! Postal addresses: exact spans, parsed to division codes, told from mere place names.

mod anchor;
mod compose;
mod door;
mod glyph;
mod head;
mod join;
mod parts;
mod places;
mod plain;
mod resolve;
mod tail;
mod walk;
mod weights;
mod window;
mod words;

pub use parts::{AddressParts, parts};

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use crate::anchor::View;
use crate::detect::{Candidate, Detector, RuleCard, respelt};
use crate::evidence::{EvidenceSet, EvidenceTable};
use crate::finding::{Detail, Grade};
use crate::kind::{Form, Kind};
use crate::span::Span;
use crate::table::script::to_simplified;

use anchor::Strength;
use compose::Seen;
use glyph::{Glyph, Reader, class};
use places::Places;
use resolve::{Memo, Resolved};
use weights::{Bit, TABLE, WEIGHTS};
use window::Window;

static CARD: RuleCard = RuleCard::new("address", Kind::Address, "Postal address in China")
    .help(
        "Delivery addresses of mainland China, Hong Kong, Macau and Taiwan in running text, tables and pasted lines, with \
         or without divisions, in simplified or traditional script. A bare place name is no address: it stays below 0.5 \
         unless a label, a column or a mobile number next to it says otherwise. The confidence grows with the levels that \
         agree with each other and with roads, numbers and compounds.",
    )
    .examples(&[
        "浙江省杭州市西湖区古荡街道文三路18号2栋3单元501室",
        "收货地址：江苏省苏州市吴中区木渎镇中山东路99号翡翠花园6-2-301",
        "寄到四川省成都市武侯区人民南路四段12号附3号就行",
    ])
    .counter_examples(&["产地山东烟台苹果10斤装", "北京烤鸭真空包装", "浙江省杭州市今日最高气温35度", "3室2厅1卫 精装修"])
    .references(&["GB/T 2260 (division codes)", "GB/T 10114 (codes below the county)", "GB/T 23705 (address elements)"]);

/// Finds postal addresses.
#[derive(Clone, Copy, Debug, Default)]
pub struct AddressDetector;

/// How far before an anchor an address may begin, in bytes.
const BACK: usize = 150;

/// How near a number speaks for an address, in bytes; fewer than 256, as the digits on each side are counted in one byte.
const NEAR: usize = 240;

/// Memory that is kept between calls.
#[derive(Default)]
struct Scratch {
    window: Window,
    seen: Seen,
    chains: Memo,
    plain: plain::Buffer,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::default());
    /// For what is composed once more in debug builds, to be compared.
    static CHECKED: RefCell<Scratch> = RefCell::new(Scratch::default());
}

impl Detector for AddressDetector {
    fn card(&self) -> &RuleCard {
        &CARD
    }

    fn evidence(&self) -> &EvidenceTable {
        &TABLE
    }

    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        SCRATCH.with_borrow_mut(|scratch| scan(view, scratch, out));
    }

    fn normalize<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let dropped = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '_');
        respelt(text, |c| (!dropped(c)).then(|| to_simplified(c)))
    }
}

fn scan(view: &View<'_>, scratch: &mut Scratch, out: &mut Vec<Candidate>) {
    let text = &Reader::new(view.text());
    let Scratch {
        window,
        seen,
        chains,
        plain,
    } = scratch;
    window.clear();
    let mut done = 0;
    let mut from = done;
    let (mut weak, mut expected) = (None, false);
    let (mut fruitless, mut doors) = (Fruitless::default(), Fruitless::default());
    let mut places = Places::new(text.text());
    while let Some((at, door)) = places.next(from) {
        from = at + if door { 1 } else { 3 };
        if let Some(end) = places::flood(text.text(), at) {
            from = end;
            continue;
        }
        // Where the last address was of the plain form, as in a dump, the anchor is judged by what comes of it.
        let (mut begin, mut body) = (None, None);
        if expected && !door && plain::may_end_division(text, at) {
            let start = *begin.insert(window_start(text, at, done));
            if window.ends_before(start) {
                body = plain::compose(text, start, at, plain, seen);
                body = body.filter(|_| plain::is_sure(start, at, seen));
            }
            expected = body.is_some();
        }
        let strength = if door {
            Some(Strength::Number)
        } else if body.is_some() {
            Some(Strength::Division)
        } else {
            anchor::judge(text, at)
        };
        let Some(strength) = strength else {
            continue;
        };
        if strength == Strength::Weak {
            // One road character alone is as likely as not part of a word; two close together, or one in a short field, are not.
            let pair = weak.is_some_and(|w| at - w <= 75);
            weak = Some(at);
            if !pair && !in_short_field(text, at) {
                continue;
            }
        }
        let start = begin.unwrap_or_else(|| window_start(text, at, done));
        if strength == Strength::Division && body.is_none() && window.ends_before(start) {
            body = plain::compose(text, start, at, plain, seen);
            expected = body.is_some();
        }
        if let Some(body) = body {
            (fruitless, doors) = (Fruitless::default(), Fruitless::default());
            let resolved = chains.resolve(&seen.divisions);
            debug_assert_eq!(
                (
                    anchor::judge(text, at),
                    Some(candidate(&body, seen, &resolved))
                ),
                (Some(strength), composed_otherwise(text, start, at)),
                "{}",
                &text.text()[body.span.range()]
            );
            offer(&body, seen, &resolved, out);
            done = body.span.end;
            from = from.max(done);
            continue;
        }
        let low = window.cover(text, start, at);
        let anchor = window.index(at);
        let mut composed = compose::compose(window, low, anchor, seen);
        if window.widen(text, at, composed.reached) {
            composed = compose::compose(window, low, anchor, seen);
        }
        from = from.max(window.byte(composed.reached));
        // What was left behind on the way to this anchor need not be walked again for the next.
        done = done.max(window.byte(composed.from));
        // Two numbers that a hyphen joins are a score or a price, unless they stand behind the name of a place.
        let bare_door = || door && seen.divisions.is_empty() && seen.compounds == 0;
        if !composed.found || bare_door() {
            let further = if door {
                doors.note(at, from, 512)
            } else {
                fruitless.note(at, at, 64)
            };
            let further = text.text().ceil_char_boundary(from + further);
            if further > from {
                let line = memchr::memchr(b'\n', &text.text().as_bytes()[from..further]);
                from = line.map_or(further, |end| from + end);
                done = from;
            }
            continue;
        }
        (fruitless, doors) = (Fruitless::default(), Fruitless::default());
        let resolved = chains.resolve(&seen.divisions);
        let body = Body::of(window, low, seen);
        offer(&body, seen, &resolved, out);
        done = body.span.end;
    }
}

/// What comes of an address of the plain form if it is composed as every other, for checking.
fn composed_otherwise(text: &Reader<'_>, start: usize, at: usize) -> Option<Candidate> {
    CHECKED.with_borrow_mut(|scratch| {
        let Scratch {
            window,
            seen,
            chains,
            ..
        } = scratch;
        window.clear();
        let low = window.cover(text, start, at);
        let anchor = window.index(at);
        let mut composed = compose::compose(window, low, anchor, seen);
        if window.widen(text, at, composed.reached) {
            composed = compose::compose(window, low, anchor, seen);
        }
        let resolved = chains.resolve(&seen.divisions);
        let candidate = candidate(&Body::of(window, low, seen), seen, &resolved);
        (composed.found && window.byte(composed.reached) == candidate.span.end).then_some(candidate)
    })
}

/// Anchors in a row that came to nothing, each close behind the last.
#[derive(Default)]
struct Fruitless {
    number: usize,
    last: usize,
}

impl Fruitless {
    /// Notes the one at byte `at`, for which the text was read up to byte `end`; by how many bytes the search for the next moves on.
    /// Where more of them than text has that means something follow each other, it moves on ever further, up to `most`, and what lies
    /// behind is left for good: so the work stays linear, whatever the text.
    fn note(&mut self, at: usize, end: usize, most: usize) -> usize {
        let close = at < self.last + BACK;
        self.number = if close { self.number + 1 } else { 1 };
        self.last = end;
        self.number.saturating_sub(8).min(8) * most / 8
    }
}

/// Whether the anchor at `at` stands in a field of a few words or with a number soon behind it, and not in the clause of a sentence
/// without numbers.
fn in_short_field(text: &Reader<'_>, at: usize) -> bool {
    let border = |glyph: Glyph| glyph.is(class::STOP | class::COMMA) || glyph.c == ' ';
    let mut begin = at;
    let left = (0..16).find_map(|_| match text.before(begin) {
        Some(glyph) if !border(glyph) => {
            begin = glyph.byte();
            None
        }
        found => Some(found.unwrap_or_default().c),
    });
    let Some(left) = left else {
        return false;
    };
    let clause = matches!(left, '，' | '。' | '！' | '？' | '；');
    if clause && !has_number_near(text.text(), at) {
        return false;
    }
    let mut end = at;
    (0..20).any(|_| {
        let (glyph, next) = text.read(end);
        let enough = next == end || border(glyph) || glyph.is(class::DIGIT);
        end = next;
        enough
    })
}

/// Whether as many digits as a telephone number has stand near.
fn has_number_near(text: &str, at: usize) -> bool {
    let digits = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0, |n, b| n + u8::from(b.is_ascii_digit()))
    };
    let (before, behind) = text.as_bytes().split_at(at);
    let before = &before[before.len().saturating_sub(NEAR)..];
    let behind = &behind[..behind.len().min(NEAR)];
    digits(before) >= 7 || digits(behind) >= 7
}

/// Where the text that may belong to the anchor at `at` begins: after the last hard stop, telephone number or comma.
#[inline(never)]
fn window_start(text: &Reader<'_>, at: usize, done: usize) -> usize {
    let low = at.saturating_sub(BACK).max(done).min(at);
    // Of the Han characters directly before it nothing is to be known.
    let mut before = &text.text().as_bytes()[low..at];
    while let [rest @ .., 0xE4..=0xE9, _, _] = before {
        before = rest;
    }
    let mut end = low + before.len();
    if matches!(before, [.., 0..0x80, b',']) {
        return end;
    }
    let low = text.text().ceil_char_boundary(low);
    let (mut digits, mut digits_end) = (0, at);
    while end > low
        && let Some(glyph) = text.before(end)
    {
        if glyph.is(class::HAN) {
            if digits >= 7 {
                return digits_end;
            }
            digits = 0;
        } else if glyph.is(class::DIGIT) {
            if digits == 0 {
                digits_end = end;
            }
            digits += 1;
            if digits >= 10 {
                return digits_end;
            }
        } else {
            if !(matches!(glyph.c, '-' | ' ') && digits > 0) {
                if digits >= 7 {
                    return digits_end;
                }
                digits = 0;
            }
            if glyph.is(class::STOP)
                || glyph.is(class::COMMA) && !joins_levels(text, glyph.byte(), low)
            {
                return end;
            }
        }
        end = glyph.byte();
    }
    if digits >= 7 { digits_end } else { low }
}

/// Whether a level of an address ends before the comma at byte `at`.
fn joins_levels(text: &Reader<'_>, at: usize, low: usize) -> bool {
    let before = text.before(at).filter(|glyph| glyph.byte() >= low);
    before.is_some_and(|glyph| {
        matches!(
            glyph.c,
            '省' | '市' | '区' | '县' | '州' | '盟' | '旗' | '镇' | '乡' | '道'
        )
    })
}

/// What the characters of an address say of it as a whole.
#[derive(Clone, Copy, Debug)]
struct Body {
    span: Span,
    /// How many characters it has.
    length: usize,
    begins_with_number: bool,
    /// It speaks of goods, news or travel.
    negative: bool,
    /// Its last character seldom does anything but end a place.
    closed: bool,
    /// The name of a firm or the like stands behind its divisions, and no more.
    detail: bool,
}

impl Body {
    fn of(window: &Window, low: usize, seen: &Seen) -> Body {
        let g = window.glyphs();
        let body = &g[seen.span.clone()];
        Body {
            span: Span::new(window.byte(seen.span.start), window.byte(seen.span.end)),
            length: body.len(),
            begins_with_number: begins_with_number(body),
            negative: seen.numbers < 2 && words::has_negative(surroundings(g, low, &seen.span)),
            closed: body.last().is_some_and(|g| g.is(class::CLOSE)),
            detail: seen.grade() == Grade::Area && has_detail(g, seen),
        }
    }
}

/// Below this score nothing that stands around an address could lift it.
const FLOOR: i32 = -4200;

/// Pushes an address, unless it could not be lifted.
fn offer(body: &Body, seen: &Seen, resolved: &Resolved, out: &mut Vec<Candidate>) {
    let evidence = evidence(body, seen, resolved);
    if WEIGHTS.score(evidence, 0) > FLOOR {
        // It is put together where it stays.
        out.push(with_evidence(body, seen, resolved, evidence));
    }
}

fn candidate(body: &Body, seen: &Seen, resolved: &Resolved) -> Candidate {
    with_evidence(body, seen, resolved, evidence(body, seen, resolved))
}

#[inline]
fn with_evidence(
    body: &Body,
    seen: &Seen,
    resolved: &Resolved,
    evidence: EvidenceSet,
) -> Candidate {
    Candidate {
        form: if seen.masked {
            Form::Masked
        } else {
            Form::Full
        },
        evidence,
        detail: Detail::Address(resolve::detail(resolved, seen.grade())),
        ..Candidate::new(Kind::Address, body.span)
    }
}

fn evidence(body: &Body, seen: &Seen, resolved: &Resolved) -> EvidenceSet {
    let grade = seen.grade();
    let mut set = EvidenceSet::EMPTY;
    let names = resolved.full + resolved.short;
    let mut mark = |bit: Bit, on: bool| set.insert_if(bit as u8, on);
    mark(Bit::ThreeDivisions, names >= 3);
    mark(Bit::FullName, resolved.full > 0);
    mark(Bit::Agreeing, resolved.agreeing > 0);
    mark(Bit::Town, resolved.town);
    mark(Bit::Road, seen.roads > 0);
    mark(Bit::Village, seen.villages > 0);
    mark(Bit::Compound, seen.compounds > 0);
    mark(Bit::Number, seen.numbers > 0);
    mark(Bit::Numbers, seen.numbers > 1);
    mark(Bit::Compounds, seen.compounds > 1);
    mark(Bit::Beside, seen.beside);
    mark(Bit::NumberFirst, body.begins_with_number);
    mark(Bit::Led, seen.led);
    mark(Bit::LeftClean, seen.left_clean);
    mark(Bit::Short, body.length < 7);
    mark(Bit::Long, body.length > 50);
    mark(Bit::AreaOnly, grade == Grade::Area);
    mark(Bit::NoDivision, names == 0);
    mark(Bit::Negative, body.negative);
    mark(Bit::Masked, seen.masked);
    mark(
        Bit::Detail,
        body.detail && resolved.agreeing > 0 && (names >= 3 || resolved.town),
    );
    mark(
        Bit::PlaceEnd,
        seen.compounds > 0 && !body.negative && body.closed,
    );
    set
}

/// Whether an address begins with a number: 18号, 第3栋.
fn begins_with_number(body: &[Glyph]) -> bool {
    matches!(body, [first, second, ..]
        if first.is(class::DIGIT) || first.c == '第' && second.is(class::DIGIT))
}

/// Most characters of a detail behind divisions; what is longer is a sentence that goes on.
const DETAIL: usize = 14;

/// Whether a name stands behind the divisions, as that of a firm does; the name of one in it (合作 in 种鸭合作社) is short.
fn has_detail(g: &[Glyph], seen: &Seen) -> bool {
    let mut full = seen.divisions.iter().filter(|d| !d.first.flags.short());
    let last = full.next_back().map_or(seen.span.end, |d| d.end);
    let detail = &g[last..seen.span.end];
    let name = detail.iter().filter(|g| g.is(class::HAN)).count();
    (2..=DETAIL).contains(&name)
}

/// The span and a few characters on both sides, as far as its field reaches.
fn surroundings<'g>(g: &'g [Glyph], low: usize, span: &Range<usize>) -> &'g [Glyph] {
    let after = g[span.end..].iter().take(10);
    let behind = after.take_while(|c| !c.is(class::STOP)).count();
    &g[span.start.saturating_sub(8).max(low)..span.end + behind]
}

#[cfg(test)]
mod tests;
