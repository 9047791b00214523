//! What the user can type.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use miandan::Kind;

/// Finds leaked personal data of Chinese customers: names, addresses, mobile numbers, courier waybills.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "Values are masked in every output unless --show-values is given. NO_COLOR turns colours off.\n\
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
    /// Print the settings that hold: file, environment and flags together
    Config(ConfigArgs),
    /// Make lines of an allow-list, as keyed hashes, from texts that hold what is allowed
    Allow(AllowArgs),
    /// Print the JSON Schema of what scan writes as JSON Lines
    Schema,
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man(ManArgs),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// A table for reading, with a summary
    Human,
    /// One JSON object a line (see miandan schema)
    Jsonl,
    /// One finding a row
    Csv,
    /// SARIF 2.1.0, for code hosts and security dashboards
    Sarif,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  \
    miandan scan dump.csv                      what is in it, masked\n  \
    miandan scan exports/ -o findings.jsonl -o report.sarif\n  \
    zcat dump.sql.gz | miandan scan --records-only -\n  \
    miandan scan --kinds mobile,waybill --min-confidence 0.9 chat.txt\n  \
    miandan scan --text-field title --text-field description listings.jsonl\n  \
    miandan scan exports/ -o findings.jsonl --resume\n\n\
    A file is written as FILE.part and gets its name when the scan is complete. After Ctrl-C or a full disk\n\
    FILE.part holds whole lines only.")]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// How to write the results [default: human on a terminal, jsonl otherwise]
    #[arg(long, value_enum, env = "MIANDAN_FORMAT")]
    pub(crate) format: Option<OutputFormat>,
    /// Where to write the results; may be repeated. The format comes from the prefix (sarif=out.json), or the ending
    /// (.jsonl, .csv, .sarif, .txt), or --format; - is standard output [default: -]
    #[arg(short, long, value_name = "[FORMAT=]FILE")]
    pub(crate) output: Vec<String>,
    #[command(flatten)]
    pub(crate) detect: DetectArgs,
    /// Scan only this column (header or position) or JSON field (key or pointer); may be repeated [default: all]
    #[arg(long, value_name = "NAME")]
    pub(crate) text_field: Vec<String>,
    /// Column or JSON field that identifies a row [default: id]
    #[arg(long, value_name = "NAME")]
    pub(crate) id_field: Option<String>,
    /// Only records and the findings in them
    #[arg(long, conflicts_with = "no_records")]
    pub(crate) records_only: bool,
    /// No records
    #[arg(long)]
    pub(crate) no_records: bool,
    /// Show raw values instead of masked ones
    #[arg(long)]
    pub(crate) show_values: bool,
    /// File with a key: SARIF results get keyed fingerprints, by which dashboards know them again in the next scan
    #[arg(long, value_name = "FILE")]
    pub(crate) fingerprint_key: Option<PathBuf>,
    /// Say what each finding rests on (human output)
    #[arg(long)]
    pub(crate) explain: bool,
    /// Leave text_span, evidence and detail out of findings: two fifths of the size (JSON Lines)
    #[arg(long)]
    pub(crate) brief: bool,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N", env = "MIANDAN_THREADS")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Go on with a scan that was interrupted: same command, output in files, JSON Lines or CSV
    #[arg(long)]
    pub(crate) resume: bool,
    /// Exit with 1 if anything is reported
    #[arg(long)]
    pub(crate) fail_on_findings: bool,
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
    #[command(flatten)]
    pub(crate) detect: DetectArgs,
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
    #[command(flatten)]
    pub(crate) detect: DetectArgs,
    /// Format of the list
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InputArgs {
    /// Files, directories (recursive), or - for standard input [default: -]
    pub(crate) paths: Vec<PathBuf>,
    /// How the input is laid out: auto, text, csv, tsv, jsonl, json, sql, markup, html-table
    #[arg(long, default_value = "auto", value_name = "FORMAT")]
    pub(crate) input_format: String,
    /// auto, utf-8, gb18030, big5, utf-16le, utf-16be
    #[arg(long, default_value = "auto", value_name = "ENCODING")]
    pub(crate) encoding: String,
    /// Also look into binary files
    #[arg(long)]
    pub(crate) binary: bool,
    /// Also read the paths that this list names, one a line or with zero bytes between; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Option<PathBuf>,
    /// Leave out of directories what this rule matches, as in .gitignore ('*.log', '/tmp/', '!keep.log'; may be repeated)
    #[arg(long, value_name = "RULE")]
    pub(crate) ignore: Vec<String>,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

/// Limits against archives that unpack without end; what lies beyond one is named and left unread.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Archives")]
pub(crate) struct LimitArgs {
    /// Archives inside archives that are opened; 0 leaves all closed [default: 4]
    #[arg(long, value_name = "N")]
    pub(crate) archive_depth: Option<u32>,
    /// Entries of one archive with all that it holds [default: 100000]
    #[arg(long, value_name = "N")]
    pub(crate) archive_entries: Option<u64>,
    /// Unpacked GiB of one archive [default: 64]
    #[arg(long, value_name = "GIB")]
    pub(crate) archive_size: Option<u32>,
    /// Unpacked bytes for each packed one [default: 500]
    #[arg(long, value_name = "N")]
    pub(crate) archive_ratio: Option<u64>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  \
    miandan completions bash > /etc/bash_completion.d/miandan\n  \
    miandan completions zsh > ~/.zfunc/_miandan")]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  \
    miandan man | man -l -\n  \
    miandan man --dir /usr/local/share/man/man1")]
