//! The `detail` object of a finding.

use super::json::{key, number, string, text};
use crate::finding::{Check, Detail, Grade, Line, Region};
use crate::parse::parse_line;
use crate::span::Span;
use crate::table::{courier, mobile};

/// Appends `"detail":{…}` when there is anything to say. `value` is the text of an address where values are shown.
pub(super) fn detail(out: &mut Vec<u8>, detail: Detail, value: Option<&str>) {
    if detail == Detail::None {
        return;
    }
    key(out, "detail");
    out.push(b'{');
    match detail {
        Detail::Mobile(m) => {
            text(out, "operator", mobile::operator_name(m.operator));
            text(out, "line", line_id(m.line));
            key(out, "virtual");
            out.extend_from_slice(if m.line == Line::Virtual {
                b"true"
            } else {
                b"false"
            });
            text(out, "region", region_id(m.region));
            if m.province > 0 {
                number(out, "province", i64::from(m.province) * 10_000);
            }
            if m.extension > 0 {
                number(out, "extension", i64::from(m.extension));
            }
        }
        Detail::Waybill(w) => {
            text(out, "courier", courier::code_of(w.courier));
            key(out, "couriers");
            out.push(b'[');
            for other in (0..64u8).filter(|bit| w.others & (1 << bit) != 0) {
                if out.last() != Some(&b'[') {
                    out.push(b',');
                }
                string(out, courier::code_of(other));
            }
            out.push(b']');
            text(out, "check", check_id(w.check));
        }
        Detail::Address(a) => {
            for (name, code) in [
                ("province", a.province),
                ("city", a.city),
                ("county", a.county),
                ("town", a.town),
            ] {
                if code > 0 {
                    number(out, name, i64::from(code));
                }
            }
            text(out, "grade", grade_id(a.grade));
            if let Some(value) = value {
                write_parts(out, value);
            }
        }
        Detail::Name(n) => number(out, "surname_chars", i64::from(n.surname_chars)),
        Detail::None => {}
    }
    out.push(b'}');
}

/// Appends the parts of an address as text.
fn write_parts(out: &mut Vec<u8>, value: &str) {
    let line = parse_line(value, None, None, Some(Span::new(0, value.len())));
    key(out, "parts");
    out.push(b'{');
    for (name, part) in [
        ("province", &line.province),
        ("city", &line.city),
        ("county", &line.county),
        ("town", &line.town),
        ("detail", &line.detail),
    ] {
        text(out, name, part);
    }
    out.push(b'}');
}

/// Appends `"detail":{"rule":…}`: which detector of the caller's own made a finding.
pub(super) fn rule(out: &mut Vec<u8>, id: &str) {
    key(out, "detail");
    out.push(b'{');
    text(out, "rule", id);
    out.push(b'}');
}

const fn line_id(line: Line) -> &'static str {
    match line {
        Line::Mobile => "mobile",
        Line::Virtual => "virtual",
        Line::Data => "data",
        Line::Satellite => "satellite",
        Line::Unallocated => "unallocated",
    }
}

const fn region_id(region: Region) -> &'static str {
    match region {
        Region::Mainland => "CN",
        Region::HongKong => "HK",
        Region::Macau => "MO",
        Region::Taiwan => "TW",
    }
}

const fn check_id(check: Check) -> &'static str {
    match check {
        Check::None => "none",
        Check::Passed => "passed",
        Check::Failed => "failed",
    }
}

/// Stable identifier of a grade.
pub(super) const fn grade_id(grade: Grade) -> &'static str {
    match grade {
        Grade::Area => "area",
        Grade::Street => "street",
        Grade::Door => "door",
    }
}
