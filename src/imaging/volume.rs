//! A stack of parallel, evenly spaced slices as one block of voxels.
//!
//! Index coordinates are (column, row, slice), 0,0,0 the centre of the first voxel. The matrix between index
//! and patient is a general affine one: a tilted gantry, whose slices slide along each other, is a sheared
//! block and needs nothing special.

use std::sync::Arc;

use glam::{DMat4, DVec3};
use rayon::prelude::*;

use super::pipeline::{GreyMapping, VoiCurve, default_window, table_value};
use super::stacking::patient_from_index;
use super::{Colours, Frame, ImagingError, Preset};
use crate::dicom::Samples;
use crate::dicom::instance::{LookupTable, ModalityTransform, PixelPadding};

/// Voxels with their place in the patient and their meaning. Shared behind `Arc`, never changed.
#[derive(Debug)]
pub struct Volume {
    columns: u32,
    rows: u32,
    slices: u32,
    voxels: Voxels,
    rescale: Vec<Rescale>,
    unit: String,
    patient_from_index: DMat4,
    index_from_patient: DMat4,
    spacing_mm: DVec3,
    padding: Option<PixelPadding>,
    grey: GreyMapping,
    presets: Vec<Preset>,
}

/// Stored values, slice by slice, row by row. 8-bit samples are widened; a modality table is already applied.
#[derive(Clone, PartialEq, Eq)]
pub enum Voxels {
    /// Unsigned.
    U16(Vec<u16>),
    /// Signed.
    I16(Vec<i16>),
}

impl std::fmt::Debug for Voxels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::U16(v) => write!(f, "U16({})", v.len()),
            Self::I16(v) => write!(f, "I16({})", v.len()),
        }
    }
}

/// Modality value = slope x stored + intercept, for one slice: PET slopes differ from slice to slice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rescale {
    /// Rescale Slope.
    pub slope: f64,
    /// Rescale Intercept.
    pub intercept: f64,
}

impl Volume {
    /// A volume from the frames of one stack, sorted along it in either direction.
    ///
    /// # Errors
    /// The [`ImagingError`] that says which slice keeps the stack from being a volume: geometry unknown,
    /// different or not evenly spaced; size, sample type, colour, unit or rescale unusable; fewer than two.
    pub fn from_slices(slices: &[Arc<Frame>]) -> Result<Self, ImagingError> {
        let (first, middle) = match slices {
            [first, .., _] => (first, &slices[slices.len() / 2]),
            _ => return Err(ImagingError::TooFewSlices { slices: slices.len() }),
        };
        let patient_from_index = patient_from_index(slices)?;
        let rescale =
            slices.iter().enumerate().map(|(k, frame)| rescale(k, frame)).collect::<Result<_, _>>()?;
        let unit = unit(first).to_owned();
        if let Some(slice) = slices.iter().position(|frame| self::unit(frame) != unit) {
            return Err(ImagingError::UnitDiffers { slice });
        }
        let voxels = voxels(slices)?;
        let [column, row, slice] = [0, 1, 2].map(|axis| patient_from_index.col(axis).truncate());
        let normal = column.cross(row).normalize();
        Ok(Self {
            columns: first.columns(),
            rows: first.rows(),
            slices: slices.len() as u32,
            voxels,
            rescale,
            padding: padding(slices),
            grey: default_grey(slices, middle, &unit),
            presets: middle.presets().to_vec(),
            unit,
            patient_from_index,
            index_from_patient: patient_from_index.inverse(),
            spacing_mm: DVec3::new(column.length(), row.length(), slice.dot(normal).abs()),
        })
    }

    /// Columns, rows and slices.
    pub fn size(&self) -> [u32; 3] {
        [self.columns, self.rows, self.slices]
    }

    /// Stored values.
    pub fn voxels(&self) -> &Voxels {
        &self.voxels
    }

    /// Rescale, slice by slice.
    pub fn rescale(&self) -> &[Rescale] {
        &self.rescale
    }

    /// The unit of modality values, as in `HU`, or empty.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Index (column, row, slice) to patient mm.
    pub fn patient_from_index(&self) -> &DMat4 {
        &self.patient_from_index
    }

    /// Patient mm to index.
    pub fn index_from_patient(&self) -> &DMat4 {
        &self.index_from_patient
    }

    /// Between columns, between rows, and between slices along their normal, mm.
    pub fn spacing_mm(&self) -> DVec3 {
        self.spacing_mm
    }

    /// How planes of the volume are shown until the reader changes it: the first usable VOI of the middle
    /// slice, else [`default_window`].
    pub fn default_grey(&self) -> &GreyMapping {
        &self.grey
    }

    /// Stored values that are no data (PS3.3 C.7.5.1.1.2): what all slices call padding.
    pub fn padding(&self) -> Option<PixelPadding> {
        self.padding
    }

    /// The windows and tables of the middle slice, in the order given.
    pub fn presets(&self) -> &[Preset] {
        &self.presets
    }

    /// How planes are shown by the middle slice's own window or table at `place` (from 0); by its first where it has
    /// fewer.
    pub fn preset_grey(&self, place: usize) -> GreyMapping {
        match Preset::at(&self.presets, place) {
            Some(preset) => GreyMapping { voi: preset.voi.clone(), invert: self.grey.invert },
            None => self.grey.clone(),
        }
    }

    /// Memory held by the voxels, bytes.
    pub fn bytes(&self) -> usize {
        2 * self.columns as usize * self.rows as usize * self.slices as usize
    }

