//! What a listing offers: how many records, at what price, how fresh, of what kinds, and how to reach the seller.

use memchr::memmem;
use serde::{Deserialize, Serialize};

use super::lexicon::Group;
use super::number::{Number, number_at, numeral};
use super::said::Freshness;
use super::walk::{Walk, Word};
use crate::kind::Form;
use crate::kind::Kind;
use crate::mask::mask_value;

/// What is offered, as far as the text says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Offer {
    /// Number of records.
    pub quantity: Option<u64>,
    /// Price of one record in yuan.
    pub unit_price: Option<f64>,
    /// Fewest records that are sold.
    pub minimum: Option<u64>,
    /// Age of the records.
    pub freshness: Option<Freshness>,
    /// Kinds of data that are named.
    pub kinds: Vec<Kind>,
}

/// An account to reach a seller by. `Debug` shows it masked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SellerHandle(String);

impl SellerHandle {
    /// The account in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The account with its middle hidden.
    pub fn masked(&self) -> String {
        mask_value(Kind::Handle, Form::Full, &self.0)
    }
}

impl std::fmt::Debug for SellerHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

/// What records are counted in.
const UNITS: [char; 13] = [
    '条', '份', '个', '组', '单', '户', '人', '位', '件', '名', '张', '次', '行',
];

/// What numbers say that is no part of an offer by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Figures {
    /// A price below [`SMALL`]: few goods cost so little.
    pub small_price: bool,
    /// People or their data are counted, and many of them: 两百个收件人, 成交人四十万行.
    pub counted_people: bool,
}

/// In thousandths of a yuan.
const SMALL: u64 = 3_000;

/// Fewer people than this are a guest list.
const MANY: u64 = 100;

/// Reads an offer from a folded text.
pub(super) fn read(text: &str, walk: &Walk) -> (Offer, Figures) {
    let (mut offer, mut figures) = (Offer::default(), Figures::default());
    if walk.words.is_empty() {
        return (offer, figures);
    }
    let bytes = text.as_bytes();
    let mut read = 0;
    for &at in &walk.numerals {
        let follows = || {
            at.checked_sub(1)
                .is_some_and(|i| bytes[i].is_ascii_alphanumeric() || bytes[i] == b'.')
        };
        if at < read || (bytes[at].is_ascii_digit() && follows()) {
            continue;
        }
        if let Some(number) = number_at(text, at) {
            figures.counted_people |=
                number.milli >= MANY * 1000 && counts_people(text, at, number.end, walk);
            read = take(text, at, number, &mut offer, &mut figures);
        }
    }
    if offer.minimum.is_none() {
        offer.minimum = bare_minimum(text);
    }
    offer.freshness = walk.said.freshness();
    offer.kinds = walk.said.kinds();
    (offer, figures)
}

/// Whether a word for people or their data stands beside the number: behind it and its unit, or directly before it.
fn counts_people(text: &str, start: usize, end: usize, walk: &Walk) -> bool {
    let of_people = |word: &Word| word.groups & PEOPLE != 0;
    let next = walk.words.partition_point(|w| w.start < end);
    let behind = walk.words.get(next).is_some_and(|w| {
        of_people(w)
            && text[end..w.start]
                .chars()
                .all(|c| c == '多' || c == '余' || UNITS.contains(&c))
    });
    let before = walk.words[..next].last().is_some_and(|w| {
        of_people(w) && w.end <= start && text[w.end..start].chars().all(|c| " :,".contains(c))
    });
    behind || before && text[end..].starts_with(UNITS)
}

/// Groups of people and of what is known of them.
const PEOPLE: u32 = 1 << Group::People as u32 | 1 << Group::Object as u32 | 1 << Group::Noun as u32;

