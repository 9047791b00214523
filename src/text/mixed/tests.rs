use proptest::prelude::*;

use super::*;

fn decoded(bytes: &[u8], encoding: Encoding) -> (String, Vec<Span>, Vec<Stretch>) {
    let (mut buf, mut malformed, mut stretches) = (Buffer::default(), Vec::new(), Vec::new());
    let text = decode(bytes, encoding, &mut buf, &mut malformed, &mut stretches);
    (text.text.to_owned(), malformed, stretches)
}

fn gb(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

fn as_gbk(text: &str) -> Vec<u8> {
    let wrong = encoding_rs::GBK
        .decode_without_bom_handling(text.as_bytes())
        .0;
    wrong.into_owned().into_bytes()
}

const A: &str = "张三,13800138000,浙江省杭州市文三路128号\n";
const B: &str = "李娜,13912345678,广东省深圳市南山区\n";
const C: &str = "王伟,18612345678,四川省成都市武侯\n";

#[test]
fn lines_in_another_encoding_are_read_in_it() {
    let orders = [[0, 1, 2], [2, 0, 1], [1, 2, 0], [1, 0, 0], [0, 1, 1]];
    for base in [Encoding::Utf8, Encoding::Gb18030] {
        for order in orders {
            let mut bytes = Vec::new();
            for (which, line) in order.into_iter().zip([A, B, C]) {
                match which {
                    0 => bytes.extend(line.bytes()),
                    1 => bytes.extend(gb(line)),
                    _ if base == Encoding::Utf8 => bytes.extend(as_gbk(line)),
                    _ => bytes.extend(line.bytes()),
                }
            }
            let (mut buf, mut malformed, mut stretches) = Default::default();
            let read = decode(&bytes, base, &mut buf, &mut malformed, &mut stretches);
            let text = read.text;
            // Through GBK, the last character of an odd run before ASCII is lost.
            let expected = [A, B, C].concat();
            assert_eq!(
                text.chars().count(),
                expected.chars().count(),
                "{order:?} {text}"
            );
            let differ = text.chars().zip(expected.chars()).filter(|(a, b)| a != b);
            assert!(
                differ.clone().all(|(a, _)| a == '\u{FFFD}') && differ.count() < 4,
                "{text}"
            );
            assert!(malformed.is_empty());
            // Every character leads to bytes that read as it.
            let mut walker = Walker::new(&bytes, base, read, &stretches);
            for (at, c) in text.char_indices().filter(|(_, c)| *c != '\u{FFFD}') {
                let start = walker.to_source(at);
                let end = walker.end_to_source(at + c.len_utf8());
                let reading = reading_at(&stretches, base, start);
                assert_eq!(
                    text_of(&bytes[start..end], reading),
                    c.to_string(),
                    "{order:?} {at}"
                );
            }
            assert_eq!(walker.to_source(text.len()), bytes.len());
        }
    }
}

#[test]
fn a_broken_character_is_no_other_encoding() {
    let mut bytes = A.repeat(3).into_bytes();
    bytes.splice(54..55, []);
    let (_, malformed, stretches) = decoded(&bytes, Encoding::Utf8);
    assert!(stretches.is_empty() && !malformed.is_empty());
    let mut bytes = gb(&A.repeat(3));
    bytes.splice(0..1, []);
    assert!(decoded(&bytes, Encoding::Gb18030).2.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_mixture_walks_from_end_to_end(
        parts in proptest::collection::vec((0..7_u8, proptest::collection::vec(any::<u8>(), 0..6)), 0..8),
        base in 0..3_usize,
    ) {
        let mut bytes = Vec::new();
        for (which, noise) in parts {
            match which {
                0 => bytes.extend(A.bytes()),
                1 => bytes.extend(gb(B)),
                2 => bytes.extend(as_gbk(C)),
                3 => bytes.push(b'\n'),
                4 => bytes.extend(B.encode_utf16().flat_map(u16::to_le_bytes)),
                5 => bytes.extend(C.encode_utf16().flat_map(u16::to_be_bytes)),
                _ => {}
            }
            bytes.extend(noise);
        }
        let encoding = [Encoding::Utf8, Encoding::Gb18030, Encoding::Big5][base];
        let (mut buf, mut malformed, mut stretches) = Default::default();
        let read = decode(&bytes, encoding, &mut buf, &mut malformed, &mut stretches);
        let mut walker = Walker::new(&bytes, encoding, read, &stretches);
        let text = read.text;
        let mut last = 0;
        for (at, c) in text.char_indices() {
            let (start, end) = (walker.to_source(at), walker.end_to_source(at + c.len_utf8()));
            prop_assert!(last <= start && start <= end && end <= bytes.len());
            last = start;
        }
        prop_assert_eq!(walker.to_source(text.len()), bytes.len());
        // Not the bytes themselves, which are cut between characters only.
        let copy = text.to_owned();
        for at in [0, bytes.len() / 3, bytes.len() / 2, bytes.len()] {
            let offset = text_offset(&bytes, encoding, &copy, &stretches, at);
            prop_assert!(copy.is_char_boundary(offset));
        }
    }
}
