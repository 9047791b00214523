//! How the program behaves: several outputs, settings, interruptions, full disks.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const TEXT: &str = "收件人：张伟 电话：13812345678 地址：浙江省杭州市西湖区文三路128号\n";

struct Dir(tempfile::TempDir);

impl Dir {
    fn new() -> Dir {
        Dir(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("written");
        path
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("readable")
    }

    /// The program, run in this folder.
    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("it runs")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_miandan"));
        command
            .args(args)
            .current_dir(self.0.path())
            .stdin(Stdio::null());
        for variable in ["MIANDAN_CONFIG", "MIANDAN_KEY", "MIANDAN_KINDS"] {
            command.env_remove(variable);
        }
        command
    }
}

fn ok(output: &Output) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
}

fn errors(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}")))
        .collect()
}

fn kinds(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    lines(&text)
        .iter()
        .filter(|l| l["type"] == "finding")
        .map(|l| l["kind"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn one_scan_writes_several_outputs() {
    let dir = Dir::new();
    dir.file("in.txt", TEXT);
    let outputs = ["a.jsonl", "b.csv", "sarif=c.json", "human=-"];
    let mut args = vec!["scan", "in.txt"];
    for output in outputs {
        args.extend(["-o", output]);
    }
    let run = dir.run(&args);
    ok(&run);
    assert!(String::from_utf8_lossy(&run.stdout).contains("records 1"));
    assert_eq!(lines(&dir.read("a.jsonl")).len(), 5);
    assert_eq!(dir.read("b.csv").lines().count(), 4);
    let sarif: Value = serde_json::from_str(&dir.read("c.json")).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "record");
    let names = fs::read_dir(dir.0.path()).expect("readable").count();
    assert_eq!(names, 4, "nothing else is left");

    let unclear = dir.run(&["scan", "in.txt", "-o", "a.jsonl", "-o", "d.dat"]);
    assert!(errors(&unclear).contains("jsonl=d.dat"));
    let twice = dir.run(&["scan", "in.txt", "-o", "a.csv", "-o", "jsonl=a.csv"]);
    assert!(errors(&twice).contains("twice"));
    let missing = dir.run(&["scan", "in.txt", "-o", "no/such/dir.csv"]);
    assert!(errors(&missing).contains("no/such/dir.csv"));
}

#[test]
fn an_output_in_the_scanned_directory_is_no_input() {
    let dir = Dir::new();
    dir.file("in.txt", TEXT);
    for _ in 0..2 {
        ok(&dir.run(&["scan", ".", "-o", "out.jsonl", "--show-values"]));
        let text = dir.read("out.jsonl");
        let summary = &lines(&text)[4];
        assert_eq!(summary["inputs"]["read"], 1);
        assert_eq!(summary["findings"]["mobile"], 1);
    }
}

#[test]
fn what_is_no_text_is_left_out_and_counted() {
    let dir = Dir::new();
    fs::create_dir(dir.path("in")).expect("a folder");
    dir.file("in/a.txt", TEXT);
    let noise: Vec<u8> = (0..4_000u32).map(|n| (n * n % 251) as u8).collect();
    fs::write(dir.path("in/b.bin"), noise).expect("written");
    let output = dir.run(&["scan", "in", "--format", "jsonl"]);
    ok(&output);
    let summary = lines(&String::from_utf8_lossy(&output.stdout))
        .pop()
        .expect("a summary");
    let inputs = &summary["inputs"];
    assert_eq!(
        (&inputs["read"], &inputs["skipped"]),
        (&1.into(), &1.into())
    );
    let warned = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(warned.contains("b.bin") && warned.contains("input.binary"));
}

#[test]
fn limits_of_archives_are_options() {
    let dir = Dir::new();
    let mut zip = zip::ZipWriter::new(fs::File::create(dir.path("a.zip")).expect("created"));
    let options = zip::write::SimpleFileOptions::default();
    for name in ["a.txt", "b.txt"] {
        zip.start_file(name, options).expect("an entry");
        zip.write_all(TEXT.as_bytes()).expect("written");
    }
    zip.finish().expect("a zip");
    let mobiles = |args: &[&str], code: i32| {
        let args = [&["scan", "a.zip", "--format", "jsonl"], args].concat();
        let output = dir.run(&args);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {told}");
        assert_eq!(told.contains("archive.limit"), code == 2, "{told}");
        kinds(&output).iter().filter(|k| *k == "mobile").count()
    };
    assert_eq!(mobiles(&[], 0), 2);
    assert_eq!(mobiles(&["--archive-entries", "1"], 2), 1);
    assert_eq!(mobiles(&["--archive-depth", "0"], 2), 0);
    // The first block is unpacked before it can be counted.
    assert_eq!(mobiles(&["--archive-size", "0"], 2), 1);
}

#[test]
fn warnings_of_one_sort_are_shown_three_times() {
    let dir = Dir::new();
    // A broken byte on every page.
    let page = [TEXT.repeat(2_000).as_bytes(), b"\xFF\n"].concat();
    fs::write(dir.path("a.txt"), page.repeat(5)).expect("written");
    let output = dir.run(&["scan", "a.txt", "--format", "jsonl"]);
    let told = errors(&output);
    let shown = told.lines().filter(|l| l.contains("skipped")).count();
    assert_eq!(shown, 3, "{told}");
    assert!(told.contains("more of these (decode.malformed)"), "{told}");
    let all = lines(&String::from_utf8_lossy(&output.stdout));
    let all = all.iter().filter(|l| l["code"] == "decode.malformed");
    assert_eq!(all.count(), 5);
}

#[test]
fn only_some_fields_are_scanned() {
    let dir = Dir::new();
    dir.file(
        "a.csv",
        "编号,电话,备注\n1,13812345678,打13987654321\n2,13812345679,无\n",
    );
    dir.file(
        "b.jsonl",
        "{\"电话\":\"13812345678\",\"备注\":{\"a\":[\"13987654321\"]}}\n",
    );
    for (field, found) in [("备注", 2), ("电话", 3), ("/备注/a", 1)] {
        let run = dir.run(&["scan", "a.csv", "b.jsonl", "--text-field", field, "-q"]);
        assert_eq!(kinds(&run).len(), found, "{field}");
    }
    let run = dir.run(&["scan", "a.csv", "b.jsonl", "--text-field", "remark"]);
    let told = errors(&run);
    assert_eq!(
        told.matches("no field is called remark").count(),
        2,
        "{told}"
    );
}

const CONFIG: &str = r#"kinds = ["mobile", "landline", "custom"]
id_field = "编号"

[fields]
"猪脚暗号" = "mobile"

[[allow]]
kind = "mobile"
pattern = '1381234\d{4}'

[[detector]]
id = "member-card"
pattern = 'HY\d{8}'
words = ["会员"]
check = "luhn"
"#;

#[test]
fn settings_come_from_file_environment_and_flags() {
    let dir = Dir::new();
    dir.file(
        "in.txt",
        "客服 13812345678，会员 HY12345674，张伟的电话 13987654321\n",
    );
    let all = dir.run(&["scan", "in.txt"]);
    assert_eq!(kinds(&all).iter().filter(|k| *k == "mobile").count(), 2);
    dir.file("miandan.toml", CONFIG);
    let run = dir.run(&["scan", "in.txt"]);
    ok(&run);
    assert_eq!(kinds(&run), ["custom", "mobile"]);
    assert!(String::from_utf8_lossy(&run.stderr).contains("1 findings are on the allow-list"));
    let detail = &lines(&String::from_utf8_lossy(&run.stdout))[0]["detail"];
    assert_eq!(detail["rule"], "member-card");

    let environment = dir
        .command(&["scan", "in.txt"])
        .env("MIANDAN_KINDS", "mobile")
        .output()
        .expect("it runs");
    assert_eq!(kinds(&environment), ["mobile"]);
    let flag = dir
        .command(&["scan", "in.txt", "--kinds", "custom"])
        .env("MIANDAN_KINDS", "mobile")
        .output()
        .expect("it runs");
    assert_eq!(kinds(&flag), ["custom"]);
    let without = dir.run(&["scan", "in.txt", "--no-config"]);
    assert_eq!(kinds(&without), kinds(&all));

    let shown = dir.run(&["config", "--min-confidence", "0.7"]);
    ok(&shown);
    let shown = String::from_utf8(shown.stdout).expect("UTF-8");
    assert!(shown.contains("# settings file: miandan.toml"));
    assert!(shown.contains("min_confidence = 0.7") && shown.contains("member-card"));
    dir.file("again.toml", &shown);
    let again = dir.run(&["config", "--config", "again.toml"]);
    let again = String::from_utf8(again.stdout).expect("UTF-8");
    assert_eq!(
        shown.split_once('\n').expect("lines").1,
        again.split_once('\n').expect("lines").1
    );
    let rules = dir.run(&["rules"]);
    assert!(String::from_utf8_lossy(&rules.stdout).contains("member-card"));
}

#[test]
fn wrong_settings_are_pointed_at() {
    let dir = Dir::new();
    dir.file("in.txt", TEXT);
    dir.file(
        "miandan.toml",
        "kinds = [\"mobile\"]\nmin_confidance = 0.5\n",
    );
    let told = errors(&dir.run(&["scan", "in.txt"]));
    assert!(
        told.contains("miandan.toml") && told.contains("line 2") && told.contains("min_confidance"),
        "{told}"
    );
    let told = errors(&dir.run(&["scan", "in.txt", "--no-config", "--min-confidence", "7"]));
    assert!(told.contains("from 0 to 1"), "{told}");
}

#[test]
fn an_allow_list_of_hashes_tells_nothing() {
    let dir = Dir::new();
    dir.file("key", "a secret of more than sixteen bytes");
    dir.file("own.txt", "电话 13812345678\n");
    dir.file("in.txt", "电话 138-1234-5678 或 13987654321\n");
    let list = dir.run(&["allow", "own.txt", "--key-file", "key"]);
    ok(&list);
    let list = String::from_utf8(list.stdout).expect("UTF-8");
    assert!(list.contains("kind = \"mobile\"") && !list.contains("13812345678"));
    dir.file("miandan.toml", &list);
    let run = dir.run(&["scan", "in.txt", "--allow-key", "key"]);
    assert_eq!(kinds(&run), ["mobile"]);
    assert!(errors(&dir.run(&["scan", "in.txt"])).contains("key"));
    assert!(errors(&dir.run(&["allow", "own.txt"])).contains("MIANDAN_KEY"));
}

#[test]
fn the_program_describes_itself() {
    let dir = Dir::new();
    let schema = dir.run(&["schema"]);
    assert!(serde_json::from_slice::<Value>(&schema.stdout).is_ok_and(|s| s["oneOf"].is_array()));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = dir.run(&["completions", shell]);
        ok(&script);
        assert!(
            String::from_utf8_lossy(&script.stdout).contains("fail-on-findings"),
            "{shell}"
        );
    }
    let page = dir.run(&["man"]);
    assert!(String::from_utf8_lossy(&page.stdout).contains(".TH miandan 1"));
    ok(&dir.run(&["man", "--dir", "pages"]));
    assert!(dir.read("pages/miandan-scan.1").contains("resume"));
    for command in ["scan", "config", "allow", "report", "redact", "completions"] {
        let help = dir.run(&[command, "--help"]);
        ok(&help);
        assert!(help.stdout.len() > 300, "{command}");
    }
}

#[test]
fn without_colours_there_are_none() {
    let dir = Dir::new();
    dir.file("in.txt", TEXT);
    let run = dir.run(&["scan", "in.txt", "--format", "human", "--explain"]);
    ok(&run);
    let text = String::from_utf8(run.stdout).expect("UTF-8");
    assert!(!text.contains('\u{1b}'));
    assert!(
        text.contains("context.label-same") && text.contains("provinces"),
        "{text}"
    );
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_whole_lines() {
    let dir = Dir::new();
    dir.file("in.txt", &TEXT.repeat(3_000));
    let miandan = env!("CARGO_BIN_EXE_miandan");
    // Files may grow to 600 blocks of 512 (or 1,024) bytes, then writing fails.
    let script = format!("trap '' XFSZ; ulimit -f 600; exec {miandan} scan in.txt -o out.jsonl");
    let run = Command::new("sh")
        .args(["-c", &script])
        .current_dir(dir.0.path())
        .output()
        .expect("it runs");
    let told = errors(&run);
    assert!(
        told.contains("out.jsonl.part holds what was found"),
        "{told}"
    );
    assert!(!dir.path("out.jsonl").exists());
    let kept = dir.read("out.jsonl.part");
    assert!(kept.is_empty() || kept.ends_with('\n'));
    lines(&kept);
    if Path::new("/dev/full").exists() {
        errors(&dir.run(&["scan", "in.txt", "-o", "/dev/full"]));
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_scan_keeps_what_it_found_and_goes_on() {
    let dir = Dir::new();
    for name in ["a.txt", "b.txt"] {
        dir.file(name, TEXT);
    }
    let args = |output| ["scan", "a.txt", "b.txt", "c.txt", "-q", "-o", output];
    dir.file("c.txt", &TEXT.repeat(2));
    ok(&dir.run(&args("whole.jsonl")));
    fs::remove_file(dir.path("c.txt")).expect("removed");

    // The third input never ends.
    let fifo = dir.path("c.txt");
    let made = Command::new("mkfifo").arg(&fifo).status().expect("it runs");
    assert!(made.success());
    let mut child = dir
        .command(&args("out.jsonl"))
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let writer = std::thread::spawn(move || {
        let mut pipe = fs::OpenOptions::new().write(true).open(fifo).expect("read");
        let block = TEXT.repeat(2_000);
        while pipe.write_all(block.as_bytes()).is_ok() {}
    });
    let journal = dir.path("out.jsonl.resume");
    let begun = Instant::now();
    let noted = || fs::read_to_string(&journal).is_ok_and(|text| text.lines().count() == 3);
    while !noted() {
        assert!(begun.elapsed() < Duration::from_mins(2), "nothing is noted");
        std::thread::sleep(Duration::from_millis(20));
    }
    let asked = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("it runs");
    assert!(asked.success());
    let code = child.wait().expect("it ends").code();
    let told = child.wait_with_output().expect("it ended").stderr;
    let told = String::from_utf8_lossy(&told).into_owned();
    writer.join().expect("the reader is gone");
    assert_eq!(code, Some(2), "{told}");
    assert!(
        told.contains("interrupted") && told.contains("--resume"),
        "{told}"
    );
    let kept = lines(&dir.read("out.jsonl.part"));
    assert_eq!(kept[kept.len() - 2]["code"], "scan.interrupted");
    assert_eq!(kept[kept.len() - 1]["type"], "summary");
    assert!(!dir.path("out.jsonl").exists());

    fs::remove_file(dir.path("c.txt")).expect("removed");
    dir.file("c.txt", &TEXT.repeat(2));
    let mut other = args("out.jsonl").to_vec();
    other.extend(["--resume", "--show-values"]);
    assert!(errors(&dir.run(&other)).contains("other settings"));
    let mut again = args("out.jsonl").to_vec();
    again.push("--resume");
    ok(&dir.run(&again));
    let timeless = |name: &str| {
        let mut lines = lines(&dir.read(name));
        for line in &mut lines {
            if let Some(elapsed) = line.get_mut("elapsed_ms") {
                *elapsed = 0.into();
            }
        }
        lines
    };
    assert_eq!(timeless("out.jsonl"), timeless("whole.jsonl"));
    assert!(!journal.exists() && !dir.path("out.jsonl.part").exists());
    let stdout = dir.run(&["scan", "a.txt", "--resume"]);
    assert!(errors(&stdout).contains("--resume needs"));
}
