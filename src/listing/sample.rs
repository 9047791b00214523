//! Records in the text of a listing, seen without the detectors: also masked and disguised ones.

use super::glyph::{DIGIT, Glyph, HAN, HAN_DIGIT, LATIN, ROAD, STAR};

/// What looks like parts of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shapes {
    /// Mobile numbers, whole or masked.
    pub phones: u32,
    /// Of these, the masked ones.
    pub masked_phones: u32,
    /// Roads or villages with a house number, or house numbers down to the room.
    pub addresses: u32,
    /// Serials that may be waybills.
    pub waybills: u32,
    /// Short Han words that stand alone beside a number, or names with stars.
    pub names: u32,
}

/// Reads the shapes from a folded text, in one pass.
pub(super) fn shapes(glyphs: &[Glyph]) -> Shapes {
    let mut shapes = Shapes::default();
    let count = |class: u32| glyphs.iter().filter(|g| g.is(class)).count();
    if count(DIGIT) < 4 && count(HAN_DIGIT) < PHONE {
        return shapes;
    }
    let mut at = 0;
    while at < glyphs.len() {
        let glyph = glyphs[at];
        if !glyph.is(DIGIT | LATIN | STAR | HAN_DIGIT | ROAD) {
            at += 1;
            continue;
        }
        let alone = at == 0 || !glyphs[at - 1].is(DIGIT | LATIN);
        if glyph.is(STAR) && starred_name(glyphs, at) {
            shapes.names += 1;
        }
        if glyph.is(DIGIT | LATIN | STAR) && alone {
            let run = Run::at(glyphs, at);
            run.judge(glyphs, &mut shapes);
            at = run.end.max(at + 1);
        } else if glyph.is(HAN_DIGIT) {
            let len = glyphs[at..].iter().take_while(|g| g.is(HAN_DIGIT)).count();
            shapes.phones += u32::from(len == PHONE);
            at += len;
        } else {
            let number = glyphs.get(at + 1).is_some_and(|n| n.is(DIGIT | STAR));
            shapes.addresses += u32::from(glyph.is(ROAD) && number);
            at += 1;
        }
    }
    shapes
}

/// Digits of a mobile number.
const PHONE: usize = 11;

/// A run of letters, digits, stars and single separators between digits.
struct Run {
    start: usize,
    end: usize,
    digits: usize,
    stars: usize,
    letters: usize,
}

impl Run {
    fn at(glyphs: &[Glyph], start: usize) -> Run {
        let mut run = Run {
            start,
            end: start,
            digits: 0,
            stars: 0,
            letters: 0,
        };
        while let Some(glyph) = glyphs.get(run.end) {
            let c = glyph.char();
            let inner = run.digits > 0 && glyphs.get(run.end + 1).is_some_and(|g| g.is(DIGIT));
            if glyph.is(DIGIT) {
                run.digits += 1;
            } else if glyph.is(STAR) || (c == 'x' && run.digits > 0) {
                run.stars += 1;
            } else if glyph.is(LATIN) && run.digits == 0 {
                run.letters += 1;
            } else if !(matches!(c, '-' | ' ' | '.')
                && inner
                && run.marks() < PHONE
                && !run.is_phone(glyphs))
            {
                break;
            }
            run.end += 1;
            if run.end - start > 40 {
                break;
            }
        }
        run
    }

    const fn marks(&self) -> usize {
        self.digits + self.stars
    }

    fn is_phone(&self, glyphs: &[Glyph]) -> bool {
        if self.marks() != PHONE || self.letters > 0 || self.digits < 3 {
            return false;
        }
        let mut marks = glyphs[self.start..self.end]
            .iter()
            .filter(|g| g.is(DIGIT | STAR) || g.char() == 'x');
        let first = marks.next().is_some_and(|g| g.char() == '1' || g.is(STAR));
        first
            && marks
                .next()
                .is_some_and(|g| !matches!(g.char(), '0' | '1' | '2'))
    }

    fn judge(&self, glyphs: &[Glyph], shapes: &mut Shapes) {
        if self.is_phone(glyphs) {
            shapes.phones += 1;
            shapes.masked_phones += u32::from(self.stars >= 3);
        } else if (12..=15).contains(&self.digits) && self.letters <= 4 && self.stars == 0
            || self.letters >= 2 && self.stars >= 3 && self.digits >= 6
        {
            shapes.waybills += 1;
        } else {
            return;
        }
        if lone_word(glyphs, self.start, self.end) {
            shapes.names += 1;
        }
    }
}

/// Whether a Han word of two to four characters stands alone directly before or after `start..end`.
fn lone_word(glyphs: &[Glyph], start: usize, end: usize) -> bool {
    let gap = |g: &Glyph| " \t,，|;；\"'、/:：-\n".contains(g.char());
    let word = |list: &mut dyn Iterator<Item = &Glyph>| {
        let mut han = 0;
        for glyph in list.skip_while(|g| gap(g) && g.char() != '\n') {
            if glyph.is(HAN) {
                han += 1;
            } else {
                return (2..=4).contains(&han)
                    && (gap(glyph) || glyph.is(DIGIT) || glyph.char() == '(');
            }
            if han > 4 {
                return false;
            }
        }
        (2..=4).contains(&han)
    };
    word(&mut glyphs[..start].iter().rev()) || word(&mut glyphs[end..].iter())
}

/// Whether the star at `at` is the second character of `王*`, `张**` or `李*明`.
fn starred_name(glyphs: &[Glyph], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map(|i| glyphs[i]);
    let surname = before(1).is_some_and(|g| g.is(HAN) && !g.is(HAN_DIGIT));
    surname
        && before(2).is_none_or(|g| !g.is(HAN))
        && !glyphs.get(at + 2).is_some_and(|g| g.is(STAR))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::fold::fold;

    #[test]
    fn shapes_of_samples() {
        for (text, phones, addresses, waybills, names) in [
            (
                "刘超15530758655广东省东莞市长安镇德政中路24号赵德珍13654110206陕西省西安市电子正街521号",
                2,
                2,
                0,
                2,
            ),
            ("155xxxx3419 陆*琴 浙江省金华市稠州北路765号", 1, 1, 0, 1),
            ("余琳波 195-1775-4331 农业路205号", 1, 1, 0, 1),
            ("JT0849601776616 赵秋东\nSF5310884882562 宋秋文", 0, 0, 2, 2),
            ("订单6982745851541909672", 0, 0, 0, 0),
            ("电子面单打印纸 76*130 整箱20包", 0, 0, 0, 0),
            ("一三八零零一三八零零零", 1, 0, 0, 0),
        ] {
            let s = shapes(&fold(&[text]).glyphs);
            assert_eq!(
                (s.phones, s.addresses, s.waybills),
                (phones, addresses, waybills),
                "{text}"
            );
            assert!(s.names >= names, "{text} {s:?}");
        }
    }
}
