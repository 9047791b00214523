//! The `miandan` program: finds leaked personal data of Chinese customers. No logic here that the library lacks.

mod args;
mod cmd;

use std::process::ExitCode;

use clap::Parser as _;

/// Ends of the program, as told in `--help`.
pub(crate) mod exit {
    use std::process::ExitCode;

    /// Everything was read.
    pub(crate) const READ: ExitCode = ExitCode::SUCCESS;

    /// Something was found, and that was asked for with `--fail-on-findings`.
    pub(crate) fn found() -> ExitCode {
        ExitCode::from(1)
    }

    /// Wrong usage, or some input could not be read.
    pub(crate) fn trouble() -> ExitCode {
        ExitCode::from(2)
    }
}

fn main() -> ExitCode {
    let args = args::Args::parse();
    let outcome = match args.command {
        args::Command::Scan(args) => cmd::scan::run(&args),
        args::Command::Filter(args) => cmd::filter::run(&args),
        args::Command::Eval(args) => cmd::eval::run(&args),
        args::Command::Rules(args) => cmd::rules::run(&args),
        args::Command::Report(args) => cmd::report::run(&args),
        args::Command::Redact(args) => cmd::redact::run(&args),
        args::Command::Parse(args) => cmd::parse::run(&args),
        args::Command::Assess(args) => cmd::assess::run(&args),
        args::Command::Fingerprint(args) => cmd::leak::fingerprint(&args),
        args::Command::Match(args) => cmd::leak::compare(&args),
        args::Command::Config(args) => cmd::setup::print(&args),
        args::Command::Allow(args) => cmd::allow::run(&args),
        args::Command::Schema => cmd::about::schema(),
        args::Command::Completions(args) => cmd::about::completions(&args),
        args::Command::Man(args) => cmd::about::man(&args),
    };
    outcome.unwrap_or_else(|error| {
        // A reader that has seen enough (`| head`) is no error.
        if is_closed_pipe(&error) {
            return exit::READ;
        }
        anstream::eprintln!("miandan: {error}");
        exit::trouble()
    })
}

fn is_closed_pipe(error: &miandan::Error) -> bool {
    matches!(error, miandan::Error::Io { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe)
}
