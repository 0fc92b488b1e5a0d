//! One writer a vault.

use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{VaultError, durable};

/// How often an opening looks again while nobody is written down as the owner, and how long it waits between.
const PATIENCE: u32 = 100;
const MOMENT: Duration = Duration::from_millis(10);

/// The lock on a vault's folder, held until dropped or until the process ends in any way.
///
/// The lock itself is the operating system's, on the empty file `lock`; `owner` holds the process id in the
/// clear. They are two files because a locked file cannot be read by others on Windows.
#[derive(Debug)]
pub(super) struct Lock {
    owner: PathBuf,
    file: File,
}

impl Lock {
    /// Takes the lock.
    ///
    /// # Errors
    /// [`VaultError::Busy`] when another opening, in this process or another, holds it.
    pub(super) fn take(folder: &Path) -> Result<Self, VaultError> {
        let owner = folder.join("owner");
        let path = folder.join("lock");
        if !path.exists() {
            durable::private_file(&path)?;
        }
        let file = File::options().write(true).open(&path)?;
        let mut patience = PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(error.into()),
                Err(TryLockError::WouldBlock) => {}
            }
            // No owner is written down for a moment only: someone is just coming or just leaving.
            let pid = read_owner(&owner);
            if pid.is_some() || patience == 0 {
                return Err(VaultError::Busy { pid });
            }
            patience -= 1;
            std::thread::sleep(MOMENT);
        }
        // Only a help for the one who is turned away: a full disk must not keep the vault shut.
        let _ = durable::private_file(&owner)
            .and_then(|mut file| file.write_all(std::process::id().to_string().as_bytes()));
        Ok(Self { owner, file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.owner);
        // Closing the file is not enough: a child process that is just being started has it open until its
        // exec, and on Unix the lock with it.
        let _ = self.file.unlock();
    }
}

/// Whether somebody is written down as the owner: taken out last, when all is closed.
pub(super) fn has_owner(folder: &Path) -> bool {
    folder.join("owner").exists()
}

fn read_owner(path: &Path) -> Option<u32> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}
