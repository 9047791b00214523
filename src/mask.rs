//! Writing a value so that it can be recognised by its owner but not used by others.
//!
//! The rules follow GB/T 41833-2022 (courier e-waybills): at least one character of a name, at least six digits of a
//! telephone number, and everything from the house number on of an address are hidden. Other kinds hide at least half.

use crate::kind::{Form, Kind};

/// Digits of a telephone number that GB/T 41833-2022 wants hidden.
pub const PHONE_HIDDEN: usize = 6;

/// The character that stands for a hidden one.
const STAR: char = '*';

/// The value with its identifying part replaced by `*`.
///
/// Values that are masked already are masked further where they show too much. An address without house, building or room
/// (divisions and roads only) is returned as it is.
///
/// ```
/// use miandan::{Form, Kind, mask::mask_value};
/// assert_eq!(mask_value(Kind::Mobile, Form::Full, "+86 138-1234-5678"), "+86 138-****-**78");
/// assert_eq!(mask_value(Kind::Mobile, Form::Masked, "138****5678"), "138******78");
/// assert_eq!(mask_value(Kind::Name, Form::Full, "张晓明"), "张**");
/// assert_eq!(mask_value(Kind::Name, Form::Partial, "张先生"), "*先生");
/// assert_eq!(mask_value(Kind::Address, Form::Full, "杭州市西湖区文三路128号"), "杭州市西湖区文三路***");
/// assert_eq!(mask_value(Kind::Waybill, Form::Full, "SF1234567890123"), "SF*********0123");
/// ```
pub fn mask_value(kind: Kind, form: Form, value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    mask_into(kind, form, value, &mut out);
    out
}

/// Appends the masked value to `out`; see [`mask_value`].
pub fn mask_into(kind: Kind, form: Form, value: &str, out: &mut String) {
    match kind {
        Kind::Name => mask_name(form, value, out),
        Kind::Address => {
            let kept = address_cut(value);
            out.push_str(&value[..kept]);
            if kept < value.len() {
                out.push_str("***");
            }
        }
        Kind::Email => mask_email(value, out),
        // The reading of a disguised value is not known here, so nothing of it stays.
        _ if form == Form::Disguised => mask_marks(value, marks(value), 0, 0, out),
        Kind::Mobile | Kind::Landline => mask_phone(value, out),
        _ => {
            let marks = marks(value);
            let (head, tail) = match kind {
                Kind::Waybill => (2, 4),
                Kind::IdCard => (3, 2),
                Kind::BankCard => (4, 4),
                Kind::Handle => (1, 1),
                _ => (0, 0),
            };
            // Short values show at most a third.
            let (head, tail) = if head + tail + PHONE_HIDDEN > marks {
                (marks / 6, marks / 6)
            } else {
                (head, tail)
            };
            mask_marks(value, marks, head, tail, out);
        }
    }
}

/// Whether a character carries content: a letter, a digit, a Han character, or a star that hides one.
fn is_mark(c: char) -> bool {
    // Han characters are letters; asking the tables of Unicode takes longer than all the rest.
    matches!(c, '\u{4E00}'..='\u{9FFF}') || c.is_alphanumeric() || is_hidden(c)
}

/// Number of characters that carry content.
fn marks(value: &str) -> usize {
    if value.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return value.len();
    }
    if value.is_ascii() {
        let carries = |b: u8| b.is_ascii_alphanumeric() || b == b'*';
        return value.bytes().map(|b| usize::from(carries(b))).sum();
    }
    value.chars().filter(|c| is_mark(*c)).count()
}

/// Whether a character stands for a hidden one, as people and systems write it.
///
/// ```
/// use miandan::mask::is_hidden;
/// assert!(is_hidden('*') && is_hidden('＊') && is_hidden('█'));
/// assert!(!is_hidden('x'));
/// ```
pub const fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '*' | '＊'
            | '×'
            | '✱'
            | '●'
            | '•'
            | '■'
            | '█'
            | '▇'
            | '○'
            | '□'
            | '▓'
            | '✕'
            | '╳'
    )
}

/// Stars for all of the `marks` of a value but the `head` first and the `tail` last; separators stay.
fn mask_marks(value: &str, marks: usize, head: usize, tail: usize, out: &mut String) {
    if marks == value.len() {
        // Letters and digits throughout, as nearly all numbers are.
        let shown = head.min(marks);
        let hidden = (marks - shown).saturating_sub(tail);
        out.push_str(&value[..shown]);
        push_stars(hidden, out);
        out.push_str(&value[shown + hidden..]);
        return;
    }
    let mut seen = 0;
    for c in value.chars() {
        if is_mark(c) {
            let shown = seen < head || seen + tail >= marks;
            out.push(if shown { c } else { STAR });
            seen += 1;
        } else {
            out.push(c);
        }
    }
}

