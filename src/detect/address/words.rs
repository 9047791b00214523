//! The words of the grammar: units, structural nouns, leads, stops. All in simplified script.

use std::sync::LazyLock;

/// Whether the character counts a part of a building or a plot: 号, 栋, 室 …
pub(super) fn is_unit(c: char) -> bool {
    matches!(
        c,
        '号' | '栋'
            | '幢'
            | '室'
            | '楼'
            | '层'
            | '弄'
            | '座'
            | '组'
            | '队'
            | '户'
            | '房'
            | '期'
            | '区'
            | '巷'
            | '排'
            | '舍'
            | '铺'
            | '店'
            | '门'
            | '梯'
            | '仓'
            | '档'
            | '里'
            | '邻'
            | '段'
            | '社'
            | '连'
            | '团'
            | '#'
            | '单'
    )
}

/// Whether the character ends the name of a road.
pub(super) fn is_road(c: char) -> bool {
    matches!(c, '路' | '街' | '道' | '巷' | '弄' | '线' | '胡')
}

/// Whether the character may end a name of a place (village, compound, shop): a place to end an address.
pub(super) fn is_place_end(c: char) -> bool {
    is_unit(c)
        || is_road(c)
        || matches!(
            c,
            '村' | '庄'
                | '镇'
                | '乡'
                | '县'
                | '市'
                | '省'
                | '州'
                | '旗'
                | '盟'
                | '园'
                | '苑'
                | '城'
                | '厦'
                | '场'
                | '司'
                | '厂'
                | '校'
                | '院'
                | '馆'
                | '站'
                | '所'
                | '局'
                | '府'
                | '庭'
                | '居'
                | '邸'
                | '处'
                | '部'
                | '心'
                | '柜'
                | '边'
                | '旁'
                | '面'
                | '口'
                | '内'
                | '寓'
                | '堂'
                | '湾'
                | '桥'
                | '屯'
                | '寨'
                | '坊'
                | '阁'
                | '轩'
                | '墅'
                | '庙'
                | '坪'
                | '坝'
                | '沟'
                | '洲'
                | '岛'
                | '学'
                | '行'
                | '吧'
                | '卫'
                | '台'
                | '点'
                | '业'
                | '班'
                | '侧'
                | '角'
                | '塘'
                | '营'
                | '岗'
                | '岭'
                | '头'
                | '家'
                | '下'
                | '上'
                | '东'
                | '西'
                | '南'
                | '北'
                | '中'
        )
}

/// Characters that make a Han numeral.
pub(super) fn is_han_digit(c: char) -> bool {
    matches!(
        c,
        '〇' | '零'
            | '一'
            | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '甲'
            | '乙'
            | '丙'
            | '丁'
    )
}

/// Nothing of an address reaches across these.
pub(super) fn is_hard_stop(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r'
            | '\t'
            | '|'
            | '"'
            | '\''
            | '{'
            | '}'
            | '<'
            | '>'
            | '；'
            | ';'
            | ':'
            | '：'
            | '!'
            | '！'
            | '?'
            | '？'
            | '。'
            | '='
            | '&'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '「'
            | '」'
            | '【'
            | '】'
            | '['
            | ']'
            | '《'
            | '》'
            | '\0'
            | '…'
            | '￥'
            | '¥'
            | '→'
            | '`'
            | '$'
            | '^'
            | '%'
    )
}

