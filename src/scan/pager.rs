//! Reads an input page by page.

use std::io::{self, Read};

use super::cut::{Cutter, PREFIX_BYTES, PageCut, Rest};
use super::input::Format;
use super::read_buffer::ReadBuffer;
use crate::record::Layout;
use crate::text::encoding::Encoding;
#[cfg(feature = "parallel")]
use crate::text::encoding::{ASCII_SEARCHED, Guess, guess_late};

/// Reads an input page by page in bounded memory: two pages, what the longest row needs, and context.
///
/// **The pages follow each other without gaps, and where they are cut does not depend on how many bytes the single reads
/// return.** An input without a byte is one empty page. When reading fails, what was read before still comes in pages; then the
/// error comes once.
pub(crate) struct Pager<R> {
    reader: R,
    cutter: Cutter,
    /// Context before the next page, then what was read of it and after it.
    window: ReadBuffer,
    tail: Tail,
}

/// What comes behind the window of a pager.
enum Tail {
    /// More bytes, as far as is known.
    Unread,
    /// The end.
    Ended,
    /// An error of the reader that was not yet told.
    Failed(io::Error),
}

impl<R: Read> Pager<R> {
    /// A pager of pages of about `page_bytes`.
    pub(crate) fn new(reader: R, page_bytes: usize) -> Pager<R> {
        Pager {
            reader,
            cutter: Cutter::new(page_bytes),
            window: ReadBuffer::default(),
            tail: Tail::Unread,
        }
    }

    /// The first bytes of the input, at most [`PREFIX_BYTES`]; less only if the input is shorter or reading failed.
    ///
    /// To be called before the first page.
    pub(crate) fn prefix(&mut self) -> &[u8] {
        self.fill(PREFIX_BYTES);
        &self.window[..self.window.len().min(PREFIX_BYTES)]
    }

    /// The most likely encoding; reads on when the prefix is all ASCII. To be called before the first page.
    #[cfg(feature = "parallel")]
    pub(crate) fn guess(&mut self) -> Guess {
        let mut read = PREFIX_BYTES;
        self.fill(read);
        while !self.ended() && self.window.is_ascii() && read < ASCII_SEARCHED {
            read = (4 * read).min(ASCII_SEARCHED);
            self.fill(read);
        }
        // The piece that decides must be whole, however the reads fell.
        self.fill((read + PREFIX_BYTES).min(ASCII_SEARCHED));
        guess_late(&self.window, PREFIX_BYTES)
    }

    /// As [`Cutter::set_plan`].
    pub(crate) fn set_plan(&mut self, encoding: Encoding, format: &Format, layout: &Layout) {
        self.cutter.set_plan(encoding, format, layout);
    }

    /// Puts the next page with its context into `buf`.
    ///
    /// # Errors
    /// When reading failed, once, after everything that was read before.
    pub(crate) fn next_page(&mut self, buf: &mut ReadBuffer) -> io::Result<Option<PageCut>> {
        buf.truncate(0);
        self.fill(self.cutter.wanted());
        let tail = match self.tail {
            Tail::Unread => Rest::More,
            Tail::Ended => Rest::End,
            Tail::Failed(_) => Rest::Lost,
        };
        let Some((cut, seen)) = self.cutter.next(&self.window, tail) else {
            return match std::mem::replace(&mut self.tail, Tail::Ended) {
                Tail::Failed(error) => Err(error),
                _ => Ok(None),
            };
        };
        // The page goes out in the window that it was read into, and what follows it goes on in the other buffer.
        let next = self.cutter.offset() - cut.offset;
        buf.extend(&self.window[next..]);
        std::mem::swap(buf, &mut self.window);
        buf.truncate(seen);
        Ok(Some(cut))
    }

    /// Whether the window holds all that is left of the input.
    const fn ended(&self) -> bool {
        !matches!(self.tail, Tail::Unread)
    }

    /// Reads until the window holds `len` bytes or the input ends.
    fn fill(&mut self, len: usize) {
        while !self.ended() && self.window.len() < len {
            self.read(len - self.window.len());
        }
        // An end that falls exactly on the window's is known only by asking once more.
        if !self.ended() && self.window.len() == len {
            self.read(1);
        }
    }

    /// Reads once, at most so many bytes.
    fn read(&mut self, most: usize) {
        match self.window.read(&mut self.reader, most) {
            Ok(0) => self.tail = Tail::Ended,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => self.tail = Tail::Failed(error),
        }
    }
}

#[cfg(test)]
mod tests;
