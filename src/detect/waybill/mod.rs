//! Courier waybill serials: lettered ones by their format, bare digits by check digit, block, cue and context.

mod check_digit;
mod cue;
mod format;
mod masked;
mod other;
mod weights;

use std::borrow::Cow;

use super::{Candidate, Checksum, Detector, Family, RuleCard, is_plain};
use crate::anchor::View;
use crate::anchor::digits::{Chunk, Edge, Gap, Style, edge, read};
use crate::evidence::{EvidenceSet, EvidenceTable};
use crate::finding::{Check, Detail, WaybillDetail};
use crate::kind::{Form, Kind};
use crate::table::courier::{self, Format, Rule, Specificity, formats_of};
use format::{Serial, Token};

static CARD: RuleCard = RuleCard::new("waybill", Kind::Waybill, "Courier waybill serial")
    .help(
        "Serials of some fifty couriers. Letters of a courier's own with the right number of digits are enough; bare digits \
         need a block that is in use, a right check digit, a courier's name nearby, a label, or a column of waybills. \
         Order and item numbers, bar codes, times, cards and identity numbers speak against it.",
    )
    .examples(&[
        "SF1536245218562",
        "快递：YT2574351128070",
        "jt5519167631350",
        "JDVA11408814483-1-1-",
        "单号 773093909188061",
        "顺丰 118461988807",
        "DPK300585915441",
        "EV008712571CN",
        "圆通 YT 2808572512181",
        "运单 SF*120*5874*924*488",
        "顺丰 SF1382******678",
    ])
    .counter_examples(&[
        "SF-9000",
        "JT/T 808",
        "EA123456789CN",
        "订单号：4447309710020118316",
        "20240303221056",
        "6931763651045",
        "ts 1744587664",
        "JDK17",
    ])
    .references(&["Taobao Open Platform reg_mail_no", "UPU S10", "jkeen/tracking_number_data"])
    .with_families(families);

/// One family for each row of the table of couriers. Bare digits need a label, and their counter-example lacks it.
fn families() -> Vec<Family> {
    let row = |row: courier::Row| {
        let label = match row.specificity {
            Specificity::High => "",
            _ => "运单号：",
        };
        Family::new(
            row.id(),
            format!("{} {}, {}", row.code, row.name, row.era),
            format!("{label}{}", row.example),
            row.counter_example,
        )
    };
    courier::rows().map(row).collect()
}

/// Finds waybill serials.
#[derive(Clone, Copy, Debug, Default)]
pub struct WaybillDetector;

impl WaybillDetector {
    /// The detector.
    pub const fn new() -> WaybillDetector {
        WaybillDetector
    }
}

/// Candidates below this score are beyond what context can lift.
const FLOOR: i32 = -6500;

/// Below this score before the format and the words around are counted, nothing can be made of a serial.
const HOPELESS: i32 = -9900;

impl Detector for WaybillDetector {
    fn card(&self) -> &RuleCard {
        &CARD
    }

