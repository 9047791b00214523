//! JSON objects inside objects: whose data a value is, as the keys around it say.

use crate::anchor::values::{JsonValues, has_inner_objects};
use crate::score::Judged;
use crate::table::field::{Party, party_of_key};

/// Says of every likely finding whose own key does not tell it (`{"sender": {"name": …}}`) whose data it is.
pub(crate) fn name_parties(text: &str, judged: &mut [Judged], likely: &[u32]) {
    if !has_inner_objects(text) {
        return;
    }
    let mut values = JsonValues::new(text, 0);
    let mut likely = likely.iter().map(|i| *i as usize).peekable();
    while let (Some(value), Some(_)) = (values.next(), likely.peek()) {
        let mut party = None;
        while let Some(i) = likely.next_if(|i| judged[*i].finding.span.start < value.end) {
            let spot = &mut judged[i].spot;
            if spot.party == Party::Unknown {
                spot.party = *party.get_or_insert_with(|| party_around(&values));
            }
        }
    }
}

/// What the nearest key says that names a party.
fn party_around(values: &JsonValues<'_>) -> Party {
    let parties = values.keys_around().map(party_of_key);
    let mut known = parties.filter(|party| *party != Party::Unknown);
    known.next().unwrap_or_default()
}

/// Whether nothing but keys of the same object stands between two values: parts of one address do so.
pub(super) fn in_one_object(between: &str) -> bool {
    between.contains(':') && !between.contains(['{', '}', '[', ']'])
}

#[cfg(test)]
mod tests {
    use crate::{Kind, Scanner};

    #[test]
    fn parts_of_an_address_in_an_object_are_one_persons() {
        let text = r#"{"data":[{"receiver":{"name":"陈晓东","phone":"13712340001","addr":{"province":"广东省","city":"深圳市",
            "district":"南山区","detail":"科技园路1号3栋1201"}},"sender":{"name":"赵丽华","mobile":"13612340002",
            "address":"上海市浦东新区张江路500号"},"express":{"no":"SF1098765432109"}}]}"#;
        let findings = Scanner::new().expect("a scanner").scan(text);
        let [receiver, sender] = findings.records() else {
            panic!("{:?}", findings.records());
        };
        let value = |record: &crate::record::Record, kind| {
            let span = findings.as_slice()[record.field(kind).expect("a field")].span;
            &text[span.range()]
        };
        assert_eq!(
            (receiver.role.id(), sender.role.id()),
            ("receiver", "sender")
        );
        assert_eq!(value(receiver, Kind::Address), "科技园路1号3栋1201");
        assert_eq!(value(receiver, Kind::Waybill), "SF1098765432109");
        assert_eq!(value(sender, Kind::Name), "赵丽华");
        assert_eq!(receiver.findings().len() + sender.findings().len(), 10);
    }
}
