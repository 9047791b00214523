//! Paths: files, directories with all that is in them, patterns, lists.

use std::fs::{self, File};
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::walk::{Bytes, Walk, Work};
use super::{Reader, unread};
use crate::scan::fault::Fault;
use crate::scan::{Origin, Sourced, Warning};

/// A path that is to be opened.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) path: PathBuf,
    /// The directory, named by the caller, that it was found in; `None` for what the caller named.
    pub(super) root: Option<Arc<Path>>,
}

impl Target {
    pub(super) const fn named(path: PathBuf) -> Target {
        Target { path, root: None }
    }
}

/// Reads a list of paths: one a line, or, where the list holds a zero byte, one before each of these (`find -print0`).
///
/// ```
/// use std::path::Path;
/// let paths = miandan::source::paths_from(&b"a.csv\nb 2.csv\n"[..]).unwrap();
/// assert_eq!(paths, [Path::new("a.csv"), Path::new("b 2.csv")]);
/// ```
///
/// # Errors
/// When the list cannot be read.
pub fn paths_from(mut list: impl BufRead) -> io::Result<Vec<PathBuf>> {
    let mut bytes = Vec::new();
    list.read_to_end(&mut bytes)?;
    let zeros = bytes.contains(&0);
    let paths = bytes.split(|b| *b == if zeros { 0 } else { b'\n' });
    let trimmed = paths.map(|p| match p {
        [path @ .., b'\r'] if !zeros => path,
        path => path,
    });
    Ok(trimmed.filter(|p| !p.is_empty()).map(path_of).collect())
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

impl Walk {
    /// Opens a path.
    pub(super) fn enter(&mut self, target: &Target) -> Option<Sourced> {
        let (path, named) = (&target.path, target.root.is_none());
        let origin = Origin::path(path.display().to_string());
        if named && path.as_os_str() == "-" {
            self.push(origin, Bytes::Stream(Box::new(io::stdin())));
            return None;
        }
        let opened = fs::metadata(path).and_then(|meta| {
            if self.leaves_out(target, meta.is_dir()) {
                return Ok(None);
            }
            if meta.is_dir() {
                return Ok(self.list(target));
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
        match opened {
            Ok(found) => found,
            #[cfg(feature = "globs")]
            Err(error) if named && error.kind() == io::ErrorKind::NotFound => {
                match super::globs::expand(path) {
                    None => Some(unread(origin, dangling(path, &error))),
                    Some(Err(what)) => Some(unread(origin, Warning::loss("walk.pattern", what))),
                    Some(Ok(paths)) => {
                        let paths = paths.into_iter().rev().map(Target::named);
                        self.stack.extend(paths.map(Work::Path));
                        None
                    }
                }
            }
            Err(_) if self.leaves_out(target, false) => None,
            Err(error) => Some(unread(origin, dangling(path, &error))),
        }
    }

    /// Whether the rules leave a path out that was met on the way.
    #[cfg_attr(
        not(feature = "globs"),
        allow(clippy::unused_self, reason = "there are no rules")
    )]
    fn leaves_out(&self, target: &Target, is_dir: bool) -> bool {
        #[cfg(feature = "globs")]
        if let Some(root) = &target.root {
            let inner = target.path.strip_prefix(root).unwrap_or(&target.path);
            return self.options.ignore.leaves_out(inner, is_dir);
        }
        let _ = (target, is_dir);
        false
    }

    /// Puts what is in a directory on the stack.
    fn list(&mut self, target: &Target) -> Option<Sourced> {
        let path = &target.path;
        let origin = Origin::path(path.display().to_string());
        let root = target.root.clone().unwrap_or_else(|| path.as_path().into());
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
                        let warning = Warning::from_io(&error);
                        self.stack
                            .push(Work::Ready(unread(origin.clone(), warning)));
                        break;
                    }
                }
            }
            found.sort_unstable();
            self.stack.extend(found.into_iter().rev().map(|path| {
                let root = Some(Arc::clone(&root));
                Work::Path(Target { path, root })
            }));
            Ok(None)
        });
        listed.unwrap_or_else(|error| Some(unread(origin, Warning::from_io(&error))))
    }
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

/// A reader of a file as long as it is now: what others append is left out, and a file that they cut short is told to be.
pub(super) fn snapshot(file: File) -> Reader {
    match file.metadata() {
        // Files that the system makes up as they are read have no length.
        Ok(meta) if meta.is_file() && meta.len() > 0 => Box::new(Snapshot {
            left: meta.len(),
            file,
        }),
        _ => Box::new(file),
    }
}

struct Snapshot<R> {
    file: R,
    left: u64,
}

impl<R: Read> Read for Snapshot<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = (&mut self.file).take(self.left).read(buf)?;
        self.left -= n as u64;
        if n == 0 && self.left > 0 && !buf.is_empty() {
            let left = std::mem::take(&mut self.left);
            let what = format!("the file became {left} bytes shorter while it was read");
            return Err(Fault::error("input.truncated", what));
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hold_lines_or_zeros() {
        let list = |bytes: &[u8]| paths_from(bytes).expect("a list");
        assert_eq!(list(b"a\r\n\nb c\n"), [Path::new("a"), Path::new("b c")]);
        assert_eq!(list(b"a\nb\0c\0"), [Path::new("a\nb"), Path::new("c")]);
        assert!(list(b"").is_empty());
    }

    #[test]
    fn a_snapshot_neither_grows_nor_hides_what_is_gone() {
        let read = |bytes: &[u8], left| {
            let mut out = Vec::new();
            let result = Snapshot { file: bytes, left }.read_to_end(&mut out);
            (out, result.map_err(|e| Warning::from_io(&e).code))
        };
        assert_eq!(read(b"abcd", 3), (b"abc".to_vec(), Ok(3)));
        let (out, result) = read(b"abcd", 6);
        assert_eq!(
            (out, result),
            (b"abcd".to_vec(), Err("input.truncated".into()))
        );
    }
}
