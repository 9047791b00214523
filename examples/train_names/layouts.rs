//! Record-like lines in layouts that the training lines do not have, as labelled JSON Lines: what a model makes of names where
//! it has not learnt the frame.

use std::fmt::Write;

use crate::names::Names;
use crate::random::Random;
use crate::written::{Written, unescaped};
use crate::{fourth, fresh, ordinary, third};

/// What lines for measuring are made of.
pub(crate) struct Set<'s> {
    /// Lines around a name.
    pub(crate) layouts: &'s [&'s str],
    /// Lines of records without a name.
    pub(crate) nameless: &'s [&'s str],
    /// What stands in cells that hold no name.
    pub(crate) cells: &'s [&'s str],
    /// Words with common surnames that are names of people too.
    pub(crate) word_like: &'s [&'s str],
}

impl<'s> From<&'s Written> for Set<'s> {
    fn from(written: &'s Written) -> Set<'s> {
        Set {
            layouts: &written.layouts,
            nameless: &written.nameless,
            cells: &written.words,
            word_like: &written.names,
        }
    }
}

/// The lines of the set that the words of a command ask for; `None` where there is no such set.
pub(crate) fn asked_for(words: &[&str], lines: usize) -> Option<String> {
    let names = Names::new(&[], &[]);
    let even = |set: &Set<'_>| Some(labelled(set, &EVEN, &names, lines));
    let usual = |set: &Set<'_>| Some(labelled(set, &ordinary::MIX, &names, lines));
    match words {
        [] => even(&KNOWN),
        ["fresh"] => even(&fresh::SET),
        ["ordinary"] => usual(&ordinary::of(&KNOWN)),
        ["fresh", "ordinary"] => usual(&ordinary::of(&fresh::SET)),
        ["third"] => usual(&third::SET),
        ["fourth"] => usual(&fourth::SET),
        ["fifth"] => usual(&Set::from(&Written::fifth())),
        ["sixth"] => usual(&Set::from(&Written::sixth())),
        ["hand", hand] => usual(&Set::from(&Written::by_hand(hand.parse().ok()?)?)),
        _ => None,
    }
}

/// All sets of ordinary lines.
pub(crate) fn ordinary(lines: usize) -> Vec<String> {
    let words: [&[&str]; 6] = [
        &["ordinary"],
        &["fresh", "ordinary"],
        &["third"],
        &["fourth"],
        &["fifth"],
        &["sixth"],
    ];
    let sets = words.iter().filter_map(|words| asked_for(words, lines));
    sets.collect()
}

/// How often what is unusual stands in the lines of a set.
pub(crate) struct Mix {
    /// How many names in a thousand are of each of [`STYLES`].
    pub(crate) shares: [usize; STYLES.len()],
    /// One line in so many has no name.
    pub(crate) nameless: usize,
}

impl Mix {
    /// The kind of the `n`th name: all kinds come in turn.
    fn style(&self, n: usize) -> &'static str {
        let mut at = 250 * (n % 4) + n / 4 % 250;
        for (style, share) in STYLES.into_iter().zip(self.shares) {
            if at < share {
                return style;
            }
            at -= share;
        }
        STYLES[0]
    }
}

/// All kinds of names as often as usual ones.
pub(crate) const EVEN: Mix = Mix {
    shares: [250; STYLES.len()],
    nameless: 6,
};

/// The set that was looked at while weights were chosen.
pub(crate) const KNOWN: Set<'static> = Set {
    layouts: LAYOUTS,
    nameless: NAMELESS,
    cells: CELLS,
    word_like: WORD_LIKE,
};

/// Whether a string is kept out of training, as a name, a word or a cell.
pub(crate) fn held_out(text: &str) -> bool {
    let sets = [&KNOWN, &fresh::SET, &third::SET, &fourth::SET];
    sets.iter()
        .any(|set| set.cells.contains(&text) || set.word_like.contains(&text))
}

