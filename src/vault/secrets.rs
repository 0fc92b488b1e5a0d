//! Passwords and tokens of centres.

use zeroize::Zeroizing;

use super::index::{Kind, NONE, Row};
use super::keys::Id;
use super::{Vault, VaultError};

impl Vault {
    /// Keeps a secret under a name of the caller's, in place of the one before. The name is not readable on
    /// the disk either.
    ///
    /// # Errors
    /// The disk's or the index's refusal; the secret before is still there then.
    pub fn put_secret(&self, name: &str, secret: &[u8]) -> Result<(), VaultError> {
        let plain = Zeroizing::new(secret.to_vec());
        let id = self.secret_id(name);
        let row = Row { kind: Kind::Secret, id, parent: NONE, size: secret.len() as u64, plain };
        self.index.write(|writer| writer.put(&row))
    }

    /// The secret of that name.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when the row is not what was written.
    pub fn secret(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        Ok(self.index.get(Kind::Secret, &self.secret_id(name))?.map(|row| row.plain))
    }

    /// Removes the secret of that name, if there is one.
    ///
    /// # Errors
    /// The disk's or the index's refusal.
    pub fn drop_secret(&self, name: &str) -> Result<(), VaultError> {
        let id = self.secret_id(name);
        self.index.write(|writer| writer.delete(Kind::Secret, &id))
    }

    fn secret_id(&self, name: &str) -> Id {
        self.keys.id(Kind::Secret, &[name])
    }
}