pub(crate) struct ManArgs {
    /// Write one page for each command into this directory
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

/// What is looked for. A flag wins over its environment variable, and that over the settings file.
#[derive(Debug, Default, ClapArgs)]
#[command(next_help_heading = "What is looked for")]
pub(crate) struct DetectArgs {
    /// Settings file [default: miandan.toml in the working directory, if there is one]
    #[arg(
        long,
        value_name = "FILE",
        env = "MIANDAN_CONFIG",
        conflicts_with = "no_config"
    )]
    pub(crate) config: Option<PathBuf>,
    /// No settings file
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Key of the hashes in the allow-list [default: the environment variable MIANDAN_KEY]
    #[arg(long, value_name = "FILE")]
    pub(crate) allow_key: Option<PathBuf>,
    /// Kinds to report, separated by commas [default: all]
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "LIST",
        env = "MIANDAN_KINDS"
    )]
    pub(crate) kinds: Vec<String>,
    /// Where names are looked for: everywhere, or only near other findings and labels (faster) [default: everywhere]
    #[arg(long, value_enum, env = "MIANDAN_NAMES")]
    pub(crate) names: Option<Names>,
    /// Names of public figures, one a line: left out where nothing connects them with a customer
    #[arg(long, value_name = "FILE", env = "MIANDAN_PUBLIC_FIGURES")]
    pub(crate) public_figures: Option<PathBuf>,
    /// Report findings from this confidence on [default: 0.5]
    #[arg(long, value_name = "P", env = "MIANDAN_MIN_CONFIDENCE")]
    pub(crate) min_confidence: Option<f64>,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Settings come from miandan.toml, then from environment variables, then from flags; the later win.\n\
    An allow-list and detectors of one's own stand in the file:\n\n  \
    min_confidence = 0.6\n  \
    [thresholds]\n  \
    name = 0.8\n  \
    [fields]                        # headers, JSON keys, labels of one's own\n  \
    \"客户暗号\" = \"receiver_mobile\"\n  \
    [columns]                       # of tables without a header\n  \
    2 = \"name\"\n  \
    [policy]                        # of assess: pass, review or block\n  \
    records = { review = 1, block = 20 }\n  \
    [law]                           # of report: thresholds and assumptions\n  \
    insider = true\n  \
    [[allow]]                       # the shop's own hotline\n  \
    kind = \"landline\"\n  \
    pattern = '400\\d{7}'\n  \
    [[detector]]\n  \
    id = \"member-card\"\n  \
    pattern = 'HY\\d{8}'\n  \
    words = [\"会员\"]\n  \
    check = \"luhn\"                  # or mod-11-2, mod-97-10, gs1"
)]
pub(crate) struct ConfigArgs {
    #[command(flatten)]
    pub(crate) detect: DetectArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  \
    echo '客服热线 400-820-8820' | miandan allow --key-file key >> miandan.toml\n\n\
    The key comes from --key-file or the environment variable MIANDAN_KEY; scan needs the same one (--allow-key).")]
pub(crate) struct AllowArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// File with the key
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
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
    pub(crate) detect: DetectArgs,
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
    /// Thresholds and assumptions (TOML) [default: [law] of the settings file]
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
    #[command(flatten)]
    pub(crate) detect: DetectArgs,
    /// Where to write it
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// What takes the place of a value
    #[arg(long, value_enum, default_value_t = RedactWith::Mask)]
    pub(crate) operator: RedactWith,
    /// Another operator for one kind (may be repeated): mobile=remove
    #[arg(long, value_name = "KIND=OPERATOR", value_parser = operator_for)]
    pub(crate) operator_for: Vec<(Kind, RedactWith)>,
    /// File with the secret for pseudonyms
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Overwrite the output if it exists
    #[arg(long)]
    pub(crate) force: bool,
    /// How the input is laid out: auto, text, csv, tsv, jsonl, json, sql, markup, html-table
    #[arg(long, default_value = "auto", value_name = "FORMAT")]
    pub(crate) input_format: String,
    /// auto, utf-8, gb18030, big5, utf-16le, utf-16be
    #[arg(long, default_value = "auto", value_name = "ENCODING")]
    pub(crate) encoding: String,
    /// No warnings and no progress on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

fn operator_for(given: &str) -> Result<(Kind, RedactWith), String> {
    let (kind, operator) = given
        .split_once('=')
        .ok_or("a kind and an operator are needed, such as mobile=remove")?;
    let kind = Kind::from_id(kind).ok_or_else(|| format!("{kind} is no kind"))?;
    Ok((kind, RedactWith::from_str(operator, false)?))
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
    #[command(flatten)]
    pub(crate) detect: DetectArgs,
    /// Columns or JSON fields of a listing, the title first [default: title, description, text, detail, content, 标题, 描述,
    /// 详情, 内容; all fields where none of these is there]
    #[arg(long, value_name = "NAME")]
    pub(crate) text_field: Vec<String>,
    /// When to pass, review and block (TOML) [default: [policy] of the settings file]
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
    #[command(flatten)]
    pub(crate) detect: DetectArgs,
    /// Where to write the set
    #[arg(short, long, value_name = "SET")]
    pub(crate) output: PathBuf,
    /// Replace the output file if there is one
    #[arg(long)]
    pub(crate) force: bool,
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
