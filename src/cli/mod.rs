//! The command line: headless subcommands, one file each, over the same core as the window, for IT staff, scripts
//! and tests; and what the window is to open with.
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
mod window;
mod worklist;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

pub use process::prepare_process;

use crate::work::Launch;
use args::{Arguments, Command};
use context::{Context, Failure};

/// What a command line came to.
pub enum Outcome {
    /// It is done; the process ends with this.
    Done(ExitCode),
    /// A window is to open with this.
    Window(Box<Launch>),
}

/// Runs one command line of `dokuei`, its first word the program's name.
pub fn run(words: impl IntoIterator<Item = OsString>) -> Outcome {
    enter(words, false)
}

/// Runs one command line of `dokuei-cli`: it never opens a window, and says so where one is asked for.
pub fn run_in_console(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    match enter(words, true) {
        Outcome::Done(code) => code,
        Outcome::Window(_) => ExitCode::FAILURE,
    }
}

fn enter(words: impl IntoIterator<Item = OsString>, console: bool) -> Outcome {
    let arguments = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(usage) => {
            let _ = usage.print();
            return Outcome::Done(ExitCode::from(if usage.use_stderr() { 2 } else { 0 }));
        }
    };
    let context = match Context::new(arguments.language, arguments.json, console) {
        Ok(context) => context,
        Err((out, error)) => {
            out.problem(&error);
            return Outcome::Done(ExitCode::FAILURE);
        }
    };
    let done = match window(&context, arguments.command.as_ref()) {
        Some(launch) => launch.map(Some),
        None => arguments.command.map_or(Ok(()), |command| dispatch(&context, &command)).map(|()| None),
    };
    match done {
        Ok(Some(launch)) => Outcome::Window(Box::new(launch)),
        Ok(None) => Outcome::Done(ExitCode::SUCCESS),
        Err(failure) => {
            context.out.problem(failure.as_ref());
            Outcome::Done(ExitCode::FAILURE)
        }
    }
}

/// The window that a command asks for, or why there is none; `None` for one that needs no window.
fn window(context: &Context, command: Option<&Command>) -> Option<Result<Launch, Failure>> {
    match command {
        None => Some(window::workstation(context)),
        Some(Command::Open(args)) if open::in_window(context, args) => {
            Some(window::files(context, &args.paths))
        }
        Some(Command::Demo(args)) if demo::in_window(context, args) => Some(window::demo(context, args.line)),
        Some(_) => None,
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
