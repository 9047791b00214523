//! Delivery lines: a pasted line taken apart into name, mobile and the levels of its address.

use std::cmp::Reverse;

use crate::detect::address::{self, AddressParts};
use crate::finding::{Confidence, Finding};
use crate::kind::Kind;
use crate::record::Record;
use crate::scan::{Findings, Scanner};
use crate::span::Span;
use crate::table::field::Party;
use crate::table::region;

/// What is too unlikely to be reported elsewhere still counts in a line that is known to be a delivery line.
const LINE_CONFIDENCE: Confidence = Confidence::from_basis(500);

/// A delivery line, taken apart. Texts are empty where the line does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedLine {
    /// The person's name as typed.
    pub name: String,
    /// The mobile number: digits only, without the country code.
    pub mobile: String,
    /// The courier's waybill number, upper case and without separators.
    pub waybill: String,
    /// Full name of the province, filled in where the city or county tells it.
    pub province: String,
    /// Full name of the city; the province's for directly governed cities, empty for directly governed counties.
    pub city: String,
    /// Full name of the county or district.
    pub county: String,
    /// The township or street office as typed.
    pub town: String,
    /// Everything after the county, as typed.
    pub detail: String,
    /// Where the address stands in the line, in bytes; empty where there is none.
    pub address: Span,
    /// Division codes from the province to the town (six, six, six and nine digits); 0 = not known.
    pub codes: [u32; 4],
    /// Whether the names fit several divisions.
    pub ambiguous: bool,
    /// How sure it is that these parts belong to one person; 0 where nothing was found.
    pub confidence: Confidence,
    /// Whose data it is, where the line says.
    pub role: Party,
}

impl Scanner {
    /// Takes a pasted delivery line apart: of several people in it, the surest, and a receiver before a sender.
    ///
    /// ```
    /// let scanner = miandan::Scanner::new()?;
    /// let line = scanner.parse_line("收件人：张伟，13812345678，浙江杭州西湖区文三路18号2栋501室");
    /// assert_eq!((&*line.name, &*line.mobile, &*line.city), ("张伟", "13812345678", "杭州市"));
    /// assert_eq!((&*line.county, &*line.detail), ("西湖区", "文三路18号2栋501室"));
    /// # Ok::<(), miandan::Error>(())
    /// ```
    pub fn parse_line(&self, text: &str) -> ParsedLine {
        let found = self.with_confidence(LINE_CONFIDENCE).scan(text);
        let record = best_record(&found);
        let best = |kind: Kind| best_finding(&found, record, kind);
        let span = |kind: Kind| best(kind).map(|f| f.span);
        let fields = best(Kind::Address).and_then(|best| form_fields(text, &found, record, best));
        let whole = || parse_line(text, None, None, span(Kind::Address));
        let mut line = fields.unwrap_or_else(whole);
        if let Some(name) = span(Kind::Name) {
            text.get(name.range())
                .unwrap_or("")
                .clone_into(&mut line.name);
        }
        if let Some(mobile) = best(Kind::Mobile) {
            let typed = text.get(mobile.span.range()).unwrap_or("");
            line.mobile = digits(&self.normalize(mobile, typed));
        }
        if let Some(waybill) = best(Kind::Waybill) {
            let typed = text.get(waybill.span.range()).unwrap_or("");
            line.waybill = self.normalize(waybill, typed).into_owned();
        }
        if let Some((_, record)) = record {
            line.confidence = record.confidence;
            line.role = record.role;
        } else if let Some(sure) = found.iter().map(|f| f.confidence).max() {
            line.confidence = sure;
        }
        line
    }
}

/// The record with the most of name, mobile and address.
fn best_record(found: &Findings) -> Option<(usize, &Record)> {
    found.records().iter().enumerate().max_by_key(|(i, r)| {
        let kinds = [Kind::Name, Kind::Mobile, Kind::Address];
        let fields = kinds.iter().filter(|k| r.field(**k).is_some()).count();
        (fields, r.role != Party::Sender, r.confidence, Reverse(*i))
    })
}

