//! Records: whose value is whose, in every layout in which dumps are traded.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use miandan::{Format, Input, Kind, Record, Scanner};

use super::support::layouts::{Dump, LAYOUTS};
use super::support::synth::{Rng, person};

/// The four kinds that a customer's record is made of.
const KINDS: [Kind; 4] = [Kind::Name, Kind::Mobile, Kind::Address, Kind::Waybill];

/// Pairs of values of one person.
#[derive(Clone, Copy, Default)]
struct Pairs {
    right: usize,
    found: usize,
    gold: usize,
}

impl Pairs {
    fn f1(self) -> f64 {
        2.0 * self.right as f64 / (self.found + self.gold).max(1) as f64
    }

    fn add(&mut self, other: Pairs) {
        self.right += other.right;
        self.found += other.found;
        self.gold += other.gold;
    }
}

/// Compares the pairs that records link with those of the truth. A finding is the value that it covers more than half of;
/// one that is nobody's value makes every pair wrong.
fn pairs(dump: &Dump, scanner: &Scanner) -> Pairs {
    let findings = scanner.scan(Input::new(dump.text.as_bytes()));
    let mut values: Vec<(usize, usize, Kind, usize)> = Vec::new();
    for (owner, list) in dump.people.iter().enumerate() {
        values.extend(
            list.iter()
                .map(|(kind, range)| (range.start, range.end, *kind, owner)),
        );
    }
    values.sort_unstable();
    let value_of = |index: u32| {
        let finding = &findings.as_slice()[index as usize];
        let (start, end) = (finding.span.start, finding.span.end);
        let after = values.partition_point(|v| v.0 < end);
        values[..after].iter().rposition(|v| {
            v.2 == finding.kind && 2 * (end.min(v.1).saturating_sub(start.max(v.0))) > v.1 - v.0
        })
    };
    let mut count = Pairs::default();
    for list in &dump.people {
        count.gold += list.len() * list.len().saturating_sub(1) / 2;
    }
    let mut seen = BTreeSet::new();
    for record in findings.records() {
        let members: Vec<Option<usize>> = record
            .findings()
            .iter()
            .filter(|i| KINDS.contains(&findings.as_slice()[**i as usize].kind))
            .map(|i| value_of(*i))
            .collect();
        for (n, a) in members.iter().enumerate() {
            for b in &members[n + 1..] {
                count.found += 1;
                if let (Some(a), Some(b)) = (*a, *b) {
                    let same = values[a].3 == values[b].3;
                    count.right += usize::from(same && seen.insert((a.min(b), a.max(b))));
                }
            }
        }
    }
    count
}

#[test]
#[allow(clippy::print_stderr, reason = "the table is what the test measures")]
fn values_are_linked_in_every_layout() {
    let scanner = Scanner::new().expect("a scanner");
    let mut table = String::new();
    let mut low = Vec::new();
    let mut all = Pairs::default();
    for (name, make) in LAYOUTS {
        let mut sum = Pairs::default();
        for seed in 0..6 {
            let dump = make(&mut Rng::new(7_000 + seed), 60);
            sum.add(pairs(&dump, &scanner));
        }
        let _ = writeln!(
            table,
            "{name:40} {:6} pairs, {:6} linked, {:6} right, F1 {:.4}",
            sum.gold,
            sum.found,
            sum.right,
            sum.f1()
        );
        if sum.f1() < 0.98 {
            low.push(*name);
        }
        all.add(sum);
    }
    let _ = writeln!(table, "all layouts: F1 {:.4}", all.f1());
    // Shown by `cargo test --all-features values_are_linked -- --nocapture`, and when it fails.
    eprintln!("{table}");
    assert!(low.is_empty(), "below .98: {low:?}\n{table}");
}

#[test]
fn sender_and_receiver_are_told_apart() {
    let scanner = Scanner::new().expect("a scanner");
    for (name, make) in LAYOUTS
        .iter()
        .filter(|(name, _)| name.starts_with("two parties"))
    {
        let dump = make(&mut Rng::new(11), 40);
        let findings = scanner.scan(Input::new(dump.text.as_bytes()));
        let (mut right, mut wrong) = (0, 0);
        for (owner, list) in dump.people.iter().enumerate() {
            let role = if dump.senders.contains(&owner) {
                "sender"
            } else {
                "receiver"
            };
            let Some((_, mobile)) = list.iter().find(|(kind, _)| *kind == Kind::Mobile) else {
                continue;
            };
            let of = |r: &&Record| {
                r.field(Kind::Mobile)
                    .is_some_and(|i| findings.as_slice()[i].span.range() == *mobile)
            };
            match findings.records().iter().find(of) {
                Some(record) if record.role.id() == role => right += 1,
                _ => wrong += 1,
            }
        }
        assert!(wrong * 50 <= right, "{name}: {right} right, {wrong} wrong");
    }
}

/// A shop's name is no person's; its address behind the buyer's plain headers must not make him the sender.
#[test]
fn a_shop_in_the_senders_columns_leaves_the_buyer_alone() {
    let table = "姓名,手机,地址,寄件人,寄件地址\n\
        陈晓东,13712340001,广东省深圳市南山区科技园路1号3栋,好店母婴专营店,浙江省杭州市西湖区文三路128号\n\
        赵丽华,13612340002,上海市浦东新区张江路500号,好店母婴专营店,浙江省杭州市西湖区文三路128号\n";
    let findings = Scanner::new().expect("a scanner").scan(table);
    let records = findings.records();
    assert_eq!(records.len(), 2);
    for record in records {
        assert_ne!(record.role.id(), "sender");
        let address = &findings.as_slice()[record.field(Kind::Address).expect("an address")];
        assert!(!table[address.span.range()].contains("文三路"));
    }
}

#[test]
fn ten_thousand_people_on_one_line() {
    const N: usize = 10_000;
    let scanner = Scanner::new().expect("a scanner");
    let mut rng = Rng::new(5);
    let mut text = String::new();
    for _ in 0..N {
        let p = person(&mut rng);
        let _ = write!(text, "{} {} {}；", p.name, p.mobile, p.address);
    }
    let findings = scanner.scan(Input::new(text.as_bytes()).format(Format::Text));
    let complete = findings
        .records()
        .iter()
        .filter(|r| r.is_complete())
        .count();
    assert!(
        complete.abs_diff(N) <= N / 100,
        "{complete} complete records of {N}; {} records",
        findings.records().len()
    );
    let mobiles = findings.of(Kind::Mobile).count();
    assert!(mobiles.abs_diff(N) <= N / 1_000, "{mobiles} mobiles of {N}");
}
