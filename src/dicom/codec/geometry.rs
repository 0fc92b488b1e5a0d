//! The Image Pixel module, checked once: sizes that arithmetic and memory can rely on (PS3.3 C.7.6.3).

use super::fault::Fault;
use crate::dicom::PixelFormat;

/// The most samples of one encapsulated frame. The largest radiographs have 2^25; a decoder's working memory
/// is up to fifteen bytes a sample (JPEG 2000, measured).
const MAX_SAMPLES: usize = 1 << 28;

/// Up to this many samples a code stream may be as short as it likes: a black JPEG 2000 frame of any size is a
/// hundred bytes. Decoding them takes less than 256 MiB.
const FREE_SAMPLES: usize = 15 << 20;

/// Beyond [`FREE_SAMPLES`], samples for one byte of code stream at most: no file of 1 MiB costs 256 MiB. Frames of
/// 12 bits that are larger are compressed 1:20 at most.
const SAMPLES_PER_BYTE: usize = 15;

/// Checked sizes of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Geometry {
    /// Rows, 1 to 65535.
    pub(super) rows: usize,
    /// Columns, 1 to 65535.
    pub(super) columns: usize,
    /// Samples of a pixel, 1 or 3.
    pub(super) samples: usize,
}

impl Geometry {
    /// Checks the size, the sample count and the bit fields of `format`.
    pub(super) fn check(format: &PixelFormat) -> Result<Self, Fault> {
        let side = |n: u32| (1..=65_535).contains(&n).then_some(n as usize);
        let (Some(rows), Some(columns)) = (side(format.rows), side(format.columns)) else {
            return Err(Fault::Pixels(format!("{} x {} pixels", format.rows, format.columns)));
        };
        if !matches!(format.samples_per_pixel, 1 | 3) {
            return Err(Fault::Pixels(format!("{} samples a pixel", format.samples_per_pixel)));
        }
        check_bits(format)?;
        Ok(Self { rows, columns, samples: usize::from(format.samples_per_pixel) })
    }

    /// Pixels of a frame; fits, since both sides are 16-bit numbers.
    pub(super) fn pixels(&self) -> usize {
        self.rows * self.columns
    }

    /// Samples of a frame.
    pub(super) fn sample_count(&self) -> usize {
        self.pixels() * self.samples
    }

    /// Refuses a frame so large that decoding `stream_bytes` of code stream is not worth the memory.
    pub(super) fn check_decodable(&self, stream_bytes: usize) -> Result<(), Fault> {
        let samples = self.sample_count();
        if samples > MAX_SAMPLES {
            return Err(Fault::Pixels(format!("a compressed frame of {samples} samples")));
        }
        if samples > FREE_SAMPLES && samples.div_ceil(SAMPLES_PER_BYTE) > stream_bytes {
            return Err(Fault::Damaged("code stream too short for a frame of this size"));
        }
        Ok(())
    }
}

/// Bits Allocated, Bits Stored and High Bit must describe a cell that holds the sample (PS3.5 8.1.1).
fn check_bits(format: &PixelFormat) -> Result<(), Fault> {
    let allocated = format.bits_allocated;
    let possible =
        if format.float { matches!(allocated, 32 | 64) } else { matches!(allocated, 1 | 8 | 16 | 32 | 64) };
    if !possible {
        let kind = if format.float { "float" } else { "integer" };
        return Err(Fault::Pixels(format!("{kind} samples with {allocated} bits allocated")));
    }
    let (stored, high) = (format.bits_stored, format.high_bit);
    let consistent = (1..=allocated).contains(&stored) && (stored - 1..allocated).contains(&high);
    if !format.float && allocated > 1 && !consistent {
        return Err(Fault::Pixels(format!("{stored} bits stored, high bit {high} of {allocated} allocated")));
    }
    if matches!(allocated, 1 | 64) && format.samples_per_pixel != 1 {
        return Err(Fault::Pixels(format!("{allocated}-bit colour")));
    }
    Ok(())
}
