//! Inputs to measure speed on, by name: dumps, listings, clean text, and texts made to be slow. Same name, same bytes.

#![allow(unreachable_pub)]

use crate::synth::{self, Rng};

/// The dumps and texts, by size in people (clean text: in rows of 142 bytes).
pub const ORDINARY: [&str; 5] = ["csv", "csv-gb18030", "key-value", "listing", "prose"];

/// Texts that cost a careless scanner most, by size in rows of 142 bytes.
pub const ADVERSARIAL: [&str; 21] = [
    "digits",
    "commas",
    "surnames",
    "roster",
    "rare-characters",
    "divisions",
    "near-mobiles",
    "separators",
    "suffixes",
    "dates",
    "full-width-digits",
    "han-digits",
    "random-bytes",
    "one-line-csv",
    "open-brackets",
    "towns",
    "storeys",
    "house-numbers",
    "one-city",
    "comma-suffixes",
    "one-han-run",
];

/// A listing of 400 bytes as a moderation queue sees it, about goods that have to do with couriers' labels.
const ONE_LISTING: &str = "全新热敏打印纸 100*180 电子面单通用，500张一卷，三防防水，现货当天发，整箱20卷包邮，支持定制，\
    量大联系客服改价，有质量问题包退换。适用于各大快递公司的便携和台式打印机，不卡纸不掉粉，字迹清晰保存时间长，\
    驿站和网店常年采购，老客户下单立减，七天无理由退货，节假日照常发货";

/// Bytes of a row of the dense table, the unit of size.
pub const ROW: usize = 142;

/// The haystack of this name, `None` for a name that is none.
pub fn haystack(name: &str, n: usize) -> Option<Vec<u8>> {
    let mut rng = Rng::new(1);
    let bytes = n * ROW;
    let people = |rng: &mut Rng| -> Vec<_> { (0..n).map(|_| synth::person(rng)).collect() };
    Some(match name {
        "csv" | "csv-gb18030" | "one-line-csv" => {
            let people = people(&mut rng);
            let csv = synth::csv(&mut rng, &people);
            match name {
                "csv" => csv.into_bytes(),
                "one-line-csv" => csv.replace('\n', ",").into_bytes(),
                _ => encoding_rs::GB18030.encode(&csv).0.into_owned(),
            }
        }
        "key-value" => synth::key_value(&people(&mut rng)).into_bytes(),
        "one-listing" => ONE_LISTING.as_bytes().to_vec(),
        "prose" => synth::prose(&mut rng, bytes).into_bytes(),
        "listing" => {
            let people = people(&mut rng);
            let mut out = Vec::new();
            for (i, person) in people.iter().enumerate() {
                let line = if i % 50 == 0 {
                    synth::leaking_listing(&mut rng, i, person)
                } else {
                    synth::listing(&mut rng, i)
                };
                out.extend_from_slice(line.as_bytes());
                out.push(b'\n');
            }
            out
        }
        "digits" => repeat(bytes, |out| {
            out.push(char::from(b'0' + rng.below(10) as u8));
        }),
        "commas" => ",".repeat(bytes).into_bytes(),
        "surnames" => repeat(bytes, |out| out.push_str(rng.pick(synth::SURNAMES))),
        "roster" => repeat(bytes, |out| out.push_str(&synth::name(&mut rng))),
        // U+20000 and what follows, with a surname now and then.
        "rare-characters" => repeat(bytes, |out| {
            if rng.below(8) == 0 {
                out.push_str(rng.pick(synth::SURNAMES));
            }
            out.push(char::from_u32(0x20000 + rng.below(0xA6E0) as u32).unwrap_or('𠀀'));
        }),
        "divisions" => "省市区".repeat(bytes / 9).into_bytes(),
        "near-mobiles" => "13".repeat(bytes / 2).into_bytes(),
        "separators" => "1-3-8-".repeat(bytes / 6).into_bytes(),
        "suffixes" => repeat(bytes, |out| {
            out.push_str(rng.pick(&["路", "街", "号", "区", "镇", "村", "室", "栋"]));
        }),
        "dates" => repeat(bytes, |out| {
            out.push_str(&synth::date(&mut rng));
            out.push(' ');
        }),
        "full-width-digits" => repeat(bytes, |out| {
            out.push(char::from_u32(0xFF10 + rng.below(10) as u32).unwrap_or('０'));
        }),
        "han-digits" => repeat(bytes, |out| {
            out.push_str(rng.pick(&["一", "二", "三", "四", "五", "六", "七", "八", "九", "零"]));
        }),
        "open-brackets" => "路1(2".repeat(bytes / 6).into_bytes(),
        "towns" => "城关镇".repeat(bytes / 9).into_bytes(),
        "storeys" => "1楼(".repeat(bytes / 5).into_bytes(),
        "house-numbers" => repeat(bytes, |out| *out += &format!("{}号", rng.below(1000))),
        "one-city" => "北京市".repeat(bytes / 9).into_bytes(),
        "comma-suffixes" => repeat(bytes, |out| {
            out.push_str(rng.pick(&["路,", "街，", "号,", "区,", "镇，", "村,", "室，", "栋,"]));
        }),
        "one-han-run" => repeat(bytes, |out| {
            out.push(char::from_u32(0x4E00 + rng.below(0x5000) as u32).unwrap_or('一'));
        }),
        "random-bytes" => (0..bytes).map(|_| rng.next() as u8).collect(),
        _ => return None,
    })
}

fn repeat(bytes: usize, mut push: impl FnMut(&mut String)) -> Vec<u8> {
    let mut out = String::with_capacity(bytes + 16);
    while out.len() < bytes {
        push(&mut out);
    }
    out.into_bytes()
}
