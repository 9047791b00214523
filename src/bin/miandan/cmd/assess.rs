//! `miandan assess`: does this listing sell data?

use std::fmt::Write as _;
use std::io::{BufWriter, Stdout, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;

use miandan::listing::{Found, Listing, SellerHandle, assess};
use miandan::policy::Policy;
use miandan::{Evidence, Format, Input, PageReport, Result, RowText, Scanner, Sink};
use serde_json::{Value, json};

use super::input::sources;
use super::{output_error, setup};
use crate::args::AssessArgs;
use crate::exit;

/// A listing is read whole up to this size, and in pieces beyond it.
const PAGE_BYTES: usize = 4 << 20;

/// Fields that hold the title, and those that hold the rest, where none is named.
const TITLES: [&str; 4] = ["title", "标题", "商品标题", "宝贝标题"];
const TEXTS: [&str; 9] = [
    "description",
    "text",
    "detail",
    "content",
    "描述",
    "详情",
    "内容",
    "商品描述",
    "正文",
];

pub(crate) fn run(args: &AssessArgs) -> Result<ExitCode> {
    let reader = Scanner::builder()
        .without_builtin()
        .page_bytes(PAGE_BYTES)
        .build()?;
    let config = setup::config(&args.detect)?;
    let mut sink = Listings {
        scanner: setup::scanner_of(&config, &args.detect)?,
        policy: args
            .policy
            .as_deref()
            .map_or(Ok(config.policy), setup::toml_file)?,
        fields: args.text_field.clone(),
        out: BufWriter::new(std::io::stdout()),
    };
    let totals = reader.par_scan(sources(&args.input)?, &mut sink)?;
    sink.out.flush().map_err(output_error)?;
    Ok(if totals.inputs_failed > 0 {
        exit::trouble()
    } else {
        exit::READ
    })
}

/// Judges every row that is read.
struct Listings {
    scanner: Scanner,
    policy: Policy,
    fields: Vec<String>,
    out: BufWriter<Stdout>,
}

impl Sink for Listings {
    type Rendered = String;

    fn render(&self, page: &PageReport<'_>) -> String {
        let mut out = String::new();
        let mut scratch = self.scanner.scratch();
        for row in page.row_texts() {
            let (title, description) = texts(&row, &self.fields);
            let text = format!("{title}\n{description}");
            let input = Input::new(&text).format(Format::Text);
            let findings = self.scanner.scan_with(&mut scratch, input);
            let found = Found::from(&findings);
            let assessment = assess(&Listing::new(&title, &description), found);
            let decision = self.policy.decide(&findings, Some(&assessment));
            scratch.recycle(findings);
            let handles: Vec<String> = assessment
                .handles
                .iter()
                .map(SellerHandle::masked)
                .collect();
            // Why the verdict is what it is: which limits of the policy were met.
            let mut reasons = assessment.reasons;
            reasons.extend(decision.reasons.into_iter().map(|r| Evidence {
                id: r.id,
                weight: 0,
            }));
            let object = json!({
                "type": "listing",
                "origin": origin(page, &row),
                "class": assessment.class,
                "score": assessment.score,
                "verdict": decision.verdict,
                "reasons": reasons,
                "offer": assessment.offer,
                "handles": handles,
                "records": assessment.records,
            });
            let _ = writeln!(out, "{object}");
        }
        for warning in page.warnings() {
            let object = json!({
                "type": "warning",
                "code": warning.code,
                "origin": &*page.unit().origin,
                "message": warning.message,
            });
            let _ = writeln!(out, "{object}");
        }
        out
    }

    fn accept(&mut self, text: String) -> Result<ControlFlow<()>> {
        self.out.write_all(text.as_bytes()).map_err(output_error)?;
        Ok(ControlFlow::Continue(()))
    }
}

fn origin(page: &PageReport<'_>, row: &RowText) -> Value {
    let mut origin = json!(&*page.unit().origin);
    origin["line"] = row.line.into();
    if row.row > 0 {
        origin["row"] = row.row.into();
    }
    origin
}

/// Title and description of a listing.
fn texts(row: &RowText, wanted: &[String]) -> (String, String) {
    let join = |names: &mut dyn Iterator<Item = &str>| {
        let texts: Vec<&str> = names
            .filter_map(|n| row.field(n))
            .filter(|t| !t.is_empty())
            .collect();
        texts.join("\n")
    };
    if let Some((title, rest)) = wanted.split_first() {
        let title = row.field(title).unwrap_or_default().to_owned();
        return (title, join(&mut rest.iter().map(String::as_str)));
    }
    let (title, text) = (join(&mut TITLES.into_iter()), join(&mut TEXTS.into_iter()));
    if title.is_empty() && text.is_empty() {
        let all: Vec<&str> = row.fields.iter().map(|(_, t)| t.as_str()).collect();
        return (title, all.join("\n"));
    }
    (title, text)
}
