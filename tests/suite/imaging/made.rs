//! Small images and volumes whose every value is known.

use std::sync::Arc;

use dokuei::dicom::instance::{
    FrameAttributes, ImageModule, ModalityTransform, PixelPadding, PixelSpacing, PlanePosition,
    SpacingSource, Voi, VoiFunction,
};
use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{DecodedFrame, PixelFormat, Samples};
use dokuei::imaging::{Frame, GreyMapping, ImagingError, VoiCurve, Volume, Window};
use glam::DVec3;

/// An image module for one frame of grey or colour samples.
pub(crate) fn module(columns: u32, rows: u32, photometric: Photometric, samples: &Samples) -> ImageModule {
    let bits = match samples {
        Samples::U8(_) | Samples::I8(_) => 8,
        Samples::U16(_) | Samples::I16(_) => 16,
        Samples::U32(_) | Samples::I32(_) | Samples::F32(_) => 32,
        Samples::F64(_) => 64,
    };
    let colour = matches!(photometric, Photometric::Rgb | Photometric::YbrFull);
    ImageModule {
        format: PixelFormat {
            rows,
            columns,
            frames: 1,
            samples_per_pixel: if colour { 3 } else { 1 },
            bits_allocated: bits,
            bits_stored: bits,
            high_bit: bits - 1,
            signed: matches!(samples, Samples::I8(_) | Samples::I16(_) | Samples::I32(_)),
            photometric,
            planar: false,
            float: matches!(samples, Samples::F32(_) | Samples::F64(_)),
        },
        image_type: vec![],
        frames: vec![FrameAttributes::default()],
        palette: None,
        display: dokuei::dicom::display::DisplayAttributes::default(),
        padding: None,
        presentation_inverse: false,
        lossy: None,
        burned_in: false,
        ultrasound_regions: vec![],
        pixel_aspect: None,
        patient_orientation: None,
        laterality: String::new(),
        view_position: String::new(),
        stack_discriminators: vec![],
    }
}

/// The frame of a module and samples.
pub(crate) fn try_frame(image: &ImageModule, samples: Samples) -> Result<Frame, ImagingError> {
    let decoded = DecodedFrame {
        rows: image.format.rows,
        columns: image.format.columns,
        samples_per_pixel: image.format.samples_per_pixel,
        photometric: image.format.photometric.clone(),
        samples,
    };
    Frame::new(decoded, image, 0)
}

/// A MONOCHROME2 frame with changed attributes.
pub(crate) fn grey(
    columns: u32,
    rows: u32,
    samples: Samples,
    change: impl FnOnce(&mut ImageModule),
) -> Arc<Frame> {
    let mut image = module(columns, rows, Photometric::Monochrome2, &samples);
    change(&mut image);
    Arc::new(try_frame(&image, samples).unwrap())
}

/// A window in modality units.
pub(crate) fn window(center: f64, width: f64, function: VoiFunction) -> GreyMapping {
    GreyMapping { voi: VoiCurve::Window(Window::new(center, width, function).unwrap()), invert: false }
}

/// A window as an attribute.
pub(crate) fn voi(center: f64, width: f64) -> Voi {
    Voi::Window { center, width, function: VoiFunction::Linear, explanation: String::new() }
}

/// How the slices of a made stack lie.
#[derive(Clone)]
pub(crate) struct Stack {
    /// Columns, rows, slices.
    pub(crate) size: [u32; 3],
    pub(crate) origin_mm: DVec3,
    pub(crate) row_direction: DVec3,
    pub(crate) column_direction: DVec3,
    pub(crate) between_columns_mm: f64,
    pub(crate) between_rows_mm: f64,
    /// From a slice's first pixel to the next slice's.
    pub(crate) slice_step_mm: DVec3,
    /// Slope and intercept, slice by slice; the last holds for the rest.
    pub(crate) rescale: Vec<(f64, f64)>,
    pub(crate) signed: bool,
    pub(crate) padding: Option<PixelPadding>,
}

impl Stack {
    /// Axial slices, feet first, 0.7 x 0.9 x 2.5 mm.
    pub(crate) fn axial() -> Self {
        Self {
            size: [23, 17, 11],
            origin_mm: DVec3::new(-8.0, -7.0, 100.0),
            row_direction: DVec3::X,
            column_direction: DVec3::Y,
            between_columns_mm: 0.7,
            between_rows_mm: 0.9,
            slice_step_mm: DVec3::new(0.0, 0.0, 2.5),
            rescale: vec![(1.0, -1024.0)],
            signed: true,
            padding: None,
        }
    }

    /// A gantry tilt of 18.5 degrees: tilted slices that follow each other along the table.
    pub(crate) fn tilted() -> Self {
        let (sin, cos) = 18.5_f64.to_radians().sin_cos();
        Self { column_direction: DVec3::new(0.0, cos, -sin), ..Self::axial() }
    }

