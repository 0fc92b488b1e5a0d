//! The jobs of `cargo xtask`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use xtask::evening::{self, Words};
use xtask::fuzz;
use xtask::screen::Screen;
use xtask::{bench, bench_codecs};

use crate::debian::{self, FOR_DEMO, FOR_TESTS};
use crate::figures::Figures;
use crate::skips::Skips;
use crate::{node, python};

/// Installs what demo and tests need.
pub(crate) fn setup() -> Result<(), String> {
    debian::install(&FOR_DEMO.iter().chain(FOR_TESTS).collect::<Vec<_>>())?;
    let python = python::judges(&target());
    node::provider(&target(), python.as_deref());
    Ok(())
}

/// Builds the program and opens the workstation on its demo centre. With no display the same session runs on a
/// virtual one, driven by mouse and keys; its pictures stay.
pub(crate) fn demo(rest: &[&str]) -> Result<(), String> {
    debian::install(&FOR_DEMO.iter().collect::<Vec<_>>())?;
    cargo(&["build", "--locked", "--bin", "dokuei"])?;
    if has_display() {
        return run(Command::new(program("dokuei")).arg("demo").args(rest).current_dir(root()));
    }
    if !debian::has_apt() {
        return Err("there is no display, and no virtual one is set up on this system".to_owned());
    }
    let language = if rest.contains(&"ja") { "ja-JP" } else { "en-US" };
    let folder = target().join("demo");
    let _ = std::fs::remove_dir_all(&folder);
    println!("xtask: no display: the evening of a reader on a virtual one, by mouse and keys");
    let words = Words::of(&root(), language)?;
    let mut screen = Screen::start(&folder, 1366, 768, 1.0)?;
    for picture in evening::walk(&mut screen, &program("dokuei"), &folder.join("home"), &words)? {
        println!("  {}", picture.display());
    }
    println!("xtask: worklist, images, planes, measurement and report done; the centre confirmed the report");
    Ok(())
}

/// What the window costs, against an empty one and against limits.
pub(crate) fn bench() -> Result<(), String> {
    debian::install(&FOR_DEMO.iter().chain(FOR_TESTS).collect::<Vec<_>>())?;
    cargo(&["build", "--locked", "--bin", "dokuei", "--example", "empty_window"])?;
    let empty = target().join("debug/examples").join(format!("empty_window{}", std::env::consts::EXE_SUFFIX));
    bench::run(&program("dokuei"), &empty, &target().join("bench"))
}