/// The record's finding of a kind, else the surest one that is nobody else's.
fn best_finding<'f>(
    found: &'f Findings,
    record: Option<(usize, &Record)>,
    kind: Kind,
) -> Option<&'f Finding> {
    if let Some(i) = record.and_then(|(_, r)| r.field(kind)) {
        return found.as_slice().get(i);
    }
    of_nobody_else(found, record, kind)
        .max_by_key(|(i, f)| (f.confidence, Reverse(*i)))
        .map(|(_, f)| f)
}

/// The findings of a kind that are the record's or in no record, with their places.
fn of_nobody_else<'f>(
    found: &'f Findings,
    record: Option<(usize, &Record)>,
    kind: Kind,
) -> impl Iterator<Item = (usize, &'f Finding)> {
    let own = record.map(|(i, _)| i);
    found.iter().enumerate().filter(move |(i, f)| {
        let owner = found.record_of(*i);
        f.kind == kind && (owner.is_none() || owner == own)
    })
}

/// The levels of a form that asks for region and street apart (所在地区：…，详细地址：…), the region perhaps level by level, if the
/// address is one of its fields.
fn form_fields(
    text: &str,
    found: &Findings,
    record: Option<(usize, &Record)>,
    address: &Finding,
) -> Option<ParsedLine> {
    let typed = |span: Span| text.get(span.range()).unwrap_or("");
    let spans: Vec<Span> = of_nobody_else(found, record, Kind::Address)
        .map(|(_, f)| f.span)
        .collect();
    let street =
        (1..spans.len()).find(|&i| is_region(typed(spans[i - 1])) && is_street(typed(spans[i])))?;
    let before = spans[..street].iter().rev();
    let levels = before.take_while(|span| is_region(typed(**span))).count();
    let fields = &spans[street - levels..=street];
    let region: String = fields[..levels].iter().map(|span| typed(*span)).collect();
    let whole = Span::new(0, region.len());
    let line = parse_line(&region, None, None, Some(whole));
    fields.contains(&address.span).then(|| ParsedLine {
        detail: line.detail + typed(spans[street]),
        address: Span::new(fields[0].start, spans[street].end),
        ..line
    })
}

/// Whether an address is but divisions, down to the town at most.
fn is_region(text: &str) -> bool {
    let parts = address::parts(text);
    parts.detail.is_empty() || parts.detail == parts.town
}

/// Whether an address has no division above the town; 望城坡街道 begins like 望城, but a region of its own would have its full name.
fn is_street(text: &str) -> bool {
    let parts = address::parts(text);
    let full = |level: Span| {
        let name = text.get(level.range()).and_then(region::lookup);
        !level.is_empty() && name.is_none_or(|name| !name.first().flags.short())
    };
    let levels = [parts.province, parts.city, parts.county];
    !levels.into_iter().any(full) && !parts.detail.is_empty()
}

/// Takes a delivery line apart along the findings in it; spans are byte ranges of `text`.
///
/// ```
/// use miandan::{Span, parse};
/// let text = "张三 13800138000 浙江杭州西湖区文三路18号";
/// let line = parse::parse_line(text, Some(Span::new(0, 6)), Some(Span::new(7, 18)), Some(Span::new(19, text.len())));
/// assert_eq!((&*line.name, &*line.mobile, &*line.province), ("张三", "13800138000", "浙江省"));
/// assert_eq!((&*line.city, &*line.county, &*line.detail), ("杭州市", "西湖区", "文三路18号"));
/// ```
pub fn parse_line(
    text: &str,
    name: Option<Span>,
    mobile: Option<Span>,
    address: Option<Span>,
) -> ParsedLine {
    let piece = |span: Option<Span>| span.and_then(|s| text.get(s.range())).unwrap_or("");
    let whole = piece(address);
    let parts = address::parts(whole);
    let typed = |span: Span| whole.get(span.range()).unwrap_or("").to_owned();
    let level = |code: u32, span: Span| {
        region::by_code(code).map_or_else(|| typed(span), |r| r.name.text().to_owned())
    };
    let [province_code, city_code, county_code, _] = parts.codes;
    let province = level(province_code, parts.province);
    let city = match level(city_code, parts.city) {
        none if none.is_empty() && is_municipality(province_code) => province.clone(),
        city => city,
    };
    ParsedLine {
        name: piece(name).to_owned(),
        mobile: digits(piece(mobile)),
        province,
        city,
        county: county(&parts, whole, county_code),
        town: typed(parts.town),
        detail: typed(parts.detail),
        address: address.unwrap_or_default(),
        codes: parts.codes,
        ambiguous: parts.ambiguous,
        ..ParsedLine::default()
    }
}

