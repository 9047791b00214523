//! SARIF 2.1.0, the form in which code hosts and security dashboards take findings.
//!
//! One result a record, with its findings as related locations, and one a finding outside of records. The file is written
//! while the scan runs, so its size is not bounded by memory. An archive's entry is named as `dump.zip!/inner/a.csv`, and the
//! positions are those inside the entry. With a [`ValueHash`](super::ValueHash) every result has a partial fingerprint a kind, by
//! which a dashboard knows it again in the next scan; **without a key there are none**, since a plain hash of a mobile number is
//! undone in minutes.

use std::io::Write;
use std::ops::ControlFlow;

use serde_json::{Map, Value, json};

use super::Options;
use crate::detect::RuleCard;
use crate::error::{Error, Result};
use crate::finding::Level;
use crate::record::Record;
use crate::report::Figures;
use crate::scan::{Item, Origin, PageReport, Scanner, Sink, Warning};

/// Identifier of the rule that records belong to.
const RECORD_RULE: &str = "record";

/// Notifications beyond this number are only counted, so that a hostile input cannot fill the memory.
const NOTIFICATIONS: usize = 1_000;

/// Writes results as SARIF; the caller ends it with [`finish`](SarifSink::finish).
#[derive(Debug)]
pub struct SarifSink<W> {
    writer: W,
    options: Options,
    /// Whether a result was written.
    started: bool,
    notifications: Vec<Value>,
    dropped: u64,
    lossy: bool,
}

/// What a page becomes: its results, each after a comma, and its warnings.
#[derive(Debug)]
pub struct Results {
    results: Vec<u8>,
    notifications: Vec<Value>,
    lossy: bool,
}

impl<W: Write> SarifSink<W> {
    /// A sink that writes to `writer`; the rules of `scanner` are described first.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new(mut writer: W, options: Options, scanner: &Scanner) -> Result<SarifSink<W>> {
        let driver = json!({
            "name": "miandan",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules(scanner),
        });
        let head = format!(
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{\
             \"tool\":{{\"driver\":{driver}}},\"columnKind\":\"unicodeCodePoints\",\"results\":["
        );
        writer
            .write_all(head.as_bytes())
            .map_err(|e| Error::io("-", e))?;
        Ok(SarifSink {
            writer,
            options,
            started: false,
            notifications: Vec::new(),
            dropped: 0,
            lossy: false,
        })
    }

    /// Writes the notifications and the summary, and closes the document. `complete` says whether the scan came to its end.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self, figures: &Figures, complete: bool) -> Result<()> {
        if self.dropped > 0 {
            self.notifications.push(json!({
                "level": "note",
                "message": { "text": format!("{} more warnings are not listed", self.dropped) },
            }));
        }
        let invocation = json!({
            "executionSuccessful": complete && !self.lossy,
            "toolExecutionNotifications": self.notifications,
        });
        let summary = serde_json::to_value(figures).unwrap_or_default();
        let tail = format!(
            "],\"invocations\":[{invocation}],\"properties\":{{\"summary\":{summary}}}}}]}}\n"
        );
        self.writer
            .write_all(tail.as_bytes())
            .and_then(|()| self.writer.flush())
            .map_err(|e| Error::io("-", e))
    }
}

impl<W: Write + Send + Sync> Sink for SarifSink<W> {
    type Rendered = Results;

    fn render(&self, page: &PageReport<'_>) -> Results {
        let mut results = Vec::new();
        let mut push = |result: Value| {
            results.extend_from_slice(b",\n");
            results.extend_from_slice(result.to_string().as_bytes());
        };
        let mut next = 0;
        let records: Vec<(u64, &Record)> = page.records().collect();
        for item in page.items() {
            match item.record_index() {
                // A record stands where its first finding stands.
                Some(r) if self.options.records => {
                    for (id, record) in records.get(next..=r).unwrap_or_default() {
                        push(self.record(page, *id, record));
                    }
                    next = next.max(r + 1);
                }
                _ if self.options.wants(&item) => push(self.finding(page, &item)),
                _ => {}
            }
        }
        let origin = &page.unit().origin;
        Results {
            results,
            notifications: page
                .warnings()
                .iter()
                .map(|w| notification(origin, w))
                .collect(),
            lossy: page.warnings().iter().any(|w| w.loss),
        }
    }

