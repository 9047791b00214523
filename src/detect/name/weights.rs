//! What the evidence for a name weighs, in milli-logits.

use super::rules::Sign;
use crate::evidence::{CONTEXTS, EvidenceDef, EvidenceTable};

/// Nothing but the name stands between two borders.
pub(super) const ALONE: u8 = 0;
/// A word that goes before or after names, or a border, stands on both sides.
pub(super) const FRAMED: u8 = 1;
/// A minority or foreign name with a middle dot.
pub(super) const DOTTED: u8 = 2;
const TITLE: u8 = 3;
const SHORT_TITLE: u8 = 4;
const FAMILIAR: u8 = 5;
const SOME: u8 = 6;
const MASK_AFTER: u8 = 7;
const MASK_BEFORE: u8 = 8;
/// The model's reading is written with 某.
pub(super) const MODEL_PARTIAL: u8 = 9;
/// The string is the label of a value.
pub(super) const LABEL: u8 = 10;
/// The string is the road that an address begins with.
pub(super) const ROAD: u8 = 11;

/// A name of a province, city or county fills its run.
pub(super) const PLACE: u8 = 12;

/// It begins with no known surname.
pub(super) const UNLISTED: u8 = 13;

/// A mask before it hides the rest of a name: 晓蕾 in *晓蕾.
pub(super) const BEHIND_MASK: u8 = 14;

/// A surname and 氏, as families and their shops are called.
pub(super) const CLAN: u8 = 15;

/// An amount in units of goods follows.
pub(super) const MEASURED: u8 = 16;

/// A rule's surname is seldom one, or what is shown is a word.
pub(super) const DOUBTFUL: u8 = 17;

/// A compound surname is a common word.
pub(super) const WORD_SURNAME: u8 = 18;

/// Between two long numbers, without any mark: what is glued together so is number, name, number.
pub(super) const WEDGED: u8 = 19;

/// The bit of a rule's sign.
pub(super) const fn bit(sign: Sign) -> u8 {
    match sign {
        Sign::Title => TITLE,
        Sign::ShortTitle => SHORT_TITLE,
        Sign::Familiar => FAMILIAR,
        Sign::Some => SOME,
        Sign::MaskAfter => MASK_AFTER,
        Sign::MaskBefore => MASK_BEFORE,
        Sign::Dotted => DOTTED,
    }
}

const fn def(id: &'static str, weight: i32) -> EvidenceDef {
    EvidenceDef { id, weight }
}

/// The model has seen labels, field borders and neighbouring characters already, so that most contexts add little; columns
/// and findings further away it cannot see.
pub(super) static EVIDENCE: EvidenceTable = EvidenceTable {
    prior: -200,
    local: &[
        def("name.alone", -100),
        def("name.framed", 1_200),
        def("name.dotted", 2_200),
        def("name.title", 2_000),
        def("name.short-title", 180),
        def("name.familiar", 600),
        def("name.some", 2_100),
        def("name.mask-after", 1_600),
        def("name.mask-before", 300),
        def("name.model-partial", 400),
        def("name.label-word", -4_000),
        def("name.road-of-address", -2_500),
        def("name.place", -1_500),
        def("name.unlisted-surname", -1_800),
        def("name.behind-mask", -2_000),
        def("name.clan", -3_000),
        def("name.amount", -4_000),
        def("name.doubtful-surname", -3_100),
        def("name.word-surname", -1_500),
        def("name.wedged", 2_000),
    ],
    measured: "name.model",
    context: contexts(),
};

const fn contexts() -> [i32; CONTEXTS] {
    [
        2_000,  // LabelSame
        -1_400, // LabelOther
        4_000,  // HeaderSame
        -4_500, // HeaderOther
        3_500,  // ColumnSame
        -2_000, // ColumnOther
        0,      // WholeField
        300,    // NearMobile
        0,      // NearName
        200,    // NearAddress
        200,    // NearWaybill
        -2_000, // Serial
        0,      // RegionAgrees
        400,    // Adjacent
        1_540,  // Sole
    ]
}
