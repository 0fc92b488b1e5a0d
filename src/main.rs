//! The workstation's program: logging, the crash hook, the command line, and the window where one is wanted.

use std::process::ExitCode;

use dokuei::cli::{self, Outcome};

fn main() -> ExitCode {
    cli::prepare_process();
    match cli::run(std::env::args_os()) {
        Outcome::Done(code) => code,
        Outcome::Window(launch) => dokuei::app::run(*launch),
    }
}