    /// Oblique slices, head first, with unsigned samples.
    pub(crate) fn oblique() -> Self {
        let row = DVec3::new(0.8, 0.36, -0.48);
        let column = DVec3::new(-0.6, 0.48, -0.64);
        Self {
            row_direction: row,
            column_direction: column,
            slice_step_mm: row.cross(column) * -3.0,
            rescale: vec![(0.5, -300.0)],
            signed: false,
            ..Self::axial()
        }
    }

    /// A PET: every slice has its own slope.
    pub(crate) fn pet() -> Self {
        let rescale = (0..11).map(|k| (0.25 + 0.11 * f64::from(k), 0.0)).collect();
        Self { rescale, signed: false, ..Self::axial() }
    }

    pub(crate) fn rescale(&self, slice: u32) -> (f64, f64) {
        *self.rescale.get(slice as usize).or(self.rescale.last()).unwrap()
    }

    /// Index (column, row, slice) to patient mm, from the definition.
    pub(crate) fn patient(&self, index: DVec3) -> DVec3 {
        self.origin_mm
            + self.row_direction * self.between_columns_mm * index.x
            + self.column_direction * self.between_rows_mm * index.y
            + self.slice_step_mm * index.z
    }

    /// The frames, with stored values from (column, row, slice).
    pub(crate) fn frames(&self, stored: impl Fn(i32, i32, i32) -> i32) -> Vec<Arc<Frame>> {
        (0..self.size[2]).map(|slice| self.frame(slice, &stored)).collect()
    }

    fn frame(&self, slice: u32, stored: &impl Fn(i32, i32, i32) -> i32) -> Arc<Frame> {
        let [columns, rows, _] = self.size.map(|n| n as i32);
        let values = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        let values = values.map(|(column, row)| stored(column, row, slice as i32));
        let samples = if self.signed {
            Samples::I16(values.map(|v| v as i16).collect())
        } else {
            Samples::U16(values.map(|v| v as u16).collect())
        };
        let (slope, intercept) = self.rescale(slice);
        grey(self.size[0], self.size[1], samples, |image| {
            image.padding = self.padding;
            image.frames[0] = FrameAttributes {
                plane: Some(PlanePosition {
                    origin_mm: self.origin_mm + self.slice_step_mm * f64::from(slice),
                    row_direction: self.row_direction,
                    column_direction: self.column_direction,
                }),
                spacing: Some(PixelSpacing {
                    between_rows_mm: self.between_rows_mm,
                    between_columns_mm: self.between_columns_mm,
                    source: SpacingSource::Patient,
                }),
                modality: ModalityTransform::Rescale { slope, intercept, unit: "HU".to_owned() },
                voi: vec![voi(40.0, 400.0)],
                ..FrameAttributes::default()
            };
        })
    }

    pub(crate) fn volume(&self, stored: impl Fn(i32, i32, i32) -> i32) -> Arc<Volume> {
        Arc::new(Volume::from_slices(&self.frames(stored)).unwrap())
    }
}

/// A stored ramp, linear in the index: trilinear interpolation gives [`ramp_at`] exactly.
pub(crate) fn ramp(column: i32, row: i32, slice: i32) -> i32 {
    900 + 13 * column - 7 * row + 29 * slice
}

/// The ramp between voxels.
pub(crate) fn ramp_at(index: DVec3) -> f64 {
    900.0 + 13.0 * index.x - 7.0 * index.y + 29.0 * index.z
}

/// Stored noise without any smoothness, in 0..`range`, the same on every run.
pub(crate) fn noise(range: u32) -> impl Fn(i32, i32, i32) -> i32 {
    move |column, row, slice| {
        let mut hash = (column as u32).wrapping_mul(0x9e37_79b1) ^ (row as u32).wrapping_mul(0x85eb_ca6b);
        hash = (hash ^ (slice as u32).wrapping_mul(0xc2b2_ae35)).wrapping_mul(0x27d4_eb2f);
        ((hash ^ (hash >> 15)).wrapping_mul(0x1656_67b1) >> 8) as i32 % range as i32
    }
}

/// A stack whose slices lie unevenly along their normal and slide to and fro, as a tilted gantry and a table that
/// was moved leave them.
pub(crate) fn uneven(stack: &Stack, stored: impl Fn(i32, i32, i32) -> i32) -> Arc<Volume> {
    let slices: Vec<_> = stack
        .frames(stored)
        .iter()
        .enumerate()
        .map(|(k, frame)| {
            let mut attributes = frame.attributes().clone();
            let k = k as f64;
            let along = stack.slice_step_mm * 0.35 * (1.7 * k).sin();
            attributes.plane.as_mut().unwrap().origin_mm += along + stack.row_direction * 0.8 * k.cos();
            grey(frame.columns(), frame.rows(), frame.samples().clone(), |image| {
                image.frames = vec![attributes];
            })
        })
        .collect();
    Arc::new(Volume::from_slices(&slices).unwrap())
}
