//! Couriers and the formats of their waybill serials.

use std::sync::LazyLock;

static RAW: &str = include_str!("raw/couriers.tsv");

/// A published check rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// None is public.
    #[default]
    None,
    /// SF Express, twelve digits.
    Sf12,
    /// UPU S10: two letters, eight digits, check, country.
    S10,
    /// UPS 1Z.
    Ups,
    /// FedEx Express, twelve digits.
    Fedex12,
    /// FedEx Ground, fifteen digits.
    Fedex15,
    /// DHL Express, ten digits.
    Dhl,
}

/// How rarely other numbers have the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Specificity {
    /// Bare digits that many other numbers share.
    Low,
    /// A block of digits or a single letter.
    Medium,
    /// Letters of the courier's own and a fixed length.
    High,
}

/// One format of one courier.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Position of the courier in the list.
    pub courier: u8,
    /// `#` a digit, `@` a letter, `*` either, any other character itself.
    pub template: &'static str,
    /// The check rule.
    pub rule: Rule,
    /// How rarely other numbers have the format.
    pub specificity: Specificity,
    /// Whether the format has a letter of its own.
    pub lettered: bool,
    /// Number of digits that are fixed at the start, such as 2 for `77#############`.
    pub fixed: u8,
    /// The high bit at places of digits, and of letters.
    digits: Words,
    letters: Words,
    /// All bits at places of characters that are given, and these characters.
    given: Words,
    characters: Words,
}

impl Format {
    fn new(courier: u8, template: &'static str, rule: Rule, specificity: Specificity) -> Format {
        let at = |wanted: fn(u8) -> bool, mark: u8| {
            let marked = |place| if wanted(place) { mark } else { 0 };
            words(template.bytes().map(marked))
        };
        let given = |place| !matches!(place, b'#' | b'@' | b'*');
        Format {
            courier,
            template,
            rule,
            specificity,
            lettered: template
                .bytes()
                .any(|place| place.is_ascii_uppercase() || place == b'@'),
            fixed: template.bytes().take_while(u8::is_ascii_digit).count() as u8,
            digits: at(|place| place == b'#', 0x80),
            letters: at(|place| place == b'@', 0x80),
            given: at(given, 0xFF),
            characters: words(template.bytes()),
        }
    }

    /// Whether a serial fits that is as long as the template.
    #[inline]
    fn fits(&self, serial: &Words, no_digits: &Words) -> bool {
        let wrong = |i: usize| {
            (serial[i] ^ self.characters[i]) & self.given[i]
                | no_digits[i] & self.digits[i]
                | !no_digits[i] & self.letters[i]
        };
        // The last eight are nearly always empty.
        wrong(0) | wrong(1) == 0 && (serial[2] == 0 || wrong(2) == 0)
    }
}

/// Characters of a serial side by side, so that a format is compared with all of them at once: dumps have letters of a dozen couriers in
/// no order, and a loop over the places of each is left at a place that nothing foretells.
type Words = [u64; LENGTHS / 8];

/// At most [`LENGTHS`] characters; zero where there is none.
#[inline]
fn words(characters: impl Iterator<Item = u8>) -> Words {
    let mut bytes = [0; LENGTHS];
    for (slot, character) in bytes.iter_mut().zip(characters) {
        *slot = character;
    }
    let (words, _) = bytes.as_chunks();
    std::array::from_fn(|i| u64::from_le_bytes(words[i]))
}

/// The high bit of every byte that is no ASCII digit.
#[inline]
fn no_digits(word: u64) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let from_zero = word ^ 0x3030_3030_3030_3030;
    // Ten and more carry into the high bit, and never beyond.
    (((from_zero & LOW) + 0x7676_7676_7676_7676) | from_zero) & !LOW
}

/// One row of the table, for tests and documentation.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The courier's code.
    pub code: &'static str,
    /// The courier's Chinese name.
    pub name: &'static str,
    /// Its formats, parted by `|`.
    pub templates: &'static str,
    /// When the courier gave such serials out.
    pub era: &'static str,
    /// The check rule.
    pub rule: Rule,
    /// How rarely other numbers have the format.
    pub specificity: Specificity,
    /// A synthetic serial that fits.
    pub example: &'static str,
    /// A synthetic serial that does not fit, or fails the check.
    pub counter_example: &'static str,
}