    fn evidence(&self) -> &EvidenceTable {
        &weights::TABLE
    }

    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        let text = view.text();
        let chunks = view.digits().chunks();
        let first = out.len();
        let mut done = 0;
        for (i, chunk) in chunks.iter().enumerate() {
            if masked::may_end(text, chunk)
                && let Some(candidate) = masked::find(text, chunk)
            {
                // What was read of its beginning is no serial by itself.
                let reaches = |before: &Candidate| before.span.end > candidate.span.start;
                while out.len() > first && out.last().is_some_and(reaches) {
                    out.pop();
                }
                out.push(candidate);
                done = chunk.end;
                continue;
            }
            if chunk.start < done {
                continue;
            }
            if let Some(end) = hopeless(text, chunks, i) {
                done = end;
                continue;
            }
            let low = done.max(chunk.start.saturating_sub(48));
            if let Some(start) = format::plain(text, chunk, low) {
                let bare = start == chunk.start;
                // Whatever else is said of a mobile number, it would be hopeless.
                let mut found = false;
                if !(bare && is_mobile(text, chunk)) {
                    let serial = Serial::plain(text, start, chunk);
                    if let Some(reading) = promising(text, &serial, false) {
                        out.push(reading.candidate(&serial));
                        found = true;
                    }
                }
                if bare || found {
                    done = chunk.end;
                    continue;
                }
                // Letters may stand for digits.
            }
            let token = Token::read(text, chunk, low);
            if let Some(candidate) = best(text, &token) {
                out.push(candidate);
                done = candidate.span.end;
            } else if let Some(span) = token.span().filter(|_| !token.solid()) {
                // A long row of separated digits is read once, not once per digit.
                done = token.read_end().unwrap_or(chunk.end).min(span.end);
            } else {
                done = chunk.end;
            }
        }
    }

    fn normalize<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if masked::hides(text) {
            return Cow::Owned(masked::normalize(text));
        }
        // Letters that fit no courier may have been meant as digits.
        let settled = || {
            text.starts_with(|c: char| c.is_ascii_digit())
                || formats_of(text.as_bytes()).next().is_some()
        };
        if is_plain(text) && settled() {
            return Cow::Borrowed(text);
        }
        let mut out = Vec::new();
        let mut at = 0;
        while at < text.len() {
            match read(text, at) {
                Some(glyph) => {
                    out.push(glyph.value);
                    at = glyph.end;
                }
                None => at += text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        let letters = out.iter().take_while(|c| c.is_ascii_alphabetic()).count();
        let repaired = (1..=letters)
            .rev()
            .filter(|_| formats_of(&out).next().is_none())
            .map(|keep| format::repair(&out, keep))
            .find(|value| formats_of(value).any(|f| f.specificity == Specificity::High));
        let value = repaired.as_deref().unwrap_or(&out);
        Cow::Owned(value.iter().map(|c| char::from(*c)).collect())
    }
}

/// Up to which byte no serial can stand from chunk `i` on; `None` where one may begin there.
fn hopeless(text: &str, chunks: &[Chunk], i: usize) -> Option<usize> {
    let chunk = &chunks[i];
    if chunk.count > 20 || chunk.style == Style::Pinyin {
        return Some(chunk.end);
    }
    if chunk.count >= 8 {
        return lone_mobile(text, chunk).then_some(chunk.end);
    }
    // A row of separated digits is read once, from its beginning.
    if chunk.in_row && chunk.count < 4 {
        return Some(chunk.end);
    }
    if !chunk.reaches(8) {
        let digits = chunks[i..].iter().position(|c| c.gap == Gap::Wall);
        let last = digits.map_or(i, |n| i + n);
        return (!letters_between(text, chunks, last)).then_some(chunks[last].end);
    }
    // The digits go on, or a courier's letters stand inside: 1Z96F4R8D313969574, DPK29O10069O976.
    if chunk.gap == Gap::Wall {
        return (!letters_between(text, chunks, i)).then_some(chunk.end);
    }
    too_few_digits(text, chunks, i)
}

/// Whether nothing but a few letters stand between a chunk and the next.
fn letters_between(text: &str, chunks: &[Chunk], i: usize) -> bool {
    let letter = |b: &u8| b.is_ascii_alphabetic();
    if !text.as_bytes().get(chunks[i].end).is_some_and(letter) {
        return false;
    }
    chunks.get(i + 1).is_some_and(|next| {
        let gap = text.get(chunks[i].end..next.start);
        gap.is_some_and(|g| g.len() <= 12 && g.as_bytes().iter().all(letter))
    })
}

/// The end of the digits from chunk `i` on, over gaps of one sort, where they are too few for a serial.
fn too_few_digits(text: &str, chunks: &[Chunk], i: usize) -> Option<usize> {
    let sort = chunks[i].gap;
    let mut digits = 0;
    for (k, chunk) in chunks.iter().enumerate().skip(i) {
        digits += chunk.count;
        if digits >= 8 || chunk.style != Style::Plain {
            return None;
        }
        if chunk.gap != sort && chunk.gap != Gap::None {
            let goes_on = chunk.gap == Gap::Wall && letters_between(text, chunks, k);
            return (!goes_on).then_some(chunk.end);
        }
    }
    None
}