    fn accept(&mut self, page: Results) -> Result<ControlFlow<()>> {
        self.lossy |= page.lossy;
        let room = NOTIFICATIONS - self.notifications.len();
        self.dropped += page.notifications.len().saturating_sub(room) as u64;
        self.notifications
            .extend(page.notifications.into_iter().take(room));
        let mut results = page.results.as_slice();
        if !results.is_empty() && !self.started {
            self.started = true;
            results = &results[1..];
        }
        self.writer
            .write_all(results)
            .map_err(|e| Error::io("-", e))?;
        Ok(ControlFlow::Continue(()))
    }
}

impl<W> SarifSink<W> {
    fn record(&self, page: &PageReport<'_>, id: u64, record: &Record) -> Value {
        let items: Vec<Item<'_>> = record
            .findings
            .iter()
            .filter_map(|m| page.item(*m as usize))
            .collect();
        let kinds: Vec<&str> = record.fields.iter().map(|(kind, _)| kind.id()).collect();
        let related: Vec<Value> = items
            .iter()
            .map(|item| {
                let mut location = location(page, item);
                location["id"] = item.id().into();
                location["message"] = json!({ "text": self.words(item) });
                location
            })
            .collect();
        let level = if record.is_complete() {
            "error"
        } else {
            level(record.confidence.level())
        };
        let mut result = json!({
            "ruleId": RECORD_RULE,
            "ruleIndex": 0,
            "level": level,
            "rank": record.confidence.ratio() * 100.0,
            "message": { "text": format!("Data of one person: {}", kinds.join(", ")) },
            "locations": items.first().map(|item| location(page, item)).into_iter().collect::<Vec<_>>(),
            "relatedLocations": related,
            "properties": { "record": id, "role": record.role.id(), "kinds": kinds },
        });
        let fields = record.fields.iter();
        self.sign(
            &mut result,
            fields.filter_map(|(_, i)| page.item(*i as usize)),
        );
        result
    }

    fn finding(&self, page: &PageReport<'_>, item: &Item<'_>) -> Value {
        let finding = item.finding();
        let card = page.scanner().rule(finding);
        let mut result = json!({
            "ruleId": card.id,
            "ruleIndex": u32::from(finding.rule) + 1,
            "level": level(finding.confidence.level()),
            "rank": finding.confidence.ratio() * 100.0,
            "message": { "text": self.words(item) },
            "locations": [location(page, item)],
            "properties": { "finding": item.id(), "kind": finding.kind.id(), "form": finding.form.id() },
        });
        self.sign(&mut result, std::iter::once(*item));
        result
    }

    /// Adds the partial fingerprints, one a kind.
    fn sign<'p>(&self, result: &mut Value, items: impl Iterator<Item = Item<'p>>) {
        if let Some(hash) = &self.options.value_hash {
            let name = |item: &Item<'_>| format!("{}/v1", item.finding().kind.id());
            let prints: Map<String, Value> =
                items.map(|i| (name(&i), hash.of(&i).into())).collect();
            result["partialFingerprints"] = prints.into();
        }
    }

    fn words(&self, item: &Item<'_>) -> String {
        format!("{} {}", item.finding().kind.id(), self.options.shown(item))
    }
}

fn location(page: &PageReport<'_>, item: &Item<'_>) -> Value {
    let (span, place) = (item.finding().span, item.place());
    let origin = &page.unit().origin;
    let mut region = json!({ "byteOffset": span.start, "byteLength": span.len() });
    if place.line > 0 {
        region["startLine"] = place.line.into();
    }
    let mut location = json!({
        "physicalLocation": { "artifactLocation": { "uri": uri(origin) }, "region": region },
    });
    if place.row > 0 {
        let mut name = format!("row {}", place.row);
        if place.column > 0 {
            name.push_str(&format!(", column {}", place.column));
        }
        location["logicalLocations"] = json!([{ "fullyQualifiedName": name, "kind": "element" }]);
    }
    location
}

