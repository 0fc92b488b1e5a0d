//! What the vault keeps of a study besides its instances, sealed: enough to list it without the centre.

use serde::{Deserialize, Serialize};

use crate::dicom::instance::{Patient, Study};

/// A study as the centre described it when it was fetched.
#[derive(Serialize, Deserialize)]
pub(super) struct StudyRecord {
    patient_name: String,
    patient_id: String,
    patient_issuer: String,
    description: String,
    date: String,
    time: String,
    accession: String,
    /// Instances that the centre had.
    expected: u32,
}

impl StudyRecord {
    pub(super) fn new(patient: &Patient, study: &Study, expected: u32) -> Self {
        Self {
            patient_name: patient.name.reveal().to_dicom(),
            patient_id: patient.id.reveal().clone(),
            patient_issuer: patient.issuer.reveal().clone(),
            description: study.description.clone(),
            date: study.date.clone(),
            time: study.time.clone(),
            accession: study.accession.reveal().clone(),
            expected,
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}
