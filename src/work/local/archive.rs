//! ZIP archives, read where they lie: entries are inflated into memory one at a time, never to the disk.
//!
//! The list at the end of an archive is believed only as far as the file can bear it: how many entries there may
//! be, what one entry and all together may become. A password is never asked for.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use zip::read::ZipFile;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::archive_names;
use super::error::LocalError;
use super::positioned::Positioned;
use crate::work::WorkError;

/// Inflated bytes for a byte of the archive: images shrink to a third, a blank one to a thousandth.
const MOST_INFLATION: u64 = 200;
/// Inflated bytes that are borne whatever the archive's size, so that a few blank images pass.
const ALWAYS_BORNE: u64 = 64 << 20;
/// Entries of one archive.
const MOST_ENTRIES: u64 = 1_000_000;

/// An open archive. It stays open as long as one of its objects is shown.
pub struct Archive {
    path: PathBuf,
    zip: ZipArchive<Positioned>,
}

impl std::fmt::Debug for Archive {
    /// Without the names inside, which may be patients'.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").field("entries", &self.zip.len()).finish_non_exhaustive()
    }
}

/// Something in an archive that could be an object.
pub(super) struct Entry {
    pub(super) index: usize,
    /// Why it cannot be read, if that is plain from the list.
    pub(super) fault: Option<LocalError>,
}

impl Archive {
    /// Opens an archive and checks its list.
    ///
    /// # Errors
    /// [`WorkError::File`]; [`LocalError::Damaged`], [`LocalError::TooMany`], [`LocalError::Grows`].
    pub(super) fn open(path: &Path) -> Result<Self, WorkError> {
        let broken = |e: std::io::Error| WorkError::file(path, &e);
        let file = File::open(path).map_err(broken)?;
        let length = file.metadata().map_err(broken)?.len();
        let mut reader = Positioned::new(file, length);
        let damaged = || LocalError::Damaged { path: path.to_owned() };
        match most_entries_listed(&mut reader).map_err(broken)? {
            Some(0..=MOST_ENTRIES) => {}
            Some(_) => {
                let most = usize::try_from(MOST_ENTRIES).unwrap_or(usize::MAX);
                return Err(LocalError::TooMany { path: path.to_owned(), most }.into());
            }
            None => return Err(damaged().into()),
        }
        reader.seek(SeekFrom::Start(0)).map_err(broken)?;
        let zip = ZipArchive::new(reader).map_err(|_| damaged())?;
        let archive = Self { path: path.to_owned(), zip };
        let total = archive.indices().filter_map(|index| archive.size(index)).fold(0, u64::saturating_add);
        if total > borne(length) {
            return Err(LocalError::Grows { most_mib: borne(length) >> 20 }.into());
        }
        Ok(archive)
    }

    /// Where it lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The name of an entry, to be shown and compared, never opened.
    pub(super) fn name(&self, index: usize) -> String {
        self.zip
            .by_index_data(index)
            .map_or_else(|_| String::new(), |entry| archive_names::decode(entry.name_raw()))
    }

    /// The entries that are files; folders and links are none.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry> {
        self.indices().filter_map(|index| {
            let entry = self.zip.by_index_data(index).ok()?;
            if !entry.is_file() {
                return None;
            }
            let readable =
                matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated);
            let most = borne(entry.compressed_size());
            let fault = if entry.encrypted() {
                Some(LocalError::Encrypted)
            } else if !readable {
                Some(LocalError::Method)
            } else {
                (entry.size() > most).then_some(LocalError::Grows { most_mib: most >> 20 })
            };
            Some(Entry { index, fault })
        })
    }

    /// Whether entries share a name: of those only the last can be reached.
    pub(super) fn has_same_names(&self) -> bool {
        self.zip.has_duplicate_names()
    }

    /// Hands an entry's content and its length to `read`.
    ///
    /// # Errors
    /// What `read` says; [`LocalError::DamagedEntry`], also when the content is longer than listed or its
    /// checksum is wrong.
    pub(super) fn read<T>(
        &self,
        index: usize,
        read: impl FnOnce(&mut ZipFile<'_, Positioned>, u64) -> Result<T, WorkError>,
    ) -> Result<T, WorkError> {
        let mut zip = self.zip.clone();
        let mut entry = zip.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => LocalError::Encrypted,
            ZipError::CompressionMethodNotSupported(_) => LocalError::Method,
            _ => LocalError::DamagedEntry,
        })?;
        let size = entry.size();
        read(&mut entry, size)
    }

    fn indices(&self) -> std::ops::Range<usize> {
        0..self.zip.len()
    }

    fn size(&self, index: usize) -> Option<u64> {
        self.zip.by_index_data(index).ok().map(|entry| entry.size())
    }
}

/// What so many bytes of an archive may become.
fn borne(packed: u64) -> u64 {
    packed.saturating_mul(MOST_INFLATION).saturating_add(ALWAYS_BORNE)
}

/// Whether a file begins as an archive does, and not as DICOM with an archive's first bytes in its preamble.
///
/// # Errors
/// [`WorkError::File`].
pub(super) fn is_archive(path: &Path) -> Result<bool, WorkError> {
    let broken = |e: std::io::Error| WorkError::file(path, &e);
    let mut head = Vec::new();
    File::open(path).map_err(broken)?.take(132).read_to_end(&mut head).map_err(broken)?;
    Ok(begins_as_archive(&head) && head.get(128..132) != Some(b"DICM"))
}

/// The first local header, or the end record of an empty archive (APPNOTE 4.3.7, 4.3.16).
pub(super) fn begins_as_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// End of central directory record (APPNOTE 4.3.16) without its comment.
const END: usize = 22;
/// Zip64 end of central directory locator (APPNOTE 4.3.15).
const LOCATOR: usize = 20;
/// The longest comment behind the end record.
const COMMENT: u64 = 0xffff;

/// The largest number of entries that any end record claims; `None` without one. The `zip` crate makes room for
/// as many before it has seen them, and the 64-bit record can claim any number.
fn most_entries_listed(reader: &mut Positioned) -> std::io::Result<Option<u64>> {
    let tail = COMMENT + (END + LOCATOR) as u64;
    let begin = reader.length().saturating_sub(tail);
    let mut bytes = Vec::new();
    reader.seek(SeekFrom::Start(begin))?;
    reader.take(tail).read_to_end(&mut bytes)?;
    let mut most = None;
    for at in (0..bytes.len().saturating_sub(END - 1)).filter(|&at| bytes[at..].starts_with(b"PK\x05\x06")) {
        let listed = u64::from(u16::from_le_bytes([bytes[at + 10], bytes[at + 11]]));
        let locator = at.checked_sub(LOCATOR).map(|begin| &bytes[begin..at]);
        let listed = match locator.filter(|locator| locator.starts_with(b"PK\x06\x07")) {
            Some(locator) => listed_in_64_bits(reader, locator)?.unwrap_or(u64::MAX).max(listed),
            None => listed,
        };
        most = most.max(Some(listed));
    }
    Ok(most)
}

/// Number of entries in the 64-bit end record (APPNOTE 4.3.14) that a locator points to.
fn listed_in_64_bits(reader: &mut Positioned, locator: &[u8]) -> std::io::Result<Option<u64>> {
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let mut record = Vec::new();
    reader.seek(SeekFrom::Start(number(&locator[8..16])))?;
    reader.take(40).read_to_end(&mut record)?;
    let is_record = record.len() == 40 && record.starts_with(b"PK\x06\x06");
    Ok(is_record.then(|| number(&record[32..40])))
}
