//! Headless subcommands, one file each: the same core as the window, for IT staff, scripts and tests.
//!
//! Results go to standard output, problems to standard error as one sentence with what to do next; exit status
//! 0, 1 (the work failed) or 2 (wrong usage).

mod args;
mod context;
mod decode;
mod demo;
mod doctor;
mod drive;
mod fetch;
mod info;
mod open;
mod out;
mod output;
mod picture;
mod process;
mod render;
mod report;
mod source;
mod walk;
mod worklist;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

pub use process::prepare_process;

use args::{Arguments, Command};
use context::{Context, Failure};

/// Runs one command line, its first word the program's name.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(usage) => {
            let _ = usage.print();
            return ExitCode::from(if usage.use_stderr() { 2 } else { 0 });
        }
    };
    let context = match Context::new(arguments.language, arguments.json) {
        Ok(context) => context,
        Err((out, error)) => {
            out.problem(&error);
            return ExitCode::FAILURE;
        }
    };
    match dispatch(&context, &arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            context.out.problem(failure.as_ref());
            ExitCode::FAILURE
        }
    }
}

fn dispatch(context: &Context, command: &Command) -> Result<(), Failure> {
    match command {
        Command::Open(args) => open::run(context, args),
        Command::Demo(args) => demo::run(context, args),
        Command::Info(args) => info::run(context, args),
        Command::Decode(args) => decode::run(context, args),
        Command::Render(args) => render::run(context, args),
        Command::Worklist(args) => worklist::run(context, args),
        Command::Fetch(args) => fetch::run(context, args),
        Command::Report(command) => report::run(context, command),
        Command::Doctor(args) => doctor::run(context, args),
    }
}
