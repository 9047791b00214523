//! What a detector sees.

use std::cell::OnceCell;

use super::digits::Digits;

/// A piece of folded text with its anchors.
#[derive(Clone, Debug)]
pub struct View<'s> {
    text: &'s str,
    digits: OnceCell<Digits>,
}

impl<'s> View<'s> {
    /// A view of a text.
    pub fn new(text: &'s str) -> View<'s> {
        View {
            text,
            digits: OnceCell::new(),
        }
    }

    /// The folded text.
    pub fn text(&self) -> &'s str {
        self.text
    }

    /// The text's digits in any dress, read once for all detectors.
    pub(crate) fn digits(&self) -> &Digits {
        self.digits.get_or_init(|| Digits::scan(self.text))
    }
}
