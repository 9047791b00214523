//! Dumps of invented people in the layouts in which they are traded, each with the truth: which bytes are whose.

// Used by tests and examples alike.
#![allow(unreachable_pub)]

use std::ops::Range;

use miandan::Kind;

use super::synth::{Person, Rng, date, person};

/// A dump and whose every value is.
#[derive(Default)]
pub struct Dump {
    /// The text as it would lie on disk.
    pub text: String,
    /// The values of each person: kind and byte range.
    pub people: Vec<Vec<(Kind, Range<usize>)>>,
    /// People that are senders; all others are receivers or unknown.
    pub senders: Vec<usize>,
}

impl Dump {
    fn say(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Begins a person; what is put from now on is theirs.
    fn next(&mut self) {
        self.people.push(Vec::new());
    }

    fn sender(&mut self) {
        self.senders.push(self.people.len());
        self.next();
    }

    fn put(&mut self, kind: Kind, value: &str) {
        let at = self.text.len();
        self.text.push_str(value);
        if let Some(last) = self.people.last_mut() {
            last.push((kind, at..self.text.len()));
        }
    }

    fn name(&mut self, p: &Person) {
        self.put(Kind::Name, &p.name);
    }

    fn mobile(&mut self, p: &Person) {
        self.put(Kind::Mobile, &p.mobile);
    }

    fn address(&mut self, p: &Person) {
        self.put(Kind::Address, &p.address);
    }

    fn waybill(&mut self, p: &Person) {
        self.put(Kind::Waybill, &p.waybill);
    }

    fn field(&mut self, field: Kind, p: &Person) {
        match field {
            Kind::Name => self.name(p),
            Kind::Mobile => self.mobile(p),
            Kind::Address => self.address(p),
            _ => self.waybill(p),
        }
    }
}

/// A layout's name and what makes a dump of `n` people in it, its wording chosen by the seed.
pub type Layout = (&'static str, fn(&mut Rng, usize) -> Dump);

/// Every layout.
pub const LAYOUTS: &[Layout] = &[
    ("csv with header", csv_header),
    ("csv without header", csv_bare),
    ("tsv", tsv),
    ("dashes", dashes),
    ("pipes", pipes),
    ("JSON Lines", json_lines),
    ("nested JSON", nested_json),
    ("SQL insert", sql_insert),
    ("label block", label_block),
    ("label line", label_line),
    ("glued", glued),
    ("semicolons on one line", semicolons),
    ("two parties, text", two_parties_text),
    ("two parties, csv", two_parties_csv),
    ("two parties, csv, waybill last", two_parties_waybill_last),
    ("two parties, JSON objects", two_parties_json),
    ("chat", chat),
    ("listing with five people", listing),
    ("orders over several rows", filled_down),
    ("key and value lines of fifty fields", long_form),
];

const FIELDS: [Kind; 4] = [Kind::Name, Kind::Mobile, Kind::Address, Kind::Waybill];

/// The four fields in an order of the seed.
fn shuffled(rng: &mut Rng) -> [Kind; 4] {
    let mut fields = FIELDS;
    for i in (1..4).rev() {
        fields.swap(i, rng.below(i + 1));
    }
    fields
}

fn header<'w>(rng: &mut Rng, field: Kind) -> &'w str {
    match field {
        Kind::Name => rng.pick(&[
            "收件人",
            "姓名",
            "收货人姓名",
            "客户姓名",
            "收货人",
            "consignee",
        ]),
        Kind::Mobile => rng.pick(&[
            "手机",
            "联系电话",
            "收件人手机",
            "电话",
            "手机号码",
            "mobile",
        ]),
        Kind::Address => rng.pick(&[
            "地址",
            "收货地址",
            "详细地址",
            "收件地址",
            "配送地址",
            "address",
        ]),
        _ => rng.pick(&[
            "运单号",
            "快递单号",
            "物流单号",
            "面单号",
            "单号",
            "waybill_no",
        ]),
    }
}

fn label<'w>(rng: &mut Rng, field: Kind) -> &'w str {
    match field {
        Kind::Name => rng.pick(&["收件人", "姓名", "收货人", "客户", "收件姓名"]),
        Kind::Mobile => rng.pick(&["电话", "手机", "联系电话", "手机号", "联系方式"]),
        Kind::Address => rng.pick(&["地址", "收货地址", "收件地址", "详细地址", "住址"]),
        _ => rng.pick(&["单号", "运单号", "快递单号", "物流单号"]),
    }
}

fn goods<'w>(rng: &mut Rng) -> &'w str {
    rng.pick(&[
        "纯棉四件套",
        "蓝牙耳机",
        "不锈钢保温杯",
        "洗衣液2kg",
        "儿童积木",
        "坚果礼盒",
    ])
}

/// Rows of cells between `delimiter`s, in an order of the seed, goods and a date among them.
fn rows(rng: &mut Rng, n: usize, delimiter: &str, with_header: bool) -> Dump {
    let (mut dump, fields) = (Dump::default(), shuffled(rng));
    let extra = rng.below(5);
    if with_header {
        for (i, field) in fields.into_iter().enumerate() {
            if i == extra {
                dump.say("商品");
                dump.say(delimiter);
            }
            dump.say(header(rng, field));
            dump.say(delimiter);
        }
        dump.say("下单时间\n");
    }
    for _ in 0..n {
        let p = person(rng);
        dump.next();
        for (i, field) in fields.into_iter().enumerate() {
            if i == extra {
                dump.say(goods(rng));
                dump.say(delimiter);
            }
            dump.field(field, &p);
            dump.say(delimiter);
        }
        dump.say(&date(rng));
        dump.say("\n");
    }
    dump
}

fn csv_header(rng: &mut Rng, n: usize) -> Dump {
    rows(rng, n, ",", true)
}

fn csv_bare(rng: &mut Rng, n: usize) -> Dump {
    rows(rng, n, ",", false)
}

fn tsv(rng: &mut Rng, n: usize) -> Dump {
    let with_header = rng.below(2) == 0;
    rows(rng, n, "\t", with_header)
}

fn dashes(rng: &mut Rng, n: usize) -> Dump {
    rows(rng, n, "----", false)
}

fn pipes(rng: &mut Rng, n: usize) -> Dump {
    let delimiter = rng.pick(&["|", " | "]).to_owned();
    rows(rng, n, &delimiter, false)
}

fn json_lines(rng: &mut Rng, n: usize) -> Dump {
    let (mut dump, fields) = (Dump::default(), shuffled(rng));
    let names = fields.map(|f| header(rng, f));
    for i in 0..n {
        let p = person(rng);
        dump.next();
        dump.say(&format!("{{\"id\":{i}"));
        for (field, name) in fields.into_iter().zip(names) {
            dump.say(&format!(",\"{name}\":\""));
            dump.field(field, &p);
            dump.say("\"");
        }
        dump.say(&format!(",\"goods\":\"{}\"}}\n", goods(rng)));
    }
    dump
}

fn nested_json(rng: &mut Rng, n: usize) -> Dump {
    let mut dump = Dump::default();
    let pretty = rng.below(2) == 0;
    let (line, pad) = if pretty { ("\n", "    ") } else { ("", "") };
    dump.say("{\"code\":0,\"data\":{\"list\":[");
    for i in 0..n {
        let p = person(rng);
        dump.next();
        dump.say(if i == 0 { "" } else { "," });
        dump.say(&format!(
            "{line}{{{line}{pad}\"orderNo\":\"{}\",{line}{pad}\"receiver\":{{{line}{pad}\"name\":\"",
            rng.digits(19)
        ));
        dump.name(&p);
        dump.say(&format!("\",{line}{pad}\"contact\":{{\"mobile\":\""));
        dump.mobile(&p);
        dump.say(&format!("\"}},{line}{pad}\"address\":{{\"detail\":\""));
        dump.address(&p);
        dump.say(&format!(
            "\"}}}},{line}{pad}\"items\":[{{\"title\":\"{}\",\"price\":{}.5}}],{line}{pad}\"express\":[{{\"no\":\"",
            goods(rng),
            rng.below(300)
        ));
        dump.waybill(&p);
        dump.say("\"}]}");
    }
    dump.say(&format!("{line}]}}}}\n"));
    dump
}

fn sql_insert(rng: &mut Rng, n: usize) -> Dump {
    let (mut dump, fields) = (Dump::default(), shuffled(rng));
    let several = rng.below(2) == 0;
    let column = |f: Kind| match f {
        Kind::Name => "receiver_name",
        Kind::Mobile => "receiver_mobile",
        Kind::Address => "receiver_address",
        _ => "logistics_no",
    };
    let columns = fields.map(|f| format!("`{}`", column(f))).join(",");
    let statement = format!("INSERT INTO `t_order` (`id`,{columns},`paid_at`) VALUES ");
    for i in 0..n {
        let p = person(rng);
        dump.next();
        if !several || i % 20 == 0 {
            dump.say(&statement);
        }
        dump.say(&format!("({i},"));
        for field in fields {
            dump.say("'");
            dump.field(field, &p);
            dump.say("',");
        }
        let ends = !several || i % 20 == 19 || i + 1 == n;
        dump.say(&format!(
            "'{}'){}\n",
            date(rng),
            if ends { ";" } else { "," }
        ));
    }
    dump
}

fn label_block(rng: &mut Rng, n: usize) -> Dump {
    let (mut dump, fields) = (Dump::default(), shuffled(rng));
    let labels = fields.map(|f| label(rng, f));
    let colon = rng.pick(&["：", ":", ": "]).to_owned();
    let end = rng.pick(&["\n", "\n----------\n", "====\n"]).to_owned();
    for _ in 0..n {
        let p = person(rng);
        dump.next();
        for (field, label) in fields.into_iter().zip(labels) {
            dump.say(label);
            dump.say(&colon);
            dump.field(field, &p);
            dump.say("\n");
        }
        dump.say(&format!("商品{colon}{}\n{end}", goods(rng)));
    }
    dump
}

fn label_line(rng: &mut Rng, n: usize) -> Dump {
    let (mut dump, fields) = (Dump::default(), shuffled(rng));
    let labels = fields.map(|f| label(rng, f));
    let gap = rng.pick(&[" ", "，", ",", "；", "  "]).to_owned();
    for _ in 0..n {
        let p = person(rng);
        dump.next();
        for (field, label) in fields.into_iter().zip(labels) {
            dump.say(label);
            dump.say("：");
            dump.field(field, &p);
            dump.say(&gap);
        }
        dump.say("\n");
    }
    dump
}

/// Name, mobile and address without anything between, one person behind the other.
fn glued(rng: &mut Rng, n: usize) -> Dump {
    let mut dump = Dump::default();
    for i in 0..n {
        let p = person(rng);
        dump.next();
        dump.name(&p);
        dump.mobile(&p);
        dump.address(&p);
        // A line holds a handful, as messages do.
        dump.say(if i % 4 == 3 { "\n" } else { "" });
    }
    dump
}

fn semicolons(rng: &mut Rng, n: usize) -> Dump {
    let mut dump = Dump::default();
    let (between, after) = (rng.pick(&[" ", "，", ","]), rng.pick(&["；", "; ", ";"]));
    let (between, after) = (between.to_owned(), after.to_owned());
    let order = rng.below(3);
    for _ in 0..n {
        let p = person(rng);
        dump.next();
        let fields = match order {
            0 => [Kind::Name, Kind::Mobile, Kind::Address],
            1 => [Kind::Address, Kind::Name, Kind::Mobile],
            _ => [Kind::Mobile, Kind::Name, Kind::Address],
        };
        for (i, field) in fields.into_iter().enumerate() {
            if i > 0 {
                dump.say(&between);
            }
            dump.field(field, &p);
        }
        dump.say(&after);
    }
    dump.say("\n");
    dump
}

fn two_parties_text(rng: &mut Rng, n: usize) -> Dump {
    let mut dump = Dump::default();
    let words = [
        [
            "寄件人",
            "寄件电话",
            "寄件地址",
            "收件人",
            "收件电话",
            "收件地址",
        ],
        [
            "发件人",
            "发件人电话",
            "发件地址",
            "收货人",
            "收货人电话",
            "收货地址",
        ],
        [
            "寄方",
            "寄方电话",
            "寄方地址",
            "收方",
            "收方电话",
            "收方地址",
        ],
    ];
    let words = words[rng.below(3)];
    let per_line = rng.below(2) == 0;
    let gap = if per_line { "\n" } else { " " };
    for _ in 0..n {
        let (from, to) = (person(rng), person(rng));
        dump.say("运单号：");
        // The parcel is the receiver's, who comes later.
        let at = dump.text.len();
        dump.say(&to.waybill);
        let waybill = (Kind::Waybill, at..dump.text.len());
        dump.say("\n");
        for (party, p) in [&from, &to].into_iter().enumerate() {
            if party == 0 {
                dump.sender();
            } else {
                dump.next();
            }
            let words = &words[3 * party..3 * party + 3];
            for (word, field) in words.iter().zip(FIELDS) {
                dump.say(&format!("{word}："));
                dump.field(field, p);
                dump.say(gap);
            }
            dump.say(if per_line { "" } else { "\n" });
        }
        dump.people.last_mut().expect("a receiver").push(waybill);
        dump.say("\n");
    }
    dump
}

fn two_parties_csv(rng: &mut Rng, n: usize) -> Dump {
    let mut dump = Dump::default();
    let from = rng.pick(&["寄件人", "发件人", "寄件"]).to_owned();
    let to = rng.pick(&["收件人", "收货人", "收件"]).to_owned();
    dump.say(&format!(
        "运单号,{from}姓名,{from}电话,{from}地址,{to}姓名,{to}电话,{to}地址,重量\n"
    ));
    for _ in 0..n {
        let (sender, receiver) = (person(rng), person(rng));
        let at = dump.text.len();
        dump.say(&receiver.waybill);
        let waybill = (Kind::Waybill, at..dump.text.len());
        dump.say(",");
        for (party, p) in [&sender, &receiver].into_iter().enumerate() {
            if party == 0 {
                dump.sender();
            } else {
                dump.next();
            }
            for field in &FIELDS[..3] {
                dump.field(*field, p);
                dump.say(",");
            }
        }
        dump.people.last_mut().expect("a receiver").push(waybill);
        dump.say(&format!("{}.{}\n", rng.below(20), rng.below(10)));
    }
    dump
}

/// The receiver first, and the waybill behind the sender all the same.
fn two_parties_waybill_last(rng: &mut Rng, n: usize) -> Dump {
    let mut dump = Dump::default();
    dump.say("收件人,收件电话,收件地址,寄件人,寄件电话,寄件地址,运单号\n");
    for _ in 0..n {
        let (receiver, sender) = (person(rng), person(rng));
        dump.next();
        let at = dump.people.len() - 1;
        for field in &FIELDS[..3] {
            dump.field(*field, &receiver);
            dump.say(",");
        }
        dump.sender();
        for field in &FIELDS[..3] {
            dump.field(*field, &sender);
            dump.say(",");
        }
        let start = dump.text.len();
        dump.say(&receiver.waybill);
        dump.people[at].push((Kind::Waybill, start..dump.text.len()));
        dump.say("\n");
    }
    dump
}

/// An object for each party, whose keys say nothing of the party themselves; the waybill stands outside of both.
fn two_parties_json(rng: &mut Rng, n: usize) -> Dump {
    let mut dump = Dump::default();
    let parties = [
        ("sender", "receiver"),
        ("shipper", "consignee"),
        ("from", "to"),
    ];
    let (sender, receiver) = parties[rng.below(parties.len())];
    let sender_first = rng.below(2) == 0;
    for _ in 0..n {
        dump.say(&format!("{{\"orderNo\":\"{}\"", rng.digits(19)));
        let people = (person(rng), person(rng));
        let mut at = 0;
        for nth in 0..2 {
            let sends = (nth == 0) == sender_first;
            let (key, p) = if sends {
                dump.sender();
                (sender, &people.0)
            } else {
                dump.next();
                at = dump.people.len() - 1;
                (receiver, &people.1)
            };
            dump.say(&format!(",\"{key}\":{{\"name\":\""));
            dump.name(p);
            dump.say("\",\"phone\":\"");
            dump.mobile(p);
            dump.say("\",\"addr\":{\"detail\":\"");
            dump.address(p);
            dump.say("\"}}");
        }
        dump.say(",\"express\":{\"company\":\"顺丰\",\"no\":\"");
        let start = dump.text.len();
        dump.say(&people.1.waybill);
        dump.people[at].push((Kind::Waybill, start..dump.text.len()));
        dump.say("\"}}\n");
    }
    dump
}

/// Buyers give name, number and address in messages of their own, the shop talks in between.
fn chat(rng: &mut Rng, n: usize) -> Dump {
    let mut dump = Dump::default();
    for _ in 0..n {
        let p = person(rng);
        let day = date(rng);
        let buyer = format!("tb{}", rng.digits(6));
        let mut minute = rng.below(40);
        let mut at = || {
            minute += 1;
            format!("{day} 10:{minute:02}")
        };
        dump.say(&format!(
            "{} 客服：{}\n",
            at(),
            rng.pick(&[
                "亲，麻烦提供一下收货信息",
                "您好，地址发一下哦",
                "请核对收货信息"
            ])
        ));
        dump.next();
        match rng.below(3) {
            0 => {
                dump.say(&format!("{} {buyer}：", at()));
                dump.name(&p);
                dump.say(&format!("\n{} {buyer}：", at()));
                dump.mobile(&p);
                dump.say(&format!("\n{} {buyer}：", at()));
                dump.address(&p);
            }
            1 => {
                dump.say(&format!("{} {buyer}：", at()));
                dump.name(&p);
                dump.say("，");
                dump.mobile(&p);
                dump.say(&format!("\n{} {buyer}：", at()));
                dump.address(&p);
            }
            _ => {
                dump.say(&format!("{} {buyer}：", at()));
                dump.address(&p);
                dump.say(" ");
                dump.name(&p);
                dump.say(" ");
                dump.mobile(&p);
            }
        }
        dump.say(&format!(
            "\n{} 客服：{}\n\n",
            at(),
            rng.pick(&["好的亲，今天安排发出", "收到，已备注", "稍后给您单号"])
        ));
    }
    dump
}

/// Listings as JSON Lines, each with five people in its text.
fn listing(rng: &mut Rng, n: usize) -> Dump {
    let mut dump = Dump::default();
    for i in 0..n.div_ceil(5) {
        dump.say(&format!(
            "{{\"id\":\"L{i}\",\"title\":\"{}\",\"text\":\"{}",
            rng.pick(&["一手面单 当天", "快递资料 实时", "网购客户 日更"]),
            rng.pick(&["样品如下", "先看货", "今天的，看下面"])
        ));
        let style = rng.below(3);
        for k in 1..=5 {
            let p = person(rng);
            dump.next();
            match style {
                0 => {
                    dump.say(&format!("\\n{k}、"));
                    dump.name(&p);
                    dump.say(" ");
                    dump.mobile(&p);
                    dump.say(" ");
                    dump.address(&p);
                }
                1 => {
                    dump.say("\\n");
                    dump.waybill(&p);
                    dump.say(" ");
                    dump.name(&p);
                    dump.say(" ");
                    dump.mobile(&p);
                    dump.say(" ");
                    dump.address(&p);
                }
                _ => {
                    dump.say("\\n");
                    dump.mobile(&p);
                    dump.say("，");
                    dump.name(&p);
                    dump.say("，");
                    dump.address(&p);
                    dump.say("，");
                    dump.waybill(&p);
                }
            }
        }
        dump.say("\\n八毛一条，千起\"}\n");
    }
    dump
}

/// An order's further parcels stand in rows of their own, with the buyer's cells left blank.
fn filled_down(rng: &mut Rng, n: usize) -> Dump {
    let mut dump = Dump::default();
    let names = [Kind::Name, Kind::Mobile, Kind::Address].map(|f| header(rng, f));
    dump.say(&format!("订单编号,{},商品,运单号\n", names.join(",")));
    for _ in 0..n {
        let p = person(rng);
        dump.next();
        dump.say(&format!("{},", rng.digits(19)));
        for field in &FIELDS[..3] {
            dump.field(*field, &p);
            dump.say(",");
        }
        dump.say(&format!("{},", goods(rng)));
        dump.waybill(&p);
        dump.say("\n");
        for _ in 0..rng.below(3) {
            dump.say(&format!(",,,,{},", goods(rng)));
            let parcel = person(rng);
            dump.waybill(&parcel);
            dump.say("\n");
        }
    }
    dump
}

/// Forms of fifty lines, in which a person's fields stand far apart.
fn long_form(rng: &mut Rng, n: usize) -> Dump {
    const OTHERS: &[&str] = &[
        "性别：男",
        "民族：汉",
        "客户等级：普通",
        "来源：线上",
        "备注：无",
        "发票：不需要",
        "颜色：蓝色",
        "尺码：均码",
        "数量：1",
        "单价：59.00",
        "运费：0.00",
        "优惠：5.00",
        "支付方式：在线",
        "仓库：二号仓",
        "库位：B区",
        "批次：无",
    ];
    let mut dump = Dump::default();
    for i in 0..n {
        let p = person(rng);
        dump.next();
        dump.say(&format!("客户档案 {}\n", i + 1));
        let fields = shuffled(rng);
        for field in fields {
            for _ in 0..8 + rng.below(5) {
                dump.say(rng.pick(OTHERS));
                dump.say("\n");
            }
            dump.say(&format!("{}：", label(rng, field)));
            dump.field(field, &p);
            dump.say("\n");
        }
        dump.say("\n");
    }
    dump
}
