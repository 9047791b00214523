//! Record-like lines in layouts that the training lines do not have, as labelled JSON Lines: what a model makes of names where
//! it has not learnt the frame.

use std::fmt::Write;

use crate::names::Names;
use crate::random::Random;

/// Layouts; `{n}` is the name, `{m}` a mobile number, `{a}` an address, `{w}` a waybill.
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
];

/// Kinds of names, in equal shares.
const STYLES: [&str; 4] = ["usual", "rare_surname", "minority", "word_like"];

/// Words that are names of people too, with common surnames: none is drawn from the training lines.
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

/// `lines` labelled lines, the same for the same number.
pub(crate) fn labelled(names: &Names, lines: usize) -> String {
    let mut random = Random::new(77);
    let mut out = String::new();
    for i in 0..lines {
        let style = STYLES[i % STYLES.len()];
        let name = match style {
            "usual" => names.usual(&mut random),
            "rare_surname" => names.rare(&mut random),
            "word_like" => (*random.pick(WORD_LIKE)).to_owned(),
            _ => format!(
                "{}·{}",
                random.pick(MINORITY_FIRST),
                random.pick(MINORITY_LAST)
            ),
        };
        let mobile = format!("13{}0000{:04}", random.below(10), random.below(10_000));
        let address = format!(
            "{}{}号{}幢{}室",
            random.pick(STREETS),
            1 + random.below(300),
            1 + random.below(20),
            101 + random.below(900)
        );
        let line = random
            .pick(LAYOUTS)
            .replace("{m}", &mobile)
            .replace("{a}", &address)
            .replace(
                "{w}",
                &format!("YT{:013}", 8_800_000_000_000 + random.below(1_000_000_000)),
            );
        let (before, after) = line.split_once("{n}").expect("every layout has a name");
        let start = before.chars().count();
        let end = start + name.chars().count();
        let text = serde_json::Value::from(format!("{before}{name}{after}"));
        let _ = writeln!(
            out,
            "{{\"id\":\"layout-{i}\",\"text\":{text},\"entities\":[{{\"label\":\"PERSON\",\"start\":{start},\"end\":{end},\"style\":\"{style}\"}}]}}"
        );
    }
    out
}
