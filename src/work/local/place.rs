//! Where the bytes of one object lie.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::Archive;
use crate::dicom::neutralise;

/// A file of this machine, or an entry of an archive.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// An entry of an archive, by its index.
    Entry(Arc<Archive>, usize),
}

impl Place {
    /// The file on disk that is read: for an entry, the archive.
    pub fn file(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Entry(archive, _) => archive.path(),
        }
    }

    /// As it is shown to a person: for an entry, the archive's path and the name inside it. Never opened.
    pub fn label(&self) -> PathBuf {
        match self {
            Self::File(path) => path.clone(),
            Self::Entry(archive, index) => {
                let name = archive.name(*index);
                let inside = name.trim_start_matches(['/', '\\']);
                archive.path().join(neutralise(inside).as_ref())
            }
        }
    }
}
