//! Why something was reported: named integer contributions that add up to the score.
//!
//! Weights are in **milli-logits**: +693 doubles the odds that a finding is right. A detector
//! declares an [`EvidenceTable`]; a finding keeps only a bit set ([`EvidenceSet`]) and one measured
//! weight (the score of a learned model), so that prior + Σ weights = score, exactly.

use serde::{Deserialize, Serialize};

/// An integer contribution in milli-logits.
pub type Weight = i32;

/// One contribution to the score of a finding, spelt out for people and machines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Stable dotted identifier, such as `mobile.prefix-assigned`.
    pub id: std::borrow::Cow<'static, str>,
    /// Contribution in milli-logits.
    pub weight: Weight,
}

/// One line of an [`EvidenceTable`].
#[derive(Clone, Copy, Debug)]
pub struct EvidenceDef {
    /// Stable dotted identifier, `<kind>.<what-was-seen>`.
    pub id: &'static str,
    /// Contribution in milli-logits when the evidence is present.
    pub weight: Weight,
}

/// Evidence that does not come from the value itself but from what stands around it.
///
/// These are collected by the stage after the detectors, for every kind alike; each kind says in its
/// [`EvidenceTable`] what they are worth to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Context {
    /// A label or key for this kind stands directly before it (`电话：`, `"mobile":`).
    LabelSame = 0,
    /// A label or key for something else stands directly before it (`订单号：`).
    LabelOther = 1,
    /// The column's header names this kind.
    HeaderSame = 2,
    /// The column's header names something else.
    HeaderOther = 3,
    /// Most cells of the column (in the learnt prefix of the table) are of this kind.
    ColumnSame = 4,
    /// Most cells of the column are of another kind.
    ColumnOther = 5,
    /// The value fills its cell, line or JSON string completely.
    WholeField = 6,
    /// A confident mobile number stands close by or in the same row.
    NearMobile = 7,
    /// A confident name stands close by or in the same row.
    NearName = 8,
    /// A confident address stands close by or in the same row.
    NearAddress = 9,
    /// A confident waybill stands close by or in the same row.
    NearWaybill = 10,
    /// The values of its column, or of a text without columns, follow one another or stand there again and again: numbers that were
    /// made up or printed in a row; states and couriers that look like names.
    Serial = 11,
    /// The mobile's home province is the address's province.
    RegionAgrees = 12,
    /// The value directly follows or precedes another finding, with nothing or one separator between.
    Adjacent = 13,
    /// A name between borders and behind no label, near a sure number or address and no sure name: a record has one.
    Sole = 14,
}

/// Number of [`Context`] variants.
pub const CONTEXTS: usize = 15;

/// Stable identifiers of the contexts, in order.
pub const CONTEXT_IDS: [&str; CONTEXTS] = [
    "context.label-same",
    "context.label-other",
    "context.header-same",
    "context.header-other",
    "context.column-same",
    "context.column-other",
    "context.whole-field",
    "context.near-mobile",
    "context.near-name",
    "context.near-address",
    "context.near-waybill",
    "context.serial",
    "context.region-agrees",
    "context.adjacent",
    "context.sole",
];

/// What a rule's evidence weighs: the prior, the rule's own evidence, and each [`Context`].
#[derive(Debug)]
pub struct EvidenceTable {
    /// Log-odds before anything else is known, in milli-logits.
    pub prior: Weight,
    /// The rule's own evidence; the position in this list is the bit. At most 48 lines.
    pub local: &'static [EvidenceDef],
    /// Identifier of the measured weight (a model's score), where the rule has one.
    pub measured: &'static str,
    /// Weight of each [`Context`], in the order of the enum.
    pub context: [Weight; CONTEXTS],
}

const CONTEXT_SHIFT: u8 = 48;

/// A set of evidence lines of one [`EvidenceTable`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EvidenceSet(u64);

impl EvidenceSet {
    /// The empty set.
    pub const EMPTY: EvidenceSet = EvidenceSet(0);

    /// Adds the rule's own evidence number `bit` (its position in [`EvidenceTable::local`]).
    pub const fn insert(&mut self, bit: u8) {
        debug_assert!(bit < CONTEXT_SHIFT);
        self.0 |= 1 << bit;
    }

    /// Adds evidence number `bit` where it is seen; without a branch, since what is seen differs from value to value.
    #[inline]
    pub(crate) const fn insert_if(&mut self, bit: u8, seen: bool) {
        debug_assert!(bit < CONTEXT_SHIFT);
        self.0 |= (seen as u64) << bit;
    }

    /// As [`insert_if`](Self::insert_if), of several.
    #[inline]
    pub(crate) fn insert_seen<const N: usize>(&mut self, facts: [(bool, u8); N]) {
        for (seen, bit) in facts {
            self.insert_if(bit, seen);
        }
    }

    /// The set with evidence number `bit` added.
    #[must_use]
    pub const fn with(mut self, bit: u8) -> EvidenceSet {
        self.insert(bit);
        self
    }

    /// Adds a context.
    pub const fn insert_context(&mut self, context: Context) {
        self.0 |= 1 << (CONTEXT_SHIFT + context as u8);
    }

    /// Adds contexts, one bit per [`Context`]; gives those that were not there before.
    pub(crate) const fn insert_contexts(&mut self, contexts: u16) -> EvidenceSet {
        let added = ((contexts as u64) << CONTEXT_SHIFT) & !self.0;
        self.0 |= added;
        EvidenceSet(added)
    }

