//! Encodings, and guessing them.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::decode::{Buffer, decode};
use super::mixed;

/// An encoding in which dumps come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// GB18030, of which GBK and GB2312 are parts.
    Gb18030,
    /// Big5.
    Big5,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Encoding; 5] = [
        Encoding::Utf8,
        Encoding::Gb18030,
        Encoding::Big5,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
    ];

    /// The stable identifier, as in `--encoding`.
    pub const fn id(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Gb18030 => "gb18030",
            Encoding::Big5 => "big5",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
        }
    }

    /// Whether a byte below 0x30 always stands for the ASCII character, so that text may be cut at such a byte.
    pub const fn is_ascii_cuttable(self) -> bool {
        matches!(self, Encoding::Utf8 | Encoding::Gb18030 | Encoding::Big5)
    }
}

/// How sure the encoding of an input is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Certainty {
    /// The caller says so; no line is read in another one.
    Given,
    /// A byte order mark, valid UTF-8, or a clear lead over the alternatives says so.
    #[default]
    Certain,
    /// It is the most likely one.
    Likely,
}

/// What the first bytes of an input say about its encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guess {
    /// The most likely encoding.
    pub(crate) encoding: Encoding,
    /// Bytes of the byte order mark, 0 if there is none.
    pub(crate) bom_len: usize,
    /// [`Certainty::Certain`] or [`Certainty::Likely`].
    pub(crate) certainty: Certainty,
}

impl Guess {
    /// The encoding and how sure it is.
    pub(crate) const fn sure(self) -> (Encoding, Certainty) {
        (self.encoding, self.certainty)
    }
}

/// Bytes of an input that are searched for its first character beyond ASCII.
pub(crate) const ASCII_SEARCHED: usize = 4 << 20;

/// Guesses the encoding of an input from the bytes around its first character beyond ASCII, of at most
/// [`ASCII_SEARCHED`] bytes: a dump may begin with a long list of numbers and come to its names later.
pub(crate) fn guess_late(bytes: &[u8], prefix: usize) -> Guess {
    let bytes = &bytes[..bytes.len().min(ASCII_SEARCHED)];
    let (first, later) = bytes.split_at(bytes.len().min(prefix));
    if !first.is_ascii() || later.is_ascii() || first.contains(&0) {
        return guess(first);
    }
    let at = later
        .chunks(1024)
        .take_while(|chunk| chunk.is_ascii())
        .count()
        * 1024;
    guess(&later[at..later.len().min(at + prefix)])
}

/// Guesses the encoding of an input from its first bytes; the last character may be cut.
pub(crate) fn guess(prefix: &[u8]) -> Guess {
    let sure = |encoding, bom_len| Guess {
        encoding,
        bom_len,
        certainty: Certainty::Certain,
    };
    match prefix {
        [0xEF, 0xBB, 0xBF, ..] => return sure(Encoding::Utf8, 3),
        [0xFF, 0xFE, ..] => return sure(Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => return sure(Encoding::Utf16Be, 2),
        [0x84, 0x31, 0x95, 0x33, ..] => return sure(Encoding::Gb18030, 4),
        _ => {}
    }
    // UTF-16 of ASCII is valid UTF-8 too, so it is asked for first.
    if let Some(encoding) = utf16(prefix) {
        return sure(encoding, 0);
    }
    let Some(first_bad) = invalid_utf8(prefix) else {
        return sure(Encoding::Utf8, 0);
    };
    if cfg!(not(feature = "encodings")) {
        return sure(Encoding::Utf8, 0);
    }
    // Costs are compared on a piece that starts at the first byte that cannot be UTF-8, back to the start of its line.
    let start = prefix[first_bad.saturating_sub(COMPARED)..first_bad]
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |i| i + 1)
        + first_bad.saturating_sub(COMPARED);
    let piece = &prefix[start..prefix.len().min(first_bad + COMPARED)];
    let costs = [
        (utf8_cost(piece), Encoding::Utf8),
        (pair_cost(piece, Encoding::Gb18030), Encoding::Gb18030),
        (pair_cost(piece, Encoding::Big5), Encoding::Big5),
    ];
    let best = costs.iter().copied().min_by_key(|c| c.0);
    let (cost, encoding) = best.unwrap_or_default();
    let next = costs.iter().filter(|c| c.1 != encoding).map(|c| c.0).min();
    Guess {
        encoding,
        bom_len: 0,
        certainty: match next {
            Some(next) if next - cost >= CLEAR => Certainty::Certain,
            _ => Certainty::Likely,
        },
    }
}

