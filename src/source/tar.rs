//! Entries of tar archives, read as a stream.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use super::limit::Budget;
use super::walk::Body;
use super::zip::name;
use super::{Reader, unread};
use crate::scan::fault::Fault;
use crate::scan::{Origin, Sourced, Warning};

/// Bytes of a header, and what entries are padded to.
const BLOCK: usize = 512;

/// A name that a header of its own carries may have this many bytes.
const NAME_MAX: u64 = 64 * 1024;

/// The entries of a tar archive, in their order. An entry ends where the next one is asked for.
pub(super) struct Entries {
    stream: Arc<Mutex<Stream>>,
    origin: Origin,
    depth: u32,
    budget: Arc<Budget>,
    number: u64,
    done: bool,
}

struct Stream {
    reader: Reader,
    /// The entry that may read.
    current: u64,
    /// Bytes left of the current entry, and of the padding behind it.
    left: u64,
    padding: u64,
}

impl Entries {
    pub(super) fn new(body: Body, budget: Arc<Budget>) -> Entries {
        // Of a plain tar in a plain file each byte counts once as packed; of one in a gz file the gz reader counts.
        let reader: Reader = match body.budget {
            Some(_) => body.bytes.reader(),
            None => Box::new(budget.counted(body.bytes.reader())),
        };
        Entries {
            stream: Arc::new(Mutex::new(Stream {
                reader,
                current: 0,
                left: 0,
                padding: 0,
            })),
            origin: body.origin,
            depth: body.depth,
            budget,
            number: 0,
            done: false,
        }
    }
}

impl Iterator for Entries {
    type Item = Result<Body, Sourced>;

    /// The next file: its bytes, or why the rest cannot be read.
    fn next(&mut self) -> Option<Result<Body, Sourced>> {
        if self.done {
            return None;
        }
        let stream = Arc::clone(&self.stream);
        let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
        match stream.next_file() {
            Ok(Some((path, size))) => {
                if !self.budget.entry() {
                    self.done = true;
                    let warning = Warning::loss("archive.limit", self.budget.too_many());
                    return Some(Err(unread(self.origin.clone(), warning)));
                }
                self.number += 1;
                stream.current = self.number;
                stream.left = size;
                stream.padding = padding(size);
                let origin = self.origin.inside(&name(&path));
                let entry = Entry {
                    stream: Arc::clone(&self.stream),
                    number: self.number,
                };
                Some(Ok(Body::entry(origin, entry, self.depth, &self.budget)))
            }
            Ok(None) => {
                self.done = true;
                None
            }
            Err(error) => {
                self.done = true;
                Some(Err(unread(self.origin.clone(), Warning::from_io(&error))))
            }
        }
    }
}

const fn padding(size: u64) -> u64 {
    (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64
}

impl Stream {
    /// Goes to the next regular file; its name and size. `None` at the end.
    fn next_file(&mut self) -> io::Result<Option<(Vec<u8>, u64)>> {
        let rest = self.left.saturating_add(self.padding);
        self.skip(rest)?;
        (self.left, self.padding) = (0, 0);
        let (mut long_name, mut long_size) = (None, None);
        loop {
            let mut header = [0; BLOCK];
            let got = read_full(&mut self.reader, &mut header)?;
            if got < BLOCK {
                let what = "the tar archive ends without its end mark";
                return Err(Fault::error("input.truncated", what));
            }
            if header.iter().all(|b| *b == 0) {
                return Ok(None);
            }
            if !checks(&header) {
                return Err(Fault::error(
                    "input.damaged",
                    "tar header with a wrong check sum",
                ));
            }
            let size = number(&header[124..136])
                .ok_or_else(|| Fault::error("input.damaged", "tar header without a size"))?;
            match header[156] {
                b'L' => long_name = Some(self.text(size)?),
                b'x' => {
                    for (key, value) in pax(&self.text(size)?) {
                        match key {
                            b"path" => long_name = Some(value.to_vec()),
                            b"size" => {
                                long_size =
                                    std::str::from_utf8(value).ok().and_then(|v| v.parse().ok());
                            }
                            _ => {}
                        }
                    }
                }
                b'0' | 0 | b'7' => {
                    let name = long_name.unwrap_or_else(|| plain_name(&header));
                    return Ok(Some((name, long_size.unwrap_or(size))));
                }
                _ => {
                    (long_name, long_size) = (None, None);
                    self.skip(size.saturating_add(padding(size)))?;
                }
            }
        }
    }

    /// The content of a header's own entry: text after its zeros at the end.
    fn text(&mut self, size: u64) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        (&mut self.reader)
            .take(size.min(NAME_MAX))
            .read_to_end(&mut text)?;
        self.skip(
            size.saturating_sub(text.len() as u64)
                .saturating_add(padding(size)),
        )?;
        while text.last() == Some(&0) {
            text.pop();
        }
        Ok(text)
    }

    fn skip(&mut self, len: u64) -> io::Result<()> {
        let skipped = io::copy(&mut (&mut self.reader).take(len), &mut io::sink())?;
        if skipped < len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}

fn read_full(reader: &mut Reader, block: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < block.len() {
        match reader.read(&mut block[got..]) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}

/// Whether the header's check sum is right: the sum of its bytes with blanks in the sum's own place.
fn checks(header: &[u8; BLOCK]) -> bool {
    let sum: u64 = header
        .iter()
        .enumerate()
        .map(|(i, b)| u64::from(if (148..156).contains(&i) { b' ' } else { *b }))
        .sum();
    number(&header[148..156]) == Some(sum)
}

/// An octal number, or a binary one marked by its highest bit.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let (high, low) = field.split_at(field.len() - 8);
        let small = high[1..].iter().all(|b| *b == 0) && high[0] == 0x80;
        return small.then(|| low.iter().fold(0, |n, b| n << 8 | u64::from(*b)));
    }
    let text = std::str::from_utf8(field).ok()?;
    let digits = text.trim_matches(['\0', ' ']);
    if digits.is_empty() {
        return Some(0);
    }
    u64::from_str_radix(digits, 8).ok()
}

fn plain_name(header: &[u8; BLOCK]) -> Vec<u8> {
    let field = |range: std::ops::Range<usize>| {
        let bytes = &header[range];
        let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
        &bytes[..end]
    };
    let prefix = field(345..500);
    let name = field(0..100);
    if prefix.is_empty() || !header[257..].starts_with(b"ustar\0") {
        return name.to_vec();
    }
    [prefix, b"/", name].concat()
}

/// The `length key=value` lines of an extended header.
fn pax(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    text.split(|b| *b == b'\n').filter_map(|line| {
        let space = line.iter().position(|b| *b == b' ')?;
        let rest = &line[space + 1..];
        let equals = rest.iter().position(|b| *b == b'=')?;
        Some((&rest[..equals], &rest[equals + 1..]))
    })
}

/// The bytes of one entry.
struct Entry {
    stream: Arc<Mutex<Stream>>,
    number: u64,
}

impl Read for Entry {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        if stream.current != self.number {
            return Err(Fault::error(
                "input.truncated",
                "the archive was read on before this entry",
            ));
        }
        let want = buf
            .len()
            .min(usize::try_from(stream.left).unwrap_or(usize::MAX));
        if want == 0 {
            return Ok(0);
        }
        let n = stream.reader.read(&mut buf[..want])?;
        if n == 0 {
            // Said once; what was read so far is kept.
            (stream.left, stream.padding) = (0, 0);
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        stream.left -= n as u64;
        Ok(n)
    }
}
