//! Image and patient coordinates (PS3.3 C.7.6.2.1.1) and the letters at the edges (PS3.3 C.7.6.1.1.1).
//!
//! Patient coordinates are DICOM's: mm, +x to the patient's left, +y to the back, +z to the head.

use glam::{DMat4, DVec3};

use crate::dicom::instance::{PixelSpacing, PlanePosition};

/// Takes (column, row, 0, 1), with 0,0 the centre of the first pixel, to patient mm: equation C.7.6.2.1-1.
///
/// The standard leaves the third column zero; here it is the unit normal, so that the matrix can be inverted
/// and the third image coordinate of a patient point is its distance from the slice in mm.
pub fn patient_from_image(plane: &PlanePosition, spacing: &PixelSpacing) -> DMat4 {
    DMat4::from_cols(
        (plane.row_direction * spacing.between_columns_mm).extend(0.0),
        (plane.column_direction * spacing.between_rows_mm).extend(0.0),
        slice_normal(plane).extend(0.0),
        plane.origin_mm.extend(1.0),
    )
}

/// The unit normal of a slice: row direction x column direction (towards the head for an axial slice that is
/// viewed from the feet).
pub fn slice_normal(plane: &PlanePosition) -> DVec3 {
    plane.row_direction.cross(plane.column_direction).normalize_or_zero()
}

/// The letters of a direction in the patient, the largest part first (PS3.3 C.7.6.1.1.1): `L`, `R`, `A`, `P`,
/// `H`, `F`. A part under 5 % of the direction's length is left out; a zero direction has no letters.
pub fn orientation_letters(direction: DVec3) -> String {
    let direction = direction.normalize_or_zero();
    let mut parts = [(direction.x, 'L', 'R'), (direction.y, 'P', 'A'), (direction.z, 'H', 'F')];
    parts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    parts
        .iter()
        .filter(|(part, ..)| part.abs() >= 0.05)
        .map(|&(part, positive, negative)| if part > 0.0 { positive } else { negative })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::instance::SpacingSource;

    #[test]
    fn an_axial_image_maps_by_the_equation_of_the_standard() {
        let plane = PlanePosition {
            origin_mm: DVec3::new(-100.0, -50.0, 30.0),
            row_direction: DVec3::X,
            column_direction: DVec3::Y,
        };
        let spacing =
            PixelSpacing { between_rows_mm: 2.0, between_columns_mm: 0.5, source: SpacingSource::Patient };
        let patient = patient_from_image(&plane, &spacing).transform_point3(DVec3::new(10.0, 3.0, 0.0));
        assert_eq!(patient, DVec3::new(-95.0, -44.0, 30.0));
    }

    #[test]
    fn letters_name_the_largest_part_first() {
        for (direction, letters) in [
            (DVec3::X, "L"),
            (DVec3::NEG_X, "R"),
            (DVec3::Y, "P"),
            (DVec3::NEG_Z, "F"),
            (DVec3::new(0.8, -0.6, 0.01), "LA"),
            (DVec3::new(-0.1, 0.3, 0.9), "HPR"),
            (DVec3::ZERO, ""),
        ] {
            assert_eq!(orientation_letters(direction), letters, "{direction}");
        }
    }
}
