//! What a frame's first bytes say it is, and the comparison with the data set before any decoder runs.

use super::fault::Fault;
use super::geometry::Geometry;
use crate::dicom::PixelFormat;

/// A kind of code stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream<'a> {
    /// Any process of ISO 10918-1, and JPEG-LS, which shares its markers.
    Jpeg,
    /// A JPEG 2000 code stream (ISO 15444-1 or -15), out of its JP2 file if it came in one.
    Jpeg2000(&'a [u8]),
    /// JPEG XL, bare or in a container.
    JpegXl,
    /// None of these.
    Unknown,
}

/// Tells the kind by magic numbers. A JP2 file, which PS3.5 A.4.4 does not allow but real files have, is
/// opened to its code stream, so that none of its boxes can change colours behind the data set.
pub(super) fn sniff(bytes: &[u8]) -> Result<Stream<'_>, Fault> {
    Ok(match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Stream::Jpeg,
        [0xFF, 0x4F, 0xFF, 0x51, ..] => Stream::Jpeg2000(bytes),
        [0xFF, 0x0A, ..] => Stream::JpegXl,
        _ if bytes.starts_with(b"\0\0\0\x0CJXL ") => Stream::JpegXl,
        _ if bytes.starts_with(b"\0\0\0\x0CjP  ") => {
            Stream::Jpeg2000(jp2_codestream(bytes).ok_or(Fault::Damaged("a JP2 file without a code stream"))?)
        }
        _ => Stream::Unknown,
    })
}

/// The contents of the first Contiguous Codestream box (ISO 15444-1 I.5.4).
fn jp2_codestream(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let (contents, header) = match u32::from_be_bytes(*length) {
            0 => (rest, 0),
            1 => {
                let (length, rest) = rest.split_first_chunk::<8>()?;
                let length = usize::try_from(u64::from_be_bytes(*length)).ok()?.checked_sub(16)?;
                (rest.get(..length)?, 16)
            }
            length => (rest.get(..(length as usize).checked_sub(8)?)?, 8),
        };
        if kind == b"jp2c" {
            return Some(contents);
        }
        if header == 0 {
            return None;
        }
        bytes = &bytes[header + contents.len()..];
    }
}

/// What a code stream's header says of the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claims {
    /// Lines.
    pub(super) rows: u64,
    /// Samples of a line.
    pub(super) columns: u64,
    /// Components.
    pub(super) components: u64,
    /// Bits of a sample.
    pub(super) precision: u64,
}

impl Claims {
    /// The guard: nothing is decoded whose header contradicts the data set, or whose samples do not fit their
    /// cells. What passes bounds a decoder's memory by the data set's geometry.
    pub(super) fn check(
        &self,
        format: &PixelFormat,
        geometry: &Geometry,
        stream_bytes: usize,
    ) -> Result<(), Fault> {
        for (what, stream, dataset) in [
            ("rows", self.rows, geometry.rows),
            ("columns", self.columns, geometry.columns),
            ("components", self.components, geometry.samples),
        ] {
            if stream != dataset as u64 {
                return Err(Fault::Contradicts { what, stream, dataset: dataset as u64 });
            }
        }
        let allocated = u64::from(format.bits_allocated);
        if self.precision == 0 || self.precision > allocated || format.float {
            return Err(Fault::Contradicts {
                what: "bits of a sample",
                stream: self.precision,
                dataset: allocated,
            });
        }
        geometry.check_decodable(stream_bytes)
    }
}
