//! Where the pages of an input end, as its content decides.

use std::ops::Range;

use memchr::memrchr;

use super::html::Heads;
use super::input::Format;
use super::schema::Schema;
use crate::anchor::marks::{QUOTED_MAX, Rows, Units};
use crate::record::Layout;
use crate::text::decode::boundary;
use crate::text::encoding::Encoding;

/// Bytes from which encoding, format and columns are recognised.
pub(crate) const PREFIX_BYTES: usize = 64 * 1024;

/// Bytes of context on either side of a page whose cuts may run through a record.
pub(crate) const CONTEXT_BYTES: usize = 2048;

/// A page of running text ends at a blank line if one stands within so many bytes of its end.
const BLANK_LINE_WITHIN: usize = 16 * 1024;

/// A line without end is cut after a comma or blank if one stands within so many bytes of the page's end.
const SOFT_WITHIN: usize = 4 * 1024;

/// A row may reach so far beyond the page's size before it is cut, and a quote in it is looked for so far again.
const ROW_SLACK: usize = 2 * QUOTED_MAX;

/// Where a page lies. `buf[core]` is the page, the rest of `buf` is context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PageCut {
    /// Offset in the input of the first byte of the buffer, context included.
    pub(crate) offset: usize,
    /// The page's own bytes in the buffer.
    pub(crate) core: Range<usize>,
    /// Whether it is the first of the input.
    pub(crate) first: bool,
    /// Whether it is the last of the input.
    pub(crate) last: bool,
    /// Whether it begins with a row; `false` after a row that was too long for one page.
    pub(crate) at_row: bool,
    /// Offset in the input of a quote that is not closed within [`QUOTED_MAX`] bytes.
    pub(crate) unclosed_quote: Option<usize>,
    /// The columns that hold from this page on, where they change: another table of an SQL dump.
    pub(crate) layout: Option<Layout>,
}

/// Decides where the pages of an input end. What lies in memory is cut without being copied.
pub(crate) struct Cutter {
    page_bytes: usize,
    encoding: Encoding,
    format: Format,
    /// Bytes of context before the next page.
    back: usize,
    /// Offset in the input of the first byte of that context.
    offset: usize,
    tables: Tables,
    /// Columns of the next page.
    next_layout: Option<Layout>,
    first: bool,
    done: bool,
    at_row: bool,
}

/// Follows the tables of an input that may have several.
#[derive(Default)]
enum Tables {
    #[default]
    One,
    Sql(Schema),
    Html(Heads),
}

impl Tables {
    /// Takes the next row; gives the columns that hold from it on where they change. Then it is to be taken again.
    fn row(&mut self, row: &[u8], encoding: Encoding) -> Option<Layout> {
        match self {
            Tables::One => None,
            Tables::Sql(schema) => schema.row(row, encoding),
            Tables::Html(heads) => heads.row(row, encoding),
        }
    }

    /// Whether the next row is not to be parted from the last one.
    fn go_on(&self) -> bool {
        matches!(self, Tables::Html(heads) if heads.reach_down())
    }

    /// A cut at the last row that may be parted from the next one, which ends at `free`.
    fn step_back(&mut self, cut: Cut, free: Option<usize>) -> Cut {
        match free {
            Some(len) if len < cut.len => {
                if let Tables::Html(heads) = self {
                    heads.rewind();
                }
                Cut { len, ..cut }
            }
            _ => cut,
        }
    }
}

/// What comes behind the bytes that are there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    More,
    End,
    /// Something that could not be read.
    Lost,
}

impl Cutter {
    /// A cutter of pages of about `page_bytes`.
    pub(crate) fn new(page_bytes: usize) -> Cutter {
        Cutter {
            page_bytes: page_bytes.max(16),
            encoding: Encoding::default(),
            format: Format::default(),
            back: 0,
            offset: 0,
            tables: Tables::One,
            next_layout: None,
            first: true,
            done: false,
            at_row: true,
        }
    }

    /// Says how the input is to be cut, and what its first columns are.
    pub(crate) fn set_plan(&mut self, encoding: Encoding, format: &Format, layout: &Layout) {
        self.encoding = encoding;
        self.format = format.clone();
        self.tables = match format {
            Format::Sql => Tables::Sql(Schema::new(layout)),
            Format::HtmlTable => Tables::Html(Heads::new(layout)),
            _ => Tables::One,
        };
    }

