//! Where things are kept on this machine.

use std::path::{Path, PathBuf};

/// The folders of one installation. Whatever lies in `vault` is sealed; `profile` holds no secret and no
/// patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    config: PathBuf,
    data: PathBuf,
}

impl Home {
    /// From `DOKUEI_HOME` (everything in one folder) or the system's own folders; `None` where the system
    /// names no home.
    pub fn find() -> Option<Self> {
        if let Some(folder) = std::env::var_os("DOKUEI_HOME").filter(|f| !f.is_empty()) {
            return Some(Self::in_folder(Path::new(&folder)));
        }
        let dirs = directories::ProjectDirs::from("org", "dokuei", "Dokuei")?;
        Some(Self { config: dirs.config_dir().to_owned(), data: dirs.data_local_dir().to_owned() })
    }

    /// Everything in one folder: tests, kiosks.
    pub fn in_folder(folder: &Path) -> Self {
        Self { config: folder.join("config"), data: folder.to_owned() }
    }

    /// The profile file.
    pub fn profile(&self) -> PathBuf {
        self.config.join("profile.toml")
    }

    /// The encrypted store.
    pub fn vault(&self) -> PathBuf {
        self.data.join("vault")
    }

    /// Wrong words since the last right one.
    pub fn tries(&self) -> PathBuf {
        self.data.join("tries.toml")
    }

    /// Everything that is not configuration.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What a running demo centre leaves for the workstation: its address and its certificate.
    pub fn demo(&self) -> PathBuf {
        self.data.join("demo")
    }
}
