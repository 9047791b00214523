//! What people read about a rule.

use std::borrow::Cow;
use std::mem;

use crate::kind::Kind;

/// Everything people read about a rule: feeds `miandan rules`, SARIF rule metadata, the docs and a self-test
/// that runs every example and counter-example.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RuleCard {
    /// Stable identifier, such as `mobile`.
    pub id: Cow<'static, str>,
    /// What the rule reports.
    pub kind: Kind,
    /// One line.
    pub title: Cow<'static, str>,
    /// A paragraph: what is found, what is not, and how the confidence comes about.
    pub help: Cow<'static, str>,
    /// Texts in which the rule reports at least one finding at 0.5 or more. All synthetic.
    pub examples: &'static [&'static str],
    /// Texts in which the rule reports nothing at 0.5 or more.
    pub counter_examples: &'static [&'static str],
    /// Where the rule's facts come from.
    pub references: &'static [&'static str],
    families: fn() -> Vec<Family>,
}

/// One of the forms that a rule tells apart: a courier's format, a disguise.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Family {
    /// Stable identifier within the rule, such as `full-width` or `sf`.
    pub id: Cow<'static, str>,
    /// One line.
    pub title: Cow<'static, str>,
    /// A text in which the rule reports the form at 0.5 or more. Synthetic.
    pub example: Cow<'static, str>,
    /// A text that looks alike and in which the rule does not report the form.
    pub counter_example: Cow<'static, str>,
}

impl Family {
    pub(crate) fn new(
        id: impl Into<Cow<'static, str>>,
        title: impl Into<Cow<'static, str>>,
        example: impl Into<Cow<'static, str>>,
        counter_example: impl Into<Cow<'static, str>>,
    ) -> Family {
        Family {
            id: id.into(),
            title: title.into(),
            example: example.into(),
            counter_example: counter_example.into(),
        }
    }
}

impl RuleCard {
    /// A card with an identifier, a kind and a title; the rest is empty.
    pub const fn new(id: &'static str, kind: Kind, title: &'static str) -> RuleCard {
        RuleCard {
            id: Cow::Borrowed(id),
            kind,
            title: Cow::Borrowed(title),
            help: Cow::Borrowed(""),
            examples: &[],
            counter_examples: &[],
            references: &[],
            families: Vec::new,
        }
    }

    /// A card whose texts are made while the program runs.
    pub const fn owned(id: String, kind: Kind, title: String, help: String) -> RuleCard {
        RuleCard {
            id: Cow::Owned(id),
            kind,
            title: Cow::Owned(title),
            help: Cow::Owned(help),
            examples: &[],
            counter_examples: &[],
            references: &[],
            families: Vec::new,
        }
    }

    /// Sets the explanation.
    #[must_use]
    pub const fn help(mut self, help: &'static str) -> RuleCard {
        // A constant function cannot drop the old text, which is borrowed and needs none.
        mem::forget(mem::replace(&mut self.help, Cow::Borrowed(help)));
        self
    }

    /// Sets texts that must be found.
    #[must_use]
    pub const fn examples(mut self, examples: &'static [&'static str]) -> RuleCard {
        self.examples = examples;
        self
    }

    /// Sets texts that must not be found.
    #[must_use]
    pub const fn counter_examples(mut self, texts: &'static [&'static str]) -> RuleCard {
        self.counter_examples = texts;
        self
    }

    pub(crate) const fn with_families(mut self, families: fn() -> Vec<Family>) -> RuleCard {
        self.families = families;
        self
    }

    /// The forms that the rule tells apart, each with an example and a counter-example; empty for most rules.
    pub fn families(&self) -> Vec<Family> {
        (self.families)()
    }

    /// Sets the sources.
    #[must_use]
    pub const fn references(mut self, references: &'static [&'static str]) -> RuleCard {
        self.references = references;
        self
    }
}