/// Takes a number for what its surroundings say it is, and returns where to read on.
fn take(
    text: &str,
    start: usize,
    number: Number,
    offer: &mut Offer,
    figures: &mut Figures,
) -> usize {
    let rest = text[number.end..].trim_start_matches([' ', '+', '多', '余']);
    let before = text[..start].trim_end_matches([' ', ':', '：']);
    if let Some((milli, after)) = money(number.milli, rest) {
        figures.small_price |= milli < SMALL;
        if per_record(after)
            || [
                "每条", "每个", "每份", "每单", "单价", "计费", "一条", "一个", "条",
            ]
            .iter()
            .any(|w| before.ends_with(w))
        {
            offer.unit_price.get_or_insert(milli as f64 / 1000.0);
        }
        return text.len() - after.len();
    }
    if rest.starts_with('/') && per_record(rest) {
        offer.unit_price.get_or_insert(number.milli as f64 / 1000.0);
        return number.end;
    }
    let count = number.milli / 1000;
    let unit = rest.starts_with(UNITS);
    let tail = rest.trim_start_matches(UNITS);
    if (tail.starts_with('起') || tail.starts_with("以上") || before.ends_with('满')) && count > 0
    {
        offer.minimum.get_or_insert(count);
    } else if (unit && count >= 50)
        || (count >= 10_000 && text[..number.end].ends_with(['w', '万']))
    {
        offer.quantity = Some(offer.quantity.map_or(count, |q| q.max(count)));
    }
    number.end
}

/// An amount of money whose number is read: its value in thousandths of a yuan, and the text behind it.
fn money(milli: u64, rest: &str) -> Option<(u64, &str)> {
    let c = rest.chars().next()?;
    let (unit, part) = match c {
        '毛' | '角' => (100, 10),
        '分' => (10, 1),
        'r' | 'u' if rest[1..].starts_with(|n: char| n.is_ascii_alphanumeric()) => return None,
        '元' | '块' | '圆' | 'r' | 'u' | '米' => (1000, 100),
        _ => return None,
    };
    let mut value = milli.checked_mul(unit)? / 1000;
    let mut rest = &rest[c.len_utf8()..];
    rest = rest.strip_prefix('钱').unwrap_or(rest);
    // 一毛五一条: the 五 belongs to the price, the 一 does not.
    if let Some(digit) = rest.chars().next().filter(|d| *d != '一')
        && let Some(small @ 1..=9) = numeral(digit).or(digit.to_digit(10).map(u64::from))
        && !rest[digit.len_utf8()..]
            .starts_with(|n: char| n.is_ascii_digit() || n == '万' || n == '千')
    {
        value += small * part;
        rest = &rest[digit.len_utf8()..];
        rest = rest.strip_prefix(['角', '毛', '分']).unwrap_or(rest);
    }
    Some((value, rest))
}

/// Whether a price is one per record: `一条`, `/条`, `每个`, `1条`, `条`.
fn per_record(rest: &str) -> bool {
    let rest = rest.trim_start();
    let unit = rest.strip_prefix(['一', '/', '每', '1']).unwrap_or(rest);
    unit.trim_start_matches(' ').starts_with(UNITS)
}

/// 千起, 万条起, 千条起: a minimum without a numeral.
fn bare_minimum(text: &str) -> Option<u64> {
    let minimums = memmem::find_iter(text.as_bytes(), "起").filter_map(|at| {
        match text[..at].trim_end_matches(UNITS).chars().next_back()? {
            '百' => Some(100),
            '千' => Some(1_000),
            '万' => Some(10_000),
            _ => None,
        }
    });
    minimums.min()
}

/// Words before a seller's account.
const BEFORE_HANDLE: [&str; 22] = [
    "微信",
    "微信号",
    "薇信",
    "薇",
    "威信",
    "vx",
    "wx",
    "v",
    "+v",
    "加v",
    "qq",
    "q",
    "扣扣",
    "企鹅",
    "企鹅号",
    "tg",
    "电报",
    "飞机",
    "纸飞机",
    "蝙蝠",
    "微",
    "扣",
];

