//! The program from end to end.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

pub(super) fn miandan() -> Command {
    Command::new(env!("CARGO_BIN_EXE_miandan"))
}

pub(super) fn with_input(args: &[&str], input: &str) -> Output {
    let mut child = miandan()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input.as_bytes())
        .expect("it reads");
    child.wait_with_output().expect("it ends")
}

pub(super) fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    text.lines()
        .map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}")))
        .collect()
}

const TEXT: &str = "收件人：张伟 电话：13812345678 地址：浙江省杭州市西湖区文三路128号\n";

#[test]
fn values_are_masked_unless_asked_for() {
    let masked = with_input(&["scan"], TEXT);
    assert_eq!(masked.status.code(), Some(0));
    let text = String::from_utf8_lossy(&masked.stdout).into_owned();
    assert!(
        !text.contains("13812345678") && !text.contains("128号") && !text.contains("normalized")
    );
    let shown = with_input(&["scan", "--show-values"], TEXT);
    let mobile = lines(&shown)
        .into_iter()
        .find(|l| l["kind"] == "mobile")
        .expect("a mobile");
    assert_eq!(mobile["normalized"], "13812345678");
    assert_eq!(mobile["origin"]["path"], "-");
    assert_eq!(mobile["text_span"]["start"], 10);
}

#[test]
fn a_record_follows_its_findings_and_a_summary_ends() {
    let output = with_input(&["scan", "--format", "jsonl"], TEXT);
    let lines = lines(&output);
    let types: Vec<&str> = lines.iter().filter_map(|l| l["type"].as_str()).collect();
    assert_eq!(
        types,
        ["finding", "finding", "finding", "record", "summary"]
    );
    assert_eq!(lines[3]["role"], "receiver");
    assert_eq!(lines[4]["complete_records"], 1);
    let id = lines[3]["fields"]["mobile"].as_u64().expect("a mobile");
    assert!(
        lines
            .iter()
            .any(|l| l["type"] == "finding" && l["id"] == id && l["kind"] == "mobile")
    );
}

#[test]
fn exit_codes_tell_what_happened() {
    assert_eq!(
        with_input(&["scan", "--fail-on-findings"], TEXT)
            .status
            .code(),
        Some(1)
    );
    assert_eq!(
        with_input(&["scan", "--fail-on-findings"], "没有什么\n")
            .status
            .code(),
        Some(0)
    );
    assert_eq!(
        with_input(&["scan", "--kinds", "passport"], "")
            .status
            .code(),
        Some(2)
    );
    let missing = miandan()
        .args(["scan", "no-such-file"])
        .output()
        .expect("it runs");
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("no-such-file"));
}

#[test]
fn a_directory_is_read_whole_and_trouble_is_told() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("a.txt"), TEXT).expect("written");
    std::fs::create_dir(dir.path().join("sub")).expect("made");
    std::fs::write(
        dir.path().join("sub/b.csv"),
        "姓名,电话\n李娜,13987654321\n",
    )
    .expect("written");
    let path = dir.path().to_str().expect("a name");
    let output = miandan()
        .args(["scan", path, "--format", "jsonl"])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(0));
    let found = lines(&output);
    let csv = found
        .iter()
        .find(|l| l["origin"]["field"] == "电话")
        .expect("the table's mobile");
    assert_eq!(
        (
            csv["origin"]["row"].as_u64(),
            csv["origin"]["column"].as_u64()
        ),
        (Some(1), Some(2))
    );
    assert_eq!(found.last().expect("a summary")["inputs"]["read"], 2);
}

#[test]
fn csv_and_human_outputs_hold_every_finding() {
    let csv =
        String::from_utf8(with_input(&["scan", "--format", "csv"], TEXT).stdout).expect("UTF-8");
    assert_eq!(csv.lines().count(), 4);
    let human =
        String::from_utf8(with_input(&["scan", "--format", "human"], TEXT).stdout).expect("UTF-8");
    assert!(human.contains("records 1") && !human.contains("13812345678"));
}

#[test]
fn an_output_never_overwrites_an_input() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("a.txt");
    std::fs::write(&file, TEXT).expect("written");
    let name = file.to_str().expect("a name");
    let output = miandan()
        .args(["scan", name, "-o", name])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&file).expect("still there"), TEXT);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("a.txt");
    std::fs::write(&file, TEXT.repeat(20_000)).expect("written");
    let mut child = miandan()
        .arg("scan")
        .arg(Path::new(&file))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn rules_are_listed() {
    let output = miandan()
        .args(["rules", "--format", "json"])
        .output()
        .expect("it runs");
    let rules = lines(&output);
    for kind in ["name", "address", "mobile", "waybill"] {
        assert!(
            rules.iter().any(|r| r["kind"] == kind),
            "no rule for {kind}"
        );
    }
}

