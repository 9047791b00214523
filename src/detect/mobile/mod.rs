//! Mobile numbers of mainland China, Hong Kong, Macau and Taiwan, in any disguise.

mod abroad;
mod families;
mod lookalike;
mod masked;
mod reversed;
mod weights;

use std::borrow::Cow;

use smallvec::SmallVec;

use super::{Candidate, Detector, RuleCard};
use crate::anchor::View;
use crate::anchor::digits::{Chunk, Digits, Gap, Run, Style, dressed_end, edge, glyphs};
use crate::anchor::labels::label_before;
use crate::evidence::{EvidenceSet, EvidenceTable};
use crate::finding::{Detail, Line, MobileDetail};
use crate::kind::{Form, Kind};
use crate::span::Span;
use crate::table::field::Role;
use crate::table::mobile::prefix_of;
use crate::table::segment::province_of;
use reversed::reverse_cue;

static CARD: RuleCard = RuleCard::new("mobile", Kind::Mobile, "Mobile number")
    .help(
        "Eleven digits with an allocated prefix, plain, grouped or disguised: Chinese and banker's numerals, circled and \
         other symbol digits, escapes, separators, fillers, letters and syllables that stand for digits, reversed digits \
         with a cue word. Masked numbers are reported as masked. Digits inside longer numbers, decimals, amounts, links \
         and identifiers are not.",
    )
    .examples(&[
        "电话13800138000",
        "138-0013-8000 张先生",
        "联系一三八零零一三八零零零",
        "加vx:1*3*8*0*0*1*3*8*0*0*0",
        "打我138减0013减8000",
        "手机 yao san ba ling ling yao san ba ling ling ling",
        "倒着写 00083100831",
        "电话 138****8000",
    ])
    .counter_examples(&[
        "订单号：13800138000",
        "0.13800138000",
        "192.168.133.28",
        "6217 0013 8001 3800",
        "客服：400-800-1380",
        "二零二一一一零八二一三六",
    ])
    .references(&["MIIT numbering plan", "PyPI phonenumbers 9.0.43"])
    .with_families(families::families);

/// Finds mobile numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct MobileDetector;

impl MobileDetector {
    /// The detector.
    pub const fn new() -> MobileDetector {
        MobileDetector
    }
}

/// Digits of a mainland mobile number.
const LEN: usize = 11;

/// The digits of a number.
type Number = SmallVec<[u8; LEN]>;

impl Detector for MobileDetector {
    fn card(&self) -> &RuleCard {
        &CARD
    }

    fn evidence(&self) -> &EvidenceTable {
        &weights::TABLE
    }

    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        let text = view.text();
        let chunks = view.digits().chunks();
        let mut i = 0;
        while let Some(chunk) = chunks.get(i) {
            let found = match chunk.count {
                11 | 13 | 15 if !may_be_whole(text, chunk) => None,
                11 | 13 | 15 if chunk.style == Style::Plain => {
                    i = plain(text, chunks, i, out).unwrap_or(i) + 1;
                    continue;
                }
                11 | 13 | 15 => whole(text, chunks, i),
                0..11 => in_parts(text, chunks, i),
                _ => None,
            };
            if let Some((candidate, last)) = found {
                out.push(candidate);
                i = last;
            }
            i += 1;
        }
    }

    fn normalize<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if text.bytes().all(|b| b.is_ascii_digit()) && subscriber(text.as_bytes()) {
            return Cow::Borrowed(text);
        }
        let digits = Digits::of(text);
        let mut all: Number = digits
            .chunks()
            .iter()
            .flat_map(|c| glyphs(text, c).map(|g| g.value))
            .collect();
        if all.len() < LEN && masked::hidden(text, digits.chunks()) {
            return Cow::Owned(masked::normalize(text));
        }
        if all.len() < LEN
            && let Some(read) = lookalike::read_all(text)
        {
            all = read;
        }
        if all.len() == LEN && !subscriber(&all) {
            let mut back = all.clone();
            back.reverse();
            if subscriber(&back) {
                all = back;
            }
        }
        let number = abroad::without_trunk_zero(&all);
        Cow::Owned(number.iter().copied().map(char::from).collect())
    }
}

