//! Programs of others that judge ours. A missing one is skipped by name, unless `DOKUEI_REQUIRE_JUDGES=1`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use super::{asked, skip};

/// A program's command, or `None` where it is not installed.
pub(crate) fn find(program: &str) -> Option<Command> {
    let found = on_path(program);
    if found.is_none() {
        absent(program);
    }
    found.map(Command::new)
}

/// A file that a judge brings with it (a plugin, a class library).
pub(crate) fn part(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(path);
    if !path.is_file() {
        absent(&path.display().to_string());
        return None;
    }
    Some(path)
}

/// The Python that has all of `modules` (`DOKUEI_PYTHON`, else `python3`).
pub(crate) fn python(modules: &[&str]) -> Option<Command> {
    static ASKED: Mutex<BTreeMap<String, bool>> = Mutex::new(BTreeMap::new());
    let python = std::env::var_os("DOKUEI_PYTHON").unwrap_or_else(|| "python3".into());
    let import = format!("import {}", modules.join(", "));
    // An import of SimpleITK takes a second: each list is tried once a run.
    let has_them = *ASKED.lock().unwrap().entry(import.clone()).or_insert_with(|| {
        let tried = Command::new(&python).args(["-c", &import]).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    });
    if !has_them {
        absent(&format!("{} (Python)", modules.join(", ")));
        return None;
    }
    let mut command = Command::new(python);
    command.env("PYTHONIOENCODING", "utf-8");
    Some(command)
}

/// Says that a judge is missing, or fails where judges are required.
pub(crate) fn absent(judge: &str) {
    assert!(!required(), "the judge {judge} is missing; `cargo xtask test` installs it");
    skip(&format!("a judge, {judge}"));
}

/// Whether a missing judge is a failure.
pub(crate) fn required() -> bool {
    asked("DOKUEI_REQUIRE_JUDGES")
}

/// Both streams of a finished program as one text.
pub(crate) fn text(output: &Output) -> String {
    let mut all = String::from_utf8_lossy(&output.stdout).into_owned();
    all.push_str(&String::from_utf8_lossy(&output.stderr));
    all
}

/// What dicom3tools' validator says of one file.
pub(crate) fn dciodvfy(file: &Path) -> Option<Output> {
    Some(find("dciodvfy")?.arg(file).output().unwrap())
}

/// What PixelMed's DicomSRValidator says of one file. Its exit status says nothing.
pub(crate) fn pixelmed_sr(file: &Path) -> Option<String> {
    let mut java = find("java")?;
    let jars = ["pixelmed", "commons-codec", "vecmath", "hsqldb", "javax.json"];
    let jars = jars.map(|jar| format!("/usr/share/java/{jar}.jar"));
    part(&jars[0])?;
    // OpenJDK 17 refuses its long stylesheet otherwise (JAXP0801003), with status 0.
    java.args(["-Djava.awt.headless=true", "-Djdk.xml.xpathTotalOpLimit=0", "-Djdk.xml.xpathExprOpLimit=0"])
        .args(["-Djdk.xml.xpathExprGrpLimit=0", "-cp", &jars.join(":")])
        .args(["com.pixelmed.validate.DicomSRValidator", "-checktemplateid", "-checkcontentitemorder"])
        .arg(file);
    Some(text(&java.output().unwrap()))
}

/// Where a program lies. Debian puts servers in folders that are not on everyone's path.
fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join(&file)).find(|candidate| candidate.is_file())
}
