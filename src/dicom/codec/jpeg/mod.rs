//! JPEG (ISO 10918-1, here T.81) in one place: markers read once, then the process the frame header names.
//!
//! The frame header decides, not the transfer syntax (real files are mislabelled):
//!
//! | frame header | process | decoded by |
//! | --- | --- | --- |
//! | SOF0, SOF1 | sequential DCT, 8 or 12 bits | [`sequential`] |
//! | SOF2 | progressive DCT, 8 or 12 bits | [`progressive`] |
//! | SOF3 | lossless, 2 to 16 bits | [`lossless`] |
//! | SOF9 to SOF11 | arithmetic coding | refused by name |
//! | SOF5 to SOF7, SOF13 to SOF15 | hierarchical | refused by name |
//! | SOF55 | JPEG-LS | not here: `jpegls` |
//!
//! ```text
//! stream ── markers ──► header, tables ──► scans ── entropy, bits, huffman ──► coefficients ── idct ──► planes ── upsample ──► image
//!                                                              └──► differences ── lossless ──────────────────────────────────┘
//! ```
//!
//! No sample is ever made up. Decoders commonly fill what a damaged or cut stream lacks with grey, and say
//! nothing; here a scan whose bits do not suffice, a component without a scan and a progressive image that lacks
//! its last bits are errors.

mod bits;
mod colour;
mod dct;
mod entropy;
mod huffman;
mod idct;
mod lossless;
mod markers;
mod planes;
mod progressive;
mod scans;
mod sequential;
mod upsample;

use super::fault::Fault;
use super::geometry::Geometry;
use super::header::Claims;
use crate::dicom::{DecodedFrame, PixelFormat};
use markers::Header;

const EARLY: Fault = Fault::Damaged("the JPEG entropy-coded data ends before the image does");
const NO_CODE: Fault = Fault::Damaged("a bit pattern that is no JPEG Huffman code");

/// Samples of one JPEG image; [`Fault::Pixels`] for the processes that the table above refuses.
pub(super) fn decode(format: &PixelFormat, geometry: &Geometry, bytes: &[u8]) -> Result<DecodedFrame, Fault> {
    let header = Header::read(bytes)?;
    let frame = &header.frame;
    check_process(frame.process, frame.precision)?;
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

/// Refuses what is no process of the table above, by name.
fn check_process(process: u8, precision: u8) -> Result<(), Fault> {
    let kind = match (process, precision) {
        (0..=2, 8 | 12) | (3, 2..=16) => return Ok(()),
        (0..=3, _) => "a number of bits that the process has not",
        (9..=11, _) => "arithmetic coding",
        _ => "hierarchical coding",
    };
    Err(Fault::Pixels(format!("JPEG SOF{process} of {precision} bits: {kind}")))
}
