//! The program under strace: what it asks of the operating system is recorded, or refused.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::judge;

/// Whether strace is here and may trace; else it is skipped by name.
pub(super) fn possible() -> bool {
    let Some(mut strace) = judge::find("strace") else { return false };
    let tried = strace.args(["-qq", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let may = tried.is_ok_and(|status| status.success());
    if !may {
        judge::absent("strace, allowed to trace");
    }
    may
}

/// The same command run by strace, which writes to `record`.
pub(super) fn around(command: &Command, options: &[&str], record: &Path) -> Command {
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "--seccomp-bpf", "-e", "signal=none"]).args(options).arg("-o").arg(record);
    traced.arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => traced.env(name, value),
            None => traced.env_remove(name),
        };
    }
    traced
}