/// Layouts, none of which [`crate::synth`] makes; `{n}` is the name, `{m}` a mobile number, `{a}` an address, `{w}` a waybill.
const LAYOUTS: &[&str] = &[
    "- name: {n}\n  phone: '{m}'\n  addr: {a}",
    "| {w} | {n} | {m} |",
    "UPDATE orders SET consignee='{n}', mobile='{m}' WHERE id=5512;",
    "[{w}] => {n} => {m} => 已揽收",
    "{n}〔{m}〕{a}",
    "第3单★{n}★{m}★{a}",
    "《{n}》 {m}",
    "no=17;n={n};t={m};",
    "收→{n}→{m}→{a}",
    "{m}@{n}@{a}",
    "1）{n} {m} 2件",
    "取件码 5-2-3061，{n}，尾号0001",
    "派件员已将{n}的包裹放到门卫",
    "「{n}」{a}「{m}」",
    "{a}——{n}（{m}）",
    "代收点：菜鸟驿站 / 物主：{n} / {m}",
    "mobile: \"{m}\", to: \"{n}\"",
    "<Row><Cell>{n}</Cell><Cell>{m}</Cell></Row>",
    "售后登记 {n} {m} 破损一件",
    "{n}\u{a0}\u{a0}{m}\u{a0}\u{a0}{a}",
    "17. {w}　{n}　{m}　未签",
    "{\"w\":\"{w}\",\"p\":{\"nm\":\"{n}\",\"ph\":\"{m}\"}}",
    "2026-03-02 09:14:55 INFO push sms -> {n} ({m}) ok",
    "{m}：{n}：{a}",
    "★{n}★",
    "请送{n}家，电{m}",
    "@@{w}@@{n}@@{m}@@",
    "{n} ☎ {m} 🏠 {a}",
    "订单备注｜{n}｜{m}｜轻放",
    "Row 12: ('{w}', u'{n}', {m})",
    "{a}〈{n}〉",
    "拣货单 {n}×2 {m}",
    "dear {n}, parcel {w} has arrived. call {m}",
    "【2】{m}丨{n}丨{a}",
    "{n}━{m}━{a}━白色L",
    "{m}·{n}",
    "退件人{n}，原单{w}，电话{m}",
    "* {n} — {m}",
    "name\t{n}\nmobile\t{m}\naddress\t{a}",
    "收方 | {n}\n电话 | {m}\n地址 | {a}",
];

/// Lines of records without a name; `{c}` is what such a cell holds.
const NAMELESS: &[&str] = &[
    "| {w} | {c} | {m} |",
    "[{w}] => {c} => {m} => {c}",
    "no=17;s={c};t={m};",
    "{m}@{c}@{a}",
    "{w}丨{c}丨{m}",
    "{c}：{m}",
    "{\"w\":\"{w}\",\"st\":\"{c}\",\"ph\":\"{m}\"}",
    "<Row><Cell>{c}</Cell><Cell>{m}</Cell></Row>",
    "{a}〔{c}〕{m}",
    "1）{c} {m} 2件",
    "{m} ☎ {c}",
    "{c}→{m}→{a}",
];

/// Cells that hold no name and that the training lines do not have.
const CELLS: &[&str] = &[
    "已妥投",
    "待揽件",
    "转寄中",
    "滞留",
    "清关中",
    "已赔付",
    "待补货",
    "已锁单",
    "申诉中",
    "免签",
    "云闪付",
    "数字人民币",
    "对公转账",
    "全额抵扣",
    "金币",
    "余额宝",
    "得物",
    "蘑菇街",
    "洋码头",
    "盒马鲜生",
    "美团优选",
    "多多买菜",
    "兴盛优选",
    "顺心捷达",
    "壹米滴答",
    "众邮",
    "九曳",
    "黄马甲",
    "如风达",
    "万象物流",
    "香槟色",
    "祖母绿",
    "石榴红",
    "古铜色",
    "雾霾蓝",
    "燕麦色",
    "米驼",
    "牛油果绿",
    "和田",
    "江阴",
    "常熟",
    "安溪",
    "宁海",
    "乐清",
    "温岭",
    "金坛",
    "高邮",
    "黄岩",
    "章丘",
    "任丘",
    "项城",
    "单县",
    "连杯",
    "蓝光",
    "高腰",
    "宽松",
    "常规款",
    "成人款",
    "万向轮",
    "双肩包",
    "平底",
    "方领",
    "圆领",
    "金属",
    "石材",
    "柏木",
    "全棉",
    "丁腈",
    "热敏纸",
    "时段一",
    "周末",
    "元旦",
    "全天",
    "任意时段",
    "干货",
    "水产",
    "花卉",
    "农资",
    "建材",
    "车间",
    "班组长",
    "管培生",
    "程序员",
    "包装工",
    "质检",
    "高管",
    "白领",
    "应届",
    "农户",
    "商户",
    "单亲",
];

/// Kinds of names, in equal shares.
pub(crate) const STYLES: [&str; 4] = ["usual", "rare_surname", "minority", "word_like"];

const WORD_LIKE: &[&str] = &[
    "高兴", "方便", "江山", "马达", "温泉", "黄金", "白云", "安静", "石磊", "田野", "向阳", "何必",
    "林立", "成长", "关键", "任意", "万能", "金星", "高峰", "常青", "周全", "雷雨", "陆地", "顾问",
    "夏天", "元宝", "于是", "华丽",
];

