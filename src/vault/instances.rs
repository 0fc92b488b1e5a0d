//! The cache of instances: one sealed file each, and a row that says which.

use std::path::Path;
use std::sync::PoisonError;

use zeroize::Zeroizing;

use super::index::{Kind, Row};
use super::keys::Id;
use super::object::{self, Nonce};
use super::open::now_unix_ms;
use super::pack::{Packer, Unpacker};
use super::{Vault, VaultError, durable};
use crate::dicom::Uid;

/// Which instance.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceKey {
    /// Study Instance UID.
    pub study: Uid,
    /// Series Instance UID.
    pub series: Uid,
    /// SOP Instance UID.
    pub sop: Uid,
}

/// An instance that is in the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredInstance {
    /// Which.
    pub key: InstanceKey,
    /// What the writer gave with it, as it was given.
    pub meta: Vec<u8>,
    /// Bytes of the object.
    pub size: u64,
    /// When it was stored, in seconds since 1970.
    pub received_unix: u64,
}

impl Vault {
    /// Stores an instance with a few bytes of the caller's own about it (transfer syntax, SOP class). One that
    /// is there is replaced: the new file is durable before the row names it, and the old one goes after. A
    /// reader sees one or the other, whole.
    ///
    /// # Errors
    /// [`VaultError::DiskFull`] and other refusals; what was there before is still there then.
    pub fn put_instance(&self, key: &InstanceKey, meta: &[u8], bytes: &[u8]) -> Result<(), VaultError> {
        let id = self.instance_id(key);
        let nonce = object::fresh_nonce()?;
        let path = self.paths.object(&self.keys.object_name(&id, &nonce));
        let _storing = self.storing.read().unwrap_or_else(PoisonError::into_inner);
        object::write(&path, &self.keys.objects, &id, &nonce, bytes)?;
        let row = Row {
            kind: Kind::Instance,
            id,
            parent: self.study_id(&key.study),
            size: bytes.len() as u64,
            plain: Described::pack(key, meta, now_unix_ms() / 1000, &nonce),
        };
        match self.index.put_together(row) {
            Ok(replaced) => {
                // Best effort: what stays behind is swept at the next opening.
                let _ = replaced.map(|old| self.remove_object(&old));
                Ok(())
            }
            Err(error) => {
                // A commit that reports an error may have gone through: a file that a row names stays.
                let row = self.index.get(Kind::Instance, &id);
                if row.is_ok_and(|row| !self.names(row.as_ref(), &path)) {
                    let _ = durable::remove(&path);
                }
                Err(error)
            }
        }
    }

    /// The instances of a study in the order of their arrival.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when a row is not what was written: forget the study and fetch it again.
    pub fn instances(&self, study: &Uid) -> Result<Vec<StoredInstance>, VaultError> {
        let rows = self.index.children(Kind::Instance, &self.study_id(study))?;
        rows.iter().map(StoredInstance::parse).collect()
    }

    /// The object, whole and as it was given.
    ///
    /// # Errors
    /// [`VaultError::NotStored`]; [`VaultError::Damaged`] with [`Part::Instance`](super::Part::Instance) when the file is gone, changed
    /// or from another time: fetch it again and [`Vault::put_instance`] it.
    pub fn read_instance(&self, key: &InstanceKey) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let id = self.instance_id(key);
        let row = self.index.get(Kind::Instance, &id)?.ok_or(VaultError::NotStored)?;
        match self.read_object(&row) {
            // Replaced by another thread between row and file: the new row names the new file.
            Err(VaultError::Damaged { .. }) => {
                let again = self.index.get(Kind::Instance, &id)?.ok_or(VaultError::NotStored)?;
                self.read_object(&again)
            }
            read => read,
        }
    }

    /// Whether the instance is here and its file has the right length; a look, not a proof.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when its row is not what was written.
    pub fn has_instance(&self, key: &InstanceKey) -> Result<bool, VaultError> {
        let Some(row) = self.index.get(Kind::Instance, &self.instance_id(key))? else { return Ok(false) };
        let path = self.paths.object(&self.object_name(&row)?);
        Ok(std::fs::metadata(path).is_ok_and(|file| file.len() == object::sealed_size(row.size)))
    }

    pub(super) fn study_id(&self, study: &Uid) -> Id {
        self.keys.id(Kind::Study, &[study.as_str()])
    }

    pub(super) fn remove_object(&self, row: &Row) -> Result<(), VaultError> {
        Ok(durable::remove(&self.paths.object(&self.object_name(row)?))?)
    }

    fn instance_id(&self, key: &InstanceKey) -> Id {
        self.keys.id(Kind::Instance, &[key.study.as_str(), key.series.as_str(), key.sop.as_str()])
    }

    fn object_name(&self, row: &Row) -> Result<Id, VaultError> {
        Ok(self.keys.object_name(&row.id, &Described::parse(&row.plain)?.nonce))
    }

    fn names(&self, row: Option<&Row>, path: &Path) -> bool {
        row.and_then(|row| self.object_name(row).ok()).is_some_and(|name| self.paths.object(&name) == path)
    }

    fn read_object(&self, row: &Row) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let nonce = Described::parse(&row.plain)?.nonce;
        let path = self.paths.object(&self.keys.object_name(&row.id, &nonce));
        object::read(&path, &self.keys.objects, &row.id, &nonce, row.size)
    }
}

/// What an instance's row says, sealed.
pub(super) struct Described<'a> {
    study: Uid,
    series: Uid,
    sop: Uid,
    meta: &'a [u8],
    received_unix: u64,
    /// Which writing of the object is the valid one: an older file has another nonce and another name.
    pub(super) nonce: Nonce,
}

impl<'a> Described<'a> {
    pub(super) fn parse(plain: &'a [u8]) -> Result<Self, VaultError> {
        let mut fields = Unpacker::new(plain);
        Ok(Self {
            study: fields.uid()?,
            series: fields.uid()?,
            sop: fields.uid()?,
            meta: fields.bytes()?,
            received_unix: fields.number()?,
            nonce: fields.array()?,
        })
    }

    fn pack(key: &InstanceKey, meta: &[u8], received_unix: u64, nonce: &Nonce) -> Zeroizing<Vec<u8>> {
        Packer::new()
            .text(key.study.as_str())
            .text(key.series.as_str())
            .text(key.sop.as_str())
            .bytes(meta)
            .number(received_unix)
            .bytes(nonce)
            .finish()
    }
}

impl StoredInstance {
    pub(super) fn parse(row: &Row) -> Result<Self, VaultError> {
        let described = Described::parse(&row.plain)?;
        let Described { study, series, sop, meta, received_unix, .. } = described;
        let key = InstanceKey { study, series, sop };
        Ok(Self { key, meta: meta.to_vec(), size: row.size, received_unix })
    }
}
