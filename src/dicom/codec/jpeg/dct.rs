//! DCT processes with Huffman coding (T.81 annexes F and G), 8 and 12 bits, sequential and progressive.

use super::markers::{Frame, Header};
use super::planes::Extent;
use super::upsample::Blend;
use super::{progressive, sequential};
use crate::dicom::codec::fault::Fault;
use crate::dicom::codec::stored::{Cells, of_codestream};
use crate::dicom::{PixelFormat, Samples};

/// The number of the frame header of the progressive process.
pub(super) const PROGRESSIVE: u8 = 2;

/// Up to so many bytes of samples and coefficients a stream may be as short as it can.
const FREE_MEMORY: usize = 1 << 26;

/// Beyond, so many for one byte of stream at most: an image without any detail takes half of it.
const MEMORY_PER_BYTE: usize = 128;

/// Samples, interleaved, without any colour conversion.
pub(super) fn decode(format: &PixelFormat, header: &Header, bytes: &[u8]) -> Result<Samples, Fault> {
    let frame = &header.frame;
    check_cost(frame, bytes.len())?;
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

/// Refuses an image that is too large for its stream, before memory is taken for it.
fn check_cost(frame: &Frame, stream_bytes: usize) -> Result<(), Fault> {
    // The first scans alone have a code of one bit at least for every block.
    let extents = (0..frame.components.len()).map(|index| Extent::of(frame, index));
    let blocks: usize = extents.map(|own| own.columns.div_ceil(8) * own.rows.div_ceil(8)).sum();
    let samples = frame.rows * frame.columns * frame.components.len();
    let bytes_of_sample = usize::from(frame.precision.div_ceil(8));
    let bytes_of_coefficient = if frame.process == PROGRESSIVE { 2 } else { 0 };
    let memory = samples * (bytes_of_sample + bytes_of_coefficient);
    if blocks / 8 > stream_bytes || (memory > FREE_MEMORY && memory / MEMORY_PER_BYTE > stream_bytes) {
        return Err(Fault::Damaged("JPEG too short for its size"));
    }
    Ok(())
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
