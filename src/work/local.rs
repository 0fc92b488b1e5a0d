//! Files and folders of this machine: the only place that opens DICOM files.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::WorkError;
use super::loaded::Loaded;
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

/// Reads files and folders (recursively, links not followed); a DICOMDIR stands for the files it lists.
///
/// # Errors
/// [`WorkError::File`] when a path that was named cannot be read.
pub fn read(paths: &[PathBuf]) -> Result<LocalFiles, WorkError> {
    let mut found = LocalFiles::default();
    for path in paths {
        let met = if path.is_dir() {
            files_below(path)?
        } else if is_directory_file(path) {
            files_listed(path)?
        } else {
            match read_file(path)? {
                Ok(loaded) => found.loaded.push((path.clone(), loaded)),
                Err(error) => found.refused.push((path.clone(), error.into())),
            }
            continue;
        };
        met.iter().for_each(|file| read_met(file, &mut found));
    }
    Ok(found)
}

fn is_directory_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("DICOMDIR"))
}

/// The files that a DICOMDIR lists and that are there; all files beside it when it cannot be read.
fn files_listed(path: &Path) -> Result<Vec<PathBuf>, WorkError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let bytes = Bytes::from(std::fs::read(path).map_err(|e| WorkError::file(path, &e))?);
    let Ok((directory, _)) = part10::read_dataset(&bytes) else { return files_below(folder) };
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
    let bytes = std::fs::read(path).map_err(|e| WorkError::file(path, &e))?;
    Ok(Loaded::read(Bytes::from(bytes)))
}

/// A file met in a folder: what is no DICOM at all is only counted; trouble with one does not stop the rest.
fn read_met(path: &Path, found: &mut LocalFiles) {
    if is_directory_file(path) {
        return;
    }
    match read_file(path) {
        Ok(Ok(loaded)) => found.loaded.push((path.to_owned(), loaded)),
        Ok(Err(DicomError::NotDicom)) => found.skipped += 1,
        Ok(Err(error)) => found.refused.push((path.to_owned(), error.into())),
        Err(error) => found.refused.push((path.to_owned(), error)),
    }
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
