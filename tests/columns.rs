//! A table has columns in every dress in which programs write tables: the same headers, the same values under them.

use std::collections::BTreeSet;

use miandan::{Format, Kind, Scanner};

use crate::support::synth::{self, Rng};

/// Serials that only their column tells from other numbers, and goods that look like names.
fn table(rng: &mut Rng, rows: usize) -> Vec<Vec<String>> {
    const GOODS: [&str; 4] = ["白梨", "金桔", "高粱", "石榴"];
    let header = ["序号", "收货人", "联系手机", "收货地址", "运单号", "商品"];
    let mut out = vec![header.map(str::to_owned).to_vec()];
    for n in 0..rows {
        let p = synth::person(rng);
        let serial = format!("7{}", rng.digits(11));
        let goods = rng.pick(&GOODS).to_owned();
        out.push(vec![
            n.to_string(),
            p.name,
            p.mobile,
            p.address,
            serial,
            goods,
        ]);
    }
    out
}

/// Columns of a terminal that a text takes.
fn width(text: &str) -> usize {
    text.chars().map(|c| 1 + usize::from(!c.is_ascii())).sum()
}

/// Cells filled up with spaces, on the right or on the left.
fn padded(table: &[Vec<String>], right: bool) -> Vec<Vec<String>> {
    let widest = |i: usize| table.iter().map(|r| width(&r[i])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..table[0].len()).map(widest).collect();
    let pad = |cell: &String, to: usize| {
        let spaces = " ".repeat(to - width(cell));
        if right {
            format!("{cell}{spaces}")
        } else {
            format!("{spaces}{cell}")
        }
    };
    let row = |row: &Vec<String>| row.iter().zip(&widths).map(|(c, w)| pad(c, *w)).collect();
    table.iter().map(row).collect()
}

fn lines(rows: &[Vec<String>], open: &str, between: &str, close: &str) -> Vec<String> {
    rows.iter()
        .map(|r| format!("{open}{}{close}\n", r.join(between)))
        .collect()
}

/// A table as a database's client, a spreadsheet or a browser writes it.
fn dresses(table: &[Vec<String>]) -> Vec<(&'static str, String)> {
    let quoted = |r: &Vec<String>| r.iter().map(|c| format!("\"{c}\"")).collect();
    let quoted: Vec<Vec<String>> = table.iter().map(quoted).collect();
    let boxed = lines(&padded(table, true), "| ", " | ", " |");
    let rule = format!("+{}+\n", "-".repeat(width(&boxed[0]) - 3));
    let psql = lines(&padded(table, true), " ", " | ", "");
    let html = |row: &str, open: &str, between: &str, close: &str| {
        lines(
            table,
            &format!("{row}{open}"),
            &format!("{close}{between}{open}"),
            close,
        )
        .concat()
    };
    let cells = |tag: &str, row: &Vec<String>| -> String {
        row.iter().map(|c| format!("<{tag} data-v-3f5a1c class=\"el-table__cell\"><div class=\"cell\">\n  {c}\n</div></{tag}>")).collect()
    };
    let page: String = table[1..]
        .iter()
        .map(|r| format!("<tr>{}</tr>", cells("td", r)))
        .collect();
    vec![
        ("csv", lines(&quoted, "", ",", "").concat()),
        (
            "mysql",
            format!(
                "{rule}{}{rule}{}{rule}{} rows in set (0.01 sec)\n",
                boxed[0],
                boxed[1..].concat(),
                table.len() - 1
            ),
        ),
        (
            "psql",
            format!(
                "{}{}\n{}({} rows)\n",
                psql[0],
                "-".repeat(60).replace("----------", "-----+----"),
                psql[1..].concat(),
                table.len() - 1
            ),
        ),
        (
            "markdown",
            format!(
                "# 订单\n\n{}{}{}",
                boxed[0],
                "|---|---|---|---|---|---|\n",
                boxed[1..].concat()
            ),
        ),
        ("spaces", lines(&padded(table, true), "", "  ", "").concat()),
        (
            "spaces-right",
            lines(&padded(table, false), "", "   ", "").concat(),
        ),
        (
            "excel-html",
            format!(
                "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\n<head>\n<style>\n<!--table\n\t{{mso-displayed-decimal-separator:\"\\.\";}}\n--></style></head>\n<body link=blue>\n<table border=0 cellpadding=0 width=648 style='border-collapse:collapse'>\n <col width=72 span=6 style='width:54pt'>\n{}</table>\n</body></html>\n",
                html(
                    " <tr height=19 style='height:14.25pt'>\n",
                    "  <td class=xl65 width=72 style='font-family:宋体;height:14.25pt'>",
                    "\n",
                    "</td>\n </tr>"
                )
                .replace("</td>\n </tr>\n  <td", "</td>\n  <td")
            ),
        ),
        (
            "short-html",
            format!("<TABLE>{}</TABLE>", html("<TR>", "<TD>", "", "")),
        ),
        (
            "browser-html",
            format!(
                "<!DOCTYPE html><html><body><div><h1>订单</h1><table><thead><tr>{}</tr></thead></table><table><tbody>{page}</tbody></table></div></body></html>",
                cells("th", &table[0])
            ),
        ),
    ]
}

