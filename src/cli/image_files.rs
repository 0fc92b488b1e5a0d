//! Pictures and arrays as files.

use std::io::{self, Write};
use std::path::Path;

/// An RGBA picture, 8 bits a channel, as PNG.
pub(crate) fn write_png(path: &Path, width: u32, height: u32, rgba: &[u8]) -> io::Result<()> {
    let file = io::BufWriter::new(std::fs::File::create(path)?);
    let encoder = image::codecs::png::PngEncoder::new(file);
    image::ImageEncoder::write_image(encoder, rgba, width, height, image::ExtendedColorType::Rgba8)
        .map_err(io::Error::other)
}

/// A matrix of float32, rows x columns, in NumPy's format version 1.0.
pub(crate) fn write_npy(path: &Path, rows: u32, columns: u32, values: &[f32]) -> io::Result<()> {
    let mut file = io::BufWriter::new(std::fs::File::create(path)?);
    file.write_all(&npy_header(rows, columns))?;
    for value in values {
        file.write_all(&value.to_le_bytes())?;
    }
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
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
}