/// Whether a chunk is a mobile number and nothing touches it: the most frequent digits of a dump, and never a serial.
fn lone_mobile(text: &str, chunk: &Chunk) -> bool {
    let bytes = text.as_bytes();
    let touched = |at: Option<usize>| {
        at.and_then(|p| bytes.get(p))
            .is_some_and(|b| b.is_ascii_alphanumeric() || !b.is_ascii())
    };
    is_mobile(text, chunk) && !touched(chunk.start.checked_sub(1)) && !touched(Some(chunk.end))
}

/// Whether a chunk has the digits of a mobile number.
#[inline]
fn is_mobile(text: &str, chunk: &Chunk) -> bool {
    chunk.count == 11
        && chunk.style == Style::Plain
        && matches!(text.as_bytes()[chunk.start..], [b'1', b'3'..=b'9', ..])
}

/// The best reading of a token.
fn best(text: &str, token: &Token) -> Option<Candidate> {
    let mut best: Option<(i32, Candidate)> = None;
    for to in token.ends() {
        for from in token.starts() {
            let Some(serial) = token.part(text, from, to) else {
                continue;
            };
            let Some(reading) = promising(text, &serial, from == 0 && token.glued) else {
                continue;
            };
            let score = weights::WEIGHTS.score(reading.evidence, 0);
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, reading.candidate(&serial)));
            }
        }
    }
    best.map(|(_, c)| c).or_else(|| repaired(text, token))
}

/// Letters and digits of a serial.
const LENGTHS: std::ops::Range<usize> = 8..24;

/// What a serial that fits some format is taken for.
struct Reading {
    evidence: EvidenceSet,
    courier: u8,
    check: Check,
    others: u64,
}

impl Reading {
    #[inline]
    fn candidate(self, serial: &Serial) -> Candidate {
        let mut candidate = Candidate::new(Kind::Waybill, serial.span);
        if serial.disguised || serial.separated {
            candidate.form = Form::Disguised;
        }
        candidate.evidence = self.evidence;
        candidate.detail = Detail::Waybill(WaybillDetail {
            courier: self.courier,
            check: self.check,
            others: self.others,
        });
        candidate
    }
}

/// What a serial is taken for, unless context could not lift it.
fn promising(text: &str, serial: &Serial, glued: bool) -> Option<Reading> {
    if !LENGTHS.contains(&serial.value.len()) || serial.digits < 8 {
        return None;
    }
    let reading = judge(text, serial, glued)?;
    (weights::WEIGHTS.score(reading.evidence, 0) > FLOOR).then_some(reading)
}

/// A lettered serial in which letters stand for digits: DPK29O10069O976.
fn repaired(text: &str, token: &Token) -> Option<Candidate> {
    if !token.solid() || token.glued || !(13..=16).contains(&token.len()) {
        return None;
    }
    let whole = token.part(text, 0, token.len())?;
    (1..=token.first_digit).rev().find_map(|letters| {
        let value = format::repair(&whole.value, letters);
        let format = formats_of(&value).find(|f| f.specificity == Specificity::High)?;
        let right = check_digit::check(format.rule, &value) != Check::Failed;
        let serial = Serial {
            value,
            disguised: true,
            ..whole.clone()
        };
        let reading = right.then(|| judge(text, &serial, false)).flatten()?;
        Some(reading.candidate(&serial))
    })
}

