//! A file read from a position of its own, so that several threads read the same open file side by side.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::sync::Arc;

/// One reader of a shared file. Copies of it do not disturb each other.
#[derive(Debug, Clone)]
pub(super) struct Positioned {
    file: Arc<File>,
    at: u64,
    length: u64,
}

impl Positioned {
    /// A reader at the beginning of a file of so many bytes.
    pub(super) fn new(file: File, length: u64) -> Self {
        Self { file: Arc::new(file), at: 0, length }
    }

    /// Bytes of the file when it was opened.
    pub(super) fn length(&self) -> u64 {
        self.length
    }
}

impl Read for Positioned {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let count = read_at(&self.file, out, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Positioned {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        self.at = target.ok_or_else(|| Error::from(ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(unix)]
fn read_at(file: &File, out: &mut [u8], at: u64) -> Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, out, at)
}

#[cfg(windows)]
fn read_at(file: &File, out: &mut [u8], at: u64) -> Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, out, at)
}
