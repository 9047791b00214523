//! The parts of an address: divisions with their codes and what comes after them.

use crate::span::Span;
use crate::table::region::{self, Name, Region, Tier};
use crate::table::script::simplify;
use crate::text::class::is_han;

use super::glyph::{self, class};
use super::resolve::{self, Resolved};

/// The parts of an address; spans are byte ranges of the text that was handed in.
///
/// A level that the text leaves out has an empty span, and its code where the gazetteer knows it from the levels below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressParts {
    /// The province as typed.
    pub province: Span,
    /// The prefecture or city as typed.
    pub city: Span,
    /// The county or district as typed.
    pub county: Span,
    /// The township or street office as typed.
    pub town: Span,
    /// Everything after the county, the town included, as typed.
    pub detail: Span,
    /// Division codes from the province to the town (six, six, six and nine digits); 0 = not known.
    pub codes: [u32; 4],
    /// Whether the names fit several divisions.
    pub ambiguous: bool,
}

impl AddressParts {
    /// The full name of a level (0 province … 3 town), from the gazetteer; `None` where it is not known.
    pub fn name(&self, level: usize) -> Option<&'static str> {
        region::by_code(*self.codes.get(level)?).map(|r| r.name.text())
    }
}

/// Separators between the levels of an address.
fn is_gap(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{3000}' | ',' | '，' | '、' | '-' | '_' | '/' | '／'
    )
}

/// Takes an address apart.
///
/// ```
/// use miandan::detect::address::parts;
/// let text = "杭州市西湖区古荡街道文三路18号";
/// let parts = parts(text);
/// assert_eq!(parts.codes, [330000, 330100, 330106, 330106014]);
/// assert_eq!(&text[parts.detail.range()], "古荡街道文三路18号");
/// assert_eq!(parts.name(0), Some("浙江省"));
/// ```
pub fn parts(text: &str) -> AddressParts {
    let simple = simplify(text);
    let mut divisions: Vec<Name> = Vec::new();
    let mut out = AddressParts::default();
    let mut at = simple.len() - simple.trim_start_matches("中国").len();
    let mut head = at;
    while let Some(c) = simple.get(at..).and_then(|rest| rest.chars().next()) {
        if is_gap(c) {
            at += c.len_utf8();
            continue;
        }
        let before = resolve::resolve(divisions.iter().copied());
        let exact = next_level(&simple, at, &before);
        let Some((end, name)) = exact.or_else(|| misspelt(&simple, at, &before)) else {
            let zone = || unknown_zone(&simple, at, &before).map(|end| (end, Tier::County));
            if let Some((end, tier)) = unknown_level(&simple, at, &before).or_else(zone) {
                *slot(&mut out, tier) = Span::new(at, end);
                (at, head) = (end, end);
                continue;
            }
            break;
        };
        let end = behind_new_district(&simple, end, name);
        divisions.push(name);
        let after = resolve::resolve(divisions.iter().copied());
        if after.full + after.short == before.full + before.short {
            divisions.pop();
            break;
        }
        let span = Span::new(at, end);
        let tier = name.divisions().map(|r| r.tier).find(|t| {
            after.codes[*t as usize] != 0
                && (before.codes[*t as usize] == 0 || slot(&mut out, *t).is_empty())
        });
        let tier = tier.unwrap_or(name.first().tier);
        *slot(&mut out, tier) = span;
        if tier < Tier::Town {
            head = end;
        }
        at = end;
        // 市辖区, 县: fillers of platform forms.
        for filler in [
            "市辖区",
            "省直辖县级行政区划",
            "自治区直辖县级行政区划",
            "其它区",
            "其他区",
        ] {
            if simple[at..].starts_with(filler) {
                at += filler.len();
                head = at;
            }
        }
    }
    let resolved = resolve::resolve(divisions.into_iter());
    out.codes = resolved.codes;
    out.ambiguous = resolved.ambiguous;
    let gap: usize = text[head..]
        .chars()
        .take_while(|c| is_gap(*c))
        .map(char::len_utf8)
        .sum();
    out.detail = Span::new(head + gap, text.len());
    out
}

