//! `miandan filter`: one line in, one line out, for the pipes of other engines.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::process::ExitCode;

use miandan::output::{Options, write_row};
use miandan::{Error, Result, RowScanner};
use serde_json::{Map, Value, json};

use super::{output_error, setup};
use crate::args::{AnswerFormat, FilterArgs, LineFormat};
use crate::exit;

/// Bytes read at a time; what they answer is flushed before more is read.
const BLOCK: usize = 256 * 1024;

/// A longer line is answered with an error, so that memory stays bounded.
const LONGEST_LINE: usize = 64 << 20;

/// Fields in which listings and messages keep their text.
const TEXT_FIELDS: [&str; 7] = [
    "title",
    "description",
    "text",
    "detail",
    "content",
    "message",
    "body",
];

pub(crate) fn run(args: &FilterArgs) -> Result<ExitCode> {
    let mut filter = Filter::new(args)?;
    let mut input = BufReader::with_capacity(BLOCK, io::stdin().lock());
    let mut out = io::stdout().lock();
    let (mut line, mut answers) = (Vec::new(), Vec::new());
    loop {
        let block = match input.fill_buf() {
            Ok(block) => block,
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            Err(e) => return Err(Error::io("-", e)),
        };
        let len = block.len();
        if len == 0 && !line.is_empty() {
            filter.answer(&line, &mut answers);
        }
        for piece in block.split_inclusive(|b| *b == b'\n') {
            // Enough to know that the line is too long.
            let room = (LONGEST_LINE + 1).saturating_sub(line.len());
            line.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.ends_with(b"\n") {
                filter.answer(&line, &mut answers);
                line.clear();
            }
        }
        input.consume(len);
        out.write_all(&answers)
            .and_then(|()| out.flush())
            .map_err(output_error)?;
        answers.clear();
        if len == 0 {
            return Ok(filter.end());
        }
    }
}

struct Filter {
    rows: RowScanner,
    /// Names of the columns of a TSV line; empty for other lines.
    columns: Vec<String>,
    /// Whether the text fields are the usual ones, of which a line has some.
    usual: bool,
    id_field: String,
    input: LineFormat,
    /// Whether answers are escaped as a TSV column.
    tsv: bool,
    options: Options,
    lines: u64,
    failed: u64,
}

/// What a line holds: the row's own identifier as a JSON value, and its texts.
type Row<'l> = (Option<String>, Vec<Option<Cow<'l, str>>>);

impl Filter {
    fn new(args: &FilterArgs) -> Result<Filter> {
        let columns = match (args.input_format, &args.columns[..]) {
            (LineFormat::Tsv, []) => vec!["text".to_owned()],
            (LineFormat::Tsv, columns) => columns.to_vec(),
            (_, []) => Vec::new(),
            _ => return Err(Error::config("--columns goes with --input-format tsv")),
        };
        let unknown = |name: &&String| !columns.is_empty() && !columns.contains(name);
        if let Some(name) = args.text_field.iter().find(unknown) {
            return Err(Error::config(format!(
                "--text-field {name}: --columns names {}",
                columns.join(", ")
            )));
        }
        let named = !args.text_field.is_empty();
        let fields: Vec<String> = match args.input_format {
            _ if named => args.text_field.clone(),
            LineFormat::Jsonl => TEXT_FIELDS.map(str::to_owned).to_vec(),
            LineFormat::Tsv => {
                let mut texts = columns.clone();
                texts.retain(|c| *c != args.id_field);
                texts
            }
            LineFormat::Text => vec!["text".to_owned()],
        };
        if fields.is_empty() {
            return Err(Error::config("no column is left to scan; see --columns"));
        }
        let mut options = Options::default();
        options.show_values = args.show_values;
        options.records = !args.no_records;
        options.lone_findings = !args.records_only;
        Ok(Filter {
            rows: setup::scanner(&args.detect)?.rows(fields),
            columns,
            usual: !named && args.input_format == LineFormat::Jsonl,
            id_field: args.id_field.clone(),
            input: args.input_format,
            tsv: match args.output_format {
                Some(format) => format == AnswerFormat::Tsv,
                None => args.input_format == LineFormat::Tsv,
            },
            options,
            lines: 0,
            failed: 0,
        })
    }

