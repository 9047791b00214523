//! Small pieces of JSON, written straight into bytes: findings are the bulk of what a scan of a dump writes.

/// Appends a string literal.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    if !needs_escapes(text) {
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
        return;
    }
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
    out.push(b'"');
}

/// Whether a string literal cannot hold a text as it is. Without a branch, so that it becomes vector instructions.
fn needs_escapes(text: &str) -> bool {
    let escaped = |b: u8| matches!(b, 0..0x20 | b'"' | b'\\');
    text.bytes().fold(false, |any, b| any | escaped(b))
}

/// Appends an integer.
pub(super) fn integer(out: &mut Vec<u8>, n: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(n).as_bytes());
}

/// Appends ten-thousandths as a ratio: 9300 → 0.93.
pub(super) fn ratio(out: &mut Vec<u8>, basis: u16) {
    if basis >= 10_000 {
        out.extend_from_slice(b"1.0");
        return;
    }
    out.extend_from_slice(b"0.");
    let digits = [1_000, 100, 10, 1].map(|d| b'0' + (basis / d % 10) as u8);
    let len = digits.iter().rposition(|d| *d != b'0').map_or(1, |i| i + 1);
    out.extend_from_slice(&digits[..len]);
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

/// Appends `"name":{"start":…,"end":…}`.
pub(super) fn span(out: &mut Vec<u8>, name: &str, start: usize, end: usize) {
    key(out, name);
    out.extend_from_slice(b"{\"start\":");
    integer(out, start as i64);
    out.extend_from_slice(b",\"end\":");
    integer(out, end as i64);
    out.push(b'}');
}

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
}