/// Words that stand before an address and are no part of it. Matched again and again from the left.
const LEADS: &str = "请问 麻烦您 麻烦 帮忙 帮我 你好 您好 老板 师傅 快递员 亲亲 亲 我想 想 转寄 邮寄 \
    补寄 重新 寄件 寄往 寄至 寄到 寄给 寄 送到 送至 送货到 送去 送 发往 发到 发至 \
    发给 发货到 发 退到 退回 退货 改成 改为 改到 改寄 改 换成 换到 收货地址 收件地址 \
    详细地址 新地址 老地址 旧地址 家庭住址 住址 地址 收方 应该是 应是 就是 还是 不是 \
    都是 而是 是 我家住在 我家住 我家在 我家 家住 家在 我们 我公司 公司在 单位在 \
    我现在 现在 我在 我住在 我住 我 住在 住 人在 放在 放到 放 在 搬到 搬去 搬来 搬 \
    从 到 去 往 至 由 说 的话 的 了 这里 这个 这 那个 那边 那 给 把 麻 帮 请 \
    能不能 可以 要 不变 订单 包裹 快递 邮件 件 货 东西 样品 样 如 例 比如 现住 \
    户籍 位于 坐标 定位 门店 圆通 中通 申通 韵达 顺丰 极兔 联系 电话 手机 备注 送货 \
    签收 取件 自提 上门 学校在 单位 目的地 收货 收件 派送 派 直接 先 再 统一 全部 \
    一律 都 重发 发货 填 写 写的 留 今天 昨天 明天 上次 之前 以前 原来 刚才 刚刚 \
    已经 你 您 他 她 它";

/// Words that end an address in running text.
const STOPS: &str = "电联 电话 手机号 手机： 手机1 联系 致电 来电 谢谢 谢了 感谢 麻烦 收货 收件 收到 \
    收了 收吧 签收 请 勿 几天 多少钱 多久 多长 要多 要几 有人 找不到 没找 这边 那边 \
    这里 那里 那个 这个 那家 就行 就好 就可 能送 能不 能发 能到 能寄 可以 可不 吗 \
    呢 不要 不发 别发 不送 之前 以前 等你 等我 等您 等着 到了 寄到 寄往 寄至 寄给 \
    寄过 寄了 寄出 发到 发往 发货 发给 送到 送货 送过 送上 邮到 我 你 您 他们 没有 \
    没人 怎么 为什 什么 的 了 已经 还没 还是 是不 是我 是吗 对吗 对吧 行吗 好吗 \
    有没 需要 帮忙 帮我 改成 改到 改为 今天 明天 昨天 下单 取件 派送 派件 超区 停发 \
    快递到 包裹 包邮 邮费 运费 不在 在哪 怎样 如何 属于 位于 打电 打我 打不 旧的 \
    请放 放门 放在 放到 放快 放丰 放菜 放前 放驿 放物 务必 邮编 姓名 附近有 有快 \
    有驿 备注 订单 商品名 商品： 寄件";

/// What a word of the lists is; the bits of [`CLASS`].
const LEAD: u8 = 1;
const STOP: u8 = 2;
const PLACE: u8 = 4;
const POINT: u8 = 16;
const GOODS: u8 = 32;
const SURNAME: u8 = 8;

/// For every BMP character, the lists in which a word begins with it: nearly every character is in none.
static CLASS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut class = vec![0; 1 << 16];
    let mut mark = |c: char, bit: u8| {
        if let Some(slot) = class.get_mut(c as usize) {
            *slot |= bit;
        }
    };
    let heads = |list: &'static str| list.split(' ').filter_map(|w| w.chars().next());
    heads(LEADS).for_each(|c| mark(c, LEAD));
    heads(STOPS).for_each(|c| mark(c, STOP));
    heads(COMPOUND).for_each(|c| mark(c, PLACE));
    heads(PICKUP).for_each(|c| mark(c, POINT));
    heads(NEGATIVE).for_each(|c| mark(c, GOODS));
    SURNAMES.chars().for_each(|c| mark(c, SURNAME));
    class
});

fn has(c: char, bit: u8) -> bool {
    CLASS.get(c as usize).is_some_and(|b| b & bit != 0)
}

/// A list by the first characters of its words.
struct Index {
    bit: u8,
    /// Sorted.
    words: Vec<&'static str>,
    /// Where the words with a first character lie in the list, in a table that is probed from the character's hash on.
    heads: Vec<(char, u16, u16)>,
}

impl Index {
    /// Several times the number of first characters of the longest list.
    const SLOTS: usize = 512;