/// Decoding beside the C libraries, in the one profile of demo and tests (the shipped build optimises more).
pub(crate) fn bench_codecs() -> Result<(), String> {
    let python = python::judges(&target()).ok_or("no Python with imagecodecs")?;
    let data =
        std::env::var_os("DOKUEI_TEST_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    cargo(&["build", "--locked", "--example", "decode_bench"])?;
    let ours = target().join("debug/examples").join(format!("decode_bench{}", std::env::consts::EXE_SUFFIX));
    bench_codecs::run(&ours, &python, &data.join("volumes/cerr-head-neck-ct"), &target().join("bench-codecs"))
}

/// Opening 1,000 uncompressed files beside reading the same bytes with `cat`: a test of the suite with more files.
pub(crate) fn bench_opening() -> Result<(), String> {
    suite(&["doors::speed"], &[("DOKUEI_SLICES", "1000")])
}

fn program(name: &str) -> PathBuf {
    target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Windows and macOS always have one.
fn has_display() -> bool {
    let named = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(named)
}

/// Everything that must pass before a change lands.
pub(crate) fn test(rest: &[&str]) -> Result<(), String> {
    setup()?;
    if rest.is_empty() {
        style()?;
        deny()?;
    }
    suite(rest, &[])
}

/// The tests that have a long form, apart from those of the line.
const CAMPAIGNS: [&str; 2] = ["kill::", "vault::"];

/// The long campaigns, one after the other so that their figures mean something; the suite holds a short form of
/// each.
pub(crate) fn faults(kills: &str) -> Result<(), String> {
    setup()?;
    line()?;
    let figures = Figures::begin(&target())?;
    let table = figures.table().to_string_lossy().into_owned();
    let one_at_a_time = ["--", "--test-threads=1"];
    let variables = [("DOKUEI_FAULTS", "1"), ("DOKUEI_KILLS", kills), ("DOKUEI_FIGURES", table.as_str())];
    let outcome = suite(&[&one_at_a_time[..], &CAMPAIGNS].concat(), &variables);
    figures.print();
    outcome
}

/// The campaigns of the line alone: the link matrix (13 faults, 5 operations, 20 seeds), 50 random cuts in one
/// study, the cuts of a gigabyte over a thin line that breaks every half minute, and 200 lost answers.
pub(crate) fn line() -> Result<(), String> {
    let long = [
        ("DOKUEI_LINK_SEEDS", "20"),
        ("DOKUEI_LINK_CUTS", "50"),
        ("DOKUEI_LINK_EVEN_CUTS", "134"),
        ("DOKUEI_LINK_ANSWERS", "200"),
    ];
    suite(&["link::"], &long)
}

/// The long mutation campaign; the suite holds a sample of the same test.
pub(crate) fn fuzz(copies: &str) -> Result<(), String> {
    setup()?;
    let done = suite(&["campaign::changed"], &[("DOKUEI_MUTANTS", copies)]);
    println!("xtask: the list is {}", target().join("tmp/campaign/report.txt").display());
    done
}

/// What reads foreign bytes, under libFuzzer.
pub(crate) fn fuzz_targets(seconds: &str, names: &[&str]) -> Result<(), String> {
    let named = std::env::var_os("DOKUEI_TEST_DATA").map(PathBuf::from);
    let data = named.unwrap_or_else(|| root().join("../shared/data"));
    fuzz::targets(&root(), &target(), data.is_dir().then_some(data.as_path()), seconds, names)
}

/// Licences, bans and sources of the dependencies; advisories need a database from the network and are the
/// hosted workflow's.
pub(crate) fn deny() -> Result<(), String> {
    if !has_subcommand("deny") {
        println!("xtask: skipped for want of cargo-deny: licences, bans and sources");
        return Ok(());
    }
    cargo(&["deny", "--locked", "check", "bans", "licenses", "sources"])
}

/// Formatting and lints.
fn style() -> Result<(), String> {
    if component("rustfmt", "fmt")? {
        cargo(&["fmt", "--all", "--check"])?;
    }
    if component("clippy", "clippy")? {
        cargo(&["clippy", "--quiet", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    }
    Ok(())
}

/// Whether the toolchain has a component, after asking rustup for it. Without it a person's run goes on and
/// says so; a run in CI (`CI` is set) that has a rustup does not.
fn component(name: &str, subcommand: &str) -> Result<bool, String> {
    if has_subcommand(subcommand) {
        return Ok(true);
    }
    println!("xtask: asking rustup for {name}");
    let rustup = Command::new("rustup").args(["component", "add", name]).stdin(Stdio::null()).status();
    if has_subcommand(subcommand) {
        return Ok(true);
    }
    if std::env::var_os("CI").is_some() && rustup.is_ok() {
        return Err(format!("rustup did not bring {name}"));
    }
    println!("xtask: skipped for want of {name}: cargo {subcommand}");
    Ok(false)
}

fn suite(filter: &[&str], variables: &[(&str, &str)]) -> Result<(), String> {
    let root = root();
    let mut command = Command::new("cargo");
    command.current_dir(&root).args(["test", "--locked", "--workspace", "--no-fail-fast"]).args(filter);
    command.envs(variables.iter().copied());
    // Mesa's device chooser complains of a missing Wayland session otherwise; the program itself sets it too.
    command.env("NODEVICE_SELECT", "1");
    if debian::has_apt() {
        command.envs([("DOKUEI_REQUIRE_JUDGES", "1"), ("DOKUEI_REQUIRE_GPU", "1")]);
    }
    let skips = Skips::begin(&target())?;
    command.env("DOKUEI_SKIPS", skips.list());
    let python = python::judges(&target());
    if let Some(python) = &python {
        command.env("DOKUEI_PYTHON", python);
    }
    if let Some(provider) = node::provider(&target(), python.as_deref()) {
        command.env("DOKUEI_NODE", provider.node).env("DOKUEI_NODE_MODULES", provider.modules);
    }
    if std::env::var_os("DOKUEI_TEST_DATA").is_none() && !root.join("../shared/data").is_dir() {
        let files = python.as_deref().and_then(python::pydicom_files);
        println!("xtask: real files for the tests: {files:?}; cases that want others are skipped by name");
        command.envs(files.map(|folder| ("DOKUEI_TEST_DATA", folder)));
    }
    let outcome = run(&mut command);
    skips.print();
    outcome
}

fn has_subcommand(name: &str) -> bool {
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
    // Two folders up. Not `canonicalize`: on Windows it makes paths that other programs do not take.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

fn target() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    // The tests run in a folder of their own, so what they are told is absolute.
    named.and_then(|folder| std::path::absolute(folder).ok()).unwrap_or_else(|| root().join("target"))
}
