//! Whether slices make a volume: parallel, alike, and evenly on a line.

use std::sync::Arc;

use glam::{DMat4, DVec3};

use super::{Frame, ImagingError};
use crate::dicom::instance::{PixelSpacing, PlanePosition};

/// Direction cosines of slices may differ by this much: 0.05 mm over a 512 mm field.
const DIRECTION_TOLERANCE: f64 = 1e-4;
/// Pixel spacings of slices may differ by this share.
const SPACING_TOLERANCE: f64 = 1e-4;
/// A slice may be off its even place by this share of the slice distance, or [`PLACE_TOLERANCE_MM`].
const PLACE_TOLERANCE: f64 = 0.01;
/// Rounding of Image Position (Patient) to two decimals, with a little to spare.
const PLACE_TOLERANCE_MM: f64 = 0.02;

/// Checks that the slices lie parallel and evenly on a line and gives their common matrix, whose slice step is
/// the mean one.
pub(super) fn patient_from_index(slices: &[Arc<Frame>]) -> Result<DMat4, ImagingError> {
    let place = |slice: usize| -> Result<(PlanePosition, PixelSpacing), ImagingError> {
        let attributes = slices[slice].attributes();
        match (attributes.plane, attributes.spacing) {
            (Some(plane), Some(spacing)) if usable(&plane, &spacing) => Ok((plane, spacing)),
            _ => Err(ImagingError::GeometryUnknown { slice }),
        }
    };
    let (first, spacing) = place(0)?;
    let last = slices.len() - 1;
    let step = (place(last)?.0.origin_mm - first.origin_mm) / last as f64;
    let mut worst = (0, 0.0_f64);
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
        let off_mm = plane.origin_mm.distance(first.origin_mm + step * slice as f64);
        if off_mm > worst.1 {
            worst = (slice, off_mm);
        }
    }
    if worst.1 > (PLACE_TOLERANCE * step.length()).max(PLACE_TOLERANCE_MM) {
        return Err(uneven(slices));
    }
    let column = first.row_direction * spacing.between_columns_mm;
    let row = first.column_direction * spacing.between_rows_mm;
    // Depth along the normal, not along the step: slices shifted within their own plane have none.
    if step.dot(column.cross(row).normalize()).abs() < PLACE_TOLERANCE_MM {
        return Err(ImagingError::NoDepth);
    }
    Ok(DMat4::from_cols(column.extend(0.0), row.extend(0.0), step.extend(0.0), first.origin_mm.extend(1.0)))
}

/// Names the place where the distance between neighbours differs most from the usual one, the median.
fn uneven(slices: &[Arc<Frame>]) -> ImagingError {
    let origins: Vec<DVec3> = slices.iter().filter_map(|s| Some(s.attributes().plane?.origin_mm)).collect();
    let gaps_mm: Vec<f64> = origins.windows(2).map(|pair| pair[0].distance(pair[1])).collect();
    let mut sorted_mm = gaps_mm.clone();
    sorted_mm.sort_by(f64::total_cmp);
    let usual_mm = sorted_mm.get(sorted_mm.len() / 2).copied().unwrap_or_default();
    let differs = |gap: &f64| (gap - usual_mm).abs();
    let most = gaps_mm.iter().enumerate().max_by(|a, b| differs(a.1).total_cmp(&differs(b.1)));
    let (slice, gap_mm) = most.map_or((0, usual_mm), |(slice, gap_mm)| (slice, *gap_mm));
    // As the catalogue counts: only where most distances are alike.
    let regular = gaps_mm.iter().filter(|gap| differs(gap) <= (0.02 * usual_mm).max(0.01)).count();
    let fill = |gap: &f64| ((gap / usual_mm).round() - 1.0).max(0.0) as usize;
    let missing =
        if regular * 2 >= gaps_mm.len() && usual_mm > 0.0 { gaps_mm.iter().map(fill).sum() } else { 0 };
    ImagingError::SpacingNotUniform { slice, gap_mm, usual_mm, missing }
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
