//! Tags of HTML, as far as they matter to its text: which only style a piece of it, and which part lines and cells.

/// A tag is read so far, in bytes; what goes on for longer is text.
const LONGEST: usize = 1024;

/// So much white space before a tag goes with it.
const BLANKS: usize = 256;

/// From so many digits in a row on, an attribute may hold a value.
const VALUE_DIGITS: usize = 7;

/// What a tag is to the reader of a text; of several in a row, the last in this order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// It changes how a piece of text looks and parts nothing.
    Style,
    /// A line begins or ends.
    Line,
    /// A cell of a table begins or ends.
    Cell,
    /// A row of a table, or a table, begins or ends.
    Row,
}

impl Part {
    /// The character that takes the tag's place.
    const fn mark(self) -> Option<char> {
        match self {
            Part::Style => None,
            Part::Cell => Some('\t'),
            Part::Line | Part::Row => Some('\n'),
        }
    }
}

const STYLES: &[&str] = &[
    "a", "b", "i", "u", "s", "em", "strong", "font", "span", "mark", "small", "big", "code",
    "nobr", "sub", "sup", "o:p",
];

const LINES: &[&str] = &[
    "br",
    "p",
    "div",
    "caption",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "blockquote",
    "center",
    "pre",
    "body",
    "html",
    "w:p",
    "w:br",
    "a:p",
    "a:br",
    "text:p",
    "text:h",
    "text:line-break",
];

/// Those of HTML, of spreadsheets in XML, and of text documents in Office Open XML and OpenDocument.
const CELLS: &[&str] = &[
    "td",
    "th",
    "cell",
    "data",
    "w:tc",
    "a:tc",
    "w:tab",
    "table:table-cell",
    "table:covered-table-cell",
    "text:tab",
];

const ROWS: &[&str] = &[
    "tr",
    "row",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "col",
    "colgroup",
    "w:tr",
    "w:tbl",
    "a:tr",
    "a:tbl",
    "table:table-row",
    "table:table",
];

/// Prefixes of documents all of whose other tags say how the text looks, their attributes included.
const OFFICE: &[&str] = &["w", "w14", "w15", "a", "text", "table", "style", "office"];

/// A tag at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag<'t> {
    name: &'t str,
    /// Whether it ends an element: `</td>`.
    pub(crate) closes: bool,
    /// What stands between name and closing bracket.
    attributes: &'t str,
    /// Its bytes, brackets included.
    pub(crate) len: usize,
}

impl<'t> Tag<'t> {
    /// Reads the tag with which a text begins.
    pub(crate) fn read(text: &'t str) -> Option<Tag<'t>> {
        let bytes = text.as_bytes();
        if let Some(closes) = plain(bytes) {
            let slash = usize::from(closes);
            return Some(Tag {
                name: &text[1 + slash..3 + slash],
                closes,
                attributes: "",
                len: 4 + slash,
            });
        }
        let bytes = &bytes[..bytes.len().min(LONGEST)];
        let slash = usize::from(bytes.get(1) == Some(&b'/'));
        let named = bytes.get(1 + slash).is_some_and(u8::is_ascii_alphabetic);
        if bytes.first() != Some(&b'<') || !named {
            return None;
        }
        let end = closing_bracket(bytes)?;
        let inner = &text[1 + slash..end];
        let ends = |b: u8| b.is_ascii_whitespace() || b == b'/';
        let name = inner.bytes().position(ends).map_or(inner, |i| &inner[..i]);
        Some(Tag {
            name,
            closes: slash > 0,
            attributes: &inner[name.len()..],
            len: end + 1,
        })
    }

    /// Whether it is one of these.
    fn is_any(&self, names: &[&str]) -> bool {
        names
            .iter()
            .any(|name| self.name.eq_ignore_ascii_case(name))
    }

    /// What it is to the reader of a text; `None` where it may be content.
    pub(crate) fn part(&self) -> Option<Part> {
        if self.attributes.is_empty()
            && let [a, b] = *self.name.as_bytes()
        {
            match [a, b].map(|b| b.to_ascii_lowercase()) {
                [b't', b'd' | b'h'] => return Some(Part::Cell),
                [b't', b'r'] => return Some(Part::Row),
                _ => {}
            }
        }
        let lists = [
            (ROWS, Part::Row),
            (CELLS, Part::Cell),
            (LINES, Part::Line),
            (STYLES, Part::Style),
        ];
        let known = lists.into_iter().find(|(names, _)| self.is_any(names));
        let part = known.map_or(Part::Style, |(_, part)| part);
        let prefix = self.name.split_once(':').map(|(prefix, _)| prefix);
        if prefix.is_some_and(|prefix| OFFICE.contains(&prefix)) {
            return Some(part);
        }
        known.filter(|_| !self.may_hold_value()).map(|_| part)
    }

    /// Whether it opens or closes a cell of a table.
    pub(crate) fn is_cell(&self) -> bool {
        self.is_any(&[
            "td",
            "th",
            "cell",
            "w:tc",
            "a:tc",
            "table:table-cell",
            "table:covered-table-cell",
        ])
    }

    /// Whether it opens or closes a row or a table.
    pub(crate) fn is_row(&self) -> bool {
        self.is_any(ROWS)
    }

    /// Whether it has attributes.
    pub(crate) fn has_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }

    /// The value of an attribute, without quotes.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'t str> {
        let mut attributes = Attributes(self.attributes);
        attributes
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// Whether an attribute may hold a value that is looked for: characters beyond ASCII, many digits or an at sign, anywhere but
    /// in a style.
    fn may_hold_value(&self) -> bool {
        let telling = |text: &str| {
            let mut digits = 0;
            text.bytes().any(|b| {
                digits = if b.is_ascii_digit() { digits + 1 } else { 0 };
                !b.is_ascii() || b == b'@' || digits >= VALUE_DIGITS
            })
        };
        telling(self.attributes)
            && Attributes(self.attributes).any(|(name, value)| {
                let style = ["style", "face", "lang"].contains(&name);
                !style && (telling(value) || telling(name))
            })
    }
}

/// Whether a tag of two letters without attributes, as nearly all of a table are, ends an element.
fn plain(tag: &[u8]) -> Option<bool> {
    match tag {
        [b'<', b'/', a, b, b'>', ..] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            Some(true)
        }
        [b'<', a, b, b'>', ..] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => Some(false),
        _ => None,
    }
}

/// The bracket that closes a tag: the first outside quotes.
fn closing_bracket(tag: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += tag[at..]
            .iter()
            .position(|b| matches!(b, b'>' | b'<' | b'"' | b'\''))?;
        match tag[at] {
            b'>' => return Some(at),
            b'<' => return None,
            quote => at += 2 + memchr::memchr(quote, &tag[at + 1..])?,
        }
    }
}

/// Names and values of attributes.
struct Attributes<'t>(&'t str);

impl<'t> Iterator for Attributes<'t> {
    type Item = (&'t str, &'t str);

    fn next(&mut self) -> Option<(&'t str, &'t str)> {
        let text = self
            .0
            .trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if text.is_empty() {
            return None;
        }
        let end = text
            .bytes()
            .skip(1)
            .position(|b| b == b'=' || b.is_ascii_whitespace())
            .map_or(text.len(), |i| i + 1);
        let (name, rest) = text.split_at(end);
        let Some(value) = rest.trim_ascii_start().strip_prefix('=') else {
            self.0 = rest;
            return Some((name, ""));
        };
        let value = value.trim_ascii_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest) = if let Some(quote) = quote {
            value[1..].split_once(quote).unwrap_or((&value[1..], ""))
        } else {
            let end = value.find(|c: char| c.is_ascii_whitespace());
            value.split_at(end.unwrap_or(value.len()))
        };
        self.0 = rest;
        Some((name, value))
    }
}

