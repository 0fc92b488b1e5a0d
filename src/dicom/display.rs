//! What an image brings for its display beside its grey or colour values: overlays, shutters, a colour profile.

use bytes::Bytes;

use super::pixel::PixelData;

/// Display attributes that hold for the whole instance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DisplayAttributes {
    /// Overlay planes (PS3.3 C.9.2) in the order of their groups.
    pub overlays: Vec<Overlay>,
    /// ICC Profile (0028,2000) of colour samples (PS3.3 C.11.15), as it was given.
    pub icc_profile: Option<Bytes>,
}

/// One overlay plane (PS3.3 C.9.2, C.9.3): a bit a pixel, for one frame or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// Its group, 6000 to 601E (hexadecimal).
    pub group: u16,
    /// What its bits mean.
    pub kind: OverlayKind,
    /// Overlay Label, else Overlay Description, or empty.
    pub label: String,
    /// Rows of the plane.
    pub rows: u32,
    /// Columns of the plane.
    pub columns: u32,
    /// Row and column of the image, from 0, on which its first bit lies; may be outside.
    pub origin: [i32; 2],
    /// First image frame (from 0) it belongs to.
    pub first_frame: u32,
    /// Frames of the plane; 0 is one that belongs to every frame of the image.
    pub frames: u32,
    /// Where its bits are.
    pub data: OverlayData,
}

/// Overlay Type (60xx,0040).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverlayKind {
    /// `G`: text, lines, marks.
    Graphics,
    /// `R`: a region of interest.
    Region,
}

/// The bits of an overlay.
#[derive(Clone, PartialEq, Eq)]
pub enum OverlayData {
    /// Row by row, frame by frame, lowest bit of a byte first, nothing padded (PS3.5 8.1.2).
    Packed(Bytes),
    /// One of the unused bits of the pixel cells (retired, in archives all the same).
    InPixels {
        /// The bit, 0 the lowest.
        bit: u16,
    },
}

impl std::fmt::Debug for OverlayData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Packed(bytes) => write!(f, "Packed({} bytes)", bytes.len()),
            Self::InPixels { bit } => write!(f, "InPixels({bit})"),
        }
    }
}

impl Overlay {
    /// The bits for image frame `frame` (from 0) as (row, column) of the image, from 0; those that lie outside of
    /// an image of `rows` x `columns` are left out. Nothing for a frame that the overlay does not belong to.
    pub fn set_pixels(&self, frame: u32, rows: u32, columns: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let plane = u64::from(self.rows) * u64::from(self.columns);
        let of_plane = match self.frames {
            0 => Some(0),
            frames => frame.checked_sub(self.first_frame).filter(|n| *n < frames),
        };
        let bytes: &[u8] = match &self.data {
            OverlayData::Packed(bytes) => bytes,
            OverlayData::InPixels { .. } => &[],
        };
        let first = of_plane.map(|n| u64::from(n) * plane);
        let is_set = move |bit: u64| {
            let byte = usize::try_from(bit / 8).ok().and_then(|byte| bytes.get(byte));
            byte.is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
        };
        let inside = move |at: u32, origin: i32, side: u32| {
            u32::try_from(i64::from(at) + i64::from(origin)).ok().filter(|at| *at < side)
        };
        let lines =
            (0..self.rows).filter_map(move |row| Some((row, inside(row, self.origin[0], rows)?, first?)));
        lines.flat_map(move |(row, image_row, first)| {
            let start = first + u64::from(row) * u64::from(self.columns);
            (0..self.columns).filter_map(move |column| {
                let image_column = inside(column, self.origin[1], columns)?;
                is_set(start + u64::from(column)).then_some((image_row, image_column))
            })
        })
    }

    /// Takes bit `bit` out of the cells of native pixel data and packs it; `None` for pixel data that has no such
    /// cells (encapsulated, colour) or too few of them.
    pub(super) fn take_from_pixels(&mut self, pixels: &PixelData, bits_allocated: u16) -> Option<()> {
        let OverlayData::InPixels { bit } = self.data else { return Some(()) };
        let PixelData::Native { value, big_endian } = pixels else { return None };
        let width = usize::from(bits_allocated / 8);
        let cells = u64::from(self.rows) * u64::from(self.columns) * u64::from(self.frames.max(1));
        let cells = usize::try_from(cells).ok().filter(|cells| {
            matches!(width, 1 | 2 | 4) && cells.checked_mul(width).is_some_and(|n| n <= value.len())
        })?;
        // The byte of a cell that holds the bit.
        let place = usize::from(bit / 8);
        let place = if *big_endian { width.checked_sub(place + 1)? } else { place };
        let one = |cell: usize| value[cell * width + place] >> (bit % 8) & 1;
        let packed = (0..cells.div_ceil(8))
            .map(|byte| (0..8.min(cells - 8 * byte)).fold(0, |bits, n| bits | one(8 * byte + n) << n));
        self.data = OverlayData::Packed(packed.collect::<Vec<u8>>().into());
        Some(())
    }
}

/// What is left visible of a frame (PS3.3 C.7.6.11, C.7.6.15). Rows and columns count from 1, the centre of the
/// first pixel is 1,1. Where several shapes are given, what lies in all of them is visible.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shutter {
    /// Left, top, right and bottom edge: the outermost visible columns and rows.
    pub rectangle: Option<[i32; 4]>,
    /// Row and column of the centre, and the radius in pixels.
    pub circle: Option<([i32; 2], u32)>,
    /// Row and column of each corner; at least three.
    pub polygon: Option<Vec<[i32; 2]>>,
    /// Group of the overlay whose bits hide.
    pub bitmap: Option<u16>,
    /// Shutter Presentation Value in P-Values, 0 black to 65535 white.
    pub presentation: Option<u16>,
    /// Shutter Presentation Color CIELab Value, as encoded (PS3.3 C.10.7.1.1): for colour images.
    pub presentation_lab: Option<[u16; 3]>,
}

