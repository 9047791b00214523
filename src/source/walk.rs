//! Walks over paths, directories and what is packed in files.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
#[cfg(any(feature = "archive", feature = "xlsx"))]
use std::sync::Arc;

use super::sort::{HEAD, Sort, sort};
use super::{Options, Reader, unread};
use crate::scan::{Origin, Sourced, Warning};

#[cfg(feature = "xlsx")]
use super::book::Sheets;
#[cfg(any(feature = "archive", feature = "xlsx"))]
use super::{limit::Budget, store::Store};
#[cfg(feature = "archive")]
use super::{packed, tar, zip};

/// Opens `paths` one after the other: files, directories with all that is in them (sorted by name, links followed, no
/// ignore rules), `-` for standard input; archives and workbooks with the features `archive` and `xlsx`.
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
        .map(|path| Work::Path(path.into(), true))
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
    options: Options,
    /// What is still to do, last first.
    stack: Vec<Work>,
    /// Real paths of the directories entered.
    directories: HashSet<PathBuf>,
}

/// One thing to do.
enum Work {
    /// A path, and whether it was named by the caller.
    Path(PathBuf, bool),
    Body(Body),
    Ready(Sourced),
    #[cfg(feature = "archive")]
    Zip(zip::Entries),
    #[cfg(feature = "archive")]
    Tar(tar::Entries),
    #[cfg(feature = "xlsx")]
    Book(Sheets),
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Work::Path(path, _) => f.debug_tuple("Path").field(path).finish(),
            Work::Ready(sourced) => f.debug_tuple("Ready").field(sourced).finish(),
            _ => f.write_str("Opened"),
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
                Work::Path(path, named) => self.enter(&path, named),
                Work::Body(body) => self.open(body),
                Work::Ready(sourced) => Some(sourced),
                #[cfg(feature = "archive")]
                Work::Zip(mut entries) => entries.next().and_then(|entry| {
                    self.stack.push(Work::Zip(entries));
                    self.entry(entry)
                }),
                #[cfg(feature = "archive")]
                Work::Tar(mut entries) => entries.next().and_then(|entry| {
                    self.stack.push(Work::Tar(entries));
                    self.entry(entry)
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
    #[cfg(feature = "archive")]
    fn entry(&mut self, entry: Result<Body, Sourced>) -> Option<Sourced> {
        match entry {
            Ok(body) => {
                self.stack.push(Work::Body(body));
                None
            }
            Err(unread) => Some(unread),
        }
    }

    /// Opens a path.
    fn enter(&mut self, path: &Path, named: bool) -> Option<Sourced> {
        let origin = Origin::path(path.display().to_string());
        if named && path.as_os_str() == "-" {
            self.push(origin, Bytes::Stream(Box::new(io::stdin())));
            return None;
        }
        let opened = fs::metadata(path).and_then(|meta| {
            if meta.is_dir() {
                return Ok(self.list(path));
            }
            if self.options.skip.skips(path) {
                return Ok(None);
            }
            // A pipe that the caller names is read; one met on the way would wait for ever.
            if !meta.is_file() && !named {
                let warning = Warning::note("walk.special", "neither a file nor a directory");
                return Ok(Some(unread(origin.clone(), warning)));
            }
            let file = File::open(path)?;
            let bytes = if meta.is_file() {
                Bytes::File(file)
            } else {
                Bytes::Stream(Box::new(file))
            };
            self.push(origin.clone(), bytes);
            Ok(None)
        });
        opened.unwrap_or_else(|error| Some(unread(origin, dangling(path, &error))))
    }

    fn push(&mut self, origin: Origin, bytes: Bytes) {
        self.stack.push(Work::Body(Body {
            origin,
            bytes,
            depth: 0,
            #[cfg(any(feature = "archive", feature = "xlsx"))]
            budget: None,
        }));
    }

    /// Puts what is in a directory on the stack.
    fn list(&mut self, path: &Path) -> Option<Sourced> {
        let origin = Origin::path(path.display().to_string());
        let listed = fs::canonicalize(path).and_then(|real| {
            if !self.directories.insert(real.clone()) {
                let parent = path.parent().and_then(|p| fs::canonicalize(p).ok());
                let warning = if parent.is_some_and(|p| p.starts_with(&real)) {
                    Warning::note("walk.loop", "a link to a directory around it")
                } else {
                    Warning::note("walk.repeated", "a directory that was already read")
                };
                return Ok(Some(unread(origin.clone(), warning)));
            }
            let mut found = Vec::new();
            for entry in fs::read_dir(path)? {
                match entry {
                    Ok(entry) => found.push(entry.path()),
                    Err(error) => {
                        self.stack.push(Work::Ready(unread(
                            origin.clone(),
                            Warning::from_io(&error),
                        )));
                        break;
                    }
                }
            }
            found.sort_unstable();
            self.stack
                .extend(found.into_iter().rev().map(|path| Work::Path(path, false)));
            Ok(None)
        });
        listed.unwrap_or_else(|error| Some(unread(origin, Warning::from_io(&error))))
    }

    /// Looks at the first bytes and decides what to do with the rest.
    fn open(&mut self, mut body: Body) -> Option<Sourced> {
        let head = match body.bytes.head() {
            Ok(head) => head,
            Err(error) => return Some(unread(body.origin, Warning::from_io(&error))),
        };
        let name = body.origin.entry.as_deref().unwrap_or(&body.origin.path);
        match sort(&head, name) {
            Sort::Text => Some(self.text(body)),
            Sort::Binary if self.options.binary => Some(self.text(body)),
            Sort::Binary => {
                let warning = Warning::note("input.binary", "not text; left out");
                Some(unread(body.origin, warning))
            }
            packed => self.unpack(body, packed),
        }
    }

    fn text(&self, body: Body) -> Sourced {
        self.options.unit(body.origin, body.bytes.reader())
    }

    /// Opens an archive, a packed file or a workbook.
    fn unpack(&mut self, body: Body, kind: Sort) -> Option<Sourced> {
        if body.depth >= self.options.limits.depth {
            let what = format!("archives nested deeper than {}", self.options.limits.depth);
            return Some(unread(body.origin, Warning::loss("archive.limit", what)));
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
            Sort::Tar => Work::Tar(tar::Entries::new(body, budget)),
            #[cfg(feature = "archive")]
            Sort::Zip => {
                let (store, origin, depth) = (Store::of(body.bytes)?, body.origin, body.depth);
                Work::Zip(zip::Entries::open(store, origin, depth, budget)?)
            }
            #[cfg(feature = "xlsx")]
            Sort::Book => Work::Book(Sheets::open(&Store::of(body.bytes)?, body.origin, &budget)?),
            _ => return Ok(false),
        };
        self.stack.push(work);
        Ok(true)
    }
}

fn unsupported(kind: Sort) -> Warning {
    let what = match kind {
        Sort::SevenZip => "7z archives are not read",
        Sort::Rar => "rar archives are not read",
        Sort::Book => "this build reads no workbooks (feature xlsx)",
        _ => "this build reads no archives (feature archive)",
    };
    Warning::loss("archive.unsupported", what)
}

/// What to say of a path that cannot be opened: a link to nothing, or to itself, is said to be one.
fn dangling(path: &Path, error: &io::Error) -> Warning {
    let is_link = fs::symlink_metadata(path).is_ok_and(|m| m.file_type().is_symlink());
    match error.kind() {
        io::ErrorKind::NotFound if is_link => Warning::loss("io.not-found", "a link to nothing"),
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => Warning::from_io(error),
        _ if is_link => Warning::loss("walk.loop", "a link that leads to itself"),
        _ => Warning::from_io(error),
    }
}

impl Bytes {
    /// The first bytes; they are still there afterwards.
    fn head(&mut self) -> io::Result<Vec<u8>> {
        let mut head = Vec::with_capacity(HEAD);
        match self {
            Bytes::File(file) => {
                file.take(HEAD as u64).read_to_end(&mut head)?;
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
            Bytes::File(file) => Box::new(file),
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

/// Fails once.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
