//! The same people, written in every format and encoding, are found with the same values, each under its span.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use miandan::table::script::{simplify, to_simplified};
use miandan::text::span_text;
use miandan::{Encoding, Kind, Scanner};

use crate::support::synth::{self, Person, Rng};

/// Every text format by a telling name.
fn formats(people: &[Person]) -> Vec<(&'static str, String)> {
    let mut rng = Rng::new(2);
    let mut out = vec![
        ("csv", synth::csv(&mut rng, people)),
        ("key-value", synth::key_value(people)),
        ("dashes", synth::dashes(people)),
    ];
    let mut add = |name: &'static str, head: &str, tail: &str, row: &dyn Fn(&Person) -> String| {
        let rows: Vec<String> = people.iter().map(row).collect();
        let comma = if name.starts_with("json-") || name == "sql-values" {
            ",\n"
        } else {
            "\n"
        };
        out.push((name, format!("{head}{}{tail}", rows.join(comma))));
    };
    add(
        "excel-csv",
        "订单导出\r\n\r\n 收货人姓名 ,联系手机(Mobile) ,收货地址 ,物流单号 \r\n",
        "",
        &|p| {
            format!(
                "\"{}\",=\"{}\",\"{}\",\t{}\r",
                p.name, p.mobile, p.address, p.waybill
            )
        },
    );
    add(
        "tsv",
        "receiver_name\treceiver_mobile\treceiver_address\twaybill_no\n",
        "\n",
        &|p| format!("{}\t'{}\t{}\t{}", p.name, p.mobile, p.address, p.waybill),
    );
    add("bars", "", "\n", &|p| {
        format!("{}|{}|{}|{}", p.name, p.mobile, p.address, p.waybill)
    });
    add("jsonl", "", "\n", &|p| json(p, "").replace(",\n", ", "));
    add("json-array", "[\n", "\n]\n", &|p| json(p, ""));
    add(
        "json-search",
        "{\"took\":3,\"hits\":{\"total\":{\"value\":1000},\"hits\":[",
        "]}}",
        &|p| format!("{{\"_index\":\"orders\",\"_source\":{}}}", json(p, "")),
    );
    add("jsonl-bulk", "", "\n", &|p| {
        let order = json(p, "").replace(",\n", ", ");
        format!("{{\"index\":{{\"_index\":\"orders\",\"_id\":\"a7\"}}}}\n{order}")
    });
    add("json-mongo", "[", "]", &|p| {
        json(p, "\"_id\":{\"$oid\":\"5f0c1a2b3c4d5e6f70819293\"},")
    });
    add(
        "sql-insert",
        "CREATE TABLE `goods` (`id` int);\nINSERT INTO `goods` VALUES (1);\nCREATE TABLE `o` (\n  `a` varchar(40) COMMENT '收件人',\n  `b` varchar(20) COMMENT '手机号',\n  `c` varchar(200) COMMENT '收货地址',\n  `d` varchar(30) COMMENT '运单号'\n);\n",
        "\n",
        &|p| {
            format!(
                "INSERT INTO `o` VALUES ('{}','{}','{}','{}');",
                p.name, p.mobile, p.address, p.waybill
            )
        },
    );
    add(
        "sql-values",
        "INSERT INTO o (receiver_name, receiver_mobile, receiver_address, waybill_no) VALUES\n",
        ";\n",
        &|p| {
            format!(
                "('{}','{}','{}','{}')",
                p.name, p.mobile, p.address, p.waybill
            )
        },
    );
    add(
        "sql-copy",
        "COPY public.o (receiver_name, receiver_mobile, receiver_address, waybill_no) FROM stdin;\n",
        "\n\\.\n",
        &|p| format!("{}\t{}\t{}\t{}", p.name, p.mobile, p.address, p.waybill),
    );
    add(
        "html",
        "<!DOCTYPE html><html><body><table><tr><th>收件人</th><th>手机</th><th>地址</th><th>单号</th></tr>\n",
        "\n</table></body></html>\n",
        &|p| {
            let (head, tail) = p.mobile.split_at(3);
            format!(
                "<tr><td>{}</td><td>{head}<b>{tail}</b></td><td>{}</td><td>{}</td></tr>",
                entities(&p.name),
                p.address,
                p.waybill
            )
        },
    );
    add(
        "html-excel",
        "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\n<head><style>\n<!--\n.xl65{mso-number-format:\"\\@\";}\n--></style></head>\n<body>\n<table border=0>\n <tr height=19>\n  <td>收件人</td>\n  <td>手机</td>\n  <td>地址</td>\n  <td>单号</td>\n </tr>\n",
        "</table></body></html>\n",
        &|p| {
            let cell = |text| format!("  <td class=xl65 style='font-family:宋体'>{text}</td>\n");
            let cells = [&p.name, &p.mobile, &p.address, &p.waybill].map(cell);
            format!(" <tr height=19>\n{} </tr>", cells.concat())
        },
    );
    add(
        "mysql-box",
        "+------+\n| receiver_name | receiver_mobile | receiver_address | waybill_no |\n+------+\n",
        "\n+------+\n",
        &|p| {
            format!(
                "| {}  | {} | {}   | {} |",
                p.name, p.mobile, p.address, p.waybill
            )
        },
    );
    add(
        "spaces",
        "  收件人  手机          地址                   单号\n",
        "\n",
        &|p| format!("  {}  {}  {}    {}", p.name, p.mobile, p.address, p.waybill),
    );
    add(
        "xml",
        "<?xml version=\"1.0\"?>\n<orders>\n",
        "\n</orders>\n",
        &|p| {
            format!(
                "<order><name>{}</name><mobile>{}</mobile><address>{}</address><waybill>{}</waybill></order>",
                p.name, p.mobile, p.address, p.waybill
            )
        },
    );
    add("hive", "", "\n", &|p| {
        format!(
            "{}\u{1}{}\u{1}{}\u{1}{}\u{1}\\N",
            p.name, p.mobile, p.address, p.waybill
        )
    });
    add("csv-json", "id,created,body\n", "\n", &|p| {
        let order = json(p, "").replace(",\n", ", ");
        format!("7,2026-05-01,\"{}\"", order.replace('"', "\"\""))
    });
    add("jsonl-json", "", "\n", &|p| {
        let order = json(p, "").replace(",\n", ", ");
        let order = order.replace('\\', "\\\\").replace('"', "\\\"");
        format!("{{\"id\":7,\"body\":\"{order}\"}}")
    });
    add("sql-lines", "", "\n", &|p| {
        format!(
            "insert into ORDERS (RECEIVER_NAME, RECEIVER_MOBILE, RECEIVER_ADDRESS, WAYBILL_NO)\nvalues ('{}', '{}', '{}', '{}');",
            p.name, p.mobile, p.address, p.waybill
        )
    });
    add("log-web", "", "\n", &|p| {
        format!(
            "10.0.0.7 - - [01/May/2026:10:00:01 +0800] \"GET /order?name={}&mobile={}&address={}&waybillNo={} HTTP/1.1\" 200 下单成功",
            percent(&p.name),
            p.mobile,
            percent(&p.address),
            p.waybill
        )
    });
    add("log", "", "\n", &|p| {
        format!(
            "2026-05-01 10:00:01.123 INFO [exec-1] OrderService - create Order(receiver={}, mobile={}, address={}, waybillNo={})",
            p.name, p.mobile, p.address, p.waybill
        )
    });
    out
}