/// Bytes after the first that is no UTF-8 on which encodings are compared; a few hundred characters decide.
const COMPARED: usize = 8 * 1024;

/// A lead in costs that leaves no doubt: about twenty characters that one encoding makes common and the other rare.
const CLEAR: i32 = 80;

/// Cost of a malformed sequence. High against the cost of rare characters: right encodings have next to none.
const MALFORMED: i32 = 24;

/// Offset of the first byte that is no UTF-8, unless it is only a character cut by the end.
fn invalid_utf8(prefix: &[u8]) -> Option<usize> {
    // simdutf8's fast flavour gives no offset; text is valid nearly always.
    if simdutf8::basic::from_utf8(prefix).is_ok() {
        return None;
    }
    let error = simdutf8::compat::from_utf8(prefix).err()?;
    error.error_len().map(|_| error.valid_up_to())
}

/// The cost of reading a piece as UTF-8: malformed sequences cost, Han characters pay back.
pub(super) fn utf8_cost(piece: &[u8]) -> i32 {
    let mut cost = 0;
    for chunk in piece.utf8_chunks() {
        if !chunk.invalid().is_empty() {
            cost += MALFORMED;
        }
        cost -= 2 * chunk.valid().chars().filter(|c| *c >= '\u{4E00}').count() as i32;
    }
    cost
}

/// The characters that text of this trade is full of, in simplified and in traditional writing.
const COMMON: &str = "的一是不了在有我他這这為为個个人中大上國国到時时要就會会可也你對对生能而子那得於着下自之年過过發发後后作里裡用道行所然家種种事成方多\
省市區区縣县鎮镇鄉乡村路街巷號号棟栋樓楼室單单元弄小花園园新城東东南西北收件電电話话姓名地址手機机先女士王李張张劉刘陳陈楊杨黃黄趙赵吳吴周，。：、";

static COMMON_CHARS: LazyLock<FxHashSet<char>> = LazyLock::new(|| COMMON.chars().collect());

/// The cost of reading a piece as two-byte characters: rare rows cost, common characters pay back.
pub(super) fn pair_cost(piece: &[u8], encoding: Encoding) -> i32 {
    let (mut buf, mut malformed) = (Buffer::default(), Vec::new());
    let text = decode(piece, encoding, &mut buf, &mut malformed).text;
    // The last character may be cut by the end of the prefix.
    let malformed = malformed.iter().filter(|s| s.end < piece.len()).count();
    let cost = malformed as i32 * MALFORMED;
    let common = text.chars().filter(|c| COMMON_CHARS.contains(c)).count();
    cost - 3 * common as i32 + rare_rows(piece, encoding)
}

fn rare_rows(piece: &[u8], encoding: Encoding) -> i32 {
    let mut cost = 0;
    let mut at = 0;
    while let [lead, trail, ..] = piece[at..] {
        if lead < 0x80 {
            at += 1;
            continue;
        }
        at += 2;
        cost += match (encoding, lead, trail) {
            // Symbols and the commonest few thousand characters of either standard.
            (Encoding::Gb18030, 0xA1..=0xA3 | 0xB0..=0xD7, 0xA1..)
            | (Encoding::Big5, 0xA1 | 0xA4..=0xC6, _) => 0,
            // The rarer characters, sorted by radical.
            (Encoding::Gb18030, 0xD8..=0xF7, 0xA1..) | (Encoding::Big5, 0xC9..=0xF9, _) => 3,
            // Characters that GBK added, most of them traditional; symbols of Big5.
            (Encoding::Gb18030, ..) => 5,
            _ => 4,
        };
    }
    cost
}

