//! Programs of others that judge ours. A missing one is skipped by name, unless `DOKUEI_REQUIRE_JUDGES=1`.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A judge's command, or `None` after a line that says what was skipped.
#[allow(clippy::print_stdout, reason = "a run says what it skipped")]
pub(crate) fn find(program: &str) -> Option<Command> {
    let found = Command::new(program).arg("--version").stdin(Stdio::null()).output().is_ok();
    if found {
        return Some(Command::new(program));
    }
    assert!(!required(), "the judge {program} is missing; `cargo xtask test` installs it");
    println!("skipped for want of a judge: {program}");
    None
}

/// The Python that has `module`.
#[allow(clippy::print_stdout, reason = "a run says what it skipped")]
pub(crate) fn python(module: &str) -> Option<Command> {
    let python = std::env::var_os("DOKUEI_PYTHON").unwrap_or_else(|| "python3".into());
    let import =
        Command::new(&python).args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status();
    if import.is_ok_and(|status| status.success()) {
        return Some(Command::new(python));
    }
    assert!(!required(), "the judge {module} (Python) is missing; `cargo xtask test` installs it");
    println!("skipped for want of a judge: Python's {module}");
    None
}

/// Whether a missing judge is a failure.
pub(crate) fn required() -> bool {
    std::env::var_os("DOKUEI_REQUIRE_JUDGES").is_some_and(|v| v == "1")
}

/// Both streams of a finished program as one text.
pub(crate) fn text(output: &Output) -> String {
    let mut all = String::from_utf8_lossy(&output.stdout).into_owned();
    all.push_str(&String::from_utf8_lossy(&output.stderr));
    all
}

/// PixelMed's DicomSRValidator over one file: its lines, or `None` where Java or PixelMed is absent. Its exit
/// status says nothing, and without these options it gives up silently on today's Java.
pub(crate) fn pixelmed_sr(file: &std::path::Path) -> Option<String> {
    find("java")?;
    let jars = ["pixelmed", "commons-codec", "vecmath", "hsqldb", "javax.json"];
    let path = jars.map(|jar| format!("/usr/share/java/{jar}.jar")).join(":");
    if !PathBuf::from("/usr/share/java/pixelmed.jar").exists() {
        assert!(!required(), "PixelMed is missing; `cargo xtask test` installs it");
        return None;
    }
    let options = "-Djava.awt.headless=true -Djdk.xml.xpathTotalOpLimit=0 -Djdk.xml.xpathExprOpLimit=0 \
                   -Djdk.xml.xpathExprGrpLimit=0";
    let output = Command::new("java")
        .env("JAVA_TOOL_OPTIONS", options)
        .args(["-cp", &path, "com.pixelmed.validate.DicomSRValidator"])
        .arg(file)
        .output()
        .unwrap();
    Some(text(&output))
}
