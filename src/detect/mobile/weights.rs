//! What evidence for a mobile number weighs.

use crate::evidence::{EvidenceTable, Weights};

evidence_lines! {
    SOLID "mobile.eleven-digits" 6500
    GROUPED "mobile.grouped-3-4-4" 6000
    EVEN "mobile.same-separators" 4300
    UNEVEN "mobile.mixed-separators" 800
    BROKEN "mobile.line-break-inside" 4200
    FILLED "mobile.filler-inside" 4500
    SYMBOLS "mobile.symbol-digits" 6000
    HAN "mobile.chinese-digits" 4600
    SOUNDS "mobile.sounds-like-digits" 4200
    SPELT "mobile.spelt-out" 5500
    LETTERS "mobile.letters-as-digits" 4300
    REVERSED "mobile.reversed-with-cue" 4800
    MASKED "mobile.masked" 5000
    COUNTRY "mobile.country-code" 1500
    ABROAD "mobile.region-code" 5500
    UNALLOCATED "mobile.prefix-unallocated" -7500
    GLUED "mobile.letters-touch" -9000
    DECIMAL "mobile.decimal" -9000
    AMOUNT "mobile.amount" -7000
    LINK "mobile.in-link" -7000
    MEASURE "mobile.measure-key" -9000
    CHAINED "mobile.in-longer-number" -8000
    QQ "mobile.qq-label" -9000
    FOREIGN "mobile.foreign-code" -8000
    REPETITIVE "mobile.made-up-digits" -800
    EXTENSION "mobile.extension" 500
    PARCEL "mobile.on-parcel-label" 5500
    LOCAL_FORM "mobile.local-form" 700
}

pub(super) static TABLE: EvidenceTable = EvidenceTable {
    prior: -2000,
    local: LOCAL,
    measured: "mobile.measured",
    // label same/other, header same/other, column same/other, whole field,
    // near mobile, name, address, waybill, serial, region agrees, adjacent
    context: [
        2200, -7000, 2200, -4000, 2000, -3000, 300, 0, 800, 800, 500, -800, 800, 300, 0,
    ],
};

/// [`TABLE`] for scoring.
pub(super) static WEIGHTS: Weights = Weights::new(&TABLE);
