//! Walks over paths, directories and what is packed in files.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::path::PathBuf;
#[cfg(any(feature = "archive", feature = "xlsx"))]
use std::sync::Arc;

use super::files::{Target, snapshot};
use super::sort::{HEAD, Sort, sort};
use super::{Options, Reader, unread};
use crate::scan::{Origin, Sourced, Warning};
use crate::text::encoding::{Encoding, guess};

#[cfg(feature = "mail")]
use super::mail;
#[cfg(feature = "xlsx")]
use super::{book::Sheets, compound};
#[cfg(any(feature = "archive", feature = "xlsx"))]
use super::{limit::Budget, store::Store};
#[cfg(feature = "archive")]
use super::{packed, seven, tar, zip};

/// Opens `paths` one after the other: files, directories with all that is in them (sorted by name, links followed), `-` for
/// standard input; archives, workbooks and mail with the features `archive`, `xlsx` and `mail`. With the feature `globs`, a
/// path that does not exist may be a pattern (`exports/**/*.csv`).
///
/// The order is always the same. An input must be read before the next one is asked for: entries of one archive share its
/// reader.
///
/// ```no_run
/// use miandan::source::{Options, walk};
/// for sourced in walk(["dumps"], Options::default()) {
///     println!("{sourced:?}");
/// }
/// ```
pub fn walk<P: Into<PathBuf>>(paths: impl IntoIterator<Item = P>, options: Options) -> Walk {
    let mut stack: Vec<Work> = paths
        .into_iter()
        .map(|path| Work::Path(Target::named(path.into())))
        .collect();
    stack.reverse();
    Walk {
        options,
        stack,
        directories: HashSet::new(),
    }
}

/// The inputs of [`walk`].
#[derive(Debug)]
pub struct Walk {
    pub(super) options: Options,
    /// What is still to do, last first.
    pub(super) stack: Vec<Work>,
    /// Real paths of the directories entered.
    pub(super) directories: HashSet<PathBuf>,
}

/// One thing to do.
pub(super) enum Work {
    Path(Target),
    Body(Body),
    Ready(Sourced),
    /// What is packed in an archive or a mail, or why it cannot be read.
    #[cfg(any(feature = "archive", feature = "mail"))]
    Entries(Box<dyn Iterator<Item = Result<Body, Sourced>> + Send>),
    #[cfg(feature = "xlsx")]
    Book(Sheets),
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Work::Path(target) => f.debug_tuple("Path").field(target).finish(),
            Work::Ready(sourced) => f.debug_tuple("Ready").field(sourced).finish(),
            Work::Body(_) => f.write_str("Body"),
            #[cfg(any(feature = "archive", feature = "mail"))]
            Work::Entries(_) => f.write_str("Entries"),
            #[cfg(feature = "xlsx")]
            Work::Book(_) => f.write_str("Book"),
        }
    }
}

/// Bytes that were opened and not yet looked at.
pub(super) struct Body {
    pub(super) origin: Origin,
    pub(super) bytes: Bytes,
    /// Archives around it.
    pub(super) depth: u32,
    /// What may still be unpacked of the outermost archive.
    #[cfg(any(feature = "archive", feature = "xlsx"))]
    pub(super) budget: Option<Arc<Budget>>,
}

#[cfg(feature = "archive")]
impl Body {
    /// An entry of an archive at a depth; what is read of it counts against the archive's budget.
    pub(super) fn entry(
        origin: Origin,
        bytes: impl std::io::Read + Send + 'static,
        depth: u32,
        budget: &Arc<Budget>,
    ) -> Body {
        Body {
            bytes: Bytes::Stream(Box::new(budget.limited(bytes, origin.to_string()))),
            origin,
            depth: depth + 1,
            budget: Some(Arc::clone(budget)),
        }
    }
}

pub(super) enum Bytes {
    /// A regular file, at its start.
    File(File),
    Stream(Reader),
}

impl Iterator for Walk {
    type Item = Sourced;

    fn next(&mut self) -> Option<Sourced> {
        loop {
            let found = match self.stack.pop()? {
                Work::Path(target) => self.enter(&target),
                Work::Body(body) => self.open(body),
                Work::Ready(sourced) => Some(sourced),
                #[cfg(any(feature = "archive", feature = "mail"))]
                Work::Entries(mut entries) => entries.next().and_then(|entry| {
                    self.stack.push(Work::Entries(entries));
                    match entry {
                        Ok(body) => {
                            self.stack.push(Work::Body(body));
                            None
                        }
                        Err(unread) => Some(unread),
                    }
                }),
                #[cfg(feature = "xlsx")]
                Work::Book(mut sheets) => sheets.next().inspect(|_| {
                    self.stack.push(Work::Book(sheets));
                }),
            };
            if found.is_some() {
                return found;
            }
        }
    }
}

