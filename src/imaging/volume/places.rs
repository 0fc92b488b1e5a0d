//! Where the slices of a volume lie.
//!
//! Grid coordinates (column, row, place) belong to the even grid that runs from the first slice to the last by
//! the mean step between them. It is a general affine one: a tilted gantry, whose slices slide along each other,
//! is a sheared grid and needs nothing special. Where slices lie off that grid each keeps its true place: between
//! two neighbours the cell is the parallelepiped that they span, in which everything is linear in index space.
//! Where slices are missing between two neighbours there is no cell, and no data.

use std::sync::Arc;

use glam::{DMat4, DVec3};

use crate::dicom::catalogue::gaps;
use crate::dicom::instance::{PixelSpacing, PlanePosition};
use crate::imaging::{Frame, HULL_TOLERANCE, ImagingError};

/// Direction cosines of slices may differ by this much: 0.05 mm over a 512 mm field.
const DIRECTION_TOLERANCE: f64 = 1e-4;
/// Pixel spacings of slices may differ by this share.
const SPACING_TOLERANCE: f64 = 1e-4;
/// A slice may be off the grid by this share of the slice distance, or [`PLACE_TOLERANCE_MM`].
const PLACE_TOLERANCE: f64 = 0.01;
/// Rounding of Image Position (Patient) to two decimals, with a little to spare.
const PLACE_TOLERANCE_MM: f64 = 0.02;
/// Neighbours nearer than this lie in one place, mm.
const COINCIDE_MM: f64 = 0.01;
/// The finest cell that samples are taken for, in grid steps.
const FINEST_STEP: f64 = 0.1;

/// The true places of slices that lie off the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Places(Vec<Place>);

/// The place of one slice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Grid coordinates of the slice's first pixel. The third rises from slice to slice.
    pub grid: DVec3,
    /// Slices are missing between this one and the next: there is no data between them.
    pub gap: bool,
}

impl Places {
    /// Slice by slice.
    pub fn slices(&self) -> &[Place] {
        &self.0
    }

    /// The index position of a grid position; `None` in a gap. Beyond the first and last slice the outermost
    /// cell goes on.
    pub(super) fn index(&self, grid: DVec3) -> Option<DVec3> {
        let above = self.0.partition_point(|place| place.grid.z <= grid.z);
        let low = above.clamp(1, self.0.len() - 1) - 1;
        let (near, far) = (self.0[low], self.0[low + 1]);
        let mut share = (grid.z - near.grid.z) / (far.grid.z - near.grid.z);
        if near.gap {
            // The slices on both sides of a gap are there.
            share = if share.abs() <= HULL_TOLERANCE {
                0.0
            } else if (share - 1.0).abs() <= HULL_TOLERANCE {
                1.0
            } else if (0.0..1.0).contains(&share) {
                return None;
            } else {
                share
            };
        }
        let first = near.grid + (far.grid - near.grid) * share;
        Some(DVec3::new(grid.x - first.x, grid.y - first.y, low as f64 + share))
    }

    /// How far the third grid coordinate goes in the thinnest cell, at most 1.
    pub(super) fn finest_step(&self) -> f64 {
        let steps = self.0.windows(2).map(|pair| pair[1].grid.z - pair[0].grid.z);
        steps.fold(1.0, f64::min).max(FINEST_STEP)
    }

    /// How many gaps there are.
    pub fn gaps(&self) -> usize {
        self.0.iter().filter(|place| place.gap).count()
    }
}