/// Judges a serial that fits some format.
fn judge(text: &str, serial: &Serial, glued: bool) -> Option<Reading> {
    let value = &serial.value;
    let bare = serial.bare();
    let mut evidence = EvidenceSet::EMPTY;
    let mut near = None;
    let mut chosen: Option<(&Format, Check)> = None;
    let mut others = 0_u64;
    if let Some(known) = value.known(serial.digits)
        && let Some(format) = known.format()
    {
        let cue = surroundings(text, serial, glued, format, &mut evidence)?;
        if cue.courier.is_none() {
            (chosen, others) = (Some((format, Check::None)), known.couriers);
        }
        near = Some(cue);
    }
    if chosen.is_none() {
        for format in value.formats() {
            // Formats that are all wildcard need a courier's letters or digits only.
            if !(format.lettered || format.fixed > 0 || bare) {
                continue;
            }
            let next = (format, check_digit::check(format.rule, value));
            others |= 1 << (format.courier & 63);
            let cue = match near {
                Some(cue) => cue,
                None => surroundings(text, serial, glued, format, &mut evidence)?,
            };
            near = Some(cue);
            let Some(best) = chosen else {
                chosen = Some(next);
                continue;
            };
            let named = cue.courier == Some(format.courier);
            let named_already = cue.courier == Some(best.0.courier);
            if !named_already && (named || rank(next) > rank(best)) {
                chosen = Some(next);
            }
        }
    }
    let near = near?;
    let (format, check) = chosen?;
    others &= !(1 << (format.courier & 63));
    evidence.insert(shape(format, value, bare));
    match check {
        Check::Passed if format.rule == Rule::Sf12 => evidence.insert(weights::SF_RIGHT),
        Check::Passed if !bare => evidence.insert(weights::CHECK_RIGHT),
        Check::Failed if !bare => evidence.insert(weights::CHECK_WRONG),
        _ => {}
    }
    if near.word {
        evidence.insert(weights::CUE);
    }
    if near.courier == Some(format.courier) {
        evidence.insert(weights::CUE_AGREES);
    }
    Some(Reading {
        evidence,
        courier: format.courier,
        check,
        others,
    })
}

/// Adds what stands beside and around a serial, of which `format` is the most specific one that it fits, to the evidence; `None`
/// where that makes it hopeless.
#[inline]
fn surroundings(
    text: &str,
    serial: &Serial,
    glued: bool,
    format: &Format,
    evidence: &mut EvidenceSet,
) -> Option<cue::Cue> {
    let facts = Facts {
        around: edge(text, serial.span),
        serial,
        bare: serial.bare(),
        glued,
        text,
    };
    facts.add(evidence);
    // Looking for words costs more than all the rest; it is saved where no word could help.
    if *evidence != EvidenceSet::EMPTY && weights::WEIGHTS.score(*evidence, 0) < HOPELESS {
        return None;
    }
    Some(match format.specificity {
        Specificity::High => cue::Cue::default(),
        _ => cue::cue(text, serial.span),
    })
}

/// Which of two formats is the likelier: specific ones first, then a right check digit, then more fixed digits.
fn rank((format, check): (&Format, Check)) -> (Specificity, u8, u8) {
    let checked = match check {
        Check::Passed if format.rule == Rule::Sf12 || format.lettered => 2,
        Check::Passed | Check::None => 1,
        Check::Failed => 0,
    };
    (format.specificity, checked, format.fixed)
}

/// The evidence that a format itself is.
fn shape(format: &Format, value: &[u8], bare: bool) -> u8 {
    if !bare {
        return match (format.specificity, value) {
            (Specificity::High, _) => weights::LETTERED,
            (_, [b'A'..=b'Z', b'A'..=b'Z', ..]) => weights::LETTER,
            _ => weights::ONE_LETTER,
        };
    }
    match (value.len(), format.specificity, format.fixed) {
        (14 | 15, Specificity::Medium, 2..) => weights::BLOCK_LONG,
        (13, _, 2..) | (12, _, 3..) | (14, _, 1..) => weights::BLOCK_MID,
        (12 | 13, _, 1..) => weights::BLOCK_WEAK,
        (16.. | ..=11, ..) => weights::LONG_BARE,
        _ => weights::BARE,
    }
}

struct Facts<'a> {
    around: Edge,
    serial: &'a Serial,
    bare: bool,
    glued: bool,
    text: &'a str,
}

