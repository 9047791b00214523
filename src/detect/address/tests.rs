use super::*;

/// Findings with a score of at least `floor` milli-logits.
fn found(text: &str, floor: i32) -> Vec<(String, Form)> {
    let mut out = Vec::new();
    AddressDetector.detect(&View::new(text), &mut out);
    out.iter()
        .filter(|c| TABLE.score(c.evidence, c.measured) >= floor)
        .map(|c| (text[c.span.range()].to_owned(), c.form))
        .collect()
}

/// What a label, a lone field or a mobile number next to the address is worth.
const NEEDS_CONTEXT: i32 = -1500;

#[derive(serde::Deserialize)]
struct Corpus {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    text: String,
    #[serde(default)]
    findings: Vec<Expected>,
}

#[derive(serde::Deserialize)]
struct Expected {
    text: String,
    form: Option<Form>,
}

#[test]
fn the_corpus_holds() {
    let corpus: Corpus =
        toml::from_str(include_str!("../../../tests/corpus/address.toml")).expect("valid TOML");
    for case in corpus.case {
        let have = found(
            &case.text,
            if case.findings.is_empty() {
                0
            } else {
                NEEDS_CONTEXT
            },
        );
        let want: Vec<_> = case
            .findings
            .into_iter()
            .map(|f| (f.text, f.form.unwrap_or_default()))
            .collect();
        assert_eq!(have, want, "{}", case.name);
    }
}

#[test]
fn examples_of_the_card_hold() {
    for text in CARD.examples {
        assert_eq!(found(text, 0).len(), 1, "{text}");
    }
    for text in CARD.counter_examples {
        assert_eq!(found(text, 0), [], "{text}");
    }
}

#[test]
fn codes_come_with_the_finding() {
    let mut out = Vec::new();
    AddressDetector.detect(&View::new("杭州市西湖区古荡街道文三路18号"), &mut out);
    let [
        Candidate {
            detail: Detail::Address(detail),
            ..
        },
    ] = out[..]
    else {
        panic!("one address")
    };
    assert_eq!(
        (detail.province, detail.city, detail.county, detail.town),
        (330_000, 330_100, 330_106, 330_106_014)
    );
    assert_eq!((detail.grade, detail.ambiguous), (Grade::Door, false));
}

#[test]
fn odd_texts_do_no_harm() {
    for text in [
        "",
        "市",
        "省市区",
        "号",
        "1号",
        "（（（路",
        "路\u{0}街",
        "𠮷路𠮷号",
        "浙江省\u{301}杭州市",
        "***路***",
    ] {
        found(&text.repeat(50), i32::MIN);
    }
}

#[test]
fn many_names_are_resolved_as_the_first_ones() {
    let mut out = Vec::new();
    let text = format!("浙江省杭州市{}文三路18号", "城关镇".repeat(20));
    AddressDetector.detect(&View::new(&text), &mut out);
    assert!(matches!(out[0].detail, Detail::Address(detail) if detail.city == 330_100));
}

/// Texts that have an anchor every few characters, by what is repeated in them.
const FLOODS: [&str; 17] = [
    "路1(2",
    "路1(路1(",
    "1楼(",
    "东区(",
    "(路",
    "12号34号",
    "1号-",
    "北京市",
    "城关镇",
    "浙江省杭州市西湖区",
    "中山路12号 解放街3栋,",
    "路,街，号,",
    "村镇,",
    "朝阳",
    "路 1 ",
    "小区里1号(2楼",
    "张三1-200",
];

#[test]
fn the_work_is_linear_whatever_the_text() {
    for unit in FLOODS {
        let text = unit.repeat(60_000 / unit.len());
        let mut scratch = Scratch::default();
        scan(&View::new(&text), &mut scratch, &mut Vec::new());
        let characters = text.chars().count();
        let (read, walked) = (scratch.window.read_so_far(), scratch.seen.walked);
        assert!(read < 3 * characters, "{unit}: {read} of {characters} read");
        assert!(
            walked < 4 * characters,
            "{unit}: {walked} of {characters} walked"
        );
    }
}

#[test]
fn an_address_behind_a_flood_is_found() {
    let address = "浙江省杭州市西湖区古荡街道文三路18号2栋3单元501室";
    for unit in FLOODS {
        let text = format!("{}\n{address}", unit.repeat(200));
        let have = found(&text, 0);
        assert!(have.iter().any(|(text, _)| text == address), "{unit}");
    }
}