/// The county's full name; a former name stays as typed.
fn county(parts: &AddressParts, whole: &str, code: u32) -> String {
    let typed = whole.get(parts.county.range()).unwrap_or("");
    match region::by_code(code) {
        Some(row) if !row.flags.former() || typed.is_empty() => row.name.text().to_owned(),
        _ => typed.to_owned(),
    }
}

const fn is_municipality(province: u32) -> bool {
    matches!(province, 110_000 | 120_000 | 310_000 | 500_000)
}

fn digits(mobile: &str) -> String {
    let all: String = mobile.chars().filter(char::is_ascii_digit).collect();
    match all.strip_prefix("86") {
        Some(rest) if rest.len() == 11 => rest.to_owned(),
        _ => all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_stands_in_place_of_the_county() {
        let scanner = Scanner::new().expect("a scanner");
        for (text, zone, detail) in [
            (
                "成都市高新区天府三街199号D区9楼",
                "高新区",
                "天府三街199号D区9楼",
            ),
            (
                "武汉东湖高新区光谷大道77号金融港A3栋801",
                "东湖高新区",
                "光谷大道77号金融港A3栋801",
            ),
        ] {
            let line = scanner.parse_line(&format!("{text} 夏雨 １５０７２４０６９１８"));
            assert_eq!((&*line.county, &*line.detail), (zone, detail));
            assert_eq!(line.mobile, "15072406918");
        }
    }

    #[test]
    fn region_and_street_of_a_form_are_one_address() {
        let scanner = Scanner::new().expect("a scanner");
        let text = "收货人: 李明 手机号码: 13588881111 所在地区: 广东省深圳市南山区粤海街道 详细地址: 科技南路16号2栋A座";
        let line = scanner.parse_line(text);
        assert_eq!((&*line.city, &*line.county), ("深圳市", "南山区"));
        assert_eq!(line.detail, "粤海街道科技南路16号2栋A座");
        assert_eq!(line.address.end, text.len());
        let text = "收件人：李明，手机：13588881111，省市区：广东省/广州市/越秀区，地址：中山五路193号百汇广场1016";
        let line = scanner.parse_line(text);
        assert_eq!((&*line.city, &*line.county), ("广州市", "越秀区"));
        assert_eq!(line.detail, "中山五路193号百汇广场1016");
        let text = "收货人：罗平\n手机号码：13588881111\n所在地区：湖南省长沙市岳麓区\n详细地址：望城坡街道枫林三路121号5栋603";
        let line = scanner.parse_line(text);
        assert_eq!(
            (&*line.county, &*line.detail),
            ("岳麓区", "望城坡街道枫林三路121号5栋603")
        );
        let text = r#"{"name":"郭晓涵","phone":"13720918465","province":"陕西省","city":"西安市","area":"雁塔区","address":"太白南路216号2号楼"}"#;
        let line = scanner.parse_line(text);
        assert_eq!((&*line.name, &*line.mobile), ("郭晓涵", "13720918465"));
        assert_eq!((&*line.city, &*line.county), ("西安市", "雁塔区"));
        assert_eq!(line.detail, "太白南路216号2号楼");
        let two = "张伟 13588881111 北京市朝阳区 李芳 13688881111 上海市徐汇区陕西南路235弄8号";
        assert_ne!(
            scanner.parse_line(two).detail,
            "陕西南路235弄8号陕西南路235弄8号"
        );
    }
}
