//! Small pieces of JSON, written straight into bytes: findings are the bulk of what a scan of a dump writes.

/// Appends a string literal.
#[inline]
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    if needs_escapes(text.as_bytes()) {
        escaped(out, text);
    } else {
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
}

#[cold]
fn escaped(out: &mut Vec<u8>, text: &str) {
    let mut plain = 0;
    for (i, b) in text.bytes().enumerate() {
        let escape: &[u8] = match b {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..0x20 => b"",
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[plain..i]);
        if escape.is_empty() {
            out.extend_from_slice(format!("\\u{b:04x}").as_bytes());
        } else {
            out.extend_from_slice(escape);
        }
        plain = i + 1;
    }
    out.extend_from_slice(&text.as_bytes()[plain..]);
}

/// Whether a string literal cannot hold a text as it is: whether it has a quote, a backslash or a control character.
fn needs_escapes(text: &[u8]) -> bool {
    any_block(text, |block| {
        below(block, 0x20) | equal(block, b'"') | equal(block, b'\\')
    })
}

const ONES: u64 = u64::from_le_bytes([1; 8]);

/// Not 0 if a byte of a block is less than `limit`, at most 0x80.
const fn below(block: u64, limit: u8) -> u64 {
    block.wrapping_sub(limit as u64 * ONES) & !block & (0x80 * ONES)
}

/// Not 0 if a byte of a block is this one.
pub(super) const fn equal(block: u64, byte: u8) -> u64 {
    below(block ^ (byte as u64 * ONES), 1)
}

/// Whether `hits` tells of any block of a text that it is not 0. Values are short: eight bytes at a time, and the last eight once
/// more, take less time than setting up anything wider. A text that is shorter is filled up with spaces.
#[inline]
pub(super) fn any_block(text: &[u8], hits: impl Fn(u64) -> u64) -> bool {
    let (blocks, rest) = text.as_chunks::<8>();
    let last = match text.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => rest
            .iter()
            .fold(b' ' as u64 * ONES, |block, b| (block << 8) | u64::from(*b)),
    };
    let mut seen = hits(last);
    for block in blocks {
        seen |= hits(u64::from_le_bytes(*block));
    }
    seen != 0
}

/// Appends an integer.
pub(super) fn integer(out: &mut Vec<u8>, n: i64) {
    itoap::write_to_vec(out, n);
}

/// Appends a number. It is written where it stays: digits are stored by twos, and a processor that copies them at once waits for all of them.
#[inline]
pub(super) fn natural(out: &mut Vec<u8>, n: u64) {
    itoap::write_to_vec(out, n);
}

/// Appends ten-thousandths as a ratio: 9300 → 0.93.
#[inline]
pub(super) fn ratio(out: &mut Vec<u8>, basis: u16) {
    if basis >= 10_000 {
        out.extend_from_slice(b"1.0");
        return;
    }
    let digits = four_digits(basis);
    let len = digits.iter().rposition(|d| *d != b'0').map_or(1, |i| i + 1);
    out.extend_from_slice(b"0.");
    out.extend_from_slice(&digits[..len]);
}

/// Appends ten-thousandths as a ratio with four places.
pub(super) fn four_places(out: &mut Vec<u8>, basis: u16) {
    out.push(b'0' + (basis / 10_000) as u8);
    out.push(b'.');
    out.extend_from_slice(&four_digits(basis));
}

/// The last four digits of a number.
fn four_digits(n: u16) -> [u8; 4] {
    [1_000, 100, 10, 1].map(|d| b'0' + (n / d % 10) as u8)
}

/// Appends `"key":` after a comma where one is needed.
pub(super) fn key(out: &mut Vec<u8>, key: &str) {
    if !matches!(out.last(), Some(b'{' | b'[')) {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\":");
}

/// Appends `"key":"text"`.
pub(super) fn text(out: &mut Vec<u8>, name: &str, value: &str) {
    key(out, name);
    string(out, value);
}