/// Kind, value and header of every finding.
fn found(scanner: &Scanner, text: &str) -> BTreeSet<(Kind, String, String)> {
    let found = scanner.scan(text);
    let layout = &found.unit().layout;
    let header = |i: usize| {
        let column = found.place(i).map_or(0, |p| p.column as usize);
        let column = column.checked_sub(1).and_then(|c| layout.column(c));
        column.and_then(|c| c.header.clone()).unwrap_or_default()
    };
    (found.iter().enumerate())
        .map(|(i, f)| (f.kind, found.value(text, f).into_owned(), header(i)))
        .collect()
}

#[test]
fn a_table_is_the_same_in_every_dress() {
    let table = table(&mut Rng::new(5), 60);
    let scanner = Scanner::new().expect("tables");
    let dresses = dresses(&table);
    let expected = found(&scanner, &dresses[0].1);
    let in_column = |header| expected.iter().filter(move |f| f.2 == header).count();
    for (header, least) in [
        ("收货人", 59),
        ("联系手机", 60),
        ("收货地址", 60),
        ("运单号", 60),
    ] {
        assert!(
            in_column(header) >= least,
            "{header}: {}",
            in_column(header)
        );
    }
    assert_eq!(in_column("商品") + in_column("序号"), 0);
    for (name, text) in &dresses[1..] {
        let found = found(&scanner, text);
        let missing: Vec<_> = expected.difference(&found).take(3).collect();
        let extra: Vec<_> = found.difference(&expected).take(3).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{name}: missing {missing:?}, extra {extra:?}"
        );
    }
}

#[test]
fn every_row_is_a_record() {
    let table = table(&mut Rng::new(6), 40);
    let scanner = Scanner::builder()
        .page_bytes(4_000)
        .build()
        .expect("valid options");
    for (name, text) in dresses(&table) {
        let found = scanner.scan(text.as_str());
        assert_eq!(found.records().len(), 40, "{name}");
        assert!(
            found.records().iter().all(|r| r.findings().len() == 4),
            "{name}"
        );
    }
}

/// A form is a table of labels and values, in a spreadsheet, a mail or a terminal: one record, not one a row.
#[test]
fn a_form_is_one_record() {
    let p = synth::person(&mut Rng::new(7));
    let rows = [
        ["收货人", &p.name],
        ["手机", &p.mobile],
        ["收货地址", &p.address],
        ["运单号", &p.waybill],
    ];
    let join = |open: &str, between: &str, close: &str| -> String {
        rows.iter()
            .map(|[a, b]| format!("{open}{a}{between}{b}{close}\n"))
            .collect()
    };
    let scanner = Scanner::new().expect("tables");
    for text in [
        join("", ",", ""),
        join("", "\t", ""),
        join("", "    ", ""),
        format!(
            "<table>\n{}</table>",
            join("<tr>\n <td width=90>", "</td>\n <td>", "</td>\n</tr>")
        ),
        format!("<div>{}</div>", join("<p>", "：", "</p>")),
    ] {
        let found = scanner.scan(text.as_str());
        assert_eq!(found.unit().format.has_rows(), false, "{text}");
        assert_eq!(found.records().len(), 1, "{text}");
        assert_eq!(found.records()[0].findings().len(), 4, "{text}");
    }
}

#[test]
fn cells_that_merge_columns_move_those_behind_them() {
    let text = "<table><tr><th colspan=2>收货人<th>联系手机<th>备注</tr>\
        <tr><td>1<td>柳如意<td>13926471583<td>急</tr><tr><td colspan=2>何小溪<td>15876540918<td></tr></table>";
    let found = Scanner::new().expect("tables").scan(text);
    assert_eq!(found.unit().format, Format::HtmlTable);
    let columns: Vec<u32> = (0..found.len())
        .filter_map(|i| found.place(i))
        .map(|p| p.column)
        .collect();
    assert_eq!(columns, [2, 3, 1, 3]);
    assert_eq!(found.records().len(), 2);
}
