//! What the user can type.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Finds leaked personal data of Chinese customers: names, addresses, mobile numbers, courier waybills.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "Values are masked in every output unless --show-values is given.\n\
    Exit codes: 0 everything was read; 1 findings and --fail-on-findings; 2 wrong usage, or some input was not read."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Scan files, directories or standard input
    Scan(ScanArgs),
    /// Answer each line with one line, in order: for the pipes of Spark, ClickHouse and shells
    Filter(FilterArgs),
    /// Measure precision, recall and calibration on labelled texts
    Eval(EvalArgs),
    /// List the rules with their examples
    Rules(RulesArgs),
    /// Sum up inputs: people, couriers, provinces, thresholds of the law as a reference
    Report(ReportArgs),
    /// Write an input again without what was found in it
    Redact(RedactArgs),
    /// Take pasted delivery lines apart: name, mobile, province, city, county, detail
    Parse(ParseArgs),
    /// Say of each listing whether it sells data
    Assess(AssessArgs),
    /// Make a set of keyed fingerprints, to compare dumps without handing them over
    Fingerprint(FingerprintArgs),
    /// Compare sets of fingerprints
    Match(MatchArgs),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Cards and tables for reading
    Human,
    /// One JSON object a line
    Jsonl,
    /// One finding a row
    Csv,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  \
    miandan scan dump.csv                      what is in it, masked\n  \
    miandan scan --format jsonl exports/ -o findings.jsonl\n  \
    zcat dump.sql.gz | miandan scan --records-only -\n  \
    miandan scan --kinds mobile,waybill --min-confidence 0.9 chat.txt")]
pub(crate) struct ScanArgs {
    /// Files, directories (recursive), or - for standard input
    pub(crate) paths: Vec<PathBuf>,
    /// How to write the results [default: human on a terminal, jsonl otherwise]
    #[arg(long, value_enum)]
    pub(crate) format: Option<OutputFormat>,
    /// Where to write the results [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// How the input is laid out: auto, text, csv, tsv, jsonl, json, sql, markup
    #[arg(long, default_value = "auto", value_name = "FORMAT")]
    pub(crate) input_format: String,
    /// auto, utf-8, gb18030, big5, utf-16le, utf-16be
    #[arg(long, default_value = "auto", value_name = "ENCODING")]
    pub(crate) encoding: String,
    /// Column or JSON field that identifies a row
    #[arg(long, default_value = "id", value_name = "NAME")]
    pub(crate) id_field: String,
    /// Kinds to report, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    pub(crate) kinds: Vec<String>,
    /// Where names are looked for: everywhere, or only near other findings and labels (faster)
    #[arg(long, value_enum, default_value_t = Names::Everywhere)]
    pub(crate) names: Names,
    /// Report findings from this confidence on
    #[arg(long, default_value_t = 0.5, value_name = "P")]
    pub(crate) min_confidence: f64,
    /// Only records and the findings in them
    #[arg(long, conflicts_with = "no_records")]
    pub(crate) records_only: bool,
    /// No records
    #[arg(long)]
    pub(crate) no_records: bool,
    /// Show raw values instead of masked ones
    #[arg(long)]
    pub(crate) show_values: bool,
    /// Say what each finding rests on (human output)
    #[arg(long)]
    pub(crate) explain: bool,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Exit with 1 if anything is reported
    #[arg(long)]
    pub(crate) fail_on_findings: bool,
    /// Also look into binary files
    #[arg(long)]
    pub(crate) binary: bool,
    /// No warnings and no progress on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// No progress bar
    #[arg(long)]
    pub(crate) no_progress: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Names {
    Everywhere,
    Near,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    Human,
    Json,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "A labelled text is a line such as\n  \
    {\"id\":\"1\",\"text\":\"张伟收\",\"entities\":[{\"label\":\"PERSON\",\"start\":0,\"end\":2}]}\n\
    with offsets in code points; .gz is unpacked. Labels: PERSON, PERSON_PARTIAL, ADDRESS, MOBILE, WAYBILL.\n\
    A labelled listing is {\"text\":\"...\",\"label\":\"data_sale|leak_sample|benign\",\"notes\":\"family\"}.")]
