//! Files and folders of this machine: the only place that opens DICOM files.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::loaded::Loaded;
use super::{WorkError, threads};
use crate::dicom::{DicomError, dicomdir, part10};

/// What a set of paths held.
#[derive(Debug, Default)]
pub struct LocalFiles {
    /// The DICOM files, in the order of their paths.
    pub loaded: Vec<(PathBuf, Loaded)>,
    /// Files that were asked for by name, or look like DICOM, and cannot be used.
    pub refused: Vec<(PathBuf, WorkError)>,
    /// Other files met in folders.
    pub skipped: usize,
}

/// One file to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Met {
    pub(super) path: PathBuf,
    /// Asked for by name, not met in a folder: it cannot be passed over.
    named: bool,
}

/// Reads files and folders (recursively, links not followed); a DICOMDIR stands for the files it lists.
///
/// # Errors
/// [`WorkError::File`] when a path that was named cannot be read.
pub fn read(paths: &[PathBuf]) -> Result<LocalFiles, WorkError> {
    let mut found = LocalFiles::default();
    for path in paths {
        for met in met(path)? {
            let read = || open(&met).map_err(|error| (met.named, error));
            match threads::run("parse", read, || Err((false, stopped().into()))) {
                Ok(Some((loaded, _))) => found.loaded.push((met.path.clone(), loaded)),
                Ok(None) => found.skipped += 1,
                Err((true, error @ WorkError::File { .. })) => return Err(error),
                Err((_, error)) => found.refused.push((met.path.clone(), error)),
            }
        }
    }
    Ok(found)
}

/// The files that a path stands for: itself, those of a folder, or those that a DICOMDIR lists.
///
/// # Errors
/// [`WorkError::File`] when it cannot be read.
pub(super) fn met(path: &Path) -> Result<Vec<Met>, WorkError> {
    let files = if path.is_dir() {
        files_below(path)?
    } else if is_directory_file(path) {
        files_listed(path)?
    } else {
        return Ok(vec![Met { path: path.to_owned(), named: true }]);
    };
    let met = files.into_iter().filter(|file| !is_directory_file(file));
    Ok(met.map(|path| Met { path, named: false }).collect())
}

/// Reads one file and says how many bytes it has, on the thread of the caller, which must be one of
/// [`threads`]. Nothing for a file met in a folder that is no DICOM at all.
///
/// # Errors
/// The file system's or the object's.
pub(super) fn open(met: &Met) -> Result<Option<(Loaded, u64)>, WorkError> {
    let bytes = bytes(&met.path)?;
    let size = bytes.len() as u64;
    match Loaded::read_here(bytes) {
        Ok(loaded) => Ok(Some((loaded, size))),
        Err(DicomError::NotDicom) if !met.named => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Reads a file that was read before, for its pixels; on a thread as [`open`].
pub(super) fn open_again(path: &Path) -> Result<Loaded, WorkError> {
    Ok(Loaded::read_here(bytes(path)?)?)
}

fn bytes(path: &Path) -> Result<Bytes, WorkError> {
    std::fs::read(path).map(Bytes::from).map_err(|e| WorkError::file(path, &e))
}

fn stopped() -> DicomError {
    DicomError::Malformed { tag: String::new(), what: "the parser stopped unexpectedly" }
}

fn is_directory_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("DICOMDIR"))
}

/// The files that a DICOMDIR lists and that are there; all files beside it when it cannot be read.
fn files_listed(path: &Path) -> Result<Vec<PathBuf>, WorkError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let Ok((directory, _)) = part10::read_dataset(&bytes(path)?) else { return files_below(folder) };
    let listed = dicomdir::file_ids(&directory)
        .into_iter()
        .map(|parts| folder.join(parts.iter().collect::<PathBuf>()));
    // A medium's names may differ from the list in case only (ISO 9660): then everything beside it is read.
    let listed: Vec<PathBuf> = listed.collect();
    if listed.is_empty() || listed.iter().any(|file| !file.is_file()) {
        files_below(folder)
    } else {
        Ok(listed)
    }
}

/// Reads one file.
///
/// # Errors
/// The outer error is the file system's, the inner one the object's.
pub fn read_file(path: &Path) -> Result<Result<Loaded, DicomError>, WorkError> {
    bytes(path).map(Loaded::read)
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>, WorkError> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|e| WorkError::file(&folder, &e))?;
        for entry in entries {
            let entry = entry.map_err(|e| WorkError::file(&folder, &e))?;
            let kind = entry.file_type().map_err(|e| WorkError::file(&entry.path(), &e))?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}
