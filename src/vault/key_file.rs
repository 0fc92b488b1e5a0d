//! The file `key`: the data key, wrapped.

use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::keys::{self, Key};
use super::open::Unlock;
use super::seal::{OVERHEAD, Seal, random};
use super::{KeyStore, Part, VaultError};

const MAGIC: &[u8; 8] = b"DOKUEIVK";
const VERSION: u8 = 1;
const HEADER: usize = 8 + 1 + 1 + 16 + 12 + 16;
const WRAPPED: usize = OVERHEAD + 32;
const LENGTH: usize = HEADER + WRAPPED + 32;

/// What a passphrase costs to try: Argon2id (RFC 9106).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl KdfCost {
    /// RFC 9106 section 4, the second recommended option: 64 MiB, 3 passes, 4 lanes.
    pub const STRONG: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 };

    /// Derives the key-encryption key. The bounds keep a forged file from taking the machine's memory.
    pub(super) fn derive(self, passphrase: &str, salt: &[u8; 16]) -> Result<Key, VaultError> {
        if self.memory_kib > 1024 * 1024 || self.passes > 64 || self.lanes > 64 {
            return Err(VaultError::BadCost);
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| VaultError::BadCost)?;
        let mut key = Key::default();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), salt, key.as_mut_slice())
            .map_err(|_| VaultError::BadCost)?;
        Ok(key)
    }
}

/// What holds the key-encryption key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LockKind {
    KeyStore = 1,
    Passphrase = 2,
}

/// The parsed file. Layout, integers little-endian:
///
/// | offset | bytes | what |
/// | --- | --- | --- |
/// | 0 | 8 | `DOKUEIVK` |
/// | 8 | 1 | format version, 1 |
/// | 9 | 1 | 1 = key store, 2 = Argon2id passphrase |
/// | 10 | 16 | random vault id; its hexadecimal form is the account in the key store |
/// | 26 | 12 | Argon2id memory in KiB, passes, lanes (zero with a key store) |
/// | 38 | 16 | Argon2id salt (zero with a key store) |
/// | 54 | 72 | the data key sealed under the key-encryption key, bytes 0 to 53 as associated data |
/// | 126 | 32 | SHA-256 of all before: tells a damaged file from a wrong passphrase |
#[derive(Debug, Clone)]
pub(super) struct KeyFile {
    /// Random, made once.
    pub(super) vault_id: [u8; 16],
    lock: LockKind,
    cost: KdfCost,
    salt: [u8; 16],
    wrapped: [u8; WRAPPED],
}

impl KeyFile {
    /// A new data key wrapped for `unlock`, the file for it, and the secret that the key store must keep (if
    /// it is the key store's) before the file counts.
    pub(super) fn create(
        vault_id: [u8; 16],
        unlock: &Unlock,
        cost: KdfCost,
    ) -> Result<(Self, Key, Option<Key>), VaultError> {
        let data_key = keys::fresh()?;
        let (mut file, wrapping_key) = match unlock {
            Unlock::KeyStore => {
                let none = KdfCost { memory_kib: 0, passes: 0, lanes: 0 };
                (Self::unwrapped(vault_id, LockKind::KeyStore, none, [0; 16]), keys::fresh()?)
            }
            Unlock::Passphrase(passphrase) if passphrase.is_empty() => {
                return Err(VaultError::EmptyPassphrase);
            }
            Unlock::Passphrase(passphrase) => {
                let salt = random()?;
                (Self::unwrapped(vault_id, LockKind::Passphrase, cost, salt), cost.derive(passphrase, &salt)?)
            }
        };
        let wrapped = Seal::new(&wrapping_key).seal(&file.header(), data_key.as_slice())?;
        file.wrapped = wrapped.try_into().map_err(|_| VaultError::damaged(Part::KeyFile))?;
        let for_key_store = (file.lock == LockKind::KeyStore).then_some(wrapping_key);
        Ok((file, data_key, for_key_store))
    }

    /// The data key.
    ///
    /// # Errors
    /// The other kind of lock, a wrong passphrase, a key store that is absent, locked or has another key.
    pub(super) fn unlock(&self, unlock: &Unlock, store: &dyn KeyStore) -> Result<Key, VaultError> {
        let (wrapping_key, refusal) = match (self.lock, unlock) {
            (LockKind::Passphrase, Unlock::KeyStore) => return Err(VaultError::NeedsPassphrase),
            (LockKind::KeyStore, Unlock::Passphrase(_)) => return Err(VaultError::NeedsKeyStore),
            (LockKind::Passphrase, Unlock::Passphrase(passphrase)) => {
                let forged = VaultError::damaged(Part::KeyFile);
                let key = self.cost.derive(passphrase, &self.salt).map_err(|_| forged)?;
                (key, VaultError::WrongPassphrase)
            }
            (LockKind::KeyStore, Unlock::KeyStore) => {
                let secret = store.get(&self.account())?.ok_or(VaultError::KeyMissing)?;
                (as_key(&secret).ok_or(VaultError::KeyMissing)?, VaultError::KeyMissing)
            }
        };
        let plain = Seal::new(&wrapping_key).open(&self.header(), &self.wrapped).ok_or(refusal)?;
        as_key(&plain).ok_or(VaultError::damaged(Part::KeyFile))
    }