const MINORITY_FIRST: &[&str] = &[
    "买买提",
    "阿卜杜拉",
    "古丽娜尔",
    "艾合买提",
    "努尔兰",
    "热依汗",
    "吐尔逊",
    "阿依古丽",
    "库尔班",
    "玛依拉",
    "巴特尔",
    "萨仁",
    "次仁",
    "帕提古丽",
    "迪丽努尔",
];
const MINORITY_LAST: &[&str] = &[
    "艾力",
    "吐尔地",
    "买买提",
    "热合曼",
    "司马义",
    "哈斯木",
    "阿布都",
    "卡德尔",
    "肉孜",
    "吾买尔",
    "依明",
    "克里木",
];

const STREETS: &[&str] = &[
    "江苏省苏州市吴中区木渎镇金山路",
    "浙江省杭州市西湖区文三路",
    "四川省成都市武侯区桐梓林东路",
    "湖北省武汉市江夏区文化大道",
    "广东省佛山市顺德区容桂大道",
    "陕西省西安市雁塔区科技路",
];

/// A name of a style.
pub(crate) fn name(set: &Set<'_>, names: &Names, style: &str, random: &mut Random) -> String {
    match style {
        "usual" => names.usual(random),
        "rare_surname" => names.rare(random),
        "word_like" => random.pick::<&str>(set.word_like).to_string(),
        _ => format!(
            "{}·{}",
            random.pick(MINORITY_FIRST),
            random.pick(MINORITY_LAST)
        ),
    }
}

pub(crate) fn mobile(random: &mut Random) -> String {
    format!("13{}0000{:04}", random.below(10), random.below(10_000))
}

pub(crate) fn address(random: &mut Random) -> String {
    format!(
        "{}{}号{}幢{}室",
        random.pick(STREETS),
        1 + random.below(300),
        1 + random.below(20),
        101 + random.below(900)
    )
}

pub(crate) fn waybill(random: &mut Random) -> String {
    format!("YT{:013}", 8_800_000_000_000 + random.below(1_000_000_000))
}

fn date(random: &mut Random) -> String {
    format!(
        "2026-{:02}-{:02}",
        1 + random.below(12),
        1 + random.below(28)
    )
}

fn amount(random: &mut Random) -> String {
    format!("{}.{:02}", 1 + random.below(900), random.below(100))
}

/// Puts a new value wherever a slot stands.
fn fill(line: &mut String, slot: &str, value: fn(&mut Random) -> String, random: &mut Random) {
    while line.contains(slot) {
        *line = line.replacen(slot, &value(random), 1);
    }
}

/// A layout with everything but the names filled in.
fn filled(layout: &str, cells: &[&str], random: &mut Random) -> String {
    let mut line = unescaped(layout);
    for (slot, value) in [
        ("{m}", mobile as fn(&mut Random) -> String),
        ("{a}", address),
        ("{w}", waybill),
    ] {
        // One is drawn whether it has a place or not, so that the sets stay what they were.
        line = line.replacen(slot, &value(random), 1);
        fill(&mut line, slot, value, random);
    }
    fill(&mut line, "{d}", date, random);
    fill(&mut line, "{y}", amount, random);
    // The two names of a cell without a name: here, and in what others wrote.
    for slot in ["{c}", "{f}"] {
        while line.contains(slot) {
            line = line.replacen(slot, random.pick::<&str>(cells), 1);
        }
    }
    line
}

/// `lines` labelled lines of a set, the same for the same number. The second name of a line is a usual one.
fn labelled(set: &Set<'_>, mix: &Mix, names: &Names, lines: usize) -> String {
    let mut random = Random::new(77);
    let mut out = String::new();
    for i in 0..lines {
        let (mut text, mut entities) = (String::new(), Vec::new());
        if i % mix.nameless == mix.nameless - 1 {
            text = filled(random.pick::<&str>(set.nameless), set.cells, &mut random);
        } else {
            let mut style = mix.style(i - i / mix.nameless);
            let mut next = name(set, names, style, &mut random);
            let line = filled(random.pick::<&str>(set.layouts), set.cells, &mut random);
            for (n, part) in line.split("{n}").enumerate() {
                if n > 1 {
                    style = STYLES[0];
                    next = name(set, names, style, &mut random);
                }
                if n > 0 {
                    let start = text.chars().count();
                    let end = start + next.chars().count();
                    text.push_str(&next);
                    entities.push(format!(
                        "{{\"label\":\"PERSON\",\"start\":{start},\"end\":{end},\"style\":\"{style}\"}}"
                    ));
                }
                text.push_str(part);
            }
        }
        let text = serde_json::Value::from(text);
        let entities = entities.join(",");
        let _ = writeln!(
            out,
            "{{\"id\":\"layout-{i}\",\"text\":{text},\"entities\":[{entities}]}}"
        );
    }
    out
}
