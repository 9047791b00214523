//! What a summary takes from a record of a page: the thin layer between findings and [`RecordFacts`].

use super::persons::PersonKey;
use super::summary::{Flaw, RecordFacts};
use crate::canon::{extension, is_whole, mobile_number, trailing_number};
use crate::finding::{Check, Detail, Line};
use crate::kind::{Form, Kind};
use crate::mask::is_hidden;
use crate::record::Record;
use crate::scan::{Item, PageReport};
use crate::table::courier;
use crate::table::field::Party;

/// Members of a record that are compared with each other at most; one row never has more columns of a kind.
const COMPARED: usize = 16;

/// The facts of one record.
pub(super) fn record_facts(page: &PageReport<'_>, record: &Record, key: PersonKey) -> RecordFacts {
    let item = |kind| record.field(kind).and_then(|index| page.item(index));
    let mobile = item(Kind::Mobile);
    let number = mobile.as_ref().and_then(mobile_number);
    let mut facts = RecordFacts {
        complete: record.is_complete(),
        role: record.role,
        mobile: number,
        person: match (&mobile, number) {
            (Some(mobile), Some(number)) => Some(key.by_number(number, extension(mobile))),
            _ => person_at_address(page, record, key),
        },
        ..RecordFacts::default()
    };
    if let Some(mobile) = mobile {
        if number.is_some_and(is_filler_mobile) {
            facts.flaw(Flaw::FillerMobile);
        }
        if matches!(mobile.finding().detail, Detail::Mobile(d) if d.line == Line::Unallocated) {
            facts.flaw(Flaw::DeadPrefix);
        }
    }
    let name = item(Kind::Name);
    if name.is_some_and(|n| is_filler_name(n.value().trim())) {
        facts.flaw(Flaw::FillerName);
    }
    let address = item(Kind::Address);
    if let Some(address) = address
        && let Detail::Address(detail) = address.finding().detail
    {
        facts.city = if detail.city == 0 {
            detail.province
        } else {
            detail.city
        };
        if detail.province == 0 && address.value().chars().take(5).any(|c| c == '省') {
            facts.flaw(Flaw::ImpossibleRegion);
        }
    }
    if let Some(waybill) = item(Kind::Waybill) {
        facts.waybill = trailing_number(&waybill.value());
        if let Detail::Waybill(detail) = waybill.finding().detail {
            facts.courier = Some(courier::code_of(detail.courier)).filter(|code| !code.is_empty());
            if detail.check == Check::Failed {
                facts.flaw(Flaw::FailedCheck);
            }
        }
    }
    if facts.role == Party::Sender {
        facts.sender = facts.person.or_else(|| place(page, record, key));
    }
    facts.mask_breaks = mask_breaks(page, record);
    facts
}

/// Who a record is about: the holder of its mobile number, else the name at the address.
pub(crate) fn person(page: &PageReport<'_>, record: &Record, key: PersonKey) -> Option<u64> {
    let item = |kind| record.field(kind).and_then(|index| page.item(index));
    if let Some(mobile) = item(Kind::Mobile)
        && let Some(number) = mobile_number(&mobile)
    {
        return Some(key.by_number(number, extension(&mobile)));
    }
    person_at_address(page, record, key)
}

/// Whoever has the record's landline, else whoever sits at its address.
fn place(page: &PageReport<'_>, record: &Record, key: PersonKey) -> Option<u64> {
    let kinds = [Kind::Landline, Kind::Address].into_iter();
    let mut items = kinds.filter_map(|kind| page.item(record.field(kind)?));
    let item = items.find(is_whole)?;
    Some(key.by_value(item.finding().kind, &item.normalized()))
}

/// Who has the record's name and lives at its address.
fn person_at_address(page: &PageReport<'_>, record: &Record, key: PersonKey) -> Option<u64> {
    let item = |kind| record.field(kind).and_then(|index| page.item(index));
    let (name, address) = (item(Kind::Name)?, item(Kind::Address)?);
    (is_whole(&name) && is_whole(&address))
        .then(|| key.by_name_and_address(&name.normalized(), &address.normalized()))
}

/// Who a mobile number is, for a number that belongs to no record.
pub(crate) fn lone_mobile(item: &Item<'_>, key: PersonKey) -> Option<u64> {
    mobile_number(item).map(|number| key.by_number(number, extension(item)))
}

/// Whether a name is one that people and programs put where a name is wanted.
fn is_filler_name(name: &str) -> bool {
    matches!(
        name,
        "张三"
            | "李四"
            | "王五"
            | "赵六"
            | "张三丰"
            | "测试"
            | "某某"
            | "某某某"
            | "姓名"
            | "无名"
            | "匿名"
            | "小明"
            | "test"
            | "xxx"
            | "XXX"
            | "Test"
    )
}

/// Whether a mobile number is a placeholder: all one digit, a plain sequence, or a number every handbook uses.
fn is_filler_mobile(number: u64) -> bool {
    let tail = number % 100_000_000;
    matches!(
        number,
        13_800_138_000 | 13_900_139_000 | 13_700_137_000 | 18_888_888_888
    ) || matches!(tail, 12_345_678 | 23_456_789 | 87_654_321 | 98_765_432)
        || tail.is_multiple_of(11_111_111)
}

/// Masked values of the record whose full value stands in the record as well.
fn mask_breaks(page: &PageReport<'_>, record: &Record) -> u8 {
    let of = |masked: bool| {
        record
            .findings
            .iter()
            .filter_map(|index| page.item(*index as usize))
            .filter(move |i| (i.finding().form == Form::Masked) == masked)
            .take(COMPARED)
    };
    of(true)
        .filter(|m| {
            of(false)
                .any(|f| f.finding().kind == m.finding().kind && unmasks(&m.value(), &f.value()))
        })
        .count() as u8
}

/// Whether `full` fits the shown ends of `masked`.
fn unmasks(masked: &str, full: &str) -> bool {
    let hidden = |c: char| is_hidden(c) || matches!(c, 'x' | 'X');
    let plain = |c: &char| c.is_alphanumeric() || hidden(*c);
    let masked: Vec<char> = masked.chars().filter(plain).collect();
    let full: Vec<char> = full.chars().filter(plain).collect();
    let head = masked.iter().take_while(|c| !hidden(**c)).count();
    let tail = masked.iter().rev().take_while(|c| !hidden(**c)).count();
    head < masked.len()
        && head + tail > 0
        && head + tail < full.len()
        && masked[..head] == full[..head]
        && masked[masked.len() - tail..] == full[full.len() - tail..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_known() {
        for number in [
            13_800_138_000,
            13_812_345_678,
            13_800_000_000,
            15_988_888_888,
        ] {
            assert!(is_filler_mobile(number), "{number}");
        }
        assert!(!is_filler_mobile(15_917_382_046));
    }

    #[test]
    fn a_mask_beside_its_value_is_broken() {
        assert!(unmasks("138****5678", "13812345678"));
        assert!(unmasks("138xxxx5678", "138-1234-5678"));
        assert!(unmasks("张*", "张伟"));
        assert!(!unmasks("138****5678", "13912345678"));
        assert!(!unmasks("***", "张伟"));
        assert!(!unmasks("13812345678", "13812345678"));
    }
}
