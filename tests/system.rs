//! What the system refuses, and what a terminal shows.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use unicode_width::UnicodeWidthStr;

use crate::cli::lines;
use crate::support::synth::{self, Person, Rng};

fn people(count: usize) -> Vec<Person> {
    let mut rng = Rng::new(3);
    (0..count).map(|_| synth::person(&mut rng)).collect()
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the owner may");
}

/// The program as a user who may not read everything: root may, so it becomes somebody else.
fn as_user(dir: &Path) -> Command {
    const NOBODY: u32 = 65_534;
    let mut command = if rustix::process::geteuid().is_root() {
        // Where the tests are built, others may not enter.
        let program = dir.join("miandan");
        fs::copy(env!("CARGO_BIN_EXE_miandan"), &program).expect("room for a copy");
        mode(&program, 0o755);
        let mut command = Command::new(program);
        command.uid(NOBODY).gid(NOBODY);
        command
    } else {
        Command::new(env!("CARGO_BIN_EXE_miandan"))
    };
    command.current_dir(dir).stdin(Stdio::null());
    command
}

#[test]
fn what_may_not_be_read_is_told_and_the_rest_is_scanned() {
    let dir = tempfile::tempdir().expect("a folder");
    mode(dir.path(), 0o755);
    let data = dir.path().join("data");
    let closed = data.join("closed");
    fs::create_dir_all(&closed).expect("folders");
    let text = synth::key_value(&people(2));
    for (name, bits) in [
        ("a.txt", 0o644),
        ("b.txt", 0o000),
        ("closed/c.txt", 0o644),
        ("d.txt", 0o644),
    ] {
        fs::write(data.join(name), &text).expect("written");
        mode(&data.join(name), bits);
    }
    mode(&data, 0o755);
    mode(&closed, 0o000);
    let output = as_user(dir.path())
        .args(["scan", "data", "--format", "jsonl"])
        .output()
        .expect("it runs");
    mode(&closed, 0o755);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    let lines = lines(&output);
    let refused: Vec<&str> = lines
        .iter()
        .filter(|l| l["code"] == "io.permission")
        .filter_map(|l| l["origin"]["path"].as_str())
        .collect();
    assert_eq!(refused, ["data/b.txt", "data/closed"], "{errors}");
    assert!(refused.iter().all(|path| errors.contains(path)), "{errors}");
    let summary = lines.last().expect("a summary");
    assert_eq!(summary["inputs"]["read"], 2);
    assert_eq!(summary["inputs"]["failed"], 2);
    assert_eq!(summary["records"], 4);
}

/// A program whose standard output and error are a terminal of so many columns, and what it has written when it ends.
struct Terminal {
    child: Child,
    shown: thread::JoinHandle<String>,
}

impl Terminal {
    fn run(columns: u16, args: &[&str], dir: &Path) -> Terminal {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
        grantpt(&ours)
            .and_then(|()| unlockpt(&ours))
            .expect("it may be opened");
        let size = Winsize {
            ws_row: 40,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&ours, size).expect("it has a size");
        let name = ptsname(&ours, Vec::new()).expect("it has a name");
        let theirs = fs::OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(OpenptFlags::NOCTTY.bits() as i32)
            .open(name.to_str().expect("a path"))
            .expect("it opens");
        let child = Command::new(env!("CARGO_BIN_EXE_miandan"))
            .args(args)
            .current_dir(dir)
            .env("TERM", "xterm")
            .env("NO_COLOR", "1")
            .stdin(Stdio::piped())
            .stdout(theirs.try_clone().expect("a second handle"))
            .stderr(theirs)
            .spawn()
            .expect("it runs");
        let shown = thread::spawn(move || {
            let (mut shown, mut reader) = (Vec::new(), fs::File::from(ours));
            let mut buffer = [0; 4096];
            // When the last handle of the other side is closed, reading fails.
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                shown.extend_from_slice(&buffer[..n]);
            }
            String::from_utf8_lossy(&shown).into_owned()
        });
        Terminal { child, shown }
    }

    fn shown(mut self) -> String {
        drop(self.child.stdin.take());
        assert!(self.child.wait().expect("it ends").success());
        self.shown.join().expect("it was read")
    }
}

#[test]
fn progress_counts_bytes_of_a_pipe() {
    let dir = tempfile::tempdir().expect("a folder");
    let args = ["scan", "-", "-o", "out.jsonl"];
    let mut terminal = Terminal::run(100, &args, dir.path());
    let text = synth::key_value(&people(4_000));
    let mut pipe = terminal.child.stdin.take().expect("a pipe");
    for part in text.as_bytes().chunks(text.len() / 8 + 1) {
        pipe.write_all(part).expect("it reads");
        thread::sleep(Duration::from_millis(150));
    }
    drop(pipe);
    let shown = terminal.shown();
    assert!(
        shown.contains("KiB/s") || shown.contains("MiB/s"),
        "{shown}"
    );
    assert!(
        shown.contains("0 inputs, ") && shown.contains(" findings; -"),
        "{shown}"
    );
}

#[test]
fn progress_names_the_entries_of_an_archive() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = synth::key_value(&people(1_500));
    let file = fs::File::create(dir.path().join("all.zip")).expect("a file");
    let mut zip = zip::ZipWriter::new(file);
    for name in ["a.txt", "b.txt", "c.txt", "d.txt"] {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(name, options).expect("an entry");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.finish().expect("whole");
    let shown = Terminal::run(100, &["scan", "all.zip", "-o", "out.jsonl"], dir.path()).shown();
    assert!(
        shown.contains("iB/s") && shown.contains("all.zip!"),
        "{shown}"
    );
    assert!(
        (1..4).any(|n| shown.contains(&format!("{n} inputs, "))),
        "{shown}"
    );
}

#[test]
fn pages_for_people_fit_the_terminal() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(
        dir.path().join("a.csv"),
        synth::csv(&mut Rng::new(1), &people(20)),
    )
    .expect("written");
    for columns in [40, 66, 100] {
        let shown = Terminal::run(columns, &["scan", "--no-progress", "a.csv"], dir.path()).shown();
        assert!(
            shown.contains("a.csv (utf-8)") && shown.contains("complete 20"),
            "{shown}"
        );
        let widest = shown
            .lines()
            .map(|l| l.trim_end().width())
            .max()
            .unwrap_or(0);
        assert!(
            widest <= usize::from(columns),
            "{columns}: {widest}\n{shown}"
        );
    }
}