fn slot(parts: &mut AddressParts, tier: Tier) -> &mut Span {
    match tier {
        Tier::Province => &mut parts.province,
        Tier::City => &mut parts.city,
        Tier::County => &mut parts.county,
        Tier::Town => &mut parts.town,
    }
}

/// Where a county's name ends that was once a new district: 龙华新区.
fn behind_new_district(text: &str, end: usize, name: Name) -> usize {
    let first = name.first();
    let new = first.flags.short() && first.tier == Tier::County && text[end..].starts_with("新区");
    if new { end + "新区".len() } else { end }
}

/// A word of two to four characters and one that ends a level above the county, and where it ends: 安微省, 维坊市.
fn level_word(text: &str, at: usize) -> Option<(&str, Tier)> {
    let rest = text.get(at..)?;
    let (i, tier) = rest
        .char_indices()
        .take(5)
        .take_while(|(_, c)| is_han(*c))
        .find_map(|(i, c)| match c {
            '省' => Some((i, Tier::Province)),
            '市' | '州' | '盟' if i >= 6 => Some((i, Tier::City)),
            _ => None,
        })?;
    (i >= 6).then(|| (&rest[..i + 3], tier))
}

/// The one province or city that the text at byte `at` misspells.
fn misspelt(text: &str, at: usize, known: &Resolved) -> Option<(usize, Name)> {
    let (word, tier) = level_word(text, at)?;
    let above = match tier {
        Tier::Province => 0,
        _ => known.codes[0],
    };
    let asked = is_open(known, tier) && (above != 0 || tier == Tier::Province);
    let name = asked.then(|| region::similar(word, above)).flatten()?;
    Some((at + word.len(), name))
}

/// Whether nothing is known of a level and those below.
fn is_open(known: &Resolved, tier: Tier) -> bool {
    known.codes[tier as usize..].iter().all(|code| *code == 0)
}

/// A level that the gazetteer does not know, before one that it knows: where it ends and what it must be.
fn unknown_level(text: &str, at: usize, known: &Resolved) -> Option<(usize, Tier)> {
    let (word, tier) = level_word(text, at)?;
    if !is_open(known, tier) {
        return None;
    }
    let end = at + word.len();
    let (_, next) = region::longest_at(text, end)?;
    (next.first().tier > tier).then_some((end, tier))
}

/// What ends the name of a development zone, which people write in place of the county.
const ZONES: [&str; 8] = [
    "高新技术产业开发区",
    "高新技术开发区",
    "经济技术开发区",
    "经济开发区",
    "高新区",
    "经开区",
    "开发区",
    "新区",
];

/// Where a zone ends that the gazetteer does not know, with a name of four characters at most, directly behind a city: 东湖高新区.
fn unknown_zone(text: &str, at: usize, known: &Resolved) -> Option<usize> {
    if known.codes[1] == 0 || !is_open(known, Tier::County) {
        return None;
    }
    let rest = text.get(at..)?;
    let name = rest.char_indices().take(5).map(|(i, _)| &rest[i..]);
    let zone = name.filter_map(|tail| {
        let word = ZONES.iter().find(|word| tail.starts_with(**word))?;
        Some(text.len() - tail.len() + word.len())
    });
    let end = zone.take(1).next()?;
    text[at..end].chars().all(is_han).then_some(end)
}

/// Whether a short name goes on as the name of a road: 中山|路, 中山|五路, 北京|西路.
fn is_road(rest: &str) -> bool {
    let mut characters = rest.chars();
    let mut street = || characters.next().map(|c| (c, glyph::is(c, class::STREET)));
    match street() {
        Some((_, true)) => true,
        Some((c, false)) => {
            let joins =
                glyph::is(c, class::NUMERAL) || matches!(c, '东' | '西' | '南' | '北' | '中');
            joins && street().is_some_and(|(_, street)| street)
        }
        None => false,
    }
}

