//! Real DICOM files with known answers: `DOKUEI_TEST_DATA`, by default `../shared/data` beside the checkout.
//!
//! Where only pydicom's wheel is at hand, that is its folder `data`: its files lie flat in two folders, so a
//! name is also looked for there without its leading folders.

use std::path::{Path, PathBuf};

use crate::support::skip;

/// The folder of real files, if this machine has it.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("DOKUEI_TEST_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// A real file or folder, or `None` with a line that says what was skipped.
pub(crate) fn path(name: &str) -> Option<PathBuf> {
    let found = folder().and_then(|root| {
        let tails = std::iter::successors(Some(name), |tail| Some(tail.split_once('/')?.1));
        let places = tails.flat_map(|tail| {
            [
                tail.to_owned(),
                format!("test_files/{tail}"),
                format!("charset_files/{tail}"),
                format!("{tail}_files"),
            ]
        });
        places.map(|place| root.join(place)).find(|path| path.exists())
    });
    if found.is_none() {
        skip(&format!("data, {name}"));
    }
    found
}

/// A real file's bytes, or `None` with a line that says what was skipped.
pub(crate) fn read(name: &str) -> Option<Vec<u8>> {
    path(name).map(|path| std::fs::read(path).unwrap())
}

/// The files of a folder in the order of their names, or `None` with a line that says what was skipped.
pub(crate) fn files(name: &str) -> Option<Vec<PathBuf>> {
    let entries = std::fs::read_dir(path(name)?).unwrap();
    let mut files: Vec<_> = entries.map(|e| e.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    Some(files)
}