/// What the tags at the start of a text are to its reader: bytes, and the character that takes their place.
///
/// Tags that part lines, cells or rows are one line break or tab together, with those of style among them and the white space
/// between and behind them; a second `<br>` is a line break of its own. White space may stand before them if it begins with a line
/// break.
pub(crate) fn fold_tags(text: &str) -> Option<(usize, Option<char>)> {
    let first = blanks(text);
    let (mut at, mut part, mut broken) = (first, Part::Style, false);
    while let Some(tag) = text.get(at..).and_then(Tag::read) {
        let is_break = tag.is_any(&["br"]);
        let Some(next) = tag.part().filter(|_| !(is_break && broken)) else {
            break;
        };
        broken |= is_break;
        part = part.max(next);
        at += tag.len;
        // White space between words that are styled is content.
        if part > Part::Style {
            at += blanks(&text[at..]);
        }
    }
    let nothing = part == Part::Style && (first > 0 || at == 0);
    (!nothing).then(|| (at, part.mark()))
}

/// Bytes of white space at the start of a text.
fn blanks(text: &str) -> usize {
    let bytes = text.as_bytes();
    let near = &bytes[..bytes.len().min(BLANKS)];
    near.len() - near.trim_ascii_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_to_the_bracket_outside_quotes() {
        let tag = Tag::read("<TD title='a>b' colspan = \"2\" nowrap>x").expect("a tag");
        assert_eq!((tag.name, tag.len), ("TD", 37));
        assert_eq!(tag.attribute("title"), Some("a>b"));
        assert_eq!(tag.attribute("COLSPAN"), Some("2"));
        assert_eq!(tag.attribute("nowrap"), Some(""));
        assert_eq!(tag.attribute("width"), None);
        for text in ["", "<", "< b>", "<3>", "<td", "<td <b>", "<td a='>", "</>"] {
            assert_eq!(Tag::read(text), None, "{text}");
        }
        let endless = format!("<td {}>", "a".repeat(LONGEST));
        assert_eq!(Tag::read(&endless), None);
    }

    #[test]
    fn tags_become_what_they_are_to_a_reader() {
        for (text, taken, mark) in [
            ("<b>x", "<b>", None),
            (
                "<span lang=EN-US style='font-family:宋体'>x",
                "<span lang=EN-US style='font-family:宋体'>",
                None,
            ),
            (
                "</td>\n  <td class=xl65>x",
                "</td>\n  <td class=xl65>",
                Some('\t'),
            ),
            (
                "</td></tr>\r\n<tr><td>x",
                "</td></tr>\r\n<tr><td>",
                Some('\n'),
            ),
            ("\n  </td>x", "\n  </td>", Some('\t')),
            ("<br><br/>x", "<br>", Some('\n')),
            ("</p>\n\n<p>&nbsp;</p>", "</p>\n\n<p>", Some('\n')),
            ("<td>a<td>b", "<td>", Some('\t')),
            (
                "</b></p></td><td>\n<p><b>x",
                "</b></p></td><td>\n<p><b>",
                Some('\t'),
            ),
            ("</b> <b>x", "</b>", None),
            (
                "<w:rFonts w:ascii=\"宋体\"/><w:t>x",
                "<w:rFonts w:ascii=\"宋体\"/><w:t>",
                None,
            ),
            (
                "</w:p></w:tc><w:tc><w:tcPr/><w:p>x",
                "</w:p></w:tc><w:tc><w:tcPr/><w:p>",
                Some('\t'),
            ),
        ] {
            assert_eq!(fold_tags(text), Some((taken.len(), mark)), "{text}");
        }
    }

    #[test]
    fn tags_that_may_hold_a_value_stay_text() {
        for text in [
            "<td title=张三>x",
            "<td x:num=\"13800138000\">x",
            "<a href=\"mailto:a@b.cn\">x",
            "<name>x",
            "<td",
            "\nx",
            "\n<name>x",
            "\n<b>x",
        ] {
            assert_eq!(fold_tags(text), None, "{text}");
        }
    }
}