/// The accounts named after a word such as 微信, in the order of the text, each once.
pub(super) fn handles(text: &str, walk: &Walk) -> Vec<SellerHandle> {
    let mut found: Vec<SellerHandle> = Vec::new();
    for &(at, end) in &walk.tokens {
        let run = &text[at..end];
        // vx8899abc: the word and the account may stand without anything between.
        let glued = BEFORE_HANDLE
            .iter()
            .filter(|w| w.is_ascii() && w.len() > 1)
            .find_map(|w| run.strip_prefix(w))
            .filter(|r| r.bytes().any(|b| b.is_ascii_digit()));
        let before = text[..at].trim_end_matches([
            ' ',
            ':',
            '：',
            '号',
            '是',
            '❤',
            '➕',
            '+',
            '=',
            '~',
            '-',
            '\u{1F447}',
        ]);
        let named = || BEFORE_HANDLE.iter().any(|w| before.ends_with(w));
        let handle = match glued {
            Some(rest) => Some(rest.trim_start_matches(['-', '_'])),
            None if run.len() <= LONGEST_HANDLE && named() => Some(run),
            None => None,
        };
        if let Some(handle) = handle
            .map(|h| h.trim_start_matches('@'))
            .filter(|h| (SHORTEST_HANDLE..=LONGEST_HANDLE).contains(&h.len()))
        {
            let handle = SellerHandle(handle.to_owned());
            if found.len() < MOST_HANDLES && !found.contains(&handle) {
                found.push(handle);
            }
        }
    }
    found
}

/// Characters of an account.
pub(super) const SHORTEST_HANDLE: usize = 5;
const LONGEST_HANDLE: usize = 30;

/// A listing with more accounts is a list of accounts.
const MOST_HANDLES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::fold::fold;
    use crate::listing::walk::walk;

    fn offer(text: &str) -> Offer {
        let folded = fold(&[text]);
        read(&folded.text, &walk(&folded.glyphs)).0
    }

    #[test]
    fn quantities_prices_and_minimums() {
        for (text, quantity, price, minimum) in [
            (
                "真实网购用户信息150W份，电话+姓名+地址",
                Some(1_500_000),
                None,
                None,
            ),
            ("通讯录含30万个手机号与住址", Some(300_000), None, None),
            ("面单 每个八角", None, Some(0.8), None),
            ("资料 一毛五一条", None, Some(0.15), None),
            ("客户 两块五一条 千起", None, Some(2.5), Some(1_000)),
            ("数据 按条计费0.9元 5000条起", None, Some(0.9), Some(5_000)),
            (
                "客户名单 0.7块一个，满1000优惠",
                None,
                Some(0.7),
                Some(1_000),
            ),
            ("面单单价1元", None, Some(1.0), None),
            ("信息二十万份", Some(200_000), None, None),
            ("料子 0.5/条 共3w条", Some(30_000), Some(0.5), None),
            ("打印纸 76*130 整箱20包", None, None, None),
        ] {
            let o = offer(text);
            assert_eq!(
                (o.quantity, o.unit_price, o.minimum),
                (quantity, price, minimum),
                "{text}"
            );
        }
        let o = offer("当天面单 姓名 电话 住址");
        assert_eq!(o.freshness, Some(Freshness::Day));
        assert_eq!(
            o.kinds,
            [Kind::Name, Kind::Address, Kind::Mobile, Kind::Waybill]
        );
    }

    #[test]
    fn accounts_follow_their_words_and_stay_out_of_debug() {
        let folded = fold(&[
            "要的加v：data_8899 或qq 123456789，飞机@abcde_f，vx778899kk，wechat 微信打印机xp80c",
        ]);
        let list = handles(&folded.text, &walk(&folded.glyphs));
        let names: Vec<&str> = list.iter().map(SellerHandle::as_str).collect();
        assert_eq!(names, ["data_8899", "123456789", "abcde_f", "778899kk"]);
        assert!(!format!("{list:?}").contains("data_8899"));
    }
}