impl Walk {
    pub(super) fn push(&mut self, origin: Origin, bytes: Bytes) {
        self.stack.push(Work::Body(Body {
            origin,
            bytes,
            depth: 0,
            #[cfg(any(feature = "archive", feature = "xlsx"))]
            budget: None,
        }));
    }

    /// Looks at the first bytes and decides what to do with the rest.
    fn open(&mut self, mut body: Body) -> Option<Sourced> {
        let head = match body.bytes.head() {
            Ok(head) => head,
            Err(error) => return Some(unread(body.origin, Warning::from_io(&error))),
        };
        let name = body.origin.entry.as_deref().unwrap_or(&body.origin.path);
        match sort(&head, name) {
            Sort::Text => {
                if has_old_line_ends(&head, self.options.encoding) {
                    body.bytes = Bytes::Stream(Box::new(LineEnds(body.bytes.reader())));
                }
                Some(self.text(body))
            }
            Sort::Binary | Sort::Foreign(_) if self.options.binary => Some(self.text(body)),
            Sort::Binary => Some(unread(body.origin, binary())),
            Sort::Foreign(what) => {
                let warning = Warning::loss("input.unsupported", what);
                Some(unread(body.origin, warning))
            }
            packed => self.unpack(body, packed),
        }
    }

    fn text(&self, body: Body) -> Sourced {
        self.options.unit(body.origin, body.bytes.reader())
    }

    /// Opens an archive, a packed file, a workbook or mail.
    #[cfg_attr(
        not(any(feature = "archive", feature = "xlsx", feature = "mail")),
        allow(clippy::unnecessary_wraps, reason = "nothing can be unpacked")
    )]
    fn unpack(&mut self, body: Body, kind: Sort) -> Option<Sourced> {
        if body.depth >= self.options.limits.depth {
            let what = format!("archives nested deeper than {}", self.options.limits.depth);
            return Some(unread(body.origin, Warning::loss("archive.limit", what)));
        }
        #[cfg(feature = "mail")]
        if matches!(kind, Sort::Mail | Sort::MailFolder) {
            return self.unpack_mail(body, kind);
        }
        #[cfg(not(feature = "mail"))]
        if matches!(kind, Sort::Mail | Sort::MailFolder) {
            return Some(self.text(body));
        }
        #[cfg(any(feature = "archive", feature = "xlsx"))]
        {
            let origin = body.origin.clone();
            match self.unpack_known(body, kind) {
                Ok(true) => return None,
                Ok(false) => {}
                Err(error) => return Some(unread(origin, Warning::from_io(&error))),
            }
            Some(unread(origin, unsupported(kind)))
        }
        #[cfg(not(any(feature = "archive", feature = "xlsx")))]
        Some(unread(body.origin, unsupported(kind)))
    }

    #[cfg(feature = "mail")]
    fn unpack_mail(&mut self, body: Body, kind: Sort) -> Option<Sourced> {
        let entries: Box<dyn Iterator<Item = _> + Send> = if kind == Sort::MailFolder {
            Box::new(mail::Folder::open(body))
        } else {
            let origin = body.origin.clone();
            match mail::Parts::open(body) {
                Ok(parts) => Box::new(parts),
                Err(error) => return Some(unread(origin, Warning::from_io(&error))),
            }
        };
        self.stack.push(Work::Entries(entries));
        None
    }

    /// Puts what is packed on the stack; `false` if this build cannot read it.
    #[cfg(any(feature = "archive", feature = "xlsx"))]
    fn unpack_known(&mut self, body: Body, kind: Sort) -> io::Result<bool> {
        let budget = match &body.budget {
            Some(budget) => Arc::clone(budget),
            None => Arc::new(Budget::new(self.options.limits, body.bytes.len())),
        };
        let work = match kind {
            #[cfg(feature = "archive")]
            Sort::Gzip | Sort::Zstd | Sort::Xz | Sort::Bzip2 => {
                let (name, entry) = packed::names(&body.origin);
                let reader = packed::unpack(kind, budget.counted(body.bytes.reader()))?;
                Work::Body(Body {
                    origin: Origin {
                        entry,
                        ..body.origin
                    },
                    bytes: Bytes::Stream(Box::new(budget.limited(reader, name))),
                    depth: body.depth + 1,
                    budget: Some(budget),
                })
            }
            #[cfg(feature = "archive")]
            Sort::Tar => Work::Entries(Box::new(tar::Entries::new(body, budget))),
            #[cfg(feature = "archive")]
            Sort::Zip | Sort::SevenZip => {
                let (store, origin, depth) = (Store::of(body.bytes)?, body.origin, body.depth);
                Work::Entries(if kind == Sort::Zip {
                    Box::new(zip::Entries::open(store, origin, depth, budget))
                } else {
                    Box::new(seven::Entries::open(store, origin, depth, budget)?)
                })
            }
            #[cfg(feature = "xlsx")]
            Sort::Book => {
                let store = Store::of(body.bytes)?;
                let sheets = Sheets::open(&store, body.origin.clone(), &budget);
                // What broke off or takes too much memory is read piece by piece, as text with tags.
                #[cfg(feature = "archive")]
                {
                    let open = match &sheets {
                        Ok(_) => zip::Entries::beside_sheets,
                        Err(error) if may_be_read_in_pieces(error) => zip::Entries::open,
                        Err(_) => return sheets.map(|_| false),
                    };
                    let entries = open(store, body.origin, body.depth, budget);
                    self.stack.push(Work::Entries(Box::new(entries)));
                }
                Work::Book(sheets?)
            }
            #[cfg(feature = "xlsx")]
            Sort::Compound => {
                let store = Store::of(body.bytes)?;
                match compound::content(&store, &body.origin)? {
                    compound::Content::Book => {
                        Work::Book(Sheets::open(&store, body.origin, &budget)?)
                    }
                    compound::Content::Other => Work::Ready(if self.options.binary {
                        self.options.unit(body.origin, Box::new(store))
                    } else {
                        unread(body.origin, binary())
                    }),
                }
            }
            _ => return Ok(false),
        };
        self.stack.push(work);
        Ok(true)
    }
}

