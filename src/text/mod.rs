//! From bytes to a [`View`]: the folded text that detectors see, with the way back to the original bytes.
//!
//! Folds here **keep the meaning** (full-width `１` → `1`, zero-width characters dropped, JSON escapes resolved).
//! Readings that change it (三 → 3) live in the detectors and never touch the view.

pub mod class;
pub(crate) mod decode;
pub mod encoding;
mod fold;
#[cfg(feature = "encodings")]
mod multibyte;
mod offset;

pub use fold::{Escapes, fold};
pub use offset::{Edit, OffsetMap};

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use crate::anchor::digits::Digits;

/// What a detector sees: a piece of folded text, and the part of it that is asked about.
#[derive(Clone, Debug)]
pub struct View<'s> {
    text: &'s str,
    core: Range<usize>,
    digits: OnceCell<Digits>,
}

impl<'s> View<'s> {
    /// A view of a whole text.
    pub fn new(text: &'s str) -> View<'s> {
        View {
            text,
            core: 0..text.len(),
            digits: OnceCell::new(),
        }
    }

    /// A view in which only candidates that start inside `core` count; the rest is context.
    ///
    /// The range is clamped to the text.
    pub fn with_core(text: &'s str, core: Range<usize>) -> View<'s> {
        let end = core.end.min(text.len());
        View {
            text,
            core: core.start.min(end)..end,
            digits: OnceCell::new(),
        }
    }

    /// The folded text, context included.
    pub fn text(&self) -> &'s str {
        self.text
    }

    /// The text's digits in any dress, read once for all detectors.
    pub(crate) fn digits(&self) -> &Digits {
        self.digits.get_or_init(|| Digits::scan(self.text))
    }

    /// The byte range in which candidates must start to count.
    pub fn core(&self) -> Range<usize> {
        self.core.clone()
    }
}

/// The decoded and unescaped text of a piece of an input; malformed bytes become U+FFFD.
pub fn span_text(bytes: &[u8], encoding: encoding::Encoding, escapes: Escapes) -> Cow<'_, str> {
    let mut buf = Vec::new();
    let text = decode::decode(bytes, encoding, &mut buf, &mut Vec::new());
    let (mut out, mut map) = (String::new(), OffsetMap::default());
    if escapes != Escapes::None && fold(text, escapes, &mut out, &mut map) {
        return out.into();
    }
    match simdutf8::basic::from_utf8(bytes) {
        Ok(same) if same == text => same.into(),
        _ => text.to_owned().into(),
    }
}
