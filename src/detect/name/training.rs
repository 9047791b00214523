//! What `examples/train_names` needs beyond the features: the name tables.

use super::{lexicon, rules};
use crate::table::{given, script, surname};

/// Every surname with its position in the ranked list, 0 = unlisted.
pub fn surnames() -> impl Iterator<Item = (&'static str, u16)> {
    surname::all().iter().map(|s| (s.text, s.rank))
}

/// Characters of given names: how many names have it as the whole given name, first, second character.
pub fn given() -> impl Iterator<Item = (char, [u32; 3])> {
    given::all()
        .iter()
        .map(|g| (g.char, [g.single, g.first, g.second]))
}

/// The simplified form of a character.
pub fn to_simplified(c: char) -> char {
    script::to_simplified(c)
}

/// Whether a sign hides characters of names or parts them.
pub fn is_mask_or_dot(c: char) -> bool {
    rules::is_mask_char(c) || lexicon::DOT.contains(&c)
}
