//! The judge for reading: pydicom.

use std::path::{Path, PathBuf};

use crate::support::judge;

/// What the script beside this file prints, or `None` where there is no pydicom.
pub(super) fn run(script: &str, arguments: &[PathBuf]) -> Option<Vec<u8>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/dicom").join(script);
    let output = judge::python(&["pydicom"])?.arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", judge::text(&output));
    Some(output.stdout)
}
