//! RLE lossless (PS3.5 annex G): byte planes, each packed with the PackBits scheme.

use super::fault::Fault;
use super::geometry::Geometry;
use super::stored::{self, Cells};
use crate::dicom::pixel::Photometric;
use crate::dicom::{DecodedFrame, PixelFormat};

/// The header: the number of segments and fifteen offsets, 32-bit little-endian (PS3.5 G.5).
const HEADER: usize = 64;

/// Two coded bytes make 128 at most (PS3.5 G.3.2).
const MOST_EXPANSION: usize = 64;

/// Samples of one frame. Segments go sample by sample and within a sample from the most significant byte
/// (PS3.5 G.2), so planes are filled one after the other and joined into cells.
pub(super) fn decode(format: &PixelFormat, geometry: &Geometry, frame: &[u8]) -> Result<DecodedFrame, Fault> {
    let (planes_of_sample, plane_length) = match format.bits_allocated {
        64 => return Err(Fault::Pixels("RLE with 64 bits allocated".to_owned())),
        1 => (1, geometry.pixels().div_ceil(8)),
        allocated => (usize::from(allocated / 8), geometry.pixels()),
    };
    let segments = segments(frame, geometry.samples * planes_of_sample)?;
    if plane_length > frame.len().saturating_mul(MOST_EXPANSION) {
        return Err(Fault::Damaged("RLE frame too short for its size"));
    }
    let mut planes = vec![0_u8; plane_length * segments.len()];
    for (segment, plane) in segments.iter().zip(planes.chunks_exact_mut(plane_length)) {
        unpack(segment, plane)?;
    }
    let cells = match format.bits_allocated {
        1 => Cells::U8((0..geometry.pixels()).map(|i| (planes[i / 8] >> (i % 8)) & 1).collect()),
        8 => Cells::U8(join(&planes, geometry, |[byte]| byte)),
        16 => Cells::U16(join(&planes, geometry, u16::from_be_bytes)),
        _ => Cells::U32(join(&planes, geometry, u32::from_be_bytes)),
    };
    // There is no shared chrominance in RLE: a YBR_FULL_422 here is a name left over from before.
    let photometric = match &format.photometric {
        Photometric::YbrFull422 => Photometric::YbrFull,
        other => other.clone(),
    };
    Ok(stored::frame(geometry, photometric, cells.into_samples(format)))
}

/// The segments, which must be as many as the byte planes and lie in order behind the header.
fn segments(frame: &[u8], expected: usize) -> Result<Vec<&[u8]>, Fault> {
    let header = frame.get(..HEADER).ok_or(Fault::Damaged("RLE header cut short"))?;
    let fields: Vec<usize> =
        header.as_chunks::<4>().0.iter().map(|field| u32::from_le_bytes(*field) as usize).collect();
    if fields[0] != expected {
        return Err(Fault::Contradicts {
            what: "RLE segments",
            stream: fields[0] as u64,
            dataset: expected as u64,
        });
    }
    let starts = fields.get(1..=expected).ok_or(Fault::Damaged("more than 15 RLE segments"))?;
    if starts.first() != Some(&HEADER) {
        return Err(Fault::Damaged("the first RLE segment does not follow the header"));
    }
    let ends = starts[1..].iter().copied().chain([frame.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| frame.get(start..end).filter(|segment| !segment.is_empty()))
        .collect::<Option<_>>()
        .ok_or(Fault::Damaged("RLE segment offsets out of order or out of range"))
}

/// Byte planes, `N` of them a sample from the most significant on, to cells in pixel order.
fn join<T: Copy + Default, const N: usize>(
    planes: &[u8],
    geometry: &Geometry,
    of_bytes: impl Fn([u8; N]) -> T,
) -> Vec<T> {
    let (pixels, samples) = (geometry.pixels(), geometry.samples);
    let mut cells = vec![T::default(); pixels * samples];
    for (sample, bytes) in planes.chunks_exact(pixels * N).enumerate() {
        let byte_planes: [&[u8]; N] = std::array::from_fn(|byte| &bytes[byte * pixels..(byte + 1) * pixels]);
        let cell_at = |pixel: usize| of_bytes(byte_planes.map(|plane| plane[pixel]));
        if samples == 1 {
            cells.iter_mut().enumerate().for_each(|(pixel, cell)| *cell = cell_at(pixel));
        } else {
            let places = cells[sample..].iter_mut().step_by(samples);
            places.enumerate().for_each(|(pixel, cell)| *cell = cell_at(pixel));
        }
    }
    cells
}

/// PackBits into exactly `plane`; what a last run has too many is dropped, as is padding.
fn unpack(segment: &[u8], plane: &mut [u8]) -> Result<(), Fault> {
    const SHORT: Fault = Fault::Damaged("an RLE segment ends before its plane is full");
    let (mut rest, mut places) = (segment, plane);
    while !places.is_empty() {
        let (&control, after) = rest.split_first().ok_or(SHORT)?;
        let filled = match control {
            0..=127 => {
                let (literal, after) = after.split_at_checked(usize::from(control) + 1).ok_or(SHORT)?;
                let count = literal.len().min(places.len());
                places[..count].copy_from_slice(&literal[..count]);
                rest = after;
                count
            }
            128 => {
                rest = after;
                0
            }
            129..=255 => {
                let (&byte, after) = after.split_first().ok_or(SHORT)?;
                let count = (257 - usize::from(control)).min(places.len());
                places[..count].fill(byte);
                rest = after;
                count
            }
        };
        places = &mut places[filled..];
    }
    Ok(())
}
