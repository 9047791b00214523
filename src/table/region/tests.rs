use super::*;

static REGIONS: &str = include_str!("../raw/regions.tsv");
static TOWNS: &str = include_str!("../raw/towns.tsv");

/// Name, code, parent, tier and flags of every row of the source tables.
fn source() -> Vec<(&'static str, u32, u32, Tier, Flags)> {
    let flags = |text: &str| {
        Flags(text.bytes().fold(0, |set, b| {
            set | match b {
                b'z' => Flags::ZONE,
                b'f' => Flags::FORMER,
                b'a' => Flags::AMBIGUOUS,
                b'w' => Flags::EVERYDAY,
                _ => 0,
            }
        }))
    };
    let mut rows = Vec::new();
    let data = |text: &'static str| text.lines().filter(|l| !l.starts_with('#'));
    for line in data(REGIONS) {
        let fields: Vec<&str> = line.split('\t').collect();
        let code = fields[0].parse().expect("a code");
        let tier = match fields[1] {
            "p" => Tier::Province,
            "c" => Tier::City,
            _ => Tier::County,
        };
        let parent = fields[2].parse().expect("a code");
        rows.push((fields[4], code, parent, tier, flags(fields[3])));
        for form in &fields[5..] {
            let (name, marks) = form.split_once(':').expect("flags");
            let marks = Flags(flags(marks).0 | flags(fields[3]).0 | Flags::SHORT);
            rows.push((name, code, parent, tier, marks));
        }
    }
    for line in data(TOWNS) {
        let (county, towns) = line.split_once('\t').expect("two fields");
        let parent: u32 = county.parse().expect("a code");
        for town in towns.split(',') {
            let (number, name) = town.split_at(3);
            let code = parent * 1000 + number.parse::<u32>().expect("a number");
            rows.push((name, code, parent, Tier::Town, Flags::default()));
        }
    }
    rows
}

#[test]
fn the_packed_tables_hold_the_source_tables() {
    let mut want = source();
    let mut have: Vec<_> = packed::names()
        .flat_map(Name::divisions)
        .map(|r| (r.name.text(), r.code, r.parent, r.tier, r.flags))
        .collect();
    let key = |r: &(&'static str, u32, u32, Tier, Flags)| (r.0, r.1, r.3, r.4.0);
    want.sort_unstable_by_key(key);
    have.sort_unstable_by_key(key);
    assert!(want == have, "run tools/pack_regions.py");
    for name in packed::names() {
        assert_eq!(lookup(name.text()), Some(name), "{}", name.text());
        let first = name.first();
        let brief = Brief {
            name,
            tier: first.tier,
            flags: first.flags,
        };
        let length = name.text().chars().count();
        let longest = longest(name.text().chars().map(code));
        assert_eq!(longest, Some((length, brief)), "{}", name.text());
        if !first.flags.short() {
            let same = by_code(first.code).expect("a division");
            assert_eq!(same.code, first.code);
            let long = length >= LONGEST_TAIL;
            let mut back = name.text().chars().rev().map(code);
            let last_two = [back.next(), back.next()].map(Option::unwrap_or_default);
            assert!(long || ends_with([last_two[1], last_two[0]], || back));
        }
    }
}

#[test]
fn the_tree_is_closed() {
    for row in packed::by_code() {
        assert!(!row.name.text().is_empty() && row.code > 0);
        if row.tier == Tier::Province {
            assert_eq!(row.parent, 0);
        } else if !row.flags.former() {
            assert!(
                by_code(row.parent).is_some_and(|p| p.tier < row.tier),
                "{row:?}"
            );
        }
    }
}

#[test]
fn names_codes_and_children() {
    let (end, name) = longest_at("在浙江省杭州市", 3).expect("a province");
    let province = name.first();
    assert_eq!(
        (end, province.code, province.tier),
        (12, 330000, Tier::Province)
    );
    let name_of = |code| by_code(code).map(|r| r.name.text());
    assert_eq!(name_of(330106), Some("西湖区"));
    assert!(children(330100).any(|r| r.name.text() == "西湖区"));
    let town = lookup("古荡街道").expect("a town").first();
    assert_eq!(chain(&town)[..3], [330000, 330100, 330106]);
    assert!(
        lookup("大港区")
            .expect("a name")
            .divisions()
            .all(|r| r.flags.former())
    );
    assert!(longest_at("你好世界", 0).is_none() && longest_at("a", 0).is_none());
    let all: Vec<usize> = names_at("浙江省杭州市", 0).map(|(end, _)| end).collect();
    assert_eq!(all, [6, 9]);
}

#[test]
fn districts_of_hong_kong_and_macau_lie_below_a_city() {
    for (name, chain_of) in [
        ("油尖旺区", [810_000, 0, 810_109, 0]),
        ("屯门", [810_000, 0, 810_115, 0]),
        ("风顺堂区", [820_000, 0, 820_105, 0]),
        ("香港九龙", [810_000, 0, 0, 0]),
    ] {
        let name = lookup(name).expect("a division");
        assert_eq!(chain(&name.first()), chain_of, "{name:?}");
    }
}

#[test]
fn characters_behind_the_basic_plane_are_read() {
    assert!(lookup("𠙶山镇").is_some());
    assert_eq!(longest_at("在𠙶山镇", 3).map(|(end, _)| end), Some(13));
    assert!(lookup("𠙷山镇").is_none() && lookup("").is_none());
}
