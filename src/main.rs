//! The workstation's program: logging, the crash hook, then the command line. The window joins here.

use std::process::ExitCode;

fn main() -> ExitCode {
    dokuei::cli::prepare_process();
    dokuei::cli::run(std::env::args_os())
}
