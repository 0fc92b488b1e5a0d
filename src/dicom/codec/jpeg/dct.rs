//! DCT processes with Huffman coding (T.81 annexes F and G), 8 and 12 bits, sequential and progressive.

use super::markers::{Frame, Header};
use super::upsample::Blend;
use super::{progressive, sequential};
use crate::dicom::codec::fault::Fault;
use crate::dicom::codec::stored::{Cells, of_codestream};
use crate::dicom::{PixelFormat, Samples};

/// The number of the frame header of the progressive process.
pub(super) const PROGRESSIVE: u8 = 2;

/// Samples, interleaved, without any colour conversion.
pub(super) fn decode(format: &PixelFormat, header: &Header, bytes: &[u8]) -> Result<Samples, Fault> {
    let frame = &header.frame;
    // The first scan alone has a code of one bit at least for every block.
    if frame.rows.div_ceil(8) * frame.columns.div_ceil(8) / 8 > bytes.len() {
        return Err(Fault::Damaged("JPEG too short for its size"));
    }
    let cells = if frame.precision == 8 {
        let image = clamped(image::<u8>(frame, bytes)?, format, u8::MAX);
        match format.bits_allocated {
            8 => Cells::U8(image),
            allocated => Cells::widen(image.into_iter().map(u16::from).collect(), allocated)?,
        }
    } else {
        Cells::widen(clamped(image::<u16>(frame, bytes)?, format, 4095), format.bits_allocated)?
    };
    Ok(cells.into_samples(&of_codestream(format)))
}

fn image<T: Blend>(frame: &Frame, bytes: &[u8]) -> Result<Vec<T>, Fault> {
    match frame.process {
        PROGRESSIVE => progressive::image(frame, bytes),
        _ => sequential::image(frame, bytes),
    }
}

/// Lossy coding overshoots: with fewer bits stored than the stream has, values are limited, not cut.
fn clamped<T: Blend + Ord + TryFrom<u32>>(mut values: Vec<T>, format: &PixelFormat, most: T) -> Vec<T> {
    let stored = 1_u32.checked_shl(format.bits_stored.into()).map_or(u32::MAX, |range| range - 1);
    if !format.signed
        && let Ok(stored) = T::try_from(stored)
        && stored < most
    {
        values.iter_mut().for_each(|value| *value = (*value).min(stored));
    }
    values
}