    /// The next page of an input that lies in memory, with its context.
    pub(crate) fn next_of<'b>(&mut self, input: &'b [u8]) -> Option<(PageCut, &'b [u8])> {
        let rest = &input[self.offset..];
        let window = &rest[..rest.len().min(self.wanted())];
        let tail = if window.len() == rest.len() {
            Rest::End
        } else {
            Rest::More
        };
        let (cut, seen) = self.next(window, tail)?;
        Some((cut, &window[..seen]))
    }

    /// Offset in the input of the next page's context.
    #[cfg(any(feature = "parallel", test))]
    pub(super) const fn offset(&self) -> usize {
        self.offset
    }

    /// How many bytes have to be seen to cut the next page, its context included.
    pub(super) const fn wanted(&self) -> usize {
        self.back + self.page_bytes + ROW_SLACK + CONTEXT_BYTES
    }

    /// Cuts the next page, given what is there from its context on. Gives the length of the page with the context on both sides, too;
    /// `None` at the end.
    pub(super) fn next(&mut self, window: &[u8], tail: Rest) -> Option<(PageCut, usize)> {
        let rest = window.len() - self.back;
        if self.done || (rest == 0 && (!self.first || tail == Rest::Lost)) {
            self.done = true;
            return None;
        }
        let ended = tail != Rest::More;
        let layout = self.next_layout.take();
        let mut tables = std::mem::take(&mut self.tables);
        let cut = self.cut(&mut tables, &window[self.back..], ended);
        self.tables = tables;
        self.next_layout = cut.next_layout;
        let end = self.back + cut.len;
        let ahead = if cut.at_row {
            end
        } else {
            let wanted = (end + CONTEXT_BYTES).min(window.len());
            boundary(window, self.encoding, end, wanted)
        };
        let page = PageCut {
            offset: self.offset,
            core: self.back..end,
            first: self.first,
            last: tail == Rest::End && end == window.len(),
            at_row: self.at_row,
            unclosed_quote: cut.unclosed.map(|i| self.offset + self.back + i),
            layout: cut.layout.or(layout),
        };
        let keep = if cut.at_row {
            end
        } else {
            let wanted = end.saturating_sub(CONTEXT_BYTES);
            boundary(window, self.encoding, 0, wanted)
        };
        self.offset += keep;
        self.back = end - keep;
        self.at_row = cut.at_row || self.format == Format::Text;
        self.first = false;
        self.done = page.last;
        Some((page, ahead))
    }

    /// Where the next page ends, of which `bytes` are there; what its rows say of columns goes into `tables`.
    fn cut(&self, tables: &mut Tables, bytes: &[u8], ended: bool) -> Cut {
        let units = Units {
            bytes,
            encoding: self.encoding,
        };
        let whole = ended && bytes.len() <= self.page_bytes;
        let limit = bytes.len().min(self.page_bytes);
        let by_lines = match &self.format {
            Format::Table { quoted: true, .. } => memrchr(b'"', bytes).is_none(),
            Format::Json | Format::Sql | Format::HtmlTable => false,
            _ => true,
        };
        if !by_lines {
            let cut = self.cut_by_rows(tables, bytes, limit, ended);
            return cut.unwrap_or_else(|unclosed| Cut {
                unclosed,
                ..soft(units, limit)
            });
        }
        let has_rows = self.format.has_rows();
        if whole {
            return Cut::after(limit, has_rows);
        }
        if !has_rows && let Some(len) = blank_line(units, limit) {
            return Cut::after(len, false);
        }
        if let Some(len) = last_line_end(units, 0, limit) {
            return Cut::after(len, has_rows);
        }
        // The row is longer than a page: let it, up to the slack.
        let slack = bytes.len().min(limit + QUOTED_MAX);
        match units.find(limit - limit % units.width(), b'\n') {
            Some(i) if has_rows && i < slack => Cut::after(i + units.width(), true),
            None if has_rows && ended && bytes.len() <= slack => Cut::after(bytes.len(), true),
            _ => soft(units, limit),
        }
    }

    /// The last end of a row within `limit` and before a row of other columns, else the first one within the slack, else the
    /// first unclosed quote if any.
    fn cut_by_rows(
        &self,
        tables: &mut Tables,
        bytes: &[u8],
        limit: usize,
        ended: bool,
    ) -> Result<Cut, Option<usize>> {
        let whole = ended && bytes.len() <= self.page_bytes;
        let mut rows = Rows::of_bytes(bytes, self.encoding, &self.format, self.first);
        let mut best: Option<Cut> = None;
        // The last end of a row out of which no cell reaches. Rows that belong together make a page longer, up to the slack.
        let mut free = None;
        let too_long = |end: usize| end > limit + QUOTED_MAX;
        loop {
            // What stands open when the window ends is no row yet, unless the input ends there too.
            let Some(row) = rows.next().filter(|r| r.range.end < bytes.len() || ended) else {
                let best = best.map(|best| tables.step_back(best, free));
                return best.ok_or(rows.unclosed);
            };
            let end = row.range.end;
            if end > limit && !whole {
                let belongs = free.is_none() && !too_long(end);
                match best {
                    Some(_) if belongs => {}
                    Some(best) => return Ok(tables.step_back(best, free)),
                    None if too_long(end) => return Err(rows.unclosed),
                    None => {}
                }
            }
            let mut layout = best.as_mut().and_then(|b| b.layout.take());
            if let Some(changed) = tables.row(&bytes[row.range.clone()], self.encoding) {
                if let Some(best) = best {
                    return Ok(Cut {
                        layout,
                        next_layout: Some(changed),
                        ..best
                    });
                }
                layout = Some(changed);
                tables.row(&bytes[row.range], self.encoding);
            }
            let cut = Cut {
                layout,
                unclosed: rows.unclosed,
                ..Cut::after(end, true)
            };
            if end == bytes.len() {
                return Ok(cut);
            }
            if !tables.go_on() {
                free = Some(end);
            }
            if end >= limit && !whole && free.is_some() {
                return Ok(tables.step_back(cut, free));
            }
            best = Some(cut);
        }
    }
}

