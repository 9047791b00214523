//! Records in the text of a listing, seen without the detectors: also masked and disguised ones.

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

/// Reads the shapes from the characters of a folded text, in one pass.
pub(super) fn shapes(chars: &[char]) -> Shapes {
    let mut shapes = Shapes::default();
    if chars.iter().filter(|c| c.is_ascii_digit()).take(4).count() < 4 && !has_numerals(chars) {
        return shapes;
    }
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let word_start = at == 0 || !chars[at - 1].is_ascii_alphanumeric();
        if word_start && (c.is_ascii_alphanumeric() || is_star(c)) {
            let run = Run::at(chars, at);
            run.judge(chars, &mut shapes);
            at = run.end.max(at + 1);
        } else if is_han_digit(c) {
            let end = at + chars[at..].iter().take_while(|c| is_han_digit(**c)).count();
            if end - at == 11 {
                shapes.phones += 1;
            }
            at = end;
        } else {
            if is_road(c)
                && chars
                    .get(at + 1)
                    .is_some_and(|n| n.is_ascii_digit() || is_star(*n))
            {
                shapes.addresses += 1;
            }
            if super::fold::is_han(c) && starred_name(chars, at) {
                shapes.names += 1;
            }
            at += 1;
        }
    }
    shapes
}

/// A run of letters, digits, stars and single separators between digits.
struct Run {
    start: usize,
    end: usize,
    digits: usize,
    stars: usize,
    letters: usize,
}

impl Run {
    fn at(chars: &[char], start: usize) -> Run {
        let mut run = Run {
            start,
            end: start,
            digits: 0,
            stars: 0,
            letters: 0,
        };
        while let Some(&c) = chars.get(run.end) {
            let inner = run.digits > 0 && chars.get(run.end + 1).is_some_and(char::is_ascii_digit);
            if c.is_ascii_digit() {
                run.digits += 1;
            } else if is_star(c) || (c == 'x' && run.digits > 0) {
                run.stars += 1;
            } else if c.is_ascii_alphabetic() && run.digits == 0 {
                run.letters += 1;
            } else if !(matches!(c, '-' | ' ' | '.')
                && inner
                && run.marks() < 11
                && !run.is_phone(chars))
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

    fn is_phone(&self, chars: &[char]) -> bool {
        let mut marks = chars[self.start..self.end]
            .iter()
            .filter(|c| c.is_ascii_digit() || is_star(**c) || **c == 'x');
        let first = marks.next().is_some_and(|c| *c == '1' || is_star(*c));
        let second = marks.next().is_some_and(|c| !matches!(c, '0' | '1' | '2'));
        self.marks() == 11 && self.letters == 0 && self.digits >= 3 && first && second
    }

    fn judge(&self, chars: &[char], shapes: &mut Shapes) {
        if self.is_phone(chars) {
            shapes.phones += 1;
            shapes.masked_phones += u32::from(self.stars >= 3);
        } else if (12..=15).contains(&self.digits) && self.letters <= 4 && self.stars == 0
            || self.letters >= 2 && self.stars >= 3 && self.digits >= 6
        {
            shapes.waybills += 1;
        } else {
            return;
        }
        if lone_word(chars, self.start, self.end) {
            shapes.names += 1;
        }
    }
}

/// Whether a Han word of two to four characters stands alone directly before or after `start..end`.
fn lone_word(chars: &[char], start: usize, end: usize) -> bool {
    let gap = |c: char| {
        matches!(
            c,
            ' ' | '\t'
                | ','
                | '，'
                | '|'
                | ';'
                | '；'
                | '"'
                | '\''
                | '、'
                | '/'
                | ':'
                | '：'
                | '-'
                | '\n'
        )
    };
    let word = |list: &mut dyn Iterator<Item = &char>| {
        let mut han = 0;
        for c in list.skip_while(|c| gap(**c) && **c != '\n') {
            if super::fold::is_han(*c) {
                han += 1;
            } else {
                return (2..=4).contains(&han) && (gap(*c) || c.is_ascii_digit() || *c == '(');
            }
            if han > 4 {
                return false;
            }
        }
        (2..=4).contains(&han)
    };
    word(&mut chars[..start].iter().rev()) || word(&mut chars[end..].iter())
}

/// Whether `王*`, `张**` or `李*明` starts at `at`.
fn starred_name(chars: &[char], at: usize) -> bool {
    let alone = at == 0 || !super::fold::is_han(chars[at - 1]);
    alone
        && chars.get(at + 1).is_some_and(|c| is_star(*c))
        && !chars.get(at + 3).is_some_and(|c| is_star(*c))
}

const fn is_star(c: char) -> bool {
    crate::mask::is_hidden(c)
}

const fn is_road(c: char) -> bool {
    matches!(
        c,
        '路' | '街' | '道' | '巷' | '村' | '弄' | '段' | '里' | '镇' | '苑'
    )
}

/// Han digits and their spoken forms in numbers.
const fn is_han_digit(c: char) -> bool {
    matches!(
        c,
        '零' | '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '幺' | '两'
    )
}

fn has_numerals(chars: &[char]) -> bool {
    chars.iter().filter(|c| is_han_digit(**c)).take(11).count() == 11
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
            let s = shapes(&fold(&[text]).chars);
            assert_eq!(
                (s.phones, s.addresses, s.waybills),
                (phones, addresses, waybills),
                "{text}"
            );
            assert!(s.names >= names, "{text} {s:?}");
        }
    }
}
