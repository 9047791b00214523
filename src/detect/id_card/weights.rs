//! What evidence weighs.

use crate::evidence::EvidenceTable;

evidence_lines! {
    CHECKED "id_card.check-digit" 6500
    OLD "id_card.fifteen-digits" 1500
    UNCHECKED "id_card.check-digit-wrong" -2000
    SEPARATED "id_card.separated" -800
    DISGUISED "id_card.disguised-digits" -300
    GLUED "id_card.letters-touch" -8000
    DECIMAL "id_card.decimal" -8000
    LINK "id_card.in-link" -4000
    CHAINED "id_card.in-longer-number" -6000
}

pub(super) static TABLE: EvidenceTable = EvidenceTable {
    prior: -2000,
    local: LOCAL,
    measured: "id_card.measured",
    // label same/other, header same/other, column same/other, whole field,
    // near mobile, name, address, waybill, serial, region agrees, adjacent
    context: [
        3500, -4000, 3500, -3000, 2500, -2500, 300, 300, 800, 500, 0, 500, 0, 300,
    ],
};
