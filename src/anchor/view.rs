//! What a detector sees.

use std::cell::{OnceCell, RefCell};

use super::digits::Digits;

/// A piece of folded text with its anchors.
#[derive(Clone, Debug)]
pub struct View<'s> {
    text: &'s str,
    digits: OnceCell<Digits>,
    /// A buffer for the digits, where one is at hand.
    spare: RefCell<Digits>,
}

impl<'s> View<'s> {
    /// A view of a text.
    pub fn new(text: &'s str) -> View<'s> {
        View::reusing(text, Digits::default())
    }

    /// A view of a text that keeps its digits in the buffer of an earlier one.
    pub(crate) fn reusing(text: &'s str, spare: Digits) -> View<'s> {
        View {
            text,
            digits: OnceCell::new(),
            spare: RefCell::new(spare),
        }
    }

    /// The buffer of the digits, to be used again.
    pub(crate) fn into_buffer(self) -> Digits {
        self.digits
            .into_inner()
            .unwrap_or_else(|| self.spare.take())
    }

    /// The folded text.
    pub fn text(&self) -> &'s str {
        self.text
    }

    /// The text's digits in any dress, read once for all detectors.
    pub(crate) fn digits(&self) -> &Digits {
        self.digits
            .get_or_init(|| self.spare.take().scan(self.text))
    }
}
