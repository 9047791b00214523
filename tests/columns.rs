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

/// Rows of HTML, their cells between tags.
fn html(rows: &[Vec<String>], row: [&str; 2], cell: [&str; 2]) -> String {
    let cells = |r: &Vec<String>| -> Vec<String> {
        let wrapped = r.iter().map(|c| format!("{}{c}{}", cell[0], cell[1]));
        wrapped.collect()
    };
    let rows = rows
        .iter()
        .map(|r| format!("{}{}{}", row[0], cells(r).concat(), row[1]));
    rows.collect::<Vec<_>>().concat()
}

/// A page as a spreadsheet saves it.
const EXCEL: &str = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\n<head>\n<style>\n\
    <!--table\n\t{mso-displayed-decimal-separator:\"\\.\";}\n--></style></head>\n<body link=blue>\n\
    <table border=0 width=648 style='border-collapse:collapse'>\n <col width=72 span=6>\n";

/// A table as a database's client, a spreadsheet or a browser writes it.
fn dresses(table: &[Vec<String>]) -> Vec<(&'static str, String)> {
    let quoted = |r: &Vec<String>| r.iter().map(|c| format!("\"{c}\"")).collect();
    let quoted: Vec<Vec<String>> = table.iter().map(quoted).collect();
    let (left, right) = (padded(table, true), padded(table, false));
    let count = table.len() - 1;
    let (boxed, psql) = (
        lines(&left, "| ", " | ", " |"),
        lines(&left, " ", " | ", ""),
    );
    let (head, rows) = (boxed[0].as_str(), boxed[1..].concat());
    let rule = format!("+{}+\n", "-".repeat(width(head) - 3));
    let ruled = format!("{}\n", ["-----"; 6].join("+"));
    let framework = [
        "<td data-v-3f5a1c class=\"el-table__cell\"><div class=\"cell\">\n  ",
        "\n</div></td>",
    ];
    let excel_row = [" <tr height=19 style='height:14.25pt'>\n", " </tr>\n"];
    let excel_cell = [
        "  <td class=xl65 width=72 style='font-family:宋体'>",
        "</td>\n",
    ];
    vec![
        ("csv", lines(&quoted, "", ",", "").concat()),
        (
            "mysql",
            format!("{rule}{head}{rule}{rows}{rule}{count} rows in set (0.01 sec)\n"),
        ),
        (
            "psql",
            format!("{}{ruled}{}({count} rows)\n", psql[0], psql[1..].concat()),
        ),
        (
            "markdown",
            format!("# 订单\n\n{head}|---|---|---|---|---|---|\n{rows}"),
        ),
        ("spaces", lines(&left, "", "  ", "").concat()),
        ("spaces-right", lines(&right, "", "   ", "").concat()),
        (
            "excel-html",
            format!(
                "{EXCEL}{}</table>\n</body></html>\n",
                html(table, excel_row, excel_cell)
            ),
        ),
        (
            "excel-xml",
            format!(
                "<?xml version=\"1.0\"?>\n<Workbook>\n <Worksheet ss:Name=\"订单\">\n  <Table>\n{}  </Table>\n",
                html(
                    table,
                    ["   <Row>\n", "   </Row>\n"],
                    [
                        "    <Cell ss:StyleID=\"s62\"><Data ss:Type=\"String\">",
                        "</Data></Cell>\n"
                    ]
                )
            ),
        ),
        (
            "word-xml",
            format!(
                "<?xml version=\"1.0\"?>\n<w:document><w:body><w:tbl><w:tblPr/>{}</w:tbl></w:body></w:document>",
                html(
                    table,
                    ["<w:tr w:rsidR=\"00123456\">", "</w:tr>"],
                    [
                        "<w:tc><w:tcPr/><w:p><w:pPr><w:jc/></w:pPr><w:r>\
                         <w:rPr><w:rFonts w:ascii=\"宋体\"/></w:rPr><w:t>",
                        "</w:t></w:r></w:p></w:tc>"
                    ]
                )
            ),
        ),
        (
            "open-document",
            format!(
                "<?xml version=\"1.0\"?>\n<office:text><table:table table:name=\"表格1\">{}</table:table></office:text>",
                html(
                    table,
                    ["<table:table-row>", "</table:table-row>"],
                    [
                        "<table:table-cell office:value-type=\"string\"><text:p text:style-name=\"P1\">",
                        "</text:p></table:table-cell>"
                    ]
                )
            ),
        ),
        (
            "short-html",
            format!("<TABLE>{}</TABLE>", html(table, ["<TR>", ""], ["<TD>", ""])),
        ),
        (
            "browser-html",
            format!(
                "<!DOCTYPE html><html><body><div><h1>订单</h1><table><thead>{}</thead></table>\
                 <table><tbody>{}</tbody></table></div></body></html>",
                html(&table[..1], ["<tr>", "</tr>"], ["<th>", "</th>"]),
                html(&table[1..], ["<tr>", "</tr>"], framework),
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

/// Columns parted by spaces show no empty cells; where the others stand tells which are there.
#[test]
fn empty_cells_do_not_move_those_behind_them() {
    let mut table = table(&mut Rng::new(9), 60);
    for (n, row) in table.iter_mut().enumerate().skip(1) {
        if n % 4 == 0 {
            row[1].clear();
        }
        if n % 6 == 0 {
            row[3].clear();
        }
    }
    let scanner = Scanner::new().expect("tables");
    let csv = lines(&table, "", ",", "").concat();
    let expected = found(&scanner, &csv);
    let serials = expected.iter().filter(|f| f.2 == "运单号").count();
    assert_eq!(serials, 60);
    for (right, between) in [(true, "  "), (false, "   ")] {
        let text = lines(&padded(&table, right), "", between, "").concat();
        let found = found(&scanner, &text);
        let missing: Vec<_> = expected.difference(&found).take(3).collect();
        let extra: Vec<_> = found.difference(&expected).take(3).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{right}: missing {missing:?}, extra {extra:?}"
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
        let row = |[a, b]: &[&str; 2]| format!("{open}{a}{between}{b}{close}\n");
        rows.iter().map(row).collect::<Vec<_>>().concat()
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
        format!(
            "<table>\n{}</table>",
            join(
                "<tr><td><p><b>",
                "</b></p></td>\n<td>\n<p>",
                "</p></td></tr>"
            )
        ),
        format!("<div>{}</div>", join("<p>", "：", "</p>")),
    ] {
        let found = scanner.scan(text.as_str());
        assert!(!found.unit().format.has_rows(), "{text}");
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
