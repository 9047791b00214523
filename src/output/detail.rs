//! The `detail` object of a finding.

use super::json::{key, natural, number, string, text};
use crate::finding::{Check, Detail, Finding, Grade, Line, Region};
use crate::kind::Kind;
use crate::parse::parse_line;
use crate::scan::Scanner;
use crate::span::Span;
use crate::table::{courier, mobile};

/// Appends `"detail":{…}` when there is anything to say. `shown` is the raw text of the finding where values are shown.
///
/// A finding of a detector of the caller's own says which one made it.
pub(super) fn detail(out: &mut Vec<u8>, scanner: &Scanner, finding: &Finding, shown: Option<&str>) {
    if finding.kind == Kind::Custom {
        key(out, "detail");
        out.push(b'{');
        text(out, "rule", &scanner.rule(finding).id);
        out.push(b'}');
    } else if finding.detail != Detail::None {
        key(out, "detail");
        object(out, finding.detail, shown);
    }
}

/// What a detector knows of a value beyond its span, as a JSON object; `{}` where it knows nothing.
///
/// ```
/// use miandan::{Kind, Scanner, output::detail_json};
/// let findings = Scanner::new()?.scan("快递 13812345678");
/// let mobile = findings.of(Kind::Mobile).next().unwrap();
/// assert!(detail_json(mobile.detail).contains(r#""virtual":false"#));
/// # Ok::<(), miandan::Error>(())
/// ```
pub fn detail_json(detail: Detail) -> String {
    let mut out = Vec::new();
    object(&mut out, detail, None);
    String::from_utf8_lossy(&out).into_owned()
}

fn object(out: &mut Vec<u8>, detail: Detail, shown: Option<&str>) {
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
            let mut others = w.others;
            while others != 0 {
                if out.last() != Some(&b'[') {
                    out.push(b',');
                }
                string(out, courier::code_of(others.trailing_zeros() as u8));
                others &= others - 1;
            }
            out.push(b']');
            text(out, "check", check_id(w.check));
        }
        Detail::Address(a) => {
            division(out, b"\"province\":", a.province);
            division(out, b"\"city\":", a.city);
            division(out, b"\"county\":", a.county);
            division(out, b"\"town\":", a.town);
            out.extend_from_slice(b"\"grade\":\"");
            out.extend_from_slice(grade_id(a.grade).as_bytes());
            out.push(b'"');
            if let Some(address) = shown {
                write_parts(out, address);
            }
        }
        Detail::Name(n) => number(out, "surname_chars", i64::from(n.surname_chars)),
        Detail::None => {}
    }
    out.push(b'}');
}

/// Appends the code of a division and a comma, where it is known.
fn division<const N: usize>(out: &mut Vec<u8>, name: &[u8; N], code: u32) {
    if code > 0 {
        out.extend_from_slice(name);
        natural(out, code.into());
        out.push(b',');
    }
}

/// Appends the parts of an address as text.
fn write_parts(out: &mut Vec<u8>, address: &str) {
    let whole = Span::new(0, address.len());
    let line = parse_line(address, None, None, Some(whole));
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
