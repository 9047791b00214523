//! `miandan allow`: lines of an allow-list that do not tell what they allow.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::process::ExitCode;

use miandan::config::{Allowed, Config};
use miandan::leak::Fingerprinter;
use miandan::{Kind, PageReport, Result, Scanner, Sink};

use super::input::sources;
use super::progress::Progress;
use super::{key, print_out};
use crate::args::AllowArgs;
use crate::exit;

pub(crate) fn run(args: &AllowArgs) -> Result<ExitCode> {
    let key = key(args.key_file.as_deref())?;
    let scanner = Scanner::new()?;
    let mut sinks = (Values::default(), Progress::new(true, false));
    let totals = scanner.par_scan(sources(&args.input)?, &mut sinks)?;
    let fingerprinter = Fingerprinter::new(&key);
    let lines = sinks.0.0.iter();
    let lines = lines.map(|(kind, value)| Allowed::hashed(*kind, value, &fingerprinter));
    let mut config = Config::default();
    config.allow = lines.collect();
    let text = config.to_toml()?;
    // Only the list: the rest is in the file that it is added to.
    let list = text.find("[[allow]]").map_or("", |at| &text[at..]);
    print_out(list.as_bytes())?;
    Ok(if totals.inputs_failed > 0 || list.is_empty() {
        exit::trouble()
    } else {
        exit::READ
    })
}

/// Collects the distinct values.
#[derive(Default)]
struct Values(BTreeSet<(Kind, String)>);

impl Sink for Values {
    type Rendered = Vec<(Kind, String)>;

    fn render(&self, page: &PageReport<'_>) -> Self::Rendered {
        page.items()
            .map(|item| (item.finding().kind, item.normalized().into_owned()))
            .collect()
    }

    fn accept(&mut self, values: Self::Rendered) -> Result<ControlFlow<()>> {
        self.0.extend(values);
        Ok(ControlFlow::Continue(()))
    }
}
