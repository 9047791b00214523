//! The ways of writing a number that the rule tells apart, for people.

use crate::detect::Family;

/// Identifier, title, a text with a number and one without.
const ALL: [[&str; 4]; 25] = [
    [
        "country-code",
        "With a country code",
        "+86 13800138000",
        "+81 13800138000",
    ],
    [
        "groups",
        "Groups of 3, 4 and 4",
        "138 0013 8000",
        "6217 0013 8001 3800",
    ],
    [
        "separators",
        "Marks between all digits",
        "1*3*8*0*0*1*3*8*0*0*0",
        "192.168.133.28",
    ],
    [
        "full-width",
        "Full-width digits",
        "１３８００１３８０００",
        "订单号：１３８００１３８０００",
    ],
    [
        "chinese",
        "Chinese numerals",
        "一三八零零一三八零零零",
        "二零二一一一零八二一三六",
    ],
    [
        "banker",
        "Banker's numerals",
        "壹叁捌零零壹叁捌零零零",
        "合计壹仟叁佰捌拾元整",
    ],
    [
        "spoken",
        "Words of radio traffic",
        "幺三八洞洞幺三八洞洞洞",
        "洞庭湖边的拐角",
    ],
    [
        "sounds",
        "Characters that sound like digits",
        "医伞芭铃铃医伞芭铃铃铃",
        "医生骑马喝酒",
    ],
    [
        "circled",
        "Circled digits",
        "①③⑧⓪⓪①③⑧⓪⓪⓪",
        "①取件②付款③签收",
    ],
    [
        "dingbat",
        "Negative circled digits",
        "❶❸❽⓿⓿❶❸❽⓿⓿⓿",
        "❶❷❸❹❺❻❼❽❾",
    ],
    [
        "full-stop",
        "Digits with a full stop",
        "⒈⒊⒏⓪⓪⒈⒊⒏⓪⓪⓪",
        "⒈品名⒉数量⒊单价",
    ],
    [
        "keycap",
        "Keycaps",
        "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣",
        "1️⃣ 快递 2️⃣ 包装",
    ],
    [
        "superscript",
        "Superscript and subscript",
        "¹³⁸⁰⁰¹³⁸⁰⁰⁰",
        "120m² 或 3m³",
    ],
    [
        "mathematical",
        "Mathematical and segmented digits",
        "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
        "𝟏𝟐𝟑𝟒",
    ],
    ["scripts", "Digits of other scripts", "١٣٨٠٠١٣٨٠٠٠", "١٢٣٤"],
    [
        "letters",
        "Letters that stand for digits",
        "138OO138OO0",
        "ISO9001BOOO",
    ],
    [
        "zero-width",
        "Invisible characters",
        "138\u{200B}0013\u{200B}8000",
        "138\u{200B}0013",
    ],
    [
        "line-break",
        "A line break inside",
        "13800<br>138000",
        "13800<br>2026-03-11",
    ],
    ["filler", "Words between", "138减0013减8000", "138减13"],
    [
        "syllables",
        "Spelt-out syllables",
        "yao san ba ling ling yao san ba ling ling ling",
        "yao san ba",
    ],
    [
        "escapes",
        "Escapes of markup",
        "%31%33%38%30%30%31%33%38%30%30%30",
        "%31%33%38",
    ],
    [
        "reversed",
        "Backwards, with a word that says so",
        "倒着写 00083100831",
        "00083100831",
    ],
    ["masked", "Masked", "138****8000", "138****80001"],
    [
        "abroad",
        "Hong Kong, Macau, Taiwan",
        "+852 61234567",
        "+852 11234567",
    ],
    [
        "local",
        "As dialled in Taiwan, where a label, name or address says so",
        "手機 0928-417-305",
        "0928-417-305",
    ],
];

/// The families of the rule.
pub(super) fn families() -> Vec<Family> {
    ALL.iter()
        .map(|[id, title, example, counter]| Family::new(*id, *title, *example, *counter))
        .collect()
}
