//! The same commands with a console: on Windows `dokuei` is a GUI program and has none.

use std::process::ExitCode;

fn main() -> ExitCode {
    dokuei::cli::prepare_process();
    dokuei::cli::run_in_console(std::env::args_os())
}
