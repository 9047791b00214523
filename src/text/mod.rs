//! From bytes to folded text, and the way back to the original bytes.
//!
//! Folds here **keep the meaning** (full-width `１` → `1`, zero-width characters dropped, JSON escapes resolved).
//! Readings that change it (三 → 3) live in the detectors and never touch the view.

pub mod class;
mod codes;
pub(crate) mod decode;
pub(crate) mod dense;
pub mod encoding;
mod fold;
#[cfg(feature = "encodings")]
mod garble;
pub(crate) mod mixed;
#[cfg(feature = "encodings")]
mod multibyte;
mod offset;
pub(crate) mod tags;
pub(crate) mod triples;
mod walker;
#[cfg(feature = "encodings")]
mod wide;

pub use fold::{Escapes, fold};
pub use offset::{Edit, OffsetMap};

use std::borrow::Cow;

/// The text of a piece of an input that is read in this way, unescaped.
pub(crate) fn text_of(bytes: &[u8], reading: mixed::Reading, escapes: Escapes) -> Cow<'_, str> {
    match reading {
        mixed::Reading::Plain(encoding) => span_text(bytes, encoding, escapes),
        #[cfg(feature = "encodings")]
        mixed::Reading::Garbled(_) => {
            let text = mixed::text_of(bytes, reading);
            unescaped(&text, escapes).unwrap_or(text).into()
        }
    }
}

/// The decoded and unescaped text of a piece of an input; malformed bytes become U+FFFD.
pub fn span_text(bytes: &[u8], encoding: encoding::Encoding, escapes: Escapes) -> Cow<'_, str> {
    // Numbers are the same bytes in every encoding that may be cut at them.
    let is_utf8 = encoding == encoding::Encoding::Utf8
        || cfg!(not(feature = "encodings"))
        || encoding.is_ascii_cuttable() && bytes.is_ascii();
    if is_utf8 && let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return unescaped(text, escapes).map_or(Cow::Borrowed(text), Cow::Owned);
    }
    let mut buf = decode::Buffer::default();
    let text = decode::decode(bytes, encoding, &mut buf, &mut Vec::new()).text;
    if let Some(out) = unescaped(text, escapes) {
        return out.into();
    }
    let len = text.len();
    buf.into_text(len).into()
}

/// The text as a detector sees it: [`fold`]ed, borrowed where there is nothing to fold.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    changed(text, Escapes::None).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// What `of` makes of a text, borrowed where both are.
pub(crate) fn mapped(text: Cow<'_, str>, of: impl Fn(&str) -> Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => of(text),
        Cow::Owned(text) => Cow::Owned(of(&text).into_owned()),
    }
}

/// The text without the format's escapes, where it has any.
pub(crate) fn unescaped(text: &str, escapes: Escapes) -> Option<String> {
    may_be_escaped(text, escapes)
        .then(|| changed(text, escapes))
        .flatten()
}

/// Whether a text holds what the format's escapes begin with, or codes of characters.
pub(crate) fn may_be_escaped(text: &str, escapes: Escapes) -> bool {
    match escapes {
        Escapes::None => codes::may_stand_in(text),
        _ => fold::may_change(text),
    }
}

/// What folding makes of a text, where it changes it.
fn changed(text: &str, escapes: Escapes) -> Option<String> {
    let (mut out, mut map) = (String::new(), OffsetMap::default());
    fold(text, escapes, &mut out, &mut map).then_some(out)
}
