//! A file that is there whole after a power cut, or as it was.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Writes `path` by way of a new file beside it, with the folders it lies in. A link keeps its place: what it
/// leads to is written.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    let written = (|| {
        let mut file = File::create(&name)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&name, &path)?;
        flush_folder(folder)
    })();
    if written.is_err() {
        // Best effort: the next writing starts it anew.
        let _ = fs::remove_file(&name);
    }
    written
}

#[cfg(unix)]
fn flush_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// NTFS journals names itself, and a folder cannot be flushed there.
#[cfg(not(unix))]
fn flush_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
