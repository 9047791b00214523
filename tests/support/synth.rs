//! Believable rows from a seed, shared by tests, benches and the maker of the sample data. Every person is invented: random
//! surname and given name, random digits behind an allocated prefix, real districts with invented streets and numbers.

// The file is part of three crates: tests, benches, and the maker of the sample data.
#![allow(unreachable_pub)]

use std::fmt::Write as _;

/// A small random generator (splitmix64): the same seed gives the same rows on every machine.
pub struct Rng(u64);

impl Rng {
    /// A generator for a seed.
    pub fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// One of a list.
    pub fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    /// `n` random digits.
    pub fn digits(&mut self, n: usize) -> String {
        (0..n)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }
}

/// Common family names.
pub const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹",
    "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "欧阳", "上官", "诸葛",
];
const GIVEN: &[&str] = &[
    "伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟",
    "涛", "明", "超", "秀兰", "霞", "平", "刚", "桂英", "文博", "子涵", "雨桐", "浩然", "欣怡",
    "梓萱", "建国", "志强", "晓燕", "海燕", "玉兰", "佳琪", "俊杰", "思远", "嘉豪", "诗涵", "美玲",
    "国华", "春梅", "立新", "德福", "红梅", "振宇", "一鸣", "雅婷",
];
const PREFIXES: &[&str] = &[
    "134", "135", "136", "137", "138", "139", "150", "151", "152", "157", "158", "159", "130",
    "131", "132", "155", "156", "185", "186", "133", "153", "177", "180", "181", "189", "199",
    "198", "166", "191",
];
const PLACES: &[&str] = &[
    "浙江省杭州市西湖区",
    "广东省深圳市南山区",
    "江苏省南京市鼓楼区",
    "四川省成都市武侯区",
    "湖北省武汉市洪山区",
    "山东省青岛市市南区",
    "福建省厦门市思明区",
    "湖南省长沙市岳麓区",
    "河南省郑州市金水区",
    "陕西省西安市雁塔区",
    "北京市朝阳区",
    "上海市浦东新区",
    "重庆市渝北区",
    "天津市南开区",
    "辽宁省大连市中山区",
    "安徽省合肥市蜀山区",
    "江西省南昌市东湖区",
    "云南省昆明市五华区",
    "广西壮族自治区南宁市青秀区",
    "黑龙江省哈尔滨市南岗区",
    "河北省石家庄市长安区",
    "吉林省长春市朝阳区",
    "贵州省贵阳市云岩区",
    "甘肃省兰州市城关区",
];
const ROADS: &[&str] = &[
    "文三路",
    "科技路",
    "人民路",
    "建设路",
    "解放大道",
    "中山北路",
    "学府街",
    "和平路",
    "新华街",
    "滨江大道",
    "长江西路",
    "桃园巷",
    "青年路",
    "光明街",
    "育才路",
    "振兴路",
];
const ESTATES: &[&str] = &[
    "阳光花园",
    "世纪城",
    "锦绣家园",
    "翠竹苑",
    "金色家园",
    "水岸新城",
    "紫薇花园",
    "盛世华庭",
];
const GOODS: &[&str] = &[
    "连衣裙",
    "蓝牙耳机",
    "保温杯",
    "运动鞋",
    "洗衣液",
    "台灯",
    "手机壳",
    "茶叶",
    "坚果礼盒",
    "儿童积木",
];

/// One invented customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// Eleven digits.
    pub mobile: String,
    /// Delivery address down to the door.
    pub address: String,
    /// Serial with a courier's prefix.
    pub waybill: String,
}

/// A full name.
pub fn name(rng: &mut Rng) -> String {
    format!("{}{}", rng.pick(SURNAMES), rng.pick(GIVEN))
}