#[test]
fn eval_measures_a_labelled_file() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("gold.jsonl");
    let gold = r#"{"id":"1","text":"电话13812345678","entities":[{"label":"MOBILE","start":2,"end":13,"value":"13812345678"}]}"#;
    std::fs::write(&file, format!("{gold}\n")).expect("written");
    let output = miandan()
        .arg("eval")
        .arg(&file)
        .args(["--format", "json"])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(0));
    let report = &lines(&output)[0];
    assert_eq!(report["kinds"]["mobile"]["value"]["hit"], 1);
    std::fs::write(&file, "{\"text\":1}\n").expect("written");
    let broken = miandan().arg("eval").arg(&file).output().expect("it runs");
    assert_eq!(broken.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&broken.stderr).contains("line 1"));
}

fn file_in(dir: &tempfile::TempDir, name: &str, content: &str) -> String {
    let path = dir.path().join(name);
    std::fs::write(&path, content).expect("written");
    path.to_str().expect("a name").to_owned()
}

#[test]
fn redacted_output_scans_clean() {
    let dir = tempfile::tempdir().expect("a folder");
    let input = file_in(&dir, "in.txt", TEXT);
    let out = dir.path().join("out.txt");
    let output = out.to_str().expect("a name");
    for operator in ["mask", "label", "fake", "remove"] {
        let run = miandan()
            .args([
                "redact",
                &input,
                "-o",
                output,
                "--force",
                "--operator",
                operator,
            ])
            .output()
            .expect("it runs");
        assert_eq!(
            run.status.code(),
            Some(0),
            "{operator}: {}",
            String::from_utf8_lossy(&run.stderr)
        );
        let text = std::fs::read_to_string(&out).expect("written");
        assert!(
            !text.contains("13812345678") && text.contains("电话："),
            "{operator}: {text}"
        );
    }
    let again = miandan()
        .args(["redact", &input, "-o", output])
        .output()
        .expect("it runs");
    assert_eq!(
        again.status.code(),
        Some(2),
        "an existing file is not overwritten"
    );
    let same = miandan()
        .args(["redact", &input, "-o", &input, "--force"])
        .output()
        .expect("it runs");
    assert_eq!(same.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&input).expect("still there"), TEXT);
}

#[test]
fn a_delivery_line_is_taken_apart() {
    let output = with_input(
        &["parse"],
        "李娜，13987654321，浙江省杭州市西湖区文三路128号\n",
    );
    let line = &lines(&output)[0];
    assert_eq!(
        (line["name"].as_str(), line["mobile"].as_str()),
        (Some("李娜"), Some("13987654321"))
    );
    assert_eq!(
        (line["county"].as_str(), line["detail"].as_str()),
        (Some("西湖区"), Some("文三路128号"))
    );
    assert_eq!(line["codes"]["county"], 330_106);
}

#[test]
fn a_report_counts_people() {
    let output = with_input(&["report", "--format", "json", "-q"], &TEXT.repeat(3));
    let report = &lines(&output)[0];
    assert_eq!(report["figures"]["distinct_persons"], 1);
    assert_eq!(report["figures"]["records"], 3);
}

#[test]
fn listings_get_a_verdict() {
    let listings = "{\"title\":\"快递面单数据 一手实时\",\"text\":\"一元一条，千条起，姓名电话地址单号齐全，加V详谈\"}\n\
                    {\"title\":\"保温杯 304不锈钢\",\"text\":\"颜色可选，包邮\"}\n";
    let output = with_input(&["assess"], listings);
    let lines = lines(&output);
    assert_eq!(lines[0]["class"], "sells_data");
    assert_eq!(
        (lines[1]["class"].as_str(), lines[1]["verdict"].as_str()),
        (Some("benign"), Some("pass"))
    );
}

#[test]
fn the_same_leak_is_recognised_without_its_values() {
    let dir = tempfile::tempdir().expect("a folder");
    let a = file_in(&dir, "a.txt", TEXT);
    let b = file_in(
        &dir,
        "b.txt",
        &TEXT.replace("13812345678", "+86 138 1234 5678"),
    );
    let key = file_in(
        &dir,
        "key",
        "a secret of more than sixteen bytes, made for this test",
    );
    let mut sets = Vec::new();
    for (name, input) in [("a.set", &a), ("b.set", &b)] {
        let set = dir.path().join(name);
        let run = miandan()
            .args(["fingerprint", input, "--key-file", &key, "-q", "-o"])
            .arg(&set)
            .output()
            .expect("it runs");
        assert_eq!(
            run.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&run.stderr)
        );
        sets.push(set);
    }
    let output = miandan()
        .arg("match")
        .args(&sets)
        .output()
        .expect("it runs");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        lines(&output)
            .iter()
            .any(|l| l["shared"].as_u64() > Some(0))
    );
    let keyless = miandan()
        .args(["fingerprint", &a, "-q", "-o"])
        .arg(dir.path().join("c"))
        .output()
        .expect("it runs");
    assert_eq!(keyless.status.code(), Some(2));
}

