//! What evidence for a waybill weighs: fitted with `examples/fit_weights` to disguised numbers, and to serials and near misses
//! alone and behind a label. The prior stayed, and a field of its own got less than it would have there: in a table without
//! headers more numbers that are no serials stand alone than in those sets.

use crate::evidence::{EvidenceTable, Weights};

evidence_lines! {
    LETTERED "waybill.courier-letters" 7300
    LETTER "waybill.letter-block" 3200
    ONE_LETTER "waybill.one-letter" 1700
    BLOCK_LONG "waybill.current-block-14-15" 4500
    BLOCK_MID "waybill.block-12-13" 2950
    BLOCK_WEAK "waybill.wide-block" 950
    BARE "waybill.bare-digits" -600
    CHECK_RIGHT "waybill.check-digit" 900
    SF_RIGHT "waybill.sf-check-digit" 3150
    CHECK_WRONG "waybill.check-digit-wrong" -8000
    CUE "waybill.courier-word" 4200
    CUE_AGREES "waybill.courier-word-fits" 1000
    SUFFIX "waybill.package-suffix" 1500
    SEPARATED "waybill.separated" -1500
    DISGUISED "waybill.disguised-digits" -100
    UNEVEN "waybill.mixed-separators" -3500
    TIME "waybill.is-time" -4500
    EPOCH "waybill.is-epoch" -2500
    BARCODE "waybill.is-barcode" -4300
    BARCODE_WEAK "waybill.passes-barcode-check" -1600
    LUHN "waybill.passes-luhn" -1500
    DEVICE "waybill.is-device-number" -5000
    IDENTITY "waybill.is-identity-number" -6500
    PHONE "waybill.is-phone" -6500
    GLUED "waybill.letters-touch" -8000
    DECIMAL "waybill.decimal" -9000
    LINK "waybill.in-link" -4000
    CHAINED "waybill.in-longer-number" -7000
    AMOUNT "waybill.amount" -6000
    MEASURE "waybill.measure-key" -8000
    LOWER "waybill.lower-case" -400
    LONG_BARE "waybill.order-length" -1300
    MASKED "waybill.masked" 6500
    MASKED_SHORT "waybill.masked-shorter" 5000
    MASKED_BARE "waybill.masked-digits" -500
}

pub(super) static TABLE: EvidenceTable = EvidenceTable {
    prior: -3500,
    local: LOCAL,
    measured: "waybill.measured",
    // label same/other, header same/other, column same/other, whole field,
    // near mobile, name, address, waybill, serial, region agrees, adjacent
    context: [
        6000, -6000, 5000, -5000, 3500, -3500, 2400, 1100, 600, 600, 300, 0, 0, 300, 0,
    ],
};

/// [`TABLE`] for scoring.
pub(super) static WEIGHTS: Weights = Weights::new(&TABLE);
