//! The arrows between the layers, as ARCHITECTURE.md draws them.

use std::collections::BTreeMap;
use std::path::Path;

/// What each module of `src/` may use, besides the base modules and itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("table", &["text"]),
    ("anchor", &["text", "table", "scan"]),
    ("detect", &["anchor", "text", "table"]),
    (
        "score",
        &["detect", "anchor", "text", "table", "record", "scan"],
    ),
    ("record", &["score", "anchor", "table", "scan"]),
    (
        "scan",
        &["record", "score", "detect", "anchor", "text", "table"],
    ),
    ("parse", &["scan", "record", "detect", "text", "table"]),
    ("source", &["scan", "text"]),
    (
        "report",
        &["scan", "record", "text", "table", "mask", "detect"],
    ),
    ("listing", &["scan", "record", "text", "table", "detect"]),
    ("leak", &["scan", "record", "listing", "text", "table"]),
    (
        "redact",
        &[
            "scan", "source", "record", "report", "text", "table", "detect",
        ],
    ),
    ("policy", &["scan", "record", "listing", "report"]),
    (
        "output",
        &[
            "scan", "record", "report", "mask", "text", "anchor", "table", "detect", "parse",
        ],
    ),
    ("eval", &["scan", "listing", "table"]),
    (
        "config",
        &["scan", "detect", "table", "leak", "policy", "report"],
    ),
];

/// Modules that everything may use.
const BASE: &[&str] = &[
    "kind", "span", "finding", "evidence", "error", "hash", "mask", "canon",
];

fn module_of(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap_or_default()
}

fn sources(dir: &Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

#[test]
fn arrows_point_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let may_use: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut wrong = Vec::new();
    for file in files {
        let relative = file
            .strip_prefix(&root)
            .expect("inside")
            .to_string_lossy()
            .replace('\\', "/");
        let module = module_of(&relative);
        if relative == "lib.rs" || module == "bin" || BASE.contains(&module) {
            continue;
        }
        let Some(allowed) = may_use.get(module) else {
            wrong.push(format!("{relative}: module {module} is not in the picture"));
            continue;
        };
        let text = std::fs::read_to_string(&file).expect("readable");
        for line in text.lines() {
            if line.trim_start().starts_with("#[cfg(test)]") {
                break;
            }
            let Some(rest) = line.trim().strip_prefix("use crate::") else {
                continue;
            };
            let used = rest
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .next()
                .unwrap_or_default();
            let is_type = used.starts_with(char::is_uppercase) || used.is_empty();
            if !is_type && used != module && !BASE.contains(&used) && !allowed.contains(&used) {
                wrong.push(format!("{relative} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn detectors_do_not_know_each_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/detect");
    let mut files = Vec::new();
    sources(&root, &mut files);
    for file in files {
        let relative = file
            .strip_prefix(&root)
            .expect("inside")
            .to_string_lossy()
            .replace('\\', "/");
        let slice = module_of(&relative).to_owned();
        if relative == "mod.rs" {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("readable");
        for line in text
            .lines()
            .filter_map(|l| l.trim().strip_prefix("use crate::detect::"))
        {
            let used = line
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .next()
                .unwrap_or_default();
            let shared = used.is_empty() || used.starts_with(char::is_uppercase) || used == "card";
            assert!(shared || used == slice, "{relative} uses the slice {used}");
        }
    }
}
