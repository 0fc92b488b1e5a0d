//! Planes and slabs in the grid of a volume.

mod line;
mod rows;

pub(super) use rows::PlaneRows;

use glam::DVec3;

use super::{ImagingError, Interpolation, Plane, Volume, sample_volume};

/// Several samples along the normal of a plane for each pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slab {
    thickness_mm: f64,
    mode: SlabMode,
}

/// What a slab shows of its samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlabMode {
    /// The highest (maximum intensity projection).
    Mip,
    /// The lowest.
    MinIp,
    /// The arithmetic mean.
    Mean,
}

impl Slab {
    /// A slab of `thickness_mm`, half of it on each side of the plane.
    ///
    /// # Errors
    /// [`ImagingError::BadSlab`] for a thickness that is negative or not finite.
    pub fn new(thickness_mm: f64, mode: SlabMode) -> Result<Self, ImagingError> {
        if thickness_mm.is_finite() && thickness_mm >= 0.0 {
            Ok(Self { thickness_mm, mode })
        } else {
            Err(ImagingError::BadSlab { thickness_mm })
        }
    }

    /// Thickness, mm.
    pub fn thickness_mm(&self) -> f64 {
        self.thickness_mm
    }

    /// What is shown.
    pub fn mode(&self) -> SlabMode {
        self.mode
    }
}

/// A plane's sample points in the grid coordinates of a volume: pixel (column, row), depth sample d lies at
/// `origin + column x column_step + row x row_step + (d - depth_reach) x depth_step`.
///
/// Depth samples are one voxel apart: the step is the distance along the normal over which the index changes
/// by 1 on the axis where it changes most, in the thinnest cell where slices lie unevenly. They lie at the plane and at whole steps to both sides within half
/// the thickness, so that a slab along the acquisition meets the stored slices themselves. Samples outside the
/// volume do not count; where all are outside there is no data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaneInGrid {
    /// Grid position of pixel 0,0.
    pub origin: DVec3,
    /// To the next column.
    pub column_step: DVec3,
    /// To the next row.
    pub row_step: DVec3,
    /// To the next depth sample.
    pub depth_step: DVec3,
    /// Depth samples on each side of the plane; there are `2 x depth_reach + 1` in all.
    pub depth_reach: u32,
}

impl PlaneInGrid {
    /// The most depth samples to each side: more than the diagonal of any volume that fits a GPU.
    const MAX_REACH: f64 = 4000.0;

    /// The plane with its slab in the grid of `volume`.
    pub fn new(volume: &Volume, plane: &Plane, slab: Option<Slab>) -> Self {
        let grid_from_patient = volume.grid_from_patient();
        let normal = grid_from_patient.transform_vector3(plane.normal());
        // mm along the normal for one voxel; a degenerate plane has no normal and no depth.
        let step_mm = (normal.abs() / volume.finest_grid_step()).max_element().recip();
        let half_mm = slab.map_or(0.0, |slab| slab.thickness_mm / 2.0);
        // Beyond the farthest corner there is nothing to sample.
        let distances_mm =
            volume.corners_mm().map(|corner| (corner - plane.origin_mm).dot(plane.normal()).abs());
        let half_mm = distances_mm.into_iter().fold(0.0, f64::max).min(half_mm);
        // A hair more than half, so that a thickness of n steps is not one sample short by rounding.
        let depth_reach = if step_mm.is_finite() { (half_mm / step_mm + 1e-6).floor() } else { 0.0 };
        Self {
            origin: grid_from_patient.transform_point3(plane.origin_mm),
            column_step: grid_from_patient.transform_vector3(plane.column_step_mm),
            row_step: grid_from_patient.transform_vector3(plane.row_step_mm),
            depth_step: if step_mm.is_finite() { normal * step_mm } else { DVec3::ZERO },
            depth_reach: depth_reach.min(Self::MAX_REACH) as u32,
        }
    }

    /// The grid position of a pixel at a depth sample (0..=2 x depth_reach).
    pub fn position(&self, column: u32, row: u32, depth: u32) -> DVec3 {
        self.origin
            + self.column_step * f64::from(column)
            + self.row_step * f64::from(row)
            + self.depth_step * (f64::from(depth) - f64::from(self.depth_reach))
    }

    /// The modality value of a pixel: the samples of its depth, reduced by `mode`. `None` without data.
    pub fn value(
        &self,
        volume: &Volume,
        (column, row): (u32, u32),
        mode: SlabMode,
        interpolation: Interpolation,
    ) -> Option<f64> {
        let mut samples = (0..=2 * self.depth_reach).filter_map(|depth| {
            sample_volume(volume, volume.index(self.position(column, row, depth))?, interpolation)
        });
        match mode {
            SlabMode::Mip => samples.reduce(f64::max),
            SlabMode::MinIp => samples.reduce(f64::min),
            SlabMode::Mean => {
                let (mut sum, mut count) = (samples.next()?, 1.0);
                for sample in samples {
                    sum += sample;
                    count += 1.0;
                }
                Some(sum / count)
            }
        }
    }
}