/// Whether eleven digits can be a subscriber's number.
fn subscriber(digits: &[u8]) -> bool {
    digits.len() == LEN && digits[0] == b'1' && (b'3'..=b'9').contains(&digits[1])
}

/// Whether eleven digits can be a subscriber's number read from the right.
fn backwards(digits: &[u8]) -> bool {
    digits.len() == LEN && digits[10] == b'1' && (b'3'..=b'9').contains(&digits[9])
}

/// Whether eleven or more digits in one chunk may hold a number, forwards or backwards. Most that do not are serials.
#[inline]
fn may_be_whole(text: &str, chunk: &Chunk) -> bool {
    let digits = &text.as_bytes()[chunk.start..chunk.end];
    match (chunk.style, chunk.count) {
        (Style::Plain, 13) => digits.starts_with(b"861"),
        (Style::Plain, 15) => digits.starts_with(b"00861"),
        (Style::Plain, _) => digits.starts_with(b"1") || digits.ends_with(b"1"),
        _ => true,
    }
}

/// Eleven digits in one chunk, with or without the country code in front.
fn whole(text: &str, chunks: &[Chunk], i: usize) -> Option<(Candidate, usize)> {
    let chunk = &chunks[i];
    let run = Run::of(text, chunks, i)?;
    let number = subscriber_in(run.digits())?;
    let country = run.digits().len() - LEN;
    let reversed = country == 0 && backwards(number) && reverse_cue(text, run.span);
    if !subscriber(number) || reversed {
        return reversed_number(text, &run, reversed);
    }
    let start = glyphs(text, chunk).nth(country)?.start;
    let mut evidence = EvidenceSet::EMPTY.with(style_bit(run.style));
    evidence.insert_if(weights::COUNTRY, country > 0);
    let span = Span::new(start, run.span.end);
    Some((judge(text, &run, number, span, evidence), i))
}

/// As [`whole`], of ASCII digits, without the work of a [`Run`]; pushes the number and gives its last chunk.
fn plain(text: &str, chunks: &[Chunk], i: usize, out: &mut Vec<Candidate>) -> Option<usize> {
    let chunk = &chunks[i];
    let digits = &text.as_bytes()[chunk.start..chunk.end];
    let number = subscriber_in(digits)?;
    let country = digits.len() - LEN;
    let written = Written {
        span: Span::new(chunk.start, dressed_end(text, chunk.end)),
        style: Style::Plain,
        before: i.checked_sub(1).map(|p| &chunks[p]),
        usual: true,
    };
    let reversed = country == 0 && backwards(number) && reverse_cue(text, written.span);
    if !subscriber(number) || reversed {
        let (candidate, last) = reversed_number(text, &Run::of(text, chunks, i)?, reversed)?;
        out.push(candidate);
        return Some(last);
    }
    let mut evidence = EvidenceSet::EMPTY.with(weights::SOLID);
    evidence.insert_if(weights::COUNTRY, country > 0);
    let span = Span::new(chunk.start + country, written.span.end);
    out.push(judge_as(text, &written, number, span, evidence));
    Some(i)
}

/// The subscriber's number behind the country code, if there is one.
fn subscriber_in(digits: &[u8]) -> Option<&[u8]> {
    match digits.len() {
        LEN => Some(digits),
        13 => digits.strip_prefix(b"86"),
        15 => digits.strip_prefix(b"0086"),
        _ => None,
    }
}

const fn style_bit(style: Style) -> u8 {
    match style {
        Style::Plain => weights::SOLID,
        Style::Symbol | Style::Escape => weights::SYMBOLS,
        Style::Han => weights::HAN,
        Style::Sound => weights::SOUNDS,
        Style::Pinyin => weights::SPELT,
    }
}

/// Eleven digits that stand the wrong way round beside a word that says so.
fn reversed_number(text: &str, run: &Run<'_>, cue: bool) -> Option<(Candidate, usize)> {
    if !cue {
        return None;
    }
    let mut back = Number::from_slice(run.digits());
    back.reverse();
    if !subscriber(&back) {
        return None;
    }
    let evidence = EvidenceSet::EMPTY.with(weights::REVERSED);
    let mut candidate = judge(text, run, &back, run.span, evidence);
    candidate.form = Form::Disguised;
    Some((candidate, run.last))
}