/// The rows of the table in order.
pub fn rows() -> impl Iterator<Item = Row> {
    RAW.lines().filter(|l| !l.starts_with('#')).filter_map(|l| {
        let mut cells = l.split('\t');
        let mut next = || cells.next();
        let (code, name, templates, era) = (next()?, next()?, next()?, next()?);
        Some(Row {
            code,
            name,
            templates,
            era,
            rule: rule(next()?),
            specificity: specificity(next()?),
            example: next()?,
            counter_example: next()?,
        })
    })
}

fn rule(name: &str) -> Rule {
    match name {
        "sf12" => Rule::Sf12,
        "s10" => Rule::S10,
        "ups" => Rule::Ups,
        "fedex12" => Rule::Fedex12,
        "fedex15" => Rule::Fedex15,
        "dhl" => Rule::Dhl,
        _ => Rule::None,
    }
}

fn specificity(name: &str) -> Specificity {
    match name {
        "high" => Specificity::High,
        "medium" => Specificity::Medium,
        _ => Specificity::Low,
    }
}

impl Row {
    /// The row's identifier: the courier's code and the first format, such as `sf-SF#############`.
    pub fn id(&self) -> String {
        let first = self.templates.split('|').next().unwrap_or_default();
        format!("{}-{first}", self.code.to_ascii_lowercase())
    }
}

/// Lengths of serials in the table.
pub(crate) const LENGTHS: usize = 24;

/// Classes of characters at the first place of a serial: digits and letters.
const FIRSTS: usize = 36;

/// Those at the second place, others among them.
const SECONDS: usize = FIRSTS + 1;

struct Table {
    couriers: Vec<(&'static str, &'static str)>,
    /// By length, the likeliest first.
    formats: Vec<Format>,
    /// By length and first two characters: where the places of their formats begin in `lists`, and in the next one where they end.
    begins: Vec<u16>,
    lists: Vec<u16>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let (mut couriers, mut formats) = (Vec::new(), Vec::new());
    for row in rows() {
        let found = couriers.iter().position(|c: &(&str, &str)| c.0 == row.code);
        let courier = found.unwrap_or_else(|| {
            couriers.push((row.code, row.name));
            couriers.len() - 1
        }) as u8;
        let templates = row.templates.split('|').filter(|t| t.len() < LENGTHS);
        formats.extend(templates.map(|t| Format::new(courier, t, row.rule, row.specificity)));
    }
    formats.sort_by_key(|f| {
        let likely = (f.specificity, f.rule != Rule::None, f.fixed);
        (f.template.len(), std::cmp::Reverse(likely))
    });
    let of_heads = |format: &Format| {
        let (len, template) = (format.template.len(), format.template.as_bytes());
        let firsts = template.first().map_or(0..0, |c| classes(*c));
        let seconds = template.get(1).map_or(0..0, |c| classes(*c));
        let heads = move |first| seconds.clone().map(move |second| head(len, first, second));
        firsts.filter(|first| *first < FIRSTS).flat_map(heads)
    };
    let mut begins = vec![0; LENGTHS * FIRSTS * SECONDS + 1];
    for head in formats.iter().flat_map(of_heads) {
        begins[head + 1] += 1;
    }
    for head in 1..begins.len() {
        begins[head] += begins[head - 1];
    }
    let mut lists = vec![0; begins.last().copied().map_or(0, usize::from)];
    let mut next = begins.clone();
    for (place, format) in formats.iter().enumerate() {
        for head in of_heads(format) {
            lists[usize::from(next[head])] = place as u16;
            next[head] += 1;
        }
    }
    Table {
        couriers,
        formats,
        begins,
        lists,
    }
});

/// Position of a length and the classes of the first two characters in [`Table::begins`].
#[inline]
fn head(len: usize, first: usize, second: usize) -> usize {
    (len * FIRSTS + first) * SECONDS + second
}

/// The class of a character.
#[inline]
fn class(c: u8) -> usize {
    match c {
        b'0'..=b'9' => usize::from(c - b'0'),
        b'A'..=b'Z' => usize::from(c - b'A') + 10,
        _ => FIRSTS,
    }
}

