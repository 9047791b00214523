//! Writes an input to measure speed or memory on to standard output. The same name and size give the same rows on every machine.
//!
//! ```sh
//! cargo run --release --example make_haystack -- csv 6000000 > six_million.csv
//! cargo run --release --example make_haystack -- xlsx-shared 700000 > export.xlsx
//! ```

#![allow(clippy::print_stderr)]

use std::io::Write as _;
use std::process::ExitCode;

#[allow(dead_code)]
#[path = "../tests/support/haystack.rs"]
mod haystack;
#[allow(dead_code)]
#[path = "../tests/support/synth.rs"]
mod synth;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let made = match &args[..] {
        [name, size] => size.parse().ok().and_then(|n| match &**name {
            "xlsx" => book(n, false),
            "xlsx-shared" => book(n, true),
            _ => haystack::haystack(name, n),
        }),
        _ => None,
    };
    let Some(bytes) = made else {
        let names = [
            &haystack::ORDINARY[..],
            &haystack::ADVERSARIAL[..],
            &["xlsx", "xlsx-shared"],
        ]
        .concat();
        eprintln!(
            "usage: make_haystack NAME ROWS\n  NAME: {}\n  ROWS: size in rows of {} bytes",
            names.join(", "),
            haystack::ROW
        );
        return ExitCode::from(2);
    };
    match std::io::stdout().write_all(&bytes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Rows of a worksheet, of which the first is the header.
const ROWS: usize = 1 << 20;

/// A dense table as a workbook, in as many sheets as it takes; texts stand in the cells, or are shared, as spreadsheets save them.
fn book(rows: usize, shared: bool) -> Option<Vec<u8>> {
    let mut rng = synth::Rng::new(1);
    let mut book = rust_xlsxwriter::Workbook::new();
    let mut left = rows;
    while left > 0 {
        let sheet = if shared {
            book.add_worksheet_with_low_memory()
        } else {
            book.add_worksheet_with_constant_memory()
        }
        .ok()?;
        let rows = left.min(ROWS - 1);
        left -= rows;
        for (column, title) in ["运单号", "收件人", "手机", "收货地址"].iter().enumerate()
        {
            sheet.write_string(0, column as u16, *title).ok()?;
        }
        for row in 1..=rows {
            let person = synth::person(&mut rng);
            let cells = [person.waybill, person.name, person.mobile, person.address];
            for (column, cell) in cells.into_iter().enumerate() {
                sheet.write_string(row as u32, column as u16, cell).ok()?;
            }
        }
    }
    book.save_to_buffer().ok()
}
