//! What is here of many studies at once: counted in one look, whatever their number.

use std::collections::HashMap;

use super::index::Kind;
use super::keys::Id;
use super::{Vault, VaultError};
use crate::dicom::Uid;

/// How much the vault had of each study when it was asked.
pub struct Holdings<'a> {
    vault: &'a Vault,
    instances: HashMap<Id, u64>,
    drafts: HashMap<Id, u64>,
}

impl Vault {
    /// Counts instances and drafts by study. No row is opened for it.
    ///
    /// # Errors
    /// The index's refusal.
    pub fn holdings(&self) -> Result<Holdings<'_>, VaultError> {
        let by_study = |kind| -> Result<HashMap<Id, u64>, VaultError> {
            Ok(self.index.totals(kind)?.iter().map(|total| (total.parent, total.rows)).collect())
        };
        Ok(Holdings { vault: self, instances: by_study(Kind::Instance)?, drafts: by_study(Kind::Draft)? })
    }
}

impl Holdings<'_> {
    /// Instances of the study.
    pub fn instances(&self, study: &Uid) -> u64 {
        self.instances.get(&self.vault.study_id(study)).copied().unwrap_or_default()
    }

    /// Whether there is a draft on the study.
    pub fn has_draft(&self, study: &Uid) -> bool {
        self.drafts.contains_key(&self.vault.study_id(study))
    }
}
