//! Words that say how old the records are and of what kinds.

use serde::{Deserialize, Serialize};

use crate::kind::Kind;

/// How old the records are said to be. Prices fall in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Freshness {
    /// As the orders come in.
    Live,
    /// Of today or yesterday.
    Day,
    /// Of the week.
    Week,
    /// Of the month.
    Month,
    /// Of the year or older.
    Older,
}

/// What a text says of age and kinds: a bit for every list of [`FRESH`], then of [`KINDS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said(u16);

impl Said {
    /// Every word with what it says.
    pub(super) fn words() -> impl Iterator<Item = (&'static str, Said)> {
        let lists = FRESH.iter().map(|f| f.1).chain(KINDS.iter().map(|k| k.1));
        lists
            .enumerate()
            .flat_map(|(bit, words)| words.iter().map(move |word| (*word, Said(1 << bit))))
    }

    pub(super) const fn add(&mut self, other: Said) {
        self.0 |= other.0;
    }

    /// The freshest age that is named.
    pub(super) fn freshness(self) -> Option<Freshness> {
        let age = FRESH.iter().enumerate().find(|(bit, _)| self.has(*bit))?;
        Some(age.1.0)
    }

    /// Every kind of data that is named.
    pub(super) fn kinds(self) -> Vec<Kind> {
        let named =
            |(bit, (kind, _)): (usize, &(Kind, _))| self.has(FRESH.len() + bit).then_some(*kind);
        KINDS.iter().enumerate().filter_map(named).collect()
    }

    const fn has(self, bit: usize) -> bool {
        self.0 & 1 << bit != 0
    }
}

const FRESH: [(Freshness, &[&str]); 5] = [
    (
        Freshness::Live,
        &["实时", "刚下单", "刚签收", "热乎", "新鲜", "秒出单"],
    ),
    (
        Freshness::Day,
        &[
            "当天", "当日", "今天", "今日", "昨天", "昨日", "隔夜", "日更", "每日", "每天", "天天",
            "24小时",
        ],
    ),
    (
        Freshness::Week,
        &[
            "周内", "一周", "本周", "三天", "三日", "7天", "七天", "48小时",
        ],
    ),
    (
        Freshness::Month,
        &["月内", "本月", "上月", "一个月", "近一月", "30天"],
    ),
    (
        Freshness::Older,
        &["历史", "去年", "一年", "半年", "老料", "旧料"],
    ),
];

const KINDS: [(Kind, &[&str]); 5] = [
    (
        Kind::Name,
        &[
            "姓名", "姓茗", "名字", "姓铭", "xm", "人名", "称呼", "真名", "全名", "name",
        ],
    ),
    (
        Kind::Address,
        &[
            "地址", "住址", "住阯", "地趾", "门牌", "街道", "dz", "住哪", "楼号", "楼栋", "addr",
        ],
    ),
    (
        Kind::Mobile,
        &[
            "电话",
            "手机",
            "号码",
            "电桦",
            "手鸡",
            "dh",
            "联系方式",
            "phone",
            "mobile",
            "tel",
        ],
    ),
    (Kind::Waybill, &["单号", "面单", "运单", "底单", "快递单"]),
    (Kind::IdCard, &["身份证", "户籍", "证件号"]),
];
