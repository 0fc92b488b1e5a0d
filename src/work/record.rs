//! What the vault keeps of a study besides its instances, sealed: where it came from and how much there is.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::dicom::Uid;
use crate::vault::Vault;

/// A study as its centre listed it when it was fetched last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FetchRecord {
    /// Base URL of the centre it came from: reports on it go there and nowhere else.
    pub(super) centre: Url,
    /// Patient ID as the centre gave it, or empty.
    pub(super) patient_id: String,
    /// Instances that the centre had.
    pub(super) expected: u32,
    /// The list named every instance that the centre counted.
    pub(super) list_is_whole: bool,
}

impl FetchRecord {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The record of a study, if it was fetched and the record can be read.
    pub(super) fn of(vault: &Vault, study: &Uid) -> Option<Self> {
        let bytes = vault.study_record(study).ok()??;
        serde_json::from_slice(&bytes).ok()
    }
}
