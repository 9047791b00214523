//! Words that name a field: column headers, JSON keys, labels in running text.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use smallstr::SmallString;

use crate::kind::Kind;
use crate::text::class::is_han;

static RAW: &str = include_str!("raw/fields.tsv");

/// Whose data a field holds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// Not said.
    #[default]
    Unknown,
    /// Who gets the parcel.
    Receiver,
    /// Who sends it.
    Sender,
}

impl Party {
    /// The stable identifier used in output.
    pub const fn id(self) -> &'static str {
        match self {
            Party::Unknown => "unknown",
            Party::Receiver => "receiver",
            Party::Sender => "sender",
        }
    }
}

/// What a field holds, as its header, key or label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// A person's name.
    Name,
    /// A mobile number (or any telephone number).
    Mobile,
    /// A fixed line, or a telephone of either sort.
    Phone,
    /// An address, whole or from the street on.
    Address,
    /// A part of an address: province, city, district, town, street or several of them.
    Division,
    /// A waybill serial.
    Waybill,
    /// An order, item, device or other number that is no waybill.
    OrderId,
    /// A chat or shop account.
    Account,
    /// An identity card number.
    IdNumber,
    /// A bank card number.
    Bank,
    /// An e-mail address.
    Email,
    /// A courier's employee or branch: not a customer.
    Staff,
    /// Free text in which anything may stand: remarks, messages.
    Free,
    /// Something that is no personal datum: goods, price, time, courier, station, postcode.
    Other,
}

impl Role {
    /// The kind of finding that such a field holds; `None` where it holds none.
    pub const fn kind(self) -> Option<Kind> {
        match self {
            Role::Name | Role::Staff => Some(Kind::Name),
            Role::Mobile => Some(Kind::Mobile),
            Role::Phone => Some(Kind::Landline),
            Role::Address | Role::Division => Some(Kind::Address),
            Role::Waybill => Some(Kind::Waybill),
            Role::Account => Some(Kind::Handle),
            Role::IdNumber => Some(Kind::IdCard),
            Role::Bank => Some(Kind::BankCard),
            Role::Email => Some(Kind::Email),
            Role::OrderId | Role::Free | Role::Other => None,
        }
    }

    /// Whether a finding of `kind` is at home in such a field.
    pub fn suits(self, kind: Kind) -> bool {
        match self {
            // Telephone columns and labels hold either sort of number.
            Role::Mobile | Role::Phone => matches!(kind, Kind::Mobile | Kind::Landline),
            // A phone number is often somebody's WeChat handle.
            Role::Account => matches!(kind, Kind::Handle | Kind::Mobile | Kind::Email),
            _ => self.kind() == Some(kind),
        }
    }

    /// Whether such a field speaks against a finding of this kind. A telephone number behind a word for a person or a place is
    /// none: forms put several values behind one label.
    pub fn contradicts(self, kind: Kind) -> bool {
        let phone = matches!(kind, Kind::Mobile | Kind::Landline);
        let party = matches!(self, Role::Name | Role::Address | Role::Division);
        self != Role::Free && !self.suits(kind) && !(phone && party)
    }
}

/// A field's role and whose data it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// What it holds.
    pub role: Role,
    /// Whose.
    pub party: Party,
}

/// Whose data a normalised word speaks of.
fn party_of(word: &str) -> Party {
    const SENDER: [&str; 4] = ["寄", "发件", "发货人", "sender"];
    const RECEIVER: [&str; 10] = [
        "收",
        "receiv",
        "recv",
        "recipient",
        "consignee",
        "buyer",
        "买家",
        "客户",
        "顾客",
        "to",
    ];
    if SENDER.iter().any(|s| word.contains(s)) {
        Party::Sender
    } else if RECEIVER.iter().any(|r| word.starts_with(r)) {
        Party::Receiver
    } else {
        Party::Unknown
    }
}

/// Whose data stands below a JSON key: `sender`, `receiverInfo`, `收件人`. Keys are anything, so the short words count alone.
pub(crate) fn party_of_key(key: &str) -> Party {
    match normalize(key).as_str() {
        "to" => Party::Receiver,
        "from" | "shipper" | "consignor" => Party::Sender,
        word if word.starts_with("to") => Party::Unknown,
        word => party_of(word),
    }
}

static FIELDS: LazyLock<FxHashMap<&'static str, Field>> = LazyLock::new(|| {
    RAW.lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
        .map(|(word, field)| (word, parse(word, field)))
        .collect()
});