pub(crate) struct EvalArgs {
    /// Labelled texts, one JSON object a line; or tables of serials (.tsv) with the columns number and courier_code
    #[arg(required = true)]
    pub(crate) gold: Vec<PathBuf>,
    /// Score all files as one set
    #[arg(long)]
    pub(crate) join: bool,
    /// Put each waybill of a table in this text in place of {}, and each near miss in its context
    #[arg(long, value_name = "TEXT")]
    pub(crate) within: Option<String>,
    /// Kinds to score, separated by commas [default: those labelled in the file]
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    pub(crate) labels: Vec<String>,
    /// Findings from this confidence on count as found
    #[arg(long, default_value_t = 0.5, value_name = "P")]
    pub(crate) min_confidence: f64,
    /// Show the first N misses and extra findings
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) errors: usize,
    /// Format of the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LineFormat {
    /// One JSON object a line
    Jsonl,
    /// Columns between tabs, escaped as ClickHouse does
    Tsv,
    /// One text a line
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// One JSON object a line
    Jsonl,
    /// The JSON object as a TSV column, escaped as ClickHouse does
    Tsv,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Reads standard input, writes standard output. Every line is a unit of its own: nothing is linked across lines, so\n\
    lines may be spread over any number of filters. A line that cannot be read is answered with an \"error\", and the\n\
    exit code is 2. Offsets: \"span\" in bytes, \"text_span\" in code points, from the start of the field's text.\n\n\
    Examples:\n  \
    miandan filter < listings.jsonl\n  \
    miandan filter --text-field subject --text-field body --id-field msg_id < messages.jsonl\n  \
    miandan filter --input-format tsv --columns id,title,text < listings.tsv\n  \
    rdd.pipe(\"miandan filter\")                    Spark, one JSON object a line"
)]
pub(crate) struct FilterArgs {
    /// How the lines are laid out
    #[arg(long, value_enum, default_value_t = LineFormat::Jsonl)]
    pub(crate) input_format: LineFormat,
    /// How the answers are written [default: tsv for tsv, else jsonl]
    #[arg(long, value_enum)]
    pub(crate) output_format: Option<AnswerFormat>,
    /// Names of the columns of a TSV line, separated by commas [default: text]
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    pub(crate) columns: Vec<String>,
    /// Fields to scan, together as one row; repeatable [default: title, description, text, detail, content, message, body;
    /// TSV: every column but the id]
    #[arg(long, value_name = "NAME")]
    pub(crate) text_field: Vec<String>,
    /// Column or JSON field that identifies a row; it comes back as "id"
    #[arg(long, default_value = "id", value_name = "NAME")]
    pub(crate) id_field: String,
    /// Kinds to report, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    pub(crate) kinds: Vec<String>,
    /// Where names are looked for: everywhere, or only near other findings and labels (faster)
    #[arg(long, value_enum, default_value_t = Names::Everywhere)]
    pub(crate) names: Names,
    /// Report findings from this confidence on
    #[arg(long, default_value_t = 0.5, value_name = "P")]
    pub(crate) min_confidence: f64,
    /// Only findings that belong to a record
    #[arg(long, conflicts_with = "no_records")]
    pub(crate) records_only: bool,
    /// No records
    #[arg(long)]
    pub(crate) no_records: bool,
    /// Show raw values instead of masked ones
    #[arg(long)]
    pub(crate) show_values: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesArgs {
    /// Format of the list
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InputArgs {
    /// Files, directories (recursive), or - for standard input [default: -]
    pub(crate) paths: Vec<PathBuf>,
    /// How the input is laid out: auto, text, csv, tsv, jsonl, json, sql, markup
    #[arg(long, default_value = "auto", value_name = "FORMAT")]
    pub(crate) input_format: String,
    /// auto, utf-8, gb18030, big5, utf-16le, utf-16be
    #[arg(long, default_value = "auto", value_name = "ENCODING")]
    pub(crate) encoding: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TierName {
    /// Whereabouts, content of communication, credit, property
    Tracks,
    /// Lodging, communication records, health, transactions
    Transaction,
    /// Everything else: name, mobile and address
    Ordinary,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "The thresholds are those of 法释〔2017〕10号 art. 5: 50, 500 or 5,000 items by tier, half of that for insiders,\n\
    tenfold for especially serious; gains from 5,000 yuan. They are a reference with the assumptions shown, not a verdict.\n\n\
    Examples:\n  \
    miandan report dump.csv\n  \
    miandan report exports/ --insider --tier transaction\n  \
    miandan report dump.csv --thresholds law.toml --format json\n\n\
    A thresholds file holds what differs from the defaults, such as\n  \
    ordinary = 5000\n  \
    insider = true\n  \
    gains_stated = 12000"
)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Format of the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
    /// Take the records for this tier of the law [default: ordinary]
    #[arg(long, value_enum, value_name = "TIER")]
    pub(crate) tier: Option<TierName>,
    /// The seller got the data while performing duties or providing services
    #[arg(long)]
    pub(crate) insider: bool,
    /// Unlawful gains that are known of, in yuan
    #[arg(long, value_name = "YUAN")]
    pub(crate) gains: Option<u64>,
    /// Thresholds and assumptions (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) thresholds: Option<PathBuf>,
    /// No warnings and no progress on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RedactWith {
    /// Hide the identifying part: 138****5678
    Mask,
    /// The kind: [mobile]
    Label,
    /// A token, the same for the same person; needs --key-file
    Pseudonym,
    /// A made-up value of the same format, marked as such
    Fake,
    /// Nothing
    Remove,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "The output is scanned again; if a full value is left, the exit code is 2.")]
pub(crate) struct RedactArgs {
    /// The file to redact
    pub(crate) input: PathBuf,
    /// Where to write it
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// What takes the place of a value
    #[arg(long, value_enum, default_value_t = RedactWith::Mask)]
    pub(crate) operator: RedactWith,
    /// File with the secret for pseudonyms
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Overwrite the output if it exists
    #[arg(long)]
    pub(crate) force: bool,
    /// How the input is laid out: auto, text, csv, tsv, jsonl, json, sql, markup
    #[arg(long, default_value = "auto", value_name = "FORMAT")]
    pub(crate) input_format: String,
    /// auto, utf-8, gb18030, big5, utf-16le, utf-16be
    #[arg(long, default_value = "auto", value_name = "ENCODING")]
    pub(crate) encoding: String,
    /// No warnings and no progress on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ParseArgs {
    /// Files with a delivery line on each line, or - for standard input [default: -]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Each row of a table, JSON object or line of text is one listing or message. Output: one JSON object for each,\n\
    with class (sells_data, leak_sample, benign), score, verdict (pass, review, block), reasons and what is offered.\n\
    The listing.* and sample.* reasons have weights in milli-logits; the policy.* reasons name the limits that the verdict met.\n\n\
    Examples:\n  \
    miandan assess listings.jsonl\n  \
    miandan assess export.csv --text-field 标题 --text-field 描述\n  \
    miandan assess chat.txt --policy policy.toml\n\n\
    A policy file holds what differs from the defaults, such as\n  \
    min_confidence = 0.8\n  \
    listing = { review = 0.6, block = 0.95 }\n  \
    complete_records = { review = 1, block = 20 }"
)]
pub(crate) struct AssessArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Columns or JSON fields of a listing, the title first [default: title, description, text, detail, content, 标题, 描述,
    /// 详情, 内容; all fields where none of these is there]
    #[arg(long, value_name = "NAME")]
    pub(crate) text_field: Vec<String>,
    /// When to pass, review and block (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "The key comes from --key-file or the environment variable MIANDAN_KEY, never from the command line.\n\
    A set is de-identified, not anonymous: with the key, it is still personal information (PIPL art. 73)."
)]
pub(crate) struct FingerprintArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Where to write the set; an existing file is refused
    #[arg(short, long, value_name = "SET")]
    pub(crate) output: PathBuf,
    /// File with the key
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// No warnings and no progress on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Output, one JSON object a line: match (two sets and what they share, per class: mobile, waybill, person,\n\
    handle), with --clusters the groups of sets that belong together, with --canaries what was planted and is found.\n\n\
    Examples:\n  \
    miandan match shipments.set dump.set                      is this our data, and how much of it?\n  \
    miandan match --clusters seller-*.set                     which sellers sell the same records?\n  \
    miandan match --canaries planted.set dump.set             which planted serials came back?"
)]
pub(crate) struct MatchArgs {
    /// Sets made under the same key
    #[arg(required = true, num_args = 1..)]
    pub(crate) sets: Vec<PathBuf>,
    /// Set of records that were planted to be recognised
    #[arg(long, value_name = "SET")]
    pub(crate) canaries: Option<PathBuf>,
    /// Also group the sets: by a shared account, or by enough shared records
    #[arg(long)]
    pub(crate) clusters: bool,
    /// Fewest shared records that join two sets
    #[arg(long, default_value_t = 10, value_name = "N", requires = "clusters")]
    pub(crate) min_shared: u64,
    /// Smallest share of the smaller set that joins two sets
    #[arg(long, default_value_t = 0.05, value_name = "P", requires = "clusters")]
    pub(crate) min_containment: f64,
}
