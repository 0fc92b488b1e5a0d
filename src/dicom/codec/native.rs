//! Unencapsulated pixel data: cut, unpack, put in row, column, sample order (PS3.5 8.1.1 and annex D).

use super::fault::Fault;
use super::geometry::Geometry;
use super::stored::{self, Cells};
use crate::dicom::pixel::Photometric;
use crate::dicom::{DecodedFrame, PixelFormat, Samples};

const SHORT: Fault = Fault::Damaged("the pixel data ends before the frame does");

/// The value of a native pixel data element.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    /// All frames in one run.
    pub(super) bytes: &'a [u8],
    /// Words have their most significant byte first.
    pub(super) big_endian: bool,
    /// The transfer syntax promised encapsulation: only a value of exactly the right length is believed.
    pub(super) whole: bool,
}

/// Samples of frame `frame`.
pub(super) fn decode(
    format: &PixelFormat,
    geometry: &Geometry,
    value: Value<'_>,
    frame: u32,
) -> Result<DecodedFrame, Fault> {
    let layout = Layout::of(format, geometry)?;
    if value.whole || layout.chroma_shared {
        check_length(format, geometry, &layout, value)?;
    }
    let first = u64::from(frame) * layout.cells as u64;
    let samples = if !format.float && format.bits_allocated == 64 {
        long_longs(format, cut(value.bytes, first, layout.cells, 64)?, value.big_endian)?
    } else if format.float {
        float(format, cut(value.bytes, first, layout.cells, format.bits_allocated)?, value.big_endian)
    } else {
        let cells = match format.bits_allocated {
            1 => Cells::U8(bits(value, first, layout.cells)?),
            8 => Cells::U8(octets(value, first, layout.cells)?),
            16 => Cells::U16(words(cut(value.bytes, first, layout.cells, 16)?, value.big_endian)),
            _ => Cells::U32(longs(cut(value.bytes, first, layout.cells, 32)?, value.big_endian)),
        };
        layout.arrange(cells, format, geometry).into_samples(format)
    };
    let photometric = if layout.chroma_shared { Photometric::YbrFull } else { format.photometric.clone() };
    Ok(stored::frame(geometry, photometric, samples))
}

/// Samples of a frame whose native bytes, and nothing else, are `bytes`: what a coding of bytes gives back, or
/// an encapsulated uncompressed frame (PS3.5 A.4.11).
pub(super) fn decode_alone(
    format: &PixelFormat,
    geometry: &Geometry,
    bytes: &[u8],
) -> Result<DecodedFrame, Fault> {
    let alone = PixelFormat { frames: 1, ..format.clone() };
    decode(&alone, geometry, Value { bytes, big_endian: false, whole: true }, 0)
}

/// Bytes of one frame that begins and ends at byte boundaries.
pub(super) fn frame_bytes(format: &PixelFormat, geometry: &Geometry) -> Result<usize, Fault> {
    let bits = Layout::of(format, geometry)?.cells as u64 * u64::from(format.bits_allocated);
    usize::try_from(bits.div_ceil(8)).map_err(|_| SHORT)
}

/// How the cells of a frame lie in the value.
struct Layout {
    /// Cells of one frame.
    cells: usize,
    /// Two pixels share one chrominance pair: Y1 Y2 CB CR (PS3.3 C.7.6.3.1.2, YBR_FULL_422).
    chroma_shared: bool,
}

impl Layout {
    fn of(format: &PixelFormat, geometry: &Geometry) -> Result<Self, Fault> {
        if let Photometric::Other(name) = &format.photometric
            && name.starts_with("YBR_PARTIAL")
        {
            // Other ranges and, in 420, other proportions than YBR_FULL_422: read as that they would be wrong colours,
            // and there is no program that is known to write them.
            return Err(Fault::Pixels(format!(
                "native {name}, which is of video or retired, PS3.3 C.7.6.3.1.2"
            )));
        }
        let chroma_shared = format.photometric == Photometric::YbrFull422 && geometry.samples == 3;
        if chroma_shared && (!geometry.columns.is_multiple_of(2) || format.planar || format.float) {
            return Err(Fault::Pixels("native YBR_FULL_422 with odd columns or colour by plane".to_owned()));
        }
        let cells = if chroma_shared { geometry.pixels() * 2 } else { geometry.sample_count() };
        Ok(Self { cells, chroma_shared })
    }

    fn arrange(&self, cells: Cells, format: &PixelFormat, geometry: &Geometry) -> Cells {
        if self.chroma_shared {
            return match cells {
                Cells::U8(cells) => Cells::U8(share_chroma(&cells)),
                Cells::U16(cells) => Cells::U16(share_chroma(&cells)),
                Cells::U32(cells) => Cells::U32(share_chroma(&cells)),
            };
        }
        if !format.planar || geometry.samples == 1 {
            return cells;
        }
        match cells {
            Cells::U8(cells) => Cells::U8(interleave(&cells, geometry.pixels())),
            Cells::U16(cells) => Cells::U16(interleave(&cells, geometry.pixels())),
            Cells::U32(cells) => Cells::U32(interleave(&cells, geometry.pixels())),
        }
    }
}

