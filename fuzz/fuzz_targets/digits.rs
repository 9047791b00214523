//! Digits in every dress, separators, letters and cue words in any order: no panic, spans on character boundaries, and values
//! of mobiles that are numbers. Each byte chooses a piece of text, so that the fuzzer needs no luck to build a disguise.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use miandan::{Form, Format, Input, Kind, Scanner};

static SCANNER: LazyLock<Scanner> =
    LazyLock::new(|| Scanner::new().expect("default options are valid"));

const PIECES: &str = "0 1 2 3 4 5 6 7 8 9 １ ３ ８ ０ 一 三 八 零 〇 幺 洞 拐 壹 叁 捌 ① ③ ⓪ ❶ ⒈ ⒊ 𝟏 𝟑 ¹ ³ ١ ٣ 医 伞 芭 铃 \
    1\u{FE0F}\u{20E3} 3\u{FE0F}\u{20E3} &#49; &#x33; &# %38 %3 \\u0030 \\u00 yao san ba ling l O S B - — . · * 、 + : ： ; # <br> <b \
    \u{200B} \u{AD} \u{3000} 减 加 （去掉） 😀 86 +86 0086 +852 SF YT JD JDV LBX Ｓ Ｆ Ⓨ -1-1- 转 电话 单号： 倒着写 微信 qq wxid_ \
    @ .com ， 。 张三 省 号 楼";

fuzz_target!(|data: &[u8]| {
    let pieces: Vec<&str> = PIECES.split_ascii_whitespace().chain([" ", "\n"]).collect();
    let text: String = data
        .iter()
        .map(|b| pieces[usize::from(*b) % pieces.len()])
        .collect();
    let found = SCANNER.scan(Input::new(&text).format(Format::Text));
    for finding in &found {
        assert!(text.is_char_boundary(finding.span.start) && text.is_char_boundary(finding.span.end));
        let value = SCANNER.normalize(finding, &found.value(&text, finding));
        if finding.kind == Kind::Mobile && finding.form != Form::Masked {
            assert!(value.bytes().all(|b| b.is_ascii_digit()), "{value}");
        }
    }
});