    fn new(bit: u8, list: &'static str) -> Index {
        let mut words: Vec<&str> = list.split(' ').filter(|w| !w.is_empty()).collect();
        words.sort_unstable();
        let mut heads = vec![('\0', 0, 0); Index::SLOTS];
        for (i, word) in words.iter().enumerate() {
            let Some(head) = word.chars().next() else {
                continue;
            };
            let mut at = Index::slot(head);
            while heads[at].0 != head && heads[at].2 != 0 {
                at = (at + 1) % Index::SLOTS;
            }
            if heads[at].2 == 0 {
                heads[at] = (head, i as u16, i as u16);
            }
            heads[at].2 = i as u16 + 1;
        }
        Index { bit, words, heads }
    }

    fn slot(head: char) -> usize {
        ((head as u32).wrapping_mul(0x9E37_79B1) >> 23) as usize
    }

    /// The words that begin with a character.
    fn with_head(&self, head: char) -> &[&'static str] {
        let mut at = Index::slot(head);
        while self.heads[at].0 != head && self.heads[at].2 != 0 {
            at = (at + 1) % Index::SLOTS;
        }
        let (_, first, end) = self.heads[at];
        &self.words[usize::from(first)..usize::from(end)]
    }

    /// Length of the longest word that `text` starts with; 0 where there is none.
    #[inline]
    fn longest(&self, text: &str) -> usize {
        let Some(head) = text.chars().next().filter(|c| has(*c, self.bit)) else {
            return 0;
        };
        // A word sorts before those that it begins.
        let mut words = self.with_head(head).iter().rev();
        words.find(|w| text.starts_with(**w)).map_or(0, |w| w.len())
    }

    /// Whether `text` starts with a word.
    #[inline]
    fn starts(&self, text: &str) -> bool {
        let head = text.chars().next().filter(|c| has(*c, self.bit));
        head.is_some_and(|head| self.with_head(head).iter().any(|w| text.starts_with(w)))
    }
}

static LEAD_WORDS: LazyLock<Index> = LazyLock::new(|| Index::new(LEAD, LEADS));
static STOP_WORDS: LazyLock<Index> = LazyLock::new(|| Index::new(STOP, STOPS));
static PLACE_WORDS: LazyLock<Index> = LazyLock::new(|| Index::new(PLACE, COMPOUND));
static POINT_WORDS: LazyLock<Index> = LazyLock::new(|| Index::new(POINT, PICKUP));
static GOODS_WORDS: LazyLock<Index> = LazyLock::new(|| Index::new(GOODS, NEGATIVE));

/// Length in bytes of the lead word that `text` starts with.
pub(super) fn lead(text: &str) -> usize {
    LEAD_WORDS.longest(text)
}

/// Whether `text` starts with a word that ends an address.
#[inline]
pub(super) fn stops(text: &str) -> bool {
    STOP_WORDS.starts(text)
}

/// Whether `text` starts with a word of a compound, building or institution.
#[inline]
pub(super) fn is_compound(text: &str) -> bool {
    PLACE_WORDS.starts(text)
}

/// Whether `text` starts with a word of a pick-up point.
#[inline]
pub(super) fn is_pickup(text: &str) -> bool {
    POINT_WORDS.starts(text)
}

/// Words after an address that are notes, with what follows them.
const NOTES: &[&str] = &[
    "丰巢", "电联", "收", "谢谢", "电话", "商铺", "自提", "请", "_", "-", "，", "、", " ", "(",
    "（", "/", ",", ".",
];

/// Cuts notes off the end of `text`; returns the new length.
pub(super) fn without_notes(text: &str) -> usize {
    let mut text = text;
    while let Some((note, rest)) = NOTES
        .iter()
        .find_map(|n| text.strip_suffix(n).map(|rest| (n, rest)))
    {
        // 门卫代收 is a place, and so is 丰巢快递柜.
        if *note == "收" && rest.ends_with(['代', '签']) {
            break;
        }
        text = rest;
    }
    text.len()
}