/// UTF-16 without a mark: digits, commas and line ends have a zero byte on one side, and only there.
fn utf16(prefix: &[u8]) -> Option<Encoding> {
    // Text in the other encodings has no zero byte, and a search for one is nearly free.
    memchr::memchr(0, prefix)?;
    let (le, be) = (
        Units::of(prefix, Encoding::Utf16Le),
        Units::of(prefix, Encoding::Utf16Be),
    );
    let (encoding, units) = if le.ascii > be.ascii {
        (Encoding::Utf16Le, le)
    } else {
        (Encoding::Utf16Be, be)
    };
    // One character in twenty is ASCII in any dump, and in binary files zeros are on both sides.
    let is_text = units.all >= 2
        && 20 * units.ascii >= units.all
        && 50 * units.ascii_in_the_other <= units.ascii
        && 50 * units.odd <= units.all;
    is_text.then_some(encoding)
}

/// What bytes are made of if they are UTF-16.
pub(super) struct Units {
    pub(super) all: usize,
    /// Units with a zero byte where ASCII characters have it.
    pub(super) ascii: usize,
    /// Those where they would have it in the other order of bytes.
    pub(super) ascii_in_the_other: usize,
    /// Units that no text of the trade holds.
    pub(super) odd: usize,
}

impl Units {
    pub(super) fn of(bytes: &[u8], encoding: Encoding) -> Units {
        let (pairs, _) = bytes.as_chunks::<2>();
        let mut units = Units {
            all: pairs.len(),
            ascii: 0,
            ascii_in_the_other: 0,
            odd: 0,
        };
        for pair in pairs {
            let unit = match encoding {
                Encoding::Utf16Le => u16::from_le_bytes(*pair),
                _ => u16::from_be_bytes(*pair),
            };
            units.ascii += usize::from(unit < 0x100);
            units.ascii_in_the_other += usize::from(unit.to_le_bytes()[0] == 0);
            let known = matches!(unit, 1 | 9 | 10 | 13 | 0x1F..=0x7E | 0xA0..=0x24F | 0x2000..=0x206F | 0x2100..=0x26FF
                | 0x3000..=0x30FF | 0x3400..=0x9FFF | 0xD800..=0xDFFF | 0xFF00..=0xFFEF);
            units.odd += usize::from(!known);
        }
        units
    }
}

