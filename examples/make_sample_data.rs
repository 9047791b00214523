//! Writes the sample data under `examples/data/`. Everybody in it is invented.
//!
//! ```sh
//! cargo run --example make_sample_data
//! ```

use std::fmt::Write as _;
use std::path::Path;

#[allow(dead_code)]
#[path = "../tests/support/synth.rs"]
mod synth;

use synth::{Person, Rng};

fn main() -> std::io::Result<()> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    std::fs::create_dir_all(&dir)?;
    let mut rng = Rng::new(20_261_123);
    let people: Vec<Person> = (0..60).map(|_| synth::person(&mut rng)).collect();
    let csv = synth::csv(&mut rng, &people);
    let (gb18030, _, _) = encoding_rs::GB18030.encode(&csv);
    std::fs::write(dir.join("courier_dump_gb18030.csv"), gb18030)?;
    std::fs::write(dir.join("courier_dump_dashes.txt"), synth::dashes(&people))?;
    std::fs::write(dir.join("listings.jsonl"), listings(&mut rng, &people))?;
    std::fs::write(dir.join("chat.txt"), chat(&people[..6]))?;
    std::fs::write(dir.join("order_sheet.csv"), order_sheet(&mut rng))
}

/// Two hundred listings, one in ten of which sells data and shows a sample.
fn listings(rng: &mut Rng, people: &[Person]) -> String {
    let mut out = String::new();
    for i in 0..200 {
        let line = if i % 10 == 3 {
            synth::leaking_listing(rng, i, &people[i % people.len()])
        } else {
            synth::listing(rng, i)
        };
        let _ = writeln!(out, "{line}");
    }
    out
}

/// A chat in which data are asked for and sent.
fn chat(people: &[Person]) -> String {
    let mut out =
        String::from("[10:02] 买家: 在吗 今天的单有没有\n[10:03] 料商: 有的 先发几条样品你看\n");
    for (i, p) in people.iter().enumerate() {
        let _ = match i % 3 {
            0 => writeln!(
                out,
                "[10:{:02}] 料商: {} {} {}",
                i + 4,
                p.name,
                p.mobile,
                p.address
            ),
            1 => writeln!(
                out,
                "[10:{:02}] 料商: 收件人：{}，电话：{}，地址：{}",
                i + 4,
                p.name,
                p.mobile,
                p.address
            ),
            _ => writeln!(
                out,
                "[10:{:02}] 料商: 单号{} {}收 {}",
                i + 4,
                p.waybill,
                p.name,
                p.mobile
            ),
        };
    }
    out.push_str("[10:20] 买家: 一千条起多少\n[10:21] 料商: 一元一条 量大再谈\n");
    out
}

/// Orders with a sender and a receiver each.
fn order_sheet(rng: &mut Rng) -> String {
    let mut out = String::from(
        "订单编号,运单号,寄件人,寄件人电话,寄件地址,收件人,收件人电话,收件地址,商品\n",
    );
    let shop = synth::person(rng);
    for i in 0..30 {
        let p = synth::person(rng);
        let _ = writeln!(
            out,
            "{},{},{},{},{},{},{},{},保温杯",
            20_260_000 + i,
            p.waybill,
            shop.name,
            shop.mobile,
            shop.address,
            p.name,
            p.mobile,
            p.address
        );
    }
    out
}
