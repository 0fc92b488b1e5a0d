//! The judge for reading: pydicom, where it is installed (`DOKUEI_PYTHON` names a Python that has it).

use std::path::PathBuf;
use std::process::Command;

/// What the script beside this file prints, or `None` with a line that says what was skipped.
#[allow(clippy::print_stdout, reason = "a run says what it skipped")]
pub(super) fn run(script: &str, arguments: &[PathBuf]) -> Option<Vec<u8>> {
    let python = std::env::var_os("DOKUEI_PYTHON").unwrap_or_else(|| "python3".into());
    let has_pydicom = Command::new(&python).args(["-c", "import pydicom"]).output();
    if !has_pydicom.is_ok_and(|output| output.status.success()) {
        println!("skipped for want of pydicom: {script}");
        return None;
    }
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/suite/dicom").join(script);
    let output = Command::new(&python).arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}
