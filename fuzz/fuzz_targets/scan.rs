//! Any bytes in any format and encoding: no panic, spans inside the input, values that can be read.
//! The first byte chooses the options; 0 leaves everything to be recognised.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use miandan::{Encoding, Format, Input, Scanner};

static SCANNER: LazyLock<Scanner> =
    LazyLock::new(|| Scanner::new().expect("default options are valid"));

fuzz_target!(|data: &[u8]| {
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
    ];
    if let Some(format) = usize::from(options & 15)
        .checked_sub(1)
        .and_then(|i| formats.get(i))
    {
        input = input.format(format.clone());
    }
    if let Some(encoding) = usize::from(options >> 4)
        .checked_sub(1)
        .and_then(|i| Encoding::ALL.get(i))
    {
        input = input.encoding(*encoding);
    }
    let found = SCANNER.scan(input);
    for finding in &found {
        assert!(finding.span.start < finding.span.end && finding.span.end <= bytes.len());
        let _ = SCANNER.normalize(finding, &found.value(bytes, finding));
    }
});