fn push_stars(mut n: usize, out: &mut String) {
    const STARS: &str = "****************";
    while n > STARS.len() {
        out.push_str(STARS);
        n -= STARS.len();
    }
    out.push_str(&STARS[..n]);
}

fn mask_phone(value: &str, out: &mut String) {
    // As nearly all are; what follows says the same of them.
    if let [b'1'..=b'9', rest @ ..] = value.as_bytes()
        && rest.len() == 10
        && rest.iter().all(u8::is_ascii_digit)
    {
        mask_marks(value, 11, 3, 2, out);
        return;
    }
    let (number, extension) = split_extension(value);
    let marks = marks(number);
    let skip = country_code(number, marks);
    let shown = (marks - skip).saturating_sub(PHONE_HIDDEN).min(5);
    mask_marks(number, marks, skip + shown.div_ceil(2), shown / 2, out);
    out.extend(
        extension
            .chars()
            .map(|c| if c.is_numeric() { STAR } else { c }),
    );
}

/// The number and what follows it from 转, `ext`, `,`, `[`, `#` on.
fn split_extension(value: &str) -> (&str, &str) {
    let from = value.find(['转', '轉', ',', '，', '#', '[', '【', 'e', 'E']);
    match from {
        Some(at) if marks(&value[..at]) > 7 => value.split_at(at),
        _ => (value, ""),
    }
}

/// Marks of a leading country code, which stay: `+86`, `0086`, `86`, `+852`, `+853`, `+886`.
fn country_code(number: &str, marks: usize) -> usize {
    let digits: String = number.chars().filter(|c| is_mark(*c)).take(5).collect();
    let (zeros, rest) = match digits.strip_prefix("00") {
        Some(rest) => (2, rest),
        None => (0, digits.as_str()),
    };
    let plus = zeros > 0 || number.trim_start().starts_with(['+', '＋']);
    if plus && ["852", "853", "886"].iter().any(|c| rest.starts_with(c)) {
        zeros + 3
    } else if rest.starts_with("86") && (plus || marks > 11) {
        zeros + 2
    } else {
        0
    }
}

fn mask_name(form: Form, value: &str, out: &mut String) {
    // As nearly all are; what follows says the same of them.
    if let Some(chars) = han_only(value) {
        let (hidden, rest) = match form {
            Form::Partial => (1, &value[3..]),
            _ if chars == 1 => (1, ""),
            _ => {
                out.push_str(&value[..3]);
                (chars - 1, "")
            }
        };
        push_stars(hidden, out);
        out.push_str(rest);
        return;
    }
    if value.chars().any(is_hidden) {
        out.push_str(value);
        return;
    }
    let marks = marks(value);
    if form == Form::Partial {
        // The surname is all that is known of the person; the title stays readable.
        mask_marks(value, marks, 0, marks.saturating_sub(1), out);
        return;
    }
    mask_marks(value, marks, usize::from(marks > 1), 0, out);
}

/// The number of characters of a text of common Han characters, which take three bytes each.
fn han_only(value: &str) -> Option<usize> {
    let (chars, rest) = value.as_bytes().as_chunks::<3>();
    let is_han = |[a, b, _]: &[u8; 3]| matches!((a, b), (0xE4, 0xB8..) | (0xE5..=0xE9, _));
    (rest.is_empty() && !chars.is_empty() && chars.iter().all(is_han)).then_some(chars.len())
}

fn mask_email(value: &str, out: &mut String) {
    let at = value.find(['@', '＠']).unwrap_or(value.len());
    let (local, domain) = value.split_at(at);
    let marks = marks(local);
    mask_marks(local, marks, usize::from(marks > 2), 0, out);
    out.push_str(domain);
}

/// End of the part of an address that may be shown: divisions and roads, in bytes.
fn address_cut(value: &str) -> usize {
    let mut road_end = 0;
    let mut end = 0;
    loop {
        // Nine of ten characters are Han characters that mean nothing here.
        while let Some([0xE4..=0xE9, second, third]) = value.as_bytes().get(end..end + 3)
            && !MAY_MATTER[usize::from(second << 6 | third & 0x3F)]
        {
            end += 3;
        }
        let at = end;
        let Some(c) = value[at..].chars().next() else {
            break;
        };
        end += c.len_utf8();
        // No Han character is numeric in Unicode's eyes, and asking it takes longer than all the rest.
        let han = matches!(c, '\u{4E00}'..='\u{9FFF}');
        if !han && (c.is_numeric() && !is_numeral(c) || is_hidden(c)) {
            return trimmed(value, at);
        }
        // 十二号楼 is a house number, 三里屯 and 文二路 are names.
        if is_numeral(c) && starts_house_number(&value[at..]) {
            return trimmed(value, at);
        }
        let division = match c {
            '区' | '區' => !value[..at].ends_with(['小', '社', '园', '校', '厂', '住']),
            '村' => !value[end..].starts_with('委'),
            _ => may_end_division(c),
        };
        if division {
            road_end = end;
        }
    }
    if road_end > 0 {
        return road_end;
    }
    let chars = value.chars().count();
    value
        .char_indices()
        .nth((chars / 2).min(6))
        .map_or(0, |(at, _)| at)
}

