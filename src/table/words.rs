//! Words of the caller's own that name a field.

use std::collections::BTreeMap;

use super::field::{Field, Party, Role, field_of, normalize};

/// Column headers, JSON keys and labels beside the built-in ones, over which they win.
///
/// ```
/// use miandan::Scanner;
/// use miandan::table::Words;
/// use miandan::table::field::Field;
///
/// let mut words = Words::default();
/// words.insert("猪脚暗号", Field::from_id("receiver_mobile").unwrap());
/// let scanner = Scanner::builder().words(words).build()?;
/// let findings = scanner.scan("猪脚暗号：13812345678");
/// let evidence = scanner.explain(&findings.as_slice()[0]);
/// assert!(evidence.iter().any(|e| e.id == "context.label-same"));
/// # Ok::<(), miandan::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    by_word: BTreeMap<String, Field>,
    by_column: BTreeMap<usize, Field>,
}

/// No words but the built-in ones.
pub(crate) static NONE: Words = Words {
    by_word: BTreeMap::new(),
    by_column: BTreeMap::new(),
};

impl Words {
    /// Adds a word. Case, full width, spaces and the marks `_-/():*.` do not matter.
    pub fn insert(&mut self, word: &str, field: Field) {
        self.by_word.insert(normalize(word).into_string(), field);
    }

    /// Says what the column at a 1-based position holds, in every table, whatever its header.
    pub fn insert_column(&mut self, column: usize, field: Field) {
        self.by_column.insert(column, field);
    }

    /// What the column at a 1-based position holds.
    pub(crate) fn column(&self, column: usize) -> Option<Field> {
        self.by_column.get(&column).copied()
    }

    /// The last column that is spoken of, 1-based; 0 = none.
    pub(crate) fn columns(&self) -> usize {
        self.by_column.keys().next_back().copied().unwrap_or(0)
    }

    /// Whether the caller has no words of their own.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_word.is_empty()
    }

    /// The caller's own field for an already normalised word.
    pub(crate) fn exact(&self, normal: &str) -> Option<Field> {
        self.by_word.get(normal).copied()
    }

    /// The caller's own field for a header or key.
    pub(crate) fn own(&self, word: &str) -> Option<Field> {
        if self.is_empty() {
            return None;
        }
        self.exact(&normalize(word))
    }

    /// What a header or key says: the caller's word, else the built-in one.
    pub(crate) fn field_of(&self, word: &str) -> Option<Field> {
        self.own(word).or_else(|| field_of(word))
    }
}

/// Names of the roles.
const ROLES: [(&str, Role); 14] = [
    ("name", Role::Name),
    ("mobile", Role::Mobile),
    ("phone", Role::Phone),
    ("address", Role::Address),
    ("division", Role::Division),
    ("waybill", Role::Waybill),
    ("order_id", Role::OrderId),
    ("account", Role::Account),
    ("id_card", Role::IdNumber),
    ("bank_card", Role::Bank),
    ("email", Role::Email),
    ("staff", Role::Staff),
    ("free", Role::Free),
    ("other", Role::Other),
];

impl Field {
    /// The field that an identifier such as `mobile` or `sender_name` names: a role, after `receiver_` or `sender_` where it
    /// is known whose data it is.
    ///
    /// ```
    /// use miandan::table::field::{Field, Party, Role};
    /// let field = Field::from_id("sender_name").unwrap();
    /// assert_eq!((field.role, field.party), (Role::Name, Party::Sender));
    /// assert_eq!(Field::from_id("colour"), None);
    /// ```
    pub fn from_id(id: &str) -> Option<Field> {
        let (role, party) = if let Some(role) = id.strip_prefix("receiver_") {
            (role, Party::Receiver)
        } else if let Some(role) = id.strip_prefix("sender_") {
            (role, Party::Sender)
        } else {
            (id, Party::Unknown)
        };
        let (_, role) = *ROLES.iter().find(|(name, _)| *name == role)?;
        Some(Field { role, party })
    }

    /// The identifiers of [`from_id`](Self::from_id), without `receiver_` and `sender_`.
    pub fn ids() -> impl Iterator<Item = &'static str> {
        ROLES.iter().map(|(name, _)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_words_win() {
        let mut words = Words::default();
        let other = Field::from_id("other").expect("a role");
        words.insert(" 电 话 ", other);
        assert_eq!(words.field_of("电话"), Some(other));
        assert_eq!(words.field_of("姓名").map(|f| f.role), Some(Role::Name));
        assert_eq!(NONE.field_of("电话").map(|f| f.role), Some(Role::Mobile));
    }

    #[test]
    fn every_role_has_an_id() {
        for id in Field::ids() {
            for whose in ["", "receiver_", "sender_"] {
                assert!(Field::from_id(&format!("{whose}{id}")).is_some());
            }
        }
        assert_eq!(Field::from_id("receiver_"), None);
    }
}