/// Whether the first bytes of an input are no text in any of the encodings: a picture, a program, zeros.
pub(crate) fn is_binary(prefix: &[u8]) -> bool {
    const MAGIC: [&[u8]; 12] = [
        b"\x89PNG\r\n\x1a\n",
        b"\xFF\xD8\xFF",
        b"GIF8",
        b"%PDF-",
        b"\x7FELF",
        b"MZ\x90\0",
        b"\xCA\xFE\xBA\xBE",
        b"SQLite format 3\0",
        b"OggS",
        b"ID3",
        b"RIFF",
        b"\0\0\x01\0",
    ];
    if MAGIC.iter().any(|m| prefix.starts_with(m)) {
        return true;
    }
    let guess = guess(prefix);
    if matches!(guess.encoding, Encoding::Utf16Le | Encoding::Utf16Be) {
        return false;
    }
    let (mut zeros, mut controls) = (0, 0);
    let mut count = |bytes: &[u8]| {
        for b in bytes {
            match b {
                0 => zeros += 1,
                // The others of them part cells and rows in exports of Hive and mainframes.
                4..=8 | 0x0E..=0x1A | 0x7F => controls += 1,
                _ => {}
            }
        }
    };
    // Lines of UTF-16 are text.
    let mut stretches = Vec::new();
    mixed::find(prefix, guess.encoding, &mut stretches);
    let wide =
        |s: &&mixed::Stretch| matches!(s.reading.encoding(), Encoding::Utf16Le | Encoding::Utf16Be);
    let mut at = 0;
    for stretch in stretches.iter().filter(wide) {
        count(&prefix[at..stretch.source.start]);
        at = stretch.source.end;
    }
    count(&prefix[at..]);
    // A dump may hold a stray zero (a broken export) and a few control characters; data have them everywhere.
    zeros * 200 > prefix.len() || controls * 50 > prefix.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_utf8_with_a_cut_last_character() {
        let bytes = "姓名,电话\n张三".as_bytes();
        for cut in 0..bytes.len() {
            let guess = guess(&bytes[..cut]);
            assert_eq!(
                (guess.encoding, guess.certainty),
                (Encoding::Utf8, Certainty::Certain)
            );
        }
    }

    #[test]
    fn marks() {
        assert_eq!(guess(b"\xEF\xBB\xBFa").bom_len, 3);
        assert_eq!(guess(b"\xFF\xFEa\0").encoding, Encoding::Utf16Le);
        assert_eq!(guess(b"\xFE\xFF\0a").encoding, Encoding::Utf16Be);
    }

    #[test]
    fn binary_files_are_told() {
        assert!(is_binary(&[0; 100]));
        assert!(is_binary(b"\x89PNG\r\n\x1a\n...."));
        let noise: Vec<u8> = (0..4000_u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
            .collect();
        assert!(is_binary(&noise));
        assert!(!is_binary("电话13800138000\n".as_bytes()));
        assert!(!is_binary(b"a\0b\0\n\0"));
        assert!(!is_binary("张三\u{1}138\u{1}\n1\u{1F}2\u{1E}".as_bytes()));
        assert!(!is_binary(b""));
    }

    #[cfg(feature = "encodings")]
    #[test]
    fn chinese_without_a_mark() {
        let simplified = [
            "张三 13800138000",
            "姓名,电话,地址\n李娜,13912345678,广东省深圳市南山区科技园路8号\n",
            "今天天气不错，我们去公园散步吧。",
        ];
        for text in simplified {
            let gb = encoding_rs::GB18030.encode(text).0;
            assert_eq!(guess(&gb).encoding, Encoding::Gb18030, "{text}");
            let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            if text.contains('1') {
                assert_eq!(guess(&le).encoding, Encoding::Utf16Le, "{text}");
                assert_eq!(guess(&be).encoding, Encoding::Utf16Be, "{text}");
            }
        }
        for text in [
            "收件人：陳大文，電話：0912345678，地址：臺北市信義區松仁路1號",
            "今天天氣很好，我們去公園散步吧。",
        ] {
            let big5 = encoding_rs::BIG5.encode(text).0;
            assert_eq!(guess(&big5).encoding, Encoding::Big5, "{text}");
        }
    }

    #[cfg(feature = "encodings")]
    #[test]
    fn the_first_chinese_character_may_come_late() {
        let mut bytes = "SF1234567890123,13800138000\n".repeat(5000).into_bytes();
        assert_eq!(guess_late(&bytes, 1 << 16).encoding, Encoding::Utf8);
        bytes.extend(
            &*encoding_rs::GB18030
                .encode("李娜,13912345678,广东省深圳市南山区科技园路8号\n")
                .0,
        );
        assert_eq!(guess_late(&bytes, 1 << 16).encoding, Encoding::Gb18030);
    }

    #[cfg(feature = "encodings")]
    #[test]
    fn one_bad_byte_does_not_make_utf8_something_else() {
        let mut bytes = "姓名,电话\n张三,13800138000\n浙江省杭州市西湖区文三路128号\n"
            .repeat(20)
            .into_bytes();
        bytes[700] = 0xFF;
        assert_eq!(guess(&bytes).encoding, Encoding::Utf8);
    }
}
