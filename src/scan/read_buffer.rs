//! Memory that inputs are read into, page after page.

use std::io::{self, Read};
use std::ops::Deref;

/// The most memory that is made ready for one read: a reader may have less than it is asked for.
const STEP: usize = 1 << 16;

/// Bytes that were read. The memory behind them keeps what it held, to be written over: emptied before every read, as
/// [`Read::read_to_end`] has to do for most readers, it would be written twice.
#[derive(Default)]
pub(crate) struct ReadBuffer {
    memory: Vec<u8>,
    len: usize,
}

impl Deref for ReadBuffer {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.memory[..self.len]
    }
}

impl ReadBuffer {
    /// Keeps the first `len` bytes, if there are more.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Appends bytes.
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        self.room(bytes.len())[..bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    /// Appends what one read gives, at most so many bytes, and tells how many it were; 0 = the end.
    ///
    /// # Errors
    /// Those of the reader.
    pub(crate) fn read(&mut self, reader: &mut impl Read, most: usize) -> io::Result<usize> {
        let most = most.min(STEP.max(self.memory.len() - self.len));
        let n = reader.read(&mut self.room(most)[..most])?;
        self.len += n.min(most);
        Ok(n)
    }

    /// The memory behind the bytes, as much at least.
    fn room(&mut self, len: usize) -> &mut [u8] {
        let wanted = self.len + len;
        if self.memory.len() < wanted {
            self.memory.resize(wanted, 0);
        }
        &mut self.memory[self.len..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_read_counts() {
        let mut buffer = ReadBuffer::default();
        let mut reader = &b"abcdef"[..];
        assert_eq!(buffer.read(&mut reader, 4).expect("memory"), 4);
        assert_eq!(&*buffer, b"abcd");
        buffer.truncate(1);
        buffer.truncate(3);
        assert_eq!(&*buffer, b"a");
        buffer.extend(b"xyz");
        assert_eq!(buffer.read(&mut reader, 9).expect("memory"), 2);
        assert_eq!(buffer.read(&mut reader, 9).expect("memory"), 0);
        assert_eq!(&*buffer, b"axyzef");
    }
}