/// Appends `"key":"word"` for an identifier, in which nothing needs escaping.
pub(super) fn word(out: &mut Vec<u8>, name: &str, word: &str) {
    key(out, name);
    out.push(b'"');
    out.extend_from_slice(word.as_bytes());
    out.push(b'"');
}

/// Appends `"key":n`.
pub(super) fn number(out: &mut Vec<u8>, name: &str, n: i64) {
    key(out, name);
    integer(out, n);
}

/// Appends `,"name":{"start":…,"end":…}`; `head` is what stands before the first number, of a known length, since that is copied
/// without a call.
#[inline]
pub(super) fn span<const N: usize>(out: &mut Vec<u8>, head: &[u8; N], start: usize, end: usize) {
    out.extend_from_slice(head);
    natural(out, start as u64);
    out.extend_from_slice(b",\"end\":");
    natural(out, end as u64);
    out.push(b'}');
}

/// What stands before the numbers of the spans of a finding.
pub(super) const SPAN: &[u8; 17] = b",\"span\":{\"start\":";
pub(super) const TEXT_SPAN: &[u8; 22] = b",\"text_span\":{\"start\":";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_json() {
        let mut out = b"{".to_vec();
        text(&mut out, "a", "张\"\\\n\u{1}");
        number(&mut out, "b", -120);
        key(&mut out, "c");
        ratio(&mut out, 9_305);
        key(&mut out, "d");
        ratio(&mut out, 0);
        key(&mut out, "e");
        integer(&mut out, i64::MIN);
        out.push(b'}');
        let value: serde_json::Value = serde_json::from_slice(&out).expect("valid");
        assert_eq!(value["a"], "张\"\\\n\u{1}");
        assert_eq!(value["c"], 0.9305);
        assert_eq!(value["d"], 0.0);
        assert_eq!(value["e"], i64::MIN);
    }

    #[test]
    fn integers_are_written_as_the_formatter_does() {
        let edges = (0..20).flat_map(|power| {
            let n = 10_u64.pow(power);
            [n - 1, n, n + 1, 7 * (n / 9)]
        });
        for n in edges
            .chain(0..2_000)
            .chain([u64::MAX, 12_034_056, 99_999_999])
        {
            let mut out = Vec::new();
            natural(&mut out, n);
            assert_eq!(out, n.to_string().as_bytes());
        }
        for basis in 0..=10_000 {
            let mut out = Vec::new();
            ratio(&mut out, basis);
            let written: f64 = std::str::from_utf8(&out)
                .expect("text")
                .parse()
                .expect("a number");
            assert!((written * 10_000.0 - f64::from(basis)).abs() < 1e-6);
            assert!(!out.ends_with(b"0") || out.ends_with(b".0"));
        }
    }

    #[test]
    fn ratios_have_four_places() {
        for (basis, text) in [(10_000, "1.0000"), (9_305, "0.9305"), (7, "0.0007")] {
            let mut out = Vec::new();
            four_places(&mut out, basis);
            assert_eq!(out, text.as_bytes());
        }
    }

    #[test]
    fn what_needs_escapes_is_seen_at_every_place() {
        for len in 0..40 {
            let plain = vec![b'x'; len];
            assert!(!needs_escapes(&plain));
            for (at, special) in
                (0..len).flat_map(|at| [(at, b'"'), (at, b'\\'), (at, 0), (at, 31)])
            {
                let mut text = plain.clone();
                text[at] = special;
                assert!(needs_escapes(&text));
            }
            for (at, usual) in (0..len).flat_map(|at| {
                [b' ', b'!', b'#', b'[', b']', 127, 0xA2, 0xDC, 0xFF].map(|b| (at, b))
            }) {
                let mut text = plain.clone();
                text[at] = usual;
                assert!(!needs_escapes(&text), "{text:?}");
            }
        }
    }
}
