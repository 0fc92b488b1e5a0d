//! What the program must remember across a kill, one sealed record a name. Unlike a secret it may be written on
//! a full disk: the reserve is for it too.

use zeroize::Zeroizing;

use super::index::{Kind, NONE, Row};
use super::keys::Id;
use super::{Vault, VaultError};

impl Vault {
    /// Keeps a note under a name of the caller's, in place of the one before. The name is not readable on the
    /// disk either.
    ///
    /// # Errors
    /// The disk's or the index's refusal; the note before is still there then.
    pub fn put_note(&self, name: &str, note: &[u8]) -> Result<(), VaultError> {
        let row = self.note_row(name, note);
        self.with_reserve(|| self.index.write(|writer| writer.put(&row)))
    }

    /// The same for what can be had again: on a full disk it is refused, and the reserve stays for reports.
    ///
    /// # Errors
    /// As [`Vault::put_note`].
    pub fn put_note_if_room(&self, name: &str, note: &[u8]) -> Result<(), VaultError> {
        let row = self.note_row(name, note);
        self.index.write(|writer| writer.put(&row))
    }

    /// The note of that name.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when the row is not what was written.
    pub fn note(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        Ok(self.index.get(Kind::Note, &self.note_id(name))?.map(|row| row.plain))
    }

    /// Removes the note of that name, if there is one.
    ///
    /// # Errors
    /// The disk's or the index's refusal; the note is still there then.
    pub fn drop_note(&self, name: &str) -> Result<(), VaultError> {
        let id = self.note_id(name);
        self.with_reserve(|| self.index.write(|writer| writer.delete(Kind::Note, &id)))
    }

    fn note_row(&self, name: &str, note: &[u8]) -> Row {
        let plain = Zeroizing::new(note.to_vec());
        Row { kind: Kind::Note, id: self.note_id(name), parent: NONE, size: note.len() as u64, plain }
    }

    fn note_id(&self, name: &str) -> Id {
        self.keys.id(Kind::Note, &[name])
    }
}
