//! The front door on whole inputs: tables, JSON, label blocks, records, bad input.

use miandan::{Encoding, Format, Kind, Scanner};

use crate::support::synth::{self, Person, Rng};

fn people(n: usize) -> Vec<Person> {
    let mut rng = Rng::new(11);
    (0..n).map(|_| synth::person(&mut rng)).collect()
}

fn scanner() -> Scanner {
    Scanner::new().expect("a scanner")
}

/// How many people come back as one record with name, mobile, address and waybill as written.
fn found_whole(bytes: &[u8], people: &[Person]) -> usize {
    let found = scanner().scan(bytes);
    people
        .iter()
        .filter(|p| {
            found.records().iter().any(|r| {
                let is = |kind, wanted: &str| {
                    r.field(kind)
                        .is_some_and(|i| found.value(bytes, &found.as_slice()[i]) == wanted)
                };
                is(Kind::Name, &p.name)
                    && is(Kind::Mobile, &p.mobile)
                    && is(Kind::Address, &p.address)
                    && is(Kind::Waybill, &p.waybill)
            })
        })
        .count()
}

#[test]
fn people_come_back_from_every_layout() {
    let people = people(40);
    let mut rng = Rng::new(3);
    let tsv = people.iter().fold(
        "姓名\t手机号\t地址\t快递单号\n".to_owned(),
        |t, p| t + &format!("{}\t{}\t{}\t{}\n", p.name, p.mobile, p.address, p.waybill),
    );
    let pipes = people.iter().fold(String::new(), |t, p| {
        t + &format!("{}|{}|{}|{}\n", p.name, p.mobile, p.address, p.waybill)
    });
    let blocks = people.iter().fold(String::new(), |t, p| {
        t + &format!(
            "收件人：{}\n电话：{}\n地址：{}\n单号：{}\n\n",
            p.name, p.mobile, p.address, p.waybill
        )
    });
    let json = people.iter().fold(String::new(), |t, p| {
        t + &format!(
            "{{\"receiver_name\":\"{}\",\"receiver_mobile\":\"{}\",\"receiver_address\":\"{}\",\"waybill_no\":\"{}\"}}\n",
            p.name, p.mobile, p.address, p.waybill
        )
    });
    let sql = people.iter().fold(
        "CREATE TABLE `orders` (\n  `receiver_name` varchar(20),\n  `mobile` varchar(20),\n  `address` text,\n  `waybill_no` varchar(30)\n);\n"
            .to_owned(),
        |t, p| {
            t + &format!("INSERT INTO `orders` VALUES ('{}','{}','{}','{}');\n", p.name, p.mobile, p.address, p.waybill)
        },
    );
    let layouts = [
        ("csv", synth::csv(&mut rng, &people)),
        ("key value", synth::key_value(&people)),
        ("dashes", synth::dashes(&people)),
        ("tsv", tsv),
        ("pipes", pipes),
        ("label blocks", blocks),
        ("json lines", json),
        ("sql", sql),
    ];
    let mut weak = Vec::new();
    for (layout, text) in layouts {
        let whole = found_whole(text.as_bytes(), &people);
        if whole * 100 < people.len() * 95 {
            weak.push(format!("{layout}: {whole} of {}", people.len()));
        }
    }
    assert!(weak.is_empty(), "{weak:?}");
}

#[cfg(feature = "encodings")]
#[test]
fn a_gb18030_table_gives_the_same_people() {
    let people = people(40);
    let csv = synth::csv(&mut Rng::new(3), &people);
    let (bytes, _, _) = encoding_rs::GB18030.encode(&csv);
    let found = scanner().scan(bytes.as_ref());
    assert_eq!(found.unit().encoding, Encoding::Gb18030);
    assert!(matches!(found.unit().format, Format::Table { .. }));
    let utf8 = scanner().scan(&csv);
    assert_eq!(found.len(), utf8.len());
    for (gb, plain) in found.iter().zip(&utf8) {
        assert_eq!(gb.kind, plain.kind);
        assert_eq!(found.value(bytes.as_ref(), gb), utf8.value(&csv, plain));
    }
}

