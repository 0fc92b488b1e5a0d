//! What is known of a study besides its instances, and forgetting a study.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::index::{Kind, Row};
use super::pack::{Packer, Unpacker};
use super::{StoredInstance, Vault, VaultError};
use crate::dicom::Uid;

/// A study of which the vault has a record, instances or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyRecord {
    /// Study Instance UID.
    pub study: Uid,
    /// The caller's record, if one was put.
    pub record: Option<Zeroizing<Vec<u8>>>,
    /// How many instances are here.
    pub instances: u64,
    /// Bytes of those objects.
    pub bytes: u64,
}

impl Vault {
    /// All studies, those with a record first, in the order of their arrival.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when a row is not what was written.
    pub fn studies(&self) -> Result<Vec<StudyRecord>, VaultError> {
        let mut totals = HashMap::new();
        let mut without_record = Vec::new();
        for total in self.index.totals(Kind::Instance)? {
            without_record.push(total.parent);
            totals.insert(total.parent, total);
        }
        let mut studies = Vec::new();
        for row in self.index.all(Kind::Study)? {
            let (study, record) = parse(&row)?;
            let (instances, bytes) = totals.remove(&row.id).map_or((0, 0), |total| (total.rows, total.bytes));
            studies.push(StudyRecord { study, record: Some(record), instances, bytes });
        }
        for parent in without_record {
            if let Some(total) = totals.get(&parent)
                && let Some(row) = self.index.first(Kind::Instance, total)?
            {
                let study = StoredInstance::parse(&row)?.key.study;
                let (instances, bytes) = (total.rows, total.bytes);
                studies.push(StudyRecord { study, record: None, instances, bytes });
            }
        }
        Ok(studies)
    }

    /// Keeps the caller's record of a study in place of the one before.
    ///
    /// # Errors
    /// The disk's or the index's refusal; the record before is still there then.
    pub fn put_study_record(&self, study: &Uid, record: &[u8]) -> Result<(), VaultError> {
        let row = Row {
            kind: Kind::Study,
            id: self.study_id(study),
            parent: self.study_id(study),
            size: record.len() as u64,
            plain: Packer::new().text(study.as_str()).bytes(record).finish(),
        };
        self.index.write(|writer| writer.put(&row))
    }

    /// The caller's record of a study.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when the row is not what was written.
    pub fn study_record(&self, study: &Uid) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let row = self.index.get(Kind::Study, &self.study_id(study))?;
        row.map(|row| parse(&row).map(|(_, record)| record)).transpose()
    }

    /// Removes a study's record and instances, also damaged ones. The reader's own work stays: drafts and
    /// queued reports go only by [`Vault::drop_draft`] and [`Vault::forget_report`].
    ///
    /// # Errors
    /// The index's refusal; nothing is removed then.
    pub fn forget_study(&self, study: &Uid) -> Result<(), VaultError> {
        let id = self.study_id(study);
        let gone = self.index.write(|writer| {
            writer.delete(Kind::Study, &id)?;
            writer.delete_children(Kind::Instance, &id)
        })?;
        for row in gone {
            // Best effort: no row names the file any more, and the next opening sweeps it.
            let _ = self.remove_object(&row);
        }
        Ok(())
    }
}

fn parse(row: &Row) -> Result<(Uid, Zeroizing<Vec<u8>>), VaultError> {
    let mut fields = Unpacker::new(&row.plain);
    Ok((fields.uid()?, Zeroizing::new(fields.bytes()?.to_vec())))
}
