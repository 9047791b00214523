//! Settings from a file, `miandan.toml`: what is looked for, what is left out, and what only one shop knows.
//!
//! ```
//! use miandan::Kind;
//! use miandan::config::Config;
//!
//! let config = Config::from_toml(r#"
//! kinds = ["mobile", "waybill", "custom"]
//! min_confidence = 0.6
//!
//! [thresholds]
//! waybill = 0.8
//!
//! [fields]                      # headers, JSON keys and labels of one's own
//! "小主电话" = "receiver_mobile"
//!
//! [[allow]]                     # the shop's own hotline
//! kind = "mobile"
//! pattern = '1381234\d{4}'
//!
//! [[detector]]
//! id = "member-card"
//! pattern = 'HY\d{8}'
//! words = ["会员"]
//! "#)?;
//! let scanner = config.builder(None)?.build()?;
//! let findings = scanner.scan("会员 HY12345674，小主电话：13912345678，客服 13812340000");
//! let kinds: Vec<Kind> = findings.iter().map(|f| f.kind).collect();
//! assert_eq!(kinds, [Kind::Custom, Kind::Mobile]);
//! assert_eq!(findings.allowed(), 1);
//! # Ok::<(), miandan::Error>(())
//! ```

mod allow;
mod checked;
mod rule;

pub use allow::{AllowList, Allowed};
pub use checked::{FieldId, Pattern, Position, Ratio};
pub use rule::Rule;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::detect::name::NameScope;
use crate::error::{Error, Result};
use crate::kind::Kind;
use crate::leak::Key;
use crate::policy::Policy;
use crate::report::Thresholds;
use crate::scan::{Scanner, ScannerBuilder};
use crate::table::Words;

/// Everything that a configuration file can say; what it leaves out keeps its default.
///
/// There is no setting for showing raw values: that is asked for each time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// Kinds to report; empty = all.
    pub kinds: Vec<Kind>,
    /// Where names are looked for.
    pub names: Names,
    /// A file of names, one a line, that are left out where they are no customer's: public figures, authors, actors. See
    /// [`ScannerBuilder::public_figures`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_figures: Option<PathBuf>,
    /// Findings below this confidence are not reported.
    pub min_confidence: Ratio,
    /// Columns or JSON fields that are scanned; empty = all.
    pub text_fields: Vec<String>,
    /// Column or JSON field that identifies a row.
    pub id_field: String,
    /// Threads of the program; none = all cores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<NonZeroUsize>,
    /// Thresholds of single kinds, instead of `min_confidence`.
    pub thresholds: BTreeMap<Kind, Ratio>,
    /// What headers, JSON keys and labels of one's own say, beside the built-in ones.
    pub fields: BTreeMap<String, FieldId>,
    /// What the columns of every table hold, by 1-based position.
    pub columns: BTreeMap<Position, FieldId>,
    /// When to let through, ask, or hold back.
    pub policy: Policy,
    /// The thresholds of the law that a report refers to, and what is assumed about the case.
    pub law: Thresholds,
    /// What is known and nobody's leak.
    pub allow: Vec<Allowed>,
    /// Detectors of one's own.
    #[serde(rename = "detector")]
    pub detectors: Vec<Rule>,
}

/// Where names are looked for; see [`NameScope`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    /// In all text.
    #[default]
    Everywhere,
    /// Only near other findings.
    Near,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            kinds: Vec::new(),
            names: Names::default(),
            public_figures: None,
            min_confidence: Ratio::HALF,
            text_fields: Vec::new(),
            id_field: "id".into(),
            threads: None,
            thresholds: BTreeMap::new(),
            fields: BTreeMap::new(),
            columns: BTreeMap::new(),
            policy: Policy::default(),
            law: Thresholds::default(),
            allow: Vec::new(),
            detectors: Vec::new(),
        }
    }
}

