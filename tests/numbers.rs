//! Numbers: every row of the courier table, and mobiles in disguises that no development set was taken from.

use std::collections::BTreeMap;

use miandan::table::courier::{Rule, code_of, formats_of, rows};
use miandan::{Detail, Format, Input, Kind, Scanner};

fn scanner() -> Scanner {
    Scanner::new().expect("a scanner")
}

/// The couriers that a serial behind `label` is read as, the likeliest first; empty where none is reported.
fn couriers(scanner: &Scanner, label: &str, serial: &str) -> Vec<&'static str> {
    let text = format!("{label}{serial}");
    let found = scanner.scan(Input::new(&text).format(Format::Text));
    let whole = found
        .of(Kind::Waybill)
        .find(|f| f.span.start == label.len() && f.span.end == text.len());
    let Some(Detail::Waybill(detail)) = whole.map(|f| f.detail) else {
        return Vec::new();
    };
    let others = (0..64).filter(|i| detail.others >> i & 1 != 0);
    std::iter::once(detail.courier)
        .chain(others)
        .map(code_of)
        .collect()
}

/// Whether digits read as a point in time or a telephone number as well, which speaks against them even behind a label.
fn ambiguous(serial: &str) -> bool {
    let time = matches!(serial.len(), 10 | 13) && ("14".."20").contains(&&serial[..2]);
    time || serial.starts_with('0')
}