/// A number that chunk `i` does not hold by itself.
fn in_parts(text: &str, chunks: &[Chunk], i: usize) -> Option<(Candidate, usize)> {
    let chunk = &chunks[i];
    if chunk.adds_up(1 << LEN)
        && let found @ Some(_) = joined(text, chunks, i)
    {
        return found;
    }
    if chunk.style != Style::Plain {
        return None;
    }
    if masked::may_begin(text, chunk)
        && let found @ Some(_) = masked::find(text, chunks, i)
    {
        return found;
    }
    if lookalike::letter_beside(text, chunk)
        && let found @ Some(_) = lookalike::find(text, chunks, i)
    {
        return found;
    }
    if abroad::may_begin(text, chunk)
        && let found @ Some(_) = abroad::find(text, chunks, i)
    {
        return found;
    }
    None
}

/// Eleven digits over several chunks, which [add up](Chunk::adds_up) to them from chunk `i` on.
fn joined(text: &str, chunks: &[Chunk], i: usize) -> Option<(Candidate, usize)> {
    // Digits that begin otherwise can only be a number written backwards.
    let forward = chunks[i].lead(text) == b'1';
    if !forward && chunks[i].count < 2 && chunks[i].style == Style::Plain {
        return None;
    }
    if chunks[i].in_row && !country_before(text, chunks, i) {
        return None;
    }
    let mut run = Run::of(text, chunks, i)?;
    while run.digits().len() < LEN {
        if !run.extend(text) {
            return None;
        }
    }
    if run.digits().len() != LEN {
        return None;
    }
    let cue = backwards(run.digits()) && reverse_cue(text, run.span);
    if !subscriber(run.digits()) || cue {
        return reversed_number(text, &run, cue);
    }
    if address_like(&run) {
        return None;
    }
    let mut evidence = EvidenceSet::EMPTY;
    let gaps = run.gap_count();
    let breaks = run.gaps().filter(|g| *g == Gap::Break).count();
    let filled = run.gaps().any(|g| matches!(g, Gap::Filler(_)));
    let grouped = *run.groups() == [3, 4, 4];
    if gaps == 0 {
        evidence.insert(style_bit(run.style));
    } else if filled {
        let believable = run.even() && (grouped || gaps >= 2);
        evidence.insert(if believable {
            weights::FILLED
        } else {
            weights::UNEVEN
        });
    } else if breaks > 0 {
        let once = breaks == 1 && gaps == 1;
        evidence.insert(if once {
            weights::BROKEN
        } else {
            weights::UNEVEN
        });
    } else if grouped {
        evidence.insert(weights::GROUPED);
    } else {
        evidence.insert(if run.even() {
            weights::EVEN
        } else {
            weights::UNEVEN
        });
    }
    // The same separator going on means that the digits are part of a longer number.
    let after = run.gap_after();
    let before = run.gap_before();
    let country = before != Gap::Wall && country_before(text, chunks, i);
    let chained = |gap: Gap| gap == Gap::None || (gap != Gap::Wall && run.has_gap(gap));
    if country {
        evidence.insert(weights::COUNTRY);
    } else if chained(before) && !word_before(chunks, i) {
        evidence.insert(weights::CHAINED);
    }
    if chained(after) && chunks[run.last + 1].count != 11 {
        evidence.insert(weights::CHAINED);
    }
    let candidate = judge(text, &run, run.digits(), run.span, evidence);
    if weights::WEIGHTS.score(candidate.evidence, 0) < FLOOR {
        return None;
    }
    Some((candidate, run.last))
}

/// Below this score nothing that stands around a candidate could lift it.
const FLOOR: i32 = -4000;