/// All frames and at most a padding byte, so that nothing else can be taken for pixels: neither a code stream,
/// nor YBR_FULL_422 whose chrominance is not shared after all.
fn check_length(
    format: &PixelFormat,
    geometry: &Geometry,
    layout: &Layout,
    value: Value<'_>,
) -> Result<(), Fault> {
    let bytes_of = |cells: usize| {
        let bits = u64::from(format.frames) * cells as u64 * u64::from(format.bits_allocated);
        bits.div_ceil(8).next_multiple_of(2)
    };
    let (there, needed) = ((value.bytes.len() as u64).next_multiple_of(2), bytes_of(layout.cells));
    let unshared = layout.chroma_shared && there == bytes_of(geometry.sample_count());
    if (value.whole && there != needed) || unshared {
        return Err(Fault::Contradicts { what: "bytes of pixel data", stream: there, dataset: needed });
    }
    Ok(())
}

/// The bytes of `count` cells of `width` bits (whole bytes) from cell `first`.
fn cut(bytes: &[u8], first: u64, count: usize, width: u16) -> Result<&[u8], Fault> {
    let width = usize::from(width / 8);
    let start = usize::try_from(first).ok().and_then(|first| first.checked_mul(width)).ok_or(SHORT)?;
    let end = count.checked_mul(width).and_then(|length| start.checked_add(length)).ok_or(SHORT)?;
    bytes.get(start..end).ok_or(SHORT)
}

/// 8-bit cells; in big-endian words (OW) the first of two is the low byte, hence the second in the file
/// (PS3.5 annex D).
fn octets(value: Value<'_>, first: u64, count: usize) -> Result<Vec<u8>, Fault> {
    if !value.big_endian {
        return Ok(cut(value.bytes, first, count, 8)?.to_vec());
    }
    let start = usize::try_from(first).map_err(|_| SHORT)?;
    let end = start.checked_add(count).ok_or(SHORT)?;
    if value.bytes.len() <= (end - 1) | 1 {
        return Err(SHORT);
    }
    Ok((start..end).map(|i| value.bytes[i ^ 1]).collect())
}

/// 1-bit cells, lowest bit first, frames not padded to bytes (PS3.5 8.1.1, annex D).
fn bits(value: Value<'_>, first: u64, count: usize) -> Result<Vec<u8>, Fault> {
    let end = first + count as u64;
    let (from, to) = (first / 8, end.div_ceil(8));
    let packed = octets(value, from, (to - from) as usize)?;
    let skip = (first % 8) as usize;
    Ok((skip..skip + count).map(|i| (packed[i / 8] >> (i % 8)) & 1).collect())
}

fn words(bytes: &[u8], big_endian: bool) -> Vec<u16> {
    let cells = bytes.as_chunks::<2>().0.iter().copied();
    if big_endian { cells.map(u16::from_be_bytes).collect() } else { cells.map(u16::from_le_bytes).collect() }
}

/// 32-bit cells. In Explicit VR Big Endian the whole cell is taken as big-endian, as real files and pydicom
/// have it; PS3.5 8.1.1 read to the letter (OW) would put the low 16-bit word first.
fn longs(bytes: &[u8], big_endian: bool) -> Vec<u32> {
    let cells = bytes.as_chunks::<4>().0.iter().copied();
    if big_endian { cells.map(u32::from_be_bytes).collect() } else { cells.map(u32::from_le_bytes).collect() }
}

/// 64-bit cells, of which no IOD knows: their numbers, as long as a double holds each exactly.
fn long_longs(format: &PixelFormat, bytes: &[u8], big_endian: bool) -> Result<Samples, Fault> {
    const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
    let up = 63 - u32::from(format.high_bit);
    let down = 64 - u32::from(format.bits_stored);
    let cells = bytes.as_chunks::<8>().0.iter().copied();
    let numbers = cells.map(|cell| {
        let cell = if big_endian { u64::from_be_bytes(cell) } else { u64::from_le_bytes(cell) } << up;
        let (size, number) = if format.signed {
            let number = cell as i64 >> down;
            (number.unsigned_abs(), number as f64)
        } else {
            (cell >> down, (cell >> down) as f64)
        };
        (size <= EXACT).then_some(number)
    });
    let numbers: Option<Vec<f64>> = numbers.collect();
    numbers.map(Samples::F64).ok_or_else(|| Fault::Pixels("integers beyond 53 bits".to_owned()))
}

/// Float Pixel Data (OF) or Double Float Pixel Data (OD), PS3.3 C.7.6.24 and C.7.6.25.
fn float(format: &PixelFormat, bytes: &[u8], big_endian: bool) -> Samples {
    if format.bits_allocated == 32 {
        return Samples::F32(longs(bytes, big_endian).into_iter().map(f32::from_bits).collect());
    }
    let cells = bytes.as_chunks::<8>().0.iter().copied();
    Samples::F64(if big_endian {
        cells.map(f64::from_be_bytes).collect()
    } else {
        cells.map(f64::from_le_bytes).collect()
    })
}

/// Plane by plane (Planar Configuration 1) to pixel by pixel.
fn interleave<T: Copy>(planes: &[T], pixels: usize) -> Vec<T> {
    (0..planes.len()).map(|i| planes[(i % 3) * pixels + i / 3]).collect()
}

/// Y1 Y2 CB CR to Y1 CB CR, Y2 CB CR.
fn share_chroma<T: Copy>(cells: &[T]) -> Vec<T> {
    cells.as_chunks::<4>().0.iter().flat_map(|&[y1, y2, cb, cr]| [y1, cb, cr, y2, cb, cr]).collect()
}
