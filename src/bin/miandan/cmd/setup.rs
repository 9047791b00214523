//! The settings that hold for a command: the file, then environment variables, then flags.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use miandan::config::{Config, Names, Ratio};
use miandan::{Error, Result, Scanner};
use serde::de::DeserializeOwned;

use super::{KEY_VARIABLE, key, kinds, print_out};
use crate::args::{self, ConfigArgs, DetectArgs};
use crate::exit;

/// The settings file that is read when none is named.
const FILE: &str = "miandan.toml";

/// The settings that hold.
pub(crate) fn config(args: &DetectArgs) -> Result<Config> {
    let mut config = match file(args) {
        Some(path) => Config::read(&path)?,
        None => Config::default(),
    };
    if !args.kinds.is_empty() {
        config.kinds = kinds(&args.kinds)?;
    }
    if let Some(names) = args.names {
        config.names = match names {
            args::Names::Everywhere => Names::Everywhere,
            args::Names::Near => Names::Near,
        };
    }
    if let Some(path) = &args.public_figures {
        config.public_figures = Some(path.clone());
    }
    if let Some(p) = args.min_confidence {
        config.min_confidence = Ratio::new(p).ok_or_else(|| {
            Error::config(format!(
                "--min-confidence is {p}; it must be a number from 0 to 1"
            ))
        })?;
    }
    Ok(config)
}

/// The scanner of these settings.
pub(crate) fn scanner_of(config: &Config, args: &DetectArgs) -> Result<Scanner> {
    // Most settings need no key; those that do say so.
    let given = args.allow_key.is_some() || std::env::var_os(KEY_VARIABLE).is_some();
    let key = given.then(|| key(args.allow_key.as_deref())).transpose()?;
    config.builder(key.as_ref())?.build()
}

/// The scanner of the settings that hold.
pub(crate) fn scanner(args: &DetectArgs) -> Result<Scanner> {
    scanner_of(&config(args)?, args)
}

fn file(args: &DetectArgs) -> Option<PathBuf> {
    match &args.config {
        Some(path) => Some(path.clone()),
        None if args.no_config => None,
        None => Some(PathBuf::from(FILE)).filter(|path| Path::exists(path)),
    }
}

/// What a TOML file of one command says: a policy, thresholds.
pub(crate) fn toml_file<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
    toml::from_str(&text)
        .map_err(|e| Error::config(format!("{}: {}", path.display(), e.to_string().trim_end())))
}

/// `miandan config`: prints the settings that hold.
pub(crate) fn print(args: &ConfigArgs) -> Result<ExitCode> {
    let from = file(&args.detect).map_or_else(
        || "no settings file".to_owned(),
        |path| format!("settings file: {}", path.display()),
    );
    let text = config(&args.detect)?.to_toml()?;
    print_out(format!("# {from}\n{text}").as_bytes())?;
    Ok(exit::READ)
}
