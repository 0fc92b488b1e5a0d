//! The system's key store on a session bus of its own.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A key store of the system's kind, unlocked, on a session bus of its own.
pub(super) struct Keyring {
    bus: Child,
    /// The bus.
    pub(super) address: String,
}

impl Keyring {
    pub(super) fn start(home: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(home).map_err(|e| e.to_string())?;
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("dbus-daemon: {e}"))?;
        let mut address = String::new();
        if let Some(out) = bus.stdout.take() {
            let _ = BufReader::new(out).read_line(&mut address);
        }
        let keyring = Self { bus, address: address.trim().to_owned() };
        // It goes on in the background, as long as its bus.
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", &keyring.address)
            .envs(["HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"].map(|name| (name, home)))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("gnome-keyring-daemon: {e}"))?;
        if let Some(mut password) = daemon.stdin.take() {
            password.write_all(b"benchmark").map_err(|e| e.to_string())?;
        }
        let began = daemon.wait().map_err(|e| e.to_string())?;
        if began.success() { Ok(keyring) } else { Err(format!("gnome-keyring-daemon: {began}")) }
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}
