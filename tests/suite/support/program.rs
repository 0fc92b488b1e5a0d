//! The program as IT staff run it: a child process with its own home.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::clear::Canaries;

/// What opens the vault of every [`Workstation`].
pub(crate) const PASSPHRASE: &str = "a passphrase for tests";

/// A home folder and the secrets to open it.
pub(crate) struct Workstation {
    pub(crate) home: tempfile::TempDir,
    pub(crate) password: String,
}

impl Workstation {
    pub(crate) fn new(password: &str) -> Self {
        Self { home: tempfile::tempdir().unwrap(), password: password.to_owned() }
    }

    /// The program with this home, ready for arguments.
    pub(crate) fn dokuei(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dokuei"));
        command
            .args(args)
            .env("DOKUEI_HOME", self.home.path())
            .env("DOKUEI_PASSPHRASE", PASSPHRASE)
            .env("DOKUEI_PASSWORD", &self.password)
            .env("LANG", "en_US.UTF-8")
            .env_remove("LC_ALL")
            .stdin(Stdio::null());
        command
    }

    /// Runs it; the outcome whatever it is.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.dokuei(args).output().unwrap()
    }

    /// Runs it with `--json`; it must succeed.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let output = self.dokuei(args).arg("--json").output().unwrap();
        assert!(
            output.status.success(),
            "{args:?}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Runs it; it must fail with status 1 and one sentence, which is returned.
    pub(crate) fn sentence(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 1, "one sentence and no more: {text}");
        lines[0].to_owned()
    }

    /// Every place below the home that holds one of `words` in the clear.
    pub(crate) fn in_the_clear(&self, words: &[&str]) -> Vec<String> {
        Canaries::of(words).under(self.home.path())
    }
}
