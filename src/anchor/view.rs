//! What a detector sees.

use std::cell::{OnceCell, RefCell};

use super::digits::Digits;
use crate::span::Span;

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

    /// Where digits stand in any dress, in the order of the text: every span holds contiguous digits of one style. A place to
    /// begin for detectors of one's own; read once for all detectors. Dates that stand by themselves are left out, and fewer than
    /// five digits (eight with words between them) alone between marks or Han characters, such as house numbers.
    ///
    /// ```
    /// use miandan::anchor::View;
    /// let text = "电话一三八零零一三八零零零，育才路9号";
    /// let digits: Vec<&str> = View::new(text).digit_spans().map(|s| &text[s.range()]).collect();
    /// assert_eq!(digits, ["一三八零零一三八零零零"]);
    /// ```
    pub fn digit_spans(&self) -> impl Iterator<Item = Span> + '_ {
        let chunks = self.digits().chunks().iter();
        chunks.map(|chunk| Span::new(chunk.start, chunk.end))
    }

    /// The text's digits in any dress, read once for all detectors.
    pub(crate) fn digits(&self) -> &Digits {
        self.digits
            .get_or_init(|| self.spare.take().scan(self.text))
    }
}
