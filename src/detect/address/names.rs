//! The names of divisions that were looked up last: dumps repeat the same districts again and again.

use std::cell::Cell;

use crate::table::region::{self, Name, Region};

use super::glyph::Glyph;

/// Characters by which a name is known again, given by their codes in the gazetteer.
const CHARACTERS: usize = 5;

/// Bits of a code.
const CODE: u32 = 12;

/// Number of names that are remembered, as a power of two.
const BITS: u32 = 11;

/// What begins with some characters.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    codes: u64,
    name: Option<(u8, Region)>,
}

/// A memory of names.
#[derive(Debug)]
pub(super) struct Names(Vec<Cell<Known>>);

impl Default for Names {
    fn default() -> Names {
        Names(vec![Cell::default(); 1 << BITS])
    }
}

impl Names {
    /// The longest name that begins at a place: where it ends, and the first division that is called so.
    #[inline(never)]
    pub(super) fn at(&self, g: &[Glyph], at: usize) -> Option<(usize, Region)> {
        let text = g.get(at..)?;
        let codes = match text {
            [a, b, c, d, e, ..] => [a, b, c, d, e].map(|glyph| glyph.code()),
            _ => std::array::from_fn(|i| text.get(i).map_or(0, |glyph| glyph.code())),
        };
        let codes = codes.into_iter().map(u64::from);
        let codes = codes.fold(0, |all, code| all << CODE | code);
        let slot = codes.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - BITS);
        let slot = self.0.get(slot as usize)?;
        let known = slot.get();
        let name = if known.codes == codes {
            known.name
        } else {
            look_up(text, codes, slot)
        };
        name.map(|(length, first)| (at + usize::from(length), first))
    }
}

/// Looks a name up, and remembers it where the characters by which it is known are all that it depends on.
#[inline(never)]
fn look_up(text: &[Glyph], codes: u64, slot: &Cell<Known>) -> Option<(u8, Region)> {
    let (longest, read) = region::longest(text.iter().map(|glyph| glyph.code()));
    let name = longest.map(|(length, name): (usize, Name)| (length as u8, name.first()));
    if read <= CHARACTERS {
        slot.set(Known { codes, name });
    }
    name
}

#[cfg(test)]
mod tests {
    use super::super::glyph::{Reader, name_at};
    use super::*;

    #[test]
    fn codes_are_small() {
        assert!(region::codes().all(|code| code < 1 << CODE));
        assert!(region::rare_codes().all(|(_, code)| code < 1 << CODE));
    }

    #[test]
    fn what_is_remembered_is_what_would_be_looked_up() {
        let texts = [
            "广东省深圳市南山区",
            "上海市浦东新区浦东大道",
            "广西壮族自治区南宁市青秀区",
            "人民路街道",
            "人民路2号",
            "人民路",
            "吉林省吉林市吉林",
            "吉",
            "没有名字",
        ];
        let names = Names::default();
        for text in texts.iter().chain(&texts) {
            let reader = Reader::new(text);
            let glyphs: Vec<Glyph> = text
                .char_indices()
                .map(|(at, _)| reader.read(at).0)
                .collect();
            for at in 0..=glyphs.len() {
                let want = name_at(&glyphs, at).map(|(end, name)| (end, name.first()));
                assert_eq!(names.at(&glyphs, at), want, "{text} {at}");
            }
        }
    }
}
