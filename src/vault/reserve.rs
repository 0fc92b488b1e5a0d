//! Room on the disk that is kept for what must not be lost.
//!
//! A disk filled with images must not keep a report from being signed. The file `reserve` holds random bytes
//! (zeros would be compressed away on some file systems); when the disk is full it is removed and the write is
//! tried again. The next opening fills it anew, as far as there is room.

use std::io::Write as _;
use std::path::Path;

use super::seal::random;
use super::{Vault, VaultError, durable};

const BLOCK: usize = 64 * 1024;

/// Less than this helps no report: it is not kept.
const LEAST: u64 = 256 * 1024;

/// Sees to it that the reserve has `bytes` bytes. Where the disk has less room, half of that room is kept.
pub(super) fn fill(path: &Path, bytes: u64) -> Result<(), VaultError> {
    if size(path) == bytes {
        return Ok(());
    }
    let mut written = 0;
    match write(path, bytes, &mut written) {
        Err(VaultError::DiskFull) => {}
        other => return other,
    }
    let half = written / 2;
    if half < LEAST || half <= size(path) {
        return Ok(());
    }
    match write(path, half, &mut written) {
        // Others have taken the room meanwhile; what matters has been written already.
        Err(VaultError::DiskFull) => Ok(()),
        other => other,
    }
}

fn write(path: &Path, bytes: u64, written: &mut u64) -> Result<(), VaultError> {
    let block = random::<BLOCK>()?;
    *written = 0;
    durable::write(path, |file| {
        while *written < bytes {
            let now = block.len().min(usize::try_from(bytes - *written).unwrap_or(BLOCK));
            file.write_all(&block[..now])?;
            *written += now as u64;
        }
        Ok(())
    })
}

/// The bytes kept now.
pub(super) fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

impl Vault {
    /// Runs `write` for something that must not be lost: on a full disk the reserve is given up for it.
    pub(super) fn with_reserve<T>(&self, write: impl Fn() -> Result<T, VaultError>) -> Result<T, VaultError> {
        match write() {
            Err(VaultError::DiskFull) if size(&self.paths.reserve()) > 0 => {
                durable::remove(&self.paths.reserve())?;
                durable::sync_folder(self.paths.folder())?;
                write()
            }
            other => other,
        }
    }
}
