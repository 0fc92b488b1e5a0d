//! Unsigned reports: one draft a study.

use zeroize::Zeroizing;

use super::index::{Kind, Row};
use super::keys::Id;
use super::{Vault, VaultError};
use crate::dicom::Uid;

impl Vault {
    /// Keeps the draft of a study's report in place of the one before.
    ///
    /// # Errors
    /// The disk's or the index's refusal; the draft before is still there then.
    pub fn save_draft(&self, study: &Uid, draft: &[u8]) -> Result<(), VaultError> {
        let plain = Zeroizing::new(draft.to_vec());
        let (id, parent) = (self.draft_id(study), self.study_id(study));
        let row = Row { kind: Kind::Draft, id, parent, size: draft.len() as u64, plain };
        self.with_reserve(|| self.index.write(|writer| writer.put(&row)))
    }

    /// The draft of a study's report.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when the row is not what was written.
    pub fn draft(&self, study: &Uid) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        Ok(self.index.get(Kind::Draft, &self.draft_id(study))?.map(|row| row.plain))
    }

    /// Removes the draft of a study's report, if there is one.
    ///
    /// # Errors
    /// The disk's or the index's refusal; the draft is still there then.
    pub fn drop_draft(&self, study: &Uid) -> Result<(), VaultError> {
        let id = self.draft_id(study);
        self.with_reserve(|| self.index.write(|writer| writer.delete(Kind::Draft, &id)))
    }

    fn draft_id(&self, study: &Uid) -> Id {
        self.keys.id(Kind::Draft, &[study.as_str()])
    }
}
