//! Words that say that digits are to be read backwards.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use wide::u8x16;

use crate::span::Span;

/// What says that digits are to be read backwards. Every word has one of the characters that [`may_hold_cue`] looks for.
static CUES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(CUE_WORDS).ok());

const CUE_WORDS: [&str; 12] = [
    "倒",
    "反写",
    "反着",
    "反过来",
    "反向",
    "反读",
    "反序",
    "从右",
    "右往左",
    "逆序",
    "逆着",
    "逆向",
];

/// How far from the digits such a word may stand, in bytes.
const CUE_REACH: usize = 36;

/// Whether a word near the span says that digits are to be read backwards.
pub(super) fn reverse_cue(text: &str, span: Span) -> bool {
    let low = text.ceil_char_boundary(span.start.saturating_sub(CUE_REACH));
    let high = text.floor_char_boundary(span.end + CUE_REACH);
    let around = [&text[low..span.start], &text[span.end..high]];
    let holds =
        |side: &str| may_hold_cue(side) && CUES.as_ref().is_some_and(|cues| cues.is_match(side));
    around.into_iter().any(holds)
}

/// Whether the last two bytes of 倒, 反, 右 or 逆 stand in at most [`CUE_REACH`] bytes: nearly all numbers have none of them near.
fn may_hold_cue(side: &str) -> bool {
    const LANES: usize = CUE_REACH.div_ceil(16);
    let mut padded = [0; 16 * LANES + 16];
    let len = side.len().min(CUE_REACH);
    padded[..len].copy_from_slice(&side.as_bytes()[..len]);
    let (seconds, _) = padded.as_chunks::<16>();
    let (thirds, _) = padded[1..].as_chunks::<16>();
    let is = |lane: u8x16, byte: u8| lane.simd_eq(u8x16::splat(byte));
    let pairs = seconds.iter().zip(thirds).take(LANES);
    let found = pairs.fold(u8x16::splat(0), |found, (second, third)| {
        let (second, third) = (u8x16::new(*second), u8x16::new(*third));
        found
            | is(second, 0x80) & (is(third, 0x92) | is(third, 0x86))
            | is(second, 0x8F) & (is(third, 0x8D) | is(third, 0xB3))
    });
    found.to_bitmask() != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cue_is_seen_at_every_place() {
        for word in CUE_WORDS {
            for pad in 0..=CUE_REACH - word.len() {
                assert!(may_hold_cue(&format!("{}{word}", "x".repeat(pad))));
            }
        }
        assert!(!may_hold_cue("李四，浙江省杭州市西湖区"));
    }
}