/// A cut inside a row or line: after a line end, comma or blank near the limit, else between two characters.
fn soft(units: Units<'_>, limit: usize) -> Cut {
    let low = limit.saturating_sub(SOFT_WITHIN);
    let low = low - low % units.width();
    let at_mark = b"\n,\t "
        .iter()
        .find_map(|c| rfind(units, low, limit, *c))
        .map(|i| i + units.width());
    let len = at_mark.unwrap_or_else(|| boundary(units.bytes, units.encoding, 0, limit));
    Cut::after(len.max(1).min(units.bytes.len()), false)
}

#[derive(Clone, Debug)]
struct Cut {
    len: usize,
    /// Whether a row ends there, so that nothing reaches across.
    at_row: bool,
    unclosed: Option<usize>,
    /// Columns of the page before the cut, if they are new.
    layout: Option<Layout>,
    /// Columns of the page behind it, if they are new.
    next_layout: Option<Layout>,
}

impl Cut {
    const fn after(len: usize, at_row: bool) -> Cut {
        Cut {
            len,
            at_row,
            unclosed: None,
            layout: None,
            next_layout: None,
        }
    }
}

/// The last place of an ASCII character below 0x30 in `low..limit`.
fn rfind(units: Units<'_>, low: usize, limit: usize, c: u8) -> Option<usize> {
    if units.width() == 1 {
        return memrchr(c, &units.bytes[low..limit]).map(|i| i + low);
    }
    let mut at = limit - limit % 2;
    while at >= low + 2 {
        at -= 2;
        if units.at(at) == Some(c) {
            return Some(at);
        }
    }
    None
}

/// One past the last line break in `low..limit`.
fn last_line_end(units: Units<'_>, low: usize, limit: usize) -> Option<usize> {
    rfind(units, low, limit, b'\n').map(|i| i + units.width())
}

/// One past the last blank line near `limit`.
fn blank_line(units: Units<'_>, limit: usize) -> Option<usize> {
    let low = limit.saturating_sub(BLANK_LINE_WITHIN.min(limit / 2));
    let low = low - low % units.width();
    let mut end = last_line_end(units, low, limit)?;
    while let Some(before) = last_line_end(units, low, end - units.width()) {
        let blank = (before..end)
            .step_by(units.width())
            .all(|i| matches!(units.at(i), Some(b'\n' | b'\r' | b' ' | b'\t')));
        if blank {
            return Some(end);
        }
        end = before;
    }
    None
}
