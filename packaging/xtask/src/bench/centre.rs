//! The demo centre in another process, and readers who know it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// `dokuei demo --serve` in a process of its own.
pub(super) struct DemoCentre {
    server: Child,
    home: PathBuf,
    password: String,
}

impl DemoCentre {
    pub(super) fn start(dokuei: &Path, home: &Path) -> Result<Self, String> {
        let mut server = Command::new(dokuei)
            .args(["demo", "--serve", "127.0.0.1:0", "--json"])
            .env("DOKUEI_HOME", home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("{}: {e}", dokuei.display()))?;
        let mut out = server.stdout.take().map(BufReader::new);
        let mut password = None;
        let mut line = String::new();
        while let (Some(out), None) = (&mut out, &password) {
            line.clear();
            if !matches!(out.read_line(&mut line), Ok(1..)) {
                break;
            }
            password = json_text(&line, "password");
        }
        match password {
            Some(password) => Ok(Self { password, server, home: home.to_owned() }),
            None => {
                let _ = server.kill();
                Err("the demo centre told no password".to_owned())
            }
        }
    }

    /// A home that knows the demo centre by its profile.
    pub(super) fn home_of_a_reader(&self, home: &Path) -> Result<PathBuf, String> {
        let config = home.join("config");
        std::fs::create_dir_all(&config).map_err(|e| e.to_string())?;
        let centre =
            std::fs::read_to_string(self.home.join("demo/centre.toml")).map_err(|e| e.to_string())?;
        let profile = format!("language = \"en-US\"\n\n[[centre]]\n{centre}");
        std::fs::write(config.join("profile.toml"), profile).map_err(|e| e.to_string())?;
        Ok(home.to_owned())
    }

    /// The environment of a reader who signs in without a question.
    pub(super) fn reader(&self, command: &mut Command, home: &Path) {
        command
            .env("DOKUEI_HOME", home)
            .env("DOKUEI_PASSPHRASE", "a passphrase for benchmarks")
            .env("DOKUEI_PASSWORD", &self.password);
    }

    /// Has the centre compute the chest CT's pixels, so that they are not what is measured.
    pub(super) fn compute_once(&self, dokuei: &Path, home: &Path) -> Result<(), String> {
        let home = self.home_of_a_reader(home)?;
        let mut list = Command::new(dokuei);
        self.reader(&mut list, &home);
        let out =
            list.args(["worklist", "--centre", "demo", "--json"]).output().map_err(|e| e.to_string())?;
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        for uid in text.lines().filter_map(|line| json_text(line, "study_uid")) {
            let mut fetch = Command::new(dokuei);
            self.reader(&mut fetch, &home);
            let fetch = fetch.args(["fetch", "--centre", "demo", "--study", &uid]);
            let done = fetch.stdout(Stdio::null()).status().map_err(|e| e.to_string())?;
            if !done.success() {
                return Err(format!("fetch: {done}"));
            }
        }
        Ok(())
    }
}

impl Drop for DemoCentre {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The text under a key that has a line of its own.
fn json_text(line: &str, key: &str) -> Option<String> {
    let value = line.trim().strip_prefix(&format!("\"{key}\": \""))?;
    Some(value.split('"').next()?.to_owned())
}
