//! Names in tables: what columns, headers and neighbours make of cells that could be names.

use miandan::{Kind, Scanner};

/// The names in a text, from 0.5 on.
fn names(text: &str) -> Vec<&str> {
    let findings = Scanner::new().expect("built-in rules").scan(text);
    let sure = findings.iter().filter(|f| f.kind == Kind::Name);
    sure.filter(|f| f.confidence.basis() >= 5_000)
        .map(|f| &text[f.span.range()])
        .collect()
}

/// Usual names for the rows of a table.
const USUAL: [&str; 8] = [
    "柯慧明",
    "祝晓蕾",
    "邓立新",
    "曹文博",
    "傅雨桐",
    "曾国华",
    "彭欣怡",
    "吕振宇",
];

/// A table of `rows` rows, made by `row` from a usual name and the number of the row.
fn table(header: &str, rows: usize, row: impl Fn(&str, usize) -> String) -> String {
    let lines = (0..rows).map(|i| row(USUAL[i % USUAL.len()], i));
    header.to_owned() + &lines.collect::<String>()
}

#[test]
fn a_header_lifts_words_and_unlisted_surnames() {
    let text = table("序号,姓名,电话\n", 8, |name, i| {
        let name = match i {
            3 => "方便",
            5 => "黄金",
            6 => "她欣怡",
            _ => name,
        };
        format!("{i},{name},1380000{i:04}\n")
    });
    let found = names(&text);
    assert_eq!(found.len(), 8, "{found:?}");
    for rare in ["方便", "黄金", "她欣怡"] {
        assert!(found.contains(&rare), "{rare} in {found:?}");
    }
}

#[test]
fn a_column_that_holds_names_lifts_the_rest_of_it() {
    let text = table("", 12, |name, i| {
        let name = if i == 7 { "高兴" } else { name };
        format!("YT88000000000{i:02},{name},1380000{i:04},白色\n")
    });
    let found = names(&text);
    assert!(found.contains(&"高兴") && found.len() == 12, "{found:?}");
}

#[test]
fn a_column_of_a_few_values_holds_no_names() {
    let text = table("", 40, |_, i| {
        let state = ["黄马甲", "金币", "高管"][i % 3];
        format!("{i},{state},备货\n")
    });
    assert_eq!(names(&text), [""; 0]);
}

#[test]
fn beside_a_column_of_names_other_cells_are_none() {
    let text = table("单号,收件人,电话,渠道\n", 30, |name, i| {
        let via = ["时代", "金冠", "安达", "云集"][i % 4];
        format!("YT88000000000{i:02},{name},1380000{i:04},{via}\n")
    });
    let found = names(&text);
    assert!(
        found.len() == 30 && found.iter().all(|n| USUAL.contains(n)),
        "{found:?}"
    );
}

#[test]
fn the_only_name_of_a_record_may_be_a_word() {
    assert_eq!(names("YT8800000000001 | 高兴 | 13800000001"), ["高兴"]);
    assert_eq!(names("客户等级：普通\n电话：13800000001"), [""; 0]);
    assert_eq!(names("今天很高兴，天气也不错"), [""; 0]);
}

#[test]
fn the_head_of_an_endless_roster_is_read() {
    let roster = USUAL.concat().repeat(2_000);
    let found = names(&roster);
    let right = found.iter().filter(|n| USUAL.contains(n)).count();
    assert!(
        found.len() > 300 && 5 * right > 4 * found.len(),
        "{right} of {}",
        found.len()
    );
}