fn binary() -> Warning {
    Warning::note("input.binary", "not text; left out")
}

#[cfg(all(feature = "archive", feature = "xlsx"))]
fn may_be_read_in_pieces(error: &io::Error) -> bool {
    matches!(
        &*Warning::from_io(error).code,
        "input.damaged" | "archive.limit"
    )
}

fn unsupported(kind: Sort) -> Warning {
    let what = match kind {
        Sort::Rar => "rar archives are not read",
        Sort::Book | Sort::Compound => "this build reads no workbooks (feature xlsx)",
        _ => "this build reads no archives (feature archive)",
    };
    Warning::loss("archive.unsupported", what)
}

impl Bytes {
    /// The first bytes; they are still there afterwards.
    ///
    /// Of a file that begins with zeros, those behind them: a log that was cut at its start while a program went on writing to it has
    /// a hole there.
    fn head(&mut self) -> io::Result<Vec<u8>> {
        let mut head = Vec::with_capacity(HEAD);
        match self {
            Bytes::File(file) => {
                file.take(HEAD as u64).read_to_end(&mut head)?;
                if head.len() == HEAD && head.iter().all(|b| *b == 0) {
                    let behind = behind_zeros(file)?;
                    if !behind.is_empty() && sort(&behind, "") == Sort::Text {
                        head = behind;
                    }
                }
                file.rewind()?;
            }
            Bytes::Stream(reader) => {
                // What came before an error is worth reading; the error comes again behind it.
                let failed = reader.take(HEAD as u64).read_to_end(&mut head).err();
                if let Some(error) = failed {
                    if head.is_empty() {
                        return Err(error);
                    }
                    *reader = Box::new(Broken(Some(error)));
                }
                let rest = std::mem::replace(reader, Box::new(io::empty()));
                *reader = Box::new(Cursor::new(head.clone()).chain(rest));
            }
        }
        Ok(head)
    }

    pub(super) fn reader(self) -> Reader {
        match self {
            Bytes::File(file) => snapshot(file),
            Bytes::Stream(reader) => reader,
        }
    }

    /// Length in bytes, if known.
    #[cfg(any(feature = "archive", feature = "xlsx"))]
    fn len(&self) -> Option<u64> {
        match self {
            Bytes::File(file) => file.metadata().ok().map(|m| m.len()),
            Bytes::Stream(_) => None,
        }
    }
}

/// Whether lines end with a carriage return alone.
fn has_old_line_ends(head: &[u8], encoding: Option<Encoding>) -> bool {
    memchr::memchr(b'\n', head).is_none()
        && memchr::memchr_iter(b'\r', head).count() > 1
        && encoding
            .unwrap_or_else(|| guess(head).encoding)
            .is_ascii_cuttable()
}

/// Lines that end as those of old Macintosh systems did, with the usual end instead: one byte for the other, so that every place
/// stays what it is.
struct LineEnds(Reader);

impl Read for LineEnds {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(buf)?;
        for byte in buf[..n].iter_mut().filter(|b| **b == b'\r') {
            *byte = b'\n';
        }
        Ok(n)
    }
}

/// The first bytes of a file behind the zeros that stand next in it.
fn behind_zeros(file: &mut File) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    loop {
        head.clear();
        file.take(HEAD as u64).read_to_end(&mut head)?;
        match head.iter().position(|b| *b != 0) {
            None if head.len() == HEAD => {}
            None => return Ok(Vec::new()),
            Some(zeros) => {
                head.drain(..zeros);
                file.take(zeros as u64).read_to_end(&mut head)?;
                return Ok(head);
            }
        }
    }
}

/// Fails once.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
