//! The data key and what is derived from it.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::VaultError;
use super::index::Kind;
use super::seal::{Seal, random};

/// A secret of 256 bits, wiped when dropped.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// A keyed hash that stands for an identifier.
pub(super) type Id = [u8; 32];

/// A fresh key.
pub(super) fn fresh() -> Result<Key, VaultError> {
    Ok(Zeroizing::new(random()?))
}

/// One key a purpose (HKDF-SHA-256, RFC 5869; the vault's random id is the salt).
pub(super) struct Keys {
    /// Seals rows and the generation.
    pub(super) rows: Seal,
    /// Seals instance files.
    pub(super) objects: Key,
    names: Key,
    audit: Key,
    census: Key,
}

impl Keys {
    pub(super) fn derive(data_key: &Key, vault_id: &[u8; 16]) -> Self {
        let source = Hkdf::<Sha256>::new(Some(vault_id), data_key.as_slice());
        let derive = |purpose: &str| {
            let mut key = Key::default();
            source.expand(purpose.as_bytes(), key.as_mut_slice()).expect("32 bytes are one block of HKDF");
            key
        };
        Self {
            rows: Seal::new(&derive("dokuei vault 1: rows")),
            objects: derive("dokuei vault 1: objects"),
            names: derive("dokuei vault 1: names"),
            audit: derive("dokuei vault 1: audit"),
            census: derive("dokuei vault 1: census"),
        }
    }

    /// What stands for `parts` (UIDs, a name) in a row of `kind`.
    pub(super) fn id(&self, kind: Kind, parts: &[&str]) -> Id {
        let mut mac = keyed(&self.names);
        mac.update(&[kind as u8]);
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }

    /// What stands for one writing of an instance: another nonce is another file.
    pub(super) fn object_name(&self, id: &Id, nonce: &[u8]) -> Id {
        mac(&self.names, &[b"object", id, nonce])
    }

    /// The link of the audit chain after `previous`.
    pub(super) fn audit_link(&self, previous: &Id, record: &[u8]) -> Id {
        mac(&self.audit, &[previous, record])
    }

    /// A row's share in the census.
    pub(super) fn census_share(&self, about: &[u8], sealed: &[u8]) -> Id {
        mac(&self.census, &[about, sealed])
    }
}

fn keyed(key: &Key) -> Hmac<Sha256> {
    Hmac::new_from_slice(key.as_slice()).expect("HMAC takes keys of any length")
}

/// All parts but the last have a fixed length, so that none can be shifted into the next.
fn mac(key: &Key, parts: &[&[u8]]) -> Id {
    let mut mac = keyed(key);
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