    /// Appends the answer to a line.
    fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) {
        self.lines += 1;
        let start = out.len();
        let too_long = line.len() > LONGEST_LINE;
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line));
        let row = if too_long {
            Err(format!("the line is longer than {LONGEST_LINE} bytes"))
        } else {
            self.read(&line)
        };
        match row {
            Ok((id, texts)) => {
                let row = self.rows.scan(texts.iter().map(Option::as_deref));
                write_row(out, &row, id.as_deref(), &self.options);
            }
            Err(error) => {
                if self.failed == 0 {
                    anstream::eprintln!("miandan filter: line {}: {error}", self.lines);
                }
                self.failed += 1;
                let answer = json!({ "type": "row", "error": error });
                out.extend_from_slice(answer.to_string().as_bytes());
            }
        }
        if self.tsv {
            let json = out.split_off(start);
            escape(&json, out);
        }
        out.push(b'\n');
    }

    fn read<'l>(&self, line: &'l str) -> std::result::Result<Row<'l>, String> {
        match self.input {
            LineFormat::Text => Ok((None, vec![Some(line.into())])),
            LineFormat::Tsv => self.cells(line),
            LineFormat::Jsonl if line.trim().is_empty() => Ok((None, Vec::new())),
            LineFormat::Jsonl => {
                let object = serde_json::from_str(line)
                    .map_err(|e| format!("no JSON object: {}", place_of(&e)))?;
                self.values(object).map(|(id, texts)| {
                    let owned = |text: Option<String>| text.map(Cow::Owned);
                    (id, texts.into_iter().map(owned).collect())
                })
            }
        }
    }

    /// The fields of a JSON object. Numbers are texts, too: many exports write a mobile as one.
    fn values(
        &self,
        mut object: Map<String, Value>,
    ) -> std::result::Result<(Option<String>, Vec<Option<String>>), String> {
        let id = object.get(&self.id_field).map(Value::to_string);
        let mut present = false;
        let mut texts = Vec::new();
        for name in self.rows.fields() {
            let value = object.remove(name);
            present |= value.is_some();
            texts.push(match value {
                None | Some(Value::Null) => None,
                Some(Value::String(text)) => Some(text),
                Some(Value::Number(number)) => Some(number.to_string()),
                Some(_) => return Err(format!("field {name:?} is neither text nor number")),
            });
        }
        if self.usual && !present {
            return Err(format!(
                "none of the fields {} is there; name those to scan with --text-field",
                TEXT_FIELDS.join(", ")
            ));
        }
        Ok((id, texts))
    }

    /// The cells of a TSV line, as ClickHouse and Spark write them: `\t`, `\n` and `\\` escaped, `\N` for none.
    fn cells<'l>(&self, line: &'l str) -> std::result::Result<Row<'l>, String> {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() != self.columns.len() {
            return Err(format!(
                "{} columns instead of {}; name them with --columns",
                cells.len(),
                self.columns.len()
            ));
        }
        let cell = |name: &str| {
            let at = self.columns.iter().position(|c| c == name)?;
            (cells[at] != "\\N").then(|| unescape(cells[at]))
        };
        let id = cell(&self.id_field).map(|text| Value::from(text).to_string());
        Ok((id, self.rows.fields().iter().map(|f| cell(f)).collect()))
    }

    fn end(&self) -> ExitCode {
        if self.failed == 0 {
            return exit::READ;
        }
        anstream::eprintln!(
            "miandan filter: {} of {} lines could not be read; their answers have an \"error\"",
            self.failed,
            self.lines
        );
        exit::trouble()
    }
}

/// Where and why a line is no JSON, without a piece of it.
fn place_of(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Data => "it is another JSON value",
        _ => "it is malformed",
    };
    format!("{what} (column {})", error.column())
}

fn unescape(cell: &str) -> Cow<'_, str> {
    if !cell.contains('\\') {
        return cell.into();
    }
    let mut out = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('0') => '\0',
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some(other) => other,
                None => '\\',
            },
            c => c,
        });
    }
    out.into()
}

fn escape(json: &[u8], out: &mut Vec<u8>) {
    // JSON has no tabs and line breaks of its own.
    for b in json {
        if *b == b'\\' {
            out.push(b'\\');
        }
        out.push(*b);
    }
}
