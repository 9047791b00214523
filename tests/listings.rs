//! Listings that carry records, in every layout, against listings with a shop's own details.

use miandan::listing::{Class, Found, Listing, assess};
use miandan::{Format, Input, Kind, Scanner};

use super::support::layouts::{Dump, LAYOUTS};
use super::support::synth::{Rng, person};

fn class(scanner: &Scanner, text: &str) -> Class {
    let findings = scanner.scan(Input::new(text).format(Format::Text));
    assess(&Listing::from(text), Found::from(&findings)).class
}

/// The dump with the middle of every mobile number and the end of every name hidden.
fn masked(dump: &Dump) -> String {
    let mut values: Vec<_> = dump.people.iter().flatten().collect();
    values.sort_by_key(|(_, range)| range.start);
    let (mut out, mut at) = (String::new(), 0);
    for (kind, range) in values {
        let value = &dump.text[range.clone()];
        out.push_str(&dump.text[at..range.start]);
        match kind {
            Kind::Mobile => out += &format!("{}****{}", &value[..3], &value[7..]),
            Kind::Name => {
                let mut chars = value.chars();
                out.extend(chars.next());
                out.extend(chars.map(|_| '*'));
            }
            _ => out.push_str(value),
        }
        at = range.end;
    }
    out + &dump.text[at..]
}

#[test]
fn samples_are_found_in_every_layout_plain_and_masked() {
    let scanner = Scanner::new().expect("a scanner");
    let (mut all, mut missed) = (0, Vec::new());
    for (name, make) in LAYOUTS {
        for seed in 0..6 {
            let dump = make(&mut Rng::new(900 + seed), 4);
            for (how, text) in [("plain", dump.text.clone()), ("masked", masked(&dump))] {
                all += 1;
                if class(&scanner, &text) != Class::LeakSample {
                    missed.push(format!("{name}, {how}, seed {seed}"));
                }
            }
        }
    }
    assert!(
        missed.len() * 100 <= 3 * all,
        "{} of {all} missed: {missed:#?}",
        missed.len()
    );
}

#[test]
fn a_shops_own_details_are_no_sample() {
    let scanner = Scanner::new().expect("a scanner");
    let mut rng = Rng::new(17);
    let mut alarms = Vec::new();
    for _ in 0..20 {
        let p = person(&mut rng);
        let (name, mobile, address) = (&p.name, &p.mobile, &p.address);
        for text in [
            format!("退货请寄 {address} {name}收 {mobile} 拒收到付"),
            format!("门店地址：{address}，营业时间9点到21点，电话 {mobile}，欢迎到店"),
            format!("诚聘打包工，日结，面试地址{address}，联系{name}{mobile}"),
            format!("房东直租两居室，{address}，看房联系{mobile}，中介勿扰"),
            format!("本厂主营纸箱，{address}，业务{name} {mobile}，支持定制，量大从优"),
            format!("售后问题请打 {mobile}，保修一年，寄修地址：{address}"),
        ] {
            if class(&scanner, &text) == Class::LeakSample {
                alarms.push(text);
            }
        }
    }
    assert!(alarms.len() <= 2, "{alarms:#?}");
}

#[test]
fn saying_it_again_does_not_hide_an_offer() {
    let scanner = Scanner::new().expect("a scanner");
    let offer = "出售面单数据 一手 每条八角 千起 ";
    for times in [1, 5, 50, 5_000] {
        assert_eq!(
            class(&scanner, &offer.repeat(times)),
            Class::SellsData,
            "{times} times"
        );
    }
}

#[test]
fn one_sample_does_not_hide_an_offer() {
    let scanner = Scanner::new().expect("a scanner");
    let mut rng = Rng::new(23);
    let mut missed = Vec::new();
    for _ in 0..20 {
        let p = person(&mut rng);
        let sample = format!("{} {} {}，{}", p.name, p.mobile, p.address, p.waybill);
        for offer in [
            "实时面单料 一手 千条起",
            "网购订单数据 当天 一元一条",
            "快递单号带信息 每天更新",
        ] {
            let text = format!("{offer}，样品：{sample}，量大优惠");
            if class(&scanner, &text) == Class::Benign {
                missed.push(text);
            }
        }
    }
    assert!(missed.len() <= 2, "{} missed: {missed:#?}", missed.len());
}

#[test]
fn every_seller_of_the_shipped_export_is_told_from_its_shops() {
    let scanner = Scanner::new().expect("a scanner");
    let export = include_str!("../examples/data/listings.jsonl");
    let (mut sellers, mut wrong) = (0, Vec::new());
    for line in export.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let (title, text) = (
            row["title"].as_str().unwrap(),
            row["text"].as_str().unwrap(),
        );
        // Only sellers show a customer.
        let sells = text.contains("样品：");
        sellers += usize::from(sells);
        let input = format!("{title}\n{text}");
        let findings = scanner.scan(Input::new(&input).format(Format::Text));
        let assessed = assess(&Listing::new(title, text), Found::from(&findings));
        if (assessed.class != Class::Benign) != sells {
            wrong.push(line);
        }
    }
    assert_eq!(sellers, 20);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
