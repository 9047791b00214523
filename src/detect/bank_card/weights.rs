//! What evidence weighs.

use crate::evidence::EvidenceTable;

evidence_lines! {
    ISSUER "bank_card.issuer-and-luhn" 4500
    UNION "bank_card.unionpay-and-luhn" 6000
    UNCHECKED "bank_card.luhn-wrong" -2500
    GROUPED "bank_card.grouped-by-four" 1000
    DISGUISED "bank_card.disguised-digits" -300
    WORD "bank_card.bank-word" 2500
    UNEVEN "bank_card.mixed-separators" -2500
    GLUED "bank_card.letters-touch" -8000
    DECIMAL "bank_card.decimal" -8000
    LINK "bank_card.in-link" -4000
    CHAINED "bank_card.in-longer-number" -6000
}

pub(super) static TABLE: EvidenceTable = EvidenceTable {
    prior: -3000,
    local: LOCAL,
    measured: "bank_card.measured",
    // label same/other, header same/other, column same/other, whole field,
    // near mobile, name, address, waybill, serial, region agrees, adjacent
    context: [
        4000, -4500, 4000, -3500, 2500, -2500, 300, 300, 800, 300, 0, 500, 0, 0,
    ],
};