impl Facts<'_> {
    /// What speaks for and against beside the format.
    fn add(&self, evidence: &mut EvidenceSet) {
        evidence.insert_seen([
            (self.glued || self.around.glued, weights::GLUED),
            (self.around.link, weights::LINK),
            (self.around.measure, weights::MEASURE),
            (self.serial.goes_on, weights::CHAINED),
            (
                self.serial.separated && (!self.serial.even || self.dotted()),
                weights::UNEVEN,
            ),
            (self.serial.disguised, weights::DISGUISED),
            (self.serial.lower, weights::LOWER),
            (self.suffixed(), weights::SUFFIX),
        ]);
        if self.bare {
            self.add_bare(evidence);
        }
    }

    /// What else bare digits may be.
    fn add_bare(&self, evidence: &mut EvidenceSet) {
        let value = &self.serial.value;
        let ean = other::ean(value);
        let barcode = value.len() == 13 && barcode_start(value);
        let luhn = value.len() >= 15 && Checksum::Luhn.holds(value);
        evidence.insert_seen([
            (self.around.decimal || self.has_point(), weights::DECIMAL),
            (self.around.amount, weights::AMOUNT),
            (self.serial.separated, weights::SEPARATED),
            (other::is_time(value), weights::TIME),
            (other::is_epoch(value), weights::EPOCH),
            (ean && barcode, weights::BARCODE),
            (ean && !barcode, weights::BARCODE_WEAK),
            (luhn && value.len() != 15, weights::LUHN),
            (
                luhn && value.len() == 15 && device_start(value),
                weights::DEVICE,
            ),
            (other::is_identity(value), weights::IDENTITY),
            (is_phone(value), weights::PHONE),
        ]);
    }

    /// Whether bare digits have one point inside: 0.19059812186.
    fn has_point(&self) -> bool {
        self.serial.separated && self.text[self.serial.span.range()].matches('.').count() == 1
    }

    /// Whether it is a version: one letter, and dots between the digits.
    fn dotted(&self) -> bool {
        let letters = self
            .serial
            .value
            .iter()
            .take_while(|c| c.is_ascii_uppercase())
            .count();
        letters == 1 && self.text[self.serial.span.range()].contains('.')
    }

    /// Whether the number of a package or sub-parcel follows: `-1-1-`, `-2-A`.
    fn suffixed(&self) -> bool {
        let rest = &self.text.as_bytes()[self.serial.span.end..];
        let Some(rest) = rest.strip_prefix(b"-").filter(|_| !self.bare) else {
            return false;
        };
        let Some(dash) = rest.iter().take(6).position(|b| *b == b'-') else {
            return false;
        };
        let part = |b: &u8| b.is_ascii_digit() || b.is_ascii_uppercase();
        let (first, second) = (&rest[..dash], &rest[dash + 1..]);
        let packages =
            first.iter().all(u8::is_ascii_digit) && second.first().is_some_and(u8::is_ascii_digit);
        let parcels = first.len() == 1
            && first.iter().chain(second.first()).all(part)
            && !second.is_empty()
            && !second.get(1).is_some_and(u8::is_ascii_alphanumeric);
        dash > 0 && (packages || parcels)
    }
}

/// Whether a bar code may begin so: China, books.
fn barcode_start(value: &[u8]) -> bool {
    value.starts_with(b"69") || value.starts_with(b"978") || value.starts_with(b"979")
}

/// Whether a device or card number may begin so: IMEI, American Express.
fn device_start(value: &[u8]) -> bool {
    [b"35", b"86", b"34", b"37", b"01"]
        .iter()
        .any(|s| value.starts_with(*s))
}

/// Whether digits are a telephone number with or without a country code.
fn is_phone(value: &[u8]) -> bool {
    let mobile = |d: &[u8]| d.len() == 11 && d[0] == b'1' && (b'3'..=b'9').contains(&d[1]);
    let tail = value
        .strip_prefix(b"0086")
        .or_else(|| value.strip_prefix(b"86"));
    mobile(value)
        || tail.is_some_and(mobile)
        || crate::table::landline::area_len(value).is_some()
        || (value.len() == 10 && (value.starts_with(b"400") || value.starts_with(b"800")))
}
