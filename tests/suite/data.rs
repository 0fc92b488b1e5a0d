//! Real DICOM files with known answers: `DOKUEI_TEST_DATA`, by default `../shared/data` beside the checkout.

use std::path::{Path, PathBuf};

/// The folder of real files, if this machine has it.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("DOKUEI_TEST_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// A real file's bytes, or `None` with a line that says what was skipped.
#[allow(clippy::print_stdout, reason = "a run says what it skipped")]
pub(crate) fn read(path: &str) -> Option<Vec<u8>> {
    let bytes = folder().and_then(|folder| std::fs::read(folder.join(path)).ok());
    if bytes.is_none() {
        println!("skipped for want of data: {path}");
    }
    bytes
}