fn parse(word: &str, field: &str) -> Field {
    let (role, sender) = match field.strip_prefix("sender_") {
        Some(rest) => (rest, true),
        None => (field, false),
    };
    let role = match role {
        "name" => Role::Name,
        "mobile" => Role::Mobile,
        "phone" => Role::Phone,
        "address" => Role::Address,
        "province" | "city" | "district" | "street" | "region" => Role::Division,
        "waybill" => Role::Waybill,
        "order_id" => Role::OrderId,
        "account" => Role::Account,
        "id_number" => Role::IdNumber,
        "bank" => Role::Bank,
        "email" => Role::Email,
        "courier_staff" => Role::Staff,
        "remark" => Role::Free,
        _ => Role::Other,
    };
    let party = if sender {
        Party::Sender
    } else {
        party_of(word)
    };
    Field { role, party }
}

/// Longest word of the table, in bytes.
pub const LONGEST: usize = 60;

/// What a header, key or label says about its field.
///
/// The word is normalised first: lower case, full-width forms folded, spaces and `_-/():*` dropped. Words that are not in the
/// table are tried without a bracketed remark and by their ending (`收货人手机号2`, `buyer_receiver_name`).
///
/// ```
/// use miandan::table::field::{field_of, Role, Party};
/// let field = field_of("收货人 手机号：").unwrap();
/// assert_eq!((field.role, field.party), (Role::Mobile, Party::Receiver));
/// assert_eq!(field_of("receiver_name").unwrap().role, Role::Name);
/// assert!(field_of("随便一列").is_none());
/// ```
pub fn field_of(word: &str) -> Option<Field> {
    let word = word.trim();
    if word.is_empty() || word.len() > 3 * LONGEST || !ends_like_a_field(word) {
        return None;
    }
    let normal = normalize(word);
    if let Some(field) = FIELDS.get(normal.as_str()) {
        return Some(*field);
    }
    if let Some(cut) = word.find(['(', '（', '[', '【']).filter(|c| *c > 0)
        && let Some(field) = FIELDS.get(normalize(&word[..cut]).as_str())
    {
        return Some(*field);
    }
    let stem = without_counter(&normal);
    if let Some(field) = FIELDS.get(stem) {
        return Some(*field);
    }
    // A known word at the end of a longer one: 订单收货人姓名, buyer_receiver_name, custMobile.
    word.char_indices()
        .skip(1)
        .filter(|(i, c)| starts_word(word, *i, *c))
        .find_map(|(i, _)| {
            let tail = normalize(&word[i..]);
            let tail = tail.trim_end_matches(|c: char| c.is_ascii_digit());
            let long_enough = tail.is_ascii() || tail.chars().count() >= 2;
            FIELDS.get(tail).filter(|_| long_enough).map(|field| Field {
                party: if field.party == Party::Unknown {
                    party_of(stem)
                } else {
                    field.party
                },
                ..*field
            })
        })
}

/// The last characters of all known words, counters left out, as bits in the order of the code points.
static ENDINGS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let ends = FIELDS.keys();
    let ends = ends.filter_map(|word| without_counter(word).chars().next_back());
    let mut bits = Vec::new();
    for c in ends.map(|c| c as usize) {
        bits.resize(bits.len().max(c / 64 + 1), 0);
        bits[c / 64] |= 1 << (c % 64);
    }
    bits
});

/// Whether a known word, its counter left out, ends with this character.
fn ends_a_word(c: char) -> bool {
    let c = c as usize;
    ENDINGS
        .get(c / 64)
        .is_some_and(|bits| bits >> (c % 64) & 1 != 0)
}

/// Numerals that count fields of one sort: 电话一.
const COUNTERS: [char; 2] = ['一', '二'];

/// Most digits that a known word ends with.
pub(crate) const COUNTER: usize = 2;

/// Whether a known word may end where a text does, with at most so many digits and with marks behind it: 电话, `phone1`, `tel_`.
pub(crate) fn may_end_with_a_word(text: &str, digits: usize) -> bool {
    // As most words end.
    if let Some(last) = text.chars().next_back().filter(|c| is_han(*c)) {
        return COUNTERS.contains(&last) || ends_a_word(last);
    }
    let word = text.trim_end_matches(is_dropped);
    let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
    match stem.chars().next_back() {
        _ if word.len() - stem.len() > digits => false,
        Some(c) => COUNTERS.contains(&c) || may_end_a_word(c),
        None => false,
    }
}

/// Whether a known word, its counter left out, may end with this character, or something that is no Han character.
fn may_end_a_word(c: char) -> bool {
    !is_han(c) || ends_a_word(c)
}

/// Whether [`normalize`] leaves a mark out.
const fn is_dropped(c: char) -> bool {
    matches!(c, '*' | '/' | '_' | '-' | ':' | '(' | ')' | '.')
}

