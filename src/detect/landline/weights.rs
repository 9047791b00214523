//! What evidence weighs.

use crate::evidence::EvidenceTable;

evidence_lines! {
    AREA "landline.area-code" 3500
    SEPARATED "landline.area-apart" 2500
    DISGUISED "landline.disguised-digits" -200
    GLUED "landline.letters-touch" -8000
    DECIMAL "landline.decimal" -8000
    LINK "landline.in-link" -4000
    CHAINED "landline.in-longer-number" -6000
}

pub(super) static TABLE: EvidenceTable = EvidenceTable {
    prior: -3500,
    local: LOCAL,
    measured: "landline.measured",
    // label same/other, header same/other, column same/other, whole field,
    // near mobile, name, address, waybill, serial, region agrees, adjacent
    context: [
        3000, -4500, 3000, -3500, 2500, -2500, 600, 500, 800, 800, 0, 500, 0, 300,
    ],
};