/// IPv4 addresses, ratios and clock times: short groups that no one writes a number in.
fn address_like(run: &Run<'_>) -> bool {
    let groups = run.groups();
    let pairs = groups.len() >= 4 && groups[..groups.len() - 1].iter().all(|g| *g == 2);
    match run.gaps().next() {
        Some(Gap::Mark('.')) if run.even() => groups.len() == 4 && groups.iter().all(|g| *g <= 3),
        Some(Gap::Mark('/' | ':' | '：' | '／')) => pairs || groups.len() == 3 && groups[1] <= 2,
        Some(Gap::Mark('-' | '_')) => groups.len() == 3 && groups[1] <= 2,
        _ => false,
    }
}

/// Whether the chunk before is a numeral that ends a word, such as the 四 of 李四.
fn word_before(chunks: &[Chunk], i: usize) -> bool {
    i.checked_sub(1).is_some_and(|p| {
        let wordy = matches!(chunks[p].style, Style::Han | Style::Sound);
        wordy && chunks[p].count <= 2 && chunks[i].style != chunks[p].style
    })
}

/// Whether the chunk before is the country code.
fn country_before(text: &str, chunks: &[Chunk], i: usize) -> bool {
    i.checked_sub(1).is_some_and(|p| {
        let chunk = &chunks[p];
        chunk.style == Style::Plain && matches!(&text[chunk.start..chunk.end], "86" | "0086")
    })
}

/// How the digits of a number are written.
struct Written<'c> {
    /// All of them, the country code included.
    span: Span,
    style: Style,
    /// The chunk before.
    before: Option<&'c Chunk>,
    /// Whether they are ASCII in one piece or in groups as people are used to.
    usual: bool,
}

/// As [`judge_as`], of a run.
fn judge(text: &str, run: &Run<'_>, number: &[u8], span: Span, evidence: EvidenceSet) -> Candidate {
    let written = Written {
        span: run.span,
        style: run.style,
        before: run.before(),
        usual: written_usually(run),
    };
    judge_as(text, &written, number, span, evidence)
}

/// Adds what the number itself and its edges say.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "the candidate is to be written where it stays"
)]
fn judge_as(
    text: &str,
    written: &Written<'_>,
    number: &[u8],
    span: Span,
    mut evidence: EvidenceSet,
) -> Candidate {
    // Both read memory that is far, at once.
    let province = province_of(number);
    let prefix = prefix_of(number);
    if prefix.line == Line::Unallocated {
        evidence.insert(weights::UNALLOCATED);
    }
    evidence.insert_if(weights::REPETITIVE, made_up(number));
    let mut extension = 0;
    // Between commas stands nothing that says more.
    if span.start != written.span.start || !between_commas(text, span) {
        let around = edge(text, written.span);
        evidence.insert_seen([
            (
                around.glued && written.style == Style::Plain,
                weights::GLUED,
            ),
            (around.decimal, weights::DECIMAL),
            (around.amount, weights::AMOUNT),
            (around.link, weights::LINK),
            (around.measure, weights::MEASURE),
            (qq_before(text, span.start), weights::QQ),
            (foreign_before(text, written.before), weights::FOREIGN),
            (parcel_label(text, span.start), weights::PARCEL),
        ]);
        extension = self::extension(text, span.end);
        evidence.insert_if(weights::EXTENSION, extension > 0);
    }
    let mut candidate = Candidate::new(Kind::Mobile, span);
    if !written.usual {
        candidate.form = Form::Disguised;
    }
    candidate.evidence = evidence;
    candidate.detail = Detail::Mobile(MobileDetail {
        operator: prefix.operator,
        line: prefix.line,
        province,
        extension,
        ..MobileDetail::default()
    });
    candidate
}

/// Whether a span is a cell of its own between commas, or the last one of its row.
#[inline]
fn between_commas(text: &str, span: Span) -> bool {
    let bytes = text.as_bytes();
    bytes[..span.start].last() == Some(&b',')
        && matches!(bytes[span.end..].first(), Some(b',' | b'\n' | b'\r'))
}

/// Whether the digits are ASCII in one piece or in groups as people are used to.
fn written_usually(run: &Run<'_>) -> bool {
    run.plain()
        || run.style == Style::Plain
            && matches!(*run.groups(), [11 | 13 | 15] | [3, 4, 4])
            && run
                .gaps()
                .all(|g| matches!(g, Gap::Space | Gap::Mark('-' | '－' | '–' | '—')))
}

