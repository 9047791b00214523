//! Lines of UTF-16 inside a text of another encoding: exports of several programs that were joined.

use memchr::memchr;

use super::encoding::{Encoding, Units};

/// Line ends that are passed over in search of the one of a line: a character of UTF-16 may hold the byte of a line end (上).
const PASSED: usize = 8;

/// Tells lines of UTF-16, asked for one after the other.
pub(super) struct Lines<'b> {
    bytes: &'b [u8],
    /// The encoding of the line before, if that was one of UTF-16.
    before: Option<Encoding>,
}

impl<'b> Lines<'b> {
    /// `None` where no byte is zero: a line of UTF-16 has at least its end in ASCII.
    pub(super) fn new(bytes: &'b [u8]) -> Option<Lines<'b>> {
        memchr(0, bytes)?;
        Some(Lines {
            bytes,
            before: None,
        })
    }

    /// Where the line of UTF-16 ends that begins at `start`, and which of the two it is in.
    pub(super) fn at(&mut self, start: usize) -> Option<(usize, Encoding)> {
        let line = self.ends(start).find_map(|(end, encoding)| {
            let sure = self.before == Some(encoding);
            is_line(&self.bytes[start..end], encoding, sure).then_some((end, encoding))
        });
        self.before = line.map(|(_, encoding)| encoding);
        line
    }

    /// Where a line of UTF-16 may end that begins at `start`.
    fn ends(&self, start: usize) -> impl Iterator<Item = (usize, Encoding)> + use<'b> {
        let bytes = self.bytes;
        let breaks = memchr::memchr_iter(b'\n', &bytes[start..]).map(move |i| start + i);
        let at_breaks = breaks.take(PASSED).filter_map(move |at| {
            let is_even = (at - start).is_multiple_of(2);
            let before = at.checked_sub(1).map(|i| bytes[i]);
            match bytes.get(at + 1) {
                Some(0) if is_even => Some((at + 2, Encoding::Utf16Le)),
                // The other half of the line end is on the next page.
                None if is_even => Some((at, Encoding::Utf16Le)),
                _ if !is_even && before == Some(0) => Some((at + 1, Encoding::Utf16Be)),
                _ => None,
            }
        });
        let end = bytes.len() - (bytes.len() - start) % 2;
        let at_end = [Encoding::Utf16Le, Encoding::Utf16Be].map(|encoding| (end, encoding));
        let is_last = memchr(b'\n', &bytes[start..]).is_none();
        at_breaks.chain(at_end.into_iter().filter(move |_| is_last))
    }
}

/// Whether bytes are a line of UTF-16, by their characters and by where the zeros of ASCII characters stand.
fn is_line(line: &[u8], encoding: Encoding, sure: bool) -> bool {
    let marked = line.starts_with(match encoding {
        Encoding::Utf16Le => b"\xFF\xFE",
        _ => b"\xFE\xFF",
    });
    let units = Units::of(&line[2 * usize::from(marked)..], encoding);
    let enough = units.ascii >= 2 && 20 * units.ascii >= units.all;
    (enough || units.ascii >= 1 && (sure || marked))
        && 50 * units.ascii_in_the_other <= units.ascii
        && 50 * units.odd <= units.all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
        let units = text.encode_utf16();
        match encoding {
            Encoding::Utf16Le => units.flat_map(u16::to_le_bytes).collect(),
            _ => units.flat_map(u16::to_be_bytes).collect(),
        }
    }

    /// The lines of UTF-16 with their encodings, and all the others.
    fn lines(bytes: &[u8]) -> Vec<(Vec<u8>, Option<Encoding>)> {
        let mut wide = Lines::new(bytes).expect("a zero");
        let (mut found, mut start) = (Vec::new(), 0);
        while start < bytes.len() {
            let ordinary = memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |i| start + i + 1);
            let line = wide.at(start);
            let end = line.map_or(ordinary, |(end, _)| end);
            found.push((
                bytes[start..end].to_vec(),
                line.map(|(_, encoding)| encoding),
            ));
            start = end;
        }
        found
    }

    #[test]
    fn lines_are_told_from_their_neighbours() {
        let narrow = "张三,13800138000,上海市\n".as_bytes().to_vec();
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            let wide = |text: &str| encoded(text, encoding);
            let texts = [
                "李四,13800138000,上海市\n",
                "王五\n",
                "\u{FEFF}赵六\n",
                "钱七 1",
            ];
            let parts = [
                (narrow.clone(), None),
                (wide(texts[0]), Some(encoding)),
                (wide(texts[1]), Some(encoding)),
                (narrow.clone(), None),
                (wide(texts[2]), Some(encoding)),
                (wide(texts[0]), Some(encoding)),
                (wide(texts[3]), Some(encoding)),
            ];
            let bytes: Vec<u8> = parts.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
            assert_eq!(lines(&bytes), parts, "{encoding:?}");
        }
    }

    #[test]
    fn stray_zeros_make_no_utf16() {
        for bytes in [
            &b"ab12\n\0cd34\n"[..],
            b"name\0,phone\0\n",
            "张三\0,13800138000\n李四\0\n".as_bytes(),
            &[0; 40],
        ] {
            let found = lines(bytes);
            assert!(found.iter().all(|(_, e)| e.is_none()), "{found:?}");
        }
    }
}
