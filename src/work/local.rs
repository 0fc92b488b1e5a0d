//! Files, folders, media and archives of this machine: the only place that opens DICOM files.
//!
//! What is read lies inside what was chosen: links met in folders are not followed, devices and pipes are not
//! opened, a DICOMDIR and the names in an archive can only name what is beside them, and nothing of an archive
//! ever touches the disk. A file's first bytes decide whether the rest is read; pixel data are dropped once an
//! object is catalogued and read again when they are shown.

mod archive;
mod archive_names;
mod buffer;
mod error;
mod folder;
mod medium;
mod place;
mod positioned;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use bytes::Bytes;

use super::loaded::Loaded;
use super::{WorkError, threads};
use crate::dicom::DicomError;
use crate::session::study::Progress;
pub use error::LocalError;
pub use place::Place;

/// Files between two words about how far the reading has come.
const TOLD_EVERY: u32 = 64;

/// What a set of paths held.
#[derive(Debug, Default)]
pub struct LocalFiles {
    /// The DICOM objects, in the order of their paths, without their pixel data.
    pub loaded: Vec<(Place, Loaded)>,
    /// What was asked for by name, or looks like DICOM, and cannot be used.
    pub refused: Vec<(PathBuf, WorkError)>,
    /// Other files met in folders and archives.
    pub skipped: usize,
}

/// What a path stands for.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// To be read.
    pub(super) files: Vec<File>,
    /// What is wrong before anything is read.
    pub(super) problems: Vec<(PathBuf, WorkError)>,
}

/// One file to be read.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) place: Place,
    /// Asked for by name, not met in a folder: it cannot be passed over.
    named: bool,
}

/// Reads files, folders (links in them not followed), media and archives, on all cores; a DICOMDIR stands for
/// the files it lists.
///
/// # Errors
/// [`WorkError::File`] when a path that was named cannot be read.
pub fn read(paths: &[PathBuf]) -> Result<LocalFiles, WorkError> {
    read_telling(paths, |_| {})
}

/// The same, saying of many files now and then how far it has come, and at the end.
///
/// # Errors
/// As [`read`].
pub fn read_telling(paths: &[PathBuf], tell: impl Fn(&Progress) + Sync) -> Result<LocalFiles, WorkError> {
    let mut found = LocalFiles::default();
    let mut files = Vec::new();
    for path in paths {
        let met = met(path)?;
        files.extend(met.files);
        found.refused.extend(met.problems);
    }
    once(&mut files);
    let (done, bytes) = (AtomicU32::new(0), AtomicU64::new(0));
    let expected = u32::try_from(files.len()).unwrap_or(u32::MAX);
    let one = |file: &File| {
        let opened = open(file);
        let size = opened.as_ref().ok().and_then(Option::as_ref).map_or(0, |(_, size)| *size);
        let bytes = bytes.fetch_add(size, Ordering::Relaxed) + size;
        let received = done.fetch_add(1, Ordering::Relaxed) + 1;
        if expected > TOLD_EVERY && (received % TOLD_EVERY == 0 || received == expected) {
            tell(&Progress { expected: Some(expected), received, bytes });
        }
        opened
    };
    let read = threads::map("files", &files, one, || Err(stopped().into()));
    for (file, outcome) in files.into_iter().zip(read) {
        match outcome {
            Ok(Some((loaded, _))) => found.loaded.push((file.place, loaded)),
            Ok(None) => found.skipped += 1,
            Err(error @ WorkError::File { .. }) if file.named => return Err(error),
            Err(error) => found.refused.push((file.place.label(), error)),
        }
    }
    Ok(found)
}

/// Leaves one of what was chosen twice: a folder and a file in it.
pub(super) fn once(files: &mut Vec<File>) {
    let mut seen = HashSet::new();
    files.retain(|file| {
        let entry = match &file.place {
            Place::File(_) => None,
            Place::Entry(_, index) => Some(*index),
        };
        seen.insert((file.place.file().to_owned(), entry))
    });
}

/// What a path stands for: itself, the files of a folder or an archive, or those that a DICOMDIR lists.
///
/// # Errors
/// When it cannot be read.
pub(super) fn met(path: &Path) -> Result<Met, WorkError> {
    let about = std::fs::metadata(path).map_err(|e| WorkError::file(path, &e))?;
    if about.is_dir() {
        return Ok(folder::of_folder(path));
    }
    if !about.is_file() {
        return Err(LocalError::NotAFile { path: path.to_owned() }.into());
    }
    if medium::is_directory(path) {
        return folder::of_medium(path);
    }
    if archive::is_archive(path)? {
        return Ok(folder::of_archive(&Arc::new(archive::Archive::open(path)?)));
    }
    Ok(Met { files: vec![File { place: Place::File(path.to_owned()), named: true }], problems: Vec::new() })
}

/// Reads one file for the catalogue and says how many bytes it has, on the thread of the caller, which must be
/// one of [`threads`]. Nothing for a file met in a folder that is no DICOM at all.
///
/// # Errors
/// The file system's, the archive's or the object's.
pub(super) fn open(file: &File) -> Result<Option<(Loaded, u64)>, WorkError> {
    let catalogued = |bytes: Bytes| {
        let size = bytes.len() as u64;
        Loaded::read_here(bytes).map(|loaded| (loaded.left_at(file.place.clone()), size))
    };
    match buffer::with_object(&file.place, catalogued)? {
        Some(Ok(read)) => Ok(Some(read)),
        Some(Err(DicomError::NotDicom)) | None if !file.named => Ok(None),
        Some(Err(error)) => Err(error.into()),
        None => Err(DicomError::NotDicom.into()),
    }
}

/// Reads an object that was read before, for its pixels; on a thread as [`open`].
pub(super) fn open_again(place: &Place) -> Result<Loaded, WorkError> {
    Ok(Loaded::read_here(buffer::object(place)?)?)
}

/// Reads one file whole, with its pixel data.
///
/// # Errors
/// The outer error is the file system's, the inner one the object's.
pub fn read_file(path: &Path) -> Result<Result<Loaded, DicomError>, WorkError> {
    let met = met(path)?;
    let [file] = &met.files[..] else { return Ok(Err(DicomError::NotDicom)) };
    buffer::object(&file.place).map(Loaded::read)
}

fn stopped() -> DicomError {
    DicomError::Malformed { tag: String::new(), what: "the parser stopped unexpectedly" }
}
