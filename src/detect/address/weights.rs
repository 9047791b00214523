//! What the evidence of an address weighs, in milli-logits.

use crate::evidence::{CONTEXTS, EvidenceDef, EvidenceTable, Weight};

macro_rules! evidence {
    ($($bit:ident = $id:literal $weight:literal),+ $(,)?) => {
        /// Positions in [`LOCAL`].
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Bit { $($bit),+ }
        /// The evidence lines, in the order of [`Bit`].
        const LOCAL: &[EvidenceDef] = &[$(EvidenceDef { id: $id, weight: $weight }),+];
    };
}

evidence! {
    OneDivision = "address.one-division" 300,
    TwoDivisions = "address.two-divisions" 1000,
    ThreeDivisions = "address.three-divisions" 1800,
    FullName = "address.full-division-name" 700,
    Agreeing = "address.divisions-agree" 900,
    Stray = "address.divisions-contradict" -300,
    Town = "address.town" 700,
    Road = "address.road" 1500,
    Village = "address.village" 900,
    Compound = "address.compound" 800,
    Number = "address.number" 1500,
    Numbers = "address.several-numbers" 1200,
    RoadNumber = "address.road-with-number" 900,
    Pickup = "address.pick-up-point" 800,
    Led = "address.lead-word" 700,
    LeftClean = "address.left-border" 500,
    RightClean = "address.right-border" 400,
    Short = "address.short" -1200,
    Long = "address.long" -900,
    AreaOnly = "address.area-only" -2500,
    NoDivision = "address.no-division" -500,
    Negative = "address.goods-or-news" -2500,
    Masked = "address.masked" 0,
}

const fn context() -> [Weight; CONTEXTS] {
    let mut w = [0; CONTEXTS];
    w[0] = 2500; // label-same
    w[1] = -1800; // label-other
    w[2] = 2500; // header-same
    w[3] = -1500; // header-other
    w[4] = 1800; // column-same
    w[5] = -1200; // column-other
    w[6] = 1000; // whole-field
    w[7] = 1800; // near-mobile
    w[8] = 1200; // near-name
    w[9] = 0; // near-address
    w[10] = 800; // near-waybill
    w[11] = 500; // repeated
    w[12] = 300; // region-agrees
    w[13] = 600; // adjacent
    w
}

/// The evidence table of the address detector.
pub(super) static TABLE: EvidenceTable = EvidenceTable {
    prior: -3500,
    local: LOCAL,
    measured: "address.model",
    context: context(),
};