#[test]
fn every_example_of_the_courier_table_is_found_and_no_counter_example_is() {
    let scanner = scanner();
    let mut wrong = Vec::new();
    for row in rows() {
        let found = couriers(&scanner, "运单号：", row.example);
        if !ambiguous(row.example) && !found.contains(&row.code) {
            wrong.push(format!("missed {} {}", row.code, row.example));
        }
        // Its check digit is wrong, or it has the form of no row of the courier.
        let fits = formats_of(row.counter_example.as_bytes())
            .any(|f| f.rule == Rule::None && code_of(f.courier) == row.code);
        let found = couriers(&scanner, "", row.counter_example);
        if !fits && found.first() == Some(&row.code) {
            wrong.push(format!("took {} {}", row.code, row.counter_example));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn numbers_of_sub_parcels_stay_outside() {
    let scanner = scanner();
    for (text, serial) in [
        ("LBX048213079561324-2-A", "LBX048213079561324"),
        ("JDVA11408814000-1-3-", "JDVA11408814000"),
    ] {
        let found = scanner.scan(Input::new(text).format(Format::Text));
        let values: Vec<_> = found
            .of(Kind::Waybill)
            .map(|f| found.value(text, f))
            .collect();
        assert_eq!(values, [serial], "{text}");
    }
}

#[test]
fn mobiles_know_their_home_and_agree_with_an_address_there() {
    let scanner = scanner();
    let score = |text: &str| {
        let found = scanner.scan(Input::new(text).format(Format::Text));
        let mobile = found.of(Kind::Mobile).next().copied().expect("a mobile");
        let Detail::Mobile(detail) = mobile.detail else {
            panic!("a mobile's detail");
        };
        (detail.province, mobile.score)
    };
    let (home, there) = score("张伟 13800138000 北京市朝阳区建国路128号");
    let (_, elsewhere) = score("张伟 13800138000 浙江省杭州市西湖区文三路128号");
    assert_eq!(home, 11);
    assert!(there > elsewhere, "{there} {elsewhere}");
}

/// Numbers that follow one another without a pattern.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % n
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }

    /// Eleven digits behind an allocated prefix.
    fn mobile(&mut self) -> String {
        let head = self.pick(&["138", "159", "186", "177", "199", "130", "152", "187"]);
        let tail = (0..8).map(|_| char::from(b'0' + self.below(10) as u8));
        head.chars().chain(tail).collect()
    }
}

/// The characters of a disguise for 0 … 9.
const ALPHABETS: [(&str, &str); 11] = [
    ("full width", "０１２３４５６７８９"),
    ("Chinese", "零一二三四五六七八九"),
    ("Chinese with a round zero", "〇一二三四五六七八九"),
    ("spoken", "洞幺两三四五六拐八勾"),
    ("banker's", "零壹贰叁肆伍陆柒捌玖"),
    ("circled", "⓪①②③④⑤⑥⑦⑧⑨"),
    ("negative circled", "⓿❶❷❸❹❺❻❼❽❾"),
    ("with full stops", "⓪⒈⒉⒊⒋⒌⒍⒎⒏⒐"),
    ("superscript", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    ("mathematical", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
    ("Arabic", "٠١٢٣٤٥٦٧٨٩"),
];

const SYLLABLES: [&str; 10] = [
    "ling", "yao", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu",
];

/// A number in three groups with something between them.
fn grouped(number: &str, between: &str) -> String {
    [&number[..3], &number[3..7], &number[7..]].join(between)
}

/// Every digit of a number written by `write`, with something between them.
fn each(number: &str, between: &str, write: impl Fn(usize) -> String) -> String {
    let digits = number.bytes().map(|b| write(usize::from(b - b'0')));
    digits.collect::<Vec<_>>().join(between)
}

/// A number in one disguise of every family.
fn disguises(number: &str, random: &mut Random) -> Vec<(&'static str, String)> {
    let mut all: Vec<(&str, String)> = ALPHABETS
        .iter()
        .map(|(family, alphabet)| {
            let digits: Vec<char> = alphabet.chars().collect();
            (*family, each(number, "", |d| digits[d].to_string()))
        })
        .collect();
    let mark = random.pick(&["-", " ", ".", "·", "—", "_", "/", "  "]);
    all.push(("groups", grouped(number, mark)));
    let mark = random.pick(&["*", "-", ".", "、", "~", "+"]);
    all.push(("separators", each(number, mark, |d| d.to_string())));
    let unseen = random.pick(&["\u{200B}", "\u{2060}", "\u{FEFF}", "\u{AD}"]);
    all.push(("zero width", each(number, unseen, |d| d.to_string())));
    all.push((
        "keycaps",
        each(number, "", |d| format!("{d}\u{FE0F}\u{20E3}")),
    ));
    all.push((
        "line break",
        format!(
            "{}{}{}",
            &number[..5],
            random.pick(&["\n", "<br>"]),
            &number[5..]
        ),
    ));
    all.push((
        "filler",
        grouped(number, random.pick(&["减", "加", "啊", "空"])),
    ));
    let escape: fn(usize) -> String = match random.below(4) {
        0 => |d| format!("&#{};", d + 48),
        1 => |d| format!("&#x{:x};", d + 48),
        2 => |d| format!("%3{d}"),
        _ => |d| format!("\\u003{d}"),
    };
    all.push(("escapes", each(number, "", escape)));
    all.push(("syllables", each(number, " ", |d| SYLLABLES[d].to_owned())));
    let back: String = number.chars().rev().collect();
    all.push(("reversed", format!("倒着写 {back}")));
    all
}

#[test]
fn mobiles_in_disguise_are_found_beside_any_neighbour() {
    let scanner = scanner();
    let mut random = Random(20_261_125);
    let mut families: BTreeMap<&str, (usize, usize, Vec<String>)> = BTreeMap::new();
    for _ in 0..40 {
        let number = random.mobile();
        for (family, written) in disguises(&number, &mut random) {
            let before = random.pick(&[
                "",
                "电话：",
                "联系我 ",
                "有货请打",
                "Tel:",
                "张小姐，",
                "要的话找我：",
            ]);
            let after = random.pick(&["", "，谢谢", " 李先生", "。", "\n量大从优", "（微信同号）"]);
            let text = format!("{before}{written}{after}");
            let found = scanner.scan(Input::new(&text).format(Format::Text));
            let right = found.of(Kind::Mobile).any(|f| {
                f.confidence.ratio() >= 0.5
                    && scanner.normalize(f, &found.value(&text, f)) == number
            });
            let entry = families.entry(family).or_default();
            entry.0 += usize::from(right);
            entry.1 += 1;
            if !right {
                entry.2.push(text);
            }
        }
    }
    let (right, all) = families
        .values()
        .fold((0, 0), |n, f| (n.0 + f.0, n.1 + f.1));
    let weak: Vec<_> = families
        .iter()
        .filter(|(_, (right, all, _))| right * 100 < all * 85)
        .collect();
    assert!(weak.is_empty(), "{weak:#?}");
    assert!(right * 100 >= all * 95, "{right} of {all}: {families:#?}");
}
