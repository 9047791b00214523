//! Character classes.

/// Whether the character is a Han character of a block in which names and addresses are written (the unified ideographs,
/// extension A, the supplementary extensions, compatibility ideographs, and 〇).
pub const fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4E00}'..='\u{9FFF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{20000}'..='\u{3134F}'
        | '\u{F900}'..='\u{FAFF}'
        | '〇'
    )
}

/// The set of these bytes, to be looked up by a byte.
pub(crate) const fn byte_set(bytes: &[u8]) -> [bool; 256] {
    let mut set = [false; 256];
    let mut i = 0;
    while i < bytes.len() {
        set[bytes[i] as usize] = true;
        i += 1;
    }
    set
}

/// Whether the character separates fields in dumps and tables, so that no value reaches across it.
pub const fn is_field_mark(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\t' | '|' | '"' | '{' | '}' | '[' | ']' | '<' | '>' | '\0'
    )
}
