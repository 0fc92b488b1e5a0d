//! From cells (Bits Allocated) to samples (Bits Stored, High Bit, Pixel Representation; PS3.5 8.1.1).

use super::fault::Fault;
use super::geometry::Geometry;
use crate::dicom::pixel::Photometric;
use crate::dicom::{DecodedFrame, PixelFormat, Samples};

/// Unsigned cells of a frame in row, column, sample order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cells {
    /// 1 or 8 bits allocated.
    U8(Vec<u8>),
    /// 16 bits allocated.
    U16(Vec<u16>),
    /// 32 bits allocated.
    U32(Vec<u32>),
}

impl Cells {
    /// Cells of the size that `bits_allocated` asks for, from 16-bit code values.
    pub(super) fn widen(values: Vec<u16>, bits_allocated: u16) -> Result<Self, Fault> {
        match bits_allocated {
            8 => Ok(Self::U8(values.into_iter().map(|v| v as u8).collect())),
            16 => Ok(Self::U16(values)),
            32 => Ok(Self::U32(values.into_iter().map(u32::from).collect())),
            other => Err(Fault::Pixels(format!("a code stream with {other} bits allocated"))),
        }
    }

    /// The samples: `bits_stored` bits of each cell below and at `high_bit`, sign extended if signed.
    /// [`Geometry::check`] has seen to it that these bits lie within the cell.
    pub(super) fn into_samples(self, format: &PixelFormat) -> Samples {
        if format.bits_allocated == 1 {
            return match self {
                Self::U8(cells) => Samples::U8(cells),
                Self::U16(cells) => Samples::U16(cells),
                Self::U32(cells) => Samples::U32(cells),
            };
        }
        let (allocated, bits) = (u32::from(format.bits_allocated), u32::from(format.bits_stored));
        let up = allocated - u32::from(format.high_bit) - 1;
        let down = allocated - bits;
        match (self, format.signed) {
            (Self::U8(cells), false) => Samples::U8(each(cells, bits == 8, |c| (c << up) >> down)),
            (Self::U16(cells), false) => Samples::U16(each(cells, bits == 16, |c| (c << up) >> down)),
            (Self::U32(cells), false) => Samples::U32(each(cells, bits == 32, |c| (c << up) >> down)),
            (Self::U8(cells), true) => {
                Samples::I8(cells.into_iter().map(|c| ((c << up) as i8) >> down).collect())
            }
            (Self::U16(cells), true) => {
                Samples::I16(cells.into_iter().map(|c| ((c << up) as i16) >> down).collect())
            }
            (Self::U32(cells), true) => {
                Samples::I32(cells.into_iter().map(|c| ((c << up) as i32) >> down).collect())
            }
        }
    }
}

/// Changes every cell in place, unless they are all sample already.
fn each<T: Copy>(mut cells: Vec<T>, whole: bool, take: impl Fn(T) -> T) -> Vec<T> {
    if !whole {
        cells.iter_mut().for_each(|cell| *cell = take(*cell));
    }
    cells
}

/// A code stream holds the sample itself, not the cell: its lowest bit is bit 0 whatever High Bit says.
pub(super) fn of_codestream(format: &PixelFormat) -> PixelFormat {
    PixelFormat { high_bit: format.bits_stored.saturating_sub(1), ..format.clone() }
}

/// The decoded frame, once the samples are there.
pub(super) fn frame(geometry: &Geometry, photometric: Photometric, samples: Samples) -> DecodedFrame {
    DecodedFrame {
        rows: geometry.rows as u32,
        columns: geometry.columns as u32,
        samples_per_pixel: geometry.samples as u16,
        photometric,
        samples,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(bits_allocated: u16, bits_stored: u16, high_bit: u16, signed: bool) -> PixelFormat {
        PixelFormat {
            rows: 1,
            columns: 1,
            frames: 1,
            samples_per_pixel: 1,
            bits_allocated,
            bits_stored,
            high_bit,
            signed,
            photometric: Photometric::Monochrome2,
            planar: false,
            float: false,
        }
    }

    #[test]
    fn bits_outside_the_sample_are_removed_and_the_sign_is_extended() {
        for (cell, bits_stored, high_bit, signed, expected) in [
            (0xFABC_u16, 12, 11, false, 0xABC as f64),
            (0xFABC, 12, 11, true, -1348.0),
            (0xABCF, 12, 15, false, 0xABC as f64),
            (0xABCF, 12, 15, true, -1348.0),
            (0xFFFF, 16, 15, true, -1.0),
            (0xFFFF, 16, 15, false, 65_535.0),
            (0x0010, 1, 4, false, 1.0),
            (0x0010, 1, 4, true, -1.0),
        ] {
            let samples = Cells::U16(vec![cell]).into_samples(&format(16, bits_stored, high_bit, signed));
            assert_eq!(samples.get(0), expected, "{cell:#x} {bits_stored} {high_bit} {signed}");
        }
        assert_eq!(Cells::U8(vec![0xF5]).into_samples(&format(8, 7, 6, false)).get(0), 117.0);
        assert_eq!(
            Cells::U32(vec![0x8000_0000]).into_samples(&format(32, 32, 31, true)).get(0),
            -2_147_483_648.0
        );
    }
}
