//! What is scanned: bytes, their format and encoding, and where they come from.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::text::Escapes;
use crate::text::encoding::{Certainty, Encoding};

/// How the text of an input is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Format {
    /// Running text: chats, label blocks, log lines, pasted records.
    #[default]
    Text,
    /// Rows of cells between delimiters (`,`, tab, `|`, `----` …).
    Table {
        /// The text between two cells.
        delimiter: Cow<'static, str>,
        /// Whether cells may stand in double quotes, with delimiters and line breaks inside.
        quoted: bool,
    },
    /// One JSON value a line.
    JsonLines,
    /// One JSON document; rows are the objects of its outermost array.
    Json,
    /// SQL statements; rows are the tuples of `INSERT` and the lines of `COPY`.
    Sql,
    /// HTML or XML.
    Markup,
    /// HTML whose tables hold one record a row; what stands around the tables is text.
    HtmlTable,
}

impl Format {
    /// Comma-separated values.
    pub fn csv() -> Format {
        Format::Table {
            delimiter: ",".into(),
            quoted: true,
        }
    }

    /// Tab-separated values.
    pub fn tsv() -> Format {
        Format::Table {
            delimiter: "\t".into(),
            quoted: true,
        }
    }

    /// How the format writes characters that it cannot write as they are.
    pub const fn escapes(&self) -> Escapes {
        match self {
            Format::JsonLines | Format::Json => Escapes::Json,
            Format::Sql => Escapes::Sql,
            Format::Markup | Format::HtmlTable => Escapes::Html,
            Format::Text | Format::Table { .. } => Escapes::None,
        }
    }

    /// Whether the format has rows, so that a record never reaches from one into the next.
    pub const fn has_rows(&self) -> bool {
        !matches!(self, Format::Text | Format::Markup)
    }
}

/// Where an input comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// Path of the file; `-` for standard input.
    pub path: String,
    /// Path inside an archive, with `!` between nested ones.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entry: Option<String>,
    /// Sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sheet: Option<String>,
}

impl Origin {
    /// A file, or `-`.
    pub fn path(path: impl Into<String>) -> Origin {
        Origin {
            path: path.into(),
            entry: None,
            sheet: None,
        }
    }

    /// The origin of what is packed in this one under `name`.
    #[must_use]
    pub fn inside(&self, name: &str) -> Origin {
        Origin {
            path: self.path.clone(),
            entry: Some(match &self.entry {
                Some(entry) => format!("{entry}!{name}"),
                None => name.to_owned(),
            }),
            sheet: None,
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.path)?;
        if let Some(entry) = &self.entry {
            write!(f, "!{entry}")?;
        }
        if let Some(sheet) = &self.sheet {
            write!(f, "#{sheet}")?;
        }
        Ok(())
    }
}

thread_local! {
    /// The origin of texts of which nobody says where they come from: made once a thread, so that a short text allocates nothing.
    static NOWHERE: Arc<Origin> = Arc::default();
}

/// Bytes in memory, with what is known about them.
///
/// ```
/// use miandan::{Format, Input};
/// let input = Input::new("姓名,电话\n").format(Format::csv());
/// # let _ = input;
/// ```
#[derive(Clone, Debug)]
pub struct Input<'h> {
    pub(crate) bytes: &'h [u8],
    pub(crate) format: Option<Format>,
    pub(crate) encoding: Option<Encoding>,
    /// How sure the encoding is, if there is one.
    pub(crate) certainty: Certainty,
    pub(crate) origin: Arc<Origin>,
}

impl<'h> Input<'h> {
    /// An input whose format and encoding are to be recognised.
    pub fn new<B: AsRef<[u8]> + ?Sized>(bytes: &'h B) -> Input<'h> {
        Input {
            bytes: bytes.as_ref(),
            format: None,
            encoding: None,
            certainty: Certainty::Given,
            origin: NOWHERE.try_with(Arc::clone).unwrap_or_default(),
        }
    }

    /// Fixes the format.
    #[must_use]
    pub fn format(mut self, format: Format) -> Input<'h> {
        self.format = Some(format);
        self
    }

    /// Fixes the encoding, for every line.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Input<'h> {
        self.encoding = Some(encoding);
        self
    }

    /// Says where the bytes come from.
    #[must_use]
    pub fn origin(mut self, origin: Origin) -> Input<'h> {
        self.origin = Arc::new(origin);
        self
    }
}

/// A readable input, as a source hands it to the scanner: where it comes from, and its bytes.
pub struct Unit {
    /// Where it comes from.
    pub origin: Origin,
    /// Its bytes.
    pub reader: Box<dyn std::io::Read + Send>,
    /// Its format, or `None` to recognise it from the first bytes.
    pub format: Option<Format>,
    /// Its encoding, or `None` to guess it.
    pub encoding: Option<Encoding>,
}

impl std::fmt::Debug for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unit")
            .field("origin", &self.origin)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

impl<'h> From<&'h [u8]> for Input<'h> {
    fn from(bytes: &'h [u8]) -> Input<'h> {
        Input::new(bytes)
    }
}

impl<'h> From<&'h str> for Input<'h> {
    fn from(text: &'h str) -> Input<'h> {
        Input::new(text)
    }
}

impl<'h> From<&'h String> for Input<'h> {
    fn from(text: &'h String) -> Input<'h> {
        Input::new(text)
    }
}

impl<'h> From<&'h Vec<u8>> for Input<'h> {
    fn from(bytes: &'h Vec<u8>) -> Input<'h> {
        Input::new(bytes)
    }
}

impl<'h, const N: usize> From<&'h [u8; N]> for Input<'h> {
    fn from(bytes: &'h [u8; N]) -> Input<'h> {
        Input::new(bytes)
    }
}
