//! What a folder, a medium or an archive holds: files by their names, and what its directories say of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::Archive;
use super::archive_names;
use super::error::LocalError;
use super::medium::{self, Names};
use super::place::Place;
use super::{File, Met};
use crate::work::WorkError;

/// Files that are read together.
const MOST_FILES: usize = 1_000_000;

/// Files met below a root, each with its name as folders and file.
#[derive(Default)]
struct Tree {
    files: Vec<(Vec<String>, Place)>,
    problems: Vec<(PathBuf, WorkError)>,
}

/// All files of a folder. Its DICOMDIRs are not read as objects; what they list and is not there is told.
pub(super) fn of_folder(folder: &Path) -> Met {
    below(folder).all()
}

/// The files that a DICOMDIR lists; all files beside it when it is not the whole truth.
///
/// # Errors
/// [`WorkError::File`] when it cannot be read.
pub(super) fn of_medium(directory: &Path) -> Result<Met, WorkError> {
    let folder = match directory.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    std::fs::File::open(directory).map_err(|e| WorkError::file(directory, &e))?;
    let tree = below(folder);
    let listed = medium::list(&Place::File(directory.to_owned()), &[], &tree.names());
    if listed.problems.is_empty() && !listed.found.is_empty() {
        let files = listed.found.into_iter().map(|place| File { place, named: false }).collect();
        return Ok(Met { files, problems: tree.problems });
    }
    let mut met = tree.files_only();
    met.problems.extend(listed.problems);
    Ok(met)
}

/// All files of an archive, as those of a folder.
pub(super) fn of_archive(archive: &Arc<Archive>) -> Met {
    let mut tree = Tree::default();
    if archive.has_same_names() {
        let error = LocalError::SameName { path: archive.path().to_owned() };
        tree.problems.push((archive.path().to_owned(), error.into()));
    }
    for entry in archive.entries() {
        let place = Place::Entry(Arc::clone(archive), entry.index);
        match entry.fault {
            Some(fault) => tree.problems.push((place.label(), fault.into())),
            None => {
                let name = archive.name(entry.index);
                tree.files.push((archive_names::parts(&name).map(medium::plain).collect(), place));
            }
        }
    }
    tree.files.sort_by(|a, b| a.0.cmp(&b.0));
    tree.all()
}

impl Tree {
    fn names(&self) -> Names {
        self.files.iter().rev().map(|(name, place)| (name.clone(), place.clone())).collect()
    }

    /// Every file, and what the directories among them miss.
    fn all(self) -> Met {
        let mut told = Vec::new();
        if self.files.iter().any(|(name, _)| is_directory(name)) {
            let names = self.names();
            for (name, place) in self.files.iter().filter(|(name, _)| is_directory(name)) {
                told.extend(medium::list(place, &name[..name.len() - 1], &names).problems);
            }
        }
        let mut met = self.files_only();
        met.problems.extend(told);
        met
    }

    fn files_only(self) -> Met {
        let objects = self.files.into_iter().filter(|(name, _)| !is_directory(name));
        let files = objects.map(|(_, place)| File { place, named: false }).collect();
        Met { files, problems: self.problems }
    }
}

fn is_directory(name: &[String]) -> bool {
    name.last().is_some_and(|name| name == "DICOMDIR")
}

/// The regular files below a folder in the order of their paths. Links are not followed; a folder that cannot be
/// read is told, and the others are read all the same.
fn below(root: &Path) -> Tree {
    let mut tree = Tree::default();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        if let Err(error) = entries(&folder, root, &mut folders, &mut tree) {
            tree.problems.push((folder, error));
        }
        if tree.files.len() > MOST_FILES {
            tree.files.truncate(MOST_FILES);
            let error = LocalError::TooMany { path: root.to_owned(), most: MOST_FILES };
            tree.problems.push((root.to_owned(), error.into()));
            break;
        }
    }
    tree.files.sort_by(|a, b| a.1.file().cmp(b.1.file()));
    tree
}

fn entries(folder: &Path, root: &Path, folders: &mut Vec<PathBuf>, tree: &mut Tree) -> Result<(), WorkError> {
    let broken = |e: std::io::Error| WorkError::file(folder, &e);
    for entry in std::fs::read_dir(folder).map_err(broken)? {
        let entry = entry.map_err(broken)?;
        let kind = entry.file_type().map_err(broken)?;
        if kind.is_dir() {
            folders.push(entry.path());
        } else if kind.is_file() {
            let path = entry.path();
            let inside = path.strip_prefix(root).unwrap_or(&path);
            let name = inside.iter().map(|part| medium::plain(&part.to_string_lossy())).collect();
            tree.files.push((name, Place::File(path)));
        }
    }
    Ok(())
}