fn json(p: &Person, more: &str) -> String {
    let name = p.name.encode_utf16().fold(String::new(), |mut out, u| {
        let _ = write!(out, "\\u{u:04x}");
        out
    });
    format!(
        "{{{more}\"name\":\"{name}\",\"mobile\":\"{}\",\n\"address\":\"{}\",\"waybill\":\"{}\"}}",
        p.mobile, p.address, p.waybill
    )
}

fn entities(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        let _ = write!(out, "&#{};", c as u32);
        out
    })
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, b| {
        let _ = write!(out, "%{b:02X}");
        out
    })
}

/// The text in the script of Big5, which has no characters for most simplified ones.
fn traditional(text: &str) -> String {
    let mut map = HashMap::new();
    for c in '\u{4E00}'..='\u{9FFF}' {
        let in_big5 = !encoding_rs::BIG5.encode(c.encode_utf8(&mut [0; 4])).2;
        if in_big5 && (to_simplified(c) == c || !map.contains_key(&to_simplified(c))) {
            map.insert(to_simplified(c), c);
        }
    }
    let of = |c: char| map.get(&c).copied().unwrap_or(c);
    text.chars().map(of).collect()
}

fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Big5 => {
            let (bytes, _, unmappable) = encoding_rs::BIG5.encode(text);
            assert!(!unmappable, "no Big5");
            bytes.into_owned()
        }
        Encoding::Gb18030 => encoding_rs::GB18030.encode(text).0.into_owned(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => text.as_bytes().to_vec(),
    }
}

/// `PEOPLE` sets how many there are (a full run takes 1000).
#[test]
fn every_format_in_every_encoding_gives_the_same_people() {
    let count = std::env::var("PEOPLE").ok().and_then(|n| n.parse().ok());
    let mut rng = Rng::new(1);
    let people: Vec<Person> = (0..count.unwrap_or(60))
        .map(|_| synth::person(&mut rng))
        .collect();
    let expected: BTreeSet<(Kind, String)> = people
        .iter()
        .flat_map(|p| {
            [
                (Kind::Name, p.name.clone()),
                (Kind::Mobile, p.mobile.clone()),
                (Kind::Address, p.address.clone()),
                (Kind::Waybill, p.waybill.clone()),
            ]
        })
        .collect();
    let scanner = Scanner::builder()
        .kinds([Kind::Name, Kind::Mobile, Kind::Address, Kind::Waybill])
        .build()
        .expect("valid options");
    let mut scratch = scanner.scratch();
    for (name, text) in formats(&people) {
        for encoding in [
            Encoding::Utf8,
            Encoding::Gb18030,
            Encoding::Utf16Le,
            Encoding::Utf16Be,
            Encoding::Big5,
        ] {
            let bytes = if encoding == Encoding::Big5 {
                encode(&traditional(&text), encoding)
            } else {
                encode(&text, encoding)
            };
            let found = scanner.scan_with(&mut scratch, &bytes);
            let unit = found.unit();
            assert_eq!(unit.encoding, encoding, "{name}");
            let values: BTreeSet<(Kind, String)> = found
                .iter()
                .map(|finding| {
                    // The value is what stands under the span, and nothing else.
                    let own = &bytes[finding.span.range()];
                    let value = span_text(own, encoding, unit.format.escapes());
                    let value = scanner.normalize(finding, &value);
                    (finding.kind, simplify(&value))
                })
                .collect();
            let missing: Vec<_> = expected.difference(&values).take(5).collect();
            let extra: Vec<_> = values.difference(&expected).take(5).collect();
            assert!(
                missing.is_empty() && extra.is_empty(),
                "{name} in {}, read as {:?}: missing {missing:?}, extra {extra:?}",
                encoding.id(),
                unit.format
            );
        }
    }
}