/// A quick look at the last character, which all readings of a word without brackets share: cells of data are no fields, and
/// this is asked of every cell of the first lines of an input.
fn ends_like_a_field(word: &str) -> bool {
    let dropped =
        |c: char| c.is_whitespace() || matches!(c, '*' | '/' | '_' | '-' | ':' | '：' | '.');
    let end = without_counter(word.trim_end_matches(dropped));
    let Some(last) = end.trim_end_matches(dropped).chars().next_back() else {
        return true;
    };
    may_end_a_word(last) || word.contains(['(', '（', '[', '【'])
}

/// A word without the number at its end.
fn without_counter(word: &str) -> &str {
    word.trim_end_matches(|c: char| c.is_ascii_digit() || COUNTERS.contains(&c))
}

/// Whether a word of its own may start at byte `at`: any Han character, a Latin letter after `_` or `-` or in camelCase.
fn starts_word(word: &str, at: usize, c: char) -> bool {
    if !c.is_ascii_alphanumeric() {
        return c.is_alphanumeric();
    }
    match word[..at].chars().next_back() {
        Some(p) if p.is_ascii_lowercase() => c.is_ascii_uppercase(),
        Some(p) => !p.is_ascii_alphanumeric(),
        None => true,
    }
}

/// The words of the table, normalised, and what they say.
pub(crate) fn words() -> impl Iterator<Item = (&'static str, Field)> {
    FIELDS.iter().map(|(word, field)| (*word, *field))
}

/// The exact table entry of an already normalised word.
pub fn exact(normal: &str) -> Option<Field> {
    FIELDS.get(normal).copied()
}

/// A normalised word. All that are looked up fit into what it holds without allocating.
pub(crate) type Word = SmallString<[u8; 256]>;

/// Lower case, full-width ASCII folded, spaces and `_-/():*.` dropped.
pub(crate) fn normalize(word: &str) -> Word {
    let mut out = Word::new();
    for c in word.chars() {
        normalize_char(c, &mut out);
    }
    out
}

/// Appends what [`normalize`] makes of one character.
pub(crate) fn normalize_char(c: char, out: &mut Word) {
    // Most labels are Han or ASCII; asking the tables of Unicode would take longer than all the rest.
    if is_han(c) {
        out.push(c);
        return;
    }
    if c.is_ascii() {
        if !c.is_whitespace() && !is_dropped(c) {
            out.push(c.to_ascii_lowercase());
        }
        return;
    }
    let c = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    };
    if !c.is_whitespace() && !is_dropped(c) {
        out.extend(c.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_at_the_end_misses_no_word() {
        let words = RAW.lines().filter_map(|l| l.split_once('\t'));
        for (word, _) in words.filter(|(word, _)| !word.starts_with('#')) {
            for end in ["", "-", "--", "*.", "1", "一"] {
                let text = format!("的{word}{end}");
                assert!(may_end_with_a_word(&text, COUNTER), "{text}");
            }
        }
        assert!(may_end_with_a_word("电话2023", 4));
        for text in ["电话2023", "张强----", "15800000000----", "----", ""] {
            assert!(!may_end_with_a_word(text, COUNTER), "{text}");
        }
    }

    #[test]
    fn endings_and_brackets_are_understood() {
        assert_eq!(
            field_of("收件人手机号（11位数）").map(|f| f.role),
            Some(Role::Mobile)
        );
        assert_eq!(field_of("订单收货人姓名").map(|f| f.role), Some(Role::Name));
        assert_eq!(field_of("寄件人电话").map(|f| f.party), Some(Party::Sender));
        assert_eq!(field_of("快递公司").map(|f| f.role), Some(Role::Other));
        assert_eq!(field_of("运单号").map(|f| f.role), Some(Role::Waybill));
    }

    #[test]
    fn the_quick_look_never_loses_a_field() {
        for word in RAW
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(|l| l.split('\t').next())
        {
            for dress in [
                word.to_owned(),
                format!("我的{word}2 ："),
                format!("{word}一*"),
                format!("{word}（必填）"),
            ] {
                assert!(ends_like_a_field(&dress), "{dress}");
            }
        }
        assert!(!ends_like_a_field("颜色不错很喜欢"));
    }

    #[test]
    fn the_table_is_sorted_and_normalised() {
        let words: Vec<&str> = RAW
            .lines()
            .filter(|l| !l.starts_with('#'))
            .map(|l| l.split('\t').next().unwrap_or(""))
            .collect();
        assert!(words.windows(2).all(|w| w[0] < w[1]));
        for word in words {
            assert_eq!(normalize(word), word);
            assert!(word.len() <= LONGEST, "{word}");
        }
    }
}