impl Config {
    /// Reads a configuration from TOML.
    ///
    /// # Errors
    /// [`Error::Config`] with line, column and key of the first thing that is wrong: not TOML, an unknown key, a value that
    /// makes no sense.
    pub fn from_toml(text: &str) -> Result<Config> {
        toml::from_str(text).map_err(|e| Error::config(e.to_string().trim_end()))
    }

    /// Reads a configuration file.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read, [`Error::Config`] as [`from_toml`](Self::from_toml), with the file's name.
    pub fn read(path: &Path) -> Result<Config> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
        Config::from_toml(&text).map_err(|e| Error::config(format!("{}: {e}", path.display())))
    }

    /// The configuration as TOML, defaults included; reading it again gives the same.
    ///
    /// # Errors
    /// Never for values that were read from a file.
    pub fn to_toml(&self) -> Result<String> {
        toml::to_string_pretty(self).map_err(|e| Error::config(e.to_string()))
    }

    /// A scanner's options; `key` is the key of the hashes in the allow-list.
    ///
    /// # Errors
    /// [`Error::Config`] when the allow-list holds hashes and there is no key, [`Error::Io`] when the file of public figures cannot be
    /// read.
    pub fn builder(&self, key: Option<&Key>) -> Result<ScannerBuilder> {
        let mut builder = Scanner::builder()
            .min_confidence(self.min_confidence.get())
            .name_scope(match self.names {
                Names::Everywhere => NameScope::Everywhere,
                Names::Near => NameScope::Near,
            })
            .text_fields(&self.text_fields)
            .words(self.words());
        if !self.kinds.is_empty() {
            builder = builder.kinds(self.kinds.iter().copied());
        }
        for (kind, ratio) in &self.thresholds {
            builder = builder.min_confidence_of(*kind, ratio.get());
        }
        for rule in &self.detectors {
            builder = builder.detector(rule.detector().clone());
        }
        if let Some(path) = &self.public_figures {
            let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
            let names = text
                .lines()
                .map(|l| l.trim_matches(['\u{FEFF}', ' ', '\t', '\r']));
            let names = names.filter(|name| !name.is_empty() && !name.starts_with('#'));
            builder = builder.public_figures(names);
        }
        if !self.allow.is_empty() {
            let list = AllowList::new(&self.allow, key)?;
            builder = builder.allow(move |kind, value| list.allows(kind, value));
        }
        Ok(builder)
    }

    fn words(&self) -> Words {
        let mut words = Words::default();
        for (word, field) in &self.fields {
            words.insert(word, field.field());
        }
        for (column, field) in &self.columns {
            words.insert_column(column.get(), field.field());
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::{Format, Input};

    fn error(text: &str) -> String {
        Config::from_toml(text)
            .expect_err("must be refused")
            .to_string()
    }

    #[test]
    fn errors_point_to_line_and_key() {
        for (text, line, what) in [
            ("\nmin_confidence = 2.0", "line 2", "from 0 to 1"),
            ("kinds = [\"passport\"]", "line 1", "unknown variant"),
            ("\n\nkind = []", "line 3", "unknown field `kind`"),
            ("[fields]\n\"电话\" = \"colour\"", "line 2", "order_id"),
            ("[columns]\nlast = \"name\"", "line 2", "1, 2, 3"),
            ("[columns]\n0 = \"name\"", "line 2", "1, 2, 3"),
            ("[[allow]]\npattern = '('", "line 2", "unclosed group"),
            ("[[allow]]\nnote = 'x'", "line 1", "pattern or hash"),
            ("[[allow]]\nhash = '12'\nkind = 'name'", "line 2", "16"),
            ("[[allow]]\nhash = '0123456789abcdef'", "line 1", "kind"),
            ("[[detector]]\nid = 'X'\npattern = 'x'", "line 1", "a-z"),
            (
                "[[detector]]\nid = 'x'\npattern = 'x*'",
                "line 1",
                "empty text",
            ),
            (
                "[[detector]]\nid = 'x'\npattern = 'x'\ncheck = 'crc'",
                "line 4",
                "luhn",
            ),
            ("threads = 0", "line 1", "nonzero"),
            ("kinds = [", "line 1", "array"),
            (
                "\n[policy.records]\nreview = 5\nblock = 2",
                "line 2",
                "not be higher",
            ),
            ("[policy]\nmin_confidence = 3", "line 2", "from 0 to 1"),
            ("[law]\nordinary = 0", "line 2", "nonzero"),
            ("[law]\ntier = \"secret\"", "line 2", "ordinary"),
            ("[law]\ninsiders = true", "line 2", "insiders"),
        ] {
            let error = error(text);
            assert!(
                error.contains(line) && error.contains(what),
                "{text}\n{error}"
            );
        }
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let text = "kinds = [\"mobile\"]\nthreads = 2\n[thresholds]\nname = 0.7\n[fields]\n\"暗号\" = \"sender_mobile\"\n\
                    [columns]\n3 = \"name\"\n[[allow]]\npattern = '400\\d{7}'\nnote = \"hotline\"\n\
                    [policy]\nrecords = { review = 3 }\n[law]\ninsider = true\ngains_stated = 12000\n\
                    [[detector]]\nid = \"card\"\npattern = 'HY\\d{8}'\nkind = \"handle\"\nwords = [\"会员\"]\ncheck = \"luhn\"\n";
        for text in ["", text] {
            let config = Config::from_toml(text).expect("valid");
            let written = config.to_toml().expect("plain data");
            assert_eq!(Config::from_toml(&written).expect(&written), config);
        }
    }

    #[test]
    fn public_figures_are_left_out_of_titles_and_not_of_records() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "# 作者\n柯慧明\r\n\n").expect("written");
        let config = Config {
            public_figures: Some(file.path().to_owned()),
            ..Config::default()
        };
        let scanner = config.builder(None).and_then(ScannerBuilder::build);
        let scanner = scanner.expect("valid");
        let names = |text: &str| {
            let found = scanner.scan(Input::new(text).format(Format::Text));
            (found.of(Kind::Name).count(), found.allowed())
        };
        assert_eq!(names("昨天，记者柯慧明从杭州发来报道。"), (0, 1));
        assert_eq!(names("昨天，记者祝晓蕾从杭州发来报道。"), (1, 0));
        assert_eq!(names("柯慧明，18100000001"), (1, 0));
        assert_eq!(names("收货人：柯慧明"), (1, 0));
        let missing = Config {
            public_figures: Some("no such file".into()),
            ..Config::default()
        };
        assert!(matches!(missing.builder(None), Err(Error::Io { .. })));
    }

    #[test]
    fn columns_and_words_are_evidence() {
        let evidence = |config: &str, text: &str, format: Format| {
            let config = Config::from_toml(config).expect("valid");
            let scanner = config
                .builder(None)
                .and_then(ScannerBuilder::build)
                .expect("valid");
            let findings = scanner.scan(Input::new(text).format(format));
            let finding = findings.of(Kind::Mobile).next().expect("a mobile");
            let ids: Vec<String> = scanner
                .explain(finding)
                .into_iter()
                .map(|e| e.id.into_owned())
                .collect();
            ids
        };
        let has = |ids: &[String], id: &str| ids.iter().any(|i| i == id);
        let rows = "a1,13812345678\na2,13812345679\na3,13812345670\n";
        let table = format!("货,暗号x\n{rows}");
        assert!(!has(
            &evidence("", &table, Format::csv()),
            "context.header-same"
        ));
        let by_word = "[fields]\n\"暗号X\" = \"mobile\"\n\"货\" = \"other\"";
        assert!(has(
            &evidence(by_word, &table, Format::csv()),
            "context.header-same"
        ));
        let by_place = "[columns]\n2 = \"mobile\"";
        assert!(has(
            &evidence(by_place, rows, Format::csv()),
            "context.header-same"
        ));
        let label = "暗号X：13812345678";
        assert!(!has(
            &evidence("", label, Format::Text),
            "context.label-same"
        ));
        assert!(has(
            &evidence(by_word, label, Format::Text),
            "context.label-same"
        ));
    }
}
