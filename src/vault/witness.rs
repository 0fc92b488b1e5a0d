//! A witness outside the folder: where the key store holds the vault's key, it also remembers the generation that
//! was reached. A whole folder that was put back to an earlier one is older than that, and is told.
//!
//! The key store is told last, and forgets nothing that the folder knows: after a crash it may be behind, never
//! ahead.

use std::sync::Arc;

use super::KeyStore;

/// The generation in the key store.
#[derive(Debug)]
pub(super) struct Witness {
    store: Arc<dyn KeyStore>,
    account: String,
}

impl Witness {
    /// `vault` is the vault's account in the store.
    pub(super) fn new(store: Arc<dyn KeyStore>, vault: &str) -> Self {
        Self { store, account: format!("{vault}.generation") }
    }

    /// What it remembers; nothing of a vault that was made before there were witnesses.
    pub(super) fn seen(&self) -> Option<u64> {
        let bytes = self.store.get(&self.account).ok().flatten()?;
        bytes.as_slice().try_into().ok().map(u64::from_be_bytes)
    }

    /// Best effort: without it work goes on, and an older folder is told as far as was remembered.
    pub(super) fn remember(&self, generation: u64) {
        if let Err(error) = self.store.set(&self.account, &generation.to_be_bytes()) {
            tracing::warn!(%error, "the key store does not remember the vault's generation");
        }
    }

    /// Forgets the vault.
    pub(super) fn forget(&self) -> Result<(), super::VaultError> {
        self.store.delete(&self.account)
    }
}
