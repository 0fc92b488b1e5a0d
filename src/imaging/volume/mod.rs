//! A stack of parallel slices as one block of voxels.
//!
//! Index coordinates are (column, row, slice), 0,0,0 the centre of the first voxel. Where the slices lie in the
//! patient is [`places`]' matter: on an even grid, whose coordinates are those of the index, or each at its own
//! place.

mod places;
mod voxels;

pub use places::{Place, Places};
pub use voxels::Voxels;

use std::sync::Arc;

use glam::{DMat4, DVec3};
use rayon::prelude::*;

use super::pipeline::{GreyMapping, VoiCurve, default_window};
use super::{Frame, ImagingError, Preset};
use crate::dicom::Samples;
use crate::dicom::instance::{ModalityTransform, PixelPadding};

/// Voxels with their place in the patient and their meaning. Shared behind `Arc`, never changed.
#[derive(Debug)]
pub struct Volume {
    columns: u32,
    rows: u32,
    slices: u32,
    voxels: Voxels,
    rescale: Vec<Rescale>,
    unit: String,
    patient_from_grid: DMat4,
    grid_from_patient: DMat4,
    places: Option<Places>,
    spacing_mm: DVec3,
    padding: Option<PixelPadding>,
    grey: GreyMapping,
    presets: Vec<Preset>,
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
    /// or different, or two slices in one place; size, sample type, colour, unit or rescale unusable; fewer than two.
    pub fn from_slices(slices: &[Arc<Frame>]) -> Result<Self, ImagingError> {
        let (first, middle) = match slices {
            [first, .., _] => (first, &slices[slices.len() / 2]),
            _ => return Err(ImagingError::TooFewSlices { slices: slices.len() }),
        };
        let (patient_from_grid, places) = places::lie(slices)?;
        let rescale =
            slices.iter().enumerate().map(|(k, frame)| rescale(k, frame)).collect::<Result<_, _>>()?;
        let unit = unit(first).to_owned();
        if let Some(slice) = slices.iter().position(|frame| self::unit(frame) != unit) {
            return Err(ImagingError::UnitDiffers { slice });
        }
        let voxels = voxels::voxels(slices)?;
        let [column, row, slice] = [0, 1, 2].map(|axis| patient_from_grid.col(axis).truncate());
        let normal = column.cross(row).normalize();
        Ok(Self {
            columns: first.columns(),
            rows: first.rows(),
            slices: slices.len() as u32,
            voxels,
            rescale,
            padding: voxels::padding(slices),
            grey: default_grey(slices, middle, &unit),
            presets: middle.presets().to_vec(),
            unit,
            patient_from_grid,
            grid_from_patient: patient_from_grid.inverse(),
            places,
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

    /// The rescale of all slices, if they have one in common.
    pub fn one_rescale(&self) -> Option<Rescale> {
        let first = *self.rescale.first()?;
        self.rescale.iter().all(|line| *line == first).then_some(first)
    }

    /// The unit of modality values, as in `HU`, or empty.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Grid coordinates to patient mm. Where [`Self::places`] is `None` they are the index (column, row, slice).
    pub fn patient_from_grid(&self) -> &DMat4 {
        &self.patient_from_grid
    }

    /// Patient mm to grid coordinates.
    pub fn grid_from_patient(&self) -> &DMat4 {
        &self.grid_from_patient
    }

    /// Where the slices lie, if not on the grid.
    pub fn places(&self) -> Option<&Places> {
        self.places.as_ref()
    }

    /// The index position (column, row, slice) of a grid position; `None` where slices are missing.
    pub fn index(&self, grid: DVec3) -> Option<DVec3> {
        self.places.as_ref().map_or(Some(grid), |places| places.index(grid))
    }

    /// How far apart in grid coordinates samples may lie for none of the slices to be passed over.
    pub fn finest_grid_step(&self) -> DVec3 {
        DVec3::new(1.0, 1.0, self.places.as_ref().map_or(1.0, Places::finest_step))
    }

    /// Between columns, between rows, and between slices along their normal (the mean), mm.
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

    /// The middle of the grid (of two middles the later), patient mm: the centre of the middle voxel.
    pub fn middle_voxel_mm(&self) -> DVec3 {
        let middle = self.size().map(|n| f64::from(n / 2));
        self.patient_from_grid.transform_point3(DVec3::from_array(middle))
    }

    /// Corners of a box along the grid around all voxel centres, patient mm. Slices on the grid fill it.
    pub fn corners_mm(&self) -> [DVec3; 8] {
        let last = DVec3::from_array(self.size().map(|n| f64::from(n - 1)));
        let places = self.places.iter().flat_map(|places| places.slices());
        let (low, high) = places.fold((DVec3::ZERO, last), |(low, high), place| {
            let slice = DVec3::new(place.grid.x, place.grid.y, 0.0);
            (low.min(slice), high.max(slice + last))
        });
        std::array::from_fn(|corner| {
            let grid =
                std::array::from_fn(|axis| if corner >> axis & 1 == 1 { high[axis] } else { low[axis] });
            self.patient_from_grid.transform_point3(DVec3::from_array(grid))
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
