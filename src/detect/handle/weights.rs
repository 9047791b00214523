//! What evidence weighs.

use crate::evidence::EvidenceTable;

evidence_lines! {
    CUE "handle.contact-word" 4500
    MARKED "handle.mark-after-word" 700
    WXID "handle.wxid" 6000
    WORD "handle.dictionary-like" -2500
    SHORT "handle.short" -1200
}

pub(super) static TABLE: EvidenceTable = EvidenceTable {
    prior: -2500,
    local: LOCAL,
    measured: "handle.measured",
    // label same/other, header same/other, column same/other, whole field,
    // near mobile, name, address, waybill, serial, region agrees, adjacent
    context: [
        1500, -4000, 3500, -3500, 2500, -2500, 300, 300, 300, 0, 0, 500, 0, 0,
    ],
};