    /// The account in the key store.
    pub(super) fn account(&self) -> String {
        super::object::hexadecimal(&self.vault_id)
    }

    /// Whether the key-encryption key is in the key store.
    pub(super) fn is_in_key_store(&self) -> bool {
        self.lock == LockKind::KeyStore
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.header().to_vec();
        bytes.extend_from_slice(&self.wrapped);
        let check = Sha256::digest(&bytes);
        bytes.extend_from_slice(&check);
        bytes
    }

    /// # Errors
    /// [`VaultError::Damaged`] when one bit differs, [`VaultError::NewerFormat`] for a whole file of a later
    /// version.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, VaultError> {
        let damaged = VaultError::damaged(Part::KeyFile);
        let (body, check) = bytes.split_last_chunk::<32>().ok_or(damaged)?;
        if Sha256::digest(body).as_slice() != check || !body.starts_with(MAGIC) {
            return Err(damaged);
        }
        match body.get(8) {
            Some(&VERSION) if bytes.len() == LENGTH => {}
            Some(&version) if version > VERSION => return Err(VaultError::NewerFormat { version }),
            _ => return Err(damaged),
        }
        let number = |at: usize| -> Result<u32, VaultError> {
            let field = body.get(at..).and_then(<[u8]>::first_chunk).ok_or(damaged)?;
            Ok(u32::from_le_bytes(*field))
        };
        let lock = match body.get(9) {
            Some(1) => LockKind::KeyStore,
            Some(2) => LockKind::Passphrase,
            _ => return Err(damaged),
        };
        Ok(Self {
            vault_id: *body.get(10..).and_then(<[u8]>::first_chunk).ok_or(damaged)?,
            lock,
            cost: KdfCost { memory_kib: number(26)?, passes: number(30)?, lanes: number(34)? },
            salt: *body.get(38..).and_then(<[u8]>::first_chunk).ok_or(damaged)?,
            wrapped: *body.get(HEADER..).and_then(<[u8]>::first_chunk).ok_or(damaged)?,
        })
    }

    fn unwrapped(vault_id: [u8; 16], lock: LockKind, cost: KdfCost, salt: [u8; 16]) -> Self {
        Self { vault_id, lock, cost, salt, wrapped: [0; WRAPPED] }
    }

    fn header(&self) -> [u8; HEADER] {
        let fields: [&[u8]; 8] = [
            MAGIC,
            &[VERSION],
            &[self.lock as u8],
            &self.vault_id,
            &self.cost.memory_kib.to_le_bytes(),
            &self.cost.passes.to_le_bytes(),
            &self.cost.lanes.to_le_bytes(),
            &self.salt,
        ];
        let mut header = [0; HEADER];
        let mut at = 0;
        for field in fields {
            header[at..at + field.len()].copy_from_slice(field);
            at += field.len();
        }
        header
    }
}

fn as_key(bytes: &[u8]) -> Option<Key> {
    <[u8; 32]>::try_from(bytes).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIGHT: KdfCost = KdfCost { memory_kib: 8, passes: 1, lanes: 1 };

    fn passphrase(text: &str) -> Unlock {
        Unlock::Passphrase(Zeroizing::new(text.to_owned()))
    }

    #[test]
    fn the_file_survives_writing_and_reading_and_refuses_every_flipped_bit() {
        let (file, key, _) = KeyFile::create([9; 16], &passphrase("ひらけごま"), LIGHT).unwrap();
        let bytes = file.to_bytes();
        assert_eq!(bytes.len(), LENGTH);
        let read = KeyFile::parse(&bytes).unwrap();
        assert_eq!(read.unlock(&passphrase("ひらけごま"), &super::super::OsKeyStore).unwrap(), key);
        let wrong = read.unlock(&passphrase("ひらけごも"), &super::super::OsKeyStore);
        assert_eq!(wrong, Err(VaultError::WrongPassphrase));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(KeyFile::parse(&flipped).is_err(), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(KeyFile::parse(&bytes[..length]).is_err());
        }
    }

    #[test]
    fn a_forged_cost_is_refused_before_it_takes_memory() {
        let (mut file, ..) = KeyFile::create([9; 16], &passphrase("x"), LIGHT).unwrap();
        file.cost.memory_kib = u32::MAX;
        let forged = KeyFile::parse(&file.to_bytes()).unwrap();
        let answer = forged.unlock(&passphrase("x"), &super::super::OsKeyStore);
        assert_eq!(answer, Err(VaultError::damaged(Part::KeyFile)));
    }

    #[test]
    fn argon2id_gives_the_value_of_another_implementation() {
        // argon2-cffi 25.1 (the reference C code): hash_secret_raw(b"passphrase", b"0123456789abcdef",
        // time_cost=3, memory_cost=65536, parallelism=4, hash_len=32, type=Type.ID).
        let key = KdfCost::STRONG.derive("passphrase", b"0123456789abcdef").unwrap();
        assert_eq!(super::super::object::hexadecimal(key.as_slice()), REFERENCE);
    }

    const REFERENCE: &str = "b9a461ff4f5c6e7e47ef9d52360d51fee2b7fd5a66cc012958bffcd1c8c20a1b";
}
