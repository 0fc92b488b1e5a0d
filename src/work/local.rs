//! Files and folders of this machine: the only place that opens DICOM files.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::WorkError;
use super::loaded::Loaded;
use crate::dicom::DicomError;

/// What a set of paths held.
#[derive(Debug, Default)]
pub struct LocalFiles {
    /// The DICOM files, in the order of their paths.
    pub loaded: Vec<(PathBuf, Loaded)>,
    /// Files that were asked for by name, or look like DICOM, and cannot be used.
    pub refused: Vec<(PathBuf, DicomError)>,
    /// Other files met in folders.
    pub skipped: usize,
}

/// Reads files and folders (recursively, links not followed); a DICOMDIR stands for its folder.
///
/// # Errors
/// [`WorkError::File`] when a path that was named cannot be read.
pub fn read(paths: &[PathBuf]) -> Result<LocalFiles, WorkError> {
    let mut found = LocalFiles::default();
    for path in paths {
        let is_directory_file = path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("DICOMDIR"));
        let start = if is_directory_file { path.parent().unwrap_or(Path::new(".")) } else { path };
        if start.is_dir() {
            for file in files_below(start)? {
                read_met(&file, &mut found)?;
            }
        } else {
            match read_file(start)? {
                Ok(loaded) => found.loaded.push((start.to_owned(), loaded)),
                Err(error) => found.refused.push((start.to_owned(), error)),
            }
        }
    }
    Ok(found)
}

/// Reads one file.
///
/// # Errors
/// The outer error is the file system's, the inner one the object's.
pub fn read_file(path: &Path) -> Result<Result<Loaded, DicomError>, WorkError> {
    let bytes = std::fs::read(path).map_err(|e| WorkError::file(path, &e))?;
    Ok(Loaded::read(Bytes::from(bytes)))
}

/// A file met in a folder: what is no DICOM at all is only counted.
fn read_met(path: &Path, found: &mut LocalFiles) -> Result<(), WorkError> {
    if path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("DICOMDIR")) {
        return Ok(());
    }
    match read_file(path)? {
        Ok(loaded) => found.loaded.push((path.to_owned(), loaded)),
        Err(DicomError::NotDicom) => found.skipped += 1,
        Err(error) => found.refused.push((path.to_owned(), error)),
    }
    Ok(())
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
