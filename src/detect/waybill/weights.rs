//! What evidence for a waybill weighs.

use crate::evidence::EvidenceTable;

evidence_lines! {
    LETTERED "waybill.courier-letters" 7500
    LETTER "waybill.letter-block" 3200
    BLOCK_LONG "waybill.current-block-14-15" 3900
    BLOCK_MID "waybill.block-12-13" 2750
    BLOCK_WEAK "waybill.wide-block" 900
    BARE "waybill.bare-digits" -200
    CHECK_RIGHT "waybill.check-digit" 900
    SF_RIGHT "waybill.sf-check-digit" 2950
    CHECK_WRONG "waybill.check-digit-wrong" -6500
    CUE "waybill.courier-word" 4000
    CUE_AGREES "waybill.courier-word-fits" 1000
    SUFFIX "waybill.package-suffix" 1500
    SEPARATED "waybill.separated" -700
    DISGUISED "waybill.disguised-digits" -100
    UNEVEN "waybill.mixed-separators" -3500
    TIME "waybill.is-time" -4500
    EPOCH "waybill.is-epoch" -2500
    BARCODE "waybill.is-barcode" -4000
    BARCODE_WEAK "waybill.passes-barcode-check" -1000
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
}

pub(super) static TABLE: EvidenceTable = EvidenceTable {
    prior: -3500,
    local: LOCAL,
    measured: "waybill.measured",
    // label same/other, header same/other, column same/other, whole field,
    // near mobile, name, address, waybill, repeated, region agrees, adjacent
    context: [
        5000, -6000, 5000, -5000, 3500, -3500, 900, 900, 600, 600, 300, 1500, 0, 300, 0,
    ],
};
