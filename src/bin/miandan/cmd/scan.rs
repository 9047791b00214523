//! `miandan scan`.

use std::process::ExitCode;

use miandan::Result;

use crate::args::ScanArgs;
use crate::exit;

pub(crate) fn run(args: &ScanArgs) -> Result<ExitCode> {
    let _ = args;
    Ok(exit::READ)
}
