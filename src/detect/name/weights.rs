//! What the evidence for a name weighs, in milli-logits.

use crate::evidence::{CONTEXTS, EvidenceDef, EvidenceTable};

/// Nothing but Han characters that make a name stand in the run.
pub(super) const ALONE: u8 = 0;

/// The model has seen labels, field borders and neighbouring characters already, so that most contexts add little; columns
/// and findings further away it cannot see.
pub(super) static EVIDENCE: EvidenceTable = EvidenceTable {
    prior: 0,
    local: &[EvidenceDef {
        id: "name.alone",
        weight: 0,
    }],
    measured: "name.model",
    context: contexts(),
};

const fn contexts() -> [i32; CONTEXTS] {
    [
        600,    // LabelSame
        -1_200, // LabelOther
        3_500,  // HeaderSame
        -3_000, // HeaderOther
        3_000,  // ColumnSame
        -2_000, // ColumnOther
        0,      // WholeField
        500,    // NearMobile
        0,      // NearName
        300,    // NearAddress
        300,    // NearWaybill
        500,    // Repeated
        0,      // RegionAgrees
        500,    // Adjacent
    ]
}
