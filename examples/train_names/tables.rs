//! Names in whole documents, where columns, headers and labels are known: what the scanner makes of them in layouts that
//! training does not have.

use std::collections::BTreeMap;
use std::fmt::Write;

use miandan::{Form, Input, Kind, Scanner};

use crate::layouts::{self, KNOWN, STYLES};
use crate::names::Names;
use crate::random::Random;

/// Rows of a document, and documents of every layout.
const ROWS: usize = 40;
const DOCUMENTS: usize = 10;

/// Different values of the cells without a name in one document.
const CELLS: usize = 6;

/// Name of the layout, first lines, one record, and what ends a document. `{n}` is the name, `{c}` a cell without one, `{i}` the
/// number of the row.
const LAYOUTS: &[(&str, &str, &str, &str)] = &[
    (
        "csv, header",
        "序号,收货人,联系电话,收货地址,状态\n",
        "{i},{n},{m},{a},{c}\n",
        "",
    ),
    (
        "tsv, header in English",
        "waybill\tconsignee\tphone\tremark\n",
        "{w}\t{n}\t{m}\t{c}\n",
        "",
    ),
    ("csv without header", "", "{w},{c},{n},{m},{c},{a}\n", ""),
    ("bars, no header", "", "{i}|{c}|{n}|{c}|{m}\n", ""),
    ("four dashes", "", "{m}----{n}----{c}----{a}\n", ""),
    (
        "quoted, name last",
        "",
        "\"{w}\",\"{m}\",\"{c}\",\"{n}\"\n",
        "",
    ),
    (
        "names and cells only",
        "编号,客户名称,类别\n",
        "{i},{n},{c}\n",
        "",
    ),
    ("names, no numbers, no header", "", "{i},{n},{c}\n", ""),
    (
        "JSON Lines",
        "",
        "{\"id\":{i},\"nm\":\"{n}\",\"st\":\"{c}\",\"tel\":\"{m}\"}\n",
        "",
    ),
    (
        "JSON Lines with a key",
        "",
        "{\"receiver\":{\"userName\":\"{n}\",\"level\":\"{c}\"}}\n",
        "",
    ),
    (
        "key and value",
        "",
        "订单{i}\n收件人姓名：{n}\n手机：{m}\n收件地址：{a}\n状态：{c}\n\n",
        "",
    ),
    (
        "SQL",
        "INSERT INTO `orders` (`id`,`consignee`,`tel`,`state`) VALUES\n",
        "({i},'{n}','{m}','{c}'),\n",
        "(0,'','','');\n",
    ),
    (
        "SQL without columns",
        "INSERT INTO t VALUES\n",
        "({i},'{c}','{n}','{m}'),\n",
        "(0,'','','');\n",
    ),
    (
        "HTML",
        "<table>\n",
        "<tr><td>{i}</td><td>{n}</td><td>{m}</td><td>{c}</td></tr>\n",
        "</table>\n",
    ),
    ("spaces", "", "{n} {m} {a} {c}\n", ""),
    ("one a line", "", "{n}\n", ""),
    ("no name: status", "单号,状态,电话\n", "{w},{c},{m}\n", ""),
    ("no name, no header", "", "{i},{c},{m},{c},{a}\n", ""),
    (
        "no name: JSON Lines",
        "",
        "{\"w\":\"{w}\",\"a\":\"{c}\",\"b\":\"{c}\"}\n",
        "",
    ),
];

#[derive(Default)]
struct Counts {
    /// Found and wanted by style.
    styles: BTreeMap<&'static str, (usize, usize)>,
    right: usize,
    found: usize,
    wanted: usize,
}

/// A table: what was found in every layout.
pub(crate) fn measured() -> String {
    let scanner = Scanner::new().expect("the built-in rules");
    let names = Names::new(&[], &[]);
    let mut random = Random::new(99);
    let mut out = String::new();
    let mut all = Counts::default();
    for (layout, head, row, tail) in LAYOUTS {
        let mut counts = Counts::default();
        for _ in 0..DOCUMENTS {
            let (text, wanted) = document(&names, head, row, tail, &mut random);
            count(&scanner, &text, &wanted, &mut counts);
        }
        line(&mut out, layout, &counts);
        all.right += counts.right;
        all.found += counts.found;
        all.wanted += counts.wanted;
        for (style, (right, wanted)) in counts.styles {
            let sum = all.styles.entry(style).or_default();
            *sum = (sum.0 + right, sum.1 + wanted);
        }
    }
    line(&mut out, "all", &all);
    out
}

type Wanted = (usize, usize, &'static str);

fn document(
    names: &Names,
    head: &str,
    row: &str,
    tail: &str,
    random: &mut Random,
) -> (String, Vec<Wanted>) {
    let mut text = head.to_owned();
    let mut wanted = Vec::new();
    // A column of a real table has few states, couriers or colours.
    let cells: Vec<&str> = (0..CELLS).map(|_| *random.pick(KNOWN.cells)).collect();
    for i in 1..=ROWS {
        // Most names of a column are usual ones.
        let style = match random.below(10) {
            n @ 0..3 => STYLES[n + 1],
            _ => STYLES[0],
        };
        let mut rest = row;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let slot = after.as_bytes()[0];
            if after.as_bytes().get(1) != Some(&b'}') {
                text.push('{');
                rest = after;
                continue;
            }
            rest = &after[2..];
            match slot {
                b'n' => {
                    let from = text.len();
                    text.push_str(&layouts::name(&KNOWN, names, style, random));
                    wanted.push((from, text.len(), style));
                }
                b'm' => text.push_str(&layouts::mobile(random)),
                b'a' => text.push_str(&layouts::address(random)),
                b'w' => text.push_str(&layouts::waybill(random)),
                b'c' => text.push_str(random.pick::<&str>(&cells)),
                _ => text.push_str(&i.to_string()),
            }
        }
        text.push_str(rest);
    }
    text.push_str(tail);
    (text, wanted)
}

fn count(scanner: &Scanner, text: &str, wanted: &[Wanted], counts: &mut Counts) {
    let findings = scanner.scan(Input::new(text));
    let full = |f: &&miandan::Finding| {
        f.kind == Kind::Name && f.form == Form::Full && f.confidence.basis() >= 5_000
    };
    let found: Vec<(usize, usize)> = findings
        .iter()
        .filter(full)
        .map(|f| (f.span.start, f.span.end))
        .collect();
    counts.found += found.len();
    counts.wanted += wanted.len();
    for &(start, end, style) in wanted {
        let right = found.contains(&(start, end));
        let sum = counts.styles.entry(style).or_default();
        *sum = (sum.0 + usize::from(right), sum.1 + 1);
        counts.right += usize::from(right);
    }
}

fn line(out: &mut String, layout: &str, c: &Counts) {
    let share = |(a, b): (usize, usize)| a as f64 / b.max(1) as f64;
    let _ = write!(
        out,
        "{layout:30} P {:.3} R {:.3} F1 {:.3} wrong {:4} |",
        share((c.right, c.found)),
        share((c.right, c.wanted)),
        share((2 * c.right, c.found + c.wanted)),
        c.found - c.right
    );
    for (style, sum) in &c.styles {
        let _ = write!(out, " {style} {:.3}", share(*sum));
    }
    out.push('\n');
}
