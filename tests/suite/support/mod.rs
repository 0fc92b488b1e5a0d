//! What several tests need: judges, a real centre, the program itself, and one way to say what was skipped.

use std::io::Write as _;

pub(crate) mod campaign;
pub(crate) mod certificates;
pub(crate) mod clear;
pub(crate) mod judge;
pub(crate) mod nginx;
pub(crate) mod orthanc;
pub(crate) mod program;
pub(crate) mod provider;
pub(crate) mod secrets;

/// Says that the running test leaves something out, and for want of what.
///
/// The line goes past libtest's capture, so that a passing run shows it too, and to the end of the file that
/// `DOKUEI_SKIPS` names, from which `cargo xtask test` makes its closing list.
pub(crate) fn skip(for_want_of: &str) {
    let thread = std::thread::current();
    let line = format!("{}: for want of {for_want_of}\n", thread.name().unwrap_or("a test"));
    note(&format!("skipped {line}"));
    let Some(list) = std::env::var_os("DOKUEI_SKIPS") else { return };
    let file = std::fs::OpenOptions::new().create(true).append(true).open(&list);
    file.and_then(|mut file| file.write_all(line.as_bytes()))
        .unwrap_or_else(|error| panic!("DOKUEI_SKIPS, {}: {error}", list.display()));
}

/// Writes to standard error itself: what `eprintln!` writes, libtest hides.
pub(crate) fn note(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Whether an environment variable asks for something: `1` does, nothing else.
pub(crate) fn asked(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "1")
}
