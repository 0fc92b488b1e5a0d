//! The operating system's key store: Secret Service, Keychain, Credential Manager.

use std::fmt;

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use super::VaultError;

/// Where a vault's key-encryption key is kept. `account` is the vault's random id in hexadecimal.
pub trait KeyStore: fmt::Debug + Send + Sync {
    /// The secret of `account`, or `None` when the store has none.
    ///
    /// # Errors
    /// [`VaultError::NoKeyStore`] or [`VaultError::KeyStoreRefused`].
    fn get(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError>;

    /// Keeps `secret` (32 bytes; Windows caps a secret at 2560) for `account`.
    ///
    /// # Errors
    /// As [`KeyStore::get`].
    fn set(&self, account: &str, secret: &[u8]) -> Result<(), VaultError>;

    /// Forgets `account`; one that is not there is no error.
    ///
    /// # Errors
    /// As [`KeyStore::get`].
    fn delete(&self, account: &str) -> Result<(), VaultError>;
}

/// The key store of the operating system, under the service name `dokuei`.
///
/// Its D-Bus calls block: open a vault from a plain thread, not from inside an async task.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsKeyStore;

impl OsKeyStore {
    /// Whether this session has a key store at all (for `doctor`).
    pub fn is_available() -> bool {
        Entry::store_status().is_ok()
    }

    fn entry(account: &str) -> Result<Entry, VaultError> {
        Entry::new("dokuei", account).map_err(|error| refusal(&error))
    }
}

impl KeyStore for OsKeyStore {
    fn get(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        match Self::entry(account)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refusal(&error)),
        }
    }

    fn set(&self, account: &str, secret: &[u8]) -> Result<(), VaultError> {
        Self::entry(account)?.set_secret(secret).map_err(|error| refusal(&error))
    }

    fn delete(&self, account: &str) -> Result<(), VaultError> {
        match Self::entry(account)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(refusal(&error)),
        }
    }
}

/// The store's own words may name the user's items; only what kind of refusal it was goes on.
fn refusal(error: &Error) -> VaultError {
    match error {
        Error::NoDefaultStore => VaultError::NoKeyStore,
        _ => VaultError::KeyStoreRefused,
    }
}
