use super::*;

fn rows<'t>(text: &'t str, format: &'t Format) -> Vec<&'t str> {
    let rows: Vec<Row> = Rows::new(text, format, true).collect();
    assert_eq!(rows.first().map_or(0, |r| r.range.start), 0);
    assert!(rows.windows(2).all(|w| w[0].range.end == w[1].range.start));
    rows.iter().map(|r| &text[r.range.clone()]).collect()
}

fn split<'t>(row: &'t str, delimiter: &'t str) -> Vec<&'t str> {
    cells(row, delimiter, true)
        .map(|c| &row[c.content])
        .collect()
}

#[test]
fn cells_lose_their_wrappers() {
    assert_eq!(
        split(
            "\"a,b\",=\"138\",'139, \t140 ,\"=\"\"141\"\"\",\"x\"\"y\",\r\n",
            ","
        ),
        ["a,b", "138", "139", "140", "141", "x\"\"y", ""]
    );
    assert_eq!(
        split("张三----138----杭州", "----"),
        ["张三", "138", "杭州"]
    );
    assert_eq!(split("\"open,1", ","), ["open", "1"]);
    assert_eq!(split("  张 三   138  \r\n", SPACES), ["张 三", "138"]);
}

#[test]
fn quoted_line_breaks_stay_in_the_row() {
    let text = "a,\"b\nc\"\n\"d\",e\"f\ng,=\"1\n\"\n";
    assert_eq!(
        rows(text, &Format::csv()),
        ["a,\"b\nc\"\n", "\"d\",e\"f\n", "g,=\"1\n\"\n"]
    );
}

#[test]
fn an_open_quote_costs_at_most_its_limit() {
    let text = format!("a,\"b\n{}", "x,y\n".repeat(20_000));
    let csv = Format::csv();
    let mut walk = Rows::new(&text, &csv, true);
    assert_eq!(walk.by_ref().count(), 20_001);
    assert_eq!(walk.unclosed, Some(2));
}

#[test]
fn sql_rows_are_tuples_and_lines() {
    let text = "INSERT INTO t (a,b) VALUES (1,'x),(y'),(2,'it''s\\'),');\nCOPY t FROM stdin;\n1\tO'Brien\n";
    assert_eq!(
        rows(text, &Format::Sql),
        [
            "INSERT INTO t (a,b) VALUES (1,'x),(y'),",
            "(2,'it''s\\'),');\n",
            "COPY t FROM stdin;\n",
            "1\tO'Brien\n"
        ]
    );
}

#[test]
fn json_rows_are_objects_of_the_outermost_array() {
    let text = r#"{"took":{"a":1},"hits":{"hits":[{"n":"}]","o":[{"p":1}]},{"n":2}]}}"#;
    let starts: Vec<&str> = Rows::new(text, &Format::Json, true)
        .map(|r| &text[r.start..r.range.end])
        .collect();
    assert_eq!(
        starts,
        [r#"{"n":"}]","o":[{"p":1}]},"#, r#"{"n":2}"#, "]}}"]
    );
    assert_eq!(rows("[{\"a\":1},\n{\"a\":2}]", &Format::Json).len(), 3);
    let next = "\n{\"a\":[{}]},{\"a\":2}]";
    assert_eq!(Rows::new(next, &Format::Json, false).count(), 3);
}

#[test]
fn rows_are_the_same_in_every_encoding() {
    let text = "姓名,\"地\n址\"\n乗,\"a\"\"\"\n";
    for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
        let bytes: Vec<u8> = text
            .encode_utf16()
            .flat_map(|u| match encoding {
                Encoding::Utf16Le => u.to_le_bytes(),
                _ => u.to_be_bytes(),
            })
            .collect();
        let csv = Format::csv();
        let ends: Vec<usize> = Rows::of_bytes(&bytes, encoding, &csv, true)
            .map(|r| r.range.end)
            .collect();
        assert_eq!(ends, [18, bytes.len()]);
    }
}
