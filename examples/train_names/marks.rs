//! What stands between and around the fields of invented lines.

// `pick` is generic over what the list holds; without the `*` the compiler looks for a list of unsized texts.
#![allow(clippy::explicit_auto_deref)]

use miandan::detect::name::training;

use crate::random::Random;

pub(crate) const SEPARATORS: &[&str] = &[
    ",", ",", ", ", "，", "，", "\t", "\t", "|", "|", " | ", "----", "---", "--", " ", " ", "  ",
    "/", " / ", ";", "；", "、", "#", "_", "~", " - ", "-", "==", "::", "^", "$", "||", "&", "+",
    "。",
];

/// Marks that dumps put between or around fields: which one stands there must not matter.
pub(crate) const SYMBOLS: &[&str] = &[
    "←", "↓", "➜", "»", "◇", "※", "∥", "¦", "§", "^^", "~~", "++", "==>", "->", "&&", "!!", "%",
    "；；", "……", "―", "◆", "●", "☆", "♪", "▶", "﹟", "￥", "∶", "．", "…", "<>", "//", "\\\\",
    "<br>", "&nbsp;", "\\t", "\\n",
];
pub(crate) const BRACKETS: &[(&str, &str)] = &[
    ("『", "』"),
    ("〖", "〗"),
    ("«", "»"),
    ("≪", "≫"),
    ("{", "}"),
    ("◆", "◆"),
    ("●", "●"),
    ("☆", "☆"),
    ("(", ")"),
    ("（", "）"),
    ("<", ">"),
    ("~", "~"),
    ("#", "#"),
];

/// First and last of the signs that a line may be parted with: punctuation, arrows, operators, boxes, shapes, dingbats.
const SIGNS: &[(u32, u32)] = &[
    (0x21, 0x2F),
    (0x3A, 0x40),
    (0x5B, 0x60),
    (0x7B, 0x7E),
    (0xA1, 0xB6),
    (0x2010, 0x205E),
    (0x2190, 0x22FF),
    (0x2500, 0x257F),
    (0x25A0, 0x27BF),
    (0x3001, 0x3003),
    (0x3008, 0x301F),
    (0xFF01, 0xFF0F),
    (0xFF1A, 0xFF20),
    (0xFF3B, 0xFF40),
    (0xFF5B, 0xFF5E),
];

/// Any sign, once or twice, now and then between spaces: which one it is must not matter.
pub(crate) fn any_mark(random: &mut Random) -> String {
    let sign = loop {
        let &(first, last) = random.pick(SIGNS);
        let c = char::from_u32(first + random.below((last - first + 1) as usize) as u32);
        // What hides characters or parts those of a name says more than that a field ends.
        if let Some(c) = c.filter(|c| !training::is_mask_or_dot(*c)) {
            break c;
        }
    };
    match random.below(5) {
        0 => format!("{sign}{sign}"),
        1 => format!(" {sign} "),
        _ => sign.to_string(),
    }
}

/// What may stand between two pieces.
pub(crate) fn mark(random: &mut Random) -> String {
    match random.below(10) {
        0..4 => (*random.pick(SEPARATORS)).to_owned(),
        4..5 => format!(" {} ", random.pick(SYMBOLS)),
        5..7 => (*random.pick(SYMBOLS)).to_owned(),
        7..9 => any_mark(random),
        _ => "\n".to_owned(),
    }
}
