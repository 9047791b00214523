//! Numbers: every row of the courier table, and mobiles in disguises that no development set was taken from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use miandan::table::courier::{Rule, code_of, formats_of, rows};
use miandan::{Context, Detail, Form, Format, Input, Kind, Scanner};

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

#[test]
fn every_example_of_the_courier_table_is_found_and_no_counter_example_is() {
    let scanner = scanner();
    let mut wrong = Vec::new();
    for row in rows() {
        let found = couriers(&scanner, "运单号：", row.example);
        if !found.contains(&row.code) {
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
fn every_family_of_a_rule_keeps_its_word() {
    let scanner = scanner();
    let mut wrong = Vec::new();
    for card in scanner.rules() {
        let finds = |text: &str| {
            let found = scanner.scan(Input::new(text).format(Format::Text));
            found.of(card.kind).any(|f| f.confidence.ratio() >= 0.5)
        };
        for family in card.families() {
            if !finds(&family.example) {
                wrong.push(format!("{} {} missed", card.id, family.id));
            }
            // A courier's counter-example may be another courier's serial, which the test of the table looks at.
            if card.kind == Kind::Mobile && finds(&family.counter_example) {
                wrong.push(format!("{} {} taken", card.id, family.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn masked_serials_are_found_and_masked() {
    let scanner = scanner();
    for (text, serial, courier) in [
        ("顺丰 SF1382******678 已签收", "SF1382******678", "SF"),
        ("SF138****5678", "SF138****5678", "SF"),
        ("圆通：yt**********8070，请查收", "yt**********8070", "YTO"),
        ("京东 JDVA****4483", "JDVA****4483", "JD"),
        ("运单号：7730****8061", "7730****8061", ""),
    ] {
        let found = scanner.scan(Input::new(text).format(Format::Text));
        let masked: Vec<_> = found.of(Kind::Waybill).collect();
        assert_eq!(masked.len(), 1, "{text}");
        assert_eq!(found.value(text, masked[0]), serial, "{text}");
        assert_eq!(masked[0].form, Form::Masked, "{text}");
        assert!(masked[0].confidence.ratio() >= 0.5, "{text}");
        let value = scanner.normalize(masked[0], serial);
        assert_eq!(value, serial.to_ascii_uppercase());
        if let Detail::Waybill(detail) = masked[0].detail {
            assert_eq!(code_of(detail.courier), courier, "{text}");
        }
    }
    for text in ["3**2", "7730****8061", "QQ 12****34", "电话 138****5678"] {
        let found = scanner.scan(Input::new(text).format(Format::Text));
        let sure = found.of(Kind::Waybill).any(|f| f.confidence.ratio() >= 0.5);
        assert!(!sure, "{text}");
    }
}

#[test]
fn numbers_in_a_row_are_noted() {
    let scanner = scanner();
    let evidence = |step: u64| {
        let mut text = "手机,运单号\n".to_owned();
        for i in 0..40 {
            let (mobile, waybill) = (13_800_138_000 + i * step, 773_013_988_799_673 + i * step);
            let _ = writeln!(text, "{mobile},{waybill}");
        }
        let found = scanner.scan(Input::new(&text).format(Format::csv()));
        [Kind::Mobile, Kind::Waybill].map(|kind| {
            let of_kind = found.of(kind);
            let noted = of_kind.filter(|f| f.evidence.has_context(Context::Serial));
            (found.of(kind).count(), noted.count())
        })
    };
    assert_eq!(evidence(1), [(40, 40), (40, 40)]);
    assert_eq!(evidence(97), [(40, 0), (40, 0)]);
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
fn dates_behind_tabs_are_no_serials() {
    let text = "JT4637286446272\t高强\t15115963230\t重庆市渝北区长江西路685号\t2026-08-26\n\
                SF6067971092304\t谢子涵\t13689885955\t四川省成都市武侯区振兴路700号\t2026-03-23\n";
    let found = scanner().scan(Input::new(text).format(Format::Text));
    let values: Vec<_> = found
        .of(Kind::Waybill)
        .map(|f| found.value(text, f))
        .collect();
    assert_eq!(values, ["JT4637286446272", "SF6067971092304"]);
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

/// A number in two disguises at once.
fn mixtures(number: &str, random: &mut Random) -> Vec<(&'static str, String)> {
    let alphabet = |random: &mut Random| -> Vec<char> {
        let (_, digits) = ALPHABETS[random.below(ALPHABETS.len())];
        digits.chars().collect()
    };
    let (one, other) = (alphabet(random), alphabet(random));
    let mark = random.pick(&["-", " ", ".", "·", "、", "*", "~", "+", "\u{3000}"]);
    let unseen = random.pick(&["\u{200B}", "\u{2060}", "\u{FEFF}"]);
    let in_one = |part: &str| each(part, "", |d| one[d].to_string());
    let digits = number.bytes().map(|b| usize::from(b - b'0')).enumerate();
    let by_turns = digits
        .map(|(i, d)| if i % 2 == 0 { one[d] } else { other[d] })
        .collect();
    vec![
        ("two alphabets by turns", by_turns),
        (
            "half in another alphabet",
            format!("{}{}", in_one(&number[..5]), &number[5..]),
        ),
        (
            "alphabet and separators",
            each(number, mark, |d| one[d].to_string()),
        ),
        (
            "alphabet in groups",
            [&number[..3], &number[3..7], &number[7..]]
                .map(in_one)
                .join(mark),
        ),
        (
            "alphabet and zero width",
            each(number, unseen, |d| one[d].to_string()),
        ),
        (
            "alphabet and filler",
            [&number[..3], &number[3..7], &number[7..]]
                .map(in_one)
                .join("减"),
        ),
        (
            "alphabet behind the country code",
            format!("+86{}{}", random.pick(&["", " ", "-"]), in_one(number)),
        ),
        (
            "escapes in groups",
            [&number[..3], &number[3..7], &number[7..]]
                .map(|part| each(part, "", |d| format!("&#{};", d + 48)))
                .join("-"),
        ),
        (
            "alphabet over two lines",
            format!("{}\n{}", in_one(&number[..7]), in_one(&number[7..])),
        ),
    ]
}

/// Shares of the mobiles that are found, by family, with the texts of those that are not.
#[derive(Default)]
struct Families(BTreeMap<&'static str, (usize, usize, Vec<String>)>);

impl Families {
    fn count(
        &mut self,
        scanner: &Scanner,
        family: &'static str,
        input: (&str, Format),
        number: &str,
    ) {
        let (text, format) = input;
        let found = scanner.scan(Input::new(text).format(format));
        let right = found.of(Kind::Mobile).any(|f| {
            f.confidence.ratio() >= 0.5 && scanner.normalize(f, &found.value(text, f)) == number
        });
        let (hits, all, missed) = self.0.entry(family).or_default();
        *hits += usize::from(right);
        *all += 1;
        if !right {
            missed.push(text.to_owned());
        }
    }

    /// Every family must be found in this share, in per cent, and all together in 95 %.
    fn check(&self, each: usize) {
        let sum = |n: (usize, usize), f: &(usize, usize, Vec<String>)| (n.0 + f.0, n.1 + f.1);
        let (right, all) = self.0.values().fold((0, 0), sum);
        let weak: Vec<_> = self
            .0
            .iter()
            .filter(|(_, (right, all, _))| right * 100 < all * each)
            .map(|(family, (right, all, missed))| {
                (
                    family,
                    right,
                    all,
                    missed.iter().take(4).collect::<Vec<_>>(),
                )
            })
            .collect();
        assert!(weak.is_empty(), "{weak:#?}");
        assert!(right * 100 >= all * 95, "{right} of {all}");
    }
}

const BEFORE: [&str; 7] = [
    "",
    "电话：",
    "联系我 ",
    "有货请打",
    "Tel:",
    "张小姐，",
    "要的话找我：",
];
const AFTER: [&str; 6] = ["", "，谢谢", " 李先生", "。", "\n量大从优", "（微信同号）"];

#[test]
fn mobiles_in_disguise_are_found_beside_any_neighbour() {
    let scanner = scanner();
    let mut random = Random(20_261_125);
    let mut families = Families::default();
    for _ in 0..40 {
        let number = random.mobile();
        for (family, written) in disguises(&number, &mut random) {
            let (before, after) = (random.pick(&BEFORE), random.pick(&AFTER));
            let text = format!("{before}{written}{after}");
            families.count(&scanner, family, (&text, Format::Text), &number);
        }
    }
    families.check(85);
}

#[test]
fn mobiles_in_two_disguises_are_found() {
    let scanner = scanner();
    let mut random = Random(7_041_776);
    let mut families = Families::default();
    for _ in 0..40 {
        let number = random.mobile();
        for (family, written) in mixtures(&number, &mut random) {
            let (before, after) = (random.pick(&BEFORE), random.pick(&AFTER));
            let text = format!("{before}{written}{after}");
            families.count(&scanner, family, (&text, Format::Text), &number);
        }
    }
    families.check(85);
}

#[test]
fn mobiles_in_disguise_are_found_beside_addresses_in_titles_and_in_json() {
    let scanner = scanner();
    let mut random = Random(19_491_001);
    let mut families = Families::default();
    for _ in 0..40 {
        let number = random.mobile();
        for (family, written) in disguises(&number, &mut random) {
            if matches!(family, "reversed" | "line break") {
                continue;
            }
            let (before, after) = [
                ("浙江省杭州市西湖区文三路128号 王芳 ", ""),
                ("收货：", "，北京市朝阳区建国路88号3栋1202室 刘洋"),
                ("【全新】苹果手机壳15pro 两件包邮 咨询", " 质量保证"),
                ("夏季连衣裙3件装 加", " 备注颜色"),
            ][random.below(4)];
            let text = format!("{before}{written}{after}");
            families.count(&scanner, family, (&text, Format::Text), &number);
            // Escaped by hand: every character beyond ASCII as \u, as exports write it.
            let escaped: String = text.encode_utf16().fold(String::new(), |mut out, unit| {
                match u8::try_from(unit).ok().filter(u8::is_ascii) {
                    Some(b'"') => out.push_str("\\\""),
                    Some(b'\\') => out.push_str("\\\\"),
                    Some(b) => out.push(char::from(b)),
                    None => drop(write!(out, "\\u{unit:04x}")),
                }
                out
            });
            let line = format!("{{\"id\":1,\"text\":\"{escaped}\"}}\n");
            families.count(&scanner, "in JSON", (&line, Format::JsonLines), &number);
        }
    }
    families.check(85);
}

#[test]
fn serials_that_follow_one_another_are_noted_in_lists_and_json_too() {
    let scanner = scanner();
    let marked = |format: Format, line: &dyn Fn(u64) -> String, step: u64| {
        let text: String = (0..60)
            .map(|i| line(3_129_045_871_000 + i * step))
            .collect();
        let found = scanner.scan(Input::new(&text).format(format));
        let with = |f: &&miandan::Finding| f.evidence.has_context(Context::Serial);
        let all = found.of(Kind::Waybill).count();
        assert_eq!(all, 60, "{text}");
        found.of(Kind::Waybill).filter(with).count()
    };
    let list = |n: u64| format!("今天发出的快递 YT{n}\n");
    let json = |n: u64| format!("{{\"no\":\"SF{n}\"}}\n");
    for (step, expected) in [(1, 60), (7_919, 0)] {
        assert_eq!(marked(Format::Text, &list, step), expected);
        assert_eq!(marked(Format::JsonLines, &json, step), expected);
    }
}