/// The next customer.
pub fn person(rng: &mut Rng) -> Person {
    let name = name(rng);
    let mobile = format!("{}{}", rng.pick(PREFIXES), rng.digits(8));
    let mut address = format!(
        "{}{}{}号",
        rng.pick(PLACES),
        rng.pick(ROADS),
        1 + rng.below(899)
    );
    match rng.below(3) {
        0 => {
            let _ = write!(
                address,
                "{}{}栋{}单元{}室",
                rng.pick(ESTATES),
                1 + rng.below(30),
                1 + rng.below(4),
                101 + rng.below(2400)
            );
        }
        1 => {
            let _ = write!(
                address,
                "{}{}号楼{}室",
                rng.pick(ESTATES),
                1 + rng.below(30),
                101 + rng.below(2400)
            );
        }
        _ => {}
    }
    let waybill = match rng.below(4) {
        0 => format!("SF{}", rng.digits(13)),
        1 => format!("YT{}", rng.digits(13)),
        2 => format!("JT{}", rng.digits(13)),
        _ => format!(
            "JDV{}{}",
            char::from(b'A' + rng.below(26) as u8),
            rng.digits(11)
        ),
    };
    Person {
        name,
        mobile,
        address,
        waybill,
    }
}

/// A date of 2026.
pub fn date(rng: &mut Rng) -> String {
    format!("2026-{:02}-{:02}", 1 + rng.below(12), 1 + rng.below(28))
}

/// Rows of a courier's dump: waybill, name, mobile, address, goods, time; with a header.
pub fn csv(rng: &mut Rng, people: &[Person]) -> String {
    let mut out = String::from("运单号,收件人,手机,收货地址,商品,下单时间\n");
    for p in people {
        let _ = writeln!(
            out,
            "{},{},{},{},{},{} {:02}:{:02}:{:02}",
            p.waybill,
            p.name,
            p.mobile,
            p.address,
            rng.pick(GOODS),
            date(rng),
            rng.below(24),
            rng.below(60),
            rng.below(60)
        );
    }
    out
}

/// The same as `key：value` lines.
pub fn key_value(people: &[Person]) -> String {
    let mut out = String::new();
    for p in people {
        let _ = writeln!(
            out,
            "单号：{} 收件人：{} 电话：{} 地址：{}",
            p.waybill, p.name, p.mobile, p.address
        );
    }
    out
}

/// The same with `----` between the fields.
pub fn dashes(people: &[Person]) -> String {
    people.iter().fold(String::new(), |mut out, p| {
        let _ = writeln!(
            out,
            "{}----{}----{}----{}",
            p.name, p.mobile, p.address, p.waybill
        );
        out
    })
}

/// Clean Chinese sentences about goods, without any personal data.
pub fn prose(rng: &mut Rng, bytes: usize) -> String {
    const PARTS: &[&str] = &[
        "这款产品的做工很精细",
        "颜色和图片上的差不多",
        "物流比想象中快一些",
        "客服的态度也不错",
        "面料摸起来比较柔软",
        "适合日常通勤的时候使用",
        "包装完整没有破损",
        "性价比在同类里算高的",
        "建议大家按照平时的尺码选择",
        "洗过几次以后没有褪色",
        "安装的步骤写得很清楚",
        "声音清晰续航时间也长",
        "放在办公室里正好",
        "家里老人用着很方便",
        "下次有活动还会考虑",
    ];
    let mut out = String::with_capacity(bytes + 64);
    while out.len() < bytes {
        for _ in 0..2 + rng.below(4) {
            out.push_str(rng.pick(PARTS));
            out.push_str(rng.pick(&["，", "，", "。"]));
        }
        out.push('\n');
    }
    out
}

/// One clean marketplace listing as a JSON object, about 400 bytes.
pub fn listing(rng: &mut Rng, id: usize) -> String {
    let text = prose(rng, 240);
    format!(
        "{{\"id\":\"L{id:06}\",\"title\":\"{} {}\",\"price\":\"{}.{}\",\"text\":\"{}\"}}",
        rng.pick(GOODS),
        rng.pick(&["新款", "包邮", "现货", "正品"]),
        5 + rng.below(300),
        rng.below(10),
        text.trim_end().replace('\n', "\\n")
    )
}

/// A listing whose text carries one customer.
pub fn leaking_listing(rng: &mut Rng, id: usize, p: &Person) -> String {
    format!(
        "{{\"id\":\"L{id:06}\",\"title\":\"{}\",\"price\":\"1.0\",\"text\":\"{}样品：{} {} {}，{}，量大优惠\"}}",
        rng.pick(&["实时面单料 一手", "快递单号 带信息", "网购订单数据 当天"]),
        rng.pick(&["一元一条，", "千条起，", "每天更新，"]),
        p.name,
        p.mobile,
        p.address,
        p.waybill
    )
}