/// Whether what stands before is a waybill's tag: a parcel's label carries its receiver's number too.
fn parcel_label(text: &str, at: usize) -> bool {
    label_before(text, at).is_some_and(|l| l.field.role == Role::Waybill)
}

/// Whether a label right before says that the digits are a QQ number.
fn qq_before(text: &str, at: usize) -> bool {
    // Only these end what a QQ number can follow: `：` ends with 9A, 号 with B7, 扣 with A3.
    let end = text.as_bytes()[..at].last();
    if !matches!(
        end,
        Some(b':' | b' ' | b'=' | b'q' | b'Q' | 0x9A | 0xB7 | 0xA3)
    ) {
        return false;
    }
    let mut head = &text.as_bytes()[..at];
    // Blanks, `:`, `=`, `：` and 号.
    while let [rest @ .., b':' | b' ' | b'=']
    | [rest @ .., 0xEF, 0xBC, 0x9A]
    | [rest @ .., 0xE5, 0x8F, 0xB7] = head
    {
        head = rest;
    }
    matches!(head, [.., b'q' | b'Q', b'q' | b'Q']) || head.ends_with("扣扣".as_bytes())
}

/// Whether a country code other than China's stands before, such as `+81 `.
fn foreign_before(text: &str, before: Option<&Chunk>) -> bool {
    let Some(code) = before else {
        return false;
    };
    matches!(code.gap, Gap::Space | Gap::Mark('-'))
        && code
            .start
            .checked_sub(1)
            .is_some_and(|p| text.as_bytes()[p] == b'+')
        && code.style == Style::Plain
        && &text[code.start..code.end] != "86"
}

/// Whether one digit fills all but four places, or the last eight count up or down.
fn made_up(number: &[u8]) -> bool {
    let Some(tail) = number.last_chunk::<8>() else {
        return false;
    };
    // Seven of eight are the same only if one of the first two is.
    let all = u64::from_le_bytes(*tail);
    let different = |digit: u8| {
        let other = all ^ u64::from_le_bytes([digit; 8]);
        // Digits differ in their four low bits.
        ((other + 0x0F0F_0F0F_0F0F_0F0F) & 0x1010_1010_1010_1010).count_ones()
    };
    let same = different(tail[0]) <= 1 || different(tail[1]) <= 1;
    let step = tail[1].wrapping_sub(tail[0]);
    same || matches!(step, 1 | 255) && tail.windows(2).all(|w| w[1] == w[0].wrapping_add(step))
}

/// The extension after 转 or a hyphen, up to six digits; 0 where there is none.
fn extension(text: &str, at: usize) -> u32 {
    let rest = text[at..].trim_start_matches(' ');
    // Most numbers are followed by something else.
    if !matches!(
        rest.as_bytes(),
        [b'-' | b'#' | b'e', ..] | [0xE5, 0x88, ..] | [0xE8, 0xBD, ..] | [0xEF, 0xBC, ..]
    ) {
        return 0;
    }
    let Some(rest) = ["转", "轉", "分机", "-", "－", "#", "ext"]
        .iter()
        .find_map(|m| rest.strip_prefix(m))
    else {
        return 0;
    };
    let rest = rest.trim_start_matches([' ', ':', '：']);
    let n = rest.bytes().take_while(u8::is_ascii_digit).count();
    let ends = !rest
        .as_bytes()
        .get(n)
        .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'-');
    if (2..=6).contains(&n) && ends {
        rest[..n].parse().unwrap_or(0)
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_and_tags_of_other_numbers() {
        for mark in ["转", "轉", "分机", "-", "－", "#", "ext", " 转", "转："] {
            assert_eq!(extension(&format!("{mark}8001"), 0), 8001, "{mark}");
        }
        for tag in ["qq", "QQ：", "扣扣", "扣扣号 = ", "qq号："] {
            assert!(qq_before(tag, tag.len()), "{tag}");
        }
        assert!(!qq_before("电话：", 9));
    }
}
