//! Bytes that can be read at any place, for formats whose directory stands at their end.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use super::walk::Bytes;

/// An archive inside a stream is kept in memory up to this size, beyond it in an unnamed temporary file.
const IN_MEMORY: usize = 16 << 20;

/// A reader with a position of its own over bytes that its clones share.
#[derive(Clone, Debug)]
pub(super) struct Store {
    bytes: Shared,
    at: u64,
    len: u64,
}

#[derive(Clone, Debug)]
enum Shared {
    File(Arc<Mutex<File>>),
    Memory(Arc<[u8]>),
}

impl Store {
    /// Makes bytes seekable.
    pub(super) fn of(bytes: Bytes) -> io::Result<Store> {
        match bytes {
            Bytes::File(file) => Store::file(file),
            Bytes::Stream(mut reader) => {
                let mut head = Vec::new();
                (&mut reader)
                    .take(IN_MEMORY as u64)
                    .read_to_end(&mut head)?;
                if head.len() < IN_MEMORY {
                    return Ok(Store {
                        at: 0,
                        len: head.len() as u64,
                        bytes: Shared::Memory(head.into()),
                    });
                }
                let mut file = tempfile::tempfile()?;
                file.write_all(&head)?;
                io::copy(&mut reader, &mut file)?;
                Store::file(file)
            }
        }
    }

    fn file(file: File) -> io::Result<Store> {
        Ok(Store {
            at: 0,
            len: file.metadata()?.len(),
            bytes: Shared::File(Arc::new(Mutex::new(file))),
        })
    }

    /// A reader of a part of the bytes.
    #[cfg(feature = "archive")]
    pub(super) fn part(&self, start: u64, len: u64) -> io::Take<io::BufReader<Store>> {
        let store = Store {
            at: start,
            ..self.clone()
        };
        io::BufReader::with_capacity(64 << 10, store).take(len)
    }
}

impl Read for Store {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = match &self.bytes {
            Shared::File(file) => {
                // The position belongs to the file, so that seek and read are one step.
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(self.at))?;
                file.read(buf)?
            }
            Shared::Memory(bytes) => {
                let from = bytes.len().min(self.at as usize);
                (&bytes[from..]).read(buf)?
            }
        };
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Store {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
