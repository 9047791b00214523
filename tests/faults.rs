//! What goes wrong while reading and writing: results so far are kept, the trouble is told, nothing panics.

use std::io::{self, Read, Write as _};
use std::ops::ControlFlow;

use miandan::source::{Options, walk};
use miandan::{Origin, PageReport, Result, Scanner, Sink, Sourced, Totals, Unit};

/// Counts findings and keeps the codes of warnings.
#[derive(Default)]
struct Seen {
    findings: usize,
    codes: Vec<String>,
}

impl Sink for Seen {
    type Rendered = (usize, Vec<String>);

    fn render(&self, page: &PageReport<'_>) -> Self::Rendered {
        let codes = page.warnings().iter().map(|w| w.code.to_string());
        (page.len(), codes.collect())
    }

    fn accept(&mut self, (findings, codes): Self::Rendered) -> Result<ControlFlow<()>> {
        self.findings += findings;
        self.codes.extend(codes);
        Ok(ControlFlow::Continue(()))
    }
}

fn scan(sources: impl IntoIterator<Item = Sourced, IntoIter: Send>) -> (Totals, Seen) {
    let scanner = Scanner::new().expect("valid options");
    let mut seen = Seen::default();
    let totals = scanner.par_scan(sources, &mut seen);
    (totals.expect("the sink never fails"), seen)
}

fn rows(n: usize) -> String {
    let row = |i| format!("{i},1381234{i:04}\n");
    (0..n).map(row).collect()
}

#[test]
fn what_stands_before_an_unreadable_place_is_found() {
    struct Broken(io::Cursor<Vec<u8>>);
    impl Read for Broken {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buf)? {
                0 => Err(io::Error::other("a bad sector")),
                n => Ok(n),
            }
        }
    }
    let unit = |reader: Box<dyn Read + Send>| {
        Sourced::Unit(Unit {
            origin: Origin::path("disk"),
            reader,
            format: None,
            encoding: None,
        })
    };
    let bytes = rows(1000).into_bytes();
    let broken = unit(Box::new(Broken(io::Cursor::new(bytes.clone()))));
    let after = unit(Box::new(io::Cursor::new(bytes)));
    let (totals, seen) = scan([broken, after]);
    assert_eq!((totals.inputs_failed, totals.inputs_read), (1, 1));
    assert_eq!(
        (seen.findings, seen.codes),
        (2000, vec!["io.error".to_owned()])
    );
}

#[test]
fn a_file_that_is_cut_short_is_told_to_be() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    std::fs::write(&path, rows(1000)).expect("written");
    let opened: Vec<Sourced> = walk([&path], Options::default()).collect();
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .expect("opened");
    file.set_len(rows(500).len() as u64).expect("cut");
    let (totals, seen) = scan(opened);
    assert_eq!(totals.inputs_failed, 1);
    assert_eq!(
        (seen.findings, seen.codes),
        (500, vec!["input.truncated".to_owned()])
    );
}

#[test]
fn what_is_appended_meanwhile_is_left_out() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    std::fs::write(&path, rows(1000)).expect("written");
    let opened: Vec<Sourced> = walk([&path], Options::default()).collect();
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .expect("opened");
    file.write_all(rows(10).as_bytes()).expect("appended");
    let (totals, seen) = scan(opened);
    assert_eq!(
        (totals.inputs_read, totals.bytes),
        (1, rows(1000).len() as u64)
    );
    assert_eq!((seen.findings, seen.codes), (1000, vec![]));
}

/// The program, with inputs and outputs that fail.
#[cfg(unix)]
mod program {
    use std::process::{Command, Stdio};

    use super::*;

    /// Runs a script with the program as `$1` and an input of many rows as `$2`, in a folder of its own.
    fn run(script: &str) -> (Option<i32>, String, tempfile::TempDir) {
        let dir = tempfile::tempdir().expect("a folder");
        let input = dir.path().join("in.csv");
        std::fs::write(&input, rows(5000)).expect("written");
        let output = Command::new("sh")
            .args(["-c", script, "sh", env!("CARGO_BIN_EXE_miandan")])
            .arg(&input)
            .current_dir(dir.path())
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!told.contains("panicked"), "{told}");
        (output.status.code(), told, dir)
    }

    #[test]
    fn a_full_disk_is_told() {
        if std::path::Path::new("/dev/full").exists() {
            for script in [
                "\"$1\" scan --format jsonl -o /dev/full \"$2\"",
                "\"$1\" scan --format jsonl \"$2\" > /dev/full",
                "\"$1\" scan --format csv \"$2\" > /dev/full",
            ] {
                let (code, told, _dir) = run(script);
                assert_eq!(code, Some(2), "{script}: {told}");
                assert!(!told.is_empty(), "{script}");
            }
        }
    }

    #[test]
    fn whole_lines_stay_when_no_more_can_be_written() {
        let script = "trap '' XFSZ; ulimit -f 100; \"$1\" scan -o out.jsonl -o out.csv \"$2\"";
        let (code, told, dir) = run(script);
        assert_eq!(code, Some(2), "{told}");
        let out = std::fs::read_to_string(dir.path().join("out.jsonl.part")).expect("results");
        assert!(
            out.ends_with("}\n") && out.len() > 40_000,
            "{} bytes",
            out.len()
        );
        for line in out.lines() {
            serde_json::from_str::<serde_json::Value>(line).expect("whole");
        }
        assert!(told.contains("miandan: out.jsonl.part: "), "{told}");
    }

    #[test]
    fn a_closed_pipe_ends_the_program_quietly() {
        let (_, told, _dir) = run("\"$1\" scan --format jsonl \"$2\" | head -n 1 > out");
        assert_eq!(told, "");
    }

    #[test]
    fn an_unreadable_file_does_not_stop_the_others() {
        let (code, told, dir) = run(
            "mkdir d; cp \"$2\" d/b.csv; ln -s nothing d/a; \"$1\" scan --format jsonl d > out",
        );
        assert_eq!(code, Some(2), "{told}");
        let out = std::fs::read_to_string(dir.path().join("out")).expect("results");
        assert_eq!(out.matches("\"type\":\"finding\"").count(), 5000);
    }
}