/// The answers of the filter, one for each line.
fn filtered(args: &[&str], input: &str) -> (Vec<Value>, Option<i32>) {
    let output = with_input(&[&["filter"], args].concat(), input);
    let answers = lines(&output);
    assert_eq!(answers.len(), input.lines().count(), "one line for each");
    (answers, output.status.code())
}

#[test]
fn a_filter_answers_every_line_in_order() {
    let input = "{\"id\":7,\"title\":\"样品\",\"text\":\"张伟 13812345678\"}\n\
        {\"id\":\"b\",\"text\":null}\n\n{\"text\":15912345678}";
    let (answers, code) = filtered(&[], input);
    assert_eq!(code, Some(0));
    assert_eq!(answers[0]["id"], 7);
    let mobile = &answers[0]["findings"][1];
    assert_eq!(
        (&mobile["field"], &mobile["value"]),
        (&"text".into(), &"138******78".into())
    );
    assert_eq!(mobile["text_span"]["start"], 3);
    assert_eq!(answers[0]["records"][0]["fields"]["mobile"], 2);
    assert_eq!(answers[1]["id"], "b");
    for clean in [&answers[1], &answers[2]] {
        assert_eq!(clean["findings"], Value::Array(Vec::new()));
    }
    assert_eq!(
        answers[3]["findings"][0]["kind"], "mobile",
        "a number is a text"
    );
}

#[test]
fn a_filter_answers_bad_lines_and_goes_on() {
    let input = "not json\n[1]\n{\"title\":{}}\n{\"subject\":\"a\"}\n{\"text\":\"\\ud800\"}\n{\"text\":\"13812345678\"}\n";
    let (answers, code) = filtered(&["--show-values"], input);
    assert_eq!(code, Some(2));
    for bad in &answers[..5] {
        assert!(
            bad["error"].is_string() && bad.get("findings").is_none(),
            "{bad}"
        );
    }
    assert!(
        answers[3]["error"]
            .as_str()
            .is_some_and(|e| e.contains("--text-field"))
    );
    assert_eq!(answers[5]["findings"][0]["normalized"], "13812345678");
    let (answers, _) = filtered(
        &["--text-field", "subject"],
        "{\"subject\":\"电话13812345678\"}\n",
    );
    assert_eq!(answers[0]["findings"][0]["field"], "subject");
}

#[test]
fn a_filter_reads_and_writes_tsv() {
    let args = [
        "filter",
        "--input-format",
        "tsv",
        "--columns",
        "id,title,text",
    ];
    let input = "1\t\\N\t收件人：张伟\\n电话：13812345678\n2\ta\\tb\\\\\t\n3\tonly two\n";
    let output = with_input(&args, input);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(text.lines().count(), 3);
    let answers: Vec<Value> = text
        .lines()
        .map(|l| serde_json::from_str(&l.replace("\\\\", "\\")).expect("JSON"))
        .collect();
    assert_eq!(answers[0]["id"], "1");
    assert_eq!(answers[0]["records"][0]["fields"]["name"], 1);
    assert_eq!(answers[0]["findings"][1]["text_span"]["start"], 10);
    assert_eq!(answers[1]["findings"], Value::Array(Vec::new()));
    assert!(
        answers[2]["error"]
            .as_str()
            .is_some_and(|e| e.contains("--columns"))
    );
    let wrong = with_input(&["filter", "--columns", "a"], "");
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_filter_answers_what_it_has_before_it_reads_more() {
    use std::io::{BufRead, BufReader};
    let mut child = miandan()
        .args(["filter", "--input-format", "text"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    let mut answers = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    for _ in 0..3 {
        input
            .write_all("电话13812345678\n".as_bytes())
            .expect("it reads");
        let answer = answers.next().expect("an answer").expect("text");
        assert!(answer.contains("138******78"));
    }
    drop(input);
    assert!(answers.next().is_none());
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn inputs_come_from_lists_and_rules_leave_some_out() {
    let dir = tempfile::tempdir().expect("a directory");
    let inner = dir.path().join("exports");
    std::fs::create_dir(&inner).expect("a directory");
    for name in ["a.txt", "b.log", "c.txt"] {
        std::fs::write(inner.join(name), "电话：13812345678\n").expect("a file");
    }
    let list = dir.path().join("list");
    std::fs::write(&list, format!("{0}/a.txt\n{0}/c.txt\n", inner.display())).expect("a list");
    let mobiles = |args: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_miandan"))
            .args(["scan", "--format", "jsonl"])
            .args(args)
            .stdin(std::process::Stdio::null())
            .output()
            .expect("the program runs");
        assert!(out.status.success(), "{args:?}");
        let text = String::from_utf8(out.stdout).expect("UTF-8");
        text.matches("\"kind\":\"mobile\"").count()
    };
    let inner = inner.to_str().expect("a path");
    assert_eq!(mobiles(&[inner]), 3);
    assert_eq!(mobiles(&["--ignore", "*.log", inner]), 2);
    assert_eq!(
        mobiles(&["--files-from", list.to_str().expect("a path")]),
        2
    );
}