/// A map from stored values to real-world values (PS3.3 C.7.6.16.2.11).
#[derive(Debug, Clone, PartialEq)]
pub struct RealWorldMap {
    /// LUT Label, a short name that tells maps apart.
    pub label: String,
    /// The unit: the code value of Measurement Units Code Sequence, in UCUM, as in `g/ml{SUVbw}`.
    pub unit: String,
    /// The meaning of that code, as in `Standardized Uptake Value body weight`.
    pub unit_meaning: String,
    /// First and last stored value mapped; others have no value.
    pub range: [f64; 2],
    /// How they are mapped.
    pub values: RealWorldValues,
}

/// The two forms of a [`RealWorldMap`].
#[derive(Debug, Clone, PartialEq)]
pub enum RealWorldValues {
    /// value = slope x stored + intercept.
    Linear {
        /// Real World Value Slope.
        slope: f64,
        /// Real World Value Intercept.
        intercept: f64,
    },
    /// One value for each stored value of the range.
    Table(Vec<f64>),
}

impl RealWorldMap {
    /// What its values are called: its label, else the meaning of its unit.
    pub fn name(&self) -> &str {
        if self.label.is_empty() { &self.unit_meaning } else { &self.label }
    }

    /// The real-world value of a stored value; `None` outside the range.
    pub fn value(&self, stored: f64) -> Option<f64> {
        if !(stored >= self.range[0] && stored <= self.range[1]) {
            return None;
        }
        match &self.values {
            RealWorldValues::Linear { slope, intercept } => Some(slope * stored + intercept),
            RealWorldValues::Table(entries) =>
            {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
                entries.get((stored - self.range[0]) as usize).copied()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlay(data: OverlayData) -> Overlay {
        Overlay {
            group: 0x6000,
            kind: OverlayKind::Graphics,
            label: String::new(),
            rows: 2,
            columns: 3,
            origin: [0, 0],
            first_frame: 0,
            frames: 0,
            data,
        }
    }

    fn packed(bits: &[u8]) -> OverlayData {
        OverlayData::Packed(Bytes::copy_from_slice(bits))
    }

    #[test]
    fn bits_run_on_over_rows_and_frames_without_padding() {
        let all = |overlay: &Overlay, frame| overlay.set_pixels(frame, 2, 3).collect::<Vec<_>>();
        let one = overlay(packed(&[0b10_1001]));
        assert_eq!(all(&one, 0), [(0, 0), (1, 0), (1, 2)]);
        assert_eq!(all(&one, 7), all(&one, 0));
        // Two frames of six bits from image frame 1 on: the second starts in the middle of the first byte.
        let two = Overlay { frames: 2, first_frame: 1, ..overlay(packed(&[0b1100_0001, 0b0000_1000])) };
        assert_eq!(all(&two, 0), []);
        assert_eq!(all(&two, 1), [(0, 0)]);
        assert_eq!(all(&two, 2), [(0, 0), (0, 1), (1, 2)]);
        assert_eq!(all(&two, 3), []);
    }

    #[test]
    fn what_lies_outside_the_image_is_left_out() {
        let moved = Overlay { origin: [-1, 2], ..overlay(packed(&[0xff])) };
        assert_eq!(moved.set_pixels(0, 2, 3).collect::<Vec<_>>(), [(0, 2)]);
        let short = Overlay { rows: 60_000, columns: 60_000, ..overlay(packed(&[1])) };
        assert_eq!(short.set_pixels(0, 2, 2).collect::<Vec<_>>(), [(0, 0)]);
    }

    #[test]
    fn unused_bits_of_pixel_cells_are_taken_in_either_byte_order() {
        let cells: Vec<u16> = vec![0x8fff, 0x0fff, 0x0000, 0xc000, 0x7fff, 0x8000];
        for big_endian in [false, true] {
            let bytes = |cell: &u16| if big_endian { cell.to_be_bytes() } else { cell.to_le_bytes() };
            let value: Vec<u8> = cells.iter().flat_map(bytes).collect();
            let pixels = PixelData::Native { value: value.into(), big_endian };
            let mut top = overlay(OverlayData::InPixels { bit: 15 });
            assert_eq!(top.take_from_pixels(&pixels, 16), Some(()));
            assert_eq!(top.set_pixels(0, 2, 3).collect::<Vec<_>>(), [(0, 0), (1, 0), (1, 2)]);
            let mut larger = Overlay { rows: 3, ..overlay(OverlayData::InPixels { bit: 15 }) };
            assert_eq!(larger.take_from_pixels(&pixels, 16), None);
        }
    }

    #[test]
    fn real_world_values_are_given_in_their_range_only() {
        let map = |range, values| RealWorldMap {
            label: String::new(),
            unit: String::new(),
            unit_meaning: String::new(),
            range,
            values,
        };
        let linear = map([0.0, 10.0], RealWorldValues::Linear { slope: 2.0, intercept: -1.0 });
        assert_eq!([-1.0, 0.0, 10.0, 11.0].map(|v| linear.value(v)), [None, Some(-1.0), Some(19.0), None]);
        let table = map([-1.0, 1.0], RealWorldValues::Table(vec![0.5, 0.25, 4.0]));
        assert_eq!([-2.0, -1.0, 1.0].map(|v| table.value(v)), [None, Some(0.5), Some(4.0)]);
        assert_eq!(linear.value(f64::NAN), None);
    }
}
