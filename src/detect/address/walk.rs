//! How far an address goes: from its start to where it must have ended.

use crate::table::region::Brief;

use super::compose::{Division, Seen, division_at};
use super::glyph::{Glyph, class};
use super::join::{closing, is_split_mobile, joins};
use super::window::Window;
use super::words;

/// Longest address in bytes.
pub(super) const LONGEST: usize = 300;

/// Length of the run of characters of a class.
pub(super) fn run(g: &[Glyph], class: u32) -> usize {
    g.iter().take_while(|c| c.is(class)).count()
}

/// Walks right from `start`, where the division `first` begins, to where the address must have ended.
pub(super) fn walk(
    window: &Window,
    start: usize,
    first: Option<Division>,
    seen: &mut Seen,
) -> usize {
    let g = window.glyphs();
    let longest = window.index(window.byte(start) + LONGEST);
    let mut at = start;
    if let Some(first) = first.filter(|d| fits(d.first, g, d.end)) {
        seen.divisions.push(first);
        at = first.end;
    }
    let mut open = None;
    // Behind the first number stand buildings and rooms: names of divisions there are no part of the chain, and
    // not looking them up makes dense rows a third faster.
    let mut numbered = false;
    while at < longest
        && let Some(&glyph) = g.get(at)
    {
        if glyph.is(class::HAN) {
            if !numbered
                && let Some(division) = division_at(g, at)
                && fits(division.first, g, division.end)
            {
                seen.divisions.push(division);
                at = division.end;
                continue;
            }
            if glyph.is(class::STOP_HEAD) && at > start && words::stops(&g[at..]) {
                break;
            }
            at += 1;
            if numbered {
                at = longest.min(window.seek(at, class::STOP_HEAD, class::HAN));
            }
        } else if glyph.is(class::DIGIT) {
            let digits = window.run_end(at, class::DIGIT) - at;
            if digits >= 7 || is_split_mobile(&g[at..], digits) {
                // A door number with a mobile glued to it: 三单元30115801691123.
                let glued = digits.checked_sub(11).filter(|&n| {
                    (1..=4).contains(&n) && g[at + n].c == '1' && g[at + n + 1].c >= '3'
                });
                at += glued.unwrap_or(0);
                break;
            }
            at += digits;
            numbered = true;
        } else if glyph.is(class::LETTER) {
            let letters = window.run_end(at, class::LETTER);
            if window.run_end(letters, class::DIGIT) - letters >= 9 || words::stops(&g[at..]) {
                break;
            }
            at = letters;
        } else if !glyph.is(class::STOP) && goes_on(g, start, at, &mut open, seen) {
            at += 1;
        } else {
            break;
        }
    }
    // A remark that an address does not reach the end of is none of its parts: （下班后请放丰巢）.
    open.unwrap_or(at)
}

/// Whether an address goes on after the mark at `at`; `open` is the place of the bracket that it stands in.
fn goes_on(
    g: &[Glyph],
    start: usize,
    at: usize,
    open: &mut Option<usize>,
    seen: &mut Seen,
) -> bool {
    let c = g[at].c;
    match c {
        '(' | '（' if open.is_none() => {
            *open = closing(&g[at..]).then_some(at);
            open.is_some()
        }
        ')' | '）' => open.take().is_some(),
        '*' | '＊' | '×' => {
            seen.masked = true;
            true
        }
        '#' | '＃' => true,
        // The postal code of an export that joins its columns.
        '_' if run(&g[at + 1..], class::DIGIT) == 6 => false,
        // Three in a row stand between the fields of a dump, never inside an address but for 50---58号.
        '-' if run_of(g, at, '-') >= 3 => is_range(g, at),
        // The dash of a sentence takes two characters: what follows is another thing.
        '—' if run_of(g, at, '—') >= 2 => false,
        '-' | '_' | '/' | '／' | '~' | '～' | '—' | '－' | '–' | '+' | '·' | '.' | '．' => {
            let decimal = c == '.' && at > 0 && !g[at - 1].is_alphanumeric();
            !decimal
                && g.get(at + 1).is_some_and(|r| {
                    r.is_alphanumeric() || r.c == c || matches!(r.c, '-' | '—' | '_' | '#' | '(')
                })
        }
        ' ' | ',' | '，' | '、' => open.is_some() || joins(g, start, at, seen),
        _ => false,
    }
}

/// Whether the hyphens at `at` stand between two house numbers.
fn is_range(g: &[Glyph], at: usize) -> bool {
    let hyphens = g[at..].iter().take(8).take_while(|g| g.c == '-').count();
    let after = &g[at + hyphens..];
    let digits = run(after, class::DIGIT);
    let before = g[..at].iter().rev().take(8).find(|g| g.c != '-');
    before.is_some_and(|g| g.is(class::DIGIT))
        && (1..=4).contains(&digits)
        && after.get(digits).is_some_and(|g| g.c == '号')
}

/// How often a character stands at `at` in a row.
fn run_of(g: &[Glyph], at: usize, c: char) -> usize {
    g[at..].iter().take(3).take_while(|n| n.c == c).count()
}

/// Whether a division name in the middle of an address, which ends at the place `end`, is taken as one: a short form only where no road follows (上海路, 中山五路).
#[inline]
pub(super) fn fits(first: Brief, g: &[Glyph], end: usize) -> bool {
    !first.flags.short()
        || g.get(end)
            .is_none_or(|next| is_whole(first, *next, g.get(end + 1)))
}

/// Whether the short form of a division stands for it, given the characters behind it.
fn is_whole(first: Brief, next: Glyph, second: Option<&Glyph>) -> bool {
    let direction = matches!(next.c, '东' | '西' | '南' | '北' | '中');
    let numbered =
        (direction || next.is(class::NUMERAL)) && second.is_some_and(|g| g.is(class::STREET));
    let other = direction || matches!(next.c, '大' | '新' | '花' | '小' | '广' | '公');
    !(next.is(class::ROAD) || numbered || first.flags.ambiguous() && other)
}
