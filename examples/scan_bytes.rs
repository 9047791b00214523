//! The shortest use: bytes in, findings and records out.
#![allow(clippy::print_stdout)]

use miandan::{Kind, Scanner};

fn main() -> miandan::Result<()> {
    let scanner = Scanner::new()?;
    let text = "收件人：张伟 电话：13812345678 地址：浙江省杭州市西湖区文三路128号";
    let findings = scanner.scan(text);
    for finding in &findings {
        let value = findings.value(text, finding);
        println!(
            "{:<8} {:.2}  {value}",
            finding.kind,
            finding.confidence.ratio()
        );
    }
    for record in findings.records() {
        let mobile = record
            .field(Kind::Mobile)
            .map(|i| findings.as_slice()[i].span);
        println!(
            "a record of {} findings, mobile at {mobile:?}",
            record.findings().len()
        );
    }
    Ok(())
}
