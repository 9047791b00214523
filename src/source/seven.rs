//! Entries of 7z archives.
//!
//! The decoder hands entries to a closure, while a [`Walk`](super::Walk) is asked for one after the other. A thread of its own
//! decodes and passes pieces on; it is never more than a few pieces ahead and ends when nobody listens any more.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use sevenz_rust2::{Archive, BlockDecoder, EncoderMethod, Error, Password};

use super::limit::Budget;
use super::store::Store;
use super::unread;
use super::walk::Body;
use crate::scan::fault::Fault;
use crate::scan::{Origin, Sourced, Warning};

/// Memory for the archive's directory and for a decoder's dictionary, in KiB: what the packer's highest setting needs.
const MEMORY_KIB: usize = 256 << 10;

/// Bytes that are passed on together.
const PIECE: usize = 64 << 10;

/// Pieces that may wait to be read.
const PIECES: usize = 4;

/// What the decoding thread says.
enum Said {
    /// An entry begins, with the pieces of its content.
    Entry(String, Receiver<io::Result<Vec<u8>>>),
    /// Why an entry, or all that follows (without a name), cannot be read.
    Unread(Option<String>, Warning),
}

/// The entries of a 7z archive, in the order in which they are packed.
pub(super) struct Entries {
    said: Receiver<Said>,
    origin: Origin,
    depth: u32,
    budget: Arc<Budget>,
}

impl Entries {
    pub(super) fn open(
        store: Store,
        origin: Origin,
        depth: u32,
        budget: Arc<Budget>,
    ) -> io::Result<Entries> {
        let (say, said) = sync_channel(0);
        thread::Builder::new()
            .name("7z".to_owned())
            .spawn(move || decode(store, &say))?;
        Ok(Entries {
            said,
            origin,
            depth,
            budget,
        })
    }
}

impl Iterator for Entries {
    type Item = Result<Body, Sourced>;

    fn next(&mut self) -> Option<Result<Body, Sourced>> {
        match self.said.recv().ok()? {
            Said::Entry(name, pieces) => {
                let origin = self.origin.inside(&name);
                if !self.budget.entry() {
                    let warning = Warning::loss("archive.limit", self.budget.too_many());
                    self.said = sync_channel(0).1;
                    return Some(Err(unread(self.origin.clone(), warning)));
                }
                let entry = Entry {
                    pieces,
                    piece: Vec::new(),
                    at: 0,
                    ended: false,
                };
                Some(Ok(Body::entry(origin, entry, self.depth, &self.budget)))
            }
            Said::Unread(name, warning) => {
                let origin = name.map_or_else(|| self.origin.clone(), |n| self.origin.inside(&n));
                Some(Err(unread(origin, warning)))
            }
        }
    }
}

/// The bytes of one entry.
struct Entry {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Read for Entry {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() && !self.ended {
            (self.piece, self.at) = (Vec::new(), 0);
            match self.pieces.recv() {
                Ok(Ok(piece)) => self.piece = piece,
                Ok(Err(error)) => {
                    self.ended = true;
                    return Err(error);
                }
                Err(_) => {
                    self.ended = true;
                    return Err(Fault::error(
                        "input.damaged",
                        "7z entry: it cannot be decoded",
                    ));
                }
            }
            self.ended = self.piece.is_empty();
        }
        let n = buf.len().min(self.piece.len() - self.at);
        buf[..n].copy_from_slice(&self.piece[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// Decodes everything, for as long as somebody listens.
fn decode(mut store: Store, say: &SyncSender<Said>) {
    let password = Password::empty();
    let archive = match Archive::read_with_memory_limit(&mut store, &password, MEMORY_KIB) {
        Ok(archive) => archive,
        Err(error) => {
            let _ = say.send(Said::Unread(None, warning(&error)));
            return;
        }
    };
    for (i, block) in archive.blocks.iter().enumerate() {
        let encrypted = block
            .coders
            .iter()
            .any(|c| c.encoder_method_id() == EncoderMethod::ID_AES256_SHA256);
        let decoder =
            BlockDecoder::new_with_memory_limit(1, MEMORY_KIB, i, &archive, &password, &mut store);
        if encrypted {
            for entry in decoder.entries().iter().filter(|e| e.has_stream) {
                let said =
                    Said::Unread(Some(entry.name.clone()), warning(&Error::PasswordRequired));
                if say.send(said).is_err() {
                    return;
                }
            }
            continue;
        }
        let mut begun = false;
        let result = decoder.for_each_entries(&mut |entry, content| {
            begun = true;
            if entry.is_directory || entry.is_anti_item {
                return Ok(true);
            }
            let (send, pieces) = sync_channel(PIECES);
            if say.send(Said::Entry(entry.name.clone(), pieces)).is_err() {
                return Ok(false);
            }
            Ok(pass_on(content, &send))
        });
        match result {
            Ok(true) => {}
            Ok(false) => return,
            // A fault inside an entry was told to its reader.
            Err(_) if begun => {}
            Err(error) => {
                if say.send(Said::Unread(None, warning(&error))).is_err() {
                    return;
                }
            }
        }
    }
}

/// Passes on the content of an entry, an empty piece at its end; `false` when nothing more can be read of the block.
fn pass_on(content: &mut dyn Read, send: &SyncSender<io::Result<Vec<u8>>>) -> bool {
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let result = content.take(PIECE as u64).read_to_end(&mut piece);
        let last = piece.is_empty();
        // Who stops reading an entry may still want the next one: the decoder passes over the rest by itself.
        if !last && send.send(Ok(piece)).is_err() {
            return true;
        }
        match result {
            Ok(_) if last => {
                let _ = send.send(Ok(Vec::new()));
                return true;
            }
            Ok(_) => {}
            Err(error) => {
                let what = format!("7z entry: {error}");
                let _ = send.send(Err(Fault::error("input.damaged", what)));
                return true;
            }
        }
    }
}

fn warning(error: &Error) -> Warning {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => {
            Warning::loss("archive.encrypted", "needs a password")
        }
        // The directory itself may be encrypted; without a password its method is not even tried.
        Error::UnsupportedCompressionMethod(method) if method.contains("AES") => {
            Warning::loss("archive.encrypted", "needs a password")
        }
        Error::UnsupportedCompressionMethod(method) => {
            let what = format!("packed by method {method}, which is not read");
            Warning::loss("archive.unsupported", what)
        }
        Error::MaxMemLimited { actaul_kb, .. } => {
            let what = format!("needs {actaul_kb} KiB of memory to unpack");
            Warning::loss("archive.limit", what)
        }
        Error::Io(error, _) if error.kind() != io::ErrorKind::Other => Warning::from_io(error),
        error => Warning::loss("input.damaged", format!("7z archive: {error}")),
    }
}
