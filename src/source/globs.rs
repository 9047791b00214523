//! Patterns of paths: which files to read, and which to leave out.

use std::path::{Component, Path, PathBuf};

use ignore::WalkBuilder;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::overrides::OverrideBuilder;

use crate::error::{Error, Result};

/// Rules of what to leave out of directories, as in a `.gitignore` file: `*.log`, `/tmp/`, `!keep.log`.
///
/// Paths are taken from the directory that is walked; files that are named by themselves are never left out.
///
/// ```
/// use std::path::Path;
/// use miandan::source::Ignore;
/// let ignore = Ignore::new(["*.log", "!keep.log"])?;
/// assert!(ignore.leaves_out(Path::new("a/b.log"), false));
/// assert!(!ignore.leaves_out(Path::new("a/keep.log"), false));
/// # Ok::<(), miandan::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ignore {
    rules: Gitignore,
}

impl Default for Ignore {
    fn default() -> Ignore {
        Ignore {
            rules: Gitignore::empty(),
        }
    }
}

impl Ignore {
    /// Rules, one a line; a later one has the last word.
    ///
    /// # Errors
    /// [`Error::Config`] for a rule that is no pattern.
    pub fn new<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> Result<Ignore> {
        let mut builder = GitignoreBuilder::new("");
        for line in lines {
            let added = builder.add_line(None, line.as_ref());
            added.map_err(|e| Error::config(e.to_string()))?;
        }
        let rules = builder.build();
        let rules = rules.map_err(|e| Error::config(e.to_string()))?;
        Ok(Ignore { rules })
    }

    /// Whether the rules leave out a path inside the directory that is walked.
    pub fn leaves_out(&self, path: &Path, is_dir: bool) -> bool {
        self.rules.matched(path, is_dir).is_ignore()
    }
}

/// The paths that a pattern stands for, in order; `None` if it is none, an explanation if it matches nothing.
pub(super) fn expand(pattern: &Path) -> Option<std::result::Result<Vec<PathBuf>, String>> {
    let is_pattern = |c: &Component<'_>| {
        c.as_os_str()
            .to_str()
            .is_some_and(|text| text.contains(['*', '?', '[', '{']))
    };
    let fixed = pattern.components().take_while(|c| !is_pattern(c)).count();
    let base: PathBuf = pattern.components().take(fixed).collect();
    let rest: PathBuf = pattern.components().skip(fixed).collect();
    if rest.as_os_str().is_empty() {
        return None;
    }
    let base = if fixed == 0 { PathBuf::from(".") } else { base };
    Some(match matches(&base, &rest.to_string_lossy()) {
        Ok(found) if found.is_empty() => Err("no path matches the pattern".to_owned()),
        Ok(found) => Ok(found),
        Err(error) => Err(error.to_string()),
    })
}

fn matches(base: &Path, rest: &str) -> std::result::Result<Vec<PathBuf>, ignore::Error> {
    let mut pattern = OverrideBuilder::new(base);
    pattern.add(&format!("/{rest}"))?;
    let pattern = pattern.build()?;
    let mut walk = WalkBuilder::new(base);
    walk.standard_filters(false).sort_by_file_path(Path::cmp);
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in walk.build().skip(1).flatten() {
        let path = entry.path();
        let is_dir = entry.file_type().is_some_and(|t| t.is_dir());
        // A directory that matches is read with all that is in it.
        let inside = found.last().is_some_and(|last| path.starts_with(last));
        if !inside && pattern.matched(path, is_dir).is_whitelist() {
            found.push(path.strip_prefix("./").unwrap_or(path).to_owned());
        }
    }
    Ok(found)
}
