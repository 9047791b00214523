//! `miandan schema`, `completions` and `man`: what the program says about itself.

use std::process::ExitCode;

use clap::CommandFactory as _;
use miandan::{Error, Result, output};

use super::{output_error, print_out};
use crate::args::{Args, CompletionsArgs, ManArgs};
use crate::exit;

/// Prints the JSON Schema of the lines of `scan`.
pub(crate) fn schema() -> Result<ExitCode> {
    print(output::SCHEMA.as_bytes())
}

/// Prints a completion script.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "miandan", &mut script);
    print(&script)
}

/// Prints the manual page, or writes one for each command into a directory.
pub(crate) fn man(args: &ManArgs) -> Result<ExitCode> {
    if let Some(dir) = &args.dir {
        std::fs::create_dir_all(dir)
            .and_then(|()| clap_mangen::generate_to(Args::command(), dir))
            .map_err(|e| Error::io(dir, e))?;
        return Ok(exit::READ);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command())
        .render(&mut page)
        .map_err(output_error)?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<ExitCode> {
    print_out(bytes)?;
    Ok(exit::READ)
}