#[test]
fn a_word_in_a_sentence_is_no_candidate_unless_a_number_stands_near() {
    assert_eq!(found("酒店还行，人民路不好找，下次不来", i32::MIN), []);
    assert_eq!(
        found("酒店还行，人民路，电话13812345678", i32::MIN).len(),
        1
    );
    assert_eq!(found("人民路，下次不来", i32::MIN).len(), 1);
}

#[test]
fn addresses_of_the_plain_form_are_composed_as_all_others() {
    let heads = [
        "浙江省杭州市西湖区",
        "上海市浦东新区",
        "广东汕尾市城区马宫街道",
        "城区",
        "云南省城区",
        "浙江省浙江省杭州市",
        "宁波市宁波市中国浙江省",
        "北京市北京朝阳区",
        "從江縣從江县",
        "吉林省吉林市中山",
        "四川省我都市武侯区",
    ];
    let tails = [
        "",
        "文三路18号",
        "文三路18号2栋3单元501室",
        "中山北路1",
        "人民路3室2厅",
        "大学路12号1楼",
        "上城镇三里屯村5组",
        "三道街310012",
        "花园新村12345678",
        "公司门口12号收",
        "长江路8号在家的",
        "城东工业园区",
        "桂花园五区对面茶叶市场7号",
        "新华书店",
        "文三路18号A座12-501",
        "幸福小区5-2-301",
        "SOHO大厦b座1201",
        "长江路138-1234-5678",
        "长江路86-13812345678号",
        "长江路-西湖区12-a",
        "东街12--3号",
        "东街-",
        "中心3a",
    ];
    let ends = [
        "",
        "\n",
        ",茶叶,",
        "，浙江省",
        ",12号",
        "\"",
        ",,茶叶",
        " 张三",
        "13812345678",
    ];
    let (mut buffer, mut seen, mut plain) = (plain::Buffer::default(), Seen::default(), 0);
    for ((head, tail), end) in heads
        .iter()
        .flat_map(|head| tails.map(|tail| (head, tail)))
        .flat_map(|pair| ends.map(|end| (pair, end)))
    {
        let text = format!("产地,{head}{tail}{end}");
        let (reader, low) = (Reader::new(&text), "产地,".len());
        for (i, _) in text[low..].char_indices() {
            let Some(body) = plain::compose(&reader, low, low + i, &mut buffer, &mut seen) else {
                continue;
            };
            let resolved = Memo::default().resolve(&seen.divisions);
            let found = candidate(&body, &seen, &resolved);
            assert_eq!(
                Some(found),
                composed_otherwise(&reader, low, low + i),
                "{text}"
            );
            if plain::is_sure(low, low + i, &seen) && plain::may_end_division(&reader, low + i) {
                assert_eq!(
                    anchor::judge(&reader, low + i),
                    Some(Strength::Division),
                    "{text}"
                );
            }
            plain += 1;
        }
    }
    assert!(plain > 1000, "{plain}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2_000))]

    #[test]
    fn addresses_of_any_pieces_are_composed_as_all_others(
        pieces in proptest::collection::vec(0..1_000_usize, 1..8),
        end in 0..4_usize,
    ) {
        const PIECES: [&str; 30] = [
            "浙江省", "杭州市", "西湖区", "吉林", "朝阳", "城区", "中国", "北京市", "三里屯", "我", "的", "文三路", "中山北", "道", "18", "号", "3",
            "单元", "501室", "A", "-", "12-3", "花园", "公司", "对面", "一", "310012", "市", "镇", "新",
        ];
        let words: Vec<&str> = words::all().collect();
        let piece = |n: &usize| match n % 3 {
            0 => words[n / 3 % words.len()],
            _ => PIECES[n / 3 % PIECES.len()],
        };
        let address: String = pieces.iter().map(piece).collect();
        let text = format!("产地,浙江省{address}{}", ["", ",茶叶,", "\n", "，12"][end]);
        let (reader, low) = (Reader::new(&text), "产地,".len());
        let (mut buffer, mut seen) = (plain::Buffer::default(), Seen::default());
        for (i, _) in text[low..].char_indices() {
            let Some(body) = plain::compose(&reader, low, low + i, &mut buffer, &mut seen) else {
                continue;
            };
            let resolved = Memo::default().resolve(&seen.divisions);
            let found = candidate(&body, &seen, &resolved);
            let other = composed_otherwise(&reader, low, low + i);
            proptest::prop_assert_eq!(Some(found), other, "{}", text);
        }
    }
}

#[test]
fn digits_are_not_noted() {
    // They are read without a look at it.
    assert!(('0'..='9').all(|c| !glyph::is(c, class::NOTED)));
}
