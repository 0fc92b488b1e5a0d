//! Files that are there after a power cut.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::VaultError;

/// The ending of a file that is still being written.
pub(super) const TEMPORARY: &str = "tmp";

/// Writes `path` whole or not at all: a temporary file beside it, `fill`, fsync, rename, fsync of the folder.
/// A file of that name is replaced. When this returns `Ok`, the file survives a power cut.
///
/// # Errors
/// What `fill` returns, or the file system's refusal; nothing new is left behind then.
pub(super) fn write(
    path: &Path,
    fill: impl FnOnce(&mut File) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let temporary = temporary_of(path);
    let written = (|| {
        let mut file = private_file(&temporary)?;
        fill(&mut file)?;
        file.sync_all()?;
        Ok(rename(&temporary, path)?)
    })();
    if written.is_err() {
        // Best effort: an orphan is swept at the next opening.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Renames within one folder and flushes the folder.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    to.parent().map_or(Ok(()), sync_folder)
}

/// Removes a file if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Where [`write`] keeps its unfinished work.
fn temporary_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(TEMPORARY);
    PathBuf::from(name)
}

/// An empty file that only its owner may read (0600), made or emptied.
pub(super) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// A folder that only its owner may enter (0700), with its parents; one that exists is closed to others.
#[cfg(unix)]
pub(super) fn private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    if fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// A folder with its parents. Below the user's own profile Windows lets no other user in.
#[cfg(not(unix))]
pub(super) fn private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Makes names in a folder durable.
#[cfg(unix)]
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Makes names in a folder durable: NTFS journals them itself, and a folder cannot be flushed there.
#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