    /// The contexts, one bit per [`Context`].
    pub(crate) const fn contexts(self) -> u16 {
        (self.0 >> CONTEXT_SHIFT) as u16
    }

    /// Whether evidence number `bit` is present.
    pub const fn has(self, bit: u8) -> bool {
        self.0 & (1 << bit) != 0
    }

    /// Whether the context is present.
    pub const fn has_context(self, context: Context) -> bool {
        self.0 & (1 << (CONTEXT_SHIFT + context as u8)) != 0
    }
}

impl EvidenceTable {
    /// Prior + Σ weights of the set + the measured weight: the score in milli-logits.
    pub fn score(&self, set: EvidenceSet, measured: Weight) -> Weight {
        let mut sum = self.prior + measured;
        let mut bits = set.0;
        while bits != 0 {
            let bit = bits.trailing_zeros() as u8;
            bits &= bits - 1;
            sum += self.weight_of(bit);
        }
        sum
    }

    const fn weight_of(&self, bit: u8) -> Weight {
        let context = bit.wrapping_sub(CONTEXT_SHIFT) as usize;
        if context < CONTEXTS {
            self.context[context]
        } else if (bit as usize) < self.local.len() {
            self.local[bit as usize].weight
        } else {
            0
        }
    }

    /// The set spelt out, the rule's own evidence first, the measured weight last.
    pub fn explain(&self, set: EvidenceSet, measured: Weight) -> Vec<Evidence> {
        let mut list = Vec::new();
        self.each(set, measured, |id, weight| {
            list.push(Evidence {
                id: id.into(),
                weight,
            });
        });
        list
    }

    /// Tells `tell` of every line of the set, in the order of [`explain`](Self::explain).
    pub(crate) fn each(
        &self,
        set: EvidenceSet,
        measured: Weight,
        mut tell: impl FnMut(&'static str, Weight),
    ) {
        let mut bits = set.0;
        while bits != 0 {
            let bit = bits.trailing_zeros() as u8;
            bits &= bits - 1;
            let id = if bit >= CONTEXT_SHIFT {
                CONTEXT_IDS.get((bit - CONTEXT_SHIFT) as usize).copied()
            } else {
                self.local.get(bit as usize).map(|d| d.id)
            };
            if let Some(id) = id {
                tell(id, self.weight_of(bit));
            }
        }
        if measured != 0 {
            tell(self.measured, measured);
        }
    }
}

/// An [`EvidenceTable`] laid out for scoring: the weight of every value of each byte of an [`EvidenceSet`].
///
/// Going through the bits of a set one by one, the processor guesses wrong at the end of nearly every set.
#[derive(Clone, Debug)]
pub(crate) struct Weights {
    prior: Weight,
    by_byte: [[Weight; 256]; 8],
}

impl Weights {
    pub(crate) const fn new(table: &EvidenceTable) -> Weights {
        let mut by_byte = [[0; 256]; 8];
        let mut place = 0;
        while place < by_byte.len() {
            let weights = &mut by_byte[place];
            let mut value = 1;
            while value < weights.len() {
                let bit = 8 * place as u8 + value.trailing_zeros() as u8;
                weights[value] = weights[value & (value - 1)] + table.weight_of(bit);
                value += 1;
            }
            place += 1;
        }
        Weights {
            prior: table.prior,
            by_byte,
        }
    }

    /// As [`EvidenceTable::score`].
    #[inline]
    pub(crate) fn score(&self, set: EvidenceSet, measured: Weight) -> Weight {
        self.prior + measured + self.sum(set)
    }

    /// Σ weights of the set.
    #[inline]
    fn sum(&self, set: EvidenceSet) -> Weight {
        let weights = |places: std::ops::Range<usize>| -> Weight {
            let bytes = set.0.to_le_bytes();
            places
                .map(|at| self.by_byte[at][usize::from(bytes[at])])
                .sum()
        };
        let sum = weights(0..4) + weights(6..8);
        // Few tables are so long.
        match set.0 << 16 >> 48 {
            0 => sum,
            _ => sum + weights(4..6),
        }
    }

    /// As [`score`](Self::score), of a set whose score is known to which contexts are added.
    #[inline]
    pub(crate) fn add_contexts(&self, score: Weight, added: EvidenceSet) -> Weight {
        debug_assert!(added.0 << (64 - CONTEXT_SHIFT) == 0);
        let [.., low, high] = added.0.to_le_bytes().map(usize::from);
        score + self.by_byte[6][low] + self.by_byte[7][high]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_explanation_is_the_sum() {
        let table = EvidenceTable {
            prior: -1000,
            local: &[
                EvidenceDef {
                    id: "t.a",
                    weight: 300,
                },
                EvidenceDef {
                    id: "t.b",
                    weight: -50,
                },
            ],
            measured: "t.model",
            context: [7; CONTEXTS],
        };
        let mut set = EvidenceSet::EMPTY.with(1);
        set.insert_context(Context::Adjacent);
        let sum: i32 = table.explain(set, 40).iter().map(|e| e.weight).sum();
        assert_eq!(table.prior + sum, table.score(set, 40));
        assert_eq!(table.score(set, 40), -1000 - 50 + 7 + 40);
        assert_eq!(Weights::new(&table).score(set, 40), table.score(set, 40));
    }
}
