//! The words of the grammar: units, structural nouns, leads, stops. All in simplified script.

use std::sync::LazyLock;

use super::glyph::{Glyph, class, ends};

/// Characters by what they are.
const CHARACTERS: &[(u32, &str)] = &[
    (
        class::UNIT,
        "号栋幢室楼层弄座组队户房期区巷排舍铺店门梯仓档里邻段社连团#单",
    ),
    (class::COUNTED, COUNTED),
    (class::ROAD, "路街道巷弄线胡"),
    (class::STREET, STREETS),
    (class::VILLAGE, VILLAGES),
    (
        class::PLACE_END,
        "号栋幢室楼层弄座组队户房期区巷排舍铺店门梯仓档里邻段社连团#单路街道线胡村庄镇乡县市省州旗盟园苑城厦场司\
         厂校院馆站所局府庭居邸处部心柜边旁面口内寓堂湾桥屯寨坊阁轩墅庙坪坝沟洲岛学行吧卫台点业班侧角塘营岗岭头\
         家下上东西南北中",
    ),
    (
        class::CLOSE,
        "号栋幢室楼层弄座组队户房期区巷店门社路街道线村庄镇乡苑园城厦场司厂校院馆站所局府庭居邸处部柜旁口寓堂湾桥屯寨\
         坊阁轩庙",
    ),
    (class::NUMERAL, "〇零一二三四五六七八九十百甲乙丙丁"),
    (
        class::STOP,
        "\n\r\t|\"'{}<>；;:：!！?？。=&“”‘’「」【】[]《》\0…￥¥→`$^%",
    ),
    (class::GAP, " ,，、_-.．·(（)）~/／*+#"),
    (class::STRUCTURE, "路街道巷弄线胡村园苑城厦区镇乡"),
    (class::CUE, "到在至从是寄送往给的了"),
    (class::COMMA, ",，"),
    (class::JOINT, "-#/"),
    (class::SURNAME, SURNAMES),
];

const COUNTED: &str = "号栋幢室楼层弄座组队户房期区巷排舍铺店梯仓档邻#单";
const STREETS: &str = "路街巷弄";
const VILLAGES: &str = "村屯寨庄";

/// What characters stand behind to make a number, a road or a village.
const BEHIND: &[(u32, &str)] = &[
    (class::DIGIT | class::LETTER | class::NUMERAL, COUNTED),
    (class::DIGIT, "团连"),
    (class::HAN, STREETS),
    (class::HAN, VILLAGES),
];

/// What tells what an address holds: see [`class::TELLS`].
const TELLING: u32 = class::ROAD | class::JOINT | PLACES | 0xF << class::BEHIND;

/// The lists, and what the first characters of their words are.
const LISTS: [(u32, &str); 6] = [
    (class::LEAD_HEAD, LEADS),
    (class::STOP_HEAD, STOPS),
    (class::PLACE_HEAD, COMPOUND),
    (class::POINT_HEAD, PICKUP),
    (class::GOODS_HEAD, NEGATIVE),
    (class::BESIDE_HEAD, RELATION),
];

/// The words of all lists.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    LISTS.iter().flat_map(|(_, list)| list.split(' '))
}

