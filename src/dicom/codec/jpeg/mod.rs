//! JPEG (ISO 10918-1, here T.81) in one place: markers read once, then the process the frame header names.
//!
//! The frame header decides, not the transfer syntax (real files are mislabelled):
//!
//! | frame header | process | decoded by |
//! | --- | --- | --- |
//! | SOF0, SOF1 with 8 bits | sequential DCT | zune-jpeg, on error jpeg-decoder, after [`complete`] proved the stream whole |
//! | SOF3 | lossless | [`lossless`] |
//! | SOF0, SOF1 with 12 bits, SOF2 (progressive) | | refused: not decoded yet |
//! | SOF55 | JPEG-LS | not here: `jpegls` |
//! | others (hierarchical, arithmetic) | | refused |

mod bits;
mod colour;
mod complete;
mod dct;
mod huffman;
mod lossless;
mod markers;

use super::fault::Fault;
use super::geometry::Geometry;
use super::header::Claims;
use crate::dicom::{DecodedFrame, PixelFormat};
use markers::Header;

/// Samples of one JPEG image; [`Fault::NotDecoded`] for the processes that the table above refuses.
pub(super) fn decode(format: &PixelFormat, geometry: &Geometry, bytes: &[u8]) -> Result<DecodedFrame, Fault> {
    let header = Header::read(bytes)?;
    let frame = &header.frame;
    if !matches!((frame.process, frame.precision), (0 | 1, 8) | (3, 2..=16)) {
        return Err(Fault::NotDecoded);
    }
    let claims = Claims {
        rows: frame.rows as u64,
        columns: frame.columns as u64,
        components: frame.components.len() as u64,
        precision: u64::from(frame.precision),
    };
    claims.check(format, geometry, bytes.len())?;
    let photometric = colour::photometric(&header, format);
    let samples = match frame.process {
        3 => lossless::decode(format, &header, bytes)?,
        _ => dct::decode(format, &header, bytes)?,
    };
    Ok(super::stored::frame(geometry, photometric, samples))
}
