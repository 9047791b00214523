//! From a window around an anchor to the exact span of an address.

use crate::span::Span;
use crate::table::region::{self, Region, Tier};
use crate::text::class::is_han;

use super::join::{closing, is_split_mobile, joins};
use super::words;

/// What the walk over an address saw.
// Independent observations, each a line of evidence of its own.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Bytes in the window.
    pub(super) span: Span,
    /// Divisions in order of appearance, each with the rows of its name.
    pub(super) divisions: Vec<(Span, &'static [Region])>,
    /// Road names.
    pub(super) roads: u32,
    /// Villages.
    pub(super) villages: u32,
    /// Numbers with a unit, or number groups such as 3-2-501.
    pub(super) numbers: u32,
    /// Words of compounds and institutions.
    pub(super) compounds: u32,
    /// A pick-up point.
    pub(super) pickup: bool,
    /// Hidden characters.
    pub(super) masked: bool,
    /// Lead words stood before it.
    pub(super) led: bool,
    /// It starts and ends at the borders of its field.
    pub(super) left_clean: bool,
    /// Nothing glued to its end.
    pub(super) right_clean: bool,
    /// Divisions that were looked up.
    names: Names,
}

/// The divisions that begin at the places looked at last: the walk comes by most places several times.
#[derive(Clone, Debug, Default)]
struct Names([Option<(usize, Named)>; 8]);

