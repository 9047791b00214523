//! Where an address goes on after a space, a comma or a bracket, and where a telephone number ends it.

use crate::table::region;
use crate::text::class::is_han;

use super::compose::{Seen, char_before};
use super::words;

/// `173 2918 6501`, `138-1234-5678`, `86-198…`.
pub(super) fn is_split_mobile(text: &str) -> bool {
    let b = text.as_bytes();
    let national = b.strip_prefix(b"86");
    let b = national.map_or(b, |r| {
        r.strip_prefix(b"-").or(r.strip_prefix(b" ")).unwrap_or(r)
    });
    if b.first() != Some(&b'1') || !b.get(1).is_some_and(|d| (b'3'..=b'9').contains(d)) {
        return false;
    }
    let mut digits = 0;
    let mut gaps = u32::from(national.is_some());
    for &c in b.iter().take(14) {
        match c {
            b'0'..=b'9' => digits += 1,
            b'-' | b' ' if digits == 3 || digits == 7 => gaps += 1,
            _ => break,
        }
    }
    digits >= 11 && gaps >= 1
}

/// The end of a short remark in brackets that opens at `at`.
pub(super) fn closing(text: &str, at: usize) -> Option<usize> {
    for (i, c) in text[at..].char_indices().skip(1).take(30) {
        match c {
            ')' | '）' => return Some(at + i),
            '电' | '手'
                if text[at + i..].starts_with("电话")
                    || text[at + i..].starts_with("手机")
                    || text[at + i..].starts_with("电联") =>
            {
                return None;
            }
            c if words::is_hard_stop(c) => return None,
            _ => {}
        }
    }
    None
}

/// Whether an address goes on after the space or comma at `at`.
pub(super) fn joins(text: &str, start: usize, at: usize, sep: char, seen: &Seen) -> bool {
    let next = at + sep.len_utf8();
    let run = &text[next..];
    let len = run
        .find(|c: char| c == ' ' || c == ',' || c == '，' || c == '、' || words::is_hard_stop(c))
        .unwrap_or(run.len())
        .min(120);
    let mut len = len;
    while !run.is_char_boundary(len) {
        len -= 1;
    }
    let piece = &run[..len];
    let Some(first) = piece.chars().next() else {
        return false;
    };
    let left_division = seen.divisions.last().is_some_and(|(s, _)| s.end == at);
    let left_char = char_before(text, at).unwrap_or(' ');
    if left_division && matches!(piece, "省" | "市" | "区" | "县" | "州") {
        return true;
    }
    if sep == '、' {
        let numbered = left_char.is_ascii_digit() || words::is_unit(left_char);
        return numbered && first.is_ascii_digit() && piece.len() < 20;
    }
    // A telephone number ends the piece; what is glued before it may still be address and name.
    let (len, piece) = match telephone(piece) {
        Some(0) => return false,
        Some(cut) => (cut, &piece[..cut]),
        None => (len, piece),
    };
    if let Some((end, rows)) = region::longest_at(run, 0) {
        // Another address begins where the chain does not go down.
        let down = seen
            .divisions
            .iter()
            .all(|(_, have)| have[0].tier < rows[0].tier)
            || left_division;
        if down && (!rows[0].flags.short() || left_division || end < len) {
            return true;
        }
        return false;
    }
    if !is_han(first) && !first.is_ascii_alphanumeric() {
        return false;
    }
    let name = words::is_name_like(piece);
    let numbered = piece.bytes().any(|b| b.is_ascii_digit())
        || piece
            .chars()
            .any(|c| matches!(c, '号' | '栋' | '幢' | '室' | '楼'));
    let road = piece
        .chars()
        .any(|c| words::is_road(c) || matches!(c, '村' | '镇' | '乡' | '区' | '园' | '苑' | '厦'));
    if sep == ' ' {
        if piece.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return piece.len() <= 4 && is_han(left_char) && at > start + 12;
        }
        if piece.starts_with("20") && piece.len() >= 8 && piece.is_ascii()
            || words::stops(run)
            || words::lead(run) > 0
        {
            return false;
        }
        return !name
            && is_han(first)
            && (road
                || (numbered && !seen_door(text, start, at))
                || (left_division
                    && piece.chars().count() >= 3
                    && piece.chars().next_back().is_some_and(words::is_place_end)))
            || first.is_ascii_digit()
                && piece
                    .chars()
                    .any(|c| matches!(c, '号' | '栋' | '幢' | '室' | '楼' | '座' | '组' | '单'));
    }
    left_division && !name && (road || numbered) && is_han(first)
}

/// Where a run of seven or more digits or a mobile in groups begins.
fn telephone(piece: &str) -> Option<usize> {
    let mut run = 0;
    for (i, b) in piece.bytes().enumerate() {
        run = if b.is_ascii_digit() { run + 1 } else { 0 };
        if run == 7 {
            return Some(i - 6);
        }
        if b == b'1' && run == 1 && is_split_mobile(&piece[i..]) {
            return Some(i);
        }
    }
    None
}

fn seen_door(text: &str, start: usize, at: usize) -> bool {
    text[start..at].bytes().filter(u8::is_ascii_digit).count() >= 3
}