/// What divisions and roads end with; some of it ends other words as well.
const fn may_end_division(c: char) -> bool {
    matches!(
        c,
        '省' | '市'
            | '县'
            | '旗'
            | '镇'
            | '乡'
            | '州'
            | '盟'
            | '縣'
            | '鎮'
            | '鄉'
            | '路'
            | '街'
            | '道'
            | '区'
            | '區'
            | '村'
    )
}

/// Han numerals, which are letters in Unicode's eyes in part and numbers in others.
const fn is_numeral(c: char) -> bool {
    matches!(
        c,
        '一' | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '零'
            | '〇'
            | '两'
    )
}

/// Whether a Han character with these lowest eight bits may be a numeral or the end of a division.
const MAY_MATTER: [bool; 256] = {
    let mut may = [false; 256];
    let mut c = '\u{4E00}';
    while c < '\u{9FFF}' {
        may[c as usize & 0xFF] |= is_numeral(c) || may_end_division(c);
        c = match char::from_u32(c as u32 + 1) {
            Some(next) => next,
            None => break,
        };
    }
    may
};

fn starts_house_number(rest: &str) -> bool {
    let after = rest.trim_start_matches(is_numeral);
    after.starts_with([
        '号', '栋', '幢', '弄', '座', '室', '楼', '层', '號', '棟', '樓', '单', '單', '门', '排',
        '组',
    ])
}

/// `at`, moved left over separators.
fn trimmed(value: &str, at: usize) -> usize {
    value[..at]
        .trim_end_matches([' ', ',', '，', '-', '_', '(', '（'])
        .len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mask(kind: Kind, value: &str) -> String {
        mask_value(kind, Form::Full, value)
    }

    #[test]
    fn phones_hide_six_digits_and_keep_their_country_code() {
        for (value, masked) in [
            ("13812345678", "138******78"),
            ("8613812345678", "86138******78"),
            ("0086 138 1234 5678", "0086 138 **** **78"),
            ("+852 6123 4567", "+852 6*** ***7"),
            ("021-62345678", "021-******78"),
            ("17012345678转1234", "170******78转****"),
            ("*******5678", "*********78"),
            ("1234", "****"),
        ] {
            assert_eq!(mask(Kind::Mobile, value), masked);
        }
        assert_eq!(
            mask_value(Kind::Mobile, Form::Disguised, "一三八 1234 ⑤⑥⑦⑧"),
            "*** **** ****"
        );
    }

    #[test]
    fn addresses_hide_from_the_house_number_on() {
        for (value, masked) in [
            ("浙江省杭州市西湖区", "浙江省杭州市西湖区"),
            (
                "北京市朝阳区三里屯街道工体北路十二号院",
                "北京市朝阳区三里屯街道工体北路***",
            ),
            ("杭州市西湖区文二路向阳小区", "杭州市西湖区文二路***"),
            ("深圳市南山区 科兴路 １０号", "深圳市南山区 科兴路***"),
            ("阳光花园***", "阳光花园***"),
            ("Room 301, Wensan Rd", "Room***"),
            ("", ""),
        ] {
            assert_eq!(mask(Kind::Address, value), masked);
        }
    }

    #[test]
    fn other_kinds_show_little() {
        assert_eq!(
            mask(Kind::IdCard, "11010119900307663X"),
            "110*************3X"
        );
        assert_eq!(
            mask(Kind::BankCard, "6222021234567890123"),
            "6222***********0123"
        );
        assert_eq!(
            mask(Kind::Email, "zhangwei@example.com"),
            "z*******@example.com"
        );
        assert_eq!(mask(Kind::Handle, "wx_zhangwei88"), "w*_*********8");
        assert_eq!(mask(Kind::Name, "王"), "*");
        assert_eq!(mask(Kind::Name, "阿卜杜拉·买买提"), "阿***·***");
        assert_eq!(mask(Kind::Name, "张*"), "张*");
    }

    proptest! {
        #[test]
        fn any_text_can_be_masked(kind in 0usize..10, value in "\\PC{0,40}") {
            let kind = Kind::ALL[kind];
            for form in [Form::Full, Form::Partial, Form::Masked, Form::Disguised] {
                let _ = mask_value(kind, form, &value);
            }
        }

        #[test]
        fn phones_hide_at_least_six(value in "1[3-9][0-9]{9}", plus in "(|\\+86|0086 |86-)") {
            let masked = mask(Kind::Mobile, &format!("{plus}{value}"));
            prop_assert!(masked.chars().filter(|c| *c == '*').count() >= PHONE_HIDDEN);
        }
    }
}
