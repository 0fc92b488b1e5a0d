//! Media: what a DICOMDIR lists, found among the files that lie beside it (PS3.10 8, PS3.3 F.3).
//!
//! A File ID is compared with names that were met, never joined to a path: it cannot lead anywhere else. Burned
//! media differ from their lists in case and add version numbers (ISO 9660 6.2, 7.5).

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::error::LocalError;
use super::place::Place;
use super::{buffer, stopped};
use crate::dicom::{DicomError, dicomdir, part10};
use crate::work::{WorkError, threads};

/// Whether a file is a directory of a medium, by its name.
pub(super) fn is_directory(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("DICOMDIR"))
}

/// What one DICOMDIR lists, against what is there.
#[derive(Default)]
pub(super) struct Listed {
    /// The places of the files it lists and that are there, in its order.
    pub(super) found: Vec<Place>,
    /// What is wrong with the list.
    pub(super) problems: Vec<(PathBuf, WorkError)>,
}

/// The files below a medium's root by their names: folders and file, each as [`plain`] makes it.
pub(super) type Names = HashMap<Vec<String>, Place>;

/// A name without what media change: case, version number, the point of an empty extension.
pub(super) fn plain(name: &str) -> String {
    let name = match name.rsplit_once(';') {
        Some((stem, version)) if version.bytes().all(|byte| byte.is_ascii_digit()) => stem,
        _ => name,
    };
    name.trim_end_matches('.').to_ascii_uppercase()
}

/// Reads a DICOMDIR that lies in `folder` (as [`Names`] has it).
pub(super) fn list(directory: &Place, folder: &[String], names: &Names) -> Listed {
    let path = directory.label();
    let read = || {
        let (dataset, _) = part10::read_dataset(&buffer::object(directory)?)?;
        Ok::<_, WorkError>(dicomdir::listing(&dataset))
    };
    let stopped = || Err(stopped().into());
    let listing = match threads::run("parse", read, stopped) {
        Ok(listing) => listing,
        Err(WorkError::Dicom(
            DicomError::NotDicom | DicomError::Malformed { .. } | DicomError::Truncated { .. },
        )) => {
            let problems = vec![(path.clone(), LocalError::Unlisted { path }.into())];
            return Listed { problems, ..Listed::default() };
        }
        Err(error) => return Listed { problems: vec![(path, error)], ..Listed::default() },
    };
    let mut listed = Listed::default();
    let mut missing: Vec<String> = Vec::new();
    for parts in &listing.files {
        let name = folder.iter().cloned().chain(parts.iter().map(|part| plain(part))).collect::<Vec<_>>();
        match names.get(&name) {
            Some(place) => listed.found.push(place.clone()),
            None => missing.push(parts.join("/")),
        }
    }
    if let Some(first) = missing.first().cloned() {
        let error = LocalError::ListedMissing { path: path.clone(), count: missing.len(), first };
        listed.problems.push((path.clone(), error.into()));
    }
    if listing.elsewhere > 0 {
        let error = LocalError::ListedElsewhere { path: path.clone(), count: listing.elsewhere };
        listed.problems.push((path, error.into()));
    }
    listed
}