/// Checks that slices are parallel, of one size and apart; gives the matrix of their grid, and their places
/// where they lie off it.
pub(super) fn lie(slices: &[Arc<Frame>]) -> Result<(DMat4, Option<Places>), ImagingError> {
    let planes = alike(slices)?;
    let (first, spacing) = planes[0];
    let last = planes.len() - 1;
    let step = (planes[last].0.origin_mm - first.origin_mm) / last as f64;
    let column = first.row_direction * spacing.between_columns_mm;
    let row = first.column_direction * spacing.between_rows_mm;
    let normal = column.cross(row).normalize();
    // Depth along the normal, not along the step: slices shifted within their own plane have none.
    let depth_mm = step.dot(normal).abs();
    if depth_mm.is_nan() || depth_mm < PLACE_TOLERANCE_MM {
        return Err(ImagingError::NoDepth);
    }
    let patient_from_grid =
        DMat4::from_cols(column.extend(0.0), row.extend(0.0), step.extend(0.0), first.origin_mm.extend(1.0));
    let off_mm = |slice: usize| planes[slice].0.origin_mm.distance(first.origin_mm + step * slice as f64);
    let worst_mm = (0..planes.len()).map(off_mm).fold(0.0, f64::max);
    if worst_mm <= (PLACE_TOLERANCE * step.length()).max(PLACE_TOLERANCE_MM) {
        return Ok((patient_from_grid, None));
    }
    let grid_from_patient = patient_from_grid.inverse();
    let grid: Vec<DVec3> =
        planes.iter().map(|(plane, _)| grid_from_patient.transform_point3(plane.origin_mm)).collect();
    let apart_mm: Vec<f64> = grid.windows(2).map(|pair| (pair[1].z - pair[0].z) * depth_mm).collect();
    if let Some(slice) = apart_mm.iter().position(|mm| *mm < COINCIDE_MM) {
        return Err(ImagingError::SlicesCoincide { slice });
    }
    let thickness_mm: Vec<_> = slices.iter().map(|slice| slice.attributes().thickness_mm).collect();
    let gaps = gaps(&apart_mm, &thickness_mm);
    let place = |(slice, grid): (usize, DVec3)| Place { grid, gap: gaps.contains(&slice) };
    Ok((patient_from_grid, Some(Places(grid.into_iter().enumerate().map(place).collect()))))
}

/// Position and spacing of each slice, which has the size, the orientation and the spacing of the first.
fn alike(slices: &[Arc<Frame>]) -> Result<Vec<(PlanePosition, PixelSpacing)>, ImagingError> {
    let place = |slice: usize| -> Result<(PlanePosition, PixelSpacing), ImagingError> {
        let attributes = slices[slice].attributes();
        match (attributes.plane, attributes.spacing) {
            (Some(plane), Some(spacing)) if usable(&plane, &spacing) => Ok((plane, spacing)),
            _ => Err(ImagingError::GeometryUnknown { slice }),
        }
    };
    let (first, spacing) = place(0)?;
    let mut planes = vec![(first, spacing)];
    for slice in 1..slices.len() {
        let (plane, its_spacing) = place(slice)?;
        if (slices[slice].rows(), slices[slice].columns()) != (slices[0].rows(), slices[0].columns()) {
            return Err(ImagingError::SizeDiffers { slice });
        }
        let turned = (plane.row_direction - first.row_direction)
            .abs()
            .max((plane.column_direction - first.column_direction).abs());
        if turned.max_element() > DIRECTION_TOLERANCE {
            return Err(ImagingError::OrientationDiffers { slice });
        }
        let differs = |a: f64, b: f64| (a - b).abs() > SPACING_TOLERANCE * a.abs();
        if differs(spacing.between_rows_mm, its_spacing.between_rows_mm)
            || differs(spacing.between_columns_mm, its_spacing.between_columns_mm)
        {
            return Err(ImagingError::PixelSpacingDiffers { slice });
        }
        planes.push((plane, its_spacing));
    }
    Ok(planes)
}

/// Finite numbers, spacings above zero, directions of length 1 at right angles (within rounding).
fn usable(plane: &PlanePosition, spacing: &PixelSpacing) -> bool {
    let unit = |direction: DVec3| (direction.length() - 1.0).abs() < 1e-2;
    plane.origin_mm.is_finite()
        && unit(plane.row_direction)
        && unit(plane.column_direction)
        && plane.row_direction.dot(plane.column_direction).abs() < 1e-2
        && spacing.between_rows_mm.is_finite()
        && spacing.between_columns_mm.is_finite()
        && spacing.between_rows_mm > 0.0
        && spacing.between_columns_mm > 0.0
}
