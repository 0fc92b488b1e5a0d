//! A word that was right once, so that it can be recognised again without keeping it: Argon2id under a random salt,
//! sealed like everything else.

use zeroize::Zeroizing;

use super::keys::Key;
use super::seal::random;
use super::{KdfCost, Vault, VaultError};

impl Vault {
    /// Keeps what recognises `word` under a name of the caller's, in place of the one before.
    ///
    /// # Errors
    /// As [`Vault::put_secret`].
    pub fn put_verifier(&self, name: &str, word: &str) -> Result<(), VaultError> {
        let salt: [u8; 16] = random()?;
        let hash = KdfCost::STRONG.derive(word, &salt)?;
        let mut record = Zeroizing::new(salt.to_vec());
        record.extend_from_slice(hash.as_slice());
        self.put_secret(name, &record)
    }

    /// Whether `word` is the one that was kept under this name; `None` where none was. As costly as opening a vault
    /// by a passphrase, and as slow for a wrong word as for the right one.
    ///
    /// # Errors
    /// As [`Vault::secret`].
    pub fn verifies(&self, name: &str, word: &str) -> Result<Option<bool>, VaultError> {
        let Some(record) = self.secret(name)? else { return Ok(None) };
        let Some((salt, kept)) = record.split_first_chunk::<16>() else { return Ok(None) };
        let hash: Key = KdfCost::STRONG.derive(word, salt)?;
        let differs =
            hash.iter().zip(kept).fold(hash.len() ^ kept.len(), |all, (a, b)| all | usize::from(a ^ b));
        Ok(Some(differs == 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::{OpenOptions, Unlock};

    #[test]
    fn a_word_is_recognised_and_no_other_and_none_where_none_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cost = KdfCost { memory_kib: 8, passes: 1, lanes: 1 };
        let options = OpenOptions { kdf_cost: cost, reserve_bytes: 0, ..OpenOptions::default() };
        let passphrase = || Unlock::Passphrase(Zeroizing::new("right".to_owned()));
        let vault = Vault::open(folder.path(), passphrase(), options).unwrap();
        assert_eq!(vault.verifies("reader", "word"), Ok(None));
        vault.put_verifier("reader", "word").unwrap();
        assert_eq!(vault.verifies("reader", "word"), Ok(Some(true)));
        for wrong in ["", "Word", "word "] {
            assert_eq!(vault.verifies("reader", wrong), Ok(Some(false)));
        }
        assert_eq!(vault.accepts(&passphrase()), Ok(()));
        let wrong = Unlock::Passphrase(Zeroizing::new("wrong".to_owned()));
        assert_eq!(vault.accepts(&wrong), Err(VaultError::WrongPassphrase));
    }
}
