//! Where results go: standard output, or files that appear under their name only when they are whole.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, IsTerminal, Seek, SeekFrom, Stdout, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use miandan::output::OutputFormat;
use miandan::{Error, Result};

/// One `--output`: a form and a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// `None` where no prefix says.
    pub(crate) format: Option<OutputFormat>,
    /// `None` = standard output.
    pub(crate) path: Option<PathBuf>,
}

/// Reads `[FORMAT=]FILE`; `-` is standard output.
pub(crate) fn wanted(text: &str) -> Wanted {
    let named = text
        .split_once('=')
        .and_then(|(name, file)| Some((format_of(name)?, file)));
    let (format, file) = match named {
        Some((format, file)) => (Some(format), file),
        None => (None, text),
    };
    Wanted {
        format,
        path: (file != "-").then(|| PathBuf::from(file)),
    }
}

fn format_of(name: &str) -> Option<OutputFormat> {
    Some(match name {
        "human" => OutputFormat::Human,
        "jsonl" => OutputFormat::JsonLines,
        "csv" => OutputFormat::Csv,
        "sarif" => OutputFormat::Sarif,
        _ => return None,
    })
}

/// The format that a file's ending stands for.
pub(crate) fn by_ending(file: &Path) -> Option<OutputFormat> {
    let ending = file.extension()?.to_str()?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "jsonl" | "ndjson" => OutputFormat::JsonLines,
        "csv" => OutputFormat::Csv,
        "sarif" => OutputFormat::Sarif,
        "txt" => OutputFormat::Human,
        _ => return None,
    })
}

/// Where one output goes.
#[derive(Debug)]
pub(crate) enum Target {
    Stdout(BufWriter<Stdout>),
    File(Part),
}

/// A file that is written beside its place and moved there when it is whole.
#[derive(Debug)]
pub(crate) struct Part {
    path: PathBuf,
    /// Where it is written meanwhile; `None` for devices and pipes, which are written straight.
    part: Option<PathBuf>,
    file: File,
    /// Bytes written.
    len: Arc<AtomicU64>,
}

impl Target {
    /// Opens standard output.
    pub(crate) fn stdout() -> Target {
        let stdout = std::io::stdout();
        widen_pipe(&stdout);
        Target::Stdout(BufWriter::new(stdout))
    }

    /// Opens a file for writing.
    pub(crate) fn file(path: &Path) -> Result<Target> {
        let special = fs::metadata(path).is_ok_and(|meta| !meta.is_file());
        let part = (!special).then(|| beside(path, "part"));
        let opened = part.as_deref().unwrap_or(path);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(!special)
            .open(opened)
            .map_err(|e| Error::io(opened, e))?;
        Ok(Target::File(Part {
            path: path.to_owned(),
            part,
            file,
            len: Arc::default(),
        }))
    }

    /// Opens the file that an interrupted scan left and goes on behind its first `len` bytes.
    pub(crate) fn resume(path: &Path, len: u64) -> Result<Target> {
        let part = beside(path, "part");
        let failed = |e| Error::io(&part, e);
        let mut file = OpenOptions::new().write(true).open(&part).map_err(failed)?;
        if file.metadata().map_err(failed)?.len() < len {
            return Err(Error::config(format!(
                "{} is shorter than its journal says; start over without --resume",
                part.display()
            )));
        }
        file.set_len(len)
            .and_then(|()| file.seek(SeekFrom::Start(len)))
            .map_err(failed)?;
        Ok(Target::File(Part {
            path: path.to_owned(),
            part: Some(part),
            file,
            len: Arc::new(AtomicU64::new(len)),
        }))
    }

    /// Bytes written, as long as the target lives; `None` where that is not known.
    pub(crate) fn length(&self) -> Option<Arc<AtomicU64>> {
        match self {
            Target::File(Part {
                part: Some(_), len, ..
            }) => Some(Arc::clone(len)),
            _ => None,
        }
    }

    /// Whether a person reads along.
    pub(crate) fn is_terminal(&self) -> bool {
        match self {
            Target::Stdout(out) => out.get_ref().is_terminal(),
            Target::File(_) => false,
        }
    }

    /// The files it writes: the one that is wanted, and the one that is written meanwhile.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        let file = match self {
            Target::Stdout(_) => None,
            Target::File(part) => Some(part),
        };
        let meanwhile = file.and_then(|part| part.part.as_deref());
        file.map(|part| part.path.as_path())
            .into_iter()
            .chain(meanwhile)
    }

    /// Gives the file its name.
    pub(crate) fn commit(self) -> Result<()> {
        match self {
            Target::Stdout(_) | Target::File(Part { part: None, .. }) => Ok(()),
            Target::File(Part {
                path,
                part: Some(part),
                file,
                ..
            }) => {
                file.sync_all().map_err(|e| Error::io(&part, e))?;
                fs::rename(&part, &path).map_err(|e| Error::io(&path, e))
            }
        }
    }

    /// The file that holds what was written so far.
    pub(crate) fn part(&self) -> Option<&Path> {
        match self {
            Target::Stdout(_) => None,
            Target::File(file) => file.part.as_deref(),
        }
    }
}