    /// The centre of the middle voxel (the later of two), patient mm.
    pub fn middle_voxel_mm(&self) -> DVec3 {
        let middle = self.size().map(|n| f64::from(n / 2));
        self.patient_from_index.transform_point3(DVec3::from_array(middle))
    }

    /// The centres of the eight corner voxels, patient mm.
    pub fn corners_mm(&self) -> [DVec3; 8] {
        let last = self.size().map(|n| f64::from(n - 1));
        std::array::from_fn(|corner| {
            let index = std::array::from_fn(|axis| if corner >> axis & 1 == 1 { last[axis] } else { 0.0 });
            self.patient_from_index.transform_point3(DVec3::from_array(index))
        })
    }
}

fn rescale(slice: usize, frame: &Frame) -> Result<Rescale, ImagingError> {
    match &frame.attributes().modality {
        ModalityTransform::Identity | ModalityTransform::Table(_) => {
            Ok(Rescale { slope: 1.0, intercept: 0.0 })
        }
        ModalityTransform::Rescale { slope, intercept, .. } => {
            Ok(Rescale { slope: *slope, intercept: *intercept })
        }
        ModalityTransform::Broken => Err(ImagingError::RescaleUnusable { slice }),
    }
}

fn unit(frame: &Frame) -> &str {
    match &frame.attributes().modality {
        ModalityTransform::Rescale { unit, .. } => unit,
        ModalityTransform::Table(table) => &table.explanation,
        ModalityTransform::Identity | ModalityTransform::Broken => "",
    }
}

fn table(frame: &Frame) -> Option<&LookupTable> {
    match &frame.attributes().modality {
        ModalityTransform::Table(table) => Some(table),
        _ => None,
    }
}

/// All slices' samples in one block; the first slice decides the sign.
fn voxels(slices: &[Arc<Frame>]) -> Result<Voxels, ImagingError> {
    let signed = |frame: &Frame| match frame.samples() {
        _ if table(frame).is_some() => Some(false),
        Samples::U8(_) | Samples::U16(_) => Some(false),
        Samples::I8(_) | Samples::I16(_) => Some(true),
        _ => None,
    };
    let kind = signed(&slices[0]).ok_or(ImagingError::UnsupportedVoxels { slice: 0 })?;
    for (slice, frame) in slices.iter().enumerate() {
        if *frame.colours() != Colours::Grey {
            return Err(ImagingError::NotMonochrome { slice });
        }
        if signed(frame) != Some(kind) {
            return Err(ImagingError::UnsupportedVoxels { slice });
        }
    }
    let per_slice = slices[0].samples().len();
    Ok(if kind {
        let mut block = vec![0_i16; per_slice * slices.len()];
        block.par_chunks_mut(per_slice).zip(slices).for_each(|(to, frame)| copy_signed(to, frame.samples()));
        Voxels::I16(block)
    } else {
        let mut block = vec![0_u16; per_slice * slices.len()];
        block.par_chunks_mut(per_slice).zip(slices).for_each(|(to, frame)| match table(frame) {
            Some(table) => copy_through(to, frame.samples(), table),
            None => copy_unsigned(to, frame.samples()),
        });
        Voxels::U16(block)
    })
}

fn copy_signed(to: &mut [i16], samples: &Samples) {
    match samples {
        Samples::I16(from) => to.copy_from_slice(from),
        Samples::I8(from) => to.iter_mut().zip(from).for_each(|(to, &from)| *to = i16::from(from)),
        _ => unreachable!("voxels() lets only signed samples of up to 16 bits through"),
    }
}

fn copy_unsigned(to: &mut [u16], samples: &Samples) {
    match samples {
        Samples::U16(from) => to.copy_from_slice(from),
        Samples::U8(from) => to.iter_mut().zip(from).for_each(|(to, &from)| *to = u16::from(from)),
        _ => unreachable!("voxels() lets only unsigned samples of up to 16 bits through"),
    }
}

/// Modality values of a table are its entries, which are unsigned and at most 16 bits wide (PS3.3 C.11.1.1.1).
fn copy_through(to: &mut [u16], samples: &Samples, table: &LookupTable) {
    for (i, to) in to.iter_mut().enumerate() {
        *to = table_value(table, samples.get(i)).unwrap_or(0.0) as u16;
    }
}

/// The padding that all slices have in common. Where a modality table has been applied the stored values are gone, and
/// none can be told.
fn padding(slices: &[Arc<Frame>]) -> Option<PixelPadding> {
    let common = slices.first().and_then(|frame| frame.padding());
    let same = |frame: &Arc<Frame>| frame.padding() == common && table(frame).is_none();
    common.filter(|_| slices.iter().all(same))
}

fn default_grey(slices: &[Arc<Frame>], middle: &Frame, unit: &str) -> GreyMapping {
    let given = middle.presets().first().map(|preset| preset.voi.clone());
    let voi = given.unwrap_or_else(|| {
        let already_grey = matches!(middle.samples(), Samples::U8(_))
            && middle.bits_stored() == 8
            && middle.attributes().modality == ModalityTransform::Identity;
        let range = if unit == "HU" || already_grey { None } else { range(slices) };
        VoiCurve::Window(default_window(unit, already_grey, range.unwrap_or((0.0, 1.0))))
    });
    GreyMapping { voi, invert: middle.invert() }
}

fn range(slices: &[Arc<Frame>]) -> Option<(f64, f64)> {
    let wider = |a: (f64, f64), b: (f64, f64)| (a.0.min(b.0), a.1.max(b.1));
    slices.par_iter().filter_map(|frame| frame.range()).reduce_with(wider)
}