/// The rule of records first, then every detector's, in the order of [`Finding::rule`](crate::Finding::rule).
fn rules(scanner: &Scanner) -> Vec<Value> {
    let record = json!({
        "id": RECORD_RULE,
        "name": "record",
        "shortDescription": { "text": "Data of one person" },
        "fullDescription": { "text": "Findings that describe one customer: a name with a number, an address or a waybill." },
        "defaultConfiguration": { "level": "error" },
    });
    std::iter::once(record)
        .chain(scanner.rules().map(rule))
        .collect()
}

fn rule(card: &RuleCard) -> Value {
    let mut rule = json!({
        "id": card.id,
        "name": card.id,
        "shortDescription": { "text": card.title },
        "defaultConfiguration": { "level": "warning" },
        "properties": { "kind": card.kind.id() },
    });
    if !card.help.is_empty() {
        rule["fullDescription"] = json!({ "text": card.help });
        rule["help"] = json!({ "text": help(card) });
    }
    rule
}

/// The card as one text, with examples: they are synthetic.
fn help(card: &RuleCard) -> String {
    let mut text = card.help.to_string();
    for (what, list) in [
        ("Found", card.examples),
        ("Not found", card.counter_examples),
    ] {
        for example in list {
            text.push_str(&format!("\n{what}: {example}"));
        }
    }
    text
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::High => "error",
        Level::Medium => "warning",
        Level::Low => "note",
    }
}

fn notification(origin: &Origin, warning: &Warning) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(origin) } });
    if let Some(span) = warning.span {
        physical["region"] = json!({ "byteOffset": span.start, "byteLength": span.len() });
    }
    json!({
        "descriptor": { "id": warning.code },
        "level": if warning.loss { "error" } else { "note" },
        "message": { "text": warning.message },
        "locations": [{ "physicalLocation": physical }],
    })
}

/// A URI reference to an input: relative for relative paths, `file:` for absolute ones.
fn uri(origin: &Origin) -> String {
    let mut uri = String::new();
    let path = origin.path.replace('\\', "/");
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if path.as_bytes().get(1) == Some(&b':') {
        uri.push_str("file:///");
    }
    encode(&mut uri, &path);
    if let Some(entry) = &origin.entry {
        uri.push_str("!/");
        encode(&mut uri, entry);
    }
    if let Some(sheet) = &origin.sheet {
        uri.push('#');
        encode(&mut uri, sheet);
    }
    uri
}

/// Appends `path` with everything percent-encoded that has a meaning in a URI or none in ASCII.
fn encode(out: &mut String, path: &str) {
    for b in path.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~/!".contains(&b) {
            out.push(b as char);
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_name_entries_and_sheets() {
        let mut origin = Origin::path("导出/a b.zip");
        assert_eq!(uri(&origin), "%E5%AF%BC%E5%87%BA/a%20b.zip");
        origin.entry = Some("x.xlsx".into());
        origin.sheet = Some("1".into());
        assert_eq!(uri(&origin), "%E5%AF%BC%E5%87%BA/a%20b.zip!/x.xlsx#1");
        assert_eq!(uri(&Origin::path("/var/a.csv")), "file:///var/a.csv");
        assert_eq!(uri(&Origin::path("C:\\a.csv")), "file:///C%3A/a.csv");
        assert_eq!(uri(&Origin::path("-")), "-");
    }

    #[test]
    fn notifications_are_bounded() {
        let scanner = Scanner::new().expect("tables");
        let mut out = Vec::new();
        let mut sink = SarifSink::new(&mut out, Options::default(), &scanner).expect("memory");
        for _ in 0..3 {
            let page = Results {
                results: Vec::new(),
                notifications: vec![json!({ "message": { "text": "m" } }); 600],
                lossy: true,
            };
            assert!(sink.accept(page).is_ok_and(|flow| flow.is_continue()));
        }
        sink.finish(&Figures::default(), true).expect("memory");
        let log: Value = serde_json::from_slice(&out).expect("valid");
        let invocation = &log["runs"][0]["invocations"][0];
        let notes = invocation["toolExecutionNotifications"]
            .as_array()
            .expect("a list");
        assert_eq!(notes.len(), NOTIFICATIONS + 1);
        assert_eq!(
            notes[NOTIFICATIONS]["message"]["text"],
            "800 more warnings are not listed"
        );
        assert_eq!(invocation["executionSuccessful"], false);
        assert_eq!(log["runs"][0]["results"], json!([]));
    }
}