/// Words whose company makes a place name no address: goods, news, travel.
const NEGATIVE: &str = "产地 特产 包邮 直发 发货地 旅游 天气 人民政府 公告 产区 烤鸭 全国 不发 高速 新闻 \
    记者 大学排名 列车 航班 卫视 啤酒 汽车发布 地铁 楼梯 之间 精装 联动 复习 电池 \
    3室 2厅 1厅 气温 省内 确诊 货源 批发 跟团 排名 陶瓷 自驾 茶叶 园林 时刻 毕业 \
    交界 总部 火锅 通报 演出 比赛 赛区 到全国 景区 游客 居民 市民 警方 法院 检察院 \
    教育局 公司总部";

/// Whether the text speaks of goods, news or travel.
pub(super) fn has_negative(text: &str) -> bool {
    text.char_indices()
        .any(|(i, _)| GOODS_WORDS.starts(&text[i..]))
}

/// Words of pick-up points.
const PICKUP: &str = "驿站 快递柜 丰巢 代收 门卫 物业 传达室 前台 收发室 自提点 蜂巢";

/// Words that name a compound, building or institution.
const COMPOUND: &str = "小区 花园 大厦 公寓 广场 家园 新村 花苑 公司 市场 工业 园区 中心 学校 大学 学院 \
    医院 酒店 宾馆 超市 商城 商务 国际 名苑 宿舍 家属 社区 集团 校区 中学 小学 工厂 \
    别墅 华庭 山庄 佳苑 苑 府 厂 店 园 城 厦 湾 庭 居 邸 座";

/// The commonest family names, for names glued to an address.
const SURNAMES: &str = "萧王李张刘陈杨黄赵吴周徐孙朱马胡郭何高罗林郑梁谢宋唐韩许冯邓曹彭曾肖田董袁于潘蒋杜蔡余程魏叶吕丁苏任沈姚姜卢崔钟谭汪范陆金石廖贾夏付方韦邹白熊孟秦邱尹江薛闫侯段雷史龙陶顾贺黎郝毛邵龚万钱武严戴孔向覃常汤莫康文温牛代赖洪葛施邢安樊齐乔易庞倪伍鲁聂章岳颜殷翟申耿欧庄左焦兰关俞柳甘祝傅包尚毕舒宁曲梅童阮纪季苗单裴符谷凌成霍盛詹冉路骆辛靳柯涂蓝柴管翁祁鲍喻游蒙华蒲房滕屈饶解艾牟候时尤阳穆司吉车项缪芦农卓窦褚娄古景宫戚连费党冷卜晏米席柏卫宗岑佟边瞿麦桂沙臧全闵普姬和师苟邬卞应桑隋栾仇商刁简荣寇郎丛仲明查巫占甄巩虞丘佘苑迟麻池阎敖封鞠谈惠匡官荆郁胥冀乐南邝栗储原燕班楚鄢谌劳皮蔺奚闻粟满楼盘海伊位阚冼强仝索郜巴花玉盖帅凡屠豆权廉阿禹丰井练祖朴平漆国支狄卿计晋初相宣门云敬厉区来浦戈芮伏晁雍都薄邸鹿母修亓岩容赫阙羊辜裘杭宿鲜况印逯";
const SURNAMES2: &[&str] = &[
    "欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "夏侯", "东方", "令狐", "公孙", "慕容", "司徒",
    "端木", "轩辕",
];

/// Whether the text could be a person's name: two to four characters that start with a family name.
pub(super) fn is_name_like(text: &str) -> bool {
    let chars = text.chars().count();
    if !(2..=4).contains(&chars) || !text.chars().all(crate::text::class::is_han) {
        return false;
    }
    let double = SURNAMES2.iter().any(|s| text.starts_with(s));
    double || (chars <= 3 && text.chars().next().is_some_and(|c| has(c, SURNAME)))
}