/// Lets a pipe to the next program hold a megabyte where the system allows it: with the usual 64 KB, the two programs wake each
/// other fifty times for every page.
#[cfg(target_os = "linux")]
fn widen_pipe(stdout: &Stdout) {
    // Fails where standard output is no pipe.
    let _ = rustix::pipe::fcntl_setpipe_size(stdout, 1 << 20);
}

#[cfg(not(target_os = "linux"))]
const fn widen_pipe(_: &Stdout) {}

/// The name of a file that belongs to `path` and stands beside it.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

impl Write for Target {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        match self {
            Target::Stdout(out) => out.write(buf),
            Target::File(part) => {
                let n = part.file.write(buf)?;
                part.len.fetch_add(n as u64, Ordering::Relaxed);
                Ok(n)
            }
        }
    }

    /// A file never ends in half a line: pages come in one piece each, of which whole lines stay when the disk is full.
    fn write_all(&mut self, buf: &[u8]) -> std::io::Result<()> {
        match self {
            Target::Stdout(out) => out.write_all(buf),
            Target::File(part) => {
                let written = part.file.write_all(buf);
                if written.is_ok() {
                    part.len.fetch_add(buf.len() as u64, Ordering::Relaxed);
                } else if part.part.is_some() {
                    part.keep_lines(buf);
                }
                written.map_err(|error| {
                    let path = part.part.as_ref().unwrap_or(&part.path).clone();
                    std::io::Error::new(error.kind(), AtFile(path, error))
                })
            }
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Target::Stdout(out) => out.flush(),
            Target::File(part) => part.file.flush(),
        }
    }
}

impl Part {
    /// Of a block that could not be written as a whole, keeps the whole lines. If that fails as well, the first error says enough.
    fn keep_lines(&mut self, block: &[u8]) {
        let before = self.len.load(Ordering::Relaxed);
        let at = self.file.stream_position().unwrap_or(before);
        let written = at.saturating_sub(before).min(block.len() as u64) as usize;
        let lines = memchr::memrchr(b'\n', &block[..written]).map_or(0, |i| i as u64 + 1);
        let len = before + lines;
        if self.file.set_len(len).is_ok() && self.file.seek(SeekFrom::Start(len)).is_ok() {
            self.len.store(len, Ordering::Relaxed);
        }
    }
}

/// An error of one output among several.
#[derive(Debug)]
struct AtFile(PathBuf, std::io::Error);

impl std::fmt::Display for AtFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.0.display(), self.1)
    }
}

impl std::error::Error for AtFile {}

/// The error with the file that it concerns: writers know no files.
pub(crate) fn with_file(error: Error) -> Error {
    match error {
        Error::Io { path, source } => match source.downcast::<AtFile>() {
            Ok(AtFile(path, source)) => Error::io(path, source),
            Err(source) => Error::io(path, source),
        },
        error => error,
    }
}

/// Refuses outputs that would overwrite an input or one another.
pub(crate) fn check(wanted: &[Wanted], inputs: &[PathBuf]) -> Result<()> {
    let inputs: HashSet<PathBuf> = inputs
        .iter()
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    let mut seen = HashSet::new();
    for path in wanted.iter().map(|w| w.path.as_deref()) {
        if !seen.insert(path) {
            let name = path.unwrap_or(Path::new("-")).display();
            return Err(Error::config(format!("{name} is named as output twice")));
        }
        let Some(path) = path else { continue };
        if path.canonicalize().is_ok_and(|real| inputs.contains(&real)) {
            return Err(Error::config(format!(
                "{} is an input; the output would overwrite it",
                path.display()
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_come_from_the_prefix_or_the_ending() {
        let read = |text: &str| (wanted(text).format, wanted(text).path);
        let path = |text: &str| Some(PathBuf::from(text));
        assert_eq!(
            read("sarif=a.json"),
            (Some(OutputFormat::Sarif), path("a.json"))
        );
        assert_eq!(read("human=-"), (Some(OutputFormat::Human), None));
        assert_eq!(read("a=b.CSV"), (None, path("a=b.CSV")));
        assert_eq!(by_ending(Path::new("a=b.CSV")), Some(OutputFormat::Csv));
        assert_eq!(read("findings"), (None, path("findings")));
    }

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("out.jsonl");
        let mut target = Target::file(&path).expect("opened");
        target.write_all(b"{}\n").expect("written");
        assert!(!path.exists() && target.part().is_some_and(Path::exists));
        target.commit().expect("moved");
        assert_eq!(fs::read(&path).expect("there"), b"{}\n");
        assert!(!beside(&path, "part").exists());
    }

    #[test]
    fn two_outputs_never_share_a_place() {
        let outputs = ["jsonl=-", "csv=-"].map(wanted);
        assert!(check(&outputs, &[]).is_err());
        let outputs = ["a.csv", "b.csv"].map(wanted);
        assert!(check(&outputs, &[]).is_ok());
    }
}