#[test]
fn a_header_outweighs_that_a_record_wants_a_name() {
    let rows = |header: &str| {
        format!(
            "单号,{header},电话\nYT8800081929066,白桦,18100000001\nYT8800081929081,高管,18100000002\n"
        )
    };
    let names = |text: &str| scanner().scan(text).of(Kind::Name).count();
    assert_eq!(names(&rows("收件人")), 2);
    assert_eq!(names(&rows("状态")), 0);
}

#[test]
fn a_key_with_few_values_holds_no_names() {
    let line = |i: usize| {
        let surname = ["柯", "祝", "邵", "严", "温", "葛"][i % 6];
        let given = ["慧明", "晓蕾", "文博", "雅琴", "立新", "桂英"][i / 6];
        let name = format!("{surname}{given}");
        let state = ["高管", "金币", "黄马甲"][i % 3];
        format!("{{\"id\":{i},\"nm\":\"{name}\",\"st\":\"{state}\",\"tel\":\"1810000{i:04}\"}}\n")
    };
    let text: String = (0..36).map(line).collect();
    let found = scanner().scan(&text);
    let names: Vec<&str> = found
        .of(Kind::Name)
        .map(|f| &text[f.span.range()])
        .collect();
    assert_eq!(names.len(), 36);
    assert!(!names.contains(&"黄马甲"));
}

#[test]
fn columns_and_rows_are_told() {
    let text = "订单号,收件人,手机\n2001,张伟,13812345678\n2002,李娜,13987654321\n";
    let found = scanner().scan(text);
    let mobile = found
        .iter()
        .position(|f| f.kind == Kind::Mobile)
        .expect("a mobile");
    let place = found.place(mobile).expect("a place");
    assert_eq!((place.line, place.row, place.column), (2, 1, 3));
    assert_eq!(found.rows(), 2);
}

#[test]
fn sender_and_receiver_are_two_records() {
    let text = "寄件人：张伟 电话：13812345678 地址：浙江省杭州市西湖区文三路128号\n\
                收件人：李娜 电话：13987654321 地址：广东省深圳市南山区科技路9号 单号：SF1234567890123\n";
    let found = scanner().scan(text);
    let roles: Vec<&str> = found.records().iter().map(|r| r.role.id()).collect();
    assert_eq!(roles, ["sender", "receiver"]);
    assert!(found.records()[1].field(Kind::Waybill).is_some());
}

#[test]
fn several_people_in_one_listing() {
    let text = r#"{"id":"1","text":"样品：\n张伟 13812345678 浙江省杭州市西湖区文三路128号\n李娜 13987654321 广东省深圳市南山区科技路9号\n"}"#;
    let found = scanner().scan(text);
    assert_eq!(found.records().len(), 2);
    assert!(found.records().iter().all(miandan::Record::is_complete));
}

#[test]
fn broken_bytes_are_a_warning_and_not_the_end() {
    let mut bytes = "电话：13812345678\n".as_bytes().to_vec();
    bytes.extend_from_slice(b"\xff\xfe\xfd\n");
    bytes.extend_from_slice("电话：13987654321\n".as_bytes());
    let found = scanner().scan(miandan::Input::new(&bytes).encoding(Encoding::Utf8));
    assert_eq!(found.of(Kind::Mobile).count(), 2);
    assert!(
        found
            .warnings()
            .iter()
            .any(|w| w.code == "decode.malformed" && w.loss)
    );
}

#[test]
fn empty_and_odd_inputs_are_fine() {
    for bytes in [
        &b""[..],
        b"\n",
        b"\0\0\0\0",
        b"\"",
        b",,,\n,,\n",
        b"{",
        b"\xef\xbb\xbf",
    ] {
        let found = scanner().scan(bytes);
        assert!(found.is_empty());
    }
}

#[test]
fn options_are_checked() {
    assert!(Scanner::builder().min_confidence(1.5).build().is_err());
    assert!(Scanner::builder().kinds([]).build().is_err());
}