/// Tells `mark` of every character that is of a class or begins a word of a list.
pub(super) fn classes(mark: &mut impl FnMut(char, u32)) {
    let told = |bits: u32| match bits & TELLING {
        0 => bits,
        _ => bits | class::TELLS,
    };
    for (bit, characters) in CHARACTERS {
        characters.chars().for_each(|c| mark(c, told(*bit)));
    }
    for (classes, characters) in BEHIND {
        let behind = classes << class::BEHIND;
        characters.chars().for_each(|c| mark(c, told(behind)));
    }
    for (bit, list) in LISTS {
        let heads = list.split(' ').filter_map(|w| w.chars().next());
        heads.for_each(|c| mark(c, told(bit)));
    }
    let short = COMPOUND.split(' ').filter(|w| w.chars().count() == 1);
    short.for_each(|w| w.chars().for_each(|c| mark(c, class::PLACE)));
    let ends = NOTES.iter().filter_map(|n| n.chars().next_back());
    ends.for_each(|c| mark(c, class::NOTE_END));
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
    一律 都 重发 发货 填 写 写的 今天 昨天 明天 上次 之前 以前 原来 刚才 刚刚 \
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
    有驿 有疑 如有 若有 有问题 工号 需本 须本 本人 务请 工作日 节假日 周末 周一 备注 订单 商品名 商品： 寄件";

/// The first characters of the words of all lists.
static HEADS: LazyLock<Vec<char>> = LazyLock::new(|| {
    let words = LISTS.iter().flat_map(|(_, list)| list.split(' '));
    let mut heads: Vec<char> = words.filter_map(|word| word.chars().next()).collect();
    heads.sort_unstable();
    heads.dedup();
    heads
});

/// The first characters of the words, each with its number from 1 on: see [`Glyph::head`].
pub(super) fn heads() -> impl Iterator<Item = (u16, char)> {
    (1..).zip(HEADS.iter().copied())
}

/// Lists by the first characters of their words.
pub(super) struct Index {
    /// The words' characters one after the other; the words sorted.
    characters: Vec<char>,
    /// Where each word begins, and where the last one ends.
    starts: Vec<u16>,
    /// The list of each word, as [`LISTS`] names it.
    lists: Vec<u32>,
    /// By the number of the first character.
    heads: Vec<Head>,
}

/// The words that begin with a character.
#[derive(Clone, Copy, Default)]
struct Head {
    /// Their places in the list.
    first: u16,
    end: u16,
    /// Bits for the second characters that they may have.
    second: u64,
}

impl Index {
    fn new(lists: u32) -> Index {
        let lists = LISTS.iter().filter(|(list, _)| list & lists != 0);
        let mut words: Vec<(&str, u32)> = lists
            .flat_map(|(list, words)| words.split(' ').map(|word| (word, *list)))
            .filter(|(word, _)| !word.is_empty())
            .collect();
        words.sort_unstable();
        let (mut characters, mut starts) = (Vec::new(), vec![0]);
        let mut heads = vec![Head::default(); HEADS.len() + 1];
        for (i, (word, _)) in words.iter().enumerate() {
            let mut of_word = word.chars();
            let Some(number) = of_word.next().and_then(|c| HEADS.binary_search(&c).ok()) else {
                continue;
            };
            let head = &mut heads[number + 1];
            if head.end == 0 {
                head.first = i as u16;
            }
            head.end = i as u16 + 1;
            head.second |= of_word.next().map_or(u64::MAX, Index::bit);
            characters.extend(word.chars());
            starts.push(characters.len() as u16);
        }
        Index {
            characters,
            starts,
            lists: words.iter().map(|(_, list)| *list).collect(),
            heads,
        }
    }

    fn bit(second: char) -> u64 {
        1 << (second as u32 & 63)
    }

    /// The longest word that the text starts with.
    #[inline]
    fn longest(&self, text: &[Glyph]) -> Option<usize> {
        let head = self.heads.get(text.first()?.head())?;
        let second = text.get(1).map_or(u64::MAX, |g| Index::bit(g.c));
        if head.second & second == 0 {
            return None;
        }
        self.longest_of(*head, text)
    }

    /// Whether a word of more than one character may begin with these two.
    #[inline]
    pub(super) fn may_begin(&self, first: &Glyph, second: &Glyph) -> bool {
        let head = self.heads.get(first.head());
        head.is_some_and(|head| head.second & Index::bit(second.c) != 0)
    }

    /// Whether words of more than one character begin with these two.
    fn begins(&self, first: &Glyph, second: &Glyph) -> bool {
        let head = self.heads.get(first.head()).copied().unwrap_or_default();
        let mut words = (head.first..head.end).map(usize::from);
        words.any(|word| matches!(self.word(word), [a, b, ..] if (*a, *b) == (first.c, second.c)))
    }

    /// As [`longest`](Self::longest), of the words that begin with the first character.
    fn longest_of(&self, head: Head, text: &[Glyph]) -> Option<usize> {
        // A word sorts before those that it begins.
        let mut words = (head.first..head.end).rev().map(usize::from);
        words.find(|&word| {
            let word = self.word(word);
            word.len() <= text.len() && word.iter().zip(text).all(|(c, g)| *c == g.c)
        })
    }

    fn word(&self, word: usize) -> &[char] {
        &self.characters[usize::from(self.starts[word])..usize::from(self.starts[word + 1])]
    }
}

static LEAD_WORDS: LazyLock<Index> = LazyLock::new(|| Index::new(class::LEAD_HEAD));
pub(super) static STOP_WORDS: LazyLock<Index> = LazyLock::new(|| Index::new(class::STOP_HEAD));
static GOODS_WORDS: LazyLock<Index> = LazyLock::new(|| Index::new(class::GOODS_HEAD));
/// The words of [`PLACES`].
pub(super) static PLACE_WORDS: LazyLock<Index> = LazyLock::new(|| Index::new(PLACES));

/// The lists of words that tell of places; no word of one begins a word of another.
pub(super) const PLACES: u32 = class::PLACE_HEAD | class::POINT_HEAD | class::BESIDE_HEAD;

fn begins(text: &[Glyph], class: u32) -> bool {
    text.first().is_some_and(|g| g.is(class))
}

/// Length in characters of the lead word that the text starts with; 0 where there is none.
#[inline]
pub(super) fn lead(text: &[Glyph]) -> usize {
    if !begins(text, class::LEAD_HEAD) {
        return 0;
    }
    let lead = LEAD_WORDS.longest(text);
    match lead.map_or(0, |word| LEAD_WORDS.word(word).len()) {
        1 if begins_a_name(text) => 0,
        length => length,
    }
}

/// Whether the lead word of one character that the text starts with begins a name instead: 亲贤北街, 写字楼, 至仁路.
pub(super) fn begins_a_name(text: &[Glyph]) -> bool {
    let name = text.iter().take(4).take_while(|g| g.is(class::HAN));
    match text[0].c {
        '亲' => name.skip(2).any(|g| g.is(class::STREET)),
        '写' => text.get(1).is_some_and(|g| g.c == '字'),
        // One character is too short for the name of a road, unless it tells one from others: 到北街, 去一路, 这条路.
        _ => {
            matches!(text, [_, name, road, ..] if matches!(road.c, '路' | '巷')
            && name.is(class::HAN)
            && !name.is(class::NUMERAL)
            && !"东西南北中大小新老前后公铁马网弯条段个么".contains(name.c))
        }
    }
}

/// Whether the text starts with a word that ends an address.
#[inline]
pub(super) fn stops(text: &[Glyph]) -> bool {
    begins(text, class::STOP_HEAD) && STOP_WORDS.longest(text).is_some()
}

/// Of [`PLACES`] the list that has the word that the text starts with; 0 where there is none.
#[inline]
pub(super) fn place(text: &[Glyph]) -> u32 {
    if begins(text, class::PLACE) {
        return class::PLACE_HEAD;
    }
    let word = begins(text, PLACES).then(|| PLACE_WORDS.longest(text));
    word.flatten().map_or(0, |word| PLACE_WORDS.lists[word])
}

/// Whether a word of a place of more than one character, or one of goods, news or travel, begins with these two.
pub(super) fn may_begin_with(first: &Glyph, second: &Glyph) -> bool {
    PLACE_WORDS.begins(first, second) || GOODS_WORDS.begins(first, second)
}

/// Whether the text starts with a word of a compound, building or institution.
#[inline]
pub(super) fn is_compound(text: &[Glyph]) -> bool {
    place(text) == class::PLACE_HEAD
}

/// Whether the text starts with a word of a pick-up point.
#[inline]
pub(super) fn is_pickup(text: &[Glyph]) -> bool {
    place(text) == class::POINT_HEAD
}

/// Whether the text is the name of a part of a firm: 采购部, 注塑车间, 仓库.
pub(super) fn is_department(text: &[Glyph]) -> bool {
    let ended = |words: &[&str]| words.iter().any(|word| ends(text, word));
    let long = text.len() > 2 && ended(&["部"]);
    text.len() <= 6
        && text.iter().all(|g| g.is(class::HAN))
        && (long || ended(&["车间", "仓库", "办公室"]))
}

/// Whether the text starts with a word that places an address beside something.
#[inline]
pub(super) fn is_beside(text: &[Glyph]) -> bool {
    place(text) == class::BESIDE_HEAD
}

/// Words after an address that are notes, with what follows them.
const NOTES: &[&str] = &[
    "电联", "收", "谢谢", "电话", "商铺", "自提", "请", "_", "-", "，", "、", " ", "(", "（", "/",
    ",", ".",
];

/// Cuts notes off the end of a text.
pub(super) fn without_notes(mut text: &[Glyph]) -> &[Glyph] {
    while let Some(last) = text.last()
        && last.is(class::NOTE_END)
        && let Some(note) = NOTES.iter().find(|n| ends(text, n))
    {
        let rest = &text[..text.len() - note.chars().count()];
        // 门卫代收 is a place, and so is 丰巢快递柜.
        if *note == "收" && rest.last().is_some_and(|g| matches!(g.c, '代' | '签')) {
            break;
        }
        text = rest;
    }
    text
}

/// Words whose company makes a place name no address: goods, news, travel.
const NEGATIVE: &str = "产地 特产 包邮 直发 发货地 旅游 天气 人民政府 公告 产区 烤鸭 全国 不发 高速 新闻 \
    记者 大学排名 列车 航班 卫视 啤酒 汽车发布 地铁 楼梯 之间 精装 联动 复习 电池 \
    3室 2厅 1厅 气温 省内 确诊 货源 批发 跟团 排名 陶瓷 自驾 茶叶 园林 时刻 毕业 \
    交界 总部 火锅 通报 演出 比赛 赛区 到全国 景区 游客 居民 市民 警方 法院 检察院 \
    教育局 公司总部 文件";

/// Whether the text speaks of goods, news or travel.
pub(super) fn has_negative(text: &[Glyph]) -> bool {
    let words: &Index = &GOODS_WORDS;
    let mut rest = text;
    while let [first, behind @ ..] = rest {
        if first.is(class::GOODS_HEAD) && words.longest(rest).is_some() {
            return true;
        }
        rest = behind;
    }
    false
}

/// Words of pick-up points.
const PICKUP: &str = "驿站 快递柜 丰巢 代收 门卫 物业 传达室 前台 收发室 自提点 蜂巢";

/// Words that place an address beside something.
const RELATION: &str = "对面 旁边 隔壁 门口 路口 交叉口 交叉路口 交叉处 交口 交汇 附近 楼上 楼下 边上 后面 前面 \
    里面 东侧 西侧 南侧 北侧 左侧 右侧 往东 往西 往南 往北 往里 入口 出口 后门 前门 南门 北门 东门 西门";

/// Words that name a compound, building or institution.
const COMPOUND: &str = "小区 花园 大厦 公寓 广场 家园 新村 花苑 公司 市场 工业 园区 中心 学校 大学 学院 \
    农场 林场 牧场 医院 酒店 宾馆 超市 商城 商务 国际 名苑 宿舍 家属 社区 集团 校区 中学 小学 工厂 \
    别墅 华庭 山庄 佳苑 苑 府 厂 店 园 城 厦 湾 庭 居 邸 座";

/// The commonest family names, for names glued to an address.
const SURNAMES: &str = "萧王李张刘陈杨黄赵吴周徐孙朱马胡郭何高罗林郑梁谢宋唐韩许冯邓曹彭曾肖田董袁于潘蒋杜蔡余程魏叶吕丁苏任沈姚姜卢崔钟谭汪范陆金石廖贾夏付方韦邹白熊孟秦邱尹江薛闫侯段雷史龙陶顾贺黎郝毛邵龚万钱武严戴孔向覃常汤莫康文温牛代赖洪葛施邢安樊齐乔易庞倪伍鲁聂章岳颜殷翟申耿欧庄左焦兰关俞柳甘祝傅包尚毕舒宁曲梅童阮纪季苗单裴符谷凌成霍盛詹冉路骆辛靳柯涂蓝柴管翁祁鲍喻游蒙华蒲房滕屈饶解艾牟候时尤阳穆司吉车项缪芦农卓窦褚娄古景宫戚连费党冷卜晏米席柏卫宗岑佟边瞿麦桂沙臧全闵普姬和师苟邬卞应桑隋栾仇商刁简荣寇郎丛仲明查巫占甄巩虞丘佘苑迟麻池阎敖封鞠谈惠匡官荆郁胥冀乐南邝栗储原燕班楚鄢谌劳皮蔺奚闻粟满楼盘海伊位阚冼强仝索郜巴花玉盖帅凡屠豆权廉阿禹丰井练祖朴平漆国支狄卿计晋初相宣门云敬厉区来浦戈芮伏晁雍都薄邸鹿母修亓岩容赫阙羊辜裘杭宿鲜况印逯";
/// Family names of two characters.
const SURNAMES2: &[[char; 2]] = &[
    ['欧', '阳'],
    ['上', '官'],
    ['司', '马'],
    ['诸', '葛'],
    ['皇', '甫'],
    ['尉', '迟'],
    ['夏', '侯'],
    ['东', '方'],
    ['令', '狐'],
    ['公', '孙'],
    ['慕', '容'],
    ['司', '徒'],
    ['端', '木'],
    ['轩', '辕'],
];

/// Whether the text could be a person's name: two to four characters that start with a family name.
pub(super) fn is_name_like(text: &[Glyph]) -> bool {
    if !(2..=4).contains(&text.len()) || !text.iter().all(|g| g.is(class::HAN)) {
        return false;
    }
    let double = || SURNAMES2.contains(&[text[0].c, text[1].c]);
    text.len() <= 3 && text[0].is(class::SURNAME) || double()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_places_begins_a_word_of_another_list() {
        let words = |list: u32| {
            let lists = LISTS.iter().filter(move |(other, _)| *other == list);
            lists.flat_map(|(_, words)| words.split(' ').filter(|word| !word.is_empty()))
        };
        let lists = [class::PLACE_HEAD, class::POINT_HEAD, class::BESIDE_HEAD];
        for (a, b) in lists.into_iter().flat_map(|a| lists.map(|b| (a, b))) {
            for word in words(a) {
                assert!(
                    a == b || !words(b).any(|other| other.starts_with(word)),
                    "{word}"
                );
            }
        }
    }
}
