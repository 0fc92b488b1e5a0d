//! Going on after damage.

use super::{Vault, VaultError};

/// What [`Vault::repair`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repaired {
    /// Rows that could not be read and were removed.
    pub dropped_rows: u64,
}

impl Vault {
    /// Accepts the vault as it is: removes rows that do not open and files that no row names, and clears the
    /// [findings](Vault::findings). For a person to order, after having been told and after a copy of the
    /// folder was kept; the audit trail keeps saying [`Broken`](super::AuditVerdict::Broken) if it is.
    ///
    /// # Errors
    /// The index's refusal; nothing has changed then.
    pub fn repair(&self) -> Result<Repaired, VaultError> {
        let dropped_rows = self.index.repair()?;
        self.sweep()?;
        self.settle()?;
        Ok(Repaired { dropped_rows })
    }
}
