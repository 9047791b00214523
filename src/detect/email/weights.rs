//! What evidence weighs.

use crate::evidence::EvidenceTable;

evidence_lines! {
    SHAPE "email.shape" 4500
    PROVIDER "email.mail-provider" 2000
    ROLE "email.shared-mailbox" -2500
    FILE "email.looks-like-file" -6000
    LINK "email.credentials-in-link" -3000
}

pub(super) static TABLE: EvidenceTable = EvidenceTable {
    prior: -1500,
    local: LOCAL,
    measured: "email.measured",
    // label same/other, header same/other, column same/other, whole field,
    // near mobile, name, address, waybill, serial, region agrees, adjacent
    context: [
        1500, -1500, 1500, -1500, 1500, -2000, 500, 500, 500, 300, 0, 300, 0, 0,
    ],
};
