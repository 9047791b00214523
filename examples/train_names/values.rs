//! Values that stand beside names in invented lines. All are made up.

use miandan::table::region;

use crate::random::Random;

/// Names of counties, cities and provinces, in full and without their last character.
pub(crate) fn places() -> Vec<String> {
    let mut list = Vec::new();
    let mut open: Vec<_> = (11..=65)
        .filter_map(|p| region::by_code(p * 10_000))
        .collect();
    while let Some(division) = open.pop() {
        let name = division.name.text();
        if (2..=5).contains(&name.chars().count()) {
            list.push(name.to_owned());
        }
        let short = name.trim_end_matches(['省', '市', '区', '县']);
        if (2..=4).contains(&short.chars().count()) && short != name {
            list.push(short.to_owned());
        }
        if division.code % 100 == 0 {
            open.extend(region::children(division.code));
        }
    }
    list
}

/// Appends `n` digits.
pub(crate) fn digits(out: &mut String, n: usize, random: &mut Random) {
    out.extend((0..n).map(|_| char::from(b'0' + random.below(10) as u8)));
}

/// A mobile number, now and then masked, divided or a fixed line.
pub(crate) fn mobile(random: &mut Random) -> String {
    let mut m = format!("1{}", 3 + random.below(7));
    digits(&mut m, 9, random);
    match random.below(12) {
        0 => format!("{}-{}-{}", &m[..3], &m[3..7], &m[7..]),
        1 => format!("{} {} {}", &m[..3], &m[3..7], &m[7..]),
        2 => format!("{}****{}", &m[..3], &m[7..]),
        3 => format!("0{}-{}", &m[1..4], &m[4..]),
        _ => m,
    }
}

/// A waybill serial, with or without letters.
pub(crate) fn waybill(random: &mut Random) -> String {
    let mut w = String::from(*random.pick(&["SF", "YT", "ZT", "JT", "JD", "", "", "EMS", "ST"]));
    digits(&mut w, 10 + random.below(6), random);
    w
}

/// A date, written in one of three ways.
pub(crate) fn date(random: &mut Random) -> String {
    let (year, month, day) = (
        2015 + random.below(11),
        1 + random.below(12),
        1 + random.below(28),
    );
    match random.below(3) {
        0 => format!("{year}-{month:02}-{day:02}"),
        1 => format!("{year}年{month}月{day}日"),
        _ => format!(
            "{year}/{month}/{day} {}:{:02}",
            random.below(24),
            random.below(60)
        ),
    }
}
