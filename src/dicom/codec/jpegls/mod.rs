//! JPEG-LS (ISO 14495-1, here T.87; transfer syntaxes .80 and .81), lossless and near-lossless, by our own decoder.
//!
//! No crate decodes its colour right, and the one for grey takes twice CharLS's time. All of T.87 that archives
//! send is here: 2 to 16 bits, any NEAR, components in one scan or in several, by line or by sample, preset
//! parameters, restart intervals, and the colour transforms of HP's encoder, which CharLS knows too. Refused by
//! name: subsampled components, mapping tables, the point transform, sizes in a preset segment, and Part 2.
//!
//! ```text
//! header ── segments ──► scan ── lines ──► line ──► samples
//!                                            │ gradient: which neighbourhood is it
//!                                            │ context:  what was learnt of such neighbourhoods
//!                                            │ bits:     the codes of errors and runs
//! ```
//!
//! A stream that ends early, has another restart marker than the next, a code longer than its limit, or data left
//! over is an error, as it is for CharLS: one wrong bit changes every sample behind it. Forgiven are a missing end
//! marker and a byte of zeros before it, which real archives have.
//!
//! Where encoders differ and nothing in their streams says so (`parameters::Reading`), the reading that comes out
//! even holds: a greatest value below what the bits allow is the standard's or CharLS's, thresholds are the
//! standard's or those of Java's image library.
//!
//! **Speed** (2026, one thread, interleaved with CharLS 2.4.3): 0.8 of its time for CT, near 0 and near 2, and for
//! RGB near 0; 0.9 to 1.1 for RGB near 2; 0.65 for 16-bit noise.

mod bits;
mod colour;
mod context;
mod gradient;
mod header;
mod line;
mod parameters;
mod scan;
#[cfg(test)]
mod tests;

use super::fault::Fault;
use super::geometry::Geometry;
use super::header::Claims;
use super::stored::{self, Cells};
use crate::dicom::pixel::Photometric;
use crate::dicom::{DecodedFrame, PixelFormat};
use header::Header;

/// Whether the first frame header of a stream with JPEG's markers is JPEG-LS's.
pub(super) fn is_jpegls(bytes: &[u8]) -> bool {
    header::is_jpegls(bytes)
}

/// Samples of one code stream.
pub(super) fn decode(format: &PixelFormat, geometry: &Geometry, bytes: &[u8]) -> Result<DecodedFrame, Fault> {
    let header = Header::read(bytes)?;
    let frame = &header.frame;
    let claims = Claims {
        rows: frame.rows as u64,
        columns: frame.columns as u64,
        components: frame.components.len() as u64,
        precision: u64::from(frame.precision),
    };
    claims.check(format, geometry, bytes.len())?;
    let cells = Cells::widen(scan::decode(&header, bytes)?, format.bits_allocated)?;
    // A stream does not say what its colours are, and its components are never subsampled.
    let photometric = match &format.photometric {
        Photometric::YbrFull422 => Photometric::YbrFull,
        other => other.clone(),
    };
    Ok(stored::frame(geometry, photometric, cells.into_samples(&stored::of_codestream(format))))
}
