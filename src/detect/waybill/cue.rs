//! Courier words near a serial.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::anchor::labels::label_before;
use crate::span::Span;
use crate::table::courier::index_of;
use crate::table::field::Role;

/// Words for couriers and the code of each.
const COURIERS: [(&str, &str); 40] = [
    ("顺丰", "SF"),
    ("順豐", "SF"),
    ("圆通", "YTO"),
    ("圓通", "YTO"),
    ("申通", "STO"),
    ("中通", "ZTO"),
    ("韵达", "YUNDA"),
    ("韻達", "YUNDA"),
    ("百世", "HTKY"),
    ("汇通", "HTKY"),
    ("极兔", "JTSD"),
    ("極兔", "JTSD"),
    ("京东物流", "JD"),
    ("京东快递", "JD"),
    ("京东运单", "JD"),
    ("德邦", "DBKD"),
    ("邮政", "POSTB"),
    ("EMS", "EMS"),
    ("ems", "EMS"),
    ("天天快递", "TTKDEX"),
    ("宅急送", "ZJS"),
    ("优速", "UC"),
    ("国通", "GTO"),
    ("全峰", "QFKD"),
    ("快捷快递", "FAST"),
    ("菜鸟", "CN"),
    ("丹鸟", "CN"),
    ("安能", "ANE"),
    ("壹米滴答", "YMDD"),
    ("跨越", "KYE"),
    ("速尔", "SURE"),
    ("龙邦", "LB"),
    ("云途", "YUNEXP"),
    ("燕文", "YANWEN"),
    ("递四方", "FPX"),
    ("UPS", "UPS"),
    ("FedEx", "FEDEX"),
    ("联邦快递", "FEDEX"),
    ("DHL", "DHL"),
    ("信丰", "XFWL"),
];

/// Words that only go with parcels.
const PARCELS: [&str; 16] = [
    "快递",
    "快遞",
    "单号",
    "單號",
    "运单",
    "運單",
    "面单",
    "面單",
    "物流",
    "包裹",
    "寄件单",
    "快件",
    "派件",
    "揽收",
    "签收",
    "tracking",
];

/// What makes a 单号 something else.
const OTHER_PAPERS: [&str; 9] = [
    "订单号",
    "支付单号",
    "销售单号",
    "交易单号",
    "退款单号",
    "商户单号",
    "订单编号",
    "工单号",
    "发票单号",
];

/// What the surroundings say about couriers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cue {
    /// A courier's or parcel word stands near.
    pub(super) word: bool,
    /// Position of the courier that is named.
    pub(super) courier: Option<u8>,
}

/// How far a word may be, in bytes: ten characters before, six after.
const BEFORE: usize = 30;
const AFTER: usize = 18;

/// The words of all three lists in their order, and the position of the courier that each of the first list names.
struct Words {
    automaton: AhoCorasick,
    couriers: Vec<Option<u8>>,
}

static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| {
    let couriers = COURIERS.iter().map(|(word, _)| *word);
    let all = couriers.chain(PARCELS).chain(OTHER_PAPERS);
    let automaton = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::Standard)
        .build(all)
        .ok()?;
    Some(Words {
        automaton,
        couriers: COURIERS.iter().map(|(_, code)| index_of(code)).collect(),
    })
});

/// A bit for every word of [`WORDS`] that stands in `text`.
fn words_in(words: &Words, text: &str) -> u128 {
    if text.is_empty() {
        return 0;
    }
    let found = words.automaton.find_overlapping_iter(text);
    found.fold(0, |bits, m| bits | 1 << m.pattern().as_u32())
}

/// The bits of `n` words after the first `first`.
const fn bits(first: usize, n: usize) -> u128 {
    ((1 << n) - 1) << first
}

/// Looks for courier words around `span`.
pub(super) fn cue(text: &str, span: Span) -> Cue {
    let mut low = span.start.saturating_sub(BEFORE);
    while !text.is_char_boundary(low) {
        low += 1;
    }
    let mut high = text.len().min(span.end + AFTER);
    while !text.is_char_boundary(high) {
        high -= 1;
    }
    let (before, after) = (&text[low..span.start], &text[span.end..high]);
    // What stands on another line or in another cell speaks of something else.
    let before = before
        .rfind(['\n', '|', '\t'])
        .map_or(before, |p| &before[p + 1..]);
    let after = after
        .find(['\n', '|', '\t', ',', '，', '、'])
        .map_or(after, |p| &after[..p]);
    let Some(words) = WORDS.as_ref() else {
        return Cue::default();
    };
    let in_front = words_in(words, before);
    if in_front & bits(COURIERS.len() + PARCELS.len(), OTHER_PAPERS.len()) != 0 {
        return Cue::default();
    }
    let around = in_front | words_in(words, after);
    let named = around & bits(0, COURIERS.len());
    let courier = (named != 0)
        .then(|| words.couriers[named.trailing_zeros() as usize])
        .flatten();
    let generic = around & bits(COURIERS.len(), PARCELS.len()) != 0;
    let label = label_before(text, span.start).map(|l| l.field.role);
    let word = match label {
        // The score stage counts the label itself.
        Some(Role::Waybill) => courier.is_some(),
        Some(Role::Other) | None => courier.is_some() || generic,
        Some(_) => false,
    };
    Cue { word, courier }
}
