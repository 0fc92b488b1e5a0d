//! Results as files: whole or not there at all, readable by their owner alone, and never over an input.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::imaging::Picture;
use crate::work::WorkError;

/// Writes `bytes` beside `path` under another name, flushes them, and puts them in its place.
///
/// # Errors
/// [`WorkError::OverInput`] when `path` is one of `inputs`; [`WorkError::File`].
pub(crate) fn write(path: &Path, bytes: &[u8], inputs: &[PathBuf]) -> Result<(), WorkError> {
    let same = |input: &PathBuf| match (input.canonicalize(), path.canonicalize()) {
        (Ok(input), Ok(path)) => input == path,
        _ => false,
    };
    if inputs.iter().any(same) {
        return Err(WorkError::OverInput { path: path.to_owned() });
    }
    let special = path.metadata().is_ok_and(|metadata| !metadata.is_file());
    let written = if special { write_through(path, bytes) } else { write_beside(path, bytes) };
    written.map_err(|error| WorkError::file(path, &error))
}

/// A picture as PNG.
///
/// # Errors
/// As [`write`].
pub(crate) fn write_png(path: &Path, picture: &Picture, inputs: &[PathBuf]) -> Result<(), WorkError> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    let (width, height) = (picture.size.width(), picture.size.height());
    image::ImageEncoder::write_image(encoder, &picture.rgba, width, height, image::ExtendedColorType::Rgba8)
        .map_err(|error| WorkError::file(path, &io::Error::other(error)))?;
    write(path, &bytes, inputs)
}

/// A matrix of float32, rows x columns, in NumPy's format version 1.0.
///
/// # Errors
/// As [`write`].
pub(crate) fn write_npy(
    path: &Path,
    [rows, columns]: [u32; 2],
    values: &[f32],
    inputs: &[PathBuf],
) -> Result<(), WorkError> {
    let mut bytes = npy_header(rows, columns);
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    write(path, &bytes, inputs)
}

fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut beside = name.to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| std::fs::rename(&beside, path)).inspect_err(|_| {
        let _ = std::fs::remove_file(&beside);
    })
}

/// A pipe or a device cannot be replaced.
fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
    file.write_all(bytes)?;
    file.flush()
}

/// Magic, version, length and a dictionary padded with spaces so that the data start at a multiple of 64.
fn npy_header(rows: u32, columns: u32) -> Vec<u8> {
    let mut text = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let unpadded = 10 + text.len() + 1;
    text.push_str(&" ".repeat(unpadded.next_multiple_of(64) - unpadded));
    text.push('\n');
    let mut header = b"\x93NUMPY\x01\x00".to_vec();
    header.extend((text.len() as u16).to_le_bytes());
    header.extend(text.as_bytes());
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn array_data_start_at_a_multiple_of_64() {
        for (rows, columns) in [(1, 1), (512, 512), (16384, 9)] {
            let header = npy_header(rows, columns);
            assert_eq!(header.len() % 64, 0);
            assert_eq!(header.last(), Some(&b'\n'));
        }
    }

    #[test]
    fn a_result_replaces_an_older_one_but_never_an_input() {
        let folder = tempfile::tempdir().unwrap();
        let (input, result) = (folder.path().join("in.dcm"), folder.path().join("out.png"));
        std::fs::write(&input, b"patient").unwrap();
        let inputs = [input.clone()];
        write(&result, b"one", &inputs).unwrap();
        write(&result, b"two", &inputs).unwrap();
        assert_eq!(std::fs::read(&result).unwrap(), b"two");
        let crooked = folder.path().join(".").join("in.dcm");
        assert!(matches!(write(&crooked, b"three", &inputs), Err(WorkError::OverInput { .. })));
        assert_eq!(std::fs::read(&input).unwrap(), b"patient");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside");
    }
}