/// The classes of characters that may stand at a place of a template. Whatever is no digit passes for a letter.
fn classes(place: u8) -> std::ops::Range<usize> {
    match place {
        b'#' => 0..10,
        b'@' => 10..SECONDS,
        b'*' => 0..SECONDS,
        c => class(c)..class(c) + 1,
    }
}

/// Every format that `serial` (upper-case letters and digits) fits, the most specific first.
///
/// ```
/// use miandan::table::courier::{code_of, formats_of};
/// let best = formats_of(b"YT2574351128070").next().unwrap();
/// assert_eq!(code_of(best.courier), "YTO");
/// assert!(formats_of(b"YT25").next().is_none());
/// ```
pub fn formats_of(serial: &[u8]) -> impl Iterator<Item = &'static Format> {
    let mut padded = [0; LENGTHS];
    let len = serial.len().min(LENGTHS);
    padded[..len].copy_from_slice(&serial[..len]);
    formats_of_padded(&padded, len)
}

/// As [`formats_of`], of a serial of `len` characters with zeros behind it.
#[inline]
pub(crate) fn formats_of_padded(
    serial: &[u8; LENGTHS],
    len: usize,
) -> impl Iterator<Item = &'static Format> + use<> {
    let table = &*TABLE;
    let head = match class(serial[0].to_ascii_uppercase()) {
        first @ 0..FIRSTS if len < LENGTHS => head(len, first, class(serial[1])),
        _ => 0,
    };
    let fitting = match table.begins[head..] {
        [begin, end, ..] => table.lists.get(usize::from(begin)..usize::from(end)),
        _ => None,
    };
    let (words, _) = serial.as_chunks();
    let serial: Words = std::array::from_fn(|i| u64::from_le_bytes(words[i]));
    let no_digits = serial.map(no_digits);
    let formats = fitting.unwrap_or_default().iter();
    formats
        .filter_map(|place| table.formats.get(usize::from(*place)))
        .filter(move |f| f.fits(&serial, &no_digits))
}

/// Formats whose serials begin with exactly these upper-case letters, the first two of which are the courier's own, and go on
/// with a digit; shorter ones first.
///
/// ```
/// use miandan::table::courier::{code_of, formats_headed};
/// assert!(formats_headed(b"JDVA").any(|f| code_of(f.courier) == "JD"));
/// assert!(formats_headed(b"XX").next().is_none());
/// ```
pub fn formats_headed(letters: &[u8]) -> impl Iterator<Item = &'static Format> {
    let all = TABLE.formats.iter().filter(move |_| letters.len() > 1);
    all.filter(move |f| {
        let (head, rest) = f
            .template
            .as_bytes()
            .split_at(letters.len().min(f.template.len()));
        let fits = |(t, c): (&u8, &u8)| t == c || *t == b'@';
        f.specificity != Specificity::Low
            && head[..2] == letters[..2]
            && head.iter().zip(letters).all(fits)
            && rest
                .first()
                .is_some_and(|c| matches!(c, b'#' | b'0'..=b'9'))
    })
}

/// The code of the courier at a position of the list; empty beyond the end.
pub fn code_of(courier: u8) -> &'static str {
    TABLE.couriers.get(usize::from(courier)).map_or("", |c| c.0)
}

/// The Chinese name of the courier at a position of the list; empty beyond the end.
pub fn name_of(courier: u8) -> &'static str {
    TABLE.couriers.get(usize::from(courier)).map_or("", |c| c.1)
}

/// The position of the courier with this code.
pub fn index_of(code: &str) -> Option<u8> {
    let at = TABLE.couriers.iter().position(|c| c.0 == code);
    at.map(|i| i as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_fits_its_courier() {
        assert!(TABLE.couriers.len() <= 64, "others are a bit set of 64");
        for row in rows() {
            let fits =
                |text: &str| formats_of(text.as_bytes()).any(|f| code_of(f.courier) == row.code);
            assert!(fits(row.example), "{} {}", row.code, row.example);
            assert!(!row.counter_example.is_empty());
        }
    }
}
