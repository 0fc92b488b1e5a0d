//! Counts and bytes, for `doctor`.

use super::index::Kind;
use super::{QueuedReport, ReportState, Vault, VaultError, reserve};

/// What is in a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Studies with a record, instances or both.
    pub studies: u64,
    /// Instances.
    pub instances: u64,
    /// Bytes of those objects.
    pub instance_bytes: u64,
    /// Unsigned reports.
    pub drafts: u64,
    /// Signed reports in the outbox.
    pub reports: u64,
    /// Of those, not yet confirmed by the centre.
    pub reports_unconfirmed: u64,
    /// Audit records.
    pub audit_records: u64,
    /// Bytes of the index file.
    pub index_bytes: u64,
    /// Bytes still kept for reports on a full disk.
    pub reserve_bytes: u64,
}

impl Vault {
    /// Counts what is in the vault.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when a row is not what was written.
    pub fn stats(&self) -> Result<Stats, VaultError> {
        let studies = self.studies()?;
        let reports = self.index.all(Kind::Report)?;
        let reports = reports.iter().map(QueuedReport::parse).collect::<Result<Vec<_>, _>>()?;
        let unconfirmed = reports.iter().filter(|report| report.state != ReportState::Confirmed);
        let rows = |kind| self.index.totals(kind).map(|totals| totals.iter().map(|total| total.rows).sum());
        Ok(Stats {
            studies: studies.len() as u64,
            instances: studies.iter().map(|study| study.instances).sum(),
            instance_bytes: studies.iter().map(|study| study.bytes).sum(),
            drafts: rows(Kind::Draft)?,
            reports_unconfirmed: unconfirmed.count() as u64,
            reports: reports.len() as u64,
            audit_records: rows(Kind::Audit)?,
            index_bytes: self.index.bytes()?,
            reserve_bytes: reserve::size(&self.paths.reserve()),
        })
    }
}
