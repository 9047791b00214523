//! What the fuzzer runs (`fuzz/`), as functions that the tests run too, on kept inputs and on made-up ones.
//!
//! Each takes any bytes and panics where a promise is broken.

// The file is part of several crates.
#![allow(unreachable_pub)]

use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::LazyLock;

use miandan::source::{Options, walk};
use miandan::{
    Encoding, Form, Format, Input, Kind, Origin, PageReport, Result, Scanner, Sink, Sourced, Unit,
};

/// A target: takes any bytes.
pub type Target = fn(&[u8]);

/// The targets by the names of their folders of kept inputs.
pub const TARGETS: [(&str, Target); 4] = [
    ("digits", digits),
    ("pages", pages),
    ("scan", scan),
    ("sources", sources),
];

static SCANNER: LazyLock<Scanner> =
    LazyLock::new(|| Scanner::new().expect("default options are valid"));

const PIECES: &str = "0 1 2 3 4 5 6 7 8 9 １ ３ ８ ０ 一 三 八 零 〇 幺 洞 拐 壹 叁 捌 ① ③ ⓪ ❶ ⒈ ⒊ 𝟏 𝟑 ¹ ³ ١ ٣ 医 伞 芭 铃 \
    1\u{FE0F}\u{20E3} 3\u{FE0F}\u{20E3} &#49; &#x33; &# %38 %3 \\u0030 \\u00 yao san ba ling l O S B - — . · * 、 + : ： ; # <br> <b \
    \u{200B} \u{AD} \u{3000} 减 加 （去掉） 😀 86 +86 0086 +852 SF YT JD JDV LBX Ｓ Ｆ Ⓨ -1-1- 转 电话 单号： 倒着写 微信 qq wxid_ \
    @ .com ， 。 张三 省 号 楼";

/// Digits in every dress, separators, letters and cue words in any order: spans on character boundaries, and values of mobiles
/// that are numbers. Each byte chooses a piece of text, so that the fuzzer needs no luck to build a disguise.
pub fn digits(data: &[u8]) {
    static ALL: LazyLock<Vec<&str>> =
        LazyLock::new(|| PIECES.split_ascii_whitespace().chain([" ", "\n"]).collect());
    let piece = |b: &u8| ALL[usize::from(*b) % ALL.len()];
    let text: String = data.iter().map(piece).collect();
    let found = SCANNER.scan(Input::new(&text).format(Format::Text));
    for finding in &found {
        assert!(
            text.is_char_boundary(finding.span.start) && text.is_char_boundary(finding.span.end)
        );
        let value = found.value(&text, finding);
        let value = SCANNER.normalize(finding, &value);
        if finding.kind == Kind::Mobile && finding.form != Form::Masked {
            assert!(value.bytes().all(|b| b.is_ascii_digit()), "{value}");
        }
    }
}

/// Puts pages together again.
struct Joined(Vec<u8>);

impl Sink for Joined {
    type Rendered = Vec<u8>;

    fn render(&self, page: &PageReport<'_>) -> Vec<u8> {
        page.bytes().to_vec()
    }

    fn accept(&mut self, page: Vec<u8>) -> Result<ControlFlow<()>> {
        self.0.extend(page);
        Ok(ControlFlow::Continue(()))
    }
}

/// A stream in small pages is read whole: every byte is counted, and the scan ends.
pub fn pages(data: &[u8]) {
    static SCANNER: LazyLock<Scanner> = LazyLock::new(|| {
        let builder = Scanner::builder().page_bytes(256);
        builder.build().expect("valid options")
    });
    let unit = Unit {
        origin: Origin::path("fuzz"),
        reader: Box::new(std::io::Cursor::new(data.to_vec())),
        format: None,
        encoding: None,
    };
    let mut joined = Joined(Vec::new());
    let totals = SCANNER
        .par_scan([Sourced::Unit(unit)], &mut joined)
        .expect("content never fails");
    assert_eq!(joined.0, data);
    assert_eq!(totals.inputs_read, 1);
}

/// Any bytes in any format and encoding: spans inside the input, values that can be read. The first byte chooses format and
/// encoding; 0 leaves both to be recognised.
pub fn scan(data: &[u8]) {
    let Some((&options, bytes)) = data.split_first() else {
        return;
    };
    let mut input = Input::new(bytes);
    let formats = [
        Format::Text,
        Format::csv(),
        Format::tsv(),
        Format::JsonLines,
        Format::Json,
        Format::Sql,
        Format::Markup,
        Format::HtmlTable,
    ];
    let chosen = |n: u8| usize::from(n).checked_sub(1);
    if let Some(format) = chosen(options & 15).and_then(|i| formats.get(i)) {
        input = input.format(format.clone());
    }
    if let Some(encoding) = chosen(options >> 4).and_then(|i| Encoding::ALL.get(i)) {
        input = input.encoding(*encoding);
    }
    let found = SCANNER.scan(input);
    for finding in &found {
        assert!(finding.span.start < finding.span.end && finding.span.end <= bytes.len());
        let _ = SCANNER.normalize(finding, &found.value(bytes, finding));
    }
}

/// Endings by which readers are chosen where the first bytes do not tell: workbooks, mail, tar.
pub const ENDINGS: [&str; 8] = ["txt", "xlsx", "ods", "xls", "eml", "mbox", "tar", "zip"];

/// Unpacked bytes that are read of one input; what comes after them is more of the same.
const READ: u64 = 1 << 20;

/// Any bytes as a file: archives, packed streams, workbooks and mail are read to their end or told to be broken. The first byte
/// chooses the ending of the file's name.
pub fn sources(data: &[u8]) {
    let Some((&ending, bytes)) = data.split_first() else {
        return;
    };
    let dir = tempfile::tempdir().expect("temporary directory");
    let ending = ENDINGS[usize::from(ending) % ENDINGS.len()];
    let path = dir.path().join(Path::new("x").with_extension(ending));
    std::fs::write(&path, bytes).expect("temporary file");
    for sourced in walk([path], Options::default()).take(100) {
        if let Sourced::Unit(unit) = sourced {
            let _ = std::io::copy(&mut unit.reader.take(READ), &mut std::io::sink());
        }
    }
}
