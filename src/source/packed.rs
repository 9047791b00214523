//! Single packed streams: gz, zst, xz, bz2.

use std::io::{self, BufRead, BufReader, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::Reader;
use super::limit::Counted;
use super::sort::Sort;
use crate::scan::Origin;
use crate::scan::fault::Fault;

/// The largest window a zst or xz stream may ask for, in bytes: what their own tools allow without being told.
const WINDOW: u64 = 128 << 20;

/// A reader of the unpacked bytes.
pub(super) fn unpack(kind: Sort, packed: Counted) -> io::Result<Reader> {
    let packed = BufReader::with_capacity(64 << 10, packed);
    Ok(match kind {
        Sort::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        Sort::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
        Sort::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(
            packed,
            true,
            (WINDOW / 1024) as u32,
        )),
        Sort::Zstd => Box::new(Zstd::new(packed)),
        _ => return Err(io::ErrorKind::Unsupported.into()),
    })
}

/// The name for messages, and the path inside the archive: the file's own name without the packer's ending.
pub(super) fn names(origin: &Origin) -> (String, Option<String>) {
    let shown = origin.to_string();
    let outer = origin.entry.as_deref().unwrap_or(&origin.path);
    let base = outer.rsplit(['/', '\\', '!']).next().unwrap_or(outer);
    let inner = match base.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => match ending.to_ascii_lowercase().as_str() {
            "tgz" | "txz" | "tbz" | "tbz2" | "tzst" => format!("{stem}.tar"),
            _ => stem.to_owned(),
        },
        _ => "data".to_owned(),
    };
    let entry = match &origin.entry {
        Some(outer) => format!("{outer}!{inner}"),
        None => inner,
    };
    (shown, Some(entry))
}

/// Zstandard frames one after the other, as `pzstd` and appending write them.
struct Zstd<R> {
    packed: R,
    frame: FrameDecoder,
    open: bool,
    /// What is wrong with the rest, told behind what was unpacked before.
    broken: Option<io::Error>,
}

/// A last block without content, and a check sum: with it a frame that broke off gives the bytes that it holds back for others to
/// refer to.
const LAST_BLOCK: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

impl<R: BufRead> Zstd<R> {
    fn new(packed: R) -> Zstd<R> {
        let mut frame = FrameDecoder::new();
        frame.set_max_window_size(WINDOW);
        Zstd {
            packed,
            frame,
            open: false,
            broken: None,
        }
    }

    /// Unpacks the next blocks of the frame.
    fn unpack(&mut self, room: usize) {
        let strategy = BlockDecodingStrategy::UptoBytes(room.max(1));
        let Err(error) = self.frame.decode_blocks(&mut self.packed, strategy) else {
            return;
        };
        let ended = self.packed.fill_buf().is_ok_and(<[u8]>::is_empty);
        self.broken = Some(if ended {
            io::Error::new(io::ErrorKind::UnexpectedEof, "incomplete zst stream")
        } else {
            damaged(&error)
        });
        let last = BlockDecodingStrategy::UptoBlocks(1);
        if self.frame.decode_blocks(&LAST_BLOCK[..], last).is_err() {
            self.open = false;
        }
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.open {
                if self.frame.can_collect() == 0 && !self.frame.is_finished() {
                    self.unpack(buf.len());
                }
                let n = self.frame.read(buf)?;
                if n > 0 || buf.is_empty() {
                    return Ok(n);
                }
                self.open = !self.frame.is_finished();
                continue;
            }
            if let Some(error) = self.broken.take() {
                return Err(error);
            }
            if self.packed.fill_buf()?.is_empty() {
                return Ok(0);
            }
            match self.frame.init(&mut self.packed) {
                Ok(()) => self.open = true,
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut (&mut self.packed).take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(damaged(&error)),
            }
        }
    }
}

fn damaged(error: &FrameDecoderError) -> io::Error {
    Fault::error("input.damaged", format!("zst stream: {error}"))
}
