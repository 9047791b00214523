//! The text of a listing with the tricks against word filters undone.

use super::glyph::{CLOSE, Glyph, OPEN, SPLIT, is_bracket, is_han};

/// A folded listing.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// Lower case, simplified characters, half-width forms, plain digits; separators inside words dropped.
    pub text: String,
    /// The same, character by character.
    pub glyphs: Vec<Glyph>,
    /// Separators that were dropped inside words.
    pub split: u32,
}

/// Folds the parts of a listing into one text, a line break between them.
pub(super) fn fold(parts: &[&str]) -> Folded {
    let bytes = parts.iter().map(|p| p.len() + 1).sum();
    let mut folded = Folded {
        text: String::with_capacity(bytes),
        glyphs: Vec::with_capacity(bytes),
        split: 0,
    };
    let mut separators = Vec::with_capacity(bytes / 16);
    for (nth, part) in parts.iter().enumerate() {
        if nth > 0 {
            folded.append("\n", &mut separators);
        }
        folded.append(part, &mut separators);
    }
    folded.drop_separators(separators);
    folded
}

impl Folded {
    /// Appends a text, with the positions of all characters that may split words in `separators`.
    fn append(&mut self, part: &str, separators: &mut Vec<usize>) {
        let fold = Glyph::folder();
        // Most characters stay as they are, so the text is copied in stretches.
        let mut copied = 0;
        for (at, c) in part.char_indices() {
            let glyph = fold(c);
            if glyph.scalar() != u32::from(c) {
                self.text.push_str(&part[copied..at]);
                copied = at + c.len_utf8();
                if glyph == Glyph::GONE {
                    continue;
                }
                self.text.push(glyph.char());
            }
            if glyph.is(SPLIT) {
                separators.push(self.glyphs.len());
            }
            self.glyphs.push(glyph);
        }
        self.text.push_str(&part[copied..]);
    }

    /// Drops those of the separators that only hide words.
    fn drop_separators(&mut self, mut separators: Vec<usize>) {
        separators.retain(|at| hides_word(&self.glyphs, *at));
        if separators.is_empty() {
            return;
        }
        self.split = separators.len() as u32;
        let mut gone = separators.into_iter().peekable();
        let mut at = 0;
        self.glyphs.retain(|_| {
            at += 1;
            gone.next_if_eq(&(at - 1)).is_none()
        });
        self.text = self.glyphs.iter().map(|g| g.char()).collect();
    }
}

/// Whether the separator or bracket at `at` only hides a word from filters.
fn hides_word(glyphs: &[Glyph], at: usize) -> bool {
    if is_bracket(glyphs[at].char()) {
        boxes_word(glyphs, at)
    } else {
        splits_word(glyphs, at)
    }
}

/// Whether the character at `at` separates the characters of one word: `面.单`, `姓 名 电 话`, `m_d`.
fn splits_word(glyphs: &[Glyph], at: usize) -> bool {
    let c = glyphs[at].char();
    let char_at = |i: usize| glyphs.get(i).map(|g| g.char());
    let before = |n: usize| at.checked_sub(n).and_then(char_at);
    let after = |n: usize| char_at(at + n);
    let (Some(left), Some(right)) = (before(1), after(1)) else {
        return false;
    };
    let alone = |outer: Option<char>| outer.is_none_or(|o| !o.is_alphanumeric());
    if is_han(left) && is_han(right) {
        return match c {
            '.' | '_' | '~' | '^' | '`' | '*' => true,
            _ => alone(before(2)) && alone(after(2)),
        };
    }
    c != ' '
        && left.is_ascii_lowercase()
        && right.is_ascii_lowercase()
        && alone(before(2))
        && after(2).is_none_or(|o| !o.is_ascii_alphanumeric())
}

/// Whether the bracket at `at` belongs to a word whose characters stand in brackets one by one: `﹝面﹞﹝单﹞`.
fn boxes_word(glyphs: &[Glyph], at: usize) -> bool {
    let boxed = |from: Option<usize>| {
        let Some([open, inner, close]) = from.and_then(|f| glyphs.get(f..f + 3)) else {
            return false;
        };
        is_han(inner.char())
            && OPEN
                .iter()
                .position(|o| *o == open.char())
                .is_some_and(|pair| CLOSE[pair] == close.char())
    };
    let start = if OPEN.contains(&glyphs[at].char()) {
        Some(at)
    } else {
        at.checked_sub(2)
    };
    boxed(start) && (boxed(start.map(|s| s + 3)) || boxed(start.and_then(|s| s.checked_sub(3))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tricks_are_undone() {
        for (text, folded, split) in [
            ("快遞麵單 ①⑤⑧", "快递面单 158", 0),
            ("面.单数_据", "面单数据", 2),
            ("姓 名 电 话 齐全", "姓名电话 齐全", 3),
            ("m_d资料，５万", "md资料,5万", 1),
            ("打印纸 76*130", "打印纸 76*130", 0),
            ("壹元 面\u{200B}单", "一元 面单", 0),
            ("﹝面﹞﹝单﹞【信】【息】 (新)", "面单信息 (新)", 8),
        ] {
            let out = fold(&[text]);
            assert_eq!(
                out.glyphs.iter().map(|g| g.char()).collect::<String>(),
                out.text
            );
            assert_eq!((out.text.as_str(), out.split), (folded, split), "{text}");
        }
        assert_eq!(fold(&["a", "b"]).text, "a\nb");
    }
}
