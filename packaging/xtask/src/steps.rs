//! The jobs of `cargo xtask`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::debian::{self, FOR_DEMO, FOR_TESTS};
use crate::python;

/// Installs what demo and tests need.
pub(crate) fn setup() -> Result<(), String> {
    debian::install(&FOR_DEMO.iter().chain(FOR_TESTS).collect::<Vec<_>>())?;
    python::judges(&root());
    Ok(())
}

/// Builds the program and lets it walk the whole path against its own demo centre.
pub(crate) fn demo(rest: &[&str]) -> Result<(), String> {
    debian::install(&FOR_DEMO.iter().collect::<Vec<_>>())?;
    cargo(&["build", "--locked", "--bin", "dokuei"])?;
    let mut command =
        Command::new(target().join("debug").join(format!("dokuei{}", std::env::consts::EXE_SUFFIX)));
    run(command.arg("demo").args(rest).current_dir(root()))
}

/// Everything that must pass before a change lands.
pub(crate) fn test(rest: &[&str]) -> Result<(), String> {
    setup()?;
    if rest.is_empty() {
        style()?;
    }
    suite(rest, &[])
}

/// The long kill campaign; the suite holds a short run of the same test.
pub(crate) fn faults(kills: &str) -> Result<(), String> {
    setup()?;
    suite(&["kill"], &[("DOKUEI_KILLS", kills)])
}

/// Formatting and lints, where this toolchain has the tools.
fn style() -> Result<(), String> {
    if has_component("fmt") {
        cargo(&["fmt", "--all", "--check"])?;
    } else {
        println!("xtask: skipped for want of rustfmt: formatting");
    }
    if has_component("clippy") {
        cargo(&["clippy", "--quiet", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"])
    } else {
        println!("xtask: skipped for want of clippy: lints");
        Ok(())
    }
}

fn suite(filter: &[&str], variables: &[(&str, &str)]) -> Result<(), String> {
    let root = root();
    let mut command = Command::new("cargo");
    command.current_dir(&root).args(["test", "--locked", "--workspace", "--no-fail-fast"]).args(filter);
    command.envs(variables.iter().copied());
    if debian::has_apt() {
        command.envs([("DOKUEI_REQUIRE_JUDGES", "1"), ("DOKUEI_REQUIRE_GPU", "1")]);
    }
    let python = python::judges(&root);
    if let Some(python) = &python {
        command.env("DOKUEI_PYTHON", python);
    }
    if std::env::var_os("DOKUEI_TEST_DATA").is_none() && !root.join("../shared/data").is_dir() {
        let files = python.as_deref().and_then(python::pydicom_files);
        println!("xtask: real files for the tests: {files:?}; cases that want others are skipped by name");
        command.envs(files.map(|folder| ("DOKUEI_TEST_DATA", folder)));
    }
    run(&mut command)
}

fn has_component(name: &str) -> bool {
    let mut command = Command::new("cargo");
    command.args([name, "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn cargo(args: &[&str]) -> Result<(), String> {
    run(Command::new("cargo").args(args).current_dir(root()))
}

fn run(command: &mut Command) -> Result<(), String> {
    println!("xtask: {command:?}");
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{:?}: {status}", command.get_program())),
        Err(why) => Err(format!("{:?}: {why}", command.get_program())),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap_or_else(|_| PathBuf::from("."))
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