/// Behind a short name, what shows that both together name something else: 武汉大学.
const INSTITUTIONS: [&str; 9] = [
    "大学", "学院", "师范", "师大", "交大", "理工", "工大", "农大", "医科",
];

/// The division at byte `at` that goes on with the chain: the longest name that lies under what is known.
fn next_level(text: &str, at: usize, known: &Resolved) -> Option<(usize, Name)> {
    let deepest = known.codes.iter().rposition(|c| *c != 0);
    let under = |r: &Region| {
        let chain = region::chain(r);
        deepest.is_none_or(|d| {
            chain[d] == known.codes[d] || chain[d] == 0 && chain[..d].contains(&known.codes[0])
        })
    };
    let goes_on = |(end, name): &(usize, Name)| {
        let first = name.first();
        let road = text[*end..].chars().next().is_some_and(|c| {
            glyph::is(c, class::ROAD) || matches!(c, '东' | '西' | '南' | '北' | '中' | '大')
        });
        let named = is_road(&text[*end..]);
        let repeats = name.divisions().any(|r| known.codes.contains(&r.code));
        let fits = repeats || name.divisions().any(|r| under(&r));
        let everyday = first.flags.everyday() && deepest.is_none();
        let deep_enough = first.tier != Tier::Town || known.codes[2] != 0 || known.codes[1] != 0;
        let institution = first.flags.short()
            && INSTITUTIONS
                .iter()
                .any(|word| text[*end..].starts_with(word));
        fits && deep_enough
            && !everyday
            && !institution
            && !(first.flags.short()
                && (named
                    || road && deepest.is_some_and(|d| d >= 1)
                    || repeats && deepest == Some(2)))
    };
    region::names_at(text, at).filter(goes_on).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The full names of province, city and county, and what comes after them.
    fn taken_apart(text: &str) -> [&str; 4] {
        let parts = parts(text);
        let name = |level| parts.name(level).unwrap_or("");
        [name(0), name(1), name(2), &text[parts.detail.range()]]
    }

    #[test]
    fn a_misspelt_level_is_no_part_of_the_detail() {
        let street = "黄山路45号";
        for (text, want) in [
            (
                "安微省合肥市蜀山区黄山路45号",
                ["安徽省", "合肥市", "蜀山区", street],
            ),
            (
                "安徽省合淝市蜀山区黄山路45号",
                ["安徽省", "合肥市", "蜀山区", street],
            ),
            (
                "维坊市奎文区黄山路45号",
                ["山东省", "潍坊市", "奎文区", street],
            ),
        ] {
            assert_eq!(taken_apart(text), want, "{text}");
        }
        assert_eq!(
            taken_apart("温州龙湾镇蒲州街道上江新江路")[3],
            "镇蒲州街道上江新江路"
        );
        assert_eq!(
            taken_apart("武汉大学信息学部星湖园2舍415"),
            ["", "", "", "武汉大学信息学部星湖园2舍415"]
        );
        let unknown = taken_apart("某某市黄山路45号");
        assert_eq!(unknown, ["", "", "", "某某市黄山路45号"]);
    }

    #[test]
    fn names_that_people_use_stand_for_the_full_ones() {
        assert_eq!(
            taken_apart("四川省凉山州西昌市长安北路32号"),
            ["四川省", "凉山彝族自治州", "西昌市", "长安北路32号"]
        );
        assert_eq!(taken_apart("内蒙古鄂温克旗巴彦托海镇")[2], "鄂温克族自治旗");
        let district = taken_apart("广东省／深圳市／龙华新区／民治大道12号");
        assert_eq!(district[2..], ["龙华区", "民治大道12号"]);
    }
}
