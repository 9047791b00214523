//! What programs read: every line of JSON Lines has exactly the promised fields, SARIF is valid SARIF.

use std::collections::BTreeMap;
use std::io::Cursor;

use miandan::output::{AnySink, Closing, Options, OutputFormat, SCHEMA, Style, ValueHash};
use miandan::report::SummarySink;
use miandan::{Origin, Scanner, Sourced, Unit, Warning};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line {
    Finding(Box<Finding>),
    Record(Record),
    Warning(Told),
    Summary(Box<Summary>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Finding {
    id: u64,
    kind: String,
    form: String,
    origin: Place,
    span: Range,
    text_span: Range,
    value: String,
    normalized: Option<String>,
    confidence: f64,
    level: String,
    evidence: Vec<Evidence>,
    detail: Option<Value>,
    record: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    path: String,
    entry: Option<String>,
    #[serde(rename = "sheet")]
    _sheet: Option<String>,
    line: Option<u64>,
    row: Option<u64>,
    column: Option<u64>,
    field: Option<String>,
    record_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    start: usize,
    end: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Evidence {
    id: String,
    weight: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    id: u64,
    findings: Vec<u64>,
    fields: BTreeMap<String, u64>,
    role: String,
    confidence: f64,
    origin: Place,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    code: String,
    origin: Place,
    span: Option<Range>,
    message: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Summary {
    inputs: Inputs,
    bytes: u64,
    rows: u64,
    findings: BTreeMap<String, u64>,
    records: u64,
    complete_records: u64,
    distinct_persons: u64,
    invalid_records: u64,
    couriers: BTreeMap<String, u64>,
    provinces: BTreeMap<String, u64>,
    elapsed_ms: u64,
    threads: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inputs {
    read: u64,
    skipped: u64,
    failed: u64,
}

const CHAT: &str = "收件人：张伟 电话：13812345678 地址：浙江省杭州市西湖区古荡街道文三路128号\n\
                    顺丰单号 SF1234567890123，另有 王先生 一三九 八七六五 四三二一 转 12，座机 0571-87654321\n\
                    邮箱 li.na77@qq.com 卡号 6222020200112233445 微信 wx_zhangwei88\n";
const TABLE: &str = "id,姓名,备注,\"收货地址\"\n\
                     A1,李娜,\"说\"\"打\"\" 13987654325\",江苏省南京市鼓楼区中山路1号3栋502室\n\
                     A2,王*,138****0000,上海市\n\
                     A3,赵敏,13987654322,广东省广州市天河区体育西路9号,多一格\n";
const ROWS: &str = "{\"id\":7,\"to\":{\"name\":\"\\u5f20\\u4f1f\",\"phones\":[\"13812345679\"]}}\n\
                    {\"id\":8}\n{\"id\":9}\nno json\n";

fn inputs() -> Vec<Sourced> {
    let unit = |path: &str, entry: Option<&str>, bytes: Vec<u8>| {
        let mut origin = Origin::path(path);
        origin.entry = entry.map(Into::into);
        Sourced::Unit(Unit {
            origin,
            reader: Box::new(Cursor::new(bytes)),
            format: None,
            encoding: None,
        })
    };
    let mut broken = CHAT.as_bytes().to_vec();
    broken.insert(CHAT.find("电话").expect("there"), 0xFF);
    vec![
        unit("chat 1.txt", None, CHAT.into()),
        unit("dump.zip", Some("内/orders.csv"), TABLE.into()),
        unit("rows.jsonl", None, ROWS.into()),
        unit("/tmp/broken.txt", None, broken),
        Sourced::Unread {
            origin: Origin::path("missing.txt"),
            warning: Warning::loss("io.not-found", "no such file"),
        },
    ]
}

pub(crate) fn options(show_values: bool) -> Options {
    let mut options = Options::default();
    options.show_values = show_values;
    options
}

fn written(format: OutputFormat, options: Options) -> String {
    written_by(&Scanner::new().expect("tables"), format, options)
}

/// What a scan of a few inputs in several formats is written as.
pub(crate) fn written_by(scanner: &Scanner, format: OutputFormat, options: Options) -> String {
    let mut out = Vec::new();
    let sink = AnySink::new(format, &mut out, options, Style::default(), scanner).expect("memory");
    let mut sinks = (SummarySink::default(), sink);
    scanner.par_scan(inputs(), &mut sinks).expect("memory");
    let closing = Closing {
        figures: sinks.0.summary().figures(),
        elapsed_ms: 12,
        threads: 2,
        cut_short: None,
    };
    sinks.1.finish(&closing).expect("memory");
    String::from_utf8(out).expect("UTF-8")
}

fn parsed(text: &str) -> Vec<Line> {
    text.lines()
        .map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}")))
        .collect()
}

#[test]
fn every_line_has_the_promised_fields() {
    for show_values in [false, true] {
        let lines = parsed(&written(OutputFormat::JsonLines, options(show_values)));
        let mut findings = BTreeMap::new();
        let (mut records, mut warnings, mut summary) = (0, Vec::new(), None);
        for line in &lines {
            assert!(summary.is_none(), "the summary is the last line");
            match line {
                Line::Finding(f) => {
                    assert_eq!(f.id, findings.len() as u64 + 1);
                    assert_eq!(f.normalized.is_some(), show_values);
                    assert!(f.span.start < f.span.end && f.text_span.start < f.text_span.end);
                    let chars = f.text_span.end - f.text_span.start;
                    assert!(!show_values || chars == f.value.chars().count(), "{f:?}");
                    let ids = f
                        .evidence
                        .iter()
                        .all(|e| e.id.contains('.') && e.weight.abs() < 100_000);
                    assert!(
                        ids && !f.evidence.is_empty() && f.confidence >= 0.5,
                        "{f:?}"
                    );
                    assert_eq!(f.level, if f.confidence < 0.9 { "medium" } else { "high" });
                    findings.insert(f.id, f);
                }
                Line::Record(r) => {
                    records += 1;
                    assert_eq!(r.id, records);
                    assert!(r.confidence > 0.0 && r.origin.line.is_some());
                    assert!(["receiver", "sender", "unknown"].contains(&r.role.as_str()));
                    for id in &r.findings {
                        assert_eq!(findings[id].record, Some(r.id));
                    }
                    for (kind, id) in &r.fields {
                        assert_eq!(findings[id].kind, *kind);
                    }
                }
                Line::Warning(w) => {
                    assert!(!w.message.is_empty());
                    warnings.push((w.code.as_str(), w.origin.path.as_str(), w.span.is_some()));
                }
                Line::Summary(s) => summary = Some(s),
            }
        }
        assert_eq!(
            warnings,
            [
                ("table.ragged", "dump.zip", true),
                ("json.not-json", "rows.jsonl", true),
                ("decode.malformed", "/tmp/broken.txt", true),
                ("io.not-found", "missing.txt", false),
            ]
        );
        let summary = summary.expect("a summary");
        let inputs = &summary.inputs;
        assert_eq!((inputs.read, inputs.skipped, inputs.failed), (3, 0, 2));
        assert_eq!(
            summary.findings.values().sum::<u64>(),
            findings.len() as u64
        );
        assert_eq!(summary.records, records);
        assert_eq!(
            (summary.elapsed_ms, summary.threads, summary.rows),
            (12, 2, 7)
        );
        assert!(summary.complete_records >= 3 && summary.distinct_persons >= 4);
        assert!(summary.bytes > 700 && summary.invalid_records <= records);
        assert_eq!(summary.couriers["SF"], 2);
        assert!(summary.provinces["330000"] == 2 && summary.provinces["440000"] == 1);
    }
}

#[test]
fn brief_lines_are_the_same_without_three_members() {
    let values = |brief: bool| {
        let mut options = options(false);
        options.brief = brief;
        let text = written(OutputFormat::JsonLines, options);
        let lines = text.lines().map(|l| serde_json::from_str(l).expect("JSON"));
        (text.len(), lines.collect::<Vec<Value>>())
    };
    let ((size, mut lines), (brief_size, brief)) = (values(false), values(true));
    for line in lines.iter_mut().filter_map(Value::as_object_mut) {
        if line["type"] == "finding" {
            line.remove("detail");
            assert!(line.remove("text_span").is_some() && line.remove("evidence").is_some());
        }
    }
    assert_eq!(lines, brief);
    assert!(brief_size * 2 < size, "{brief_size} of {size}");
}

#[test]
fn a_finding_says_where_it_stands() {
    let lines = parsed(&written(OutputFormat::JsonLines, options(true)));
    let find = |value: &str| {
        lines
            .iter()
            .find_map(|l| match l {
                Line::Finding(f) if f.normalized.as_deref() == Some(value) => Some(f),
                _ => None,
            })
            .unwrap_or_else(|| panic!("{value} is not found"))
    };
    let cell = find("13987654325");
    let at = &cell.origin;
    assert_eq!(at.entry.as_deref(), Some("内/orders.csv"));
    assert_eq!((at.line, at.row, at.column), (Some(2), Some(1), Some(3)));
    assert_eq!(at.field.as_deref(), Some("备注"));
    assert_eq!(at.record_id.as_deref(), Some("A1"));
    assert_eq!(&TABLE[cell.span.start..cell.span.end], "13987654325");
    // 说"打" 13987654325, after unquoting.
    assert_eq!((cell.text_span.start, cell.text_span.end), (5, 16));
    let json = find("13812345679");
    assert_eq!(json.origin.field.as_deref(), Some("/to/phones/0"));
    assert_eq!(json.origin.record_id.as_deref(), Some("7"));
    assert_eq!(json.origin.column, None);
    let name = find("张伟");
    assert_eq!((name.origin.line, name.origin.row), (Some(1), None));
    let disguised = find("13987654321");
    assert!(["full", "disguised"].contains(&disguised.form.as_str()));
}

#[test]
fn details_tell_more_by_kind() {
    let lines = parsed(&written(OutputFormat::JsonLines, options(true)));
    let detail = |kind: &str| {
        lines
            .iter()
            .find_map(|l| match l {
                Line::Finding(f) if f.kind == kind => f.detail.clone(),
                _ => None,
            })
            .unwrap_or_default()
    };
    assert_eq!(detail("name"), json!({ "surname_chars": 1 }));
    let address = detail("address");
    assert_eq!(address["county"], 330_106);
    assert_eq!(address["grade"], "door");
    assert_eq!(
        address["parts"],
        json!({ "province": "浙江省", "city": "杭州市", "county": "西湖区", "town": "古荡街道", "detail": "古荡街道文三路128号" })
    );
    assert_eq!(detail("mobile")["virtual"], false);
    assert_eq!(detail("waybill")["courier"], "SF");
    let masked = written(OutputFormat::JsonLines, options(false));
    assert!(!masked.contains("\"parts\""));
}

#[test]
fn every_line_is_valid_against_the_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    for (show_values, brief) in [(false, false), (true, false), (false, true)] {
        let mut options = options(show_values);
        options.brief = brief;
        for line in written(OutputFormat::JsonLines, options).lines() {
            let value: Value = serde_json::from_str(line).expect("JSON");
            // The parts of `oneOf` say nothing by themselves; the type tells which one was meant.
            let errors: Vec<String> = schema.iter_errors(&value).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}\n{line}");
        }
    }
    // A finding has all or none of what `--brief` leaves out.
    let text = written(OutputFormat::JsonLines, options(false));
    let finding: Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
    for member in ["text_span", "evidence"] {
        let mut half = finding.clone();
        half.as_object_mut()
            .expect("an object")
            .remove(member)
            .expect(member);
        assert!(!schema.is_valid(&half), "{member}");
    }
    for wrong in [
        json!({ "type": "finding" }),
        json!({ "type": "note" }),
        json!({}),
    ] {
        assert!(!schema.is_valid(&wrong));
    }
}

#[test]
fn sarif_is_valid_and_masks() {
    // The published pattern of languages has a bracket too many, which strict engines refuse.
    let schema = include_str!("schema/sarif-2.1.0.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let text = written(OutputFormat::Sarif, options(false));
    for secret in ["13812345678", "13987654325", "张伟", "128号", "li.na77"] {
        assert!(!text.contains(secret), "{secret} is shown");
    }
    let log: Value = serde_json::from_str(&text).expect("JSON");
    let errors: Vec<String> = schema.iter_errors(&log).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");

    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let lines = parsed(&written(OutputFormat::JsonLines, options(false)));
    let count = |is: fn(&Line) -> bool| lines.iter().filter(|l| is(l)).count();
    let records = count(|l| matches!(l, Line::Record(_)));
    let lone = count(|l| matches!(l, Line::Finding(f) if f.record.is_none()));
    assert_eq!(results.len(), records + lone);
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().expect("an index") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(result.get("partialFingerprints").is_none());
    }
    let keyed = |key: u64| {
        let mut options = options(false);
        options.value_hash = Some(ValueHash::new(move |kind, value| {
            key.wrapping_mul(value.len() as u64 + kind as u64 + 1)
        }));
        let log: Value =
            serde_json::from_str(&written(OutputFormat::Sarif, options)).expect("JSON");
        let errors: Vec<String> = schema.iter_errors(&log).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let results = log["runs"][0]["results"].as_array().expect("results");
        let prints = results.iter().map(|r| r["partialFingerprints"].clone());
        prints.collect::<Vec<Value>>()
    };
    let prints = keyed(7);
    assert!(
        prints
            .iter()
            .all(|p| p.as_object().is_some_and(|p| !p.is_empty()))
    );
    assert!(
        prints
            .iter()
            .any(|p| p["mobile/v1"].is_string() && p["name/v1"].is_string())
    );
    assert_eq!(prints, keyed(7));
    assert_ne!(prints, keyed(8));

    let record = results
        .iter()
        .find(|r| r["ruleId"] == "record")
        .expect("a record");
    assert!(
        record["relatedLocations"]
            .as_array()
            .is_some_and(|l| l.len() > 2)
    );
    let uris: Vec<&str> = results
        .iter()
        .filter_map(|r| r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str())
        .collect();
    assert!(uris.contains(&"chat%201.txt") && uris.contains(&"dump.zip!/%E5%86%85/orders.csv"));
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notes = invocation["toolExecutionNotifications"]
        .as_array()
        .expect("notes");
    assert_eq!(notes.len(), 4);
}