/// End and rows of a division's name.
type Named = Option<(usize, &'static [Region])>;

impl Names {
    /// As [`region::longest_at`].
    fn at(&mut self, text: &str, at: usize) -> Named {
        // Characters are three bytes apart.
        let slot = &mut self.0[at / 3 % 8];
        match slot {
            Some((known, name)) if *known == at => *name,
            _ => slot.insert((at, region::longest_at(text, at))).1,
        }
    }
}

/// Longest address in bytes.
const LONGEST: usize = 300;

/// Composes the address that starts at or after byte `from` of the simplified `text` and reaches byte `anchor`.
///
/// The result's first half is how far the text has been read: nothing before it needs to be looked at again.
pub(super) fn compose(text: &str, from: usize, anchor: usize, seen: &mut Seen) -> (usize, bool) {
    let mut from = from;
    seen.names = Names::default();
    loop {
        seen.clear();
        let Some(start) = left(text, from, anchor, seen) else {
            return (anchor + 3, false);
        };
        let reached = walk(text, start, seen);
        if reached <= anchor {
            // The stop lies before the anchor: what comes after it is a text of its own.
            let step = char_at(text, reached).map_or(1, char::len_utf8);
            from = (reached + words::lead(&text[reached..]).max(step)).max(from + 1);
            if from > anchor {
                return (anchor + 3, false);
            }
            continue;
        }
        let end = right(text, start, reached, seen);
        let body = text.get(start..end).unwrap_or("");
        seen.divisions.retain(|(s, _)| s.end <= end);
        seen.span = Span::new(start, end);
        describe(body, seen);
        return (reached, body.len() > 6);
    }
}

impl Seen {
    fn clear(&mut self) {
        let mut divisions = std::mem::take(&mut self.divisions);
        divisions.clear();
        *self = Seen {
            divisions,
            names: std::mem::take(&mut self.names),
            ..Seen::default()
        };
    }
}

pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// A division that may begin an address: a full name, or a short one that is no ordinary word.
fn opening(text: &str, at: usize, names: &mut Names) -> Named {
    names.at(text, at).filter(|(_, rows)| {
        let r = rows[0];
        !(r.flags.everyday() || (r.flags.short() && r.tier == Tier::County && r.flags.ambiguous()))
    })
}

/// The left boundary.
fn left(text: &str, from: usize, anchor: usize, seen: &mut Seen) -> Option<usize> {
    let mut at = from;
    loop {
        while let Some(c) = char_at(text, at).filter(|c| is_gap(*c)) {
            at += c.len_utf8();
        }
        let lead = words::lead(text.get(at..)?);
        // 从江苏省: 从江 is a county, but the longer reading after the lead word wins.
        let here = opening(text, at, &mut seen.names);
        let mut full =
            |at| opening(text, at, &mut seen.names).is_some_and(|(_, rows)| !rows[0].flags.short());
        if here.is_some_and(|(_, rows)| lead == 0 || !rows[0].flags.short() || !full(at + lead)) {
            break;
        }
        match lead {
            0 => break,
            n => {
                at += n;
                seen.led = true;
            }
        }
    }
    let lead_end = at;
    if lead_end > anchor {
        return None;
    }
    // A short form shared by several counties (临安) counts where it begins the field.
    let begins = seen
        .names
        .at(text, lead_end)
        .is_some_and(|(_, rows)| !rows[0].flags.everyday());
    // The first division, and the first structural word before it.
    let mut structural = None;
    let mut division = None;
    let mut cue = None;
    let mut gap = None;
    for (i, c) in text[lead_end..]
        .char_indices()
        .map(|(i, c)| (lead_end + i, c))
    {
        if i > anchor {
            break;
        }
        if is_han(c)
            && let Some((end, rows)) = opening(text, i, &mut seen.names)
            && (i == lead_end || fits(rows, text, end))
            && !(i > lead_end
                && rows[0].flags.short()
                && char_at(text, end).is_none_or(|c| !is_han(c)))
        {
            division = Some((i, rows[0]));
            break;
        }
        if structural.is_none() {
            if (words::is_road(c)
                || matches!(c, '村' | '园' | '苑' | '城' | '厦' | '区' | '镇' | '乡'))
                && i > lead_end
            {
                structural = Some(i);
            } else if matches!(
                c,
                '到' | '在' | '至' | '从' | '是' | '寄' | '送' | '往' | '给' | '的' | '了'
            ) && i < anchor
            {
                cue = Some(i + 3);
            } else if is_gap(c) || c == '）' || c == ')' {
                gap = Some(i + c.len_utf8());
            }
        }
    }
    let start = match division {
        Some((d, _)) if d == lead_end => d,
        Some((d, first)) => {
            let head = cue.into_iter().chain(gap).max().unwrap_or(lead_end);
            let before = text.get(head..d).unwrap_or("");
            let below_city = first.tier > Tier::City;
            let keep = below_city
                && (structural.is_some_and(|s| s < d)
                    || begins && head == lead_end
                    || is_tail_of_longer(first, before));
            if text[..d].ends_with("中国") {
                d - 6
            } else if keep && head < d && d - head <= 60 {
                head
            } else {
                d
            }
        }
        None => cue.into_iter().chain(gap).max().unwrap_or(lead_end),
    };
    let start = without_double(text, start, &mut seen.names);
    seen.led |= start > lead_end && cue == Some(start);
    seen.left_clean =
        start == from || seen.led || char_before(text, start).is_none_or(|c| !c.is_alphanumeric());
    Some(start)
}

/// Whether the division is but the end of a longer name that the gazetteer does not know: 惠山 + 经济开发区, 环 + 城南路.
fn is_tail_of_longer(first: Region, before: &str) -> bool {
    let chars = before.chars().count();
    let generic = first.flags.zone()
        || first.flags.short()
        || first.name.chars().count() == 2
        || ["经济", "高新", "工业", "技术", "开发"]
            .iter()
            .any(|w| first.name.starts_with(w));
    (1..=5).contains(&chars)
        && before.chars().all(is_han)
        && (generic || chars == 1 && first.tier == Tier::Town)
}

/// 宁波宁波市江东区: the short name before the full one is a leftover of a form and no part of the address.
fn without_double(text: &str, start: usize, names: &mut Names) -> usize {
    if let Some((end, rows)) = names.at(text, start)
        && rows[0].flags.short()
        && rows[0].tier == Tier::City
        && let Some((_, next)) = names.at(text, end)
        && next[0].code == rows[0].code
        && !next[0].flags.short()
    {
        return end;
    }
    start
}

fn is_gap(c: char) -> bool {
    matches!(
        c,
        ' ' | ','
            | '，'
            | '、'
            | '_'
            | '-'
            | '.'
            | '．'
            | '·'
            | '('
            | '（'
            | ')'
            | '）'
            | '~'
            | '/'
            | '*'
            | '+'
            | '#'
    )
}

/// Walks right from `start` to where the address must have ended.
fn walk(text: &str, start: usize, seen: &mut Seen) -> usize {
    let limit = (start + LONGEST).min(text.len());
    let mut at = start;
    let mut open = None;
    // Behind the first number stand buildings and rooms: names of divisions there are no part of the chain, and
    // not looking them up makes dense rows a third faster.
    let mut numbered = false;
    while at < limit {
        let Some(c) = char_at(text, at) else { break };
        let next = at + c.len_utf8();
        if is_han(c) {
            if !numbered
                && let Some((end, rows)) = seen.names.at(text, at)
                && fits(rows, text, end)
            {
                seen.divisions.push((Span::new(at, end), rows));
                at = end;
                continue;
            }
            if at > start && words::stops(&text[at..]) {
                break;
            }
            at = next;
        } else if c.is_ascii_digit() {
            let run = text.as_bytes()[at..]
                .iter()
                .take_while(|b| b.is_ascii_digit())
                .count();
            if run >= 7 || is_split_mobile(&text[at..]) {
                // A door number with a mobile glued to it: 三单元30115801691123.
                let glued = run.checked_sub(11).filter(|&g| {
                    (1..=4).contains(&g)
                        && text.as_bytes()[at + g] == b'1'
                        && (b'3'..=b'9').contains(&text.as_bytes()[at + g + 1])
                });
                at += glued.unwrap_or(0);
                break;
            }
            at += run;
            numbered = true;
        } else if c.is_ascii_alphabetic() {
            let run = text.as_bytes()[at..]
                .iter()
                .take_while(|b| b.is_ascii_alphabetic())
                .count();
            let digits = text.as_bytes()[at + run..]
                .iter()
                .take_while(|b| b.is_ascii_digit())
                .count();
            if digits >= 9 || words::stops(&text[at..]) {
                break;
            }
            at += run;
        } else if words::is_hard_stop(c) {
            break;
        } else {
            match c {
                '(' | '（' if open.is_none() => {
                    let Some(close) = closing(text, at) else {
                        break;
                    };
                    open = Some(close);
                    at = next;
                }
                ')' | '）' => {
                    if open.take().is_none() {
                        break;
                    }
                    at = next;
                }
                '*' | '＊' | '×' => {
                    seen.masked = true;
                    at = next;
                }
                // Between the fields of a dump, never inside an address.
                '-' if text[at..].starts_with("---") => break,
                '-' | '_' | '#' | '/' | '~' | '～' | '—' | '－' | '–' | '+' | '＃' | '·' | '.'
                | '．' => {
                    let right = char_at(text, next);
                    let ok = c == '#'
                        || c == '＃'
                        || right.is_some_and(|r| {
                            r.is_alphanumeric()
                                || r == c
                                || matches!(r, '-' | '—' | '_' | '#' | '(')
                        });
                    let decimal =
                        c == '.' && char_before(text, at).is_some_and(|p| !p.is_alphanumeric());
                    if !ok || decimal {
                        break;
                    }
                    at = next;
                }
                ' ' | ',' | '，' | '、' => {
                    if open.is_some() || joins(text, start, at, c, seen) {
                        at = next;
                    } else {
                        break;
                    }
                }
                _ => break,
            }
        }
    }
    at.min(text.len())
}

/// Whether a division name in the middle of an address is taken as one: a short form only where no road follows.
fn fits(rows: &[Region], text: &str, end: usize) -> bool {
    let r = rows[0];
    !(r.flags.short()
        && char_at(text, end).is_some_and(|c| {
            words::is_road(c)
                || matches!(
                    c,
                    '东' | '西' | '南' | '北' | '中' | '大' | '新' | '花' | '小' | '广' | '公'
                ) && r.flags.ambiguous()
        }))
}

/// The right boundary: notes, glued names and loose ends cut off.
fn right(text: &str, start: usize, end: usize, seen: &mut Seen) -> usize {
    let after = &text[end..];
    let body = &text[start..end];
    seen.right_clean = char_at(text, end).is_none_or(|c| !c.is_alphanumeric());
    let mut body = &body[..words::without_notes(body)];
    let note = &text[start + body.len()..];
    let receiver = note.starts_with('收') && !note[3..].starts_with(is_han);
    let phone_follows = after
        .trim_start_matches(['+', ' ', '8', '6', '-'])
        .starts_with('1')
        && after.chars().take(16).filter(char::is_ascii_digit).count() >= 7;
    if (receiver || phone_follows)
        && let Some(cut) = glued_name(body)
    {
        body = &body[..cut];
    }
    body = &body[..words::without_notes(body)];
    start + body.len()
}

/// Where a name that is glued to the end of an address begins.
fn glued_name(body: &str) -> Option<usize> {
    let tail: Vec<usize> = body.char_indices().rev().take(4).map(|(i, _)| i).collect();
    if body.ends_with(|c: char| {
        words::is_road(c) || matches!(c, '村' | '室' | '楼' | '号' | '栋' | '幢')
    }) {
        return None;
    }
    [4, 3, 2].into_iter().find_map(|n| {
        let cut = *tail.get(n - 1)?;
        let (before, first) = (char_before(body, cut)?, char_at(body, cut)?);
        let numeral = before.is_ascii_alphanumeric() || words::is_han_digit(before);
        let ends = numeral || words::is_place_end(before) || matches!(before, ')' | '）' | '收');
        // 8楼石浩: the unit belongs to the number, though it is a family name too.
        let unit = numeral
            && matches!(
                first,
                '楼' | '层' | '号' | '室' | '栋' | '幢' | '座' | '单' | '门' | '店'
            );
        (ends && !unit && words::is_name_like(&body[cut..])).then_some(cut)
    })
}

/// A house number without 号 (万昌中路1665创业大厦): two to four digits with a name behind them.
fn is_bare_number(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    (2..=4).contains(&(text.len() - rest.len()))
        && rest
            .chars()
            .next()
            .is_some_and(|c| is_han(c) && !words::is_unit(c) && c != '米')
}

/// Counts what the body holds.
fn describe(body: &str, seen: &mut Seen) {
    let mut previous = ' ';
    let mut chars = body.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let rest = &body[i..];
        seen.compounds += u32::from(words::is_compound(rest));
        seen.pickup |= words::is_pickup(rest);
        let numeral = previous.is_ascii_alphanumeric() || words::is_han_digit(previous);
        let next = chars.peek().map(|(_, c)| *c);
        let numbered_unit = numeral
            && words::is_unit(c)
            && !matches!(c, '街' | '里' | '门' | '社' | '团' | '连' | '段');
        let joined_numbers = previous.is_ascii_alphanumeric()
            && matches!(c, '-' | '#' | '/')
            && next.is_some_and(|n| n.is_ascii_digit());
        let bare_number = c.is_ascii_digit() && words::is_road(previous) && is_bare_number(rest);
        if numbered_unit || joined_numbers || bare_number {
            seen.numbers += 1;
        } else if matches!(c, '路' | '街' | '巷' | '弄')
            && is_han(previous)
            && !(c == '街' && next == Some('道'))
            || (c == '道' && previous == '大')
        {
            seen.roads += 1;
        } else if matches!(c, '村' | '屯' | '寨' | '庄') && is_han(previous) {
            seen.villages += 1;
        }
        previous = c;
    }
    let last_digit = body.ends_with(|c: char| c.is_ascii_digit());
    if seen.numbers == 0
        && last_digit
        && (seen.roads + seen.villages > 0 || !seen.divisions.is_empty())
    {
        seen.numbers += 1;
    }
}
